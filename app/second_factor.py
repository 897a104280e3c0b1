"""Codes from an authenticator app (TOTP, RFC 6238: six digits, every 30 seconds), and the recovery codes beside them.

The secret that such codes are made from is kept encrypted, with a key that is derived from SECRET_KEY. When SECRET_KEY
is changed, no kept secret can be read any more: people get in with a recovery code or through the admin, and set up
their app anew. Recovery codes are 80 random bits, of which only the SHA-256 is kept; they outlive a changed key.
"""

import hashlib
import io
import secrets
import time

import segno
from pyotp import random_base32
from pyotp.hotp import HOTP
from pyotp.totp import TOTP

from app import seals

STEP = 30
"""Seconds for which a code is shown."""
DRIFT = 1
"""Steps by which the device's clock may be off."""
RECOVERY_CODES = 10
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def new_secret() -> str:
    return random_base32()


def address(secret: str, email: str) -> str:
    """What an authenticator app reads from the picture."""
    return TOTP(secret).provisioning_uri(name=email, issuer_name="Tandem")


def picture(text: str) -> str:
    """A QR code as SVG: dark on white with its quiet zone, whatever is around it."""
    drawn = io.BytesIO()
    how = {"border": 4, "dark": "#000", "light": "#fff", "omitsize": True, "xmldecl": False, "nl": False}
    segno.make(text, error="m").save(drawn, kind="svg", **how)
    return drawn.getvalue().decode()


def step_of(secret: str, code: str, at: float | None = None) -> int | None:
    """The time step that the code is of, now or one step around it; None when it is of none of them."""
    current = int((time.time() if at is None else at) // STEP)
    digits = "".join(code.split())
    made = {step: HOTP(secret).at(step) for step in range(max(0, current - DRIFT), current + DRIFT + 1)}
    matching = [
        step
        for step, right in made.items()
        if secrets.compare_digest(right.encode(), digits.encode("utf-8", "replace"))
    ]
    return max(matching, default=None)


def new_recovery_codes() -> list[str]:
    return ["-".join(_letters(4) for _ in range(4)) for _ in range(RECOVERY_CODES)]


def hash_of(recovery_code: str) -> str:
    """What is kept of it; spaces, dashes and capitals do not matter."""
    letters = "".join(sign for sign in recovery_code.lower() if sign in _LETTERS)
    return hashlib.sha256(letters.encode()).hexdigest()


def is_recovery_code(typed: str) -> bool:
    """Whether it is meant as one: it has letters, or more than six digits."""
    return any(sign.isalpha() for sign in typed)


def seal(text: str) -> str:
    """Encrypt, so that only this Tandem with its SECRET_KEY can read it."""
    return seals.seal(text, "second factors")


def unseal(sealed: str) -> str | None:
    """None for what was sealed under another SECRET_KEY, or by nobody."""
    return seals.unseal(sealed, "second factors")


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))
