"""Whether anything that we depend on is known to be vulnerable: `python -m tests.support.advisories`, in bin/check.

pip-audit asks two services for the exact versions in constraints.txt. It fails on what is known; where neither service
can be asked, as on a machine without the internet, it says so in one line and lets the rest of the check be. (pip-audit
alone says "No known vulnerabilities" also when it was told nothing about any package.)
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

SERVICES: tuple[tuple[str, ...], ...] = ((), ("--vulnerability-service", "osv"))
"""How pip-audit is told whom to ask: the index that packages come from by default, then the database of all such."""
PATIENCE = 60
"""Seconds for all of it."""
ACCEPTED: dict[str, str] = {}
"""Vulnerabilities that do not concern us, and why: pip-audit's id, and a sentence."""
COMMAND = (sys.executable, "-m", "pip_audit")
ARGUMENTS = (
    "--format=json",
    "--progress-spinner=off",
    "--timeout=5",
    "--disable-pip",
    "--no-deps",
    "-r=constraints.txt",
)

Report = dict[str, Any]


def main() -> int:
    """Exit status: 1 when something is vulnerable, else 0."""
    status, words = verdict(asked(COMMAND))
    print(words, file=sys.stderr if status else sys.stdout)
    return status


def asked(command: Sequence[str], patience: float = PATIENCE) -> Report | None:
    """What the first service that knows any of our packages says; None if there is no such service."""
    deadline = time.monotonic() + patience
    for service in SERVICES:
        try:
            ran = subprocess.run(
                [*command, *service, *ARGUMENTS],
                capture_output=True,
                text=True,
                timeout=max(deadline - time.monotonic(), 0.1),
            )
            report: Report = json.loads(ran.stdout)
        except (subprocess.TimeoutExpired, ValueError):  # Too slow, or no answer but a traceback.
            continue
        if any("vulns" in package for package in report["dependencies"]):
            return report
    return None


def verdict(report: Report | None) -> tuple[int, str]:
    """Exit status, and what to say."""
    if report is None:
        return 0, "Security advisories could not be had on this machine: nothing is known of our dependencies today."
    packages = report["dependencies"]
    found = [
        f"{package['name']} {package['version']} is vulnerable ({vulnerability['id']}): {_cure(vulnerability)}"
        for package in packages
        for vulnerability in package.get("vulns", ())
        if vulnerability["id"] not in ACCEPTED
    ]
    if found:
        return 1, "\n".join(found)
    unknown = [package["name"] for package in packages if "vulns" not in package]
    gap = f"; of {len(unknown)} more nothing could be learnt: {', '.join(unknown)}" if unknown else ""
    return 0, f"No advisory about {len(packages) - len(unknown)} dependencies{gap}."


def _cure(vulnerability: dict[str, Any]) -> str:
    versions = vulnerability.get("fix_versions") or []
    return f"mended in {' and '.join(versions)}." if versions else "not mended yet."


if __name__ == "__main__":
    sys.exit(main())
