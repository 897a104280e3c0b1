"""What app/sockets.py takes for granted about the inside of uvicorn's WebSocket: an upgrade of it fails here first."""

import asyncio

import pytest
import uvicorn
from uvicorn.server import ServerState

from app import sockets


class Peer(asyncio.Transport):
    """The network to a tab that reads, or does not: it takes one frame more."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.written, self.is_cut, self.protocol = [], False, None

    def is_closing(self) -> bool:
        return self.is_cut

    def write(self, data) -> None:
        self.written.append(bytes(data))
        if self.protocol:
            self.protocol.pause_writing()

    def abort(self) -> None:
        self.is_cut = True


def pushing(peer: Peer) -> sockets.WebSocket:
    """A connection to that peer, its handshake done."""
    config = uvicorn.Config(app=lambda: None, log_config=None)
    config.load()
    connection = sockets.WebSocket(config, ServerState(), {}, _loop=asyncio.get_running_loop())
    connection.connection_made(peer)
    return connection


@pytest.mark.parametrize(("size", "fit"), [(10, sockets.MOST_PACKETS), (sockets.MOST_BYTES // 4, 4)])
async def test_a_tab_that_does_not_read_is_cut_off(size: int, fit: int, caplog):
    peer = Peer()
    connection = pushing(peer)
    peer.protocol = connection
    for _ in range(1 + fit):
        connection.push(b"x" * size)
    assert len(peer.written) == 1, "uvicorn no longer says when a connection cannot be written to."
    assert not peer.is_cut, f"{fit} may wait."
    connection.push(b"x")
    assert peer.is_cut
    assert "does not read" in caplog.text
    connection.push(b"x")
    assert len(peer.written) == 1, "Nothing is written to what was cut off."


async def test_what_waits_for_a_slow_tab_reaches_it_in_order():
    peer = Peer()
    connection = pushing(peer)
    peer.protocol = connection
    frames = [bytes([number]) for number in range(5)]
    for frame in frames:
        connection.push(frame)
    for read in range(1, 5):
        assert peer.written == frames[:read]
        connection.resume_writing()
    peer.protocol = None
    connection.resume_writing()
    connection.push(b"the last")
    assert peer.written == [*frames, b"the last"]
