"""Builds and runs the image without an engine: the Dockerfile's instructions, one by one, in bare trees of Debian.

It takes root, debootstrap and a network. Where the machine has certificates of its own, IMAGE_CERTIFICATES is the
folder that they are in; IMAGE_BINDS names what tells pip and npm where packages come from, with colons between: the
trees can read it while they are built. With IMAGE_AS_IT_IS=1 what was built before is taken as it is.
"""

import json
import os
import shlex
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.container import every_process
from tests.support.server import free_port
from tests.support.stores import ROOT

SUITES = {"debian:bookworm-slim": "bookworm"}
USER = 1000
"""Who runs in it, by number."""


@dataclass
class Stage:
    tree: Path
    workdir: str = "/"
    user: str = "root"
    environment: dict[str, str] = field(default_factory=dict)
    entry: list[str] = field(default_factory=list)
    healthcheck: list[str] = field(default_factory=list)


class Image:
    """`folder` keeps the bare tree from one build to the next."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._stages, self.stage = folder, {}, Stage(folder)
        self._is_built = os.environ.get("IMAGE_AS_IT_IS") == "1" and (folder / "final").exists()
        for words in instructions(ROOT / "Dockerfile"):
            getattr(self, f"_{words[0].lower()}")(words[1])

    def _from(self, told: str) -> None:
        base, *named = told.split()
        name = named[1] if named else "final"
        tree = self._folder / name
        self.stage = self._stages[name] = Stage(tree)
        if self._is_built:
            return
        subprocess.run(["rm", "-rf", tree], check=True)
        subprocess.run(["cp", "-a", self._bare(SUITES[base]), tree], check=True)
        if certificates := os.environ.get("IMAGE_CERTIFICATES"):
            shutil.copytree(certificates, tree / "usr/local/share/ca-certificates", dirs_exist_ok=True)

    def _bare(self, suite: str) -> Path:
        tree = self._folder / suite
        if not (tree / "etc/debian_version").exists():
            command = ["debootstrap", "--variant=minbase", suite, tree, *filter(None, [os.environ.get("IMAGE_MIRROR")])]
            subprocess.run(command, check=True)
        return tree

    def _run(self, told: str) -> None:
        if self._is_built:
            return
        binds = [Path(path) for path in os.environ.get("IMAGE_BINDS", "").split(":") if path]
        inside = [*self._mounts(*binds), f"exec chroot {self.stage.tree} /bin/sh -ec {shlex.quote(self._at(told))}"]
        command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", "\n".join(inside)]
        ended = subprocess.run(command, env=self._environment(), capture_output=True, text=True)
        assert ended.returncode == 0, f"RUN {told}:\n{ended.stdout[-3000:]}\n{ended.stderr[-3000:]}"

    def _copy(self, told: str) -> None:
        if self._is_built:
            return
        words = told.split()
        if words[0].startswith("--from="):
            stage = self._stages[words[0].partition("=")[2]]
            subprocess.run(["cp", "-a", f"{stage.tree}{words[1]}", f"{self.stage.tree}{words[2]}"], check=True)
            return
        assert words == [".", "."], told
        target = Path(f"{self.stage.tree}{self.stage.workdir}")
        for line in (ROOT / ".dockerignore").read_text().splitlines():
            if line.startswith("!"):
                source = ROOT / line[1:]
                if source.is_dir():
                    shutil.copytree(
                        source, target / source.name, ignore=shutil.ignore_patterns("__pycache__", "external")
                    )
                else:
                    shutil.copy(source, target / source.name)

    def _workdir(self, told: str) -> None:
        self.stage.workdir = told
        Path(f"{self.stage.tree}{told}").mkdir(parents=True, exist_ok=True)

    def _env(self, told: str) -> None:
        self.stage.environment |= dict(word.split("=", 1) for word in shlex.split(told))

    def _user(self, told: str) -> None:
        self.stage.user = told

    def _entrypoint(self, told: str) -> None:
        self.stage.entry = json.loads(told)

    def _healthcheck(self, told: str) -> None:
        self.stage.healthcheck = json.loads(told.partition(" CMD ")[2])

    def _volume(self, told: str) -> None: ...

    _expose = _volume

    def _mounts(self, *binds: Path) -> list[str]:
        """The tree's own /proc and the devices; what else is this machine's can only be read there."""
        tree = self.stage.tree
        found = ["mount --make-rprivate /", f"mount -t proc proc {tree}/proc", f"mount --rbind /dev {tree}/dev"]
        for path in (Path("/etc/resolv.conf"), *binds):
            inside = Path(f"{tree}{path}")
            found += [f"mkdir -p {inside}"] if path.is_dir() else [f"mkdir -p {inside.parent}", f"touch {inside}"]
            found += [f"mount --bind {path} {inside}", f"mount -o remount,ro,bind {inside}"]
        return found

    def writable(self, below: str) -> list[str]:
        """What the image's user could change there."""
        script = f"find {below} -writable ! -type l | head"
        ended = subprocess.run(
            self.command(["sh", "-c", script]), env=self._environment(), capture_output=True, text=True
        )
        return ended.stdout.split()

    def _at(self, command: str) -> str:
        return f"cd {self.stage.workdir}; {command}"

    def _environment(self) -> dict[str, str]:
        path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return {
            "PATH": path,
            "HOME": "/root",
            "DEBIAN_FRONTEND": "noninteractive",
            "NODE_EXTRA_CA_CERTS": "/etc/ssl/certs/ca-certificates.crt",  # node has a list of its own
        } | self.stage.environment

    def command(self, words: list[str], **environment: str) -> list[str]:
        """What runs this in the image, as its user, where it is process 1."""
        told = " ".join(f"{name}={shlex.quote(value)}" for name, value in environment.items())
        user = self.stage.user
        inside = f"exec chroot --userspec={user}:{user} {self.stage.tree} env {told} {shlex.join(words)}"
        return [
            "unshare",
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            "sh",
            "-ec",
            "\n".join([*self._mounts(), inside]),
        ]


class Running:
    """A container of the image; its data stay in the tree."""

    def __init__(self, image: Image, output: Path, *arguments: str, **environment: str) -> None:
        self.image, self.started = image, time.monotonic()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._settings = {"PORT": str(self.port)} | environment
        self._output = output
        with output.open("ab") as written:
            os.fchown(written.fileno(), USER, USER)  # As an engine does.
            self._process = subprocess.Popen(
                image.command([*image.stage.entry, *arguments], **self._settings),
                env=image._environment() | {"HOME": "/data"},
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=written,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        return self._output.read_text(errors="replace")

    @property
    def first(self) -> int:
        """Process 1 in it, as this machine numbers it."""
        return next(pid for pid, (parent, _) in every_process().items() if parent == self._process.pid)

    def parts(self) -> dict[str, int]:
        return {name: pid for pid, (parent, name) in sorted(every_process().items()) if parent == self.first}

    def is_healthy(self) -> bool:
        """As HEALTHCHECK finds out."""
        assert self._process.poll() is None, self.log
        probe = self.image.command(self.image.stage.healthcheck, **self._settings)
        return subprocess.run(probe, env=self.image._environment(), capture_output=True).returncode == 0

    def stop(self) -> float:
        """Seconds until it had ended; killed after 30."""
        started = time.monotonic()
        if self._process.poll() is None:
            os.kill(self.first, signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        return time.monotonic() - started


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    lines = [line for line in dockerfile.read_text().splitlines() if line.strip() and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [(word, " ".join(rest.split())) for word, _, rest in (line.partition(" ") for line in joined)]
