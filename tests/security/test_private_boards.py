"""Whoever is not on a private board's list learns nothing of it, byte by byte, though she be an admin: Cleo."""

import asyncio
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from app.domain import boards, members
from tests.live.client import BOARD, ROOT, Client, Store
from tests.live.connection import Connection
from tests.live.story import Story

SHARING = f"{ROOT}.app___web___board___sharing____sharing"
MEMBERS = f"{ROOT}.app___web___members___state____members"
HOME = f"{ROOT}.app___web___home____home"
SECRET = "Xyzzy"
"""Stands in every text of the private board, and nowhere else."""
MISSING = 2_000_000_000
QUIET = 2.5
"""Seconds in which whatever somebody may know has come: the safety query has looked once."""


@pytest.fixture
def frames(monkeypatch: pytest.MonkeyPatch) -> dict[ClientConnection, list[str]]:
    """Every frame of every connection, as it came over the network."""
    heard: dict[ClientConnection, list[str]] = {}
    take = Connection._take

    async def note(self: Connection, text: str, size: int) -> None:
        heard.setdefault(self.websocket, []).append(text)
        await take(self, text, size)

    monkeypatch.setattr(Connection, "_take", note)
    return heard


class Secret:
    """Ben's private board, on which Ben alone is."""

    def __init__(self, story: Story, board_id: int, lanes: list[int], task_id: int) -> None:
        self.story, self.board_id, self.lanes, self.task_id = story, board_id, lanes, task_id

    @classmethod
    async def begin(cls, story: Story) -> "Secret":
        ben = story.people["Ben"]
        async with story.db.transaction() as tx:
            board_id = await boards.create(tx, ben, story.workspace_id, f"{SECRET} plans", is_private=True)
        tab = await story.tab("Ben", f"/b/{board_id}")
        lanes = tab.board["h"]["lanes"]
        await tab.do("add_tasks", lane_id=lanes[0], titles=[f"{SECRET} cake"])
        await tab.until(lambda store: store.get("cards"), "the task is there")
        return cls(story, board_id, lanes, next(card["id"] for card in tab.store["cards"].values()))

    async def live_on(self, ben: Client) -> None:
        """Everything that can happen on it, and what is told of it elsewhere."""
        ana = self.story.people["Ana"].id
        await ben.do("rename_board", board_id=self.board_id, name=f"{SECRET} party")
        await ben.do("rename_task", task_id=self.task_id, title=f"{SECRET} big cake", based_on=0)
        await ben.do("describe_task", task_id=self.task_id, description=f"{SECRET} cream", based_on=0)
        await ben.do("add_lane", board_id=self.board_id, name=f"{SECRET} lane")
        await ben.do("assign", task_id=self.task_id, person_id=self.story.people["Ben"].id)
        await ben.send(f"{SHARING}.add", board_id=self.board_id, person_id=str(ana))
        await ben.until(lambda _: ana in ben.board["h"]["members"], "Ana is on the list")
        await ben.send(f"{SHARING}.remove", board_id=self.board_id, person_id=ana)
        await ben.until(lambda _: ana not in ben.board["h"]["members"], "Ana is off the list")
        await ben.do("complete_task", task_id=self.task_id)
        await ben.until(lambda store: store["cards"][f"t{self.task_id}"]["is_done"], "all of it is done")
        assert SECRET in str(ben.store), "Ben sees it."


async def cleo_s_tabs(story: Story, secret: Secret) -> list[Client]:
    """Wherever she could learn of it, and on both workers."""
    async with story.db.transaction() as tx:
        await members.change_role(tx, story.people["Ana"], story.workspace_id, story.people["Cleo"].id, "admin")
    paths = [
        "/",
        story.path,
        f"/w/{story.workspace_id}/members",
        f"/b/{secret.board_id}",
        f"{story.path}?task={secret.task_id}",
        "/settings",
    ]
    tabs = [await story.tab("Cleo", path) for path in paths]
    return [*tabs, *[await story.tab("Cleo", path, not_on=tabs[0].worker) for path in paths]]


