"""Browsers in words."""

import pytest

from app.domain.devices import UNKNOWN, in_words

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/140.0 Safari/537.36", "Chrome on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Linux; Android 15; K) {WEBKIT} Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/140.0 Safari/537.36", "Chrome on ChromeOS"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/18 Safari/605", "Safari on a Mac"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604", "Safari on an iPhone"),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) FxiOS/140 Safari/604", "Firefox on an iPad"),
        ("Something of Windows", "A browser on Windows"),
        ("python-httpx/0.28.1", "python-httpx/0.28.1"),
        ("\x00" + "x" * 300, "x" * 40),
        ("", UNKNOWN),
        (" ", UNKNOWN),
    ],
)
def test_a_browser_is_told_in_words_that_people_know(user_agent: str, words: str):
    assert in_words(user_agent) == words
