"""The picture of the README: the demo board in two browsers, right after Ben has done something.

It is drawn in every run, and kept when there is none: delete docs/two-browsers.png to have a new one.
"""

import base64
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser.conftest import Visit
from tests.browser.tab import Tab

PICTURE = Path(__file__).parents[2] / "docs/two-browsers.png"
WINDOW = {"width": 1160, "height": 780}
PAGE = """<!doctype html>
<style>
  body {{ margin: 0; padding: 28px; display: flex; align-items: start; gap: 28px;
         background: linear-gradient(120deg, #dcdcf5, #c9d8ea); font: 600 13px Inter, system-ui, sans-serif; }}
  figure {{ margin: 0; flex: 1; border-radius: 10px; overflow: hidden; box-shadow: 0 16px 40px rgb(20 20 60 / 0.25); }}
  figcaption {{ padding: 8px 14px; color: #44445a; background: #f2f2f7; }}
  figure + figure figcaption {{ color: #c8c8d6; background: #2a2a34; }}
  img {{ display: block; width: 100%; }}
</style>
<figure><figcaption>Ana</figcaption><img src="{ana}"></figure>
<figure><figcaption>Ben</figcaption><img src="{ben}"></figure>
"""


async def test_a_picture_of_two_browsers(visit: Visit, browser: Browser):
    ana = await visit("Ana", viewport=WINDOW, color_scheme="light")
    ben = await visit("Ben", viewport=WINDOW, color_scheme="dark")
    for tab in (ana, ben):
        await tab.open("/b/1")
    await ben.done("Write the help page about invitations").click()
    for tab in (ana, ben):
        await expect(tab.done("Write the help page about invitations")).to_have_attribute("aria-pressed", "true")
        await expect(tab.here("Ana")).to_be_visible()
        await expect(tab.here("Ben")).to_be_visible()
        await tab.page.mouse.move(0, 0)
    picture = await side_by_side(browser, ana, ben)
    assert picture.startswith(b"\x89PNG")
    assert 50_000 < len(picture) < 400_000
    if not PICTURE.exists():
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_bytes(picture)


async def side_by_side(browser: Browser, ana: Tab, ben: Tab) -> bytes:
    page = await browser.new_page(viewport={"width": 1640, "height": 100})
    await page.set_content(PAGE.format(ana=await shot(ana), ben=await shot(ben)))
    await page.wait_for_function("[...document.images].every(image => image.complete)")
    picture = await page.screenshot(full_page=True)
    await page.close()
    return picture


async def shot(tab: Tab) -> str:
    """What the tab shows, as the address of an image."""
    return "data:image/png;base64," + base64.b64encode(await tab.page.screenshot()).decode()
