"""Verbs on workspaces: their boards, their members, who is invited, and what removals are reported to have done."""

from collections.abc import AsyncIterator
from datetime import timedelta

from sqlalchemy import select

from app.domain import boards, importing, invites, members, receipts, sharing, workspaces
from app.domain.carried import Board, Load, Task
from app.domain.errors import NotAllowed, NotFound
from app.domain.models import Invite, Workspace
from tests.domain.calls.boards import close_it, close_it_without_ben
from tests.domain.calls.call import (
    ANYBODY,
    EDITORS,
    EVERYONE,
    OWNERS,
    Call,
    board,
    both,
    in_workspace,
    just,
    told,
)
from tests.support.world import World

TAB = receipts.Tab("one", "board:1", 7, "2031-05-17T12:00:00+00:00")


async def close_it_without_ana(w: World) -> None:
    """Private, with everyone but Ana on its list, as Ben saw to."""
    await close_it(w)
    await w.do(sharing.remove, w.ben, w.board_id, w.ana.id)


async def invite(w: World) -> None:
    w.notes["token"] = await w.do(invites.create, w.ana, w.workspace_id, "member", timedelta(days=1), 5)
    w.notes["invite_id"] = (await w.rows(select(Invite.id).order_by(Invite.id)))[-1]


async def invite_dora(w: World) -> None:
    await invite(w)
    w.notes["dora"] = await w.newcomer("Dora")


async def lower_ben(w: World) -> None:
    await w.do(members.change_role, w.ana, w.workspace_id, w.ben.id, "viewer")
    w.notes["cause"] = (await w.revisions())[f"workspace:{w.workspace_id}"]


async def take_ben_off(w: World) -> None:
    await close_it_without_ben(w)
    w.notes["cause"] = (await w.revisions())[f"board:{w.board_id}"]


def a_file(w: World) -> Load:
    async def tasks() -> AsyncIterator[list[Task]]:
        yield [Task("Row 2", 0, 0, 0, "Book the venue")]

    return Load("csv", {}, [Board("Beta", ("Now", "Later"))], tasks())


IN_WORKSPACES = [
    in_workspace(sharing.take_over, board, touches=both, may=OWNERS, first=close_it_without_ana),
    in_workspace(boards.create, just("Beta"), may=EDITORS, again="more"),
    in_workspace(boards.start, just("Beta"), may=ANYBODY, again="more"),
    in_workspace(importing.add, a_file, just("everyone"), touches=both, may=EDITORS, again="more"),
    Call(
        importing.start,
        lambda tx, w, actor: importing.start(tx, actor, "Side project", a_file(w), "everyone"),
        touches={"workspace", "person", "board"},
        may=ANYBODY,
        again="more",
    ),
    Call(
        workspaces.found,
        lambda tx, w, actor: workspaces.found(tx, actor, Workspace(name="Side project")),
        touches={"workspace", "person"},
        may=ANYBODY,
        again="more",
    ),
    Call(
        workspaces.create,
        lambda tx, w, actor: workspaces.create(tx, actor, "Side project"),
        touches={"workspace", "person"},
        may=ANYBODY,
        again="more",
    ),
    in_workspace(workspaces.rename, just("Tandem crew")),
    in_workspace(workspaces.describe, just("We meet on Mondays.")),
    in_workspace(workspaces.show_people, just(False)),
    in_workspace(workspaces.delete, just("Tandem team"), may=OWNERS, again=NotFound),
    in_workspace(members.change_role, lambda w: w.ben.id, just("commenter"), touches={"workspace", "inbox"}),
    in_workspace(members.remove, lambda w: w.ben.id, touches=both | told, again=NotFound),
    in_workspace(members.hand_over, lambda w: w.ben.id, touches={"workspace", "inbox"}, may=OWNERS, again=NotAllowed),
    in_workspace(members.leave, touches=both, may=EVERYONE, again=NotFound, by="ben"),
    in_workspace(invites.create, just("member"), just(timedelta(days=1)), just(5), again="more"),
    in_workspace(invites.revoke, lambda w: w.notes["invite_id"], first=invite),
    Call(
        invites.accept,
        lambda tx, w, actor: invites.accept(tx, actor, w.notes["token"]),
        touches={"workspace", "person"},
        may=ANYBODY,
        again="nothing",
        first=invite_dora,
        by="dora",
    ),
    Call(
        receipts.report,
        lambda tx, w, actor: receipts.report(tx, w.workspace_id, w.ben.id, w.notes["cause"], [TAB]),
        touches={"workspace"},
        may=ANYBODY,
        again="more",
        first=lower_ben,
    ),
    Call(
        receipts.report_on_board,
        lambda tx, w, actor: receipts.report_on_board(tx, w.board_id, w.ben.id, w.notes["cause"], [TAB]),
        touches=both,
        may=ANYBODY,
        again="more",
        first=take_ben_off,
    ),
]
