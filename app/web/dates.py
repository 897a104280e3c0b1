"""Days and times as people read them, in the language and the zone of their browser: each kind in one way everywhere.

ago.jsx writes them the same way.
"""

from typing import Literal

import reflex as rx

Look = Literal["brief", "day", "minute", "second"]
LOOKS: dict[Look, str] = {
    "brief": '{ day: "numeric", month: "short" }',
    "day": '{ dateStyle: "medium" }',
    "minute": '{ dateStyle: "medium", timeStyle: "short" }',
    "second": '{ dateStyle: "medium", timeStyle: "medium" }',
}


def moment(iso: rx.Var[str], look: Look = "day") -> rx.Var[str]:
    """A time; one without an offset is of the clock that the reader has."""
    return _written(f"new Date({iso!s})", look, iso)


def day(iso: rx.Var[str], look: Look = "day") -> rx.Var[str]:
    """A day, which is the same one in every zone."""
    return _written(f'new Date({iso!s} + "T00:00")', look, iso)


def _written(date: str, look: Look, iso: rx.Var[str]) -> rx.Var[str]:
    words = f"{date}.toLocaleString([], {LOOKS[look]})"
    return rx.Var(words, _var_type=str, _var_data=iso._get_all_var_data()).to(str)
