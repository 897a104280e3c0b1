"""Inviting people by a link: a dialog for any page that shows a workspace."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

import reflex as rx

from app.domain import invites, news
from app.domain.access import Actor
from app.domain.errors import NotAllowed
from app.domain.invites import MOST_USES, InvitedRole
from app.domain.transaction import Transaction
from app.web import dialogs, letters, qr, rate, ui
from app.web.command import Id, Text, Word, command, local
from app.web.copy import copy_field
from app.web.dialogs import Dialogs
from app.web.feedback import Said

Days = Literal["1", "7", "30", "365"]
Uses = Literal["1", "10", "100", "1000"]
DAYS: dict[Days, str] = {"1": "A day", "7": "A week", "30": "A month", "365": "A year"}
USES: dict[Uses, str] = {
    "1": "Once",
    "10": "10 times",
    "100": "100 times",
    "1000": f"Any number of times, up to {MOST_USES:,}",
}


class Invite(rx.State):
    link: str = ""
    choices: str = ""
    """Those with which the link was made, in words: the form beside it may have others by now."""
    code: qr.Code = qr.Code()
    can_post: bool = False

    @command(creates=True)
    async def create(
        self,
        tx: Transaction,
        actor: Actor,
        workspace_id: Id,
        role: InvitedRole,
        days: Days,
        uses: Uses,
        email_domain: Word,
    ) -> rx.event.EventSpec:
        lasts = timedelta(days=int(days))
        token = await invites.create(tx, actor, workspace_id, role, lasts, int(uses), email_domain)
        return Invite.show(self._address(token), _in_words(role, days, uses, invites.domain(email_domain)))

    @local
    def show(self, link: Text, choices: Text) -> None:
        self.link, self.choices, self.code, self.can_post = link, choices, qr.code(link), letters.are_sent()

    @command(creates=True)
    async def post(
        self,
        tx: Transaction,
        actor: Actor,
        workspace_id: Id,
        role: InvitedRole,
        days: Days,
        emails: Text,
    ) -> Said:
        """An invitation by e-mail for each of these addresses, good for one person."""
        if not letters.are_sent():
            raise NotAllowed("This Tandem sends no e-mail. Make a link and send it yourself.")
        found = invites.addresses(emails)
        for email in found:
            await rate.door().take(rate.door().invitations, "", str(actor.id))
            await rate.door().take(rate.door().letters, "", email)
            token = await invites.create(tx, actor, workspace_id, role, timedelta(days=int(days)), 1)
            workspace, _, _ = await invites.look(tx, token)
            letter = letters.invitation(email, actor.name, workspace, self._address(token))
            await letters.post(tx, "invitation", letter, invitation=token)
        await news.tell_invited(tx, actor, workspace_id, found)
        return Said(f"On its way to {found[0]}." if len(found) == 1 else f"{len(found)} are on their way.")

    def _address(self, token: str) -> str:
        return letters.link(f"/join/{token}", self.router.headers.origin)

    @command
    async def revoke(self, tx: Transaction, actor: Actor, workspace_id: Id, invite_id: Id) -> None:
        await invites.revoke(tx, actor, workspace_id, invite_id)


def opening() -> list[rx.event.EventSpec]:
    """Opens the dialog, without a link that was made before, perhaps for another workspace."""
    return [Invite.show("", ""), Dialogs.open("invite", 0)]


def button(class_name: str = "") -> rx.Component:
    return ui.button(ui.icon("user-plus"), "Invite", on_click=opening(), data_testid="invite", class_name=class_name)


def dialog(workspace_id: rx.Var[int], may: Any) -> rx.Component:
    return dialogs.dialog(
        "invite",
        ui.form(
            _role(),
            rx.el.div(
                ui.labelled("Valid for", ui.select(*_options(DAYS), name="days", default_value="7")),
                ui.labelled("Can be used", ui.select(*_options(USES), name="uses", default_value="10")),
                class_name="grid grid-cols-2 gap-3",
            ),
            ui.labelled(
                "Only for e-mail addresses at (optional)",
                ui.text_input(name="email_domain", placeholder="example.com", auto_complete="off"),
            ),
            ui.button("Create link", type="submit", kind="primary", data_testid="create-invite"),
            on_submit=lambda form: Invite.create(
                workspace_id, form["role"], form["days"], form["uses"], form["email_domain"]
            ),
        ),
        rx.cond(Invite.link != "", _link()),
        rx.cond(Invite.can_post, _by_email(workspace_id)),
        title="Invite people",
        may=may,
    )


def _link() -> rx.Component:
    return rx.el.div(
        rx.el.p(Invite.choices, role="status", data_testid="invite-choices", class_name="text-sm text-muted"),
        copy_field(Invite.link, "Invitation link", "invite-link"),
        rx.cond(Invite.code.size > 0, qr.picture(Invite.code, "The invitation link as a QR code")),
        class_name="mt-4 flex flex-col gap-2 border-t border-line pt-4",
    )


def _by_email(workspace_id: rx.Var[int]) -> rx.Component:
    return ui.form(
        ui.labelled(
            "Or by e-mail",
            ui.text_input(
                name="emails", placeholder="ben@example.com, cleo@example.com", auto_complete="off", required=True
            ),
            f"Up to {invites.MOST_ADDRESSES} addresses; each gets a link that works once.",
        ),
        rx.el.div(
            _role(),
            ui.labelled("Valid for", ui.select(*_options(DAYS), name="days", default_value="7")),
            class_name="grid grid-cols-2 gap-3",
        ),
        ui.button("Send invitations", type="submit", data_testid="post-invites"),
        on_submit=lambda form: Invite.post(workspace_id, form["role"], form["days"], form["emails"]),
        class_name="mt-5 flex flex-col gap-4 border-t border-line pt-5",
    )


def _role() -> rx.Component:
    roles = ("member", "commenter", "viewer", "admin")
    return ui.labelled("They join as", ui.select(*_options({role: role.capitalize() for role in roles}), name="role"))


def _in_words(role: InvitedRole, days: Days, uses: Uses, email_domain: str) -> str:
    who = f"Whoever has an address at {email_domain} and opens this link" if email_domain else "Whoever opens this link"
    article, times, time = "an" if role == "admin" else "a", USES[uses].lower(), DAYS[days].lower()
    return f"{who} joins as {article} {role}. It can be used {times}, for {time}. It is shown only now."


def _options(choices: Mapping[Any, str]) -> list[rx.Component]:
    return [rx.el.option(words, value=value) for value, words in choices.items()]
