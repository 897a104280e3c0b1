"""Everybody with an account: live, to be searched, and what can be done for each."""

import reflex as rx

from app.domain.drawings.instance import FOUND
from app.domain.snapshots import AccountRow, InstanceView
from app.web import sections, store, ui
from app.web.admin.state import Admin
from app.web.dialogs import Dialogs
from app.web.session import Session

view = store.over(store.Accounts, InstanceView)["instance"]
rows = store.over(store.Accounts, AccountRow)
MANY = 10
"""So many people are more than one sees at a glance."""
PAUSE = 200
"""Milliseconds without a key after which what is typed is searched for: one event, however fast somebody types."""


def people() -> rx.Component:
    is_searching = Admin.typed != ""
    return sections.section(
        rx.fragment("People ", rx.el.span(view.count, class_name="text-sm font-normal text-muted")),
        rx.cond(
            (view.count > MANY) | is_searching,
            rx.el.div(
                ui.text_input(
                    type="search",
                    placeholder="Search by name or e-mail",
                    aria_label="Search by name or e-mail",
                    auto_complete="off",
                    default_value=Admin.typed,
                    on_change=Admin.search.debounce(PAUSE),
                    data_testid="search-people",
                    class_name="max-w-xl",
                ),
                role="search",
            ),
        ),
        rx.cond(
            is_searching & (Admin.found.length() == 0),
            rx.el.p("Nobody here has this in their name or e-mail.", role="status", class_name="text-muted"),
            rx.el.ul(
                rx.foreach(
                    rx.cond(is_searching, Admin.found, view.people), lambda id: _person(rows["a" + id.to_string()])
                ),
                class_name="divide-y divide-line rounded-lg border border-line bg-raised",
            ),
        ),
        rx.cond(
            is_searching,
            rx.cond(Admin.is_cut, _note(f"These are the first {FOUND} that were found. Type more of the name.")),
            rx.cond(
                view.people.length() < view.count,
                _note("These are the first ", view.people.length(), " by name. Search for the others."),
            ),
        ),
        name="People",
    )


def _note(*words: rx.Var | str) -> rx.Component:
    return rx.el.p(*words, class_name="text-sm text-muted")


def _person(person: rx.Var[AccountRow]) -> rx.Component:
    id = person.id.to_string()
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.el.span(person.name, class_name="min-w-0 truncate font-medium"),
                rx.cond(person.id == Session.me.id, rx.el.span("(you)", class_name="text-muted")),
                rx.cond(person.is_admin, sections.chip("Admin")),
                rx.cond(person.has_second_factor, sections.chip("Second factor")),
                class_name="flex min-w-0 items-center gap-2",
            ),
            rx.el.span(person.email, class_name="truncate text-sm text-muted"),
            class_name="flex min-w-0 flex-1 flex-col",
        ),
        rx.el.div(
            rx.el.span("since ", ui.moment(person.since)),
            rx.cond(
                person.last_seen_at != "",
                rx.el.span("last seen ", ui.moment(person.last_seen_at, has_time=True)),
                rx.el.span("never seen"),
            ),
            class_name="flex flex-col text-xs text-muted max-sm:order-last max-sm:w-full sm:w-56",
        ),
        _menu(person),
        key=id,
        data_testid="account-" + id,
        data_name=person.name,
        class_name="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2.5",
    )


def _menu(person: rx.Var[AccountRow]) -> rx.Component:
    id = person.id.to_string()
    return ui.menu(
        ui.icon_button("ellipsis", "What to do for " + person.name, data_testid="account-menu-" + id),
        ui.menu_item(
            ui.icon("link"),
            "Make a reset link",
            on_select=Admin.make_reset(person.id),
            data_testid="reset-" + id,
        ),
        rx.cond(
            person.has_second_factor,
            _asking("shield-off", "Turn off the second factor", "turn-off-second-factor", person, is_danger=True),
        ),
        rx.cond(
            person.is_admin,
            _asking("user-minus", "Take admin away", "unmake-admin", person, is_danger=True),
            _asking("shield", "Make an admin", "make-admin", person),
        ),
    )


def _asking(icon: str, words: str, dialog: str, person: rx.Var[AccountRow], is_danger: bool = False) -> rx.Component:
    """An item that opens a dialog which asks first."""
    return ui.menu_item(
        ui.icon(icon),
        words,
        is_danger=is_danger,
        on_select=Dialogs.open(dialog, person.id),
        data_testid=dialog + "-" + person.id.to_string(),
    )
