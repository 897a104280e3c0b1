"""For those who look after this Tandem: everybody with an account, links to get back in, and who may sign up."""

import reflex as rx

from app import settings
from app.domain import accounts, instance
from app.domain.access import Actor
from app.domain.snapshots import AccountRow, InstanceView
from app.domain.transaction import Transaction
from app.web import dialogs, letters, live, shell, store, ui
from app.web.command import Id, Text, Word, command, local, opens
from app.web.copy import copy_field
from app.web.dialogs import Dialogs
from app.web.feedback import Said

view = store.over(store.Accounts, InstanceView)["instance"]
people = store.over(store.Accounts, AccountRow)


class Admin(rx.State):
    default_rule: str = ""
    """What the environment says of who may sign up."""
    link: str = ""

    @opens
    async def open(self, actor: Actor) -> None:
        self.default_rule, self.link = str(settings.get().sign_up), ""
        rooms = (f"home:{actor.id}", f"instance:{instance.ID}")
        await live.current().enter(self.router.session.session_id, actor.id, *rooms)

    @command
    async def set_sign_up(self, tx: Transaction, actor: Actor, rule: Text) -> Said:
        await instance.set_sign_up(tx, actor, rule)
        return Said("Saved.")

    @command(creates=True)
    async def make_reset(self, tx: Transaction, actor: Actor, person_id: Id) -> list:
        token = await accounts.make_reset(tx, actor, person_id)
        link = letters.link(f"/reset/{token}", self.router.headers.origin)
        return [Admin.show(link), Dialogs.open("reset-link", person_id)]

    @local
    def show(self, link: Word) -> None:
        self.link = link


def page() -> rx.Component:
    return shell.page(
        rx.el.h1("Administration", class_name="text-base font-semibold"),
        rx.el.div(
            _sign_up(),
            _people(),
            _link(),
            class_name="mx-auto flex w-full max-w-4xl flex-col gap-10 overflow-y-auto p-4 sm:p-8",
        ),
        is_drawn=view.count > 0,
        skeleton=rx.el.div(
            *(rx.el.div(class_name="skeleton h-12") for _ in range(4)),
            aria_busy="true",
            aria_label="Loading",
            class_name="mx-auto flex w-full max-w-4xl flex-col gap-4 p-4 sm:p-8",
        ),
    )


def _sign_up() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Who may sign up", class_name="pb-3 text-lg font-semibold"),
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
            class_name="flex max-w-xl flex-col gap-3",
        ),
    )


def _people() -> rx.Component:
    shown = view.people.length()
    return rx.el.section(
        rx.el.h2(
            "People ",
            rx.el.span(view.count, class_name="text-sm font-normal text-muted"),
            class_name="pb-3 text-lg font-semibold",
        ),
        rx.el.ul(
            rx.foreach(view.people, lambda id: _person(people["a" + id.to_string()])),
            class_name="divide-y divide-line rounded-lg border border-line bg-raised",
        ),
        rx.cond(
            shown < view.count,
            rx.el.p("These are the first ", shown, " by name.", class_name="pt-3 text-sm text-muted"),
        ),
    )


def _person(person: rx.Var[AccountRow]) -> rx.Component:
    id = person.id.to_string()
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.el.span(person.name, class_name="min-w-0 truncate font-medium"),
                rx.cond(
                    person.is_admin,
                    rx.el.span("Admin", class_name="rounded-full bg-accent-soft px-2 py-0.5 text-xs font-medium"),
                ),
                class_name="flex min-w-0 items-center gap-2",
            ),
            rx.el.span(person.email, class_name="truncate text-sm text-muted"),
            class_name="flex min-w-0 flex-col sm:flex-1",
        ),
        rx.el.div(
            rx.el.span("since ", ui.moment(person.since)),
            rx.cond(
                person.last_seen_at != "",
                rx.el.span("last seen ", ui.moment(person.last_seen_at, has_time=True)),
                rx.el.span("never seen"),
            ),
            class_name="flex flex-col text-xs text-muted sm:w-56",
        ),
        ui.button(
            "Make a reset link",
            kind="quiet",
            on_click=Admin.make_reset(person.id),
            aria_label="Make a reset link for " + person.name,
            data_testid="reset-" + id,
            class_name="max-sm:-ml-2",
        ),
        key=id,
        data_testid="account-" + id,
        data_name=person.name,
        class_name="flex flex-col items-start gap-x-3 gap-y-1 px-3 py-2.5 sm:flex-row sm:items-center",
    )


def _link() -> rx.Component:
    person = people["a" + Dialogs.subject.to_string()]
    return dialogs.dialog(
        "reset-link",
        rx.el.p(
            "Give this to ",
            person.name,
            ", and to nobody else: whoever opens it chooses a new password for the account. It works once, for an "
            "hour, and is shown only now.",
            class_name="pb-3 text-sm text-muted",
        ),
        copy_field(Admin.link, "Reset link", "reset-link"),
        title="A link to choose a new password",
    )
