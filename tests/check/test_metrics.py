"""docs/metrics.md has every figure, in the same words, and no other."""

import re

from app.figures.declared import FIGURES
from tests.support.stores import ROOT


def test_the_docs_have_every_figure_and_no_other():
    text = (ROOT / "docs/metrics.md").read_text()
    rows = dict(re.findall(r"^\| `(tandem_\w+)` \| (.*) \|$", text, re.M))
    shown = {figure.name + ("_total" if figure.kind == "counter" else ""): figure for figure in FIGURES.values()}
    assert list(rows) and rows.keys() == shown.keys()
    for name, figure in shown.items():
        for value in filter(None, figure.values):
            is_obvious = figure.label == "part" or name == "tandem_pushes_total"
            assert is_obvious or value in rows[name], f"{name} has no word of its {figure.label} {value}."
