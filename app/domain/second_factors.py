"""The second factor: whether a person has one, and that each code of it is used once. Codes are made and compared in
app/second_factor.py; here arrive time steps and hashes only.

Tries and uses are single statements that the database decides, so that two at once cannot both win.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.domain import instance
from app.domain.access import Actor
from app.domain.errors import Busy, Invalid, NotFound
from app.domain.models import RecoveryCode, SecondFactor, now
from app.domain.transaction import Transaction

TRIES = 5
PAUSE = timedelta(minutes=1)
"""So many tries in a row; then nothing is compared until so long after the last one."""
TOO_MANY = "Those were too many tries. Please wait a minute, then try again with a new code."


async def of(tx: Transaction, person_id: int) -> SecondFactor | None:
    return await tx.session.get(SecondFactor, person_id)


async def codes_left(tx: Transaction, person_id: int) -> int:
    query = select(func.count()).where(col(RecoveryCode.person_id) == person_id)
    return (await tx.session.execute(query)).scalar_one()


async def turn_on(tx: Transaction, actor: Actor, secret: str, step: int, code_hashes: list[str]) -> None:
    """Ask this person for a code from now on. `secret` is encrypted, `step` that of the code that proved it."""
    await _lock(tx, actor.id)
    if await of(tx, actor.id) is not None:
        raise Invalid("The second factor is on already.")
    tx.session.add(SecondFactor(person_id=actor.id, secret=secret, last_step=step))
    await tx.session.flush()
    await _keep_codes(tx, actor.id, code_hashes)
    await _record(tx, actor, actor.id, "person.second_factor_turned_on")


async def renew_codes(tx: Transaction, actor: Actor, code_hashes: list[str]) -> None:
    """Other recovery codes instead of those that are left."""
    await _lock(tx, actor.id)
    if await of(tx, actor.id) is None:
        raise Invalid("The second factor is off.")
    await _keep_codes(tx, actor.id, code_hashes)
    await tx.record("person", actor.id, "person.recovery_codes_renewed", actor.id, "person", actor.id)


async def turn_off(tx: Transaction, actor: Actor) -> None:
    """A password is enough again. That it is the person who wants it must have been proven."""
    await _lock(tx, actor.id)
    await _forget(tx, actor, actor.id)


async def turn_off_for(tx: Transaction, actor: Actor, person_id: int) -> None:
    """As the instance's admin, for somebody who has lost both device and recovery codes."""
    await instance.require_admin(tx, actor)
    await _lock(tx, person_id)
    await _forget(tx, actor, person_id)


async def lift(tx: Transaction, person_id: int) -> None:
    """The same by whoever has the machine, which is nobody's account."""
    await _lock(tx, person_id)
    await _forget(tx, None, person_id)


async def count_try(session: AsyncSession, person_id: int) -> None:
    """Count a try, before anything is compared; Busy after too many. Without a second factor nothing is counted."""
    rested = col(SecondFactor.tried_at) < now() - PAUSE
    counting = (
        update(SecondFactor)
        .where(col(SecondFactor.person_id) == person_id, rested | (col(SecondFactor.tries) < TRIES))
        .values(tries=case((rested, 1), else_=col(SecondFactor.tries) + 1), tried_at=now())
    )
    if await _rows(session, counting) == 0 and await session.get(SecondFactor, person_id) is not None:
        raise Busy(TOO_MANY)


async def use_step(session: AsyncSession, person_id: int, step: int) -> bool:
    """Whether the code of this time step is the person's to use: the first time, and none of a later step before."""
    using = update(SecondFactor).where(col(SecondFactor.person_id) == person_id, col(SecondFactor.last_step) < step)
    return await _rows(session, using.values(last_step=step, tries=0)) == 1


async def use_recovery_code(session: AsyncSession, person_id: int, code_hash: str) -> bool:
    """Whether this is a recovery code of the person's; it is none afterwards."""
    mine = col(RecoveryCode.person_id) == person_id
    using = delete(RecoveryCode).where(mine, col(RecoveryCode.code_hash) == code_hash)
    if await _rows(session, using, RecoveryCode) == 0:
        return False
    await session.execute(update(SecondFactor).where(col(SecondFactor.person_id) == person_id).values(tries=0))
    return True


async def _lock(tx: Transaction, person_id: int) -> None:
    if await tx.advance("person", person_id) is None:
        raise NotFound("This account is gone.")


async def _keep_codes(tx: Transaction, person_id: int, code_hashes: list[str]) -> None:
    await tx.session.execute(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))
    tx.session.add_all(RecoveryCode(person_id=person_id, code_hash=code_hash) for code_hash in code_hashes)


async def _forget(tx: Transaction, actor: Actor | None, person_id: int) -> None:
    if await of(tx, person_id) is None:
        raise Invalid("The second factor is off already.")
    for table in (RecoveryCode, SecondFactor):
        await tx.session.execute(delete(table).where(col(table.person_id) == person_id))
    await _record(tx, actor, person_id, "person.second_factor_turned_off")


async def _record(tx: Transaction, actor: Actor | None, person_id: int, kind: str) -> None:
    """It is news to the person, and to those who see of everybody whether they have one."""
    await tx.record("person", person_id, kind, actor and actor.id, "person", person_id)
    await tx.record("instance", instance.ID, kind, actor and actor.id, "person", person_id)


async def _rows(session: AsyncSession, statement: Any, of: type[Any] = SecondFactor) -> int:
    """How many rows of a table a statement has changed."""
    found = await session.execute(statement.returning(col(of.person_id)).execution_options(synchronize_session=False))
    return len(found.all())
