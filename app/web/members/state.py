"""What people do with a workspace and who is in it."""

from typing import Any

import reflex as rx

from app.domain import members, sharing, workspaces
from app.domain.access import Actor
from app.domain.permissions import Role
from app.domain.snapshots import InviteView, PersonCard, WorkspaceView
from app.domain.transaction import Transaction
from app.web import live, store
from app.web.command import Id, Text, Word, command, opens
from app.web.dialogs import Dialogs
from app.web.feedback import Said
from app.web.session import Session
from app.web.typed import number

workspace = store.over(store.Workspaces, WorkspaceView)["w"]
people = store.over(store.People, PersonCard)
invites = store.over(store.Invites, InviteView)


def my_role() -> Any:
    return people["p" + Session.me.id.to_string()].role


def is_admin() -> Any:
    return (my_role() == "owner") | (my_role() == "admin")


def is_owner() -> Any:
    return my_role() == "owner"


class Members(rx.State):
    @opens
    async def open(self, actor: Actor) -> None:
        id = number(self.router.url.path.split("/")[2])
        aside = [f"{kind}:{id}" for kind in ("invites", "receipts", "private")]
        sid = self.router.session.session_id
        await live.current().tabs.enter(sid, actor.id, f"home:{actor.id}", f"workspace:{id}", aside=aside)

    @command
    async def rename(
        self, tx: Transaction, actor: Actor, workspace_id: Id, name: Text, seen: Text | None = None
    ) -> Said:
        await workspaces.rename(tx, actor, workspace_id, name, seen)
        return Said("Saved.")

    @command
    async def describe(
        self, tx: Transaction, actor: Actor, workspace_id: Id, description: Text, seen: Text | None = None
    ) -> Said:
        await workspaces.describe(tx, actor, workspace_id, description, seen)
        return Said("Saved.")

    @command
    async def show_people(self, tx: Transaction, actor: Actor, workspace_id: Id, is_on: bool) -> None:
        await workspaces.show_people(tx, actor, workspace_id, is_on)

    @command
    async def change_role(self, tx: Transaction, actor: Actor, workspace_id: Id, person_id: Id, role: Role) -> None:
        seen = await live.current().sighting(tx, workspace_id, person_id)
        await members.change_role(tx, actor, workspace_id, person_id, role, seen)

    @command
    async def hand_over(self, tx: Transaction, actor: Actor, workspace_id: Id, person_id: Word) -> list[Any]:
        await members.hand_over(tx, actor, workspace_id, number(person_id))
        return [Dialogs.close()]

    @command
    async def take_over_board(self, tx: Transaction, actor: Actor, workspace_id: Id, board_id: Id) -> None:
        await sharing.take_over(tx, actor, workspace_id, board_id)

    @command
    async def remove(self, tx: Transaction, actor: Actor, workspace_id: Id, person_id: Id) -> list[Any]:
        seen = await live.current().sighting(tx, workspace_id, person_id)
        await members.remove(tx, actor, workspace_id, person_id, seen)
        return [Dialogs.close()]

    @command
    async def leave(self, tx: Transaction, actor: Actor, workspace_id: Id) -> list[Any]:
        await members.leave(tx, actor, workspace_id)
        return [Dialogs.close(), rx.redirect("/")]

    @command
    async def delete(self, tx: Transaction, actor: Actor, workspace_id: Id, typed_name: Text) -> list[Any]:
        await workspaces.delete(tx, actor, workspace_id, typed_name)
        return [Dialogs.close(), rx.redirect("/")]
