"""What bin/check makes of what pip-audit says, a program of ours standing in for it."""

import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support import advisories
from tests.support.advisories import asked, verdict

SAFE = {"name": "starlette", "version": "1.10.0", "vulns": []}
UNKNOWN = {"name": "reflex", "skip_reason": "Dependency not found"}
BAD = {
    "name": "jinja2",
    "version": "2.10",
    "vulns": [{"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"], "aliases": [], "description": "Sandbox escape"}],
}


def standing_in(folder: Path, **answers: Any) -> list[str]:
    """A program that says this for the first and the second service, or fails for one of which it knows nothing."""
    program = folder / "pip_audit.py"
    program.write_text(
        "import json, sys, time\n"
        f"answer = {answers!r}.get('second' if 'osv' in sys.argv else 'first')\n"
        "if answer == 'slow': time.sleep(600)\n"
        "if answer is None: raise SystemExit('no connection')\n"
        "print(json.dumps({'dependencies': answer, 'fixes': []}))\n"
        "sys.exit(any(package.get('vulns') for package in answer))\n"
    )
    return [sys.executable, str(program)]


def test_what_is_vulnerable_fails_the_check_and_is_named_with_its_cure(tmp_path: Path):
    status, words = verdict(asked(standing_in(tmp_path, first=[SAFE, BAD, UNKNOWN])))
    assert status == 1
    assert words == "jinja2 2.10 is vulnerable (PYSEC-2019-217): mended in 2.10.1."


def test_what_does_not_concern_us_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(advisories.ACCEPTED, "PYSEC-2019-217", "No template comes from a person.")
    assert verdict(asked(standing_in(tmp_path, first=[SAFE, BAD])))[0] == 0


def test_of_what_nothing_is_known_it_does_not_say_that_it_is_safe(tmp_path: Path):
    status, words = verdict(asked(standing_in(tmp_path, first=[SAFE, UNKNOWN])))
    assert status == 0
    assert words == "No advisory about 1 dependencies; of 1 more nothing could be learnt: reflex."


def test_the_second_service_is_asked_when_the_first_fails_or_knows_nothing(tmp_path: Path):
    for first in ({}, {"first": [UNKNOWN]}):
        assert verdict(asked(standing_in(tmp_path, second=[BAD], **first)))[0] == 1


@pytest.mark.parametrize(
    "answers", [{}, {"first": [UNKNOWN], "second": [UNKNOWN]}, {"first": "slow", "second": "slow"}]
)
def test_where_nothing_can_be_had_it_says_so_in_one_line_and_in_time(tmp_path: Path, answers: dict[str, Any]):
    began = time.monotonic()
    status, words = verdict(asked(standing_in(tmp_path, **answers), patience=2))
    assert status == 0
    assert words.startswith("Security advisories could not be had")
    assert "\n" not in words
    assert time.monotonic() - began < 30


def test_pip_audit_itself_is_there_and_understands_how_it_is_asked():
    from pip_audit._cli import _parser

    _parser().parse_args([*advisories.SERVICES[1], *advisories.ARGUMENTS])
