"""The only ways in which a handler becomes callable from a browser.

`@command` changes something: it knows who, checks the arguments against a strict schema, opens a transaction, and
turns a refusal into a sentence. `@opens` is what a page does when it is opened. `@local` touches this tab only. `prune`
takes every other handler out of Reflex's registry at start, and `is_reachable` is what the gate asks.
"""

import functools
import inspect
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any, get_type_hints

import reflex as rx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model
from reflex_base.registry import RegistrationContext

from app import log
from app.db import PATIENCE_OF_DRAWINGS
from app.domain.errors import Busy, Invalid, NotAllowed, NotFound, Refusal
from app.domain.text import TEXT
from app.figures.declared import OPENED
from app.web import complaints, live, rate, running
from app.web.feedback import Feedback, Receipt, Said
from app.web.measured import measured
from app.web.session import NotSignedIn, Session, actor, me_at

Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
Text = Annotated[str, Field(max_length=TEXT * 2)]
"""Anything typed; how much of it is too much is for the domain to say, with a sentence."""
Word = Annotated[str, Field(max_length=200)]


def _day(typed: object) -> object:
    try:
        return date.fromisoformat(typed) if isinstance(typed, str) and typed else None
    except ValueError:
        raise Invalid("A due date is a day of the calendar, such as 2027-03-31.") from None


Day = Annotated[date | None, BeforeValidator(_day)]
"""An ISO date; the empty string clears it."""

REFLEXS_OWN: dict[str, dict[str, type]] = {
    "reflex___state____state.hydrate_and_load": {"hashes": list},
    "reflex___state____on_load_internal_state.on_load_internal": {},
    "reflex___state____on_load_internal_state.set_is_hydrated": {"value": bool},
}
"""The handlers that Reflex itself needs, and what each may be sent; named as in its registry, less the root state's
prefix."""

SIGNED_OUT = "You are signed out. Keep a copy of what you typed, then load this page again to sign in."

_reachable: set[str] = set()
_marked: set[Callable[..., Any]] = set()


def command(
    handler: Callable[..., Awaitable[Any]] | None = None, *, creates: bool = False, unasked: bool = False
) -> Any:
    """A handler `(self, tx, actor, …)`: what it does is committed when it returns, or refused with a sentence.

    What it returns happens after the commit: events, something `Said`, or a `Receipt`. One that `creates` something
    does so once for a double click. One that is `unasked` the page sends by itself: what was said against its person's
    own try is not out of date by that.
    """
    if handler is None:
        return functools.partial(command, creates=creates, unasked=unasked)
    schema = _schema(handler, given=3)
    name = handler.__name__

    async def run(self: rx.State, /, **sent: Any) -> Any:
        feedback = await self.get_state(Feedback)
        try:
            with measured(name), running.command():
                arguments = _checked(schema, sent)
                if creates and feedback._has_just_done(name, sent):
                    return None
                me = await me_at(self)
                log.about(person=me.id)
                rate.spend(me.id)
                async with live.current().db.transaction() as tx:
                    tx.address = live.current().address_of(self.router.session.session_id)
                    tx.device = self.router.headers.user_agent
                    tx.looking = live.current().sight.lookers
                    answer = await handler(self, tx, actor(me), **arguments)
        except NotSignedIn:
            return feedback._refuse(NotAllowed(SIGNED_OUT), name, sent)
        except Refusal as refusal:
            return feedback._refuse(refusal, name, sent)
        if not unasked:
            feedback._succeed(name, sent)
        if isinstance(answer, Said):
            return feedback._say(answer)
        if isinstance(answer, Receipt):
            return feedback._give_receipt(name, sent)
        return answer

    return _mark(run, handler, given=3)


def opens(handler: Callable[..., Awaitable[Any]]) -> Any:
    """A page's `on_load`, `(self, actor)`: a refusal shows the door instead of the page; it waits for what is busy."""

    async def run(self: rx.State, /, **_: Any) -> Any:
        sid = self.router.session.session_id
        try:
            me = await me_at(self, PATIENCE_OF_DRAWINGS)
            log.about(person=me.id)
            OPENED.add()
            (await self.get_state(Session))._know(me)
            return await handler(self, actor(me))
        except Busy:
            live.current().try_again(sid)
        except NotSignedIn:
            return rx.redirect("/sign-in")
        except (NotFound, NotAllowed) as refusal:
            await live.current().tabs.show_door(sid, refusal.sentence)

    return _mark(run, handler, given=2)


