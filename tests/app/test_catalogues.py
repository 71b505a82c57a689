#!/usr/bin/python3
"""The catalogues are whole: test_catalogues.py SOURCE. Every string of the sources is in each language, and fits its format.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

KEYWORDS = ["_", "N_", "C_:1c,2", "NC_:1c,2", "ngettext:1,2"]


def extract(root, folder):
    """Our own run of xgettext: a catalogue may be older than the sources."""
    pot = folder / "all.pot"
    names = [line for line in (root / "po/POTFILES.in").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    subprocess.run(["xgettext", "--from-code=UTF-8", *[f"--keyword={word}" for word in KEYWORDS], "-o", pot,
                    *[name for name in names if name.endswith((".c", ".ui"))]], cwd=root, check=True, stderr=subprocess.DEVNULL)
    return pot


def main():
    root = Path(sys.argv[1])
    languages = [line for line in (root / "po/LINGUAS").read_text(encoding="utf-8").split() if line]
    listed = [line for line in (root / "po/POTFILES.in").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    print(f"1..{len(languages) + 1}")
    failed = listed != sorted(listed)
    print(f"{'not ok' if failed else 'ok'} 1 potfiles-sorted")

    with tempfile.TemporaryDirectory() as folder:
        pot = extract(root, Path(folder))
        for number, language in enumerate(languages, 2):
            merged = Path(folder) / f"{language}.po"
            subprocess.run(["msgmerge", "--no-fuzzy-matching", "-q", "-o", merged, root / f"po/{language}.po", pot], check=True)
            counted = subprocess.run(["msgfmt", "-c", "--statistics", "-o", "/dev/null", merged], check=False,
                                     capture_output=True, text=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
            whole = counted.returncode == 0 and not re.search(r"fuzzy|untranslated", counted.stderr)
            failed = failed or not whole
            print(f"{'ok' if whole else 'not ok'} {number} {language}")
            print("# " + counted.stderr.strip().replace("\n", "\n# "))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
