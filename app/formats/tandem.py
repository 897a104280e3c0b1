"""Tandem's own file, read task by task. docs/import.md has it field by field."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, ValidationError

from app.domain import carried
from app.domain.carried import Board, Row, Someone, Workspace
from app.domain.comments import Earlier
from app.domain.errors import Invalid
from app.domain.tasks import PRIORITIES
from app.formats import parsing
from app.formats.source import Kind
from app.formats.written import VERSION

M = TypeVar("M", bound=BaseModel)
Id = Annotated[int, Field(ge=0, le=2**31 - 1)]


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("it is to be a text")
    return value


Day = Annotated[date, BeforeValidator(_text)]
Moment = Annotated[AwareDatetime, BeforeValidator(_text)]


class _Part(BaseModel):
    """What is in the file beside these fields is passed over."""

    model_config = {"strict": False, "extra": "ignore"}


class _Workspace(_Part):
    name: str
    description: str = ""
    shows_people: bool = True


class _Person(_Part):
    id: Id
    name: str
    email: str = ""
    role: str = ""


class _Board(_Part):
    name: str
    lanes: list[str]
    created_at: Moment | None = None
    archived_at: Moment | None = None
    is_private: bool = False
    insiders: list[Id] = []


class _Earlier(_Part):
    body: str
    until: Moment


class _Reaction(_Part):
    kind: str
    person: Id
    at: Moment


class _Comment(_Part):
    body: str
    author: str = ""
    at: Moment | None = None
    edited_at: Moment | None = None
    earlier: list[_Earlier] = []
    reactions: list[_Reaction] = []


class _File(_Part):
    name: str
    size: Annotated[int, Field(ge=0)]
    type: str = ""
    sha256: str = ""
    added_by: str = ""
    added_at: Moment


class _Task(_Part):
    lane: Annotated[int, Field(ge=1, le=1000)]
    title: str
    description: str = ""
    priority: Literal["none", "low", "medium", "high", "urgent"] = "none"
    due_on: Day | None = None
    completed_at: Moment | None = None
    created_by: str = ""
    created_at: Moment | None = None
    assignees: list[Id] = []
    comments: list[_Comment] = []
    files: list[_File] = []


class TandemFile:
    kind: Kind = "tandem"
    remarks: Sequence[str] = ()

    def __init__(self, path: Path) -> None:
        self._path = path
        self.people: dict[int, Someone] = {}
        self.boards: list[Board] = []
        self.workspace: Workspace | None = None
        self._read_frame()

    def rows(self) -> Iterator[Row]:
        board, count = -1, 0
        orders: dict[tuple[int, int], int] = {}
        for place, value in parsing.values(self._path, {"boards.item.tasks.item"}, {"boards.item"}):
            if place == "boards.item":
                board, count = board + 1, 0
                continue
            count += 1
            where = f"Task {count}" if len(self.boards) == 1 else f"Task {count} of “{self.boards[board].name}”"
            try:
                given = _read(_Task, value, where)
            except Invalid as refusal:
                yield refusal
                continue
            lane = (board, given.lane - 1)
            orders[lane] = orders.get(lane, -1) + 1
            yield _task(where, *lane, orders[lane], given)

    def _read_frame(self) -> None:
        frames: list[dict[str, Any]] = []
        fields = {f"boards.item.{name}": name for name in _Board.model_fields}
        wanted = {"version", "workspace", "people.item", *fields}
        for place, value in parsing.values(self._path, wanted, {"boards.item"}):
            if place == "version" and value != VERSION:
                raise Invalid(
                    f"This file is in version {str(value)[:20]} of its format, and this Tandem reads version {VERSION}."
                )
            if place == "workspace":
                self.workspace = Workspace(**_read(_Workspace, value, "The workspace").model_dump())
            elif place == "people.item":
                given = _read(_Person, value, f"Person {len(self.people) + 1}")
                self.people[given.id] = Someone(given.name, given.email, given.role)
            elif place == "boards.item":
                frames.append({})
            elif place in fields:
                frames[-1][fields[place]] = value
        for number, frame in enumerate(frames, 1):
            given = _read(_Board, frame, f"Board {number}").model_dump()
            given["lanes"], given["insiders"] = tuple(given["lanes"]), tuple(given["insiders"])
            self.boards.append(Board(**given))


def _task(where: str, board: int, lane: int, order: int, given: _Task) -> carried.Task:
    return carried.Task(
        place=where,
        board=board,
        lane=lane,
        order=order,
        title=given.title,
        description=given.description,
        priority=PRIORITIES.index(given.priority),
        due_on=given.due_on,
        author=given.created_by,
        created_at=given.created_at,
        completed_at=given.completed_at,
        assignees=tuple(given.assignees),
        comments=tuple(_comment(comment) for comment in given.comments),
        files=tuple(carried.File(**file.model_dump()) for file in given.files),
    )


def _comment(given: _Comment) -> carried.Comment:
    return carried.Comment(
        body=given.body,
        author=given.author,
        at=given.at,
        edited_at=given.edited_at,
        earlier=tuple(Earlier(text.body, text.until) for text in given.earlier),
        reactions=tuple(carried.Reaction(**reaction.model_dump()) for reaction in given.reactions),
    )


def _read(model: type[M], value: Any, where: str) -> M:
    """What is there as it should be; Invalid, with where it stands and what is wrong with it."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        if first["type"] == "model_type":
            raise Invalid(f"{where} is not what should stand there.") from None
        field = ".".join(str(part) for part in first["loc"]) or "it"
        raise Invalid(f"{where}: {field[:60]} cannot be read: {first['msg']}.") from None
