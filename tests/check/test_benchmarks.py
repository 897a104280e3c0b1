"""Benchmarks are run seldom: what they take from the program is at least still there."""

import importlib

import pytest

from bench.__main__ import EVERY
from tests.support.stores import ROOT

MODULES = sorted(path.stem for path in (ROOT / "bench").glob("*.py") if not path.stem.startswith("__"))


def test_every_benchmark_that_is_run_is_there():
    assert set(EVERY) <= set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_a_benchmark_can_be_started(module: str):
    try:
        importlib.import_module(f"bench.{module}")
    except ModuleNotFoundError as missing:
        if str(missing.name).partition(".")[0] in ("app", "bench", "tests"):
            raise
        pytest.skip(f"It compares us with {missing.name}, which only the benchmark needs.")
