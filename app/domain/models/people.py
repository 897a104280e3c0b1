"""People, how they sign in, and this Tandem as a whole."""

from datetime import datetime

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.domain.models.columns import moment, now


class Person(SQLModel, table=True):
    id: int = Field(default=None, primary_key=True)
    email: str = Field(unique=True, max_length=254)
    name: str = Field(max_length=100)
    color: str = Field(max_length=20)
    avatar: str = Field(default="", max_length=32, index=True)
    """The key of their picture among the files (app/files.py); empty: initials."""
    password_hash: str
    """Empty for somebody who has no password and signs in elsewhere."""
    is_admin: bool = False
    is_shown: bool = True
    """Whether others see where they are, and when they write."""
    revision: int = 0
    created_at: datetime = moment(default_factory=now)
    zone: str = Field(default="", max_length=64)
    """Their time zone by its IANA name (moments.py); empty until a browser has told."""
    digest_hour: int = 8
    """At which hour of their day they are written what else there is."""


class Session(SQLModel, table=True):
    """One sign-in on one device; the cookie names it, and revoking it ends the sign-in."""

    id: str = Field(primary_key=True, max_length=32)
    person_id: int = Field(foreign_key="person.id", index=True)
    device: str = Field(default="", max_length=300)
    address: str = Field(default="", max_length=45)
    created_at: datetime = moment(default_factory=now)
    last_seen_at: datetime = moment(default_factory=now)
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(default=None)


class Proof(SQLModel, table=True):
    """A link that proves who opens it to be this person, once. Only the SHA-256 of its token is kept."""

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    purpose: str = Field(max_length=20)
    email: str = Field(default="", max_length=254)
    """The new address, where the purpose is to change it."""
    token_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = moment(default_factory=now)
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None)


class Instance(SQLModel, table=True):
    """This Tandem as a whole: one row, which migrations make. `sign_up` is empty where the environment decides."""

    id: int = Field(default=None, primary_key=True)
    sign_up: str = Field(default="", max_length=2000)
    revision: int = 0


class Identity(SQLModel, table=True):
    """A person as an OpenID Connect provider knows them. Only issuer and subject say who that is; `email` is what the
    provider showed when it was linked, as a label."""

    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    issuer: str = Field(max_length=500)
    subject: str = Field(max_length=255)
    email: str = Field(default="", max_length=254)
    created_at: datetime = moment(default_factory=now)


class SecondFactor(SQLModel, table=True):
    """That a password is not enough for this person. `secret` is encrypted (app/second_factor.py)."""

    __tablename__ = "second_factor"  # type: ignore[assignment]  # SQLModel types it as its own.

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    secret: str = Field(max_length=300)
    last_step: int = Field(sa_type=BigInteger)
    """The time step of the last code that was used: none of it or before it is taken again."""
    tries: int = 0
    tried_at: datetime = moment(default_factory=now)
    created_at: datetime = moment(default_factory=now)


class RecoveryCode(SQLModel, table=True):
    """Stands in for a code, once. Only the SHA-256 of it is kept; a used one is gone."""

    __tablename__ = "recovery_code"  # type: ignore[assignment]  # SQLModel types it as its own.

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    code_hash: str = Field(primary_key=True, max_length=64)


class SpentSlip(SQLModel, table=True):
    """A signed slip that can be used only once (web/slips.py) was; kept until it is no longer valid anyway."""

    __tablename__ = "spent_slip"  # type: ignore[assignment]  # SQLModel types it as its own.

    id: str = Field(primary_key=True, max_length=32)
    expires_at: datetime = moment(index=True)
