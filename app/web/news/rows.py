"""The rows of an inbox, as its page and its panel show them."""

from typing import Any

import reflex as rx

from app.domain.snapshots import InboxView, NewsRow
from app.web import dates, store, ui
from app.web.dialogs import Dialogs
from app.web.news.state import Inbox

listed = store.over(store.Inboxes, InboxView)["inbox"]
news = store.over(store.Inboxes, NewsRow)
ZONE = rx.Var("Intl.DateTimeFormat().resolvedOptions().timeZone", _var_type=str)
EMPTY = {
    "all": ("inbox", "Nothing new", "What concerns you comes here: assignments, mentions, and what you watch."),
    "unread": ("check-check", "All read", "There is nothing that you have not seen."),
    "direct": ("at-sign", "Nothing for you alone", "Assignments and mentions come here."),
    "snoozed": ("alarm-clock", "Nothing put off", "What you snooze waits here, and comes back as if it were new."),
    "done": ("archive", "Nothing done yet", "What you are done with goes here."),
}
SNOOZES = {"later": "In three hours", "tomorrow": "Tomorrow morning", "next-week": "Next Monday"}


def rows() -> rx.Component:
    return rx.el.ul(
        rx.foreach(listed.rows, lambda id: row(news=news["n" + id.to_string()], key=id.to_string())),
        aria_label="News, newest first",
        data_inbox="",
        data_testid="inbox",
        class_name="flex flex-col",
    )


def nothing(view: Any) -> Any:
    return rx.match(view, *((name, ui.empty(*words)) for name, words in EMPTY.items()), rx.fragment())


@rx.memo
def row(news: rx.Var[NewsRow]) -> rx.Component:
    id = news.id.to_string()
    return rx.el.li(
        rx.el.span(
            class_name=rx.cond(news.is_unread, "bg-accent ", "bg-transparent ") + "mt-2.5 size-2 shrink-0 rounded-full",
            title=rx.cond(news.is_unread, "Unread", ""),
        ),
        rx.cond(
            news.actor.id > 0,
            ui.avatar(news.actor, "mt-0.5 size-7 text-2xs"),
            rx.el.span(ui.icon("bell", 15), class_name="mt-0.5 grid size-7 shrink-0 place-items-center text-muted"),
        ),
        ui.link(
            rx.el.span(
                rx.el.span(
                    news.title,
                    class_name=rx.cond(news.is_unread, "font-semibold ", "") + "line-clamp-2 min-w-0 break-words",
                ),
                rx.cond(
                    news.unread > 1,
                    rx.el.span(
                        news.unread,
                        title=news.unread.to_string() + " new",
                        class_name="shrink-0 rounded-full bg-accent-soft px-1.5 text-2xs font-semibold tabular-nums",
                    ),
                ),
                rx.el.span(_when(news.at), class_name="ml-auto shrink-0 pl-2 text-xs text-muted tabular-nums"),
                class_name="flex items-baseline gap-2",
            ),
            rx.el.span(news.words, class_name="block text-sm break-words"),
            rx.el.span(
                news.reason,
                rx.cond(news.place != "", " · " + news.place, ""),
                rx.cond(news.until != "", rx.fragment(" · put off until ", ui.moment(news.until, has_time=True))),
                class_name="block text-xs text-muted break-words",
            ),
            to=news.path,
            on_click=[Dialogs.close(), Inbox.read(news.id)],
            data_open="",
            class_name="-mx-1 min-w-0 flex-1 rounded px-1 after:absolute after:inset-0",
        ),
        _actions(news),
        data_testid="news-" + id,
        data_news="",
        data_unread=news.is_unread,
        class_name="group relative flex items-start gap-2.5 border-b border-line px-3 py-2.5 last:border-b-0 "
        "focus-within:bg-hover hover:bg-hover",
    )


def _actions(news: rx.Var[NewsRow]) -> rx.Component:
    return rx.el.div(
        rx.cond(
            news.is_unread,
            ui.icon_button(
                "mail-open", "Mark as read: " + news.title, kind="small", on_click=Inbox.read(news.id), data_toggle=""
            ),
            ui.icon_button(
                "mail", "Mark as unread: " + news.title, kind="small", on_click=Inbox.unread(news.id), data_toggle=""
            ),
        ),
        rx.cond(news.is_done, rx.fragment(), _snooze(news)),
        rx.cond(
            news.is_done,
            ui.icon_button(
                "undo-2",
                "Back to the inbox: " + news.title,
                kind="small",
                on_click=Inbox.take_back(news.id),
                data_done="",
            ),
            ui.icon_button(
                "check",
                "Done: " + news.title,
                kind="small",
                on_click=Inbox.finish(news.id),
                data_done="",
                data_testid="done-" + news.id.to_string(),
            ),
        ),
        class_name="relative z-10 flex shrink-0 items-center",
    )


def _snooze(news: rx.Var[NewsRow]) -> rx.Component:
    return ui.menu(
        ui.icon_button(
            "alarm-clock", "Snooze: " + news.title, kind="small", data_testid="snooze-" + news.id.to_string()
        ),
        *(ui.menu_item(words, on_select=Inbox.snooze(news.id, until, ZONE)) for until, words in SNOOZES.items()),
        rx.cond(news.until != "", ui.menu_item("Bring it back now", on_select=Inbox.wake(news.id))),
    )


def _when(iso: rx.Var[str]) -> rx.Component:
    """The time of today, or else the day; exact when pointed at."""
    at = f"new Date({iso!s})"
    words = (
        f"({at}.toDateString() === new Date().toDateString() "
        f'? {at}.toLocaleTimeString([], {{ hour: "2-digit", minute: "2-digit" }}) : {dates.moment(iso, "brief")!s})'
    )
    shown = rx.Var(words, _var_data=iso._get_all_var_data())
    return rx.el.time(shown, date_time=iso, title=dates.moment(iso, "second"))
