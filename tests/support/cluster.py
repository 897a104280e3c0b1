"""A Redis Cluster of three nodes on this machine, each of which keeps a third of the slots."""

import contextlib
import socket
import time
from pathlib import Path
from typing import Any

import redis

from tests.support.services import PATIENCE, RedisServer

SLOTS = 16_384
NODES = 3


class Node(RedisServer):
    """One node; it knows its cluster again after a restart."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.port, self._bus_port = _two_free_ports()
        super().__init__(folder)
        self.url = f"redis://127.0.0.1:{self.port}"

    def client(self) -> contextlib.closing[redis.Redis]:
        return contextlib.closing(redis.Redis(port=self.port, decode_responses=True, socket_timeout=PATIENCE))

    def ask(self, *words: str | int) -> Any:
        with self.client() as client:
            return client.execute_command(*words)

    def meet(self, other: "Node") -> None:
        self.ask("CLUSTER", "MEET", "127.0.0.1", other.port, other._bus_port)

    def is_ready(self) -> bool:
        """Whether it knows all nodes and that every slot is looked after."""
        known = set(self.ask("CLUSTER", "INFO").split())
        return {"cluster_state:ok", f"cluster_slots_ok:{SLOTS}", f"cluster_known_nodes:{NODES}"} <= known

    def _options(self) -> list[str | Path]:
        # A node that is away takes its own third with it and no more; others notice it within two seconds.
        options = ("--cluster-enabled yes", "--cluster-node-timeout 2000", "--cluster-require-full-coverage no")
        ports = (f"--port {self.port}", f"--cluster-port {self._bus_port}", "--bind 127.0.0.1")
        return [word for option in (*options, *ports) for word in option.split()]


class RedisCluster:
    """`url` is that of one node, through which the others are found."""

    def __init__(self, folder: Path) -> None:
        self.nodes: list[Node] = []
        try:
            for number in range(NODES):
                self.nodes.append(Node(folder / str(number)))
            self._join()
        except BaseException:
            self.stop()
            raise
        self.url = f"redis+cluster://127.0.0.1:{self.nodes[0].port}"

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not all(node.is_ready() for node in self.nodes):
            assert time.monotonic() < deadline, [node.ask("CLUSTER", "INFO") for node in self.nodes]
            time.sleep(0.05)

    def stop(self) -> None:
        for node in self.nodes:
            node.stop()

    def _join(self) -> None:
        edges = [SLOTS * number // NODES for number in range(NODES + 1)]
        for number, node in enumerate(self.nodes):
            node.ask("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
            node.ask("CLUSTER", "ADDSLOTSRANGE", edges[number], edges[number + 1] - 1)
        for node in self.nodes[1:]:
            self.nodes[0].meet(node)
        self.wait_until_ready()


def _two_free_ports() -> list[int]:
    with contextlib.ExitStack() as both:
        return [both.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _ in range(2)]
