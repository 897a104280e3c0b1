"""Administration: who may sign up, whether signing in elsewhere works, and everybody with an account."""

import reflex as rx

from app.web import sections, shell, ui
from app.web.admin import outbox
from app.web.admin.dialogs import dialogs
from app.web.admin.people import people, view
from app.web.admin.state import Admin


def page() -> rx.Component:
    return shell.page(
        rx.el.h1("Administration", class_name="text-base font-semibold"),
        sections.column(
            _figures(),
            _sign_up(),
            _elsewhere(),
            outbox.section(),
            people(),
            dialogs(),
            width="4xl",
            gap=10,
        ),
        is_drawn=view.count > 0,
        skeleton=sections.skeleton(4, 12, width="4xl"),
    )


def _figures() -> rx.Component:
    return sections.section(
        "How it is",
        rx.el.p(
            "Whether everything is there, who is here, how quick it is, and how it was in the last hour; settings and "
            "version.",
            class_name="text-muted",
        ),
        ui.link(
            ui.icon("chart-line"),
            "Figures",
            to="/admin/figures",
            kind="plain",
            class_name="self-start",
            data_testid="figures",
        ),
    )


def _sign_up() -> rx.Component:
    return sections.section(
        "Who may sign up",
        ui.form(
            ui.labelled(
                "Rule",
                ui.text_input(
                    name="rule",
                    default_value=view.sign_up,
                    placeholder=Admin.default_rule,
                    auto_complete="off",
                    key=view.sign_up,
                ),
                "“open” for everybody, “invited” for those with an invitation link, or e-mail domains such as "
                "example.com, example.org. Empty: as this Tandem was started.",
            ),
            ui.button("Save", type="submit", kind="primary", class_name="self-start", data_testid="save-sign-up"),
            on_submit=lambda form: Admin.set_sign_up(form["rule"]),
            class_name="flex max-w-xl flex-col gap-4",
        ),
    )


def _elsewhere() -> rx.Component:
    return sections.section(
        "Signing in elsewhere",
        rx.el.p("Whether it works, step by step, and what to change where it does not.", class_name="text-muted"),
        ui.link(
            ui.icon("key-round"),
            "Check how people sign in",
            to="/admin/sign-in-check",
            kind="plain",
            class_name="self-start",
            data_testid="sign-in-check",
        ),
    )
