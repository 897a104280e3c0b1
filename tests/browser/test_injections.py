"""Whatever people type into any field is shown as they typed it, on everybody's pages, and never run."""

import itertools
import re
from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote, urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Request, expect

from app.domain import attachments, audit, people
from app.domain.attachments import Stored
from app.domain.drawings.talk import NEWEST
from tests.browser.injections import ONE_OF_TWO, TEXTS
from tests.browser.tab import Tab, until
from tests.live import story as stories
from tests.live.client import BOARD, ROOT, Client, sign_in
from tests.live.faults import sized
from tests.live.story import PASSWORDS, Story
from tests.support.log import troubles
from tests.support.server import UNHURRIED, Server, at_its_address, serving
from tests.support.stores import PostgreSQLStore

MEMBERS = f"{ROOT}.app___web___members___state____members"
ACCOUNT = f"{ROOT}.app___web___account___state____account"
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event => window.violations.push(
    `${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
TALK = f"{ROOT}.app___web___board___talk_state____talk"
_numbers = itertools.count()
NAME, TITLE = 100, 500
"""Characters that fit."""
FILES = 10
"""Files at once on the open task."""
BUSY = "Database busy"
"""What a machine that has too much else to do may say of one text or another: not what this is about."""
PROVIDER = '"><img src=x onerror=window.ran=1>'
"""What the button of a provider is called."""


class Watched(Tab):
    """A tab that notes whatever an injection would do: a dialog, a request to elsewhere, a violation of the policy."""

    async def watch(self) -> "Watched":
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        self.page.on("popup", lambda popup: self.complaints.append(f"popup: {popup.url}"))
        self.page.on("request", self._look)
        await self.page.add_init_script(WATCH)
        return self

    def _look(self, request: Request) -> None:
        at = urlsplit(request.url)
        if at.scheme != "data" and at.netloc != urlsplit(self.url).netloc:
            self.complaints.append(f"request: {request.url}")

    async def require_quiet(self, typed: str) -> None:
        found = await self.page.evaluate("[window.ran, ...(window.violations || ['not watched'])].filter(x => x)")
        assert not found, f"{typed!r} has run, or was only just kept from it: {found}"
        assert urlsplit(self.page.url).netloc == urlsplit(self.url).netloc, f"{typed!r} leads away."
        assert not self.complaints, f"{typed!r}: {self.complaints}"


@pytest.fixture(scope="module")
def injected(postgresql_store: PostgreSQLStore) -> Iterator[Server]:
    url = postgresql_store.create("seeded")
    provider = {"OIDC_ISSUER": "http://127.0.0.1:9", "OIDC_CLIENT_ID": "tandem", "OIDC_CLIENT_SECRET": "none"}
    with serving(DATABASE_URL=url, **UNHURRIED, **at_its_address(), **provider, OIDC_NAME=PROVIDER) as server:
        yield server
        said = [line for line in troubles(server.log) if '"message"' in line]
        assert [line for line in said if BUSY not in line] == []
    postgresql_store.drop(url)


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def target(injected: Server) -> AsyncIterator[Story]:
    target = await stories.begin(injected, first=1)
    yield target
    await target.end()


@pytest_asyncio.fixture(loop_scope="session")
async def watched(browser: Browser, injected: Server) -> AsyncIterator[dict[str, Watched]]:
    """Ana in six tabs and Cleo in one, by what they look at."""
    ana = await Watched.start(browser, injected.url, await sign_in(injected.url, *PASSWORDS["Ana"]))
    cleo = await Watched.start(browser, injected.url, await sign_in(injected.url, *PASSWORDS["Cleo"]))
    pages = [await ana.context.new_page() for _ in range(5)]
    tabs = {"board": ana, "task": Watched(pages[0], ana.url), "home": Watched(pages[1], ana.url)}
    tabs |= {"members": Watched(pages[2], ana.url), "inbox": Watched(pages[3], ana.url), "cleo": cleo}
    tabs["audit"] = Watched(pages[4], ana.url)
    for tab in tabs.values():
        await tab.watch()
    yield tabs
    await ana.context.close()
    await cleo.context.close()


async def test_what_would_run_is_noticed(watched: dict[str, Watched], target: Story):
    """The premise of all that follows."""
    tab = await watched["home"].open("/")
    await tab.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran=1\">')")
    await until(lambda: tab.page.evaluate("window.violations.length > 0"), True)
    assert not await tab.page.evaluate("window.ran"), "The policy kept it from running."
    with pytest.raises(AssertionError, match="kept from it"):
        await tab.require_quiet("markup")


async def test_texts_of_people_are_shown_and_never_run(watched: dict[str, Watched], target: Story):
    assert len(TEXTS) == len(set(TEXTS)) == 200
    ana_writes = await target.tab("Ana")
    task_path = f"{target.path}?task={target.tasks[0]}"
    ben_writes = await target.tab("Ben", task_path)
    paths = {"board": target.path, "cleo": target.path, "home": "/", "inbox": "/inbox", "task": task_path}
    place = f"/w/{target.workspace_id}"
    for name, path in (paths | {"members": f"{place}/members", "audit": f"{place}/audit"}).items():
        await watched[name].open(path)
    await expect(watched["task"].named("task-description")).to_be_visible()
    files: list[int] = []
    texts = sized(ONE_OF_TWO, TEXTS)
    for number, text in enumerate(texts):
        name = " ".join(text.split())[:NAME]
        await write_everywhere(ana_writes, ben_writes, target, name, text)
        if number % FILES == FILES - 1:
            files = await leave_behind(target, texts[number + 1 - FILES : number + 1], files)
        if number % 10 == 9:
            for tab in watched.values():
                await tab.require_quiet(text)
    await ben_writes.do("add_tasks", lane_id=target.lanes["To do"], titles=[text[:TITLE] for text in texts])
    said = watched["task"].named("comments").locator(".markdown")
    await expect(said).to_have_count(NEWEST)
    assert any("<script>" in words for words in await said.all_text_contents()), "The premise: they are on show."
    for tab in (watched["board"], watched["cleo"]):
        await expect(tab.named("title").nth(40)).to_be_attached()
        shown = await tab.named("title").all_text_contents()
        assert any("<script>" in title for title in shown), "The premise: they are on show."
    for tab in watched.values():
        await tab.page.reload()
        await tab.is_live()
        await tab.require_quiet("a reload")
    await expect(watched["task"].named("files")).to_contain_text("document.title")
    await expect(watched["audit"].page.locator("[data-testid^=entry-]").first).to_contain_text(TEXTS[-1])
    for _ in range(3):
        await watched["audit"].named("older").click()
        await watched["audit"].page.wait_for_load_state("networkidle")
        await watched["audit"].require_quiet("an older page of the audit log")


async def test_a_name_is_no_pattern(watched: dict[str, Watched], target: Story):
    """Whom a text mentions is found by a pattern that is made of names."""
    async with target.db.transaction() as tx:
        await people.change_profile(tx, target.people["Ben"], "Anne-Marie .+?^${}|/", "teal")
    tab = await watched["task"].open(f"{target.path}?task={target.tasks[0]}")
    await tab.named("comment-text").fill("@Anne-Marie .+?^${}|/ knows")
    await tab.named("send-comment").click()
    await expect(tab.named("comments").locator(".mention")).to_have_text(["@Anne-Marie .+?^${}|/"])


async def write_everywhere(ana: Client, ben: Client, target: Story, name: str, text: str) -> None:
    """Into every field that somebody else is shown."""
    detail = ben.store["detail"][f"d{target.tasks[0]}"]
    workspace, task_id = {"workspace_id": target.workspace_id}, target.tasks[0]
    await ana.send(f"{MEMBERS}.rename", name=name, **workspace)
    await ana.send(f"{MEMBERS}.describe", description=text, **workspace)
    await ana.send(f"{BOARD}.rename_board", board_id=target.board_id, name=name)
    await ben.send(f"{BOARD}.rename_lane", lane_id=target.lanes["To do"], name=name)
    await ben.send(f"{BOARD}.rename_task", task_id=task_id, title=text[:TITLE], based_on=detail["title_version"])
    await ben.send(f"{TALK}.add_comment", task_id=task_id, body=text, key=f"{next(_numbers):08}")
    await ben.send(f"{BOARD}.describe_task", task_id=task_id, description=text, based_on=detail["description_version"])
    await ben.send(f"{ACCOUNT}.save", name=name, color="teal")
    version = detail["description_version"]
    await ben.until(
        lambda store: store["detail"][f"d{task_id}"]["description_version"] != version, f"{text!r} is written"
    )


async def leave_behind(target: Story, texts: list[str], before: list[int]) -> list[int]:
    """Files that are called so, instead of those `before`; subjects and devices in the audit log. The files' ids."""
    ben, files = target.people["Ben"], list[int]()
    async with target.db.transaction() as tx:
        for id in before:
            await attachments.remove(tx, ben, id)
        for text in texts:
            file = Stored(text, 1, "text/plain", f"{next(_numbers):064x}", f"{next(_numbers):032x}")
            about = {"workspace_id": target.workspace_id, "subject": text, "device": text}
            files.append((await attachments.add(tx, ben, target.tasks[0], file, 10**9))[0])
            await audit.note(tx.session, "export.made", ben.id, **about)
    return files


async def test_addresses_are_shown_and_never_run(watched: dict[str, Watched], target: Story):
    tab = watched["home"]
    step = sized(9, 1)
    log = f"/w/{target.workspace_id}/audit"
    filters = [f"{log}?person={{}}", f"{log}?kind={{}}", f"{log}?since={{}}&zone={{}}", "/admin/audit?person={}"]
    places = itertools.cycle(
        ["/b/{}", "/join/{}", "/w/{}/members", "/{}", "/b/1?task={}", "/sign-in?next={}", "/?x={}#{}", *filters]
    )
    for text, place in zip(TEXTS[::step], places, strict=False):
        await tab.page.goto(tab.url + place.replace("{}", quote(text, safe="")), wait_until="domcontentloaded")
        await expect(tab.page.locator("body")).to_contain_text(re.compile(r"\w"))
        await tab.page.wait_for_load_state("networkidle")
        tab.forgive("404|the server responded with a status")
        await tab.require_quiet(f"{place} with {text}")


async def test_a_form_that_comes_back_is_shown_and_never_run(browser: Browser, injected: Server):
    tab, shown = await (await Watched.start(browser, injected.url)).watch(), ""
    await tab.page.goto(f"{tab.url}/sign-in")
    await expect(tab.page.get_by_text(f"Continue with {PROVIDER}")).to_be_visible()
    await tab.require_quiet(PROVIDER)
    name = tab.page.locator("[name=name]")

    async def in_the_field() -> str:
        return squeezed(await name.input_value())

    for text in TEXTS[:: sized(20, 1)]:
        await tab.page.goto(f"{tab.url}/sign-up?next={quote(text, safe='')}")
        await until(in_the_field, shown)
        for field in ("name", "email", "password"):
            await tab.page.fill(f"[name={field}]", text[:NAME] if field != "password" else "short")
        async with tab.page.expect_navigation():
            await tab.page.evaluate("document.querySelector('form').submit()")  # No browser's check in between.
        await expect(tab.alert).to_be_visible()
        shown = squeezed(text[:NAME])
        await until(in_the_field, shown)
        await tab.require_quiet(text)
    await tab.context.close()


def squeezed(text: str) -> str:
    """Without spaces and ends of lines, of which a field drops some."""
    return "".join(text.split())
