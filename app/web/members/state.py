"""What people do with a workspace and who is in it."""

from typing import Any

import reflex as rx

from app.domain import members, workspaces
from app.domain.access import Actor, Role
from app.domain.snapshots import InviteView, PersonCard, WorkspaceView
from app.domain.transaction import Transaction
from app.web import live, store
from app.web.command import Id, Text, command, opens
from app.web.dialogs import Dialogs
from app.web.feedback import Said

workspace = store.over(store.Workspaces, WorkspaceView)["w"]
people = store.over(store.People, PersonCard)
invites = store.over(store.Invites, InviteView)


class Members(rx.State):
    @opens
    async def open(self, actor: Actor) -> None:
        id = self.router.url.path.split("/")[2]
        rooms = [f"home:{actor.id}", f"workspace:{id if id.isdecimal() else 0}"]
        sid = self.router.session.session_id
        await live.current().enter(sid, actor.id, *rooms, aside=[f"invites:{id if id.isdecimal() else 0}"])

    @command
    async def rename(self, tx: Transaction, actor: Actor, workspace_id: Id, name: Text) -> Said:
        await workspaces.rename(tx, actor, workspace_id, name)
        return Said("Saved.")

    @command
    async def describe(self, tx: Transaction, actor: Actor, workspace_id: Id, description: Text) -> Said:
        await workspaces.describe(tx, actor, workspace_id, description)
        return Said("Saved.")

    @command
    async def change_role(self, tx: Transaction, actor: Actor, workspace_id: Id, person_id: Id, role: Role) -> None:
        await members.change_role(tx, actor, workspace_id, person_id, role)

    @command
    async def remove(self, tx: Transaction, actor: Actor, workspace_id: Id, person_id: Id) -> list[Any]:
        await members.remove(tx, actor, workspace_id, person_id)
        return [Dialogs.close()]

    @command
    async def leave(self, tx: Transaction, actor: Actor, workspace_id: Id) -> list[Any]:
        await members.leave(tx, actor, workspace_id)
        return [Dialogs.close(), rx.redirect("/")]

    @command
    async def delete(self, tx: Transaction, actor: Actor, workspace_id: Id, typed_name: Text) -> list[Any]:
        await workspaces.delete(tx, actor, workspace_id, typed_name)
        return [Dialogs.close(), rx.redirect("/")]
