"""The nginx of docs/deploy.md, as it stands there, in front of two instances: the real one, with HTTPS."""

import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import text

from app import settings, upkeep
from app.doctor import ways
from app.doctor.finding import Unwell
from app.seeds import SIGN_INS
from tests.live.client import Client, sign_in
from tests.support.server import UNHURRIED, Server, free_port, serving
from tests.support.services import RedisServer
from tests.support.stores import ROOT, PostgreSQLStore

AROUND = """
daemon off; user root; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    {inside}
}}
"""


@dataclass
class Proxied:
    url: str
    plain_port: int
    folder: Path
    inside: str
    process: subprocess.Popen[bytes]
    instances: list[Server]
    database_url: str

    def reload(self, inside: str) -> None:
        """Have nginx go by this, once it is up with it."""
        (self.folder / "nginx.conf").write_text(AROUND.format(folder=self.folder, inside=inside))
        before = workers_of(self.process.pid)
        self.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 60
        while workers_of(self.process.pid) & before or not workers_of(self.process.pid):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def workers_of(pid: int) -> set[str]:
    return set(subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split())


def in_the_docs() -> str:
    found = re.search(r"```nginx\n(.*?)```", (ROOT / "docs/deploy.md").read_text(), re.DOTALL)
    assert found
    return found[1]


def adapted(config: str, folder: Path, port: int, plain_port: int, instances: list[Server]) -> str:
    """The same with the ports, the name and the certificate of here; every line that differs must have been there."""
    servers = " ".join(f"server 127.0.0.1:{instance.port};" for instance in instances)
    for theirs, ours in {
        "server 127.0.0.1:3000;": servers,
        "listen 443 ssl": f"listen {port} ssl",
        "listen 80;": f"listen {plain_port};",
        "tasks.example.com;": "localhost;",
        "/etc/letsencrypt/live/tasks.example.com/fullchain.pem": f"{folder}/certificate.pem",
        "/etc/letsencrypt/live/tasks.example.com/privkey.pem": f"{folder}/key.pem",
    }.items():
        assert theirs in config
        config = config.replace(theirs, ours)
    return config


def certify(folder: Path) -> None:
    """A certificate for localhost that nobody has signed."""
    key, name = (
        generate_private_key(SECP256R1()),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@pytest.fixture(scope="module")
def proxied(postgresql_store: PostgreSQLStore, redis_server: RedisServer) -> Iterator[Proxied]:
    folder = Path(tempfile.mkdtemp(prefix="tandem-"))
    certify(folder)
    port, plain_port = free_port(), free_port()
    shared = {
        "DATABASE_URL": postgresql_store.create("seeded"),
        "REDIS_URL": redis_server.url,
        "DATA_DIR": str(folder / "data"),
        "PUBLIC_URL": f"https://localhost:{port}",
        "TRUSTED_PROXY_HOPS": "1",
        "WORKERS": "1",
    } | UNHURRIED
    with pytest.MonkeyPatch.context() as patch, serving(**shared) as one, serving(**shared) as two:
        patch.setenv("SSL_CERT_FILE", f"{folder}/certificate.pem")
        inside = adapted(in_the_docs(), folder, port, plain_port, [one, two])
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder, inside=inside))
        program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
        assert program, "The tests need nginx: install it and start again."
        process = subprocess.Popen([program, "-p", folder, "-c", folder / "nginx.conf"])
        try:
            wait_for(f"https://localhost:{port}/health", process, folder)
            url = shared["PUBLIC_URL"]
            yield Proxied(url, plain_port, folder, inside, process, [one, two], shared["DATABASE_URL"])
        finally:
            process.terminate()
            process.wait()
    shutil.rmtree(folder)


def wait_for(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None and time.monotonic() < deadline, (folder / "error.log").read_text()
        try:
            assert httpx.get(url, timeout=20).status_code == 200
            return
        except httpx.TransportError:
            time.sleep(0.05)


@pytest.fixture
async def tabs() -> AsyncIterator[list[Client]]:
    opened: list[Client] = []
    yield opened
    for tab in opened:
        await tab.close()


async def test_a_change_goes_through_it_from_one_instance_to_a_tab_of_the_other(proxied: Proxied, tabs: list[Client]):
    for _, email, password in SIGN_INS[:2]:
        tabs.append(Client(proxied.url, await sign_in(proxied.url, email, password)))
    ana = await tabs[0].open("/b/1")
    ben = await tabs[1].open("/b/1", not_on=ana.worker)
    card = next(key for key, card in ana.store["cards"].items() if card["title"] == "Order stickers")
    await ben.do("complete_task", task_id=int(card[1:]))
    await ana.until(lambda store: store["cards"][card]["is_done"], "Ben's change is there")


def test_it_leads_to_https_with_safe_cookies_and_believes_nobody_about_their_address(proxied: Proxied):
    plain = httpx.get(f"http://localhost:{proxied.plain_port}/b/1?task=2")
    assert (plain.status_code, plain.headers["location"]) == (301, "https://localhost/b/1?task=2")
    _, email, password = SIGN_INS[2]
    lie = {"Origin": proxied.url, "X-Forwarded-For": "203.0.113.9"}
    answer = httpx.post(f"{proxied.url}/auth/sign-in", data={"email": email, "password": password}, headers=lie)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-") and "Secure" in cookie and "HttpOnly" in cookie
    assert answer.headers["strict-transport-security"]
    with upkeep.connected(proxied.database_url) as connection:
        newest = "SELECT address FROM session ORDER BY created_at DESC LIMIT 1"
        assert connection.execute(text(newest)).scalar() == "127.0.0.1"


async def test_the_doctor_sees_whether_websockets_get_through(proxied: Proxied):
    here = settings.load({"PUBLIC_URL": proxied.url, "PORT": str(proxied.instances[0].port)})
    assert await ways.address(here) == f"{proxied.url} answers, and lets WebSockets through."
    upgrade = "proxy_set_header Upgrade $http_upgrade;"
    assert upgrade in proxied.inside
    proxied.reload(proxied.inside.replace(upgrade, ""))
    try:
        with pytest.raises(Unwell, match=r"no WebSocket gets through .*Upgrade and Connection"):
            await ways.address(here)
    finally:
        proxied.reload(proxied.inside)


async def test_one_instance_that_ends_is_not_missed(proxied: Proxied, tabs: list[Client]):
    proxied.instances[0].stop()
    _, email, password = SIGN_INS[0]
    for _ in range(3):
        tabs.append(Client(proxied.url, await sign_in(proxied.url, email, password)))
        await tabs[-1].open("/b/1")
