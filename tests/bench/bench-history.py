#!/usr/bin/python3
"""The history beside VictoriaMetrics: bench-history.py BUILD.

The same samples, in commits (ours, each durable) or requests (Influx's line protocol over HTTP) of 1,000; packing,
joining and the marks of messages are in our time. Then a property of 30 days at one sample a second, as a chart, raw
and as CSV: floors are what a person waits for without noticing.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import http.client
import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BUILD = Path(sys.argv[1]).resolve()
PROGRAM = BUILD / "tests/bench/bench-history"
COUNT = int(os.environ.get("BW_BENCH_COUNT", "6000000"))
SERIES = 10000
DAYS = 30
PER_REQUEST = 1000


def ours(folder, *arguments):
    return subprocess.check_output([str(PROGRAM), str(folder), *map(str, arguments)], text=True).split()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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
        start = time.monotonic()
        for body in bodies:
            connection.request("POST", "/write", body)
            reply = connection.getresponse()
            reply.read()
            if reply.status not in (200, 204):
                raise RuntimeError(f"VictoriaMetrics: {reply.status}")
        rate = COUNT / (time.monotonic() - start)
        fields = Path(f"/proc/{server.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return rate, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") * 1e6 / COUNT
    finally:
        server.terminate()
        server.wait(60)


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
        peer = victoria(folder / "victoria")
        print(f"history ingest, {COUNT:,} samples of {SERIES:,} properties | {rate:,.0f}/s, {cost:.2f} µs of processor each with making them, longest commit {longest:.0f} ms | "
              + (f"{peer[0]:,.0f}/s, {peer[1]:.2f} µs each in the server alone, VictoriaMetrics | {rate / peer[0]:.2f} | >= 1, and >= 300,000/s" if peer else
                 "(victoria-metrics is not installed) | | >= 300,000/s"), flush=True)
        print(f"history, bytes a sample in the file | {size:.2f} | | | <= 4", flush=True)

        ours(folder / "line", "line", DAYS * 86400)
        cold, _ = map(float, ours(folder / "line", "chart", 0, DAYS * 86400, 1000))
        print(f"{DAYS} days at 1 Hz as 1,000 points, cold | {cold:.0f} ms | | | < 150 ms", flush=True)
        day = [float(ours(folder / "line", "chart", i * 86400, 86400, 100000)[0]) for i in range(3)]
        reading = [float(ours(folder / "line", "chart", i * 86400, 86400, 1000)[0]) for i in range(3)]
        print(f"24 h at 1 Hz, all 86,400 read | {min(reading):.1f} ms as 1,000 points; {min(day):.0f} ms written out as JSON | "
              f"| | < 10 ms", flush=True)
        small = ours(folder / "line", "csv", 0, 100000)
        large = ours(folder / "line", "csv", 0, 1000000)
        print(f"CSV of 1,000,000 samples | {int(large[0]) / 1000:.2f} s, peak {int(large[2]) / 1024:.0f} MiB | "
              f"peak of 100,000: {int(small[2]) / 1024:.0f} MiB | {int(large[2]) / int(small[2]):.2f} | < 5 s, memory flat", flush=True)
        median, worst = last_values(folder)
        print(f"last values of one of 10,000 devices | {median:.3f} ms, worst {worst:.2f} ms | | | < 2 ms", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
