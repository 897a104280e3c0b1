"""What a file brings, made fit to keep, or refused with where it stands and why: the limits are those of typing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.domain import limits, mentions, text
from app.domain.carried import Board, Comment, Row, Task
from app.domain.comments import KEPT_EDITS, WHAT, Earlier
from app.domain.errors import Invalid
from app.domain.reactions import KINDS
from app.domain.tasks import PRIORITIES

RULE = "\n\n---\n\n"
"""What stands between a description and what has no place of its own."""


def fit_board(board: Board) -> Board:
    """The board as it can be kept; Invalid for one that cannot."""
    name = text.line(board.name, "A board's name")
    try:
        lanes = tuple(text.line(lane, "A lane's name") for lane in board.lanes)
        if not 1 <= len(lanes) <= limits.LANES:
            raise Invalid(f"A board has 1 to {limits.LANES} lanes; this one has {len(lanes):,}.")
        moments = {name: _moment(getattr(board, name)) for name in ("created_at", "archived_at")}
    except Invalid as refusal:
        raise Invalid(f"The board “{name}”: {refusal.sentence}") from None
    return replace(board, name=name, lanes=lanes, **moments)


def fit_all(rows: Sequence[Row]) -> list[Task]:
    """It takes its time with long texts, so that it is best done beside everything else, in a thread."""
    return [fit(row) for row in rows]


def fit(task: Row) -> Task:
    """The task as it can be kept; Invalid, beginning with where it stands, for one that cannot."""
    if isinstance(task, Invalid):
        raise task
    try:
        if task.due_on and not 1970 <= task.due_on.year <= 2199:
            raise Invalid("A due date lies between the years 1970 and 2199.")
        if not 0 <= task.priority < len(PRIORITIES):
            raise Invalid(f"A priority is one of {', '.join(PRIORITIES)}.")
        if len(task.comments) > limits.COMMENTS:
            raise Invalid(f"A task has {limits.COMMENTS:,} comments at most; this one has {len(task.comments):,}.")
        return replace(
            task,
            title=text.line(task.title, "A title", text.TITLE),
            description=text.text(task.description, "A description"),
            author=_name(task.author),
            created_at=_moment(task.created_at),
            completed_at=_moment(task.completed_at),
            assignees=tuple(dict.fromkeys(task.assignees)),
            comments=tuple(_fit_comment(comment) for comment in task.comments),
        )
    except Invalid as refusal:
        raise Invalid(f"{task.place}: {refusal.sentence}") from None


def _fit_comment(comment: Comment) -> Comment:
    if unknown := {reaction.kind for reaction in comment.reactions} - set(KINDS):
        raise Invalid(f"There is no reaction “{min(unknown)[:30]}”.")
    earlier = [Earlier(mentions.checked(text.body, WHAT)[0], text.until) for text in comment.earlier]
    if len(earlier) > KEPT_EDITS:
        raise Invalid(f"Of a comment {KEPT_EDITS} earlier texts are kept; this one has {len(earlier):,}.")
    return replace(
        comment,
        body=mentions.checked(comment.body, WHAT)[0],
        author=_name(comment.author),
        at=_moment(comment.at),
        edited_at=_moment(comment.edited_at),
        earlier=tuple(earlier),
    )


def _name(typed: str) -> str:
    """Somebody's name, as far as there is room for it, or nothing."""
    return text.text(" ".join(typed[:200].split()), "A name", 200)[: text.NAME].strip()


def _moment(at: datetime | None) -> datetime | None:
    if at is not None and not 1970 <= at.year <= 2199:
        raise Invalid("A time lies between the years 1970 and 2199.")
    return at


def with_notes(description: str, notes: Sequence[str]) -> tuple[str, list[str]]:
    """The description with what has no place of its own beneath it; or beside it as comments, where it is too long."""
    if not notes:
        return description, []
    under = "\n\n".join(notes)
    whole = f"{description}{RULE}{under}" if description else under
    if len(whole) <= text.TEXT:
        return whole, []
    return description, _pieces(under)


def _pieces(long: str) -> list[str]:
    """A text in pieces that are short enough for a comment, broken between lines where that is possible."""
    pieces = [""]
    for line in long.split("\n"):
        for start in range(0, len(line) or 1, text.TEXT - 1):
            part = line[start : start + text.TEXT - 1]
            if len(pieces[-1]) + 1 + len(part) > text.TEXT:
                pieces.append("")
            pieces[-1] += f"\n{part}" if pieces[-1] else part
    return [piece for piece in pieces if piece.strip()]