async def test_nothing_of_it_reaches_a_tab_of_somebody_who_is_not_on_its_list(
    story: Story, frames: dict[ClientConnection, list[str]]
):
    secret = await Secret.begin(story)
    tabs = await cleo_s_tabs(story, secret)
    ben = await story.tab("Ben", f"/b/{secret.board_id}")
    await asyncio.sleep(QUIET)
    sockets = [tab._socket for tab in tabs]
    assert all(frames[socket] for socket in sockets if socket)
    before = {socket: len(frames[socket]) for socket in sockets if socket}

    await secret.live_on(ben)
    await ben.close()
    await asyncio.sleep(QUIET)

    for tab, socket in zip(tabs, sockets, strict=True):
        assert socket and tab.is_connected
        told = [frame for frame in frames[socket][before[socket] :] if frame != "2"]
        assert told == [], f"{tab.path} was told something: {told}"
        assert not any(SECRET in frame for frame in frames[socket]), tab.path


async def test_a_command_on_it_is_answered_as_one_on_a_board_that_is_missing(
    story: Story, frames: dict[ClientConnection, list[str]]
):
    secret = await Secret.begin(story)
    cleo = (await cleo_s_tabs(story, secret))[1]
    foreign = {"board": secret.board_id, "lane": secret.lanes[0], "task": secret.task_id}
    missing = dict.fromkeys(foreign, MISSING)
    ben = story.people["Ben"].id
    for command, board, lane, task, more in [
        (f"{BOARD}.complete_task", "", "", "task_id", {}),
        (f"{BOARD}.rename_task", "", "", "task_id", {"title": "Taken", "based_on": 0}),
        (f"{BOARD}.send_task", "", "", "task_id", {"lane_id": story.lanes["To do"]}),
        (f"{BOARD}.assign", "", "", "task_id", {"person_id": ben}),
        (f"{BOARD}.trash_task", "", "", "task_id", {}),
        (f"{BOARD}.add_tasks", "", "lane_id", "", {"titles": ["Taken"]}),
        (f"{BOARD}.rename_lane", "", "lane_id", "", {"name": "Taken"}),
        (f"{BOARD}.add_lane", "board_id", "", "", {"name": "Taken"}),
        (f"{BOARD}.rename_board", "board_id", "", "", {"name": "Taken"}),
        (f"{BOARD}.archive_board", "board_id", "", "", {}),
        (f"{BOARD}.restore_board", "board_id", "", "", {}),
        (f"{HOME}.restore_board", "board_id", "", "", {}),
        (f"{SHARING}.close", "board_id", "", "", {"starting_with": "me"}),
        (f"{SHARING}.open_up", "board_id", "", "", {}),
        (f"{SHARING}.add", "board_id", "", "", {"person_id": str(story.people["Cleo"].id)}),
        (f"{SHARING}.remove", "board_id", "", "", {"person_id": ben}),
        (f"{MEMBERS}.take_over_board", "board_id", "", "", {"workspace_id": story.workspace_id}),
    ]:
        answers = []
        for ids in (foreign, missing):
            named = {board: ids["board"], lane: ids["lane"], task: ids["task"]}
            answers.append(await refusal(cleo, command, **{name: id for name, id in named.items() if name}, **more))
        assert answers[0] == answers[1], command
    assert cleo._socket and not any(SECRET in frame for frame in frames[cleo._socket])
    assert (await story.tab("Ben", f"/b/{secret.board_id}")).store["cards"][f"t{secret.task_id}"]["is_done"] is False


async def refusal(client: Client, command: str, **payload: Any) -> str:
    """The sentence that a command was refused with."""
    before = client.store.get("feedback", {}).get("refused", {}).get("number", 0)
    await client.send(command, **payload)
    await client.until(lambda store: store["feedback"]["refused"]["number"] != before, f"{command} is refused")
    return client.toasts[-1]


