"""Setting up the second factor: the picture for the authenticator app, then the recovery codes, once."""

from typing import Any

import reflex as rx

from app.domain.access import Actor
from app.web import javascript, live, posted, second_factor, sections, shell, slips, ui
from app.web.command import opens
from app.web.flash import Flash, flash


class Fetched(rx.Component):
    library = javascript.library(__name__, "fetched.jsx")
    tag = "Fetched"
    url: rx.Var[str]
    gone: rx.Var[str]
    label: rx.Var[str]
    test_id: rx.Var[str]
    text_class: rx.Var[str]
    button_class: rx.Var[str]


class SecondFactorPage(rx.State):
    phase: str = ""
    """set-up | codes, or empty until it is known. A slip in the browser says so; what it carries stays there."""

    @opens
    async def open(self, actor: Actor) -> Any:
        await live.current().tabs.enter(self.router.session.session_id, actor.id, f"home:{actor.id}")
        (await self.get_state(Flash))._read()
        header = self.router.headers.cookie or ""
        kinds = {"codes": second_factor.CODES, "set-up": second_factor.SET_UP}
        held = [phase for phase, kind in kinds.items() if slips.read(header, kind) is not None]
        self.phase = held[0] if held else self.phase
        return None if self.phase else rx.redirect("/settings")


def page() -> rx.Component:
    return shell.page(
        rx.el.h1("Second factor", class_name="truncate text-base font-semibold"),
        sections.column(
            flash(),
            rx.cond(SecondFactorPage.phase == "codes", _codes(), _set_up()),
            width="xl",
            gap=5,
        ),
        is_drawn=(shell.me.id > 0) & (SecondFactorPage.phase != ""),
        skeleton=sections.skeleton(1, 10, width="xl"),
    )


def _set_up() -> rx.Component:
    return rx.el.div(
        rx.el.p("Scan this with an authenticator app, or type the letters into it.", class_name="text-muted"),
        rx.el.img(
            src="/auth/second-factor/picture",
            alt="QR code for your authenticator app",
            class_name="size-52 self-center rounded-lg border border-line",
            data_testid="second-factor-picture",
        ),
        _fetched(
            "/auth/second-factor/secret",
            second_factor.TOO_LATE,
            "The letters for your authenticator app",
            "second-factor-secret",
        ),
        posted.form(
            "/auth/second-factor/turn-on",
            posted.field(
                "Code that the app shows now", "code", "text", "one-time-code", max_length=10, input_mode="numeric"
            ),
            posted.password(),
            rx.el.div(
                ui.button("Turn on", type="submit", kind="primary", data_testid="turn-on-second-factor"),
                rx.el.a("Cancel", href="/settings", class_name=f"{ui.BUTTON}{ui.KINDS['plain']}"),
                class_name="flex gap-2",
            ),
        ),
        class_name="flex flex-col gap-5",
    )


def _codes() -> rx.Component:
    return rx.el.div(
        rx.el.h2("Keep these recovery codes", class_name="text-lg font-semibold"),
        rx.el.p(
            "Each lets you in once, if you lose the device with your authenticator app. They are shown only now: print "
            "them, or put them into a password manager.",
            class_name="text-muted",
        ),
        _fetched("/auth/second-factor/recovery-codes", second_factor.SEEN, "Recovery codes", "recovery-codes"),
        rx.el.a(
            "I have kept them",
            href="/settings",
            class_name=f"{ui.BUTTON}{ui.KINDS['primary']} self-start",
            data_testid="recovery-codes-kept",
        ),
        class_name="flex flex-col gap-5",
    )


def _fetched(url: str, gone: str, label: str, test_id: str) -> rx.Component:
    return Fetched.create(
        url=url,
        gone=gone,
        label=label,
        test_id=test_id,
        text_class="min-h-9 overflow-x-auto rounded-md border border-line bg-surface px-3 py-2 font-mono text-sm "
        "leading-6 whitespace-pre-wrap break-words",
        button_class=f"{ui.BUTTON}{ui.KINDS['plain']} self-start",
    )