def local(handler: Callable[..., Any]) -> Any:
    """A handler `(self, …)` that changes nothing but what this tab shows."""
    schema = _schema(handler, given=1)

    async def run(self: rx.State, /, **sent: Any) -> Any:
        try:
            result = handler(self, **_checked(schema, sent))
            return await result if inspect.isawaitable(result) else result
        except NotSignedIn:
            (await self.get_state(Feedback))._refuse(NotAllowed(SIGNED_OUT), handler.__name__, sent)
        except Refusal as refusal:
            (await self.get_state(Feedback))._refuse(refusal, handler.__name__, sent)

    return _mark(run, handler, given=1)


def prune() -> None:
    """Take every handler that is not marked out of Reflex's registry; what is left is reachable."""
    registry = RegistrationContext.get().event_handlers
    for name, registered in list(registry.items()):
        fn = registered.handler.fn
        if fn not in _marked and not any(name.endswith(own) for own in REFLEXS_OWN):
            del registry[name]
    _reachable.clear()
    _reachable.update(registry)


def reachable() -> frozenset[str]:
    """The full names of the handlers that a browser may call."""
    return frozenset(_reachable)


def is_reachable(event: object) -> bool:
    """Whether an event is one that a browser may send, by its name and by the shape of what comes with it."""
    if not isinstance(event, dict) or not isinstance(event.get("name"), str) or event["name"] not in _reachable:
        return False
    place = event.get("router_data", {})
    return (
        isinstance(payload := event.get("payload", {}), dict)
        and _is_for_reflex(event["name"], payload)
        and isinstance(place, dict)
        and isinstance(place.get("pathname", ""), str)
        and isinstance(place.get("asPath", ""), str)
        and isinstance(query := place.get("query", {}), dict)
        and all(_is_text(value) for value in query.values())
    )


def _is_for_reflex(name: str, payload: dict[str, Any]) -> bool:
    """Whether a handler of Reflex's own can take this; ours answer to what they cannot take with a sentence."""
    takes = next((takes for own, takes in REFLEXS_OWN.items() if name.endswith(own)), None)
    return takes is None or all(isinstance(value, takes.get(key, ())) for key, value in payload.items())


def _is_text(value: object) -> bool:
    """Text, or a list of texts: what an address has twice, and the parts of one that leads nowhere."""
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(part, str) for part in value))


def _schema(handler: Callable[..., Any], given: int) -> type[BaseModel]:
    """A strict model of the arguments that come from the browser: all but the first `given`."""
    hints = get_type_hints(handler, include_extras=True)
    sent = list(inspect.signature(handler).parameters.values())[given:]
    fields: dict[str, Any] = {it.name: (hints[it.name], ... if it.default is it.empty else it.default) for it in sent}
    return create_model(handler.__qualname__, __config__=ConfigDict(strict=True, extra="forbid"), **fields)


def _checked(schema: type[BaseModel], sent: dict[str, Any]) -> dict[str, Any]:
    try:
        valid = schema.model_validate(sent)
    except ValidationError as error:
        complaints.note(f"Wrong arguments for {schema.__name__}", [e["type"] for e in error.errors()][:5])
        raise Invalid("This could not be understood. Reload the page and try again.") from None
    return {name: getattr(valid, name) for name in schema.model_fields}


def _mark(run: Callable[..., Any], handler: Callable[..., Any], given: int) -> Callable[..., Any]:
    """Make `run` look to Reflex like `handler` without the arguments that are given by us."""
    functools.update_wrapper(run, handler)
    signature = inspect.signature(handler)
    own, *rest = signature.parameters.values()
    sent = [parameter.replace(annotation=Any) for parameter in rest[given - 1 :]]
    looks = signature.replace(parameters=[own, *sent], return_annotation=None)
    run.__signature__ = looks  # type: ignore[attr-defined]  # Read by inspect; functions are not typed to have it.
    run.__annotations__ = {parameter.name: Any for parameter in sent}
    _marked.add(run)
    return run