async def test_its_door_is_the_door_of_a_missing_board(story: Story):
    secret = await Secret.begin(story)
    drawn = []
    for board_id in (secret.board_id, 999_999_999):
        cleo = await story.tab("Cleo", f"/b/{board_id}?task={secret.task_id}")
        for store in ("session", "state"):  # Which worker it was, and where the tab is.
            cleo.store.pop(store, None)
        drawn.append(cleo.store)
    assert drawn[0]["door"] == {"sentence": "This is gone, or it is not shared with you.", "is_resting": False}
    assert drawn[0] == drawn[1]


async def test_it_appears_for_who_is_put_on_its_list_and_goes_when_they_are_taken_off(story: Story):
    secret = await Secret.begin(story)
    ben, home = await story.tab("Ben", f"/b/{secret.board_id}"), await story.tab("Cleo", "/")
    await ben.send(f"{SHARING}.look", board_id=secret.board_id)
    cleo_id = story.people["Cleo"].id

    def listed() -> bool:
        return SECRET in str(home.store["workspaces"])

    assert not listed()
    await ben.send(f"{SHARING}.add", board_id=secret.board_id, person_id=str(cleo_id))
    await home.until(lambda _: listed(), "it is on Cleo's home page", 1.0)
    cleo = await story.tab("Cleo", f"/b/{secret.board_id}?task={secret.task_id}")
    assert cleo.board["h"]["name"] == f"{SECRET} plans"
    assert cleo.store["detail"][f"d{secret.task_id}"]
    await ben.send(f"{SHARING}.remove", board_id=secret.board_id, person_id=cleo_id)
    await cleo.until(lambda store: store["door"]["sentence"], "Cleo is at the door", 1.0)
    assert cleo.store["door"]["sentence"] == "Ben took you off the list of this board."
    assert (await receipt_of(ben)) == ("Ben", "Cleo", [cleo.revisions[-1]], 0)
    await home.until(lambda _: not listed(), "it is on her home page no longer", 1.0)


async def test_who_is_shut_out_when_a_board_becomes_private_is_in_its_receipt(story: Story):
    ana, ben, cleo = [await story.tab(name) for name in ("Ana", "Ben", "Cleo")]
    await ana.send(f"{SHARING}.close", board_id=story.board_id, starting_with="me")
    for tab in (ben, cleo):
        await tab.until(lambda store: store["door"]["sentence"], "the door is shown", 1.0)
        assert tab.store["door"]["sentence"] == "Ana made this board private."
    await ana.until(lambda store: len(newest_receipt(store).get("tabs", ())) == 2, "both tabs are in the receipt")
    receipt = newest_receipt(ana.store)
    assert (receipt["actor"], receipt["person"], receipt["missing"], receipt["is_complete"]) == ("Ana", "", 0, True)
    told = {tab["person"]: tab["revision"] for tab in receipt["tabs"]}
    assert told == {"Ben": ben.revisions[-1], "Cleo": cleo.revisions[-1]}
    later = await story.tab("Ana")
    await later.send(f"{SHARING}.look", board_id=story.board_id)
    await later.until(lambda store: newest_receipt(store) == receipt, "it is there to be looked at later")


def newest_receipt(store: Store) -> dict[str, Any]:
    receipts = store.get("receipts", {})
    ids = receipts.get("receipts", {}).get("receipts", ())
    return receipts[f"r{ids[0]}"] if ids else {}


async def receipt_of(client: Client) -> tuple[str, str, list[int], int]:
    """Who took whom off the list, the last revision that each of their tabs was sent, and how many say nothing."""
    await client.until(lambda store: newest_receipt(store).get("tabs"), "there is a receipt")
    receipt = newest_receipt(client.store)
    return receipt["actor"], receipt["person"], [tab["revision"] for tab in receipt["tabs"]], receipt["missing"]
