"""The rows of an import: a file's boards, lanes, tasks and comments, as they are written one after the other."""

import asyncio
import re
import secrets
from collections.abc import Iterable, Sequence
from typing import Literal

from sqlalchemy import insert
from sqlmodel import SQLModel

from app.domain import carried, fitting, limits, mentions, ranks, text
from app.domain.access import Actor
from app.domain.acquaintances import Acquaintances
from app.domain.carried import Load, Tally
from app.domain.errors import Invalid
from app.domain.models import (
    Assignment,
    Board,
    Comment,
    CommentEdit,
    Insider,
    Lane,
    Mention,
    Reaction,
    Task,
    now,
    table,
)
from app.domain.transaction import Transaction

SeenBy = Literal["everyone", "me", "file"]
"""Who can see what comes: all members, the importer alone, or as the file has it."""
NO_BOARD = "There is no board in this file."


class Arrival:
    """One file on its way into a workspace."""

    def __init__(
        self, tx: Transaction, actor: Actor, workspace_id: int, load: Load, seen_by: SeenBy, here: Acquaintances
    ) -> None:
        self._tx, self._actor, self._workspace_id, self._load, self._seen_by = tx, actor, workspace_id, load, seen_by
        self._who = here.recognised(load.people)
        self._members = {*here.members}
        self._tally = Tally(load.boards)
        self._boards: list[Board] = []
        self._audience: list[set[int]] = []
        self._lanes: list[list[int]] = []
        self._ranks: list[str] = []

    async def unload(self) -> None:
        """Write the rows, some at a time."""
        if not self._load.boards:
            raise Invalid(NO_BOARD)
        for board in self._load.boards:
            await self._add_board(fitting.fit_board(board))
        async for part in self._load.tasks:
            tasks = await asyncio.to_thread(fitting.fit_all, part)
            for task in tasks:
                self._tally.add(task)
            await self._add_tasks(tasks)

    async def record(self) -> list[int]:
        tx, actor = self._tx, self._actor
        for place, board in enumerate(self._boards):
            details = {"source": self._load.source, "tasks": self._tally.of(place)}
            told = details if board.is_private else details | {"name": board.name}
            await tx.record("workspace", self._workspace_id, "board.imported", actor.id, "board", board.id, **told)
            await tx.record("board", board.id, "board.imported", actor.id, "board", board.id, **details)
        return [board.id for board in self._boards]

    async def _add_board(self, board: carried.Board) -> None:
        session = self._tx.session
        is_private = self._seen_by == "me" or (self._seen_by == "file" and board.is_private)
        row = Board(
            workspace_id=self._workspace_id,
            name=board.name,
            is_private=is_private,
            created_at=board.created_at or now(),
            archived_at=board.archived_at,
        )
        session.add(row)
        await session.flush()
        inside = self._members
        if is_private:
            listed = board.insiders if self._seen_by == "file" else ()
            inside = {self._actor.id} | {self._who[person] for person in listed if person in self._who}
            session.add_all(Insider(board_id=row.id, person_id=person_id) for person_id in sorted(inside))
        lanes = [Lane(board_id=row.id, name=name, rank=self._rank(place)) for place, name in enumerate(board.lanes)]
        session.add_all(lanes)
        await session.flush()
        self._boards.append(row)
        self._audience.append(inside)
        self._lanes.append([lane.id for lane in lanes])

    async def _add_tasks(self, tasks: Sequence[carried.Task]) -> None:
        rows = [self._row(task) for task in tasks]
        ids = await self._insert(Task, [row for row, _ in rows])
        on = [
            (id, person) for id, task in zip(ids, tasks, strict=True) for person in self._inside(task, task.assignees)
        ]
        await self._insert(Assignment, [Assignment(task_id=id, person_id=person_id) for id, person_id in on])
        said: list[tuple[carried.Task, carried.Comment, Comment]] = []
        for id, task, (_, beside) in zip(ids, tasks, rows, strict=True):
            comments = [*(carried.Comment(body) for body in beside), *task.comments]
            said += [(task, comment, self._comment(id, task, comment)) for comment in comments]
        ids = await self._insert(Comment, [row for *_, row in said])
        parts = [part for id, it in zip(ids, said, strict=True) for part in self._beside(id, *it)]
        for kind in (Mention, Reaction, CommentEdit):
            await self._insert(kind, [part for part in parts if isinstance(part, kind)])

    async def _insert(self, kind: type[SQLModel], rows: Sequence[SQLModel]) -> Sequence[int]:
        """Write rows without the ORM, which would be twice as slow; their ids, where they have any."""
        if not rows:
            return ()
        here, values = table(kind), [row.model_dump() for row in rows]
        if "id" not in here.c:
            await self._tx.session.execute(insert(here), values)
            return ()
        for row in values:
            del row["id"]
        statement = insert(here).returning(here.c.id, sort_by_parameter_order=True)
        return (await self._tx.session.execute(statement, values)).scalars().all()

    def _row(self, task: carried.Task) -> tuple[Task, list[str]]:
        """The task, and as comments what does not fit into its description."""
        description, beside = fitting.with_notes(task.description, [*task.notes, *self._lost(task)])
        row = Task(
            board_id=self._boards[task.board].id,
            lane_id=self._lanes[task.board][task.lane],
            rank=self._rank(task.order),
            title=task.title,
            description=description,
            priority=task.priority,
            due_on=task.due_on,
            created_by=self._actor.id,
            author=task.author,
            created_at=task.created_at or now(),
            completed_at=task.completed_at,
            comments=len(task.comments) + len(beside),
        )
        return row, beside

    def _lost(self, task: carried.Task) -> list[str]:
        """What of the task has no place here, in words: who is not a member, files that did not come along."""
        inside = {*self._inside(task, task.assignees)}
        away = [id for id in task.assignees if self._who.get(id) not in inside]
        names = ", ".join(someone.name for id in away if (someone := self._load.people.get(id)))
        files = "\n".join(f"- {file.name} ({text.size(file.size)})" for file in task.files)
        return [f"Assigned to: {names}"] * bool(names) + [f"Files that did not come along:\n{files}"] * bool(files)

    def _comment(self, task_id: int, task: carried.Task, comment: carried.Comment) -> Comment:
        return Comment(
            task_id=task_id,
            body=self._with_people(task, comment.body),
            version=len(comment.earlier),
            key=secrets.token_hex(16),
            created_by=self._actor.id,
            author=comment.author,
            created_at=comment.at or now(),
            edited_at=comment.edited_at,
        )

    def _beside(
        self, id: int, task: carried.Task, comment: carried.Comment, row: Comment
    ) -> list[Mention | Reaction | CommentEdit]:
        mentioned = {int(person) for _, person in mentions.MENTION.findall(row.body)}
        answers = ((reaction, self._inside(task, [reaction.person])) for reaction in comment.reactions)
        reacted = {(reaction.kind, person): reaction for reaction, people in answers for person in people}
        return [
            *(Mention(comment_id=id, person_id=person) for person in sorted(mentioned)),
            *(Reaction(comment_id=id, kind=kind, person_id=person, at=it.at) for (kind, person), it in reacted.items()),
            *(
                CommentEdit(comment_id=id, version=version, body=self._with_people(task, it.body), until=it.until)
                for version, it in enumerate(comment.earlier)
            ),
        ]

    def _with_people(self, task: carried.Task, body: str) -> str:
        """With mentions of those who are here, and can see the board; of others the name is left."""

        def mention(found: re.Match[str]) -> str:
            name, id = found.groups()
            here = self._inside(task, [int(id)])
            return f"@[{name}](person:{here[0]})" if here else f"@{name}"

        return mentions.MENTION.sub(mention, body)

    def _inside(self, task: carried.Task, people: Iterable[int]) -> list[int]:
        """Who of these people of the file is here and can see the board, in order and once."""
        found = (self._who.get(person) for person in people)
        inside = self._audience[task.board]
        return list(dict.fromkeys(id for id in found if id in inside and id is not None))[: limits.ASSIGNEES]

    def _rank(self, place: int) -> str:
        while len(self._ranks) <= place:
            self._ranks.append(ranks.between(self._ranks[-1] if self._ranks else None, None))
        return self._ranks[place]
