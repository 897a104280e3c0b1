"""ID tokens as a provider makes them, and as nobody should believe them."""

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, RSAKey

CLIENT_SECRET = "the secret of the client, planted 7f3a"
Tokens = Callable[[RSAKey, dict[str, Any]], Any]
"""Makes an ID token: of the provider's key, and the claims."""


def signed(key: RSAKey, claims: dict[str, Any], **header: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "first"} | header, claims, key)


def signed_with(other: Key, algorithm: str) -> Tokens:
    """With another key of the provider's."""

    def make(key: RSAKey, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": algorithm, "kid": other.kid}, claims, other, algorithms=[algorithm])

    return make


def of_another_content(other: Key, algorithm: str) -> Tokens:
    """Claims under the signature of others."""

    def make(key: RSAKey, claims: dict[str, Any]) -> str:
        head, _, signature = signed_with(other, algorithm)(key, claims | {"name": "Somebody else"}).split(".")
        return f"{head}.{unpadded(json.dumps(claims))}.{signature}"

    return make


def without_signature(key: RSAKey, claims: dict[str, Any]) -> str:
    """`alg` none."""
    return _unsigned({"alg": "none", "typ": "JWT"}, claims) + "."


def by_public_key_as_secret(key: RSAKey, claims: dict[str, Any]) -> str:
    body = _unsigned({"alg": "HS256", "kid": "first"}, claims)  # By hand: the library will have none of it.
    return f"{body}.{unpadded(hmac.digest(key.as_pem(private=False), body.encode(), 'sha256'))}"


def by_client_secret(key: RSAKey, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET))


def by_its_own_key(key: RSAKey, claims: dict[str, Any]) -> str:
    """Signed with a key that the token itself brings."""
    own = ECKey.generate_key("P-256", private=True)
    return jwt.encode({"alg": "ES256", "jwk": own.as_dict(private=False)}, claims, own)


def with_header(**header: Any) -> Tokens:
    """Rightly signed, with something in the header that is not to be followed."""

    def make(key: RSAKey, claims: dict[str, Any]) -> str:
        body = _unsigned({"alg": "RS256", "kid": "first"} | header, claims)
        return f"{body}.{unpadded(_rs256(key, body))}"

    return make


def by_a_stranger(key: RSAKey, claims: dict[str, Any]) -> str:
    """With a key of somebody else's, under the name of the right one."""
    stranger = RSAKey.generate_key(2048, {"kid": "first"}, private=True)
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims, stranger)


def _unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return f"{unpadded(json.dumps(header))}.{unpadded(json.dumps(claims))}"


def _rs256(key: RSAKey, body: str) -> bytes:
    return key.private_key.sign(body.encode(), PKCS1v15(), SHA256())


def unpadded(content: str | bytes) -> str:
    raw = content.encode() if isinstance(content, str) else content
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
