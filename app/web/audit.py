"""The audit log: of a workspace for its owners and admins, of the whole instance for its admins."""

from typing import Any

import reflex as rx

from app.domain.access import Actor
from app.domain.audit import KINDS
from app.domain.drawings.audit import PAGE, entries, require_reader
from app.domain.errors import Invalid
from app.domain.snapshots import AuditEntry
from app.web import audit_query, live, sections, shell, ui, url
from app.web.command import Word, local, opens
from app.web.typed import number

ALL = "all"
"""The place of the instance's own log."""


class AuditLog(rx.State):
    place: str = ""
    """The id of the workspace on show, or ALL."""
    name: str = ""
    rows: list[AuditEntry] = []
    sentence: str = ""
    filters: dict[str, str] = {}
    older: str = ""
    newest: str = ""
    file: str = ""
    """Addresses; empty where there is no such page."""

    @opens
    async def open(self, actor: Actor) -> None:
        await live.current().tabs.enter(self.router.session.session_id, actor.id, f"home:{actor.id}")
        path, given = self.router.url.path.rstrip("/"), dict(self.router.url.query_parameters)
        part = path.split("/")[2]
        workspace_id = None if path.startswith("/admin/") else number(part)
        async with live.current().db.reading() as tx:
            self.name = await require_reader(tx, actor, workspace_id)
            self.rows, self.sentence, self.older = [], "", ""
            try:
                asked, before = audit_query.question(workspace_id, given), audit_query.before(given)
                found = await entries(tx, asked, before, PAGE + 1)
            except Invalid as refusal:
                self.sentence, found, before = refusal.sentence, [], 0
        self.rows = found[:PAGE]
        if len(found) > PAGE:
            self.older = audit_query.address(path, given, before=str(self.rows[-1].id))
        self.newest = audit_query.address(path, given) if before else ""
        self.file = audit_query.address(f"{path}.csv", given)
        self.filters = {name: given.get(name, "") for name in audit_query.FILTERS}
        self.place = ALL if workspace_id is None else str(workspace_id)

    @local
    async def ask(self, kind: Word, person: Word, since: Word, until: Word, zone: Word) -> rx.event.EventSpec:
        given = {"kind": kind, "person": person, "since": since, "until": until}
        if since or until:
            given["zone"] = zone
        return rx.redirect(audit_query.address(self.router.url.path.rstrip("/"), given))


def title() -> rx.Var[str]:
    """For the browser's tab, of a workspace's log."""
    known = rx.cond(_is_of_workspace(), "Audit log: " + AuditLog.name, "Audit log")
    return rx.cond(shell.is_shown_out(), shell.SHUT, known).to(str)


def page() -> rx.Component:
    return _page(_is_of_workspace())


def instance_page() -> rx.Component:
    return _page(AuditLog.place == ALL)


def _is_of_workspace() -> Any:
    return AuditLog.place == url.path_part("workspace")


def _page(is_drawn: Any) -> rx.Component:
    return shell.page(
        rx.el.h1("Audit log of ", AuditLog.name, class_name="truncate text-base font-semibold"),
        sections.column(
            _filters(),
            rx.cond(
                AuditLog.sentence != "",
                sections.refusal(AuditLog.sentence),
                rx.cond(
                    AuditLog.rows.length() > 0,
                    rx.el.ol(
                        rx.foreach(AuditLog.rows, _entry),
                        aria_label="Entries, newest first",
                        class_name="divide-y divide-line rounded-lg border border-line bg-raised",
                    ),
                    ui.empty("scroll-text", "Nothing here", "Nothing of this kind has happened in these days."),
                ),
            ),
            _turning(),
            width="5xl",
            gap=5,
        ),
        is_drawn=is_drawn,
        skeleton=sections.skeleton(6, 12, width="5xl", gap=3),
    )


def _filters() -> rx.Component:
    given = AuditLog.filters
    zone = rx.Var("Intl.DateTimeFormat().resolvedOptions().timeZone", _var_type=str)
    return ui.form(
        ui.labelled(
            "What",
            ui.select(
                rx.el.option("Everything", value=""),
                *(rx.el.option(words, value=kind) for kind, words in KINDS.items()),
                name="kind",
                default_value=given["kind"],
            ),
        ),
        ui.labelled("Who", ui.text_input(name="person", default_value=given["person"], placeholder="Part of a name")),
        ui.labelled("From", ui.text_input(name="since", type="date", default_value=given["since"])),
        ui.labelled("To", ui.text_input(name="until", type="date", default_value=given["until"])),
        rx.el.input(type="hidden", name="zone", value=zone, read_only=True),
        ui.button("Show", type="submit", kind="primary", data_testid="show-audit", class_name="max-sm:col-span-2"),
        on_submit=lambda form: AuditLog.ask(form["kind"], form["person"], form["since"], form["until"], form["zone"]),
        # Drawn anew with what the address says.
        key=AuditLog.place + given["kind"] + given["person"] + given["since"] + given["until"],
        class_name="grid grid-cols-2 items-end gap-3 sm:grid-cols-[1.4fr_1.2fr_1fr_1fr_auto]",
    )


def _entry(entry: rx.Var[AuditEntry]) -> rx.Component:
    return rx.el.li(
        ui.exact_moment(entry.at, class_name="text-xs text-muted tabular-nums sm:pt-0.5"),
        rx.el.div(
            rx.el.span(
                rx.el.span(rx.cond(entry.actor != "", entry.actor, "Somebody"), class_name="font-medium"),
                ": ",
                entry.words,
                rx.cond(entry.person != "", rx.fragment(" · ", entry.person)),
                rx.cond(entry.subject != "", rx.fragment(" · ", entry.subject)),
            ),
            rx.cond(entry.details != "", rx.el.span(entry.details, class_name="text-xs text-muted")),
            class_name="flex min-w-0 flex-col break-words",
        ),
        rx.el.div(
            rx.cond((AuditLog.place == ALL) & (entry.workspace != ""), rx.el.span(entry.workspace)),
            rx.el.span(entry.address),
            rx.el.span(entry.device, title=entry.device, class_name="truncate"),
            class_name="flex min-w-0 flex-col text-xs text-muted",
        ),
        key=entry.id.to_string(),
        data_testid="entry-" + entry.id.to_string(),
        data_kind=entry.kind,
        class_name="grid gap-x-4 gap-y-1 px-3 py-2.5 text-sm sm:grid-cols-[11rem_1fr_14rem]",
    )


def _turning() -> rx.Component:
    return rx.el.nav(
        rx.cond(AuditLog.newest != "", ui.link("Newest", to=AuditLog.newest, kind="plain")),
        rx.cond(AuditLog.older != "", ui.link("Older", to=AuditLog.older, kind="plain", data_testid="older")),
        rx.cond(
            AuditLog.rows.length() > 0,
            ui.Anchor.create(
                ui.icon("download"),
                "Save as CSV",
                href=AuditLog.file,
                download="audit.csv",
                class_name=f"{ui.BUTTON}{ui.KINDS['plain']} ml-auto",
                data_testid="audit-csv",
            ),
        ),
        aria_label="Pages of the log",
        class_name="flex flex-wrap gap-3",
    )
