"""Who may not look is shown the door: on the screen, before the next patch."""

from tests.live.client import ROOT, Client, sign_up
from tests.live.story import Story, titles

REMOVE = f"{ROOT}.app___web___members___state____members.remove"
ENTITIES = ("header", "lanes", "cards", "people")


def door(client: Client) -> str:
    return client.store.get("door", {}).get("sentence", "")


async def test_a_removed_member_is_shown_out_and_told_nothing_more(story: Story):
    ana, ben = await story.on_two_workers()
    ben_id, title = story.people["Ben"].id, "Not for Ben's eyes"
    assert f"p{ben_id}" in ana.board
    deltas = []
    ben.on_delta = lambda delta, _: deltas.append(delta)
    await ana.send(REMOVE, workspace_id=story.workspace_id, person_id=ben_id)
    await ana.do("add_tasks", lane_id=story.lanes["To do"], titles=[title])
    await ana.until(lambda _: f"p{ben_id}" not in ana.board, "Ben is no member")
    await ana.until(lambda _: title in titles(ana), "it is added")
    await ben.until(lambda _: door(ben), "Ben is at the door")
    assert door(ben) == "Ana removed you from Tandem team."

    await ben.do("complete_task", task_id=story.tasks[0])
    await ben.until(lambda _: ben.toasts, "his command is answered")
    assert ben.toasts == ["This task is gone, or it is not shared with you."]
    assert not any(store in delta for delta in deltas for store in ("header", "lanes", "cards"))
    assert not (await story.drawing())[f"t{story.tasks[0]}"]["is_done"]
    await story.all_equal(ana)

    await ben.reload()
    assert door(ben)
    assert not ben.board


async def test_a_stranger_gets_the_door_and_no_entity(story: Story):
    address = f"dora{story.board_id}@tandem.example"
    dora = Client(story.server.url, await sign_up(story.server.url, "Dora", address, "nothing to see here"))
    story.tabs.append(dora)
    before = await story.tab("Ana")
    assert before.board, "There is something to see."
    for path in (story.path, f"{story.path}?task={story.tasks[0]}"):
        await dora.open(path)
        assert door(dora) == "This is gone, or it is not shared with you."
        assert not any(dora.store.get(store) for store in ("header", "lanes", "cards", "detail", "nearby"))
        assert set(dora.store["people"]) == {"me"}
        await dora.close()


async def test_nobody_without_a_session_gets_anything_but_the_way_to_sign_in(story: Story):
    nobody = Client(story.server.url)
    story.tabs.append(nobody)
    await nobody.open(story.path)
    assert not any(nobody.store.get(store) for store in (*ENTITIES, "workspaces", "nearby"))
    assert [event["name"] for event in nobody.events] == ["_redirect"]
    assert nobody.events[0]["payload"]["path"] == "/sign-in"
