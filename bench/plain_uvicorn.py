"""Starts the program under uvicorn's own supervisor instead of gunicorn, all else as app/serve.py has it.

`python -m bench.plain_uvicorn` reads the same settings. It is for bench/servers.py, which compares the two.
"""

import os

import uvicorn
from uvicorn.supervisors import Multiprocess

from app import settings
from app.serve import in_a_child, listen, prepare, reflex_environment
from app.workers import Worker

KEEP_ALIVE = 65


def main() -> None:
    chosen = settings.get()
    listener = listen(chosen.port)
    in_a_child(prepare, chosen, False)
    os.environ.update(reflex_environment(chosen))
    same = {name: value for name, value in Worker.CONFIG_KWARGS.items() if name != "timeout_notify"}
    config = uvicorn.Config(
        "app.app:app", workers=chosen.workers, log_level="warning", timeout_keep_alive=KEEP_ALIVE, **same
    )
    Multiprocess(config, sockets=[listener]).run()


if __name__ == "__main__":
    main()
