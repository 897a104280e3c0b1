"""Home: my workspaces and their boards, and starting new ones."""

from typing import Any, Literal

import reflex as rx

from app.domain import boards, workspaces
from app.domain.access import Actor
from app.domain.snapshots import BoardLink, WorkspaceView
from app.domain.transaction import Transaction
from app.web import dialogs, live, sections, shell, sidebar, ui
from app.web.command import Id, Text, command, opens
from app.web.dialogs import Dialogs


class Home(rx.State):
    @opens
    async def open(self, actor: Actor) -> None:
        await live.current().tabs.enter(self.router.session.session_id, actor.id, f"home:{actor.id}")

    @command(creates=True)
    async def create_workspace(self, tx: Transaction, actor: Actor, workspace_name: Text) -> list:
        _, board_id = await workspaces.create(tx, actor, workspace_name)
        return [Dialogs.close(), rx.redirect(f"/b/{board_id}")]

    @command(creates=True)
    async def create_board(
        self, tx: Transaction, actor: Actor, workspace_id: Id, board_name: Text, seen_by: Literal["everyone", "me"]
    ) -> list:
        board_id = await boards.create(tx, actor, workspace_id, board_name, is_private=seen_by == "me")
        return [Dialogs.close(), rx.redirect(f"/b/{board_id}")]

    @command
    async def restore_board(self, tx: Transaction, actor: Actor, board_id: Id) -> None:
        await boards.restore(tx, actor, board_id)


def page() -> rx.Component:
    return shell.page(
        rx.el.h1("Home", class_name="text-base font-semibold"),
        sections.column(
            rx.el.div(
                rx.el.h2(
                    "Your workspaces", class_name="mr-auto text-lg font-semibold whitespace-nowrap max-sm:text-base"
                ),
                ui.link(
                    ui.icon("file-input"),
                    rx.el.span("Import", class_name="max-sm:sr-only"),
                    to="/import",
                    data_testid="import",
                    kind="plain",
                ),
                ui.button(
                    ui.icon("plus", class_name="max-sm:hidden"),
                    "New workspace",
                    kind="primary",
                    on_click=Dialogs.open("new-workspace", 0),
                    data_testid="new-workspace",
                ),
                class_name="flex items-center gap-2 sm:gap-3",
            ),
            rx.cond(
                sidebar.home.workspaces.length() > 0,
                rx.foreach(sidebar.home.workspaces, lambda id: _workspace(sidebar.workspaces["w" + id.to_string()])),
                ui.empty(
                    "layers",
                    "No workspace yet",
                    "A workspace holds your team's boards. Start one, or open an invitation link from somebody.",
                ),
            ),
            _new_workspace(),
            _new_board(),
            width="4xl",
            gap=5,
        ),
        is_drawn=shell.me.id > 0,
        skeleton=_skeleton(),
    )


def _workspace(workspace: rx.Var[WorkspaceView]) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            ui.link(
                workspace.name,
                to="/w/" + workspace.id.to_string() + "/members",
                class_name="min-w-0 truncate text-base font-semibold hover:underline",
                data_testid="workspace-" + workspace.id.to_string(),
            ),
            rx.el.span(
                workspace.members.length(),
                rx.cond(workspace.members.length() == 1, " member", " members"),
                class_name="text-xs text-muted",
            ),
            class_name="flex min-w-0 items-baseline gap-3 whitespace-nowrap",
        ),
        rx.cond(
            workspace.description != "", rx.el.p(workspace.description, class_name="whitespace-pre-line text-muted")
        ),
        rx.el.div(
            rx.foreach(workspace.boards, lambda board: _board(board, workspace.role)),
            rx.cond(
                _may_add_boards(workspace),
                rx.el.button(
                    ui.icon("plus"),
                    "New board",
                    type="button",
                    on_click=Dialogs.open("new-board", workspace.id),
                    data_testid="new-board-" + workspace.id.to_string(),
                    class_name="flex min-h-16 items-center justify-center gap-2 rounded-lg border border-dashed "
                    "border-strong-line text-muted hover:bg-surface hover:text-ink",
                ),
            ),
            class_name="grid grid-cols-1 gap-3 pt-2 sm:grid-cols-2 lg:grid-cols-3",
        ),
        key=workspace.id.to_string(),
        class_name="flex flex-col gap-1",
    )


def _may_add_boards(workspace: Any) -> Any:
    return rx.Var.create(["owner", "admin", "member"]).contains(workspace.role)


def _board(board: rx.Var[BoardLink], role: rx.Var[str]) -> rx.Component:
    return rx.el.div(
        ui.link(
            ui.icon("square-kanban", 18, class_name="shrink-0 text-accent"),
            rx.el.span(board.name, class_name="min-w-0 truncate font-medium"),
            rx.cond(board.is_private, sidebar.private_mark()),
            to="/b/" + board.id.to_string(),
            data_testid="board-" + board.id.to_string(),
            class_name="flex min-h-16 min-w-0 flex-1 items-center gap-3 rounded-lg px-4",
        ),
        rx.cond(
            board.is_archived,
            rx.el.div(
                rx.el.span("Archived", class_name="text-xs text-muted"),
                rx.cond(
                    (role == "owner") | (role == "admin"),
                    ui.icon_button("archive-restore", "Restore " + board.name, on_click=Home.restore_board(board.id)),
                ),
                class_name="flex items-center gap-1 pr-2",
            ),
        ),
        key=board.id.to_string(),
        class_name="flex min-w-0 items-center rounded-lg border border-line bg-raised shadow-card "
        "hover:border-strong-line",
    )


def _new_workspace() -> rx.Component:
    return dialogs.dialog(
        "new-workspace",
        ui.form(
            ui.labelled(
                "Name",
                ui.text_input(name="workspace_name", required=True, placeholder="For example your team"),
                "It starts with one board of three lanes: To do, Doing, Done.",
            ),
            ui.button(
                "Create workspace",
                type="submit",
                kind="primary",
                data_testid="create-workspace",
            ),
            on_submit=lambda form: Home.create_workspace(form["workspace_name"]),
        ),
        title="New workspace",
    )


def _new_board() -> rx.Component:
    return dialogs.dialog(
        "new-board",
        ui.form(
            ui.labelled("Name", ui.text_input(name="board_name", required=True)),
            ui.labelled(
                "Who can see it",
                ui.select(
                    rx.el.option("Everyone in the workspace", value="everyone"),
                    rx.el.option("Only me, until I let others in", value="me"),
                    name="seen_by",
                ),
            ),
            ui.button("Create board", type="submit", kind="primary"),
            on_submit=lambda form: Home.create_board(Dialogs.subject, form["board_name"], form["seen_by"]),
        ),
        title="New board",
        may=_may_add_boards(sidebar.workspaces["w" + Dialogs.subject.to_string()]),
    )


def _skeleton() -> rx.Component:
    return rx.el.div(
        rx.el.div(class_name="skeleton h-7 w-48"),
        rx.el.div(
            *(rx.el.div(class_name="skeleton h-16") for _ in range(3)),
            class_name="grid grid-cols-1 gap-3 sm:grid-cols-3",
        ),
        aria_busy="true",
        aria_label="Loading",
        class_name="mx-auto flex w-full max-w-4xl flex-col gap-5 p-4 sm:p-8",
    )
