"""A row for everything that answers over HTTP: what it is sent, and what it answers to whom.

A new route or page fails the suite until it has its row here; one that answers differently to different forms has more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Literal

from tests.security.matrix.place import Place
from tests.security.matrix.standings import ADMINS, COMMENTERS, EDITORS, EVERYBODY, MEMBERS, NOBODY, SIGNED_IN

Said = tuple[int, str]
"""A status, and a regular expression for where it leads, "" for nowhere."""
_numbers = count(1)

SHOWN: Said = (200, "")
MISSING: Said = (404, "")
DENIED: Said = (403, "")
SIGN_IN_FIRST: Said = (401, "")
HOME: Said = (303, "/")
SETTINGS: Said = (303, "/settings")
TO_SIGN_IN: Said = (303, r"/sign-in(\?next=.*)?")


@dataclass(frozen=True)
class Route:
    """`yes` is the answer to those who may, `no` to those without a session, `lost` about an object that is foreign or
    missing, which a page says over its socket. `writes` are those who change something by asking."""

    name: str
    may: frozenset[str]
    url: Callable[[Place], str]
    form: Callable[[Place], dict[str, str]] | None = None
    yes: Said = SHOWN
    no: Said = TO_SIGN_IN
    lost: Said = MISSING
    denied: Said | None = None
    """The answer to members of the place who may not, about what they know to be there, where it is not `lost`."""
    uploads: bytes = b""
    """What is sent as a file."""
    writes: frozenset[str] = NOBODY
    already: frozenset[str] = NOBODY
    """Those of `writes` for whom it may be done already."""
    is_about: bool = False
    session: Literal["own", "another", "a newcomer's"] = "own"
    """Whether it may be asked with the session that the others use, or would end it, or all that its person has."""

    @property
    def method(self) -> str:
        return self.name.partition(" ")[0]


def page(path: str, url: Callable[[Place], str], may: frozenset[str] = SIGNED_IN, **more: Said) -> Route:
    """Its words come over the socket: what is loaded is the same for everybody, and about everything."""
    return Route(f"GET {path}", may, url, **more)  # type: ignore[arg-type]  # They are Route's own fields.


def not_here(path: str) -> Route:
    """What Reflex answers with by itself, and nobody needs."""
    return Route(f"GET {path}", NOBODY, lambda p: path, no=MISSING)


def form(path: str, may: frozenset[str], fill: Callable[[Place], dict[str, str]], yes: Said, **more) -> Route:
    return Route(f"POST {path}", may, lambda p: path, fill, yes, **more)


def _newcomer(p: Place) -> dict[str, str]:
    email = f"newcomer{next(_numbers)}@matrix.example"
    return {"name": "Newcomer", "email": email, "password": "one more door to lock", "next": f"/b/{p.board_id}"}


def _guess(p: Place) -> dict[str, str]:
    return {"email": "owner@matrix.example", "password": "a guess at the password", "next": f"/b/{p.board_id}"}


def _token(p: Place) -> dict[str, str]:
    """What proves nothing: the token of an invitation, and a password that is nobody's."""
    return {"token": p.token, "password": "a guess at the password", "new_password": "a new one that is long enough"}


def _code(p: Place) -> dict[str, str]:
    return {"code": "000000", "password": "a guess at the password"}


