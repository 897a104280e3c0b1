"""Passwords, cookies and the tokens of links go through everything that the program does, and are in no log."""

import httpx

from tests.live.client import ROOT, Client
from tests.support.mailbox import receiving
from tests.support.server import free_port, serving

PLANTED = "planted"
PASSWORD, NEW, WRONG = f"{PLANTED}-password-one", f"{PLANTED}-password-two", f"{PLANTED}-wrong-password"
EMAIL = "ana@tandem.example"


async def test_nothing_that_opens_a_door_is_in_the_log():
    port = str(free_port())
    with receiving(password=f"{PLANTED}-smtp") as (mailbox, settings):
        settings |= {"PORT": port, "PUBLIC_URL": f"http://127.0.0.1:{port}", "SECRET_KEY": f"{PLANTED}-key" * 5}
        with serving(DOOR_RATE_LIMIT="20", **settings) as server:
            secrets = []
            async with httpx.AsyncClient(base_url=server.url, headers={"Origin": server.url}, timeout=30) as browser:
                form = {"name": "Ana", "email": EMAIL, "password": PASSWORD, "new_password": NEW}
                await browser.post("/auth/sign-up", data=form)
                secrets.append(browser.cookies["tandem"])
                for path in ("sign-in", "sign-up", "password", "email", "reset", "confirm"):
                    for fields in (form | {"password": WRONG, "token": f"{PLANTED}-token"}, {"password": "\ud800"}, {}):
                        safe = {name: value.encode("utf-8", "replace") for name, value in fields.items()}
                        await browser.post(f"/auth/{path}", data=safe)
                mailbox.refuses = 1
                await browser.post("/auth/forgot", data={"email": EMAIL})
                link = await mailbox.link(EMAIL)
                secrets.append(link.rpartition("/")[2])
                for page in (link, f"/reset/{PLANTED}-token", f"/join/{PLANTED}-token", f"/b/{PLANTED}?x={PLANTED}"):
                    await browser.get(page)
                    tab = await Client(server.url, f"tandem={secrets[0]}").open(page)
                    await tab.close()
                tab = await Client(server.url, f"tandem={secrets[0]}").open("/settings")
                await tab.send(f"{ROOT}.app___web___account___state____account.save", name=[f"{PLANTED}-name"])
                await tab.until(lambda _: tab.toasts, "it is refused")
                await tab.close()
                answer = await browser.post("/auth/reset", data={"token": secrets[1], "new_password": NEW})
                assert answer.headers["location"] == "/"
                secrets.append(browser.cookies["tandem"])
                await browser.post("/auth/password", data={"password": NEW, "new_password": PASSWORD})
                await browser.post("/auth/sign-out-everywhere")
            log = server.log
    assert "A letter was not taken" in log, "The premise: the log was told of something."
    assert PLANTED not in log
    for secret in secrets:
        assert secret not in log and secret[-20:] not in log
    assert EMAIL not in log
    assert "Traceback" not in log, log
