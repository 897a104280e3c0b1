"""The build of the pages: a machine that was merely busy gets another chance; what is wrong is told at once."""

import subprocess

import pytest

from app import build, settings

SLOW = "Error: Prerender: Request failed for /: The operation was aborted due to timeout"


@pytest.mark.parametrize(
    ("said", "tries", "status"),
    [([""], 1, 0), ([SLOW, ""], 2, 0), ([SLOW] * 9, 3, 1), (["Unexpected token", ""], 1, 1)],
)
def test_it_is_tried_again_only_where_time_was_short(tmp_path, monkeypatch, capfd, said, tries, status):
    monkeypatch.chdir(tmp_path)
    build.PAGES.mkdir(parents=True)
    answers, asked = iter(said), []

    def compiled() -> subprocess.CompletedProcess[str]:
        asked.append(answer := next(answers))
        return subprocess.CompletedProcess([], 1 if answer else 0, answer)

    monkeypatch.setattr(build, "compiled", compiled)
    assert (build.main(), len(asked)) == (status, tries)
    assert build.STAMP.exists() is (status == 0), "A build that failed is none."
    assert (asked[-1] in capfd.readouterr().err) or not status


def test_a_setting_that_is_wrong_is_a_sentence_before_anything_is_built(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HISTORY_DAYS", "soon")
    monkeypatch.setattr(build, "compiled", lambda: pytest.fail("It builds all the same."))
    settings.get.cache_clear()
    try:
        assert build.main() == 1
    finally:
        settings.get.cache_clear()
    said = capfd.readouterr().err
    assert said.startswith("HISTORY_DAYS is 'soon'") and said.count("\n") == 1
