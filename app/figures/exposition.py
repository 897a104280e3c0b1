"""The figures as Prometheus and its kin read them."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from app.figures.declared import FIGURES, Figure
from app.figures.declared import key as key_of
from app.figures.shared import View


def exposition(view: View, shared: Mapping[str, float], accepts: str) -> tuple[bytes, str]:
    """The text and its media type, in the format that whoever asks accepts; `shared` are figures that nobody counts."""
    encode, media_type = choose_encoder(accepts)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Once(lambda: _families(view, shared)))
    return encode(registry), media_type


class _Once(Collector):
    def __init__(self, collect: Callable[[], Iterator[Metric]]) -> None:
        self._collect = collect

    def collect(self) -> Iterator[Metric]:
        return self._collect()


def _families(view: View, shared: Mapping[str, float]) -> Iterator[Metric]:
    for figure in FIGURES.values():
        if figure.is_shared:
            yield _shared(figure, shared)
        elif figure.kind == "counter":
            yield _counter(figure, view)
        elif figure.kind == "histogram":
            yield _histogram(figure, view)
        else:
            yield _gauge(figure, view)


def _counter(figure: Figure, view: View) -> Metric:
    family = CounterMetricFamily(figure.name, figure.meaning, labels=[figure.label] if figure.label else [])
    for value in figure.values:
        family.add_metric([value] if figure.label else [], view.counts.get(key_of(figure.name, value), 0.0))
    return family


def _gauge(figure: Figure, view: View) -> Metric:
    """By worker: the sum is for whoever asks to make."""
    family = GaugeMetricFamily(figure.name, figure.meaning, labels=["instance_id", "worker"])
    for worker in view.workers:
        family.add_metric([worker.instance, str(worker.row)], worker.gauges.get(figure.name, 0.0))
    return family


def _shared(figure: Figure, shared: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(figure.name, figure.meaning, labels=[figure.label] if figure.label else [])
    for value in figure.values:
        if (number := shared.get(key_of(figure.name, value))) is not None:
            family.add_metric([value] if figure.label else [], number)
    return family


def _histogram(figure: Figure, view: View) -> Metric:
    below, buckets = 0.0, []
    for bound in (*figure.bounds, "inf"):
        below += view.counts.get(f"{figure.name}|{bound}", 0.0)
        buckets.append(("+Inf" if bound == "inf" else str(bound), below))
    family = HistogramMetricFamily(figure.name, figure.meaning)
    family.add_metric([], buckets, view.counts.get(f"{figure.name}|sum", 0.0))
    return family
