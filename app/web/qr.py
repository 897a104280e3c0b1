"""A text as a QR code, drawn as one path of an inline SVG: no picture is fetched, no markup built from the text."""

from collections.abc import Iterable
from dataclasses import dataclass

import reflex as rx
import segno

LONGEST = 500
"""Characters: a longer text makes a code that a telephone cannot read from a screen."""
MARGIN = 4
"""Modules of white around the code, as its standard asks for."""


@dataclass(frozen=True)
class Code:
    """`path` is the dark modules, a run of a row at a time; `size` the modules on a side, margins included."""

    path: str = ""
    size: int = 0


def code(text: str) -> Code:
    """The code of a text; an empty one when it is too long for it."""
    if not text or len(text) > LONGEST:
        return Code()
    rows = list(segno.make_qr(text, error="m").matrix_iter(border=MARGIN))
    runs = [run for y, row in enumerate(rows) for run in _runs(y, row)]
    return Code("".join(runs), len(rows))


def picture(code: rx.Var[Code] | Code, label: str) -> rx.Component:
    """Dark on white whatever the colours of the page are, or many readers do not know it."""
    return rx.el.svg(
        rx.el.svg.path(d=code.path, fill="#000", shape_rendering="crispEdges"),
        view_box=f"0 0 {code.size} {code.size}",
        role="img",
        aria_label=label,
        data_testid="qr",
        class_name="size-44 self-center rounded-md bg-white",
    )


def _runs(y: int, row: Iterable[int]) -> list[str]:
    runs, start = [], None
    for x, is_dark in enumerate([*row, 0]):
        if is_dark and start is None:
            start = x
        elif not is_dark and start is not None:
            runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            start = None
    return runs
