"""Commands over the real socket, with arguments that no page of ours would send."""

from typing import Any

import pytest

from tests.live.client import ROOT, Client
from tests.security.conftest import Crowd

HOME = f"{ROOT}.app___web___home____home"


async def board_of(client: Client) -> int:
    """A board of the person's own, open."""
    await client.open("/")
    await client.send(f"{HOME}.create_workspace", workspace_name="Mine")
    await client.until(lambda store: store["workspaces"].get("home", {}).get("workspaces"), "the workspace is there")
    workspace = client.store["workspaces"][f"w{client.store['workspaces']['home']['workspaces'][0]}"]
    await client.go(f"/b/{workspace['boards'][0]['id']}")
    await client.until(lambda store: store.get("header", {}).get("h"), "the board is there")
    return client.store["header"]["h"]["id"]


async def task_of(client: Client) -> int:
    await board_of(client)
    await client.do("add_tasks", lane_id=client.store["header"]["h"]["lanes"][0], titles=["Mine alone"])
    await client.until(lambda store: store.get("cards"), "the task is there")
    return next(card["id"] for card in client.store["cards"].values())


async def refusal(client: Client, command: str, **payload: Any) -> str:
    """The sentence that a command was refused with."""
    before = client.store.get("feedback", {}).get("refused", {}).get("number", 0)
    await client.do(command, **payload)
    await client.until(lambda store: store["feedback"]["refused"]["number"] != before, f"{command} is refused")
    return client.toasts[-1]


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"task_id": None},
        {"task_id": "1"},
        {"task_id": 1.0},
        {"task_id": True},
        {"task_id": [1]},
        {"task_id": {"$ne": 0}},
        {"task_id": -1},
        {"task_id": 10**30},
        {"task_id": 1, "actor": 1},
        {"task_id": 1, "tx": None},
    ],
)
async def test_arguments_of_the_wrong_shape_are_refused_with_a_sentence(people: Crowd, payload: dict[str, Any]):
    client = await people.tab()
    await board_of(client)
    assert await refusal(client, "complete_task", **payload) == (
        "This could not be understood. Reload the page and try again."
    )


async def test_a_task_of_another_workspace_answers_exactly_as_a_missing_one(people: Crowd):
    ana, mallory = await people.tab(), await people.tab()
    foreign = await task_of(ana)
    await board_of(mallory)
    for command, details in [
        ("complete_task", {}),
        ("rename_task", {"title": "Taken", "based_on": 0}),
        ("describe_task", {"description": "Taken", "based_on": 0}),
        ("trash_task", {}),
        ("restore_task", {}),
        ("set_due", {"due_on": "2027-01-01"}),
        ("send_task", {"lane_id": mallory.store["header"]["h"]["lanes"][0]}),
    ]:
        answers = {await refusal(mallory, command, task_id=id, **details) for id in (foreign, 2_000_000_000)}
        assert answers == {"This task is gone, or it is not shared with you."}, command
    assert next(iter(ana.store["cards"].values()))["title"] == "Mine alone"


async def test_a_board_of_another_workspace_shows_the_door_and_nothing_else(people: Crowd):
    ana, mallory = await people.tab(), await people.tab()
    foreign = await board_of(ana)
    await mallory.open(f"/b/{foreign}")
    await mallory.until(lambda store: store.get("door", {}).get("sentence"), "the door is shown")
    assert mallory.board == {}


async def test_more_tasks_of_a_foreign_board_are_not_shown_either(people: Crowd):
    ana, mallory = await people.tab(), await people.tab()
    foreign = await board_of(ana)
    lane_id = ana.store["header"]["h"]["lanes"][0]
    await mallory.open("/")
    await mallory.do("show_more", board_id=foreign, lane_id=lane_id, wanted=1000)
    await mallory.go("/")
    await mallory.until(lambda store: store["state"].get("is_hydrated"), "the page was opened again")
    assert mallory.board == {}
    assert f"l{lane_id}" not in mallory.store.get("lanes", {})


async def test_nobody_who_is_not_signed_in_is_heard(people: Crowd):
    ana = await people.tab()
    task_id = await task_of(ana)
    anonymous = await people.tab(cookie="")
    await anonymous.connect()
    await anonymous.do("complete_task", task_id=task_id)
    await anonymous.until(lambda _: anonymous.events, "the anonymous tab is sent away")
    assert all(event["name"] == "_redirect" and event["payload"]["path"] == "/sign-in" for event in anonymous.events)
    await ana.do("rename_task", task_id=task_id, title="Still open", based_on=0)
    await ana.until(lambda store: store["cards"][f"t{task_id}"]["title"] == "Still open", "a later change arrives")
    assert ana.store["cards"][f"t{task_id}"]["is_done"] is False


async def test_a_double_click_creates_once_and_a_corrected_form_is_taken_at_once(people: Crowd):
    client = await people.tab()
    board_id = await board_of(client)
    for name in ("", "Review", "Review", "Later"):
        await client.do("add_lane", board_id=board_id, name=name)
    await client.until(
        lambda _: client.board[f"l{client.board['h']['lanes'][-1]}"]["name"] == "Later", "all are through"
    )
    names = [client.board[f"l{id}"]["name"] for id in client.board["h"]["lanes"]]
    assert names == ["To do", "Doing", "Done", "Review", "Later"]
