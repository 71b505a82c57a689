#!/usr/bin/python3
"""What the audit log holds has words: test_words.py SOURCE. The actions and kinds of data/openapi.yaml, which the server's
tests hold against what it writes, are those that the desktop has words for and offers as filters.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re
import sys
from pathlib import Path


def enum(root, name):
    text = (root / "data/openapi.yaml").read_text(encoding="utf-8")
    return set(re.split(r",\s*", re.search(rf"^    {name}:\s*\{{?\s*enum: \[([^\]]*)\]", text, re.MULTILINE).group(1)))


def table(path, name):
    """The first text of each row of a table, or each text of a list."""
    body = re.search(rf"static const [\w* ]+\b{name}\[\] = \{{(.*?)^\}};", path.read_text(encoding="utf-8"),
                     re.MULTILINE | re.DOTALL).group(1)
    return re.findall(r'\{ "([^"]+)",' if "{" in body else r'"([^"]+)"', body)


def main():
    root = Path(sys.argv[1])
    words = root / "src/app/common/bw-record-text.c"
    filters = root / "src/app/audit/bw-audit-filter.c"
    cases = [(f"{path.name}-{name}", enum(root, schema), table(path, name))
             for path, name, schema in ((words, "done", "AuditAction"), (words, "kinds", "AuditKind"),
                                        (filters, "actions", "AuditAction"), (filters, "kinds", "AuditKind"))]
    failed = False
    print(f"1..{len(cases)}")
    for number, (name, known, found) in enumerate(cases, 1):
        good = len(known) > 5 and set(found) == known and len(found) == len(known)
        failed = failed or not good
        print(f"{'ok' if good else 'not ok'} {number} {name}")
        if not good:
            print(f"# missing: {sorted(known - set(found))}, unknown: {sorted(set(found) - known)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
