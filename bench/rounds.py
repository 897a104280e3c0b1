"""Comparisons that survive a noisy machine: variants in turn, judged by the median of the ratios of each round.

A demand is judged on that median; its spread is printed beside it. The floor is measured twice in every round: when it
does not equal itself (`CONTROL`), the machine was too noisy and the run is void.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

ROUNDS = 7
CONTROL = (0.95, 1.05)
"""What the floor against itself may come to."""
HEAD = """\
| measure | ours | against | ratio (least to most) | demand | holds |
|---|---|---|---|---|---|"""


@dataclass(frozen=True)
class Ratio:
    """Ours over theirs, round by round."""

    ours: Sequence[float]
    theirs: Sequence[float]

    @property
    def all(self) -> list[float]:
        return [ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True)]

    @property
    def median(self) -> float:
        return median(self.all)

    def __str__(self) -> str:
        return f"{self.median:.2f} ({min(self.all):.2f} to {max(self.all):.2f})"


def is_void(control: Ratio) -> bool:
    """Whether the floor against itself shows that this run tells nothing."""
    return not CONTROL[0] <= control.median <= CONTROL[1]


def compared(measure: str, ratio: Ratio, unit: str, against: str, most: float = 0.0, least: float = 0.0) -> str:
    """A line of the table, for a demand on a ratio: at most `most`, or at least `least`; the values are medians."""
    holds = ratio.median <= most if most else ratio.median >= least
    demand = f"at most {most:g} times" if most else f"at least {least:g} times"
    ours, theirs = _figure(median(ratio.ours), unit), _figure(median(ratio.theirs), unit)
    return f"| {measure} | {ours} | {against}: {theirs} | {ratio} | {demand} | {_verdict(holds)} |"


def measured(measure: str, values: Sequence[float], unit: str, most: float) -> str:
    """A line of the table, for a demand on the value itself: the median of the rounds."""
    spread = f"{_figure(min(values), unit)} to {_figure(max(values), unit)}"
    holds = median(values) <= most
    return (
        f"| {measure} | {_figure(median(values), unit)} |  | {spread} | at most {most:g} {unit} | {_verdict(holds)} |"
    )


def void(line: str, why: str) -> str:
    """The same line of the table, with its verdict taken back."""
    return f"{line.rsplit('|', 2)[0]}| void: {why} |"


def _verdict(holds: bool) -> str:
    return "yes" if holds else "**no**"


def _figure(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
