#!/usr/bin/python3
"""The rules of the house that a compiler does not check.

lint.py ROOT        walks the tree, prints each finding, exits 1 when there is one
lint.py --self-test makes a small bad tree and sees each rule find it

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

# src/DESIGN.md: folder -> the folders whose headers it may include. A folder may always use its own.
MAY_USE = {
    "wire": [],
    "base": ["wire"],
    "model": ["base", "wire"],
    "mqtt": ["base", "wire"],
    "device": ["model", "base", "wire"],
    "sheet": ["base", "wire"],
    "verify": ["sheet", "base", "wire"],
    "client": ["model", "mqtt", "device", "base", "wire"],
    "app/common": ["client", "model", "mqtt", "device", "base", "wire"],
    "app/print": ["client", "sheet", "app/common", "model", "device", "mqtt", "base", "wire"],
    "app/audit": ["client", "model", "app/common", "device", "mqtt", "base", "wire"],
    "app/batches": ["client", "model", "sheet", "verify", "app/common", "app/print", "device", "mqtt", "base", "wire"],
    "app/companies": ["client", "model", "app/common", "device", "mqtt", "base", "wire"],
    "app/requests": ["client", "model", "app/common", "device", "mqtt", "base", "wire"],
    "app/roles": ["client", "model", "app/common", "device", "mqtt", "base", "wire"],
    "app/devices": ["client", "model", "app/common", "app/print", "device", "mqtt", "base", "wire"],
    "app/participations": ["client", "model", "app/common", "device", "mqtt", "base", "wire"],
    "app/users": ["client", "model", "app/common", "device", "mqtt", "base", "wire"],
    "app/shell": ["client", "model", "sheet", "app/common", "app/print", "app/audit", "app/batches", "app/companies", "app/devices",
                  "app/participations", "app/requests", "app/roles", "app/users", "device", "mqtt", "base", "wire"],
    "server/store": ["model", "base", "wire"],
    "server/mail": ["model", "base", "wire"],
    "server/history": ["server/store", "model", "base", "wire"],
    "server/service": ["server/history", "server/store", "server/mail", "sheet", "model", "base", "wire"],
    "server/http": ["server/service", "server/history", "server/store", "server/mail", "model", "base", "wire"],
    "server/broker": ["server/service", "server/history", "server/store", "server/mail", "device", "mqtt", "model", "base", "wire"],
    "server": ["server/http", "server/broker", "server/service", "server/history", "server/store", "server/mail", "model", "base", "wire"],
    "plugin": ["wire"],
    "ctl": ["client", "sheet", "verify", "model", "device", "mqtt", "base", "wire"],
    "sim": ["mqtt", "wire", "base"],
}

# outside library -> where alone it may be included
ONLY_IN = {
    r"<(gtk|adwaita)[./]|<gtk/|<adwaita": ["app"],
    r"<libsoup/": ["client"],
    r"<microhttpd": ["server/http"],
    r"<sqlite3": ["server/store", "plugin"],
    r"<libpq": ["server/store"],
    r"<liboath": ["server/service"],
    r"<curl": ["server/mail"],
    r"<mosquitto": ["mqtt", "plugin"],
    r"<openssl/x509": ["plugin", "mqtt"],
    r"<openssl/(?!x509)": ["mqtt"],
    r"<gnutls/": ["client", "server/http"],
    r"<zstd": ["server/history"],
    r"<cairo": ["sheet", "verify", "app"],
    r"<pango|<qrencode": ["sheet", "app"],
    r"<zbar|<poppler|<gst/|<tiff": ["verify"],
    r"<glib|<gio": ["base", "model", "mqtt", "device", "sheet", "verify", "client", "app", "server", "ctl", "sim"],
}

BANNED = r"\b(strcpy|strcat|sprintf|vsprintf|strtok|gets|gmtime|localtime|system|popen|g_error|usleep|g_usleep|sleep|atoi|atof)\s*\("
SQL = r'"[^"\n]*\b(SELECT\s+[\w*(]|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\s)'
UNFINISHED = r"\b(TODO|FIXME|XXX|HACK)\b"


def folder_of(path, source):
    """The longest name of MAY_USE that the file lies in."""
    relative = path.relative_to(source).as_posix()
    names = [name for name in MAY_USE if relative.startswith(name + "/")]
    return max(names, key=len) if names else None


def strip_comments(text):
    return re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.S)


def lint_sources(root):
    source = root / "src"
    files = sorted(p for p in source.rglob("*.[ch]"))
    homes = {}
    for path in files:
        if path.suffix == ".h":
            homes.setdefault(path.name, folder_of(path, source))

    for path in files:
        folder = folder_of(path, source)
        text = path.read_text(encoding="utf-8")
        code = strip_comments(text)
        where = path.relative_to(root)
        if folder is None:
            yield f"{where}: in no folder that DESIGN.md names"
            continue
        if "SPDX-License-Identifier: GPL-3.0-or-later" not in text:
            yield f"{where}: no licence line"
        for number, line in enumerate(code.split("\n"), 1):
            own = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if own:
                home = homes.get(Path(own.group(1)).name)
                if (path.parent / own.group(1)).exists():
                    continue    # two folders may have a header of one name; the own one is meant
                if home is not None and home != folder and home not in MAY_USE[folder]:
                    yield f"{where}:{number}: {folder} may not use {home} ({own.group(1)})"
            if re.match(r"\s*#\s*include\s+<", line):
                for pattern, allowed in ONLY_IN.items():
                    if re.search(pattern, line) and not any(folder == a or folder.startswith(a + "/") for a in allowed):
                        yield f"{where}:{number}: {line.strip()} belongs to {', '.join(allowed)}"
            banned = re.search(BANNED, line)
            if banned and not re.search(r"[\w>.]" + re.escape(banned.group(1)) + r"\s*\(", line):
                yield f"{where}:{number}: {banned.group(1)} is banned"
            if folder not in ("server/store", "plugin") and re.search(SQL, line):
                yield f"{where}:{number}: SQL outside server/store"


def tracked(root):
    try:
        out = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, check=True).stdout
        names = [n for n in out.decode().split("\0") if n]
    except (subprocess.CalledProcessError, FileNotFoundError):
        names = [p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()]
    # packed from an archive, or a file just deleted
    return [n for n in names if (root / n).is_file() and not re.match(r"build|out/|tests/e2e/node_modules", n)]


def lint_texts(root):
    for name in tracked(root):
        if not re.search(r"\.(c|h|py|js|ui|xml|css|json|md|sql|build|txt|sh|in|conf|service|1)$|^run$|^\.ci/run$", name):
            continue
        if name.endswith("package-lock.json"):
            continue
        data = (root / name).read_bytes()
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            yield f"{name}: not UTF-8"
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if "\t" in line:
                yield f"{name}:{number}: a tab"
            if line.endswith((" ", "\r")):
                yield f"{name}:{number}: white space at the end"
            if not name.startswith("tests/lint/") and re.search(UNFINISHED, line):
                yield f"{name}:{number}: unfinished: {line.strip()}"
        if data and not data.endswith(b"\n"):
            yield f"{name}: no new line at the end"


def lint_templates(root):
    resources = ""
    for bundle in root.rglob("*.gresource.xml"):
        if not bundle.relative_to(root).as_posix().startswith("build"):
            resources += bundle.read_text(encoding="utf-8")
    potfiles = root / "po" / "POTFILES.in"
    listed = set(potfiles.read_text(encoding="utf-8").split("\n")) if potfiles.exists() else set()
    ui = root / "ui"
    for path in sorted(ui.rglob("*.ui")) if ui.exists() else []:
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        if f">{path.relative_to(ui).as_posix()}<" not in resources:
            yield f"{name}: in no gresource"
        if "<![CDATA[" in text:
            yield f"{name}: CDATA hides its strings from xgettext"
        if 'translatable="yes"' in text and name not in listed:
            yield f"{name}: has strings but is not in po/POTFILES.in"
    for folder in ("src/app", "src/ctl"):
        for path in sorted((root / folder).rglob("*.c")):
            name = path.relative_to(root).as_posix()
            if re.search(r"\b(_|N_|C_|ngettext|g_dngettext)\s*\(", path.read_text(encoding="utf-8")) and name not in listed:
                yield f"{name}: has strings but is not in po/POTFILES.in"
    for name in sorted(listed):
        if name and not name.startswith("#") and not (root / name).exists():
            yield f"po/POTFILES.in: {name} is not there"


def lint(root):
    for rule in (lint_sources, lint_texts, lint_templates):
        yield from rule(root)


BAD_TREE = {
    "src/sim/bw-bad.c": '#include <gtk/gtk.h>\n#include "bw-store.h"\nint x;\n',
    "src/server/store/bw-store.h": "/* SPDX-License-Identifier: GPL-3.0-or-later */\n",
    "src/model/bw-worse.c": '/* SPDX-License-Identifier: GPL-3.0-or-later */\n'
                            'int f (void) { strcpy (a, b); return g ("SELECT id FROM device"); }\n',
    "src/model/bw-tab.c": "/* SPDX-License-Identifier: GPL-3.0-or-later */\nint\tx; \n/* TODO: more */\nint y;",
    "ui/lost.ui": '<interface><![CDATA[ <a translatable="yes"/> ]]></interface>\n',
    "src/app/shell/bw-text.c": '/* SPDX-License-Identifier: GPL-3.0-or-later */\nconst char *t = _("Text");\n',
    "po/POTFILES.in": "src/gone.c\n",
}
EXPECTED = [
    "sim may not use server/store", "belongs to app", "no licence line", "strcpy is banned", "SQL outside server/store",
    "a tab", "white space at the end", "unfinished", "no new line at the end", "in no gresource", "CDATA",
    "ui/lost.ui: has strings", "bw-text.c: has strings", "src/gone.c is not there",
]


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in BAD_TREE.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        found = "\n".join(lint(root))
    missed = [text for text in EXPECTED if text not in found]
    for text in missed:
        print(f"not found in the bad tree: {text}")
    return 1 if missed else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    findings = list(lint(Path(sys.argv[1]).resolve()))
    print("\n".join(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
