"""My workspaces and their boards: at the side, or on a phone behind a button."""

import reflex as rx

from app.domain.snapshots import BoardLink, HomeView, WorkspaceView
from app.web import store, ui, url

home = store.over(store.Workspaces, HomeView)["home"]
workspaces = store.over(store.Workspaces, WorkspaceView)


def sidebar() -> rx.Component:
    return rx.el.nav(
        _brand(),
        _places(),
        aria_label="Workspaces and boards",
        class_name="flex w-60 shrink-0 flex-col gap-4 overflow-y-auto border-r border-line bg-surface p-3 "
        "max-md:hidden",
    )


def sidebar_on_phones() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            ui.icon("menu", 18),
            aria_label="Workspaces and boards",
            class_name="flex size-9 list-none items-center justify-center rounded-md text-muted",
        ),
        rx.el.nav(
            _places(),
            aria_label="Workspaces and boards",
            class_name=f"{ui.PANEL} absolute left-2 right-2 top-14 z-30 max-h-[75dvh] overflow-y-auto p-3",
        ),
        class_name="md:hidden",
    )


def _brand() -> rx.Component:
    return ui.link(
        rx.el.img(src="/favicon.svg", alt="", class_name="size-6"),
        rx.el.span("Tandem", class_name="font-semibold"),
        to="/",
        class_name="flex items-center gap-2 rounded-md px-1 py-0.5",
    )


def _places() -> rx.Component:
    return rx.el.div(
        ui.link(ui.icon("house"), "Home", to="/", class_name=_PLACE),
        rx.foreach(home.workspaces, lambda id: _workspace(workspaces["w" + id.to_string()])),
        class_name="flex flex-col gap-3",
    )


_PLACE = "flex items-center gap-2 rounded-md px-2 py-1.5 text-sm text-muted hover:bg-hover hover:text-ink "


def _workspace(workspace: rx.Var[WorkspaceView]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(workspace.name, class_name="truncate text-xs font-semibold text-muted"),
            ui.link(
                ui.icon("users", 14),
                to="/w/" + workspace.id.to_string() + "/members",
                aria_label="Members of " + workspace.name,
                title="Members",
                class_name="rounded p-1 text-faint hover:bg-hover hover:text-ink",
            ),
            class_name="flex items-center justify-between gap-2 px-2 pb-1",
        ),
        rx.foreach(workspace.boards, _board),
        key=workspace.id.to_string(),
    )


def _board(board: rx.Var[BoardLink]) -> rx.Component:
    id = board.id.to_string()
    return rx.cond(
        board.is_archived,
        rx.fragment(),
        ui.link(
            ui.icon("square-kanban", 15, class_name="shrink-0"),
            rx.el.span(board.name, class_name="truncate"),
            rx.cond(board.is_private, private_mark()),
            to="/b/" + id,
            key=id,
            aria_current=rx.cond(url.path_part("board") == id, "page", "false"),
            class_name=_PLACE + "aria-[current=page]:bg-accent-soft aria-[current=page]:text-ink",
        ),
    )


def private_mark() -> rx.Component:
    return rx.el.span(
        ui.icon("lock", 13),
        role="img",
        aria_label="Private",
        title="Only the people on its list can see this board",
        class_name="ml-auto shrink-0 text-faint",
    )
