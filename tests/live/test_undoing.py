"""Toasts: what one undoes is its own tab's, and judged by what its person may do now; a refusal stays to be read."""

from app.domain import members
from app.domain.models import Task
from tests.live.client import ROOT, Client
from tests.live.story import Story

UNDO = f"{ROOT}.app___web___toasts____toasts.undo"
SEE = f"{ROOT}.app___web___news___sight____seeing.see"
LOWERED = "Your role here lets you look at tasks, not change them."
FOREIGN = "This can no longer be undone here."


async def trash(tab: Client, task_id: int) -> int:
    """Move a task to the trash; the toast that offers to undo it."""
    await tab.do("trash_task", task_id=task_id)
    await tab.until(lambda _: offers(tab), "there is a toast with an undo")
    return offers(tab)[-1]


def offers(tab: Client) -> list[int]:
    return [toast["id"] for toast in tab.store.get("feedback", {}).get("toasts", ()) if toast["undo"]]


async def is_in_the_trash(story: Story, task_id: int) -> bool:
    async with story.db.reading() as tx:
        return (await tx.session.get_one(Task, task_id)).trashed_at is not None


async def test_a_toast_is_undone_once_and_in_its_own_tab_alone(story: Story):
    ana, ben = await story.on_two_workers()
    other = await story.tab("Ben")
    toast = await trash(ben, story.tasks[0])
    for tab in (ana, other):
        await tab.send(UNDO, toast_id=toast)
        await tab.until(lambda _, tab=tab: tab.toasts[-1:] == [FOREIGN], "it is refused")
    assert await is_in_the_trash(story, story.tasks[0])
    await ben.send(UNDO, toast_id=toast)
    await ben.until(lambda _: f"t{story.tasks[0]}" in ben.board, "the task is back")
    await ben.send(UNDO, toast_id=toast)
    await ben.until(lambda _: ben.toasts[-1:] == [FOREIGN], "the second time is refused")


async def test_whoever_has_become_a_viewer_undoes_nothing(story: Story):
    ben = await story.tab("Ben")
    toast = await trash(ben, story.tasks[0])
    async with story.db.transaction() as tx:
        await members.change_role(tx, story.people["Ana"], story.workspace_id, story.people["Ben"].id, "viewer")
    await ben.send(UNDO, toast_id=toast)
    await ben.until(lambda _: ben.toasts[-1:] == [LOWERED], "it is refused")
    assert await is_in_the_trash(story, story.tasks[0])


async def test_what_the_page_says_by_itself_does_not_take_a_refusal_off_the_screen(story: Story):
    ben = await story.tab("Ben")
    await ben.do("rename_task", task_id=story.tasks[0], title="a" * 501, based_on=0)
    await ben.until(lambda _: ben.toasts, "it is refused")
    refusal = ben.toasts
    await ben.send(SEE, task_id=story.tasks[0])
    await ben.do("add_tasks", lane_id=0, titles=["Nowhere"])
    await ben.until(lambda _: len(ben.toasts) > 1, "what was sent after it is refused, too")
    assert ben.toasts[:1] == refusal
