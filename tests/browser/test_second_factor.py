"""The second factor, as one sees it, and as an admin sees it of others."""

import re
import time

from playwright.async_api import Browser, expect
from pyotp.hotp import HOTP

from tests.browser.door import at, sign_in
from tests.browser.tab import PHONE, Tab
from tests.live.story import PASSWORDS
from tests.support.server import Server

SECRET = re.compile(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}")
CODES = re.compile(r"([a-z2-7]{4}-){3}[a-z2-7]{4}")
BEN = PASSWORDS["Ben"]


async def test_the_second_factor_from_setting_it_up_to_turning_it_off(browser: Browser, server: Server):
    async with at(browser, server, "/sign-in", viewport=PHONE) as ben:
        await sign_in(ben, *BEN)
        await ben.page.wait_for_url(ben.url + "/")
        await ben.open("/settings")
        await ben.named("set-up-second-factor").click()
        await ben.page.wait_for_url(ben.url + "/settings/second-factor")
        picture = ben.named("second-factor-picture")
        await expect(picture).to_be_visible()
        assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        await expect(ben.named("second-factor-secret")).to_have_text(SECRET)
        secret = (await ben.named("second-factor-secret").inner_text()).replace(" ", "")
        await ben.page.fill("[name=code]", "000000")
        await ben.page.fill("[name=password]", BEN[1])
        await ben.named("turn-on-second-factor").click()
        await expect(ben.alert).to_contain_text("This code is not right.")
        await expect(ben.named("second-factor-secret")).to_have_text(SECRET)
        await ben.page.fill("[name=code]", code(secret, -1))
        await ben.page.fill("[name=password]", BEN[1])
        await ben.named("turn-on-second-factor").click()
        await expect(ben.named("recovery-codes")).to_have_text(CODES)
        await expect(ben.alert).to_have_count(0)
        codes = (await ben.named("recovery-codes").inner_text()).split()
        assert len(codes) == 10
        await ben.page.reload()
        await expect(ben.named("recovery-codes")).to_contain_text("They were shown already")
        await ben.named("recovery-codes-kept").click()
        await ben.page.go_back()
        await expect(ben.named("recovery-codes")).to_contain_text("They were shown already")
        await ben.named("recovery-codes-kept").click()
        await expect(ben.named("codes-left")).to_have_text("10 of 10 recovery codes are left.")

        await ben.open("/")  # In the settings, devices have such a button, too.
        await ben.role("button", "Account").click()
        await ben.role("menuitem", "Sign out").click()
        await sign_in(ben, *BEN)
        await ben.page.wait_for_url(ben.url + "/sign-in/code")
        await expect(ben.page.locator("[name=code]")).to_be_focused()
        await ben.page.keyboard.type("000000")
        await ben.page.keyboard.press("Enter")
        await expect(ben.alert).to_contain_text("This code is not right.")
        await ben.page.fill("[name=code]", codes[0])
        await ben.page.keyboard.press("Enter")
        await ben.page.wait_for_url(ben.url + "/")

        await ben.open("/settings")
        await expect(ben.named("codes-left")).to_have_text("9 of 10 recovery codes are left.")
        await ben.named("turn-off-second-factor").click()
        form = ben.page.locator("form[action='/auth/second-factor/turn-off']")
        await form.locator("[name=password]").fill(BEN[1])
        await form.locator("[name=code]").fill(code(secret))
        await form.locator("button").click()
        await expect(ben.page.locator("#content").get_by_role("status")).to_contain_text("The second factor is off.")
        await expect(ben.named("set-up-second-factor")).to_be_visible()


async def test_an_admin_turns_off_what_somebody_has_lost(browser: Browser, server: Server):
    async with at(browser, server, "/sign-in", viewport=PHONE) as ben, at(browser, server, "/sign-in") as ana:
        await sign_in(ben, *BEN)
        await ben.page.wait_for_url(ben.url + "/")
        await ben.open("/settings")
        await sign_in(ana, *PASSWORDS["Ana"])
        await ana.page.wait_for_url(ana.url + "/")
        await ana.open("/admin")
        row = ana.page.locator('[data-name="Ben"]')
        await expect(row).not_to_contain_text("Second factor")

        await ben.named("set-up-second-factor").click()
        await expect(ben.named("second-factor-secret")).to_have_text(SECRET)
        secret = (await ben.named("second-factor-secret").inner_text()).replace(" ", "")
        await ben.page.fill("[name=code]", code(secret))
        await ben.page.fill("[name=password]", BEN[1])
        await ben.named("turn-on-second-factor").click()
        await expect(ben.named("recovery-codes")).to_have_text(CODES)
        await expect(row).to_contain_text("Second factor")

        await ana.choose("What to do for Ben", "Turn off the second factor")
        await expect(ana.page.get_by_role("dialog")).to_contain_text("make sure that it is they who ask")
        await ana.named("confirm-turn-off-second-factor").click()
        await expect(row).not_to_contain_text("Second factor")
        await expect(ana.page.get_by_role("dialog")).to_have_count(0)
        await sign_in_anew(ben)


async def sign_in_anew(ben: Tab) -> None:
    """With the password alone."""
    await ben.page.context.clear_cookies()
    await sign_in(ben, *BEN)
    await ben.page.wait_for_url(ben.url + "/")


def code(secret: str, steps: int = 0) -> str:
    return HOTP(secret).at(int(time.time() // 30) + steps)
