"""A workspace's name, its members and their roles, its invitations."""

import reflex as rx

from app.domain.permissions import ROLES
from app.domain.snapshots import InviteList, InviteView, PersonCard
from app.web import invite, sections, shell, store, ui, url
from app.web.dialogs import Dialogs
from app.web.invite import Invite
from app.web.members.carrying import carrying, may_add_boards
from app.web.members.leaving import dialogs, leaving
from app.web.members.oversight import private_board_list, receipt_list
from app.web.members.state import Members, invites, is_admin, is_owner, people, workspace
from app.web.session import Session
from app.web.shared_text import shared_text

MEANINGS = {
    "owner": "Everything, and deleting the workspace.",
    "admin": "Members, invitations, archiving, and all that members do.",
    "member": "Boards, lanes and tasks.",
    "commenter": "Looking and commenting.",
    "viewer": "Looking.",
}


def title() -> rx.Var[str]:
    """For the browser's tab, with the name that the workspace has now."""
    known = rx.cond(_is_drawn(), "Members: " + workspace.name, "Members")
    return rx.cond(shell.is_shown_out(), shell.SHUT, known).to(str)


def page() -> rx.Component:
    return shell.page(
        rx.fragment(
            rx.el.h1(workspace.name, class_name="truncate text-base font-semibold"),
            ui.link(
                ui.icon("history"),
                rx.el.span("Activity", class_name="max-sm:sr-only"),
                to="/w/" + workspace.id.to_string() + "/activity",
                data_testid="workspace-activity",
                kind="quiet",
                class_name="ml-auto",
            ),
            rx.cond(
                is_admin(),
                ui.link(
                    ui.icon("scroll-text"),
                    rx.el.span("Audit log", class_name="max-sm:sr-only"),
                    to="/w/" + workspace.id.to_string() + "/audit",
                    data_testid="audit",
                    kind="quiet",
                ),
            ),
        ),
        sections.column(
            rx.cond(is_admin(), _about(), rx.el.p(workspace.description, class_name="whitespace-pre-line text-muted")),
            _members(),
            rx.cond(is_admin(), _invites()),
            rx.cond(is_admin(), receipt_list()),
            rx.cond(is_owner(), private_board_list()),
            rx.cond(may_add_boards(), carrying()),
            ui.section("Leaving", leaving()),
            dialogs(),
            width="3xl",
            gap=10,
        ),
        is_drawn=_is_drawn(),
        skeleton=sections.skeleton(4, 12, width="3xl"),
    )


def _is_drawn() -> rx.Var[bool]:
    return workspace.id.to_string() == url.path_part("workspace")


def _about() -> rx.Component:
    return ui.section(
        "About",
        ui.form(
            shared_text("name", workspace.name, "Name", "workspace-name"),
            ui.button("Rename", type="submit"),
            on_submit=lambda form: Members.rename(workspace.id, form["name"], form["seen"]),
            class_name="flex flex-wrap items-end gap-3 pb-4 [&>label]:flex-1 [&>div]:order-last [&>div]:basis-full",
        ),
        ui.form(
            shared_text("description", workspace.description, "Description", "workspace-description", is_long=True),
            ui.button("Save description", type="submit", class_name="self-end"),
            on_submit=lambda form: Members.describe(workspace.id, form["description"], form["seen"]),
            class_name="flex flex-col gap-3 pb-5",
        ),
        ui.switch(
            "Show who is where",
            "Members see who has a board or a task open, and who is writing a comment. When this is off, nothing of it "
            "is kept or sent to anybody.",
            is_on=workspace.shows_people,
            on_change=lambda is_on: Members.show_people(workspace.id, is_on),
            test_id="show-people",
        ),
    )


def _members() -> rx.Component:
    return ui.section(
        "Members",
        rx.el.ul(
            rx.foreach(workspace.members, lambda id: _member(people["p" + id.to_string()])),
            class_name="divide-y divide-line rounded-lg border border-line bg-raised",
        ),
    )


def _member(person: rx.Var[PersonCard]) -> rx.Component:
    id = person.id.to_string()
    return rx.el.li(
        ui.avatar(person),
        rx.el.span(
            person.name,
            rx.cond(person.id == Session.me.id, rx.el.span(" (you)", class_name="text-muted")),
            class_name="min-w-0 flex-1 truncate",
        ),
        rx.cond(
            is_admin(),
            ui.select(
                *(rx.el.option(role.capitalize(), value=role, title=MEANINGS[role]) for role in ROLES),
                value=person.role,
                on_change=lambda role: Members.change_role(workspace.id, person.id, role),
                aria_label="Role of " + person.name,
                data_testid="role-" + id,
                class_name="max-w-36",
            ),
            rx.el.span(person.role, class_name="text-sm text-muted capitalize"),
        ),
        rx.cond(
            is_admin() & (person.id != Session.me.id),
            ui.icon_button(
                "user-minus",
                "Remove " + person.name,
                on_click=Dialogs.open("remove-member", person.id),
                data_testid="remove-" + id,
            ),
            rx.cond(is_admin(), rx.el.span(class_name="size-8 shrink-0")),
        ),
        key=id,
        data_testid="member-" + id,
        data_name=person.name,
        class_name="flex items-center gap-3 px-3 py-2",
    )


def _invites() -> rx.Component:
    pending = store.over(store.Invites, InviteList)["invites"].invites
    return ui.section(
        "Invitations",
        rx.cond(
            pending.length() > 0,
            rx.el.ul(
                rx.foreach(pending, lambda id: _invite(invites["i" + id.to_string()])),
                class_name="divide-y divide-line rounded-lg border border-line bg-raised",
            ),
            rx.el.p("No invitation is waiting to be used.", class_name="text-muted"),
        ),
        action=invite.button(),
    )


def _invite(invitation: rx.Var[InviteView]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(invitation.role, class_name="capitalize"),
            rx.el.span(
                f"{invitation.max_uses - invitation.uses} of {invitation.max_uses} uses left, until ",
                ui.moment(invitation.expires_at),
                ", by ",
                invitation.created_by,
                rx.cond(invitation.email_domain != "", f", for addresses at {invitation.email_domain}", ""),
                class_name="text-sm text-muted",
            ),
            class_name="flex min-w-0 flex-1 flex-col",
        ),
        ui.button(
            "Revoke",
            kind="quiet",
            on_click=Invite.revoke(workspace.id, invitation.id),
            data_testid="revoke-" + invitation.id.to_string(),
        ),
        key=invitation.id.to_string(),
        data_testid="invitation-" + invitation.id.to_string(),
        class_name="flex items-center gap-3 px-3 py-2",
    )
