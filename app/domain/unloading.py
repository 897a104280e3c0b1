"""The rows of an import: a file's boards, lanes, tasks and comments, as they are written one after the other."""

import asyncio
import re
import secrets
from collections.abc import Iterable, Sequence
from typing import Literal

from app.domain import carried, fitting, limits, mentions, ranks, text
from app.domain.access import Actor
from app.domain.acquaintances import Acquaintances
from app.domain.carried import Load, Row, Tally
from app.domain.errors import Invalid
from app.domain.models import Assignment, Board, Comment, CommentEdit, Insider, Lane, Mention, Reaction, Task, now
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
        """Write the rows; the session is emptied again and again, as there may be more than fits into memory."""
        if not self._load.boards:
            raise Invalid(NO_BOARD)
        for board in self._load.boards:
            await self._add_board(fitting.fit_board(board))
        async for part in self._load.tasks:
            tasks = await asyncio.to_thread(_fitted, part)
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
        session = self._tx.session
        rows = [self._row(task) for task in tasks]
        session.add_all(row for row, _ in rows)
        await session.flush()
        said: list[tuple[carried.Task, carried.Comment, Comment]] = []
        for task, (row, beside) in zip(tasks, rows, strict=True):
            session.add_all(Assignment(task_id=row.id, person_id=id) for id in self._inside(task, task.assignees))
            comments = [*(carried.Comment(body) for body in beside), *task.comments]
            said += [(task, comment, self._comment(row.id, task, comment)) for comment in comments]
        session.add_all(row for *_, row in said)
        await session.flush()
        for task, comment, row in said:
            session.add_all(self._beside(task, comment, row))
        await session.flush()
        session.expunge_all()

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
        self, task: carried.Task, comment: carried.Comment, row: Comment
    ) -> list[Mention | Reaction | CommentEdit]:
        mentioned = {int(id) for _, id in mentions.MENTION.findall(row.body)}
        answers = ((reaction, self._inside(task, [reaction.person])) for reaction in comment.reactions)
        reacted = {(reaction.kind, id): reaction for reaction, people in answers for id in people}
        return [
            *(Mention(comment_id=row.id, person_id=id) for id in sorted(mentioned)),
            *(Reaction(comment_id=row.id, kind=kind, person_id=id, at=it.at) for (kind, id), it in reacted.items()),
            *(
                CommentEdit(comment_id=row.id, version=version, body=self._with_people(task, it.body), until=it.until)
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


def _fitted(rows: Sequence[Row]) -> list[carried.Task]:
    """It takes its time with long texts, so it is done beside everything else."""
    return [fitting.fit(row) for row in rows]
