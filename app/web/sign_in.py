"""Signing in and up, the code that may be asked for on the way, and asking for a new password.

Plain forms that post to signing_in.py, second_step.py and recovery.py.
"""

import reflex as rx

from app import settings
from app.domain import instance
from app.web import elsewhere, letters, live, porch, posted, url
from app.web.command import local
from app.web.flash import Flash
from app.web.recovery import NO_MAIL


class SignIn(rx.State):
    rule: str = ""
    """Who may sign up, in words; empty when everybody may."""
    sends_mail: bool = True

    @local
    async def open(self) -> None:
        (await self.get_state(Flash))._read()
        self.sends_mail = letters.are_sent()
        if self.router.url.path.rstrip("/") == "/sign-up":
            async with live.current().db.reading() as tx:
                self.rule = (await instance.sign_up_rule(tx, settings.get().sign_up)).sentence


def sign_in_page() -> rx.Component:
    return porch.page(
        "Sign in",
        porch.form(
            "/auth/sign-in",
            porch.email(),
            posted.password("Password"),
            submit="Sign in",
            next=url.query_part("next"),
        ),
        elsewhere.buttons(),
        porch.small(
            _elsewhere("New here?", "Create an account", "/sign-up"),
            porch.link("Forgot your password?", "/forgot"),
        ),
    )


def code_page() -> rx.Component:
    """The second step: a code from the authenticator app, or a recovery code."""
    return porch.page(
        "One more step",
        porch.form(
            "/auth/sign-in/code",
            posted.field(
                "Code",
                "code",
                "text",
                "one-time-code",
                "Six digits from your authenticator app, or one of your recovery codes.",
                auto_focus=True,
                max_length=40,
                spell_check=False,
                auto_capitalize="none",
            ),
            submit="Go on",
        ),
        porch.small("Lost both? Ask an admin of this Tandem. ", porch.link("Start again", "/sign-in")),
    )


def sign_up_page() -> rx.Component:
    return porch.page(
        "Create your account",
        rx.cond(SignIn.rule != "", rx.el.p(SignIn.rule, data_testid="sign-up-rule", class_name="text-sm text-muted")),
        porch.form(
            "/auth/sign-up",
            posted.field("Name", "name", "text", "name", default_value=Flash.name, max_length=100),
            porch.email(),
            posted.new_password("Password", "password"),
            submit="Create account",
            next=url.query_part("next"),
        ),
        elsewhere.buttons(),
        porch.small(_elsewhere("Been here before?", "Sign in", "/sign-in")),
    )


def forgot_page() -> rx.Component:
    return porch.page(
        "Forgot your password?",
        rx.cond(
            SignIn.sends_mail,
            rx.fragment(
                porch.small("Type the address of your account. We send you a link to choose a new password with."),
                porch.form("/auth/forgot", porch.email(), submit="Send the link"),
            ),
            rx.cond(Flash.sentence != NO_MAIL, porch.small(NO_MAIL)),
        ),
        porch.small(porch.link("Back to signing in", "/sign-in")),
    )


def _elsewhere(question: str, answer: str, path: str) -> rx.Component:
    """The way to the other page, which leads on to the same place."""
    next_path = url.query_part("next")
    href = rx.cond(next_path != "", path + "?next=" + url.encoded(next_path), path)
    return rx.el.span(question, " ", porch.link(answer, href), class_name="block pb-1.5 last:pb-0")
