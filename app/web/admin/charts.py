"""Lines over the last hour (rx.recharts, whose script only the page of figures loads)."""

from typing import Any

import reflex as rx
from reflex_components_recharts.general import GraphingTooltip as Recharts

from app.web.admin.figures_state import FiguresPage

CLOCK = 'new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })'
COLORS = ("var(--accent)", "var(--good)", "var(--warn)", "var(--danger)")
DASHES = ("0", "6 3", "2 3", "8 3 2 3")
"""So that lines are told apart without their colours."""


class GraphingTooltip(Recharts):
    """What a point says; recharts formats its heading with a function."""

    label_formatter: rx.Var[Any]


def chart(title: str, unit: str, test_id: str, *lines: tuple[str, str]) -> rx.Component:
    """`lines` are names of a sample's fields and what they are called."""
    return rx.el.figure(
        rx.el.figcaption(
            rx.el.span(title, class_name="font-medium"),
            rx.el.span(unit, class_name="text-xs text-muted"),
            class_name="flex items-baseline justify-between gap-2 text-sm",
        ),
        rx.el.div(
            rx.recharts.line_chart(
                *(_line(place, name, words) for place, (name, words) in enumerate(lines)),
                rx.recharts.cartesian_grid(stroke="var(--line)", vertical=False),
                rx.recharts.x_axis(
                    data_key="at",
                    type_="number",
                    domain=["dataMin", "dataMax"],
                    tick_formatter=f"(at) => {CLOCK}",
                    min_tick_gap=48,
                    **_AXIS,
                ),
                rx.recharts.y_axis(width=44, allow_decimals=True, domain=[0, "auto"], **_AXIS),
                GraphingTooltip.create(
                    is_animation_active=False,
                    label_formatter=rx.Var(f"(at) => {CLOCK}"),
                    content_style={
                        "background": "var(--raised)",
                        "border": "1px solid var(--line)",
                        "borderRadius": "8px",
                        "fontSize": "12px",
                    },
                    cursor={"stroke": "var(--strong-line)"},
                ),
                data=FiguresPage.points,
                width="100%",
                height=170,
                margin={"top": 6, "right": 6, "bottom": 0, "left": 0},
            ),
            aria_hidden="true",  # The tiles say the same in words.
        ),
        rx.el.ul(
            *(_legend(place, words) for place, (_, words) in enumerate(lines)),
            class_name="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted",
        ),
        data_testid=test_id,
        class_name="flex min-w-0 flex-col gap-2 rounded-lg border border-line bg-raised p-3",
    )


_AXIS: dict[str, Any] = {"stroke": "var(--faint)", "axis_line": False, "tick_line": False, "tick": {"fontSize": 11}}


def _line(place: int, name: str, words: str) -> rx.Component:
    return rx.recharts.line(
        data_key=name,
        name=words,
        stroke=COLORS[place],
        stroke_width=1.5,
        stroke_dasharray=DASHES[place],
        dot=False,
        type_="linear",
        is_animation_active=False,
        connect_nulls=False,
    )


def _legend(place: int, words: str) -> rx.Component:
    line = rx.el.svg(
        rx.el.line(
            x1="0", y1="4", x2="22", y2="4", stroke=COLORS[place], stroke_width="2", stroke_dasharray=DASHES[place]
        ),
        width="22",
        height="8",
        aria_hidden="true",
    )
    return rx.el.li(line, words, class_name="inline-flex items-center gap-1.5")
