"""What is done on a board in more than a line, and whether a page stayed where it is meanwhile."""

from playwright.async_api import expect

from tests.browser.tab import Tab


async def make_thirty_changes(ana: Tab) -> None:
    """Nineteen tasks, of which five are done, three moved and three in the trash."""
    titles = [f"Change {number}" for number in range(1, 20)]
    await ana.add("To do", *titles[:9])
    await ana.add("Doing", *titles[9:14])
    await ana.add("Done", *titles[14:])
    for title in titles[::4]:
        await ana.done(title).click()
        await expect(ana.done(title)).to_have_attribute("aria-pressed", "true")
    for title, item in ((titles[1], "Doing"), (titles[10], "To the top"), (titles[18], "Up")):
        await ana.choose(f"Actions for {title}", item)
    for title in (titles[2], titles[11], titles[16]):
        await ana.choose(f"Actions for {title}", "Move to trash")
        await expect(ana.card(title)).to_have_count(0)


async def mark_page(*tabs: Tab) -> None:
    """Loading the page anew would take the mark off."""
    for tab in tabs:
        await tab.page.evaluate("window.wasNotLoadedAgain = true")


async def was_not_loaded_again(*tabs: Tab) -> bool:
    return all([await tab.page.evaluate("window.wasNotLoadedAgain === true") for tab in tabs])
