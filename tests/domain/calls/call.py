"""What a call of a verb is, and how the rows of these tables are written."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from app.domain.access import Actor
from app.domain.errors import NotFound, Refusal
from app.domain.transaction import Transaction
from tests.support.world import World

EVERYONE = {"owner", "admin", "member", "commenter", "viewer"}
COMMENTERS = {"owner", "admin", "member", "commenter"}
EDITORS = {"owner", "admin", "member"}
ADMINS = {"owner", "admin"}
OWNERS = {"owner"}
ANYBODY: set[str] = set()
"""What needs no role."""
both = {"workspace", "board"}
told = {"board", "inbox"}
"""A board, and the inboxes of those who are told."""
everywhere = {"person", "instance"}

Do = Callable[[Transaction, World, Actor], Awaitable[Any]]
Prepare = Callable[[World], Awaitable[Any]]


@dataclass(frozen=True)
class Call:
    """`touches` are the nouns of the topics that get a change, `may` the roles that may make the call.

    `again` is what the same call finds the second time: nothing to do, more to do, or a refusal.
    """

    verb: Callable[..., Any]
    do: Do
    touches: set[str]
    may: set[str]
    again: Literal["nothing", "more"] | type[Refusal]
    first: Prepare | None = None
    by: str = "ana"

    @property
    def name(self) -> str:
        return f"{self.verb.__module__.rpartition('.')[2]}.{self.verb.__name__}"

    async def prepare(self, world: World) -> Actor:
        """Make the call possible; who is to make it."""
        if self.first:
            await self.first(world)
        return world.notes.get(self.by) or getattr(world, self.by)

    async def make(self, world: World, actor: Actor) -> None:
        async with world.db.transaction() as tx:
            await self.do(tx, world, actor)


def on_board(verb: Callable[..., Any], *arguments: Callable[[World], Any], **options: Any) -> Call:
    """A verb that concerns nothing but the board."""
    options = {"touches": {"board"}, "may": EDITORS, "again": "nothing"} | options
    return Call(verb, lambda tx, w, actor: verb(tx, actor, *(argument(w) for argument in arguments)), **options)


def in_workspace(verb: Callable[..., Any], *arguments: Callable[[World], Any], **options: Any) -> Call:
    """A verb on the workspace, which comes right after the actor."""
    return on_board(verb, lambda w: w.workspace_id, *arguments, **{"touches": {"workspace"}, "may": ADMINS} | options)


def on_account(
    verb: Callable[..., Any],
    *arguments: Callable[[World], Any],
    subject: Callable[[World], Any] | None = None,
    **options: Any,
) -> Call:
    """A verb on somebody's own account: Ana's, who looks after this Tandem. `subject` stands in the actor's place."""
    options = {"touches": {"person"}, "may": ANYBODY, "again": NotFound} | options
    given = subject or (lambda w: w.ana)
    return Call(verb, lambda tx, w, actor: verb(tx, given(w), *(argument(w) for argument in arguments)), **options)


def with_own(verb: Callable[..., Any], *arguments: Callable[[World], Any], **options: Any) -> Call:
    """A verb on the person's own account, which needs no role."""
    return on_board(verb, *arguments, **{"touches": {"person"}, "may": ANYBODY} | options)


def ana(w: World) -> int:
    return w.ana.id


def noted(name: str) -> Callable[[World], Any]:
    return lambda w: w.notes[name]


def just(value: Any) -> Callable[[World], Any]:
    return lambda w: value


def task(w: World) -> int:
    return w.task_id


def done(w: World) -> int:
    return w.tasks["Set up the mailing list"]


def board(w: World) -> int:
    return w.board_id


def lane(name: str) -> Callable[[World], int]:
    return lambda w: w.lanes[name]
