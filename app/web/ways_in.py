"""In the settings: the second factor, and the accounts elsewhere that are linked with mine."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from app import settings
from app.domain import identities, second_factors
from app.domain.access import Actor
from app.domain.models import Person
from app.web import live, posted, sections, ui
from app.web.command import opens
from app.web.elsewhere import Button, offered


@dataclass(frozen=True)
class Linked:
    id: int
    provider: str
    email: str


class WaysIn(rx.State):
    has_password: bool = False
    is_on: bool = False
    since: str = ""
    codes_left: int = 0
    linked: list[Linked] = []
    others: list[Button] = []
    """Providers that no identity is linked of."""

    @opens
    async def open(self, actor: Actor) -> None:
        names = {provider.issuer: provider.name for provider in settings.get().providers}
        async with live.current().db.reading() as tx:
            person = await tx.session.get_one(Person, actor.id)
            factor = await second_factors.of(tx, actor.id)
            mine = await identities.of(tx, actor.id)
            self.codes_left = await second_factors.codes_left(tx, actor.id)
        self.has_password, self.is_on = bool(person.password_hash), factor is not None
        self.since = factor.created_at.isoformat() if factor else ""
        self.linked = [Linked(one.id, names.get(one.issuer, one.issuer), one.email) for one in mine]
        taken = {names.get(one.issuer) for one in mine}
        self.others = [button for button in offered() if button.name not in taken]


def section() -> rx.Component:
    return rx.fragment(
        sections.section("Second factor", rx.cond(WaysIn.is_on, _on(), _off()), data_testid="second-factor"),
        rx.cond(
            (WaysIn.linked.length() > 0) | (WaysIn.others.length() > 0),
            sections.section(
                "Signing in elsewhere",
                rx.el.div(
                    rx.foreach(WaysIn.linked, _linked),
                    rx.foreach(WaysIn.others, _other),
                    class_name="divide-y divide-line rounded-lg border border-line bg-raised",
                ),
                data_testid="elsewhere",
            ),
        ),
    )


def _off() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "With a second factor, signing in with your password also takes a code from an app on your phone.",
            class_name="text-muted",
        ),
        rx.cond(
            WaysIn.has_password,
            posted.form(
                "/auth/second-factor/begin",
                ui.button("Set it up", type="submit", data_testid="set-up-second-factor"),
            ),
            rx.el.p("You sign in elsewhere, so that is where to turn one on.", class_name="text-sm text-muted"),
        ),
        class_name="flex flex-col items-start gap-3",
    )


def _on() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "On since ",
            ui.moment(WaysIn.since.to(str)),
            ". ",
            rx.el.span(WaysIn.codes_left, " of 10 recovery codes are left.", data_testid="codes-left"),
            class_name="text-muted",
        ),
        _proven("Make new recovery codes", "/auth/second-factor/renew-codes", "renew-codes"),
        _proven("Turn it off", "/auth/second-factor/turn-off", "turn-off-second-factor", "danger"),
        class_name="flex flex-col gap-3",
    )


def _proven(what: str, action: str, test_id: str, kind: str = "primary") -> rx.Component:
    """Something that takes the password and a code."""
    return rx.el.details(
        rx.el.summary(what, class_name="w-fit rounded text-sm font-medium", data_testid=test_id),
        posted.form(
            action,
            posted.password(),
            posted.field("Code from the app, or a recovery code", "code", "text", "one-time-code", max_length=40),
            ui.button(what, type="submit", kind=kind, class_name="self-start"),
            class_name="flex flex-col gap-4 pt-3",
        ),
    )


def _linked(one: rx.Var[Linked]) -> rx.Component:
    return _row(
        one.provider,
        one.email,
        posted.form(
            "/auth/identities/unlink",
            rx.el.input(type="hidden", name="identity", value=one.id, read_only=True),
            ui.button("Unlink", type="submit", aria_label="Unlink " + one.provider),
        ),
        key=one.id.to_string(),
        data_testid="identity-" + one.id.to_string(),
    )


def _other(button: rx.Var[Button]) -> rx.Component:
    number = button.number.to_string()
    return _row(
        button.name,
        "Not linked",
        posted.form(
            "/auth/oidc/" + number + "/link",
            ui.button("Link", type="submit", aria_label="Link " + button.name, data_testid="link-" + number),
        ),
        key=number,
    )


def _row(name: Any, detail: Any, action: rx.Component, **props: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(name, class_name="truncate font-medium"),
            rx.el.p(detail, class_name="truncate text-sm text-muted"),
            class_name="min-w-0 flex-1",
        ),
        action,
        class_name="flex items-center gap-3 px-3 py-2.5",
        **props,
    )
