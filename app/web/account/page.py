"""Settings: how I appear to the people I work with, how I sign in, and where I am signed in."""

import reflex as rx

from app.domain import people
from app.web import posted, sections, shell, ui, ways_in
from app.web.account.clock import clock
from app.web.account.devices import devices
from app.web.account.notifications import notifications
from app.web.account.picture import picture
from app.web.account.push import pushes
from app.web.account.state import Account
from app.web.flash import Flash, flash
from app.web.session import Session
from app.web.sidebar import home


def page() -> rx.Component:
    return shell.page(
        rx.el.h1("Settings", class_name="text-base font-semibold"),
        sections.column(
            flash(),
            sections.section("Profile", picture(), _profile()),
            sections.section("Being seen", _being_seen()),
            sections.section("E-mail", flash("email"), _email()),
            sections.section("Password", flash("password"), _password()),
            sections.section("Notifications", notifications()),
            ways_in.section(),
            sections.section("Your day", clock()),
            pushes(),
            sections.section("Devices", devices()),
            width="xl",
            gap=10,
        ),
        is_drawn=shell.me.id > 0,
        skeleton=sections.skeleton(1, 10, width="xl"),
    )


def _profile() -> rx.Component:
    return ui.form(
        ui.labelled("Name", ui.text_input(name="name", default_value=shell.me.name, required=True)),
        rx.el.fieldset(
            rx.el.legend("Colour", class_name="pb-1.5 text-sm font-medium"),
            rx.el.div(
                *(_swatch(color) for color in people.COLORS), class_name="grid w-fit grid-cols-5 gap-2 sm:grid-cols-10"
            ),
        ),
        ui.button("Save", type="submit", kind="primary", class_name="self-start"),
        on_submit=lambda form: Account.save(form["name"], form["color"]),
    )


def _swatch(color: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="color",
            value=color,
            default_checked=shell.me.color == color,
            aria_label=color.capitalize(),
            class_name="peer sr-only",
        ),
        rx.el.span(
            style={"background": ui.HUES[color]},
            class_name="block size-8 cursor-pointer rounded-full border-2 border-canvas peer-checked:ring-2 "
            "peer-checked:ring-ink peer-focus-visible:ring-2 peer-focus-visible:ring-accent",
        ),
        title=color.capitalize(),
    )


def _being_seen() -> rx.Component:
    return ui.switch(
        "Show others where I am",
        "That I have a board or a task open, and that I am writing a comment. When this is off, nothing of it is kept "
        "or sent to anybody.",
        is_on=home.is_shown,
        on_change=Account.show_me,
        test_id="show-me",
    )


def _email() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            "You sign in with ",
            rx.el.strong(Session.me.email),
            rx.cond(
                Account.sends_mail, ". A new address counts once you have opened the link that we send there.", "."
            ),
            class_name="text-muted break-words",
        ),
        _posted(
            "/auth/email",
            posted.field(
                "New address",
                "email",
                "email",
                "email",
                default_value=rx.cond(Flash.about == "email", Flash.email, ""),
            ),
            posted.password(),
            submit="Change e-mail",
            test_id="change-email",
        ),
    )


def _password() -> rx.Component:
    return _posted(
        "/auth/password",
        posted.password(),
        posted.new_password(more=" You stay signed in here, and are signed out everywhere else."),
        submit="Change password",
        test_id="change-password",
    )


def _posted(action: str, *fields: rx.Component, submit: str, test_id: str) -> rx.Component:
    button = ui.button(submit, type="submit", kind="primary", class_name="self-start")
    return posted.form(action, *fields, button, data_testid=test_id)
