"""A comment: who, when, what, and what others answered. It is memoised: a patch draws only those that it changed."""

import reflex as rx

from app.domain.reactions import KINDS
from app.domain.snapshots import CommentView, ReactionView
from app.web import connection, javascript, store, ui, url
from app.web.ago import Ago
from app.web.board.card import header, people, task_path
from app.web.board.composer import CLASSES, Composer
from app.web.board.markdown import Markdown
from app.web.board.talk_state import Talk
from app.web.feedback import Feedback
from app.web.session import Session

comments = store.over(store.Comments, CommentView)
FACES = {
    "thumbs_up": ("thumbs-up", "Good"),
    "heart": ("heart", "Love it"),
    "party": ("party-popper", "Hooray"),
    "laugh": ("laugh", "Funny"),
    "eyes": ("eye", "Looking at it"),
    "sad": ("frown", "Sad"),
}
"""The icon and the words of each reaction."""
assert FACES.keys() == set(KINDS)
SMALL = "rounded px-1 text-xs text-muted hover:bg-hover hover:text-ink "
FAINT = "truncate text-xs text-muted"


class CopyLink(rx.Component):
    library = javascript.library(__name__, "copy_link.jsx")
    tag = "CopyLink"
    path: rx.Var[str]
    label: rx.Var[str]
    test_id: rx.Var[str]


class Marked(rx.Component):
    library = javascript.library(__name__, "marked.jsx")
    tag = "Marked"
    name: rx.Var[str]


@rx.memo
def comment(
    comment: rx.Var[CommentView], task_id: rx.Var[int], may_comment: rx.Var[bool], may_moderate: rx.Var[bool]
) -> rx.Component:
    id = comment.id.to_string()
    is_marked = url.query_part("comment") == id
    said = rx.fragment(
        Markdown.create(body=comment.body, people=people),
        rx.cond(may_comment | (comment.reactions.length() > 0), _reactions(comment, may_comment)),
    )
    return rx.el.li(
        rx.cond(is_marked, Marked.create(name=id)),
        _avatar(comment),
        rx.el.div(
            _head(comment, task_id, may_comment, may_moderate),
            rx.cond(may_comment & (Talk.editing == comment.id), _editor(comment), said),
            class_name="flex min-w-0 flex-1 flex-col gap-1.5",
        ),
        data_testid="comment-" + id,
        class_name=rx.cond(is_marked, "bg-accent-soft ring-1 ring-accent ", "")
        + "group flex gap-2.5 rounded-lg px-2 py-2 scroll-my-4",
    )


def _avatar(comment: rx.Var[CommentView]) -> rx.Component:
    author = people["p" + comment.author_id.to_string()]
    gone = rx.el.span(
        ui.icon("user", 15),
        title=comment.author,
        role="img",
        aria_label=comment.author,
        class_name="flex size-7 shrink-0 items-center justify-center rounded-full bg-hover text-muted",
    )
    return rx.cond(author, ui.avatar(author), gone)


def _head(
    comment: rx.Var[CommentView], task_id: rx.Var[int], may_comment: rx.Var[bool], may_moderate: rx.Var[bool]
) -> rx.Component:
    id = comment.id.to_string()
    address = task_path(task_id) + "&comment=" + id
    return rx.el.div(
        rx.el.span(comment.author, class_name="min-w-0 truncate font-medium"),
        rx.cond(comment.brought_by != "", rx.el.span("imported by ", comment.brought_by, class_name=FAINT)),
        ui.link(
            Ago.create(at=comment.at),
            to=address,
            data_testid="link-" + id,
            class_name="text-xs text-muted hover:underline",
        ),
        rx.cond(
            comment.edited_at != "",
            rx.el.button(
                "edited",
                type="button",
                on_click=Talk.show_earlier(comment.id),
                title="What it said before",
                data_testid="edited-" + id,
                class_name=SMALL,
            ),
        ),
        CopyLink.create(
            path=address,
            label="Copy the link to this comment",
            test_id="copy-" + id,
            class_name=SMALL + "on-hover",
        ),
        rx.cond(may_comment, _menu(comment, may_moderate)),
        class_name="flex min-h-6 items-center gap-1.5 text-sm",
    )


