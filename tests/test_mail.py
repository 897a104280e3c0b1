"""Letters arrive at a real SMTP server, as text and HTML that say the same, and the log knows nobody's."""

import asyncio
import logging

import pytest

from app import mail
from app.mail import Letter, Post
from app.settings import load
from tests.support.mailbox import receiving

LETTER = Letter(
    to="ana@tandem.example",
    subject="Choose a new password",
    greeting="Hello <Ana> & Ben,",
    paragraphs=("somebody asked for a new password.",),
    action="Choose one",
    link="https://tandem.example/reset/planted-token",
    closing=("It works once.",),
)
PUBLIC = {"PUBLIC_URL": "https://tandem.example"}


async def test_a_letter_arrives_as_text_and_as_html_that_say_the_same():
    with receiving() as (mailbox, settings):
        Post(load(settings | PUBLIC)).send(LETTER)
        letter = await mailbox.next(LETTER.to)
    assert (letter["From"], letter["Subject"]) == ("Tandem <tandem@example.com>", LETTER.subject)
    assert letter["Message-ID"].endswith("@example.com>") and letter["Date"]
    text, html = list(letter.iter_parts())
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    for words in (*LETTER.paragraphs, LETTER.link, LETTER.action, *LETTER.closing):
        assert words in text.get_content() and words in html.get_content()
    assert "Hello <Ana> & Ben," in text.get_content()
    assert "Hello &lt;Ana&gt; &amp; Ben," in html.get_content()


async def test_a_letter_that_is_not_taken_at_once_is_sent_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mail, "RETRIES", (0.01, 0.01))
    with receiving() as (mailbox, settings):
        mailbox.refuses = 2
        Post(load(settings | PUBLIC)).send(LETTER)
        assert (await mailbox.next(LETTER.to))["Subject"] == LETTER.subject


@pytest.mark.parametrize("wrong", [{"SMTP_PASSWORD": "planted-password"}, {"SMTP_PORT": "1"}, {"SMTP_SECURITY": "tls"}])
async def test_a_server_that_takes_nothing_is_in_the_log_and_what_was_sent_is_not(
    wrong: dict[str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(mail, "RETRIES", (0.01,))
    monkeypatch.setattr(mail, "PATIENCE", 2.0)
    with receiving() as (mailbox, settings), caplog.at_level(logging.DEBUG, logger="app"):
        post = Post(load(settings | PUBLIC | wrong))
        post.send(LETTER)
        await post.settle(30)
        assert mailbox.letters == []
    said = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("app"))
    assert "A letter was not taken" in said
    for planted in ("planted", "ana@", "postman"):
        assert planted not in said


async def test_without_a_server_the_post_is_closed():
    assert Post(load({})).is_closed
    with receiving() as (_, settings):
        assert not Post(load(settings | PUBLIC)).is_closed
    await asyncio.sleep(0)
