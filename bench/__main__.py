"""`bin/bench`: every table, one after the other, each by a program of its own; half an hour on a quiet machine."""

import subprocess
import sys

EVERY = ("live", "compare", "sizes", "opening", "memory", "crowds", "moves", "fan_out", "servers")


def main() -> int:
    """Exit status: 0 when every table was printed, whatever it says."""
    failed = []
    for name in EVERY:
        print(f"\n## {name}\n", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"]).returncode:
            failed.append(name)
    if failed:
        print(f"No table, or a void one: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
