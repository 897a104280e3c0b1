"""The docs have every figure, and every part that can be unwell, and no other."""

import re

from app.figures.declared import FIGURES, PARTS
from app.settings_shown import every_setting
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


def test_troubleshooting_says_what_to_do_about_every_part():
    text = (ROOT / "docs/troubleshooting.md").read_text()
    table = text.partition("## /health says")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.M) == list(PARTS)


def test_what_troubleshooting_names_is_there():
    text = (ROOT / "docs/troubleshooting.md").read_text()
    figures = {name.removesuffix("_total") for name in re.findall(r"tandem_\w+", text)}
    assert figures and figures <= FIGURES.keys()
    names = {item.metadata["name"] for item in every_setting()}
    assert set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)\b", text)) <= names
