"""What Tandem writes to people about their account and invitations: put into the outbox with what caused it."""

from app import seals, settings
from app.correspondence import PURPOSE
from app.domain import invites, outbox, proofs
from app.domain.models import now
from app.domain.transaction import Transaction
from app.letter import Letter


def are_sent() -> bool:
    """Whether this Tandem sends e-mail."""
    return bool(settings.get().smtp_host)


async def post(tx: Transaction, kind: str, letter: Letter, *, proof: str = "", invitation: str = "") -> None:
    """Have it sent once this transaction is committed; `proof` or `invitation` is the token of its link."""
    about = {"proof_id": await proofs.id_of(tx, proof)} if proof else {}
    about |= {"invite_id": await invites.id_of(tx, invitation)} if invitation else {}
    sealed = seals.seal(letter.to_json(), PURPOSE)
    await outbox.queue(tx, [outbox.Letter(None, "email", kind, None, now(), about, letter.to, sealed)])


def link(path: str, origin: str) -> str:
    """An address that leads here; `origin` is where the request at hand came from, which the gate has checked."""
    return f"{settings.get().public_url or origin}{path}"


def reset(email: str, name: str, link: str) -> Letter:
    return Letter(
        to=email,
        subject="Choose a new password for Tandem",
        greeting=f"Hello {name},",
        paragraphs=("somebody, probably you, asked for a new password for your account.",),
        action="Choose a new password",
        link=link,
        closing=(
            "The link works once, for an hour. If you did not ask for it, nothing has changed, and you can throw this "
            "away.",
        ),
    )


def welcome(email: str, name: str, link: str) -> Letter:
    return Letter(
        to=email,
        subject="Finish signing up for Tandem",
        greeting=f"Hello {name},",
        paragraphs=("somebody, probably you, is signing up for Tandem with this address.",),
        action="Choose a password and go on",
        link=link,
        closing=(
            "The link works once, for an hour; after that, “Forgot your password?” sends another. If this was not "
            "you, throw it away: without the link nobody gets in.",
        ),
    )


def invitation(email: str, inviter: str, workspace: str, link: str) -> Letter:
    return Letter(
        to=email,
        subject=f"{inviter} invites you to {workspace}",
        greeting="Hello,",
        paragraphs=(f"{inviter} would like to work with you in {workspace}, on a task board that all see live.",),
        action="Have a look and join",
        link=link,
        closing=("The link works once. If you do not know who this is, throw it away: nothing has happened.",),
    )


def confirm(email: str, name: str, link: str) -> Letter:
    return Letter(
        to=email,
        subject="Confirm your new e-mail address",
        greeting=f"Hello {name},",
        paragraphs=("this is to be the address of your Tandem account from now on.",),
        action="Use this address",
        link=link,
        closing=("The link works once, for an hour. If you do not know of this, throw it away.",),
    )


def address_changed(was: str, name: str) -> Letter:
    return Letter(
        to=was,
        subject="Your e-mail address was changed",
        greeting=f"Hello {name},",
        paragraphs=(
            "your Tandem account has another e-mail address now, and this one does not sign you in any more.",
            "If this was not you, tell whoever looks after your Tandem at once.",
        ),
    )


def password_changed(email: str, name: str) -> Letter:
    return Letter(
        to=email,
        subject="Your password was changed",
        greeting=f"Hello {name},",
        paragraphs=(
            "the password of your Tandem account was changed, and all other devices were signed out.",
            "If this was not you, use “Forgot your password?” on the sign-in page at once.",
        ),
    )
