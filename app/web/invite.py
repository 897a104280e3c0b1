"""Inviting people by a link: a dialog for any page that shows a workspace."""

from datetime import timedelta
from typing import Literal

import reflex as rx

from app import settings
from app.domain import invites
from app.domain.access import Actor
from app.domain.invites import InvitedRole
from app.domain.transaction import Transaction
from app.web import dialogs, ui
from app.web.command import Id, command, local
from app.web.copy import copy_field
from app.web.dialogs import Dialogs

DAYS = {"1": "A day", "7": "A week", "30": "A month"}
USES = {"1": "Once", "10": "10 times", "100": "100 times"}


class Invite(rx.State):
    link: str = ""

    @command(creates=True)
    async def create(
        self,
        tx: Transaction,
        actor: Actor,
        workspace_id: Id,
        role: InvitedRole,
        days: Literal["1", "7", "30"],
        uses: Literal["1", "10", "100"],
    ) -> rx.event.EventSpec:
        token = await invites.create(tx, actor, workspace_id, role, timedelta(days=int(days)), int(uses))
        return Invite.show(f"{settings.get().public_url or self.router.headers.origin}/join/{token}")

    @local
    def show(self, link: str) -> None:
        self.link = link

    @command
    async def revoke(self, tx: Transaction, actor: Actor, workspace_id: Id, invite_id: Id) -> None:
        await invites.revoke(tx, actor, workspace_id, invite_id)


def opening() -> list[rx.event.EventSpec]:
    """Opens the dialog, without a link that was made before, perhaps for another workspace."""
    return [Invite.show(""), Dialogs.open("invite", 0)]


def dialog(workspace_id: rx.Var[int]) -> rx.Component:
    return dialogs.dialog(
        "invite",
        ui.form(
            ui.labelled(
                "They join as",
                ui.select(
                    *(
                        rx.el.option(role.capitalize(), value=role)
                        for role in ("member", "commenter", "viewer", "admin")
                    ),
                    name="role",
                ),
            ),
            rx.el.div(
                ui.labelled("Valid for", ui.select(*_options(DAYS), name="days", default_value="7")),
                ui.labelled("Can be used", ui.select(*_options(USES), name="uses", default_value="10")),
                class_name="grid grid-cols-2 gap-3",
            ),
            ui.button("Create link", type="submit", kind="primary", data_testid="create-invite"),
            on_submit=lambda form: Invite.create(workspace_id, form["role"], form["days"], form["uses"]),
        ),
        rx.cond(Invite.link != "", _link()),
        title="Invite people",
    )


def _link() -> rx.Component:
    return rx.el.div(
        rx.el.p("Whoever opens this link can join. It is shown only now.", class_name="text-sm text-muted"),
        copy_field(Invite.link, "Invitation link", "invite-link"),
        class_name="mt-4 flex flex-col gap-2 border-t border-line pt-4",
    )


def _options(choices: dict[str, str]) -> list[rx.Component]:
    return [rx.el.option(words, value=value) for value, words in choices.items()]
