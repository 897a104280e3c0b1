"""What `bin/bench compare` prints: a line for each demand, and a line for each variant."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median, quantiles

from bench.rivals.board import Sample
from bench.rounds import CONTROL, HEAD, Ratio, compared, is_void, void

Value = Callable[[Sample], float]
Samples = Mapping[tuple[str, int], Sequence[Sample]]


def p50(sample: Sample) -> float:
    return median(sample.to_other) * 1e3


def p95(sample: Sample) -> float:
    return quantiles(sample.to_other, n=20)[18] * 1e3


def last(sample: Sample) -> float:
    return median(sample.to_last) * 1e3


def cpu(sample: Sample) -> float:
    return sample.cpu * 1e6


DEMANDS: tuple[tuple[str, Value, str, int, str, float], ...] = (
    ("to the other worker, N = 2, p50", p50, "ms", 2, "floor", 2.5),
    ("to the other worker, N = 2, p95", p95, "ms", 2, "floor", 3.0),
    ("to the other worker, N = 2, p50", p50, "ms", 2, "shared_state", 0.35),
    *(("CPU a delivery, N = {}", cpu, "µs", viewers, "floor", 2.5) for viewers in (50, 200, 500)),
    *(("CPU a delivery, N = {}", cpu, "µs", viewers, "socketio", 1.15) for viewers in (50, 200, 500)),
    ("CPU a delivery, N = {}", cpu, "µs", 100, "shared_state", 0.03),
    ("last of {}, p50", last, "ms", 200, "floor", 1.8),
    ("last of {}, p50", last, "ms", 500, "floor", 2.5),
)
"""What is measured, of which value, for how many viewers, against whom, and how many times theirs it may be."""

VARIANTS = """\
| viewers | variant | other tab p50 (ms) | p95 | last p50 (ms) | CPU a delivery (µs) | bytes to each | faults |
|---|---|---|---|---|---|---|---|"""


def lines(samples: Samples) -> Iterator[str]:
    yield HEAD
    for words, value, unit, viewers, rival, most in DEMANDS:
        if ("ours", viewers) in samples and (rival, viewers) in samples:
            yield _demand(samples, words.format(viewers), value, unit, viewers, rival, most)
    yield from ("", f"The floor against itself, which must come to {CONTROL[0]} to {CONTROL[1]}:", "")
    yield from _controls(samples)
    yield from ("", "All of them, medians of the rounds:", "", VARIANTS)
    for (name, viewers), each in sorted(samples.items(), key=lambda item: item[0][1]):
        figures = [f"{median(map(value, each)):.1f}" for value in (p50, p95, last, cpu)]
        size = f"{median(sample.size for sample in each):.0f}"
        yield f"| {viewers} | {name} | {' | '.join(figures)} | {size} | {_faults(each)} |"


def progress(number: int, name: str, viewers: int, sample: Sample) -> str:
    figures = f"p50 {p50(sample):.1f} ms, last {last(sample):.1f} ms, {cpu(sample):.0f} µs, {sample.size:.0f} bytes"
    return f"round {number + 1}: {name} with {viewers}: {figures} {'; '.join(sample.faults)}"


def _demand(samples: Samples, words: str, value: Value, unit: str, viewers: int, rival: str, most: float) -> str:
    ours, theirs = samples["ours", viewers], samples[rival, viewers]
    line = compared(words, _ratio(ours, theirs, value), unit, rival, most=most)
    if faults := _faults([*ours, *theirs]):
        return void(line, faults)
    control = samples.get(("control", viewers))
    if control and rival != "shared_state" and is_void(ratio := _ratio(control, samples["floor", viewers], value)):
        return void(line, f"the floor against itself is {ratio.median:.2f}")
    return line


def _controls(samples: Samples) -> Iterator[str]:
    yield from ("| measure | ratio (least to most) | holds |", "|---|---|---|")
    seen = set()
    for words, value, _, viewers, _, _ in DEMANDS:
        name = words.format(viewers)
        if ("control", viewers) in samples and name not in seen:
            seen.add(name)
            ratio = _ratio(samples["control", viewers], samples["floor", viewers], value)
            yield f"| {name} | {ratio} | {'void' if is_void(ratio) else 'yes'} |"


def _ratio(ours: Sequence[Sample], theirs: Sequence[Sample], value: Value) -> Ratio:
    return Ratio([value(sample) for sample in ours], [value(sample) for sample in theirs])


def _faults(samples: Sequence[Sample]) -> str:
    return "; ".join(dict.fromkeys(fault for sample in samples for fault in sample.faults))
