"""The last hour as charts show it: fewer points than there are samples, as a chart has no room for more."""

from collections.abc import Sequence

from app.figures.history import EVERY, Sample

TOGETHER = 3
"""Samples that become a point: half a minute."""
WORST = ("_p95", "_p99")
"""What ends so is the worst of its samples; everything else their mean."""


def points(samples: Sequence[Sample]) -> list[Sample]:
    """Points in even steps up to the newest sample, those without one empty; `at` is in milliseconds."""
    if not samples:
        return []
    step = EVERY * TOGETHER
    groups: dict[int, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(int(sample["at"] or 0) // step, []).append(sample)
    names = [name for name in samples[-1] if name != "at"]
    empty = dict.fromkeys(names)
    return [
        {"at": slot * step * 1000.0, **(_together(groups[slot], names) if slot in groups else empty)}
        for slot in range(min(groups), max(groups) + 1)
    ]


def _together(group: Sequence[Sample], names: Sequence[str]) -> Sample:
    found: Sample = {}
    for name in names:
        numbers = [number for sample in group if (number := sample.get(name)) is not None]
        if not numbers:
            found[name] = None
        else:
            found[name] = max(numbers) if name.endswith(WORST) else round(sum(numbers) / len(numbers), 2)
    return found