def _menu(comment: rx.Var[CommentView], may_moderate: rx.Var[bool]) -> rx.Component:
    is_mine = comment.author_id == Session.me.id
    return ui.menu(
        ui.icon_button(
            "ellipsis",
            "Actions for the comment of " + comment.author,
            kind="small",
            data_testid="comment-menu-" + comment.id.to_string(),
            class_name="on-hover ml-auto",
        ),
        ui.menu_item(ui.icon("quote"), "Quote", on_select=Talk.begin_quote(comment.id)),
        rx.cond(is_mine, ui.menu_item(ui.icon("pencil"), "Edit", on_select=Talk.begin_edit(comment.id))),
        rx.cond(
            is_mine | may_moderate,
            ui.menu_item(ui.icon("trash-2"), "Remove", is_danger=True, on_select=Talk.remove_comment(comment.id)),
        ),
    )


def _editor(comment: rx.Var[CommentView]) -> rx.Component:
    id = comment.id.to_string()
    return Composer.create(
        draft_name="tandem:draft:" + Session.me.id.to_string() + ":comment:" + id,
        comment=comment,
        people=people,
        members=header.members,
        refused=Feedback.refused,
        receipt=Feedback.receipt,
        connection=connection.current(),
        label="Your comment",
        test_id="edit-" + id,
        why_not="",
        classes=CLASSES,
        on_edit=lambda body, version: Talk.edit_comment(comment.id, body, version),
        on_close=Talk.end_edit,
    )


def _reactions(comment: rx.Var[CommentView], may_react: rx.Var[bool]) -> rx.Component:
    return rx.el.div(
        rx.foreach(comment.reactions, lambda reaction: _reaction(comment, reaction, may_react)),
        rx.cond(may_react, _add_reaction(comment)),
        class_name="flex flex-wrap items-center gap-1.5",
    )


def _reaction(comment: rx.Var[CommentView], reaction: rx.Var[ReactionView], may_react: rx.Var[bool]) -> rx.Component:
    is_mine = reaction.people.contains(Session.me.id)
    who = rx.el.span(
        reaction.names,
        class_name=f"{ui.PANEL} pointer-events-none absolute bottom-full left-0 z-10 mb-1 hidden w-max max-w-60 px-2 "
        "py-1 text-left text-xs font-normal whitespace-normal group-hover/who:block group-focus-visible/who:block",
    )
    return rx.el.button(
        rx.match(reaction.kind, *((kind, ui.icon(icon, 14)) for kind, (icon, _) in FACES.items()), rx.fragment()),
        reaction.people.length(),
        who,
        type="button",
        disabled=~may_react,
        on_click=rx.cond(is_mine, Talk.take_back(comment.id, reaction.kind), Talk.react(comment.id, reaction.kind)),
        aria_label=_words(reaction.kind) + ": " + reaction.names,
        aria_pressed=is_mine,
        key=reaction.kind,
        data_testid="reaction-" + comment.id.to_string() + "-" + reaction.kind,
        class_name=rx.cond(is_mine, "border-accent bg-accent-soft ", "border-line bg-raised hover:bg-hover ")
        + "group/who relative flex h-6 items-center gap-1 rounded-full border px-2 text-xs font-medium tabular-nums",
    )


def _words(kind: rx.Var[str]) -> rx.Var[str]:
    return rx.match(kind, *((name, words) for name, (_, words) in FACES.items()), "").to(str)


def _add_reaction(comment: rx.Var[CommentView]) -> rx.Component:
    id = comment.id.to_string()
    return ui.menu(
        ui.icon_button("smile-plus", "React", kind="small", data_testid="react-" + id),
        *(
            ui.menu_item(ui.icon(icon), words, on_select=Talk.react(comment.id, kind), data_testid=f"react-{kind}")
            for kind, (icon, words) in FACES.items()
        ),
        align="start",
    )
