"""The inbox as a page: what concerns me, by what I want to look at."""

import reflex as rx

from app.domain.drawings.inbox import PAGES
from app.web import sections, shell, ui, url
from app.web.news.keys import Keys
from app.web.news.rows import listed, nothing, rows
from app.web.news.state import Inbox

FILTERS = {"all": "All", "unread": "Unread", "direct": "For me", "snoozed": "Snoozed", "done": "Done"}
_CHIP = (
    "rounded-full px-3 py-1 text-sm text-muted whitespace-nowrap max-sm:px-2 hover:bg-hover hover:text-ink "
    "aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-ink"
)


def page() -> rx.Component:
    view = rx.cond(url.query_part("view") == "", "all", url.query_part("view"))
    return shell.page(
        rx.el.h1("Inbox", class_name="text-base font-semibold"),
        sections.column(
            Keys.create(),
            rx.el.div(
                rx.el.nav(
                    *(
                        ui.link(
                            words,
                            to="/inbox" if name == "all" else f"/inbox?view={name}",
                            aria_current=rx.cond(view == name, "page", "false"),
                            data_testid=f"view-{name}",
                            class_name=_CHIP,
                        )
                        for name, words in FILTERS.items()
                    ),
                    aria_label="What to look at",
                    class_name="flex min-w-0 gap-1 overflow-x-auto",
                ),
                ui.button(
                    ui.icon("check-check"),
                    rx.el.span("Mark all as read", class_name="max-sm:sr-only"),
                    on_click=Inbox.read_all,
                    data_testid="read-all",
                ),
                class_name="flex items-center justify-between gap-2",
            ),
            rx.cond(
                listed.rows.length() > 0,
                rx.el.div(rows(), class_name="shrink-0 overflow-hidden rounded-lg border border-line bg-raised"),
                nothing(listed.view),
            ),
            rx.cond(listed.has_more, _more(view)),
            rx.el.p(
                _key("j"),
                _key("k"),
                " down and up ",
                _key("Enter"),
                " open ",
                _key("e"),
                " done ",
                _key("u"),
                " read or unread",
                class_name="text-xs text-muted max-sm:hidden",
            ),
            width="3xl",
            gap=4,
        ),
        is_drawn=listed.view == view,
        skeleton=sections.skeleton(6, 14, width="3xl", gap=2),
        has_inbox=True,
    )


def _more(view: rx.Var[str]) -> rx.Component:
    more = rx.cond(url.query_part("more") == "", "1", url.query_part("more")).to(str)
    following = rx.Var(f"(Number({more!s}) + 1)", _var_type=int, _var_data=more._get_all_var_data()).to(int)
    return rx.cond(
        following <= PAGES,
        ui.link(
            "Show more",
            to="/inbox?view=" + view + "&more=" + following.to_string(),
            data_testid="more-news",
            kind="plain",
            class_name="self-center",
        ),
        rx.el.p("Older news is not shown.", class_name="self-center text-xs text-muted"),
    )


def _key(name: str) -> rx.Component:
    return rx.el.kbd(name, class_name="mx-0.5 rounded border border-line bg-raised px-1 font-mono text-2xs")
