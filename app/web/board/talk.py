"""The comments of the open task, and where the next one is written."""

from typing import Any

import reflex as rx

from app.domain.snapshots import TalkView, TaskDetail
from app.web import connection, dialogs, store, ui, url
from app.web.ago import Ago
from app.web.board.card import header, people, task_path
from app.web.board.comment import comment, comments
from app.web.board.composer import CLASSES, Composer
from app.web.board.markdown import Markdown
from app.web.board.talk_state import EarlierText, Talk
from app.web.feedback import Feedback
from app.web.session import Session

talks = store.over(store.Comments, TalkView)
writers = store.over(store.Writers, list[int])


def talk(detail: rx.Var[TaskDetail], may_comment: Any, may_moderate: Any) -> rx.Component:
    shown = talks["talk" + detail.id.to_string()]
    may_now, may_moderate_now = may_comment & ~detail.is_trashed, may_moderate & ~detail.is_trashed
    return rx.el.section(
        rx.el.h3(
            "Comments",
            rx.cond(shown.count > 0, rx.el.span(shown.count, class_name="pl-1.5 text-muted tabular-nums")),
            class_name="text-sm font-medium",
        ),
        rx.cond(
            shown,
            rx.fragment(
                _earlier(detail, shown),
                rx.el.ol(
                    rx.foreach(
                        shown.comments,
                        lambda id: comment(
                            comment=comments["c" + id.to_string()],
                            task_id=detail.id,
                            may_comment=may_now,
                            may_moderate=may_moderate_now,
                            key=id.to_string(),
                        ),
                    ),
                    class_name="-mx-2 flex flex-col gap-1 empty:hidden",
                ),
            ),
            rx.el.div(class_name="skeleton h-16"),
        ),
        _composer(detail, may_comment),
        writing(task_id=detail.id),
        aria_label="Comments",
        data_testid="comments",
        class_name="flex min-w-0 flex-col gap-2 border-t border-line pt-4",
    )


def _earlier(detail: rx.Var[TaskDetail], shown: rx.Var[TalkView]) -> rx.Component:
    """What is not on show, and how to have it there; or that what the address points at is gone."""
    wanted = url.query_part("comment")
    return rx.fragment(
        rx.cond(
            (wanted != "") & ~comments["c" + wanted],
            rx.el.p(
                "The comment that this link points at was removed, or is on another task.",
                role="status",
                class_name="rounded-md bg-hover px-3 py-2 text-sm",
            ),
        ),
        rx.cond(
            shown.is_cut,
            rx.el.p("Earlier comments are too long to be shown here.", class_name="text-xs text-muted"),
        ),
        rx.cond(
            (shown.count > shown.comments.length()) & ~shown.is_cut,
            ui.link(
                f"Show all {shown.count} comments",
                to=task_path(detail.id) + "&comments=all",
                data_testid="all-comments",
                kind="quiet",
                class_name="self-start",
            ),
        ),
    )


def _composer(detail: rx.Var[TaskDetail], may_comment: Any) -> rx.Component:
    quoted = comments["c" + Talk.quote.comment_id.to_string()]
    why_not = rx.cond(
        ~may_comment,
        rx.cond(header.is_archived, "This board is archived.", "You cannot comment here any more."),
        rx.cond(detail.is_trashed, "This task is in the trash.", ""),
    )
    return Composer.create(
        draft_name="tandem:draft:" + Session.me.id.to_string() + ":" + detail.id.to_string(),
        people=people,
        members=header.members,
        refused=Feedback.refused,
        receipt=Feedback.receipt,
        connection=connection.current(),
        quoted={"number": Talk.quote.number, "author": quoted.author, "body": quoted.body},
        label="A comment",
        test_id="comment-text",
        why_not=why_not,
        classes=CLASSES,
        on_send=lambda body, key: Talk.add_comment(detail.id, body, key),
        on_write=lambda is_writing: Talk.write(detail.id, is_writing),
        key=detail.id.to_string(),
    )


@rx.memo
def writing(task_id: rx.Var[int]) -> rx.Component:
    """Who else is writing now. By itself, as it changes all the time; its place stays, so that nothing moves."""
    ids = writers["w" + task_id.to_string()]
    others = rx.Var(
        f"({ids!s} ?? []).filter((id) => id !== {Session.me.id!s} && {people!s}[`p${{id}}`])",
        _var_type=list[int],
        _var_data=rx.vars.VarData.merge(
            ids._get_all_var_data(), Session.me._get_all_var_data(), people._get_all_var_data()
        ),
    ).to(list[int])
    name = lambda place: people["p" + others[place].to_string()].name  # noqa: E731 - a Var, named
    return rx.el.p(
        rx.match(
            others.length(),
            (0, rx.fragment()),
            (1, rx.fragment(name(0), " is writing …")),
            (2, rx.fragment(name(0), " and ", name(1), " are writing …")),
            rx.fragment(others.length(), " people are writing …"),
        ),
        role="status",
        data_testid="writing",
        class_name="min-h-4 text-xs text-muted",
    )


def earlier_texts() -> rx.Component:
    """What a comment said before it was edited."""
    return dialogs.dialog(
        "earlier-texts",
        rx.el.ol(
            rx.foreach(Talk.earlier, _earlier_text),
            class_name="flex flex-col divide-y divide-line",
        ),
        title="What it said before",
        data_testid="earlier-texts",
    )


def _earlier_text(text: rx.Var[EarlierText]) -> rx.Component:
    return rx.el.li(
        rx.el.p("Until ", Ago.create(at=text.until), class_name="pb-1 text-xs text-muted"),
        Markdown.create(body=text.body, people=people),
        key=text.until,
        class_name="py-3 first:pt-0",
    )
