"""For admins: whether signing in elsewhere works, step by step, and what to change where it does not."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from app import settings
from app.domain.access import Actor
from app.domain.errors import NotAllowed, NotFound
from app.oidc import check
from app.providers import Provider
from app.web import live, posted, rate, sections, shell, slips, ui
from app.web.command import Id, local, opens
from app.web.flash import Flash, flash
from app.web.session import Me, NotSignedIn, me_at

ADMINS = "Only an admin of this Tandem can check how people sign in."


@dataclass(frozen=True)
class Found:
    """A step as it is shown."""

    title: str
    outcome: str
    words: str


@dataclass(frozen=True)
class Checked:
    """A provider, with what was found without and with a trial sign-in."""

    number: int
    name: str
    redirect: str
    walked: list[Found] = field(default_factory=list)
    tried: list[Found] = field(default_factory=list)


class SignInCheck(rx.State):
    providers: list[Checked] = []
    is_known: bool = False
    at_work: int = 0
    """The number of the provider that is being asked, as its button says: one that does not answer takes seconds."""

    @opens
    async def open(self, actor: Actor) -> None:
        await _admin(self)
        await live.current().tabs.enter(self.router.session.session_id, actor.id, f"home:{actor.id}")
        (await self.get_state(Flash))._read()
        number, tried = self._tried()
        before = {checked.number: checked.walked for checked in self.providers}
        self.providers = [
            Checked(
                one.number, one.name, _redirect(one), before.get(one.number, []), tried if one.number == number else []
            )
            for one in settings.get().providers
        ]
        self.is_known, self.at_work = True, 0

    @local
    def check(self, number: Id) -> rx.event.EventSpec:
        self.at_work = number
        return SignInCheck.walk(number)

    @local
    async def walk(self, number: Id) -> None:
        """Ask the provider everything that can be asked without signing in."""
        try:
            rate.spend((await _admin(self)).id)
            provider = next((one for one in settings.get().providers if one.number == number), None)
            if provider is None:
                raise NotFound("This Tandem does not know that way to sign in.")
            found = _shown(await check.walk(provider, settings.get().public_url))
        finally:
            self.at_work = 0
        walked = Checked(number, provider.name, _redirect(provider), found)
        self.providers = [walked if one.number == number else one for one in self.providers]

    def _tried(self) -> tuple[int, list[Found]]:
        """What a trial sign-in has just found, and of which provider."""
        slip = slips.read(self.router.headers.cookie or "", check.TRIAL)
        if slip is None:
            return 0, []
        return slip.claims["number"], _shown([check.Line(**line) for line in slip.claims["found"]])


async def _admin(state: rx.State) -> Me:
    try:
        me = await me_at(state)
    except NotSignedIn:
        raise NotAllowed(ADMINS) from None
    if not me.is_admin:
        raise NotAllowed(ADMINS)
    return me


def _redirect(provider: Provider) -> str:
    return check.redirect_address(settings.get().public_url, provider)


def _shown(lines: list[check.Line]) -> list[Found]:
    return [Found(line.title, line.outcome, line.words) for line in lines]


def page() -> rx.Component:
    return shell.page(
        rx.el.h1("Sign-in check", class_name="truncate text-base font-semibold"),
        sections.column(
            flash(),
            rx.foreach(SignInCheck.providers, _provider),
            rx.cond(
                SignInCheck.providers.length() == 0,
                ui.empty(
                    "key-round",
                    "People sign in with a password only",
                    "To let them sign in elsewhere, set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, and start "
                    "Tandem again. docs/sign-in.md says how.",
                ),
            ),
            width="2xl",
            gap=8,
        ),
        is_drawn=(shell.me.id > 0) & SignInCheck.is_known,
        skeleton=sections.skeleton(1, 10, width="2xl"),
    )


def _provider(one: rx.Var[Checked]) -> rx.Component:
    number = one.number.to_string()
    return rx.el.section(
        rx.el.h2(one.name, class_name="truncate text-lg font-semibold"),
        rx.el.p(
            "Address for coming back, to be registered there: ",
            rx.el.code(one.redirect, class_name="block pt-1 break-all text-ink select-all"),
            class_name="text-sm text-muted",
        ),
        rx.el.div(
            ui.button(
                rx.cond(SignInCheck.at_work == one.number, _at_work(), "Check"),
                kind="primary",
                on_click=SignInCheck.check(one.number),
                disabled=SignInCheck.at_work != 0,
                aria_busy=SignInCheck.at_work == one.number,
                data_testid="check-" + number,
                class_name="disabled:opacity-70",
            ),
            posted.form(
                "/auth/oidc/" + number + "/trial",
                ui.button("Try to sign in", type="submit", data_testid="trial-" + number),
            ),
            class_name="flex gap-2",
        ),
        _found(one.walked, "found-" + number),
        _found(one.tried, "tried-" + number),
        aria_label=one.name,
        key=number,
        class_name="flex flex-col gap-3",
    )


def _at_work() -> rx.Component:
    return rx.fragment(ui.icon("loader-circle", class_name="motion-safe:animate-spin"), "Checking …")


def _found(lines: Any, test_id: Any) -> rx.Component:
    return rx.cond(
        lines.length() > 0,
        rx.el.ol(rx.foreach(lines, _line), data_testid=test_id, class_name="flex flex-col gap-1", role="status"),
    )


def _line(line: rx.Var[Found]) -> rx.Component:
    return rx.el.li(
        rx.match(
            line.outcome,
            ("right", ui.icon("check", 18, class_name="mt-0.5 shrink-0 text-good")),
            ("wrong", ui.icon("circle-x", 18, class_name="mt-0.5 shrink-0 text-danger")),
            ui.icon("circle-help", 18, class_name="mt-0.5 shrink-0 text-warn"),
        ),
        rx.el.div(
            rx.el.p(
                line.title,
                rx.el.span(
                    rx.match(line.outcome, ("right", ": right"), ("wrong", ": wrong"), ": not known"),
                    class_name="sr-only",
                ),
                class_name="font-medium",
            ),
            rx.el.p(line.words, class_name="text-sm break-words text-muted"),
            class_name="min-w-0",
        ),
        data_outcome=line.outcome,
        class_name="flex gap-2.5 rounded-md border border-line bg-raised px-3 py-2",
    )
