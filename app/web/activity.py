"""What happened: on a board, to one of its tasks, in a workspace. From now on back, or from any earlier point."""

from datetime import date
from urllib.parse import urlencode

import reflex as rx

from app.domain.access import Actor
from app.domain.drawings.activity import Page, Point, of_board, of_workspace
from app.domain.errors import Invalid
from app.domain.snapshots import ActivityGroup, BoardHeader
from app.web import live, sections, shell, store, ui, url
from app.web.command import Word, local, opens
from app.web.happened import happened_together
from app.web.typed import number

header = store.over(store.Header, BoardHeader)["h"]


class Activity(rx.State):
    place: str = ""
    """The path that is on show."""
    title: str = ""
    task: str = ""
    groups: list[ActivityGroup] = []
    sentence: str = ""
    older: str = ""
    """The address of the next page, or empty."""
    day: str = ""
    is_past: bool = False
    newest: int = 0
    """The revision of the board on show up to which this page tells, where it is the newest one."""

    @opens
    async def open(self, actor: Actor) -> None:
        path, asked = self.router.url.path.rstrip("/"), dict(self.router.url.query_parameters)
        _, kind, part, *_ = path.split("/")
        id, is_board = number(part), kind == "b"
        room = f"board:{id}" if is_board else f"workspace:{id}"
        await live.current().tabs.enter(self.router.session.session_id, actor.id, f"home:{actor.id}", room)
        page, self.sentence = Page(""), ""
        async with live.current().db.reading() as tx:
            try:
                point = _point(asked)
                task_id = number(asked.get("task", ""))
                page = await (
                    of_board(tx, actor, id, point, task_id) if is_board else of_workspace(tx, actor, id, point)
                )
            except Invalid as refusal:
                self.sentence, point = refusal.sentence, Point()
        self.title, self.groups, self.task = page.title, page.groups, asked.get("task", "")
        self.older = _address(path, self.task, before=str(page.older)) if page.older else ""
        self.is_past, self.day = point != Point(), asked.get("on", "")
        shown = [entry.revision for group in page.groups for entry in group.lines] if is_board else []
        self.newest = max(shown, default=0)
        self.place = path

    @local
    async def go_to(self, day: Word, zone: Word) -> rx.event.EventSpec:
        path, task = self.router.url.path.rstrip("/"), self.router.url.query_parameters.get("task", "")
        return rx.redirect(_address(path, task, **({"on": day, "zone": zone} if day else {})))


def _point(asked: dict[str, str]) -> Point:
    try:
        day = date.fromisoformat(asked["on"]) if asked.get("on") else None
    except ValueError:
        raise Invalid("This day could not be understood. Choose another one.") from None
    return Point(number(asked.get("until", "")), number(asked.get("before", "")), day, asked.get("zone", "UTC"))


def _address(path: str, task: str, **asked: str) -> str:
    given = ({"task": str(number(task))} if task else {}) | asked
    return f"{path}?{urlencode(given)}" if given else path


def board_page() -> rx.Component:
    return _page(_of("b", "board"), "/b/" + url.path_part("board"))


def workspace_page() -> rx.Component:
    return _page(_of("w", "workspace"), "/w/" + url.path_part("workspace") + "/members")


def board_title() -> rx.Var[str]:
    return _title(_of("b", "board"))


def workspace_title() -> rx.Var[str]:
    return _title(_of("w", "workspace"))


def _of(place: str, part: str) -> rx.Var[str]:
    return f"/{place}/" + url.path_part(part) + "/activity"


def _title(path: rx.Var[str]) -> rx.Var[str]:
    """For the browser's tab."""
    known = rx.cond((Activity.place == path) & (_about() != ""), "Activity: " + _about(), "Activity")
    return rx.cond(shell.is_shown_out(), shell.SHUT, known).to(str)


def _about() -> rx.Var[str]:
    """What the page is about: a board by its name of now."""
    is_all = (Activity.task == "") & (header.id.to_string() == url.path_part("board"))
    return rx.cond(is_all, header.name, Activity.title).to(str)


def _page(path: rx.Var[str], back: rx.Var[str]) -> rx.Component:
    return shell.page(
        rx.fragment(
            ui.link(
                ui.icon("arrow-left"),
                to=back + rx.cond(Activity.task != "", "?task=" + Activity.task, ""),
                aria_label="Back",
                title="Back",
                kind="icon",
            ),
            rx.el.h1("Activity: ", _about(), class_name=ui.HEADING),
        ),
        sections.column(
            _looking_back(path),
            rx.cond(
                Activity.sentence != "",
                sections.refusal(Activity.sentence),
                rx.cond(
                    Activity.groups.length() > 0,
                    rx.el.ol(
                        rx.foreach(Activity.groups, happened_together),
                        aria_label="What happened, newest first",
                        data_testid="activity",
                        class_name="flex flex-col gap-5",
                    ),
                    ui.empty("history", "Nothing here", "Nothing had happened by then."),
                ),
            ),
            rx.cond(
                Activity.older != "",
                ui.link(
                    "Earlier",
                    to=Activity.older,
                    data_testid="older",
                    kind="plain",
                    class_name="self-start",
                ),
            ),
            width="3xl",
            gap=5,
        ),
        is_drawn=Activity.place == path,
        skeleton=sections.skeleton(6, 14, width="3xl"),
    )


def _looking_back(path: rx.Var[str]) -> rx.Component:
    """The day from which one looks back; and a way to what is newer than the page."""
    zone = rx.Var("Intl.DateTimeFormat().resolvedOptions().timeZone", _var_type=str)
    newest = path + rx.cond(Activity.task != "", "?task=" + Activity.task, "")
    is_old = ~Activity.is_past & (Activity.task == "") & (Activity.newest > 0)
    return rx.el.div(
        ui.form(
            ui.labelled(
                "Until the end of", ui.text_input(name="day", type="date", default_value=Activity.day, required=True)
            ),
            rx.el.input(type="hidden", name="zone", value=zone, read_only=True),
            ui.button("Show", type="submit", data_testid="show-day"),
            on_submit=lambda form: Activity.go_to(form["day"], form["zone"]),
            key=Activity.place + Activity.day,
            class_name="flex items-end gap-2",
        ),
        rx.cond(
            Activity.is_past,
            ui.link("To the newest", to=newest, kind="quiet"),
            rx.cond(
                is_old & (store.Freshness.revision > Activity.newest),
                ui.button(
                    ui.icon("refresh-cw"),
                    "Something new happened",
                    on_click=Activity.go_to("", ""),
                    data_testid="something-new",
                ),
            ),
        ),
        class_name="flex flex-wrap items-end gap-3",
    )
