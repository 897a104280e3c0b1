"""Texts that only this Tandem can read: encrypted with a key that is derived from SECRET_KEY for each purpose.

When SECRET_KEY is changed, nothing that was sealed before can be read any more.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app import settings


def seal(text: str, purpose: str) -> str:
    return Fernet(_key(purpose)).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str | None:
    """None for what was sealed under another SECRET_KEY or for another purpose, or by nobody."""
    try:
        return Fernet(_key(purpose)).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _key(purpose: str) -> bytes:
    derived = HKDF(SHA256(), length=32, salt=None, info=f"tandem: {purpose}".encode())
    return base64.urlsafe_b64encode(derived.derive(settings.get().secret_key.encode()))