# fmt: off
ROUTES = [
    page("/", lambda p: "/"),
    page("/b/[board]", lambda p: f"/b/{p.board_id}"),
    page("/inbox", lambda p: "/inbox"),
    page("/w/[workspace]/members", lambda p: f"/w/{p.workspace_id}/members"),
    page("/settings", lambda p: "/settings"),
    page("/admin", lambda p: "/admin"),
    page("/forgot", lambda p: "/forgot", EVERYBODY),
    page("/reset/[token]", lambda p: f"/reset/{p.token}", EVERYBODY),
    page("/confirm/[token]", lambda p: f"/confirm/{p.token}", EVERYBODY),
    page("/unsubscribe/[token]", lambda p: f"/unsubscribe/{p.token}", EVERYBODY),
    # This token ends nothing: tests/web/test_unsubscribing.py has some that do.
    Route("GET /mail/unsubscribe/{token}", EVERYBODY, lambda p: f"/mail/unsubscribe/{p.token}",
          yes=(303, "/unsubscribe/.*")),
    Route("POST /mail/unsubscribe/{token}", EVERYBODY, lambda p: f"/mail/unsubscribe/{p.token}", lambda p: {},
          yes=MISSING),
    page("/join/[token]", lambda p: f"/join/{p.token}", EVERYBODY),
    page("/sign-in", lambda p: "/sign-in", EVERYBODY - SIGNED_IN, lost=HOME),
    page("/sign-up", lambda p: "/sign-up", EVERYBODY - SIGNED_IN, lost=HOME),
    page("/sign-in/code", lambda p: "/sign-in/code", EVERYBODY),
    page("/settings/second-factor", lambda p: "/settings/second-factor"),
    page("/selftest", lambda p: "/selftest", EVERYBODY),
    Route("GET /api/self-test", EVERYBODY, lambda p: "/api/self-test"),
    page("/admin/figures", lambda p: "/admin/figures"),
    page("/admin/sign-in-check", lambda p: "/admin/sign-in-check"),
    *(page(f"/health{part}", lambda p, part=part: f"/health{part}", EVERYBODY) for part in ("", "/live", "/ready")),
    # Nobody here looks after this Tandem; who does, and who may scrape: tests/live/test_figures.py.
    Route("GET /api/admin/websocket/stats", NOBODY, lambda p: "/api/admin/websocket/stats", no=SIGN_IN_FIRST),
    Route("GET /metrics", NOBODY, lambda p: "/metrics", no=SIGN_IN_FIRST),
    page("/b/[board]/activity", lambda p: f"/b/{p.board_id}/activity"),
    page("/w/[workspace]/activity", lambda p: f"/w/{p.workspace_id}/activity"),
    page("/w/[workspace]/audit", lambda p: f"/w/{p.workspace_id}/audit"),
    page("/admin/audit", lambda p: "/admin/audit"),
    Route("GET /w/{workspace_id:int}/audit.csv", ADMINS, lambda p: f"/w/{p.workspace_id}/audit.csv", is_about=True,
          denied=DENIED, writes=ADMINS),
    Route("GET /admin/audit.csv", NOBODY, lambda p: "/admin/audit.csv", lost=DENIED, denied=DENIED),
    *(Route(f"GET /b/{{id:int}}/export.{kind}", EDITORS, lambda p, kind=kind: f"/b/{p.board_id}/export.{kind}",
            is_about=True, denied=DENIED, writes=EDITORS) for kind in ("json", "csv")),
    *(Route(f"GET /w/{{id:int}}/export.{kind}", ADMINS, lambda p, kind=kind: f"/w/{p.workspace_id}/export.{kind}",
            is_about=True, denied=DENIED, writes=ADMINS) for kind in ("json", "csv")),
    page("/import", lambda p: f"/import?workspace={p.workspace_id}"),
    Route("POST /imports", SIGNED_IN, lambda p: "/imports", uploads=b"words", yes=(201, ""), no=SIGN_IN_FIRST),
    # Into which workspace somebody may bring a file: tests/web/test_importing.py.
    Route("POST /imports/run", SIGNED_IN, lambda p: "/imports/run", lambda p: {"ticket": "forged"}, yes=(422, ""),
          no=SIGN_IN_FIRST),
    Route("POST /files/task/{task_id:int}", COMMENTERS, lambda p: f"/files/task/{p.task_id}", uploads=b"words",
          yes=(201, ""), no=SIGN_IN_FIRST, denied=DENIED, is_about=True, writes=COMMENTERS),
    Route("POST /files/avatar", SIGNED_IN, lambda p: "/files/avatar", uploads=b"no picture", yes=(422, ""),
          no=SIGN_IN_FIRST),
    Route("GET /files/avatar/{key}", NOBODY, lambda p: f"/files/avatar/{'0' * 32}", no=SIGN_IN_FIRST),
    Route("GET /files/thumb/{attachment_id:int}", MEMBERS, lambda p: f"/files/thumb/{p.file_id}", is_about=True,
          no=SIGN_IN_FIRST),
    Route("GET /files/{attachment_id:int}/{name:path}", MEMBERS, lambda p: f"/files/{p.file_id}/words.txt",
          is_about=True),
    not_here("/_health"),
    not_here("/ping"),
    form("/auth/sign-up", EVERYBODY, _newcomer, (303, r"/b/\d+"), writes=EVERYBODY),
    form("/auth/sign-in", EVERYBODY, _guess, (303, r"/sign-in\?next=%2Fb%2F\d+"), writes=EVERYBODY),
    form("/auth/sign-in/code", EVERYBODY, _code, TO_SIGN_IN),
    form("/auth/second-factor/begin", SIGNED_IN, _code, (303, "/settings/second-factor")),
    form("/auth/second-factor/turn-on", SIGNED_IN, _code, (303, "/settings/second-factor")),
    # Here and below: what is written is that a password was wrong.
    form("/auth/second-factor/turn-off", SIGNED_IN, _code, SETTINGS, writes=SIGNED_IN),
    form("/auth/second-factor/renew-codes", SIGNED_IN, _code, SETTINGS, writes=SIGNED_IN),
    *(Route(f"GET /auth/second-factor/{what}", SIGNED_IN, lambda p, what=what: f"/auth/second-factor/{what}",
            yes=(204, ""), no=(401, "")) for what in ("picture", "secret", "recovery-codes")),
    # No provider is set here: tests/security/elsewhere has one.
    Route("GET /auth/oidc/{number:int}", EVERYBODY, lambda p: "/auth/oidc/1", yes=TO_SIGN_IN),
    Route("GET /auth/oidc/{number:int}/callback", EVERYBODY, lambda p: "/auth/oidc/1/callback", yes=TO_SIGN_IN),
    Route("POST /auth/oidc/{number:int}/link", SIGNED_IN, lambda p: "/auth/oidc/1/link", lambda p: {}, SETTINGS),
    Route("POST /auth/oidc/{number:int}/trial", SIGNED_IN, lambda p: "/auth/oidc/1/trial", lambda p: {},
          (303, "/admin/sign-in-check")),
    form("/auth/identities/unlink", SIGNED_IN, lambda p: {"identity": str(p.board_id)}, SETTINGS),
    form("/auth/sign-out", EVERYBODY, lambda p: {}, TO_SIGN_IN, session="another",
         writes=SIGNED_IN),
    form("/auth/sign-out-everywhere", EVERYBODY, lambda p: {}, TO_SIGN_IN, session="a newcomer's", writes=SIGNED_IN),
    form("/auth/unsubscribe", EVERYBODY, _token, (303, "/unsubscribe/.*")),
    form("/auth/forgot", EVERYBODY, _guess, (303, r"/forgot\?next=%2Fb%2F\d+")),
    form("/auth/reset", EVERYBODY, _token, (303, "/forgot")),
    form("/auth/confirm", SIGNED_IN, _token, (303, "/settings")),
    form("/auth/password", SIGNED_IN, _token, (303, "/settings"), writes=SIGNED_IN),
    form("/auth/email", SIGNED_IN, _token, (303, "/settings"), writes=SIGNED_IN),
]
# fmt: on
