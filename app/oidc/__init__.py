"""Signing in elsewhere, through OpenID Connect: what goes over the wire to a provider, and what is believed of it.

The handshake is the authorization code flow with PKCE (S256), state and nonce, done by Authlib's Starlette client
(`client.py`), which is told here what it may believe: `discovery.py` reads what a provider tells of itself and keeps
nothing else of it, only signatures with a public key count, and a token that brings its own key is refused.
`check.py` walks the same steps one by one for the admin. Every failure is a `Failure`, which names its step.
"""
