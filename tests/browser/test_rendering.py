"""A change draws again what it changed, and no other card: told by React itself, and by what became of the page.

React calls a DevTools hook, if the page has one before React starts, with the root of every tree that it has just
committed. A component was called in that commit if its fiber is another object than before and is flagged with
PerformedWork; below a fiber that kept its children nothing was called. It is how React's own profiler counts.
"""

from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.tab import Tab
from tests.live.story import Story

HOOK = """() => {
    const FUNCTION = 0, HOST = 5, FORWARD_REF = 11, MEMO = 14, SIMPLE_MEMO = 15, PERFORMED_WORK = 1;
    window.rendered = [];
    window.commits = 0;
    const element = (fiber) => {
        while (fiber && fiber.tag !== HOST) fiber = fiber.child;
        return fiber?.stateNode;
    };
    const enclosing = (fiber) => {
        while (fiber && fiber.tag !== HOST) fiber = fiber.return;
        return fiber?.stateNode;
    };
    const note = (fiber) => {
        const place = (element(fiber) ?? enclosing(fiber))?.closest?.("article, section[data-testid^=lane-]");
        if (place) window.rendered.push(place.dataset.testid);
    };
    const walk = (now, before) => {
        const isComponent = [FUNCTION, FORWARD_REF, MEMO, SIMPLE_MEMO].includes(now.tag);
        if (isComponent && now.flags & PERFORMED_WORK) note(now);
        if (before && now.child === before.child) return;
        for (let child = now.child; child; child = child.sibling)
            if (!child.alternate || child !== before?.child) walk(child, child.alternate);
    };
    window.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
        supportsFiber: true,
        isDisabled: false,
        renderers: new Map(),
        inject: () => 1,
        checkDCE: () => {},
        onCommitFiberUnmount: () => {},
        onPostCommitFiberRoot: () => {},
        onCommitFiberRoot: (_, root) => {
            window.commits += 1;
            walk(root.current, root.current.alternate);
        },
    };
}"""
"""Notes the card or lane of every component that React calls."""
CHANGED = """() => {
    window.touched = [];
    const place = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest?.("article")?.dataset.testid;
    // React sets an attribute and takes it away again where it updates an input: what counts is what came of it.
    const netNews = (all) => {
        const before = new Map();
        for (const { type, target, attributeName: name, oldValue } of all)
            if (type === "attributes" && !before.get(target)?.has(name))
                before.set(target, (before.get(target) ?? new Map()).set(name, oldValue));
        return all.filter(({ type, target, attributeName: name }) =>
            type !== "attributes" || target.getAttribute(name) !== before.get(target).get(name));
    };
    const words = ({ type, attributeName, oldValue, target }) =>
        `${type} ${attributeName} was ${oldValue}: ${(target.outerHTML ?? target.data).slice(0, 300)}`;
    const note = (news) => window.touched.push(place(news.target) ?? words(news));
    new MutationObserver((all) => netNews(all).forEach(note)).observe(document.querySelector("#content"), {
        subtree: true, childList: true, attributes: true, attributeOldValue: true, characterData: true,
    });
    window.kept = [...document.querySelectorAll("article")];
}"""
"""Notes what changes on the board, and on which card; attributes that are set to what they were are no change."""


async def counted(visit: Visit, name: str, team: Story) -> Tab:
    """A tab of that person on the board, in which React's work is counted."""
    tab = await visit(name, locale="en-GB")  # A profile of its own, for the hook to come first.
    await tab.page.add_init_script(f"({HOOK})()")
    await tab.open(team.path)
    assert await tab.page.evaluate("window.commits") > 0, "React told of nothing."
    first = set(await rendered(tab))
    shown = await tab.page.locator("article").count()
    assert sum(name.startswith("task-") for name in first) == shown, "Every card was drawn at first, and that was seen."
    return tab


async def rendered(tab: Tab) -> list[str]:
    """The cards (`task-17`) and lanes in which React called a component since the last time, in order."""
    return await tab.page.evaluate("window.rendered.splice(0)")


def cards(places: list[str]) -> set[str]:
    return {place for place in places if place.startswith("task-")}


async def test_a_change_of_one_card_draws_that_card_again_and_no_other_on_every_screen(visit: Visit, team: Story):
    await team.fill("Done", 40)
    ana, ben = await counted(visit, "Ana", team), await counted(visit, "Ben", team)
    changed = f"task-{team.tasks[0]}"
    await ana.done("Write the announcement").click()
    for tab in (ana, ben):
        await expect(tab.done("Write the announcement")).to_have_attribute("aria-pressed", "true")
        await expect(tab.named(changed)).to_have_attribute("data-done", "true")
        assert cards(await rendered(tab)) == {changed}


async def test_a_task_that_moves_draws_no_other_card_again(visit: Visit, team: Story):
    await team.fill("Done", 40)
    ana, ben = await counted(visit, "Ana", team), await counted(visit, "Ben", team)
    moved = f"task-{team.tasks[0]}"
    await ana.choose("Actions for Write the announcement", "Doing")
    for tab in (ana, ben):
        await tab.shows("Draw the new logo", "Answer the beta testers", "Write the announcement", lane="Doing")
        assert cards(await rendered(tab)) == {moved}


async def test_a_new_task_draws_no_other_card_again(visit: Visit, team: Story):
    ana, ben = await counted(visit, "Ana", team), await counted(visit, "Ben", team)
    await ana.add("Doing", "Book the room")
    for tab in (ana, ben):
        await tab.shows("Draw the new logo", "Answer the beta testers", "Book the room", lane="Doing")
        new = await tab.card("Book the room").get_attribute("data-testid")
        assert cards(await rendered(tab)) == {new}


async def test_somebody_who_comes_draws_no_card_again(visit: Visit, team: Story):
    ana = await counted(visit, "Ana", team)
    await rendered(ana)
    await (await visit("Ben")).open(team.path)
    await expect(ana.here("Ben")).to_be_visible()
    assert cards(await rendered(ana)) == set()


async def test_the_page_changes_nowhere_but_in_the_changed_card_and_keeps_the_others(visit: Visit, team: Story):
    ana, ben = await (await visit("Ana")).open(team.path), await (await visit("Ben")).open(team.path)
    await ben.page.evaluate(CHANGED)
    await ana.done("Write the announcement").click()
    await expect(ben.named(f"task-{team.tasks[0]}")).to_have_attribute("data-done", "true")
    assert set(await ben.page.evaluate("window.touched")) == {f"task-{team.tasks[0]}"}
    assert await ben.page.evaluate("window.kept.every((card) => card.isConnected)")
