#!/usr/bin/python3
"""The history beside VictoriaMetrics: bench-history.py BUILD.

The same samples, made before anybody looks at the clock, in batches (ours, each acknowledged when it is durable) or
requests (Influx's line protocol over HTTP) of 1,000, each until all of them can be read, which is verified by counting
them. Packing, joining and the marks of messages are in our time; the peer syncs to the disk by and by. Then a property of 30 days at one sample a second, as a chart, raw
and as CSV, from the engine alone and through backend and bellwetherctl: floors are what a person waits for without
noticing.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import http.client
import json
import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

from brokerside import Side, resident_kib

BUILD = Path(sys.argv[1]).resolve()
PROGRAM = BUILD / "tests/bench/bench-history"
COUNT = int(os.environ.get("BW_BENCH_COUNT", "6000000"))
SERIES = 10000
DAYS = 30
LONG = 4000000          # of the one property: longer than that, for what is to be flat
T0 = 1790000000
PER_REQUEST = 1000


def ours(folder, *arguments):
    return subprocess.check_output([str(PROGRAM), str(folder), *map(str, arguments)], text=True).split()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def victoria(folder):
    """Samples a second, and its processor time for each in µs; None when the package is missing."""
    program = shutil.which("victoria-metrics")
    if program is None:
        return None
    port = free_port()
    server = subprocess.Popen([program, f"-storageDataPath={folder}", f"-httpListenAddr=127.0.0.1:{port}",
                               "-retentionPeriod=100y"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if time.monotonic() > end:
                raise RuntimeError("VictoriaMetrics does not answer")
            time.sleep(0.05)
        writer = subprocess.Popen([str(PROGRAM), "-", "lines", str(COUNT), str(SERIES)], stdout=subprocess.PIPE)
        bodies = []
        while True:
            body = b"".join(line for _, line in zip(range(PER_REQUEST), writer.stdout))
            if not body:
                break
            bodies.append(body)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

        def ask(method, path, body=None):
            connection.request(method, path, body)
            reply = connection.getresponse()
            data = reply.read()
            if reply.status not in (200, 204):
                raise RuntimeError(f"VictoriaMetrics: {path[:40]}: {reply.status} {data[:200]}")
            return data

        before = cpu_seconds(server.pid)
        start = time.monotonic()
        for body in bodies:
            ask("POST", "/write", body)
        # what it has taken becomes readable by this, or about a second later
        ask("GET", "/internal/force_flush")
        rate = COUNT / (time.monotonic() - start)
        cost = (cpu_seconds(server.pid) - before) * 1e6 / COUNT
        query = urllib.parse.urlencode({"query": "sum(count_over_time({__name__!=''}[7d]))",
                                        "time": T0 + 6 * 86400, "nocache": 1})
        found = json.loads(ask("GET", f"/api/v1/query?{query}"))["data"]["result"]
        readable = int(found[0]["value"][1]) if found else 0
        if readable != COUNT:
            raise RuntimeError(f"VictoriaMetrics: {readable} of {COUNT} samples can be read")
        return rate, cost
    finally:
        server.terminate()
        server.wait(60)


def readable(path):
    db = sqlite3.connect(path)
    in_chunks, in_series = db.execute("SELECT (SELECT sum(n) FROM chunk), (SELECT sum(n) FROM series)").fetchone()
    db.close()
    return in_chunks if in_chunks == in_series else -1


def export(side, device, n):
    """Seconds, lines, and the peaks of a fresh backend and of bellwetherctl in KiB, for the first n values."""
    side.start_backend()
    end = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(T0 + n))
    path = side.folder / f"{n}.csv"
    start = time.monotonic()
    process = subprocess.Popen([str(BUILD / "src/ctl/bellwetherctl"), "device", "history", device, "n/p", "--to", end, "--csv", str(path)],
                               stdout=subprocess.DEVNULL, env=dict(os.environ, TZ="UTC", BELLWETHER_SERVER=f"http://{side.host}",
                                                                   BELLWETHER_TOKEN=side.token))
    peak = 0
    while process.poll() is None:
        try:
            peak = max(peak, resident_kib(process.pid, "VmHWM"))
        except (OSError, RuntimeError):     # it has just ended
            pass
        time.sleep(0.01)
    seconds = time.monotonic() - start
    of_backend = resident_kib(side.backend.pid, "VmHWM")
    side.stop_backend()
    with open(path, "rb") as file:
        lines = sum(1 for _ in file)
    path.unlink()
    if process.returncode != 0 or lines != n + 1:
        raise RuntimeError(f"{lines} lines of {n} values were exported")
    return seconds, of_backend, peak


def exports(history):
    with Side(BUILD) as side:
        (device, _), = side.make_devices(1)
        side.stop_backend()
        for old in side.data.glob("history.db*"):
            old.unlink()
        shutil.copy(history, side.data / "history.db")
        with sqlite3.connect(side.data / "history.db") as db:
            db.execute("UPDATE series SET device_id = ? WHERE device_id = 'line'",
                       (side.query("SELECT id FROM device")[0][0],))
        return [export(side, device, n) for n in (LONG // 4, LONG)]


def last_values(folder):
    """10,000 devices of 10 properties in the table that the ingest keeps: one device's, as the API asks for them."""
    db = sqlite3.connect(folder / "last.db")
    with db:
        db.executescript((Path(__file__).resolve().parents[2] / "data/sql/0001-first.sql").read_text()
                         .replace("@SERIAL@", "INTEGER PRIMARY KEY").replace("@TEXT@", "TEXT").replace("@BLOB@", "BLOB")
                         .replace("@WITHOUT_ROWID@", "WITHOUT ROWID").replace("@FUNCTIONS@", ""))
        db.executemany("INSERT INTO property (device_id, node, property, value) VALUES (?, 'n', ?, '21.5')",
                       ((f"d{i}", f"p{j}") for i in range(10000) for j in range(10)))
    db.close()
    db = sqlite3.connect(folder / "last.db")
    times = []
    for i in range(200):
        start = time.perf_counter()
        rows = db.execute("SELECT id, node, property, value FROM property WHERE device_id = ? ORDER BY position, id",
                          (f"d{i * 49}",)).fetchall()
        times.append((time.perf_counter() - start) * 1000)
        if len(rows) != 10:
            raise RuntimeError("the table is not as it should be")
    db.close()
    return statistics.median(times), max(times)


