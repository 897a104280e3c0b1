"""Letters arrive at a real SMTP server, as text and HTML that say the same, and the log knows nobody's."""

import asyncio
import logging
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

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


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """One for 127.0.0.1 that nobody knows yet: its file, and what a server shows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file, key_file = tmp_path / "certificate.pem", tmp_path / "key.pem"
    file.write_bytes(signed.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file, key_file)
    return file, context


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_what_is_sent_is_encrypted_and_only_to_a_server_that_can_prove_who_it_is(
    security: str, certificate: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mail, "RETRIES", ())
    file, context = certificate
    with receiving(security=security, certificate=context) as (mailbox, settings):
        doubtful = Post(load(settings | PUBLIC))
        doubtful.send(LETTER)
        await doubtful.settle(30)
        assert mailbox.letters == [], "Nobody has vouched for it."
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        Post(load(settings | PUBLIC)).send(LETTER)
        assert (await mailbox.next(LETTER.to))["Subject"] == LETTER.subject


async def test_without_a_server_the_post_is_closed():
    assert Post(load({})).is_closed
    with receiving() as (_, settings):
        assert not Post(load(settings | PUBLIC)).is_closed
    await asyncio.sleep(0)
