"""Medians and the like, read off a histogram's buckets."""

from collections.abc import Mapping, Sequence

from app.figures.declared import Histogram


def of(buckets: Sequence[float], bounds: Sequence[float], share: float) -> float | None:
    """The seconds that this share of all stayed below, between two bounds in proportion; None where there are none.

    What is beyond the last bound counts as that bound.
    """
    everything = sum(buckets)
    if not everything:
        return None
    wanted, before = share * everything, 0.0
    for place, count in enumerate(buckets[: len(bounds)]):
        if count and before + count >= wanted:
            low = bounds[place - 1] if place else 0.0
            return low + (bounds[place] - low) * (wanted - before) / count
        before += count
    return bounds[-1]


def buckets(figure: Histogram, counts: Mapping[str, float]) -> list[float]:
    """Those of a histogram among the sums of all series."""
    return [counts.get(f"{figure.name}|{bound}", 0.0) for bound in (*figure.bounds, "inf")]


def milliseconds(figure: Histogram, counts: Mapping[str, float]) -> dict[str, float | None]:
    """`count`, `p50`, `p95` and `p99`."""
    return milliseconds_of(buckets(figure, counts), figure.bounds)


def milliseconds_of(found: Sequence[float], bounds: Sequence[float]) -> dict[str, float | None]:
    quantiles = {f"p{share}": of(found, bounds, share / 100) for share in (50, 95, 99)}
    shown = {name: None if seconds is None else round(seconds * 1000, 1) for name, seconds in quantiles.items()}
    return {"count": sum(found), **shown}
