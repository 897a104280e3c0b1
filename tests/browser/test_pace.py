"""However fast somebody types or drags, the page sends far less than the gate lets through."""

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.sent import A_SECOND, Sent
from tests.browser.tab import Tab
from tests.live.story import Story

TITLE = "Write the announcement"
DRAG = """dialog => {
    const carried = new DataTransfer();
    carried.items.add(new File(["a"], "plan.txt"));
    for (let turn = 0; turn < 300; turn++)
        for (const kind of ["dragover", "dragleave"])
            dialog.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
}"""


async def hold(tab: Tab, key: str, times: int) -> None:
    """Keep a key down until it has come so many times."""
    for _ in range(times):
        await tab.page.keyboard.down(key)
    await tab.page.keyboard.up(key)


async def test_typing_and_dragging_send_less_than_the_gate_lets_through(visit: Visit, team: Story):
    ana = await visit("Ana")
    sent = Sent(ana)
    await ana.open(team.path)
    assert sent.at, "The premise: what is sent is seen."
    await ana.quick_add("Done").focus()
    await hold(ana, "x", 200)
    await ana.page.keyboard.press("Enter")
    titles = [f"Typed fast {number}" for number in range(5)]
    for title in titles:
        await ana.page.keyboard.type(title + "\n")
    await ana.shows("x" * 200, *titles, lane="Done")
    await ana.open_task(TITLE)
    for field in ("task-title", "task-description"):
        await ana.named(field).focus()
        await ana.page.keyboard.press("End")
        await hold(ana, "y", 200)
    await (await ana.named("task-title").element_handle()).evaluate(DRAG)
    await ana.close_task()
    await expect(ana.card(TITLE + "y" * 200)).to_be_visible()
    await ana.title("Typed fast 0").hover()
    await ana.page.mouse.down()
    for x in range(300):
        await ana.page.mouse.move(3 * x, 300)
    await ana.page.mouse.up()
    await ana.is_live()
    assert sent.busiest < A_SECOND, f"{sent.busiest} events within a second."
