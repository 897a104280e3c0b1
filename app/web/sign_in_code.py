"""Signing in, the second step: the code from the authenticator app, or a recovery code."""

import reflex as rx

from app.web import door, ui
from app.web.command import local
from app.web.told import Told


class SignInCode(Told, rx.State):
    @local
    def open(self) -> None:
        self._read_flash()


def page() -> rx.Component:
    return door.card(
        "One more step",
        SignInCode.sentence,
        ui.PostForm.create(
            door.field(
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
            ui.button("Go on", type="submit", kind="primary", class_name="mt-1 w-full"),
            action="/auth/sign-in/code",
            method="post",
            class_name="flex flex-col gap-4",
        ),
        rx.el.p(
            "Lost both? Ask the admin of this Tandem. ",
            rx.el.a("Start again", href="/sign-in", class_name="font-medium text-accent hover:underline"),
            class_name="text-sm text-muted",
        ),
    )
