"""A board as Trello exports it: lists, cards, labels, checklists, comments, members.

What has no place of its own here is kept as text under the description; docs/import.md says what becomes of each.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.domain.carried import Board, Comment, Row, Someone, Task, Workspace
from app.domain.errors import Invalid
from app.formats import loose, parsing
from app.formats.source import Kind

MOST_ACTIONS = 1000
"""As many comments and other actions has an export of Trello at most, the newest ones."""


class TrelloFile:
    kind: Kind = "trello"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lists: dict[str, int] = {}
        self._members: dict[str, int] = {}
        self._labels: dict[str, str] = {}
        self._fields: dict[str, dict[str, Any]] = {}
        self._checklists: dict[str, list[dict[str, Any]]] = {}
        self._said: dict[str, list[Comment]] = {}
        self._authors: dict[str, str] = {}
        self._orders: dict[str, int] = {}
        self.people: dict[int, Someone] = {}
        self.boards: list[Board] = []
        self.remarks: list[str] = []
        self.workspace: Workspace | None = None
        self._read_frame()
        self._read_order()

    def rows(self) -> Iterator[Row]:
        for number, card in self._cards():
            if loose.text(card, "id") in self._orders:
                try:
                    yield self._task(f"Card {number}", card)
                except Invalid as refusal:
                    yield Invalid(f"Card {number}: {refusal.sentence}")

    def _read_frame(self) -> None:
        """Everything but the cards."""
        name, lists, actions = "", [], 0
        wanted = ("name", "desc", "lists.item", "members.item", "labels.item", "checklists.item", "customFields.item",
                  "actions.item")  # fmt: skip
        for place, value in parsing.values(self._path, wanted):
            if place == "name":
                name = value if isinstance(value, str) else ""
            elif place == "desc":
                if isinstance(value, str) and value.strip():
                    self.remarks.append("The board's description does not come along: boards have none here.")
            elif not isinstance(value, dict):
                raise Invalid(
                    f"This is not what Trello exports: {place.removesuffix('.item')} has something else in it."
                )
            elif place == "lists.item":
                lists.append(value)
            elif place == "members.item":
                self._meet(value)
            elif place == "labels.item":
                self._labels[loose.text(value, "id")] = loose.text(value, "name") or loose.text(value, "color")
            elif place == "checklists.item":
                self._checklists.setdefault(loose.text(value, "idCard"), []).append(value)
            elif place == "customFields.item":
                self._fields[loose.text(value, "id")] = value
            else:
                actions += 1
                self._hear(value)
        if actions >= MOST_ACTIONS:
            self.remarks.append(
                f"Trello exports the newest {MOST_ACTIONS:,} actions: older comments are not in this file."
            )
        open_lists = sorted((it for it in lists if not it.get("closed")), key=loose.position)
        if closed := len(lists) - len(open_lists):
            self.remarks.append(f"{_many(closed, 'archived list')} will stay behind, with the cards in them.")
        self._lists = {loose.text(it, "id"): place for place, it in enumerate(open_lists)}
        self.boards = [Board(name or "Trello", tuple(loose.text(it, "name") for it in open_lists))]

    def _read_order(self) -> None:
        """Which cards come, and in what order those of a list are, which is not that of the file."""
        found: dict[str, list[tuple[float, int, str]]] = {}
        archived = 0
        for number, card in self._cards():
            if loose.text(card, "idList") not in self._lists:
                continue
            if card.get("closed"):
                archived += 1
                continue
            found.setdefault(loose.text(card, "idList"), []).append(
                (loose.position(card), number, loose.text(card, "id"))
            )
        for cards in found.values():
            self._orders |= {id: order for order, (_, _, id) in enumerate(sorted(cards))}
        if archived:
            self.remarks.append(
                f"{_many(archived, 'archived card')} will stay behind; what is brought back in Trello comes along."
            )

    def _cards(self) -> Iterator[tuple[int, dict[str, Any]]]:
        cards = (card for _, card in parsing.values(self._path, ["cards.item"]))
        for number, card in enumerate(cards, 1):
            if isinstance(card, dict):
                yield number, card

    def _meet(self, member: Mapping[str, Any]) -> None:
        id = len(self.people) + 1
        self._members[loose.text(member, "id")] = id
        self.people[id] = Someone(loose.text(member, "fullName") or loose.text(member, "username") or f"Member {id}")

    def _hear(self, action: Mapping[str, Any]) -> None:
        """They come newest first."""
        data, who = loose.part(action, "data"), loose.part(action, "memberCreator")
        card, name = (
            loose.text(loose.part(data, "card"), "id"),
            loose.text(who, "fullName") or loose.text(who, "username"),
        )
        if action.get("type") in ("commentCard", "copyCommentCard") and loose.text(data, "text").strip():
            said = Comment(loose.text(data, "text"), name or "Somebody", loose.moment(action, "date"))
            self._said.setdefault(card, []).insert(0, said)
        elif action.get("type") in ("createCard", "copyCard", "convertToCardFromCheckItem"):
            self._authors[card] = name

    def _task(self, where: str, card: Mapping[str, Any]) -> Task:
        id, due = loose.text(card, "id"), loose.moment(card, "due")
        done_at = loose.moment(card, "dateCompleted") or loose.moment(card, "dateLastActivity") or due
        members = (self._members.get(member) for member in loose.several(card, "idMembers") if isinstance(member, str))
        return Task(
            place=where,
            board=0,
            lane=self._lists[loose.text(card, "idList")],
            order=self._orders[id],
            title=loose.text(card, "name"),
            description=loose.text(card, "desc"),
            due_on=due.date() if due else None,
            author=self._authors.get(id, ""),
            created_at=_born(id),
            completed_at=done_at if card.get("dueComplete") else None,
            assignees=tuple(member for member in members if member),
            comments=tuple(self._said.get(id, ())),
            notes=tuple(self._notes(card)),
        )

    def _notes(self, card: Mapping[str, Any]) -> Iterator[str]:
        """What has no place of its own here, as it is read: descriptions are plain text."""
        labels = [self._labels.get(id, "") for id in loose.several(card, "idLabels") if isinstance(id, str)]
        if named := ", ".join(filter(None, labels)):
            yield f"Labels: {named}"
        for field in loose.several(card, "customFieldItems"):
            if isinstance(field, dict) and (said := self._custom(field)):
                yield said
        for checklist in sorted(self._checklists.get(loose.text(card, "id"), ()), key=loose.position):
            items = sorted(
                (it for it in loose.several(checklist, "checkItems") if isinstance(it, dict)), key=loose.position
            )
            ticks = [f"- [{'x' if it.get('state') == 'complete' else ' '}] {loose.line(it, 'name')}" for it in items]
            yield "\n".join([f"{loose.line(checklist, 'name') or 'Checklist'}:", *ticks])
        links = [_link(it) for it in loose.several(card, "attachments") if isinstance(it, dict)]
        if links:
            yield "\n".join(["Attachments:", *links])

    def _custom(self, given: Mapping[str, Any]) -> str:
        field = self._fields.get(loose.text(given, "idCustomField"), {})
        options = {
            loose.text(it, "id"): loose.text(loose.part(it, "value"), "text") for it in loose.several(field, "options")
        }
        value = next((str(it) for it in loose.part(given, "value").values() if isinstance(it, str | int | float)), "")
        value = options.get(loose.text(given, "idValue"), "") or value
        return f"{loose.line(field, 'name')}: {value}" if value and loose.text(field, "name") else ""


def _link(attachment: Mapping[str, Any]) -> str:
    """Trello keeps it; its address leads there, for those who may see it."""
    name, url = loose.line(attachment, "name") or "attachment", loose.line(attachment, "url")
    return f"- {name}: {url}" if url.startswith(("https://", "http://")) and name != url else f"- {name}"


def _born(id: str) -> datetime | None:
    """When a card was made, which its id begins with."""
    try:
        return datetime.fromtimestamp(int(id[:8], 16), UTC) if len(id) == 24 else None
    except (ValueError, OverflowError, OSError):
        return None


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
