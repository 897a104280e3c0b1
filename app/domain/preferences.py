"""What a person wants to be told, and in which way; and when they want to be left in peace."""

from app.domain.access import Actor
from app.domain.errors import Invalid
from app.domain.kinds import CHOICES, WAYS
from app.domain.models import Inbox, NewsPreference
from app.domain.quiet import DAY
from app.domain.transaction import Transaction


async def choose(tx: Transaction, actor: Actor, kind: str, way: str, is_on: bool) -> None:
    """Turn a way of being told of a kind of news, a key of CHOICES, on or off."""
    if kind not in CHOICES or way not in WAYS:
        raise Invalid("There is no such kind of news. Reload the page and try again.")
    await tx.advance("inbox", actor.id)
    row = await tx.session.get(NewsPreference, (actor.id, kind), populate_existing=True)
    if getattr(row or CHOICES[kind], way) == is_on:
        return
    if row is None:
        usual = CHOICES[kind]
        row = NewsPreference(person_id=actor.id, kind=kind, inbox=usual.inbox, email=usual.email, push=usual.push)
        tx.session.add(row)
    setattr(row, way, is_on)
    await tx.record("inbox", actor.id, "preference.chosen", actor.id, "preference", 0, about=kind, way=way, is_on=is_on)


async def turn_off_email(tx: Transaction, person_id: int, kind: str) -> None:
    """End e-mail of a kind of news, or with `digest` of all that comes in one; whoever has the letter may do that."""
    themselves = Actor(person_id, "")
    for choice, usual in CHOICES.items():
        if kind in usual.kinds or (kind == "digest" and not usual.at_once):
            await choose(tx, themselves, choice, "email", False)


async def keep_quiet(tx: Transaction, actor: Actor, begins: int | None, ends: int | None) -> None:
    """Have no e-mail and no push between two times, in minutes after midnight; None for both ends that."""
    if (begins is None) != (ends is None):
        raise Invalid("Quiet hours have a beginning and an end. Fill in both, or neither.")
    if any(minute is not None and not 0 <= minute < DAY for minute in (begins, ends)):
        raise Invalid("Quiet hours are times of a day, such as 22:00 and 07:00.")
    if begins is not None and begins == ends:
        raise Invalid("Quiet hours that begin when they end would last the whole day. Turn the kinds off instead.")
    await tx.advance("inbox", actor.id)
    inbox = await tx.session.get_one(Inbox, actor.id, populate_existing=True)
    if (inbox.quiet_from, inbox.quiet_to) != (begins, ends):
        inbox.quiet_from, inbox.quiet_to = begins, ends
        await tx.record("inbox", actor.id, "preference.quiet_chosen", actor.id, "preference", 0)
