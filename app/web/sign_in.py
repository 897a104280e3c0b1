"""Signing up and in: plain forms that post to http.py, which sends them back here when something is wrong."""

from typing import Any

import reflex as rx

from app.web import cookies, ui, url
from app.web.command import local
from app.web.http import FLASH


class SignIn(rx.State):
    """What came back with a form that could not be taken."""

    sentence: str = ""
    email: str = ""
    name: str = ""

    @local
    async def read_flash(self) -> None:
        typed: dict[str, Any] = cookies.read(self.router.headers.cookie or "", FLASH) or {}
        if typed.get("page") != self.router.url.path.rstrip("/"):
            typed = {}
        self.sentence, self.email, self.name = (typed.get(part, "") for part in ("sentence", "email", "name"))


def sign_in_page() -> rx.Component:
    return _page(
        "Sign in",
        "/auth/sign-in",
        _field("E-mail", "email", "email", "username", default_value=SignIn.email),
        _field("Password", "password", "password", "current-password"),
        submit="Sign in",
        other=("New here?", "Create an account", "/sign-up"),
    )


def sign_up_page() -> rx.Component:
    return _page(
        "Create your account",
        "/auth/sign-up",
        _field("Name", "name", "text", "name", default_value=SignIn.name, max_length=100),
        _field("E-mail", "email", "email", "username", default_value=SignIn.email),
        _field("Password", "password", "password", "new-password", "At least 12 characters.", min_length=12),
        submit="Create account",
        other=("Been here before?", "Sign in", "/sign-in"),
    )


def _page(title: str, action: str, *fields: rx.Component, submit: str, other: tuple[str, str, str]) -> rx.Component:
    question, answer, path = other
    next_path = url.query_part("next")
    return rx.el.main(
        rx.el.div(
            rx.el.div(
                rx.el.img(src="/favicon.svg", alt="", class_name="size-9"),
                rx.el.h1(title, class_name="text-xl font-semibold"),
                class_name="flex items-center gap-3",
            ),
            rx.cond(
                SignIn.sentence != "",
                rx.el.p(
                    SignIn.sentence,
                    role="alert",
                    class_name="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger",
                ),
            ),
            ui.PostForm.create(
                *fields,
                rx.el.input(type="hidden", name="next", value=next_path, read_only=True),
                ui.button(submit, type="submit", kind="primary", class_name="mt-1 w-full"),
                # A form that came back is drawn anew with what had been typed.
                key=SignIn.email + SignIn.name,
                action=action,
                method="post",
                class_name="flex flex-col gap-4",
            ),
            rx.el.p(
                question,
                " ",
                rx.el.a(
                    answer,
                    href=rx.cond(next_path != "", path + "?next=" + _encoded(next_path), path),
                    class_name="font-medium text-accent hover:underline",
                ),
                class_name="text-sm text-muted",
            ),
            class_name="flex w-full max-w-sm flex-col gap-5 rounded-xl border border-line bg-raised p-7 shadow-card",
        ),
        class_name="flex min-h-dvh items-center justify-center p-4",
    )


def _field(label: str, name: str, kind: str, autocomplete: str, hint: str = "", **props: Any) -> rx.Component:
    control = ui.text_input(name=name, type=kind, auto_complete=autocomplete, required=True, **props)
    return ui.labelled(label, control, hint)


def _encoded(text: rx.Var[str]) -> rx.Var[str]:
    return rx.Var(f"encodeURIComponent({text!s})", _var_data=text._get_all_var_data()).to(str)