def main():
    folder = Path(tempfile.mkdtemp(prefix="bw-bench-"))
    try:
        for name in ("many", "line", "victoria"):
            (folder / name).mkdir()
        rate, longest, cost = map(float, ours(folder / "many", "ingest", COUNT, SERIES))
        size = (folder / "many/history.db").stat().st_size / COUNT
        if readable(folder / "many/history.db") != COUNT:
            raise RuntimeError("not all samples can be read")
        peer = victoria(folder / "victoria")
        # it has written all of it when it has ended
        of_peer = sum(path.stat().st_size for path in (folder / "victoria").rglob("*") if path.is_file()) / COUNT
        cores = len(os.sched_getaffinity(0))
        print(f"history ingest, {COUNT:,} samples of {SERIES:,} properties, on {cores} cores | "
              f"{rate:,.0f}/s on {rate * cost / 1e6:.1f} of them, {cost:.2f} µs of processor each, longest commit {longest:.0f} ms | "
              + (f"{peer[0]:,.0f}/s on {peer[0] * peer[1] / 1e6:.1f} of them, {peer[1]:.2f} µs each in the server alone, VictoriaMetrics | "
                 f"{rate / peer[0]:.2f} | >= 1, and >= 300,000/s" if peer else
                 "(victoria-metrics is not installed) | | >= 300,000/s"), flush=True)
        print(f"history, bytes a sample in the file | {size:.2f} | "
              + (f"{of_peer:.2f}, VictoriaMetrics | {size / of_peer:.2f}" if peer else "|") + " | <= 4", flush=True)

        ours(folder / "line", "line", max(DAYS * 86400, LONG))
        cold, _ = map(float, ours(folder / "line", "chart", 0, DAYS * 86400, 1000))
        print(f"{DAYS} days at 1 Hz as 1,000 points, cold | {cold:.0f} ms | | | < 150 ms", flush=True)
        day = [float(ours(folder / "line", "next", i * 86400, 86400, 100000)[0]) for i in range(1, 4)]
        reading = [float(ours(folder / "line", "next", i * 86400, 86400, 1000)[0]) for i in range(1, 4)]
        first = [float(ours(folder / "line", "chart", i * 86400, 86400, 1000)[0]) for i in range(1, 4)]
        print(f"24 h at 1 Hz, all 86,400 read | {min(reading):.1f} ms as 1,000 points ({min(first):.1f} ms as the first thing that a "
              f"backend is asked); {min(day):.0f} ms written out as JSON | "
              f"| | < 10 ms", flush=True)
        small = ours(folder / "line", "csv", 0, LONG // 4)
        large = ours(folder / "line", "csv", 0, LONG)
        print(f"CSV of {LONG // 4:,} samples, the engine | {int(small[0]) / 1000:.2f} s, peak {int(small[2]) / 1024:.0f} MiB | "
              f"{LONG:,}: {int(large[0]) / 1000:.2f} s, {int(large[2]) / 1024:.0f} MiB | {int(large[2]) / int(small[2]):.2f} | < 5 s, memory flat", flush=True)
        small, large = exports(folder / "line/history.db")
        for name, place in (("backend", 1), ("bellwetherctl", 2)):
            print(f"CSV of {LONG // 4:,} samples, {name} | {small[0]:.2f} s, peak {small[place] / 1024:.0f} MiB | "
                  f"{LONG:,}: {large[0]:.2f} s, {large[place] / 1024:.0f} MiB | {large[place] / small[place]:.2f} | < 5 s, memory flat", flush=True)
        median, worst = last_values(folder)
        print(f"last values of one of 10,000 devices | {median:.3f} ms, worst {worst:.2f} ms | | | < 2 ms", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
