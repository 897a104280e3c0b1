"""A small disk that can be full: a tmpfs, which takes memory for what is written to it alone."""

import contextlib
import errno
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

LARGE = "1g"
"""As much as bin/tandem doctor wants to see free, and more."""
MARGIN = 1024 * 1024
"""Bytes that `fill` leaves at first, for what is written while it makes the disk smaller."""


class Disk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Until not a byte more fits."""
        self._resize(str(shutil.disk_usage(self.folder).used + MARGIN))
        with self._ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        with pytest.raises(OSError) as refused, (self.folder / "straw").open("wb", buffering=0) as file:
            file.write(b"x")
        assert refused.value.errno == errno.ENOSPC, "The premise: it is full."
        (self.folder / "straw").unlink()

    def make_room(self) -> None:
        self._ballast.unlink(missing_ok=True)
        self._resize(LARGE)

    def _resize(self, size: str) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", self.folder], check=True)


@contextlib.contextmanager
def mounted(folder: Path) -> Iterator[Disk]:
    """A disk of the test's own at `folder`; where none may be mounted the test is skipped."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={LARGE},mode=0700", "tandem-test", folder]
    try:
        ended = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("There is no mount command here, so that no disk can be filled.")
    if ended.returncode:
        pytest.skip(f"No small disk may be mounted here: {ended.stderr.strip()}")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
