"""Each kind of change in words: what somebody did, to what, from what, to what.

A new kind that is recorded on a board or a workspace gets its words here, or a test says so.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.domain.tasks import PRIORITIES

HIDDEN = (
    "member.tabs_told",
    "insider.tabs_told",
    "board.tabs_told",
    "person.changed",
    "board.shared",
    "workspace.described",
)
"""What is of no interest there, or is told elsewhere."""
ENTITIES = {"task": "task", "lane": "lane", "board": "board", "member": "person", "person": "person"}
"""Of which table the id of an entity is."""


@dataclass(frozen=True)
class Names:
    """What things are called now, by id; of comments what they say, unless they were removed."""

    people: dict[int, str] = field(default_factory=dict)
    tasks: dict[int, str] = field(default_factory=dict)
    lanes: dict[int, str] = field(default_factory=dict)
    boards: dict[int, str] = field(default_factory=dict)
    comments: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """“Ben [words] [subject]: [before] → [after]”."""

    words: str
    subject: str = ""
    before: str = ""
    after: str = ""


def line(change: Any, names: Names) -> Line:
    """What a row of `change` says."""
    words = WORDS.get(change.kind)
    if words is None:
        return Line(change.kind.replace(".", " ").replace("_", " "))
    return words(change, names) if callable(words) else Line(words, _subject(change, names))


def _subject(change: Any, names: Names) -> str:
    """What it was done to, by the name that it has now, or had then."""
    called: dict[str, dict[int, str]] = {
        "task": names.tasks,
        "lane": names.lanes,
        "board": names.boards,
        "member": names.people,
    }
    details = change.details
    then = details.get("title") or details.get("name") or ""
    return called.get(change.entity, {}).get(change.entity_id) or str(then)


def _renamed(change: Any, names: Names) -> Line:
    return Line("renamed", "", change.details.get("from", ""), change.details.get("to", ""))


def _described(change: Any, names: Names) -> Line:
    return Line("changed the description of", _subject(change, names), change.details["from"], change.details["to"])


def _added(change: Any, names: Names) -> Line:
    count = len(change.details.get("task_ids", ()))
    return Line("added", _subject(change, names)) if count < 2 else Line(f"added {count} tasks")


def _moved(change: Any, names: Names) -> Line:
    source, target = change.details["from"], change.details["to"]
    if source == target:
        return Line("moved within its lane", _subject(change, names))
    return Line("moved", _subject(change, names), names.lanes.get(source, "a lane"), names.lanes.get(target, "a lane"))


def _due(change: Any, names: Names) -> Line:
    before, after = change.details["from"] or "none", change.details["to"] or "none"
    return Line("set the due date of", _subject(change, names), before, after)


def _prioritised(change: Any, names: Names) -> Line:
    before, after = PRIORITIES[change.details["from"]], PRIORITIES[change.details["to"]]
    return Line("set the priority of", _subject(change, names), before, after)


def _with_person(words: str) -> Callable[[Any, Names], Line]:
    def told(change: Any, names: Names) -> Line:
        who = names.people.get(change.details["person_id"], "somebody")
        count = len(change.details.get("task_ids", ()))
        subject = f"{count} tasks" if count > 1 else _subject(change, names)
        return Line(words.format(who), subject)

    return told


def _with_file(words: str) -> Callable[[Any, Names], Line]:
    return lambda change, names: Line(words.format(change.details["name"]), _subject(change, names))


def _said(words: str) -> Callable[[Any, Names], Line]:
    def told(change: Any, names: Names) -> Line:
        return Line(words, _subject(change, names), "", names.comments.get(change.details["comment_id"], ""))

    return told


def _role_changed(change: Any, names: Names) -> Line:
    return Line("changed the role of", _subject(change, names), change.details["from"], change.details["to"])


def _lane_deleted(change: Any, names: Names) -> Line:
    target = change.details.get("to")
    return Line(
        "deleted the lane",
        change.details["name"],
        "",
        f"its tasks went to {names.lanes.get(target, 'a lane')}" if target else "",
    )


WORDS: dict[str, str | Callable[[Any, Names], Line]] = {
    "task.added": _added,
    "task.renamed": _renamed,
    "task.described": _described,
    "task.completed": "completed",
    "task.reopened": "reopened",
    "task.due_set": _due,
    "task.prioritised": _prioritised,
    "task.assigned": _with_person("assigned {} to"),
    "task.unassigned": _with_person("took {} off"),
    "task.moved": _moved,
    "task.trashed": "moved to the trash",
    "task.restored": "brought back from the trash",
    "task.attached": _with_file("added the file {} to"),
    "task.detached": _with_file("removed the file {} from"),
    "task.reattached": _with_file("brought back the file {} of"),
    "comment.added": _said("commented on"),
    "comment.edited": _said("edited a comment on"),
    "comment.removed": "removed a comment on",
    "comment.restored": _said("brought back a comment on"),
    "comment.reacted_to": _said("reacted to a comment on"),
    "comment.reaction_removed": _said("took back a reaction on"),
    "lane.added": "added the lane",
    "lane.renamed": _renamed,
    "lane.moved": "moved the lane",
    "lane.deleted": _lane_deleted,
    "board.created": "started the board",
    "board.imported": "brought in the board",
    "board.renamed": _renamed,
    "board.archived": "archived the board",
    "board.restored": "restored the board",
    "board.made_private": "made the board private",
    "board.made_open": "opened the board to everyone in the workspace",
    "board.taken_over": "got access, as an owner of the workspace:",
    "insider.added": "shared the board with",
    "insider.left": "left the board:",
    "insider.removed": "took off the board:",
    "workspace.created": "started the workspace",
    "workspace.renamed": _renamed,
    "workspace.handed_over": "handed the workspace over to",
    "workspace.deleted": "deleted the workspace",
    "workspace.people_shown": "turned on that one sees who is where",
    "workspace.people_hidden": "turned off that one sees who is where",
    "member.joined": "joined",
    "member.role_changed": _role_changed,
    "member.removed": "removed",
    "member.left": "left",
    "invite.created": "made an invitation",
    "invite.revoked": "revoked an invitation",
}
