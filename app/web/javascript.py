"""Where the components stand that are written in JavaScript: each beside the module that puts it on a page."""

import os
import sys
from pathlib import Path


def library(module: str, name: str) -> str:
    """What the file `name` beside `module` (its __name__) is imported as; FileNotFoundError when it is not there.

    As rx.asset(shared=True) has it, which reads the source of everybody who called it to find that module: a second of
    every start.
    """
    source = Path(str(sys.modules[module].__file__)).with_name(name).resolve(strict=True)
    place = Path("external", *module.split("."), name)
    link = Path("assets") / place
    if not link.is_symlink() or link.readlink() != source:
        link.parent.mkdir(parents=True, exist_ok=True)
        fresh = link.with_name(f".{os.getpid()}.{name}")
        fresh.symlink_to(source)
        fresh.replace(link)
    return f"$/public/{place}"
