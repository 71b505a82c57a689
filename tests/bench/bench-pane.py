#!/usr/bin/python3
"""The pane of devices with 1,000,000 of them: bench-pane.py BUILD. A real backend, a virtual screen, the cairo renderer.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import http.client
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))

from harness import Installation, wait_for  # noqa: E402

COUNT = int(os.environ.get("BW_BENCH_COUNT", "1000000"))
ROUNDS = int(os.environ.get("BW_BENCH_ROUNDS", "5"))
STEP_BAR_MS = 300.0
SCROLL_BAR_MS = 12.0
MEMORY_BAR_MIB = 300.0
NOW = 1_790_000_000_000_000


def run(build, api, token):
    """The figures of one run of bench-pane.c."""
    env = dict(os.environ, GSK_RENDERER="cairo", GDK_DEBUG="gl-disable", GDK_BACKEND="x11", GTK_A11Y="none",
               GSETTINGS_BACKEND="memory", GIO_USE_VFS="local", GTK_USE_PORTAL="0", ADW_DISABLE_PORTAL="1", LC_ALL="C.UTF-8")
    out = subprocess.check_output(
        ["xvfb-run", "-a", "-s", "-screen 0 1400x900x24 -nolisten tcp", str(build / "tests/bench/bench-pane"), api, token],
        env=env, text=True, timeout=300)
    return [float(figure) for figure in out.split()]


# What the server answers beside what a person sees: the far ends, the filters people use most, and the overview.
QUESTIONS = (("far end by last-seen", f"/v1/devices?sort=last-seen&limit=256&offset={COUNT - 256}"),
             ("far end by last-seen, the newest first", f"/v1/devices?sort=-last-seen&limit=256&offset={COUNT - 256}"),
             ("search=, a word of many", "/v1/devices?search=valve&limit=256"),
             ("search=, a word of few", "/v1/devices?search=device%20777777&limit=256"),
             ("filter by status, sorted by name", "/v1/devices?status=paired&sort=name&limit=256"),
             ("filter by state", "/v1/devices?state=ready&limit=256"),
             ("filter by batch, its far end", f"/v1/devices?batch=1&limit=256&offset={COUNT - 256}"),
             ("filter by product and version", "/v1/devices?product=Pump&version=1.3&limit=256"),
             ("overview", "/v1/overview"),
             ("overview, trends", "/v1/overview/trends"))


def ask(api, token):
    """Each question's median and best, in ms."""
    server = http.client.HTTPConnection(urllib.parse.urlsplit(api).netloc, timeout=90)
    for what, path in QUESTIONS:
        taken = []
        for _ in range(ROUNDS):
            start = time.monotonic()
            server.request("GET", path, headers={"Authorization": f"Bearer {token}"})
            reply = server.getresponse()
            body = reply.read()
            taken.append((time.monotonic() - start) * 1000)
            if reply.status != 200:
                raise RuntimeError(f"{path}: {reply.status} {body[:200]!r}")
        print(f"the server at {COUNT:,} devices: {what}, median of {ROUNDS} (best) | {statistics.median(taken):.0f} ms"
              f" ({min(taken):.1f}) | – | – | under {STEP_BAR_MS:.0f} ms", flush=True)


def is_ready(installation):
    listed = installation.json("batch", "list")
    batches = listed["items"] if isinstance(listed, dict) else listed
    return batches[0]["state"] == "ready"


def fill(path):
    """A tenth valves, of which all are in use but those that are blocked; the devices of a grown fleet are no two alike."""
    db = sqlite3.connect(path)
    with db:
        db.execute("UPDATE device SET status = CASE WHEN serial % 10 = 1 THEN 6 ELSE 5 END, state = 2,"
                   " product = CASE WHEN serial % 10 = 9 THEN 'Valve' WHEN serial % 5 = 0 THEN 'Pump' ELSE 'Lamp' END,"
                   " version = '1.' || (serial % 7), name = 'Device ' || serial, homie = '5.0', address = '192.0.2.' || (serial % 250),"
                   " first_seen_us = ?1 + serial * 1000, last_seen_us = ?1 + serial * 7919 % 1000003 * 1000000", (NOW,))
        db.execute("UPDATE device SET search_text = lower(name || ' ' || product || ' ' || version || ' ' || address)")
    db.execute("ANALYZE")
    db.close()


def main():
    build = Path(sys.argv[1]).resolve()
    folder = Path(tempfile.mkdtemp(prefix="bw-bench-pane-"))
    installation = Installation(build, folder)
    try:
        installation.start()
        installation.ctl("batch", "create", "--name", "Pane", "--count", COUNT, "--color", "#e66100", timeout=600)
        wait_for("the batch is ready", lambda: is_ready(installation), 600, 0.5)
        installation.stop()
        fill(folder / "data" / "bellwether.db")
        installation.start(600)

        runs = [run(build, installation.api, installation.env["BELLWETHER_TOKEN"]) for _ in range(ROUNDS)]
        rows = int(runs[0][-1])
        if rows != COUNT:
            raise RuntimeError(f"the pane has {rows} rows, not {COUNT}")

        is_good = True
        for column, (what, unit, bar) in enumerate((("open", "ms", STEP_BAR_MS), ("sort", "ms", STEP_BAR_MS),
                                                    ("sort by two columns", "ms", STEP_BAR_MS),
                                                    ("filter", "ms", STEP_BAR_MS), ("jump to the end", "ms", STEP_BAR_MS),
                                                    ("scroll, CPU of a frame p50", "ms", SCROLL_BAR_MS),
                                                    ("memory", "MiB", MEMORY_BAR_MIB))):
            figures = [of_run[column] for of_run in runs]
            print(f"devices pane, {rows:,} rows: {what}, median of {ROUNDS} (best) | {statistics.median(figures):.0f} {unit}"
                  f" ({min(figures):.1f}) | – | – | under {bar:.0f} {unit}", flush=True)
            is_good = is_good and min(figures) < bar
        ask(installation.api, installation.env["BELLWETHER_TOKEN"])
        return 0 if is_good else 1
    finally:
        installation.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
