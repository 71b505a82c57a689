#!/usr/bin/python3
"""Runs the benchmarks one after the other: bench.py BUILD [NAME…]. Timings inform; they fail nothing.

Each prints lines `figure | ours | floor or peer | ratio | bar`.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def programs(build):
    """name -> the command, scripts first: a script may drive the executable of the same name."""
    found = {}
    for path in sorted((build / "tests/bench").glob("bench-*")):
        if path.is_file() and os.access(path, os.X_OK):
            found[path.name.removeprefix("bench-")] = [str(path)]
    for path in sorted(HERE.glob("bench-*.py")):
        found[path.stem.removeprefix("bench-")] = ["/usr/bin/python3", str(path), str(build)]
    return found


def main():
    build = Path(sys.argv[1]).resolve()
    known = programs(build)
    chosen = sys.argv[2:] or sorted(known)
    unknown = [name for name in chosen if name not in known]
    if unknown:
        print(f"bench: there is no {', '.join(unknown)}; there are {', '.join(sorted(known))}", file=sys.stderr)
        return 2

    print("figure | ours | floor or peer | ratio | bar", flush=True)
    broken = 0
    for name in chosen:
        start = time.monotonic()
        status = subprocess.run(known[name], check=False).returncode
        if status != 0:
            broken += 1
            print(f"bench: {name} ended with {status} after {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
