"""glibc's malloc, told to give back what it does not need.

By itself it keeps a hole of the size of the largest block that it ever gave: the 19 MiB of a password's hash, in every
worker that somebody signed in on. And it keeps what a crowd has left behind, once something small lies above it.
"""

import ctypes
from collections.abc import Callable
from typing import cast

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # <malloc.h>
_OF_ITS_OWN = 2**20
"""Bytes from which on a block has pages of its own, which go back when it is freed."""
_KEPT = 2**22
"""Bytes at the end of the heap that are kept for what comes next."""


def settle() -> None:
    """Holds for this process, and for those that are forked from it."""
    mallopt = _function("mallopt")
    mallopt(_M_MMAP_THRESHOLD, _OF_ITS_OWN)
    mallopt(_M_TRIM_THRESHOLD, _KEPT)


def give_back() -> None:
    """Whole pages of nothing, wherever they lie; takes some 2 ms."""
    _function("malloc_trim")(0)


def _function(name: str) -> Callable[..., int]:
    """Another C library than glibc may have none, and needs none."""
    return cast("Callable[..., int]", getattr(ctypes.CDLL(None), name, lambda *_: 0))
