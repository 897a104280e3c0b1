"""What app/web/wire.py relies on in Reflex and Socket.IO: an upgrade fails here first, and says what broke."""

import asyncio
import dataclasses
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import reflex as rx
from reflex.istate.manager.token import BaseStateToken
from reflex.state import StateUpdate
from reflex_base.registry import RegistrationContext
from socketio.packet import CONNECT, Packet
from websockets.client import ClientProtocol
from websockets.frames import Frame
from websockets.protocol import State
from websockets.uri import parse_uri

from app.domain.snapshots import LaneView, TaskCard
from app.web import deltas, store, wire
from app.web.wire import Wire

CARD = TaskCard(17, 3, "Draw the logo", False, 2, "2027-03-31", (1, 2), True, 3, 4)


@pytest.fixture
def app() -> Iterator[rx.App]:
    """An app of Reflex's, to be connected to by name."""
    with RegistrationContext.get().fork():  # There is one app in a context, and other tests may have it.
        yield rx.App(_state=rx.State)


async def connected(app: rx.App, *tabs: str) -> list[str]:
    """Connections without a network: what is pushed into them is kept."""
    app.pushed = getattr(app, "pushed", [])
    for tab in tabs:
        scope = {"tandem.push": lambda frame, tab=tab: app.pushed.append((tab, frame))}
        app.sio.environ[tab] = {"asgi.scope": scope}
    return [await app.sio.manager.connect(tab, "/_event") for tab in tabs]


def sent(app: rx.App) -> list[tuple[str, bytes]]:
    """Who was sent which frame since the last time."""
    frames, app.pushed = app.pushed, []
    return frames


def text_of(frame: bytes) -> str:
    """What a browser reads in a frame."""
    browser = ClientProtocol(parse_uri("ws://localhost"), state=State.OPEN)
    browser.receive_data(frame)
    [received] = browser.events_received()
    return received.data.decode()


async def test_a_tab_that_has_gone_before_it_is_greeted_breaks_nothing_and_leaves_nothing(app: rx.App):
    greeting = str(Packet(CONNECT, namespace="/_event").encode())
    with pytest.raises(KeyError):  # The premise: by itself Socket.IO fails on it.
        await app.sio._handle_eio_message("gone", greeting)
    app.sio.manager.rooms.clear()
    Wire(app)
    await app.sio._handle_eio_message("gone", greeting)
    assert not app.sio.manager.rooms


async def test_a_patch_to_a_room_is_encoded_once_and_reaches_only_the_room(app: rx.App, monkeypatch):
    ana, ben, cleo = await connected(app, "ana", "ben", "cleo")
    wire = Wire(app)
    await wire.enter(ana, "board:1")
    await wire.enter(ben, "board:1")
    encoded = count_calls(monkeypatch, Packet, "encode")
    framed = count_calls(monkeypatch, Frame, "serialize")
    wire.send_room("board:1", deltas.patch({"t17": CARD}, {}, 41))
    packets = sent(app)
    assert sorted(to for to, _ in packets) == ["ana", "ben"], "A room's patch goes to others than those in the room."
    assert len(encoded) == len(framed) == 1, "A patch is encoded for each viewer: its cost has become a multiple."
    assert len({id(packet) for _, packet in packets}) == 1

    await wire.leave(ben, "board:1")
    wire.send_room("board:1", deltas.patch({"t17": CARD}, {}, 42))
    assert [to for to, _ in sent(app)] == ["ana"], "Whoever left a room is still sent its patches."
    wire.send(cleo, deltas.door("Not you."))
    assert [to for to, _ in sent(app)] == ["cleo"]
    await app.event_namespace.emit("event", StateUpdate(delta={}), to=cleo)
    [(to, frame)] = sent(app)
    assert to == "cleo" and text_of(frame).startswith('42/_event,["event",'), "Reflex's own does not get through."
    await app.sio._send_packet("cleo", Packet(CONNECT, namespace="/_event", data={"sid": cleo}))
    [(to, frame)] = sent(app)
    assert text_of(frame).startswith("40/_event,{"), "Socket.IO's greeting takes another way, and may come too late."


async def test_a_patch_on_the_wire_is_one_event_with_the_entities_by_key(app: rx.App):
    [ana] = await connected(app, "ana")
    lane = LaneView(3, "Doing", 1, (17,))
    Wire(app).send(ana, deltas.patch({"t17": CARD}, {"l3": lane}, 41))
    [(_, frame)] = sent(app)
    assert text_of(frame).startswith('42/_event,["event",')
    _, content = json.loads(text_of(frame).removeprefix("42/_event,"))
    assert content["delta"] == {
        store.Cards.get_full_name(): {"t17": json.loads(json.dumps(dataclasses.asdict(CARD)))},
        store.Lanes.get_full_name(): {"l3": None},
        store.Freshness.get_full_name(): {"revision_rx_state_": 41},
    }, "A frozen dataclass is no longer sent as an object of its fields, or a delta is no longer what it was."


@pytest.mark.parametrize(
    ("reason", "close_code", "has_left"),
    [
        ("client disconnect", None, True),
        ("transport close", 1001, True),
        ("transport close", 1006, False),
        ("ping timeout", None, True),
    ],
)
async def test_the_end_of_a_connection_is_told_and_how_it_ended(app: rx.App, reason, close_code, has_left):
    [ana] = await connected(app, "ana")
    app.sio.environ["ana"]["asgi.scope"]["tandem.close_code"] = close_code
    ended = []
    Wire(app).on_gone(lambda sid, closed: ended.append((sid, closed)))
    await app.event_namespace.trigger_event("disconnect", ana, reason)
    assert ended == [(ana, has_left)], "on_disconnect of the event namespace is no longer where a connection ends."


async def test_reflex_still_knows_which_tabs_are_connected(app: rx.App):
    [ana] = await connected(app, "ana")
    wire = Wire(app)
    assert not wire.is_connected(ana)
    await app.event_namespace._token_manager.link_token_to_sid("a token", ana)
    assert wire.is_connected(ana), "sid_to_token of the token manager no longer holds the connected tabs."
    await app.event_namespace.on_disconnect(ana)
    assert not wire.is_connected(ana)


async def test_the_state_of_a_tab_that_stays_away_is_let_go(app: rx.App, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wire, "KEEP_STATE", 0.05)
    manager, tokens = app.state_manager, app.event_namespace._token_manager
    one, other = await connected(app, "ana", "ben")
    Wire(app).on_gone(lambda sid, closed: None)
    for sid, token in ((one, "stays away"), (other, "comes back")):
        await tokens.link_token_to_sid(token, sid)
        async with manager.modify_state(BaseStateToken(ident=token, cls=rx.State)):
            pass
    assert set(manager.states) == {"stays away", "comes back"}, "States are no longer kept by the tab's token."
    for sid in (one, other):
        await app.event_namespace.on_disconnect(sid)
    await tokens.link_token_to_sid("comes back", other)
    await asyncio.sleep(0.2)
    assert set(manager.states) == set(manager._states_locks) == {"comes back"}


def count_calls(monkeypatch: pytest.MonkeyPatch, owner: type[Any], name: str) -> list[Any]:
    calls: list[Any] = []
    method = getattr(owner, name)

    def counted(self: Any, *arguments: Any, **named: Any) -> Any:
        calls.append(SimpleNamespace(self=self, arguments=arguments))
        return method(self, *arguments, **named)

    monkeypatch.setattr(owner, name, counted)
    return calls
