"""Letters arrive at a real SMTP server, as text and HTML that say the same; what it does not take is told in words."""

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
from app.letter import Item, Letter
from app.mail import Counter, NotTaken
from app.settings import load
from tests.support.mailbox import receiving

LETTER = Letter(
    to="ana@tandem.example",
    subject="Choose a new password",
    greeting="Hello <Ana> & Ben,",
    paragraphs=("somebody asked for a new password.", ".hidden by a dot at its beginning"),
    action="Choose one",
    link="https://tandem.example/reset/planted-token",
    closing=("It works once.",),
    items=(Item("Book the <venue>", "https://tandem.example/b/1?task=7", "Ben mentioned you"),),
    unsubscribe="https://tandem.example/unsubscribe/signed",
)
PUBLIC = {"PUBLIC_URL": "https://tandem.example"}


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


async def hand_over(settings: dict[str, str], letter: Letter = LETTER, key: str = "k" * 32) -> bool:
    counter = Counter(load(settings | PUBLIC))
    try:
        return await counter.hand_over(letter, key, yes)
    finally:
        counter.close()


async def test_a_letter_arrives_as_text_and_as_html_that_say_the_same():
    with receiving() as (mailbox, settings):
        assert await hand_over(settings)
        letter = await mailbox.next(LETTER.to)
    assert (letter["From"], letter["Subject"]) == ("Tandem <tandem@example.com>", LETTER.subject)
    assert letter["Message-ID"] == f"<{'k' * 32}@example.com>" and letter["Date"]
    assert letter["List-Unsubscribe"] == f"<{LETTER.unsubscribe}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = list(letter.iter_parts())
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    for words in (*LETTER.paragraphs, LETTER.link, LETTER.action, *LETTER.closing, LETTER.items[0].link):
        assert words in text.get_content() and words in html.get_content()
    assert "Hello <Ana> & Ben," in text.get_content() and "* Book the <venue> (Ben mentioned you)" in text.get_content()
    assert "Hello &lt;Ana&gt; &amp; Ben," in html.get_content() and "Book the &lt;venue&gt;" in html.get_content()


def test_what_is_kept_of_a_letter_is_all_of_it():
    assert Letter.from_json(LETTER.to_json()) == LETTER


async def test_several_go_over_one_connection_and_one_that_is_held_back_goes_not():
    with receiving() as (mailbox, settings):
        counter = Counter(load(settings | PUBLIC))
        mailbox.bounces = {"gone@tandem.example"}
        assert await counter.hand_over(LETTER, "1", yes)
        with pytest.raises(NotTaken, match=r"does not take this address \(550\)") as refused:
            await counter.hand_over(Letter("gone@tandem.example", "Hello", "Hello,", ()), "2", yes)
        assert refused.value.is_final and "gone@" not in refused.value.why
        assert not await counter.hand_over(LETTER, "3", no)
        assert await counter.hand_over(LETTER, "4", yes)
        counter.close()
        assert mailbox.taken == ["<1@example.com>", "<4@example.com>"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"SMTP_PASSWORD": "planted-password"}, r"does not let us in \(535\): look at SMTP_USER and SMTP_PASSWORD"),
        ({"SMTP_PORT": "1"}, "could not be reached"),
        ({"SMTP_SECURITY": "tls"}, "could not be reached|did not answer in time"),
        ({"SMTP_USER": "", "SMTP_PASSWORD": ""}, r"does not take our address \(530\): look at SMTP_FROM"),
    ],
)
async def test_a_server_that_takes_nothing_is_told_in_words_without_what_was_sent(
    wrong: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mail, "PATIENCE", 2.0)
    with receiving() as (mailbox, settings):
        with pytest.raises(NotTaken, match=words) as refused:
            await hand_over(settings | wrong)
        assert not refused.value.is_final, "It may yet be mended."
        assert mailbox.letters == []
    for planted in ("planted", "ana@", "postman"):
        assert planted not in refused.value.why


async def test_what_is_to_be_tried_later_is_no_end():
    with receiving() as (mailbox, settings):
        mailbox.refuses = 1
        with pytest.raises(NotTaken, match=r"asks us to try later \(451\)") as refused:
            await hand_over(settings)
        assert not refused.value.is_final


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
    file, context = certificate
    with receiving(security=security, certificate=context) as (mailbox, settings):
        with pytest.raises(NotTaken):
            await hand_over(settings)
        assert mailbox.letters == [], "Nobody has vouched for it."
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert await hand_over(settings)
        assert (await mailbox.next(LETTER.to))["Subject"] == LETTER.subject
