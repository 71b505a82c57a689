#!/usr/bin/python3
"""The users page with 100,000 users: bench-users-page.py BUILD. A real backend, a virtual screen, the cairo renderer.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import importlib.util
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 5
BAR_MS = 100.0
SWITCH_BAR_MS = 200.0
N_OTHERS = 300   # below the company of the second participation; their addresses come last


def load_people():
    """The installation of bench-people.py, whose name is none that can be imported."""
    spec = importlib.util.spec_from_file_location("bench_people", Path(__file__).with_name("bench-people.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fill(people, path):
    """And a second participation of the Super Admin, in a company with users of its own."""
    company = people.N_COMPANIES + 1
    people.fill(path)
    db = sqlite3.connect(path)
    with db:
        db.execute("INSERT INTO company (id, name, alias, parent_id, created_at_us) VALUES (?, 'Other', 'other', 1, ?)",
                   (company, people.NOW))
        db.executemany("INSERT INTO account (email, first_name, last_name, status, company_id, password_hash, created_at_us)"
                       " VALUES (?, 'Zoe', 'Other', 1, ?, '', ?)",
                       ((f"z{i}@example.org", company, people.NOW) for i in range(N_OTHERS)))
        db.execute("INSERT INTO participation (account_id, company_id, role_id, from_us, until_us, created_at_us)"
                   " VALUES (1, ?, 2, 0, ?, ?)", (company, people.FOR_EVER, people.NOW))
    db.close()


def run(build, backend):
    """The figures of one run of bench-users-page.c."""
    env = dict(os.environ, GSK_RENDERER="cairo", GDK_DEBUG="gl-disable", GDK_BACKEND="x11", GTK_A11Y="none",
               GSETTINGS_BACKEND="memory", GIO_USE_VFS="local", GTK_USE_PORTAL="0", ADW_DISABLE_PORTAL="1", LC_ALL="C.UTF-8")
    server = f"http://{backend.connection.host}:{backend.connection.port}"
    out = subprocess.check_output(
        ["xvfb-run", "-a", "-s", "-screen 0 1400x900x24 -nolisten tcp", str(build / "tests/bench/bench-users-page"), server,
         backend.token], env=env, text=True, timeout=180)
    return [float(figure) for figure in out.split()]


def main():
    build = Path(sys.argv[1]).resolve()
    people = load_people()
    folder = Path(tempfile.mkdtemp(prefix="bw-bench-users-page-"))
    backend = people.Backend(build, folder)
    try:
        backend.start()
        backend.stop()
        fill(people, folder / "data" / "bellwether.db")
        backend.start()

        runs = [run(build, backend) for _ in range(ROUNDS)]
        rows = int(runs[0][-1])
        if rows != people.N_USERS + N_OTHERS:
            raise RuntimeError(f"the table has {rows} rows, not {people.N_USERS + N_OTHERS}")

        is_good = True
        for column, (what, bar) in enumerate((("open", BAR_MS), ("search, after the pause in the typing", BAR_MS),
                                              ("sort by e-mail", BAR_MS),
                                              (f"switch to a participation with {N_OTHERS}", SWITCH_BAR_MS),
                                              ("switch back", SWITCH_BAR_MS))):
            times = [figures[column] for figures in runs]
            print(f"users page, {rows:,} rows: {what}, to the first rows drawn, median of {ROUNDS} (best)"
                  f" | {statistics.median(times):.0f} ms ({min(times):.0f}) | – | – | under {bar:.0f} ms", flush=True)
            is_good = is_good and min(times) < bar
        return 0 if is_good else 1
    finally:
        if backend.process.poll() is None:
            backend.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
