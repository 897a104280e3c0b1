"""Serves a rival exactly as app/serve.py serves us: `python -m bench.rivals.serve floor|rooms|shared_state`."""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from app import settings
from app.serve import Server, listen, reflex_environment

SHARED_STATE = Path(__file__).parent / "shared_state"


class Rival(Server):
    name = ""

    def load(self) -> Any:
        return import_module(self.name).app


def main(name: str) -> None:
    chosen = settings.get()
    listener = listen(chosen.port)
    if name == "shared_state":
        os.chdir(SHARED_STATE)
        sys.path.insert(0, str(SHARED_STATE))
        os.environ.update(reflex_environment(chosen))
        os.environ.update({"REFLEX_REDIS_URL": chosen.redis_url, "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "false"})
        Rival.name = "board.board"
    else:
        Rival.name = f"bench.rivals.{name}"
    Rival(chosen, listener).run()


if __name__ == "__main__":
    main(sys.argv[1])
