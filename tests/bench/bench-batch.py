#!/usr/bin/python3
"""A million Device IDs: bench-batch.py BUILD. Ours beside bare SQLite, and how others are served meanwhile.

The floor is bench-batch.c: the same rows, made beforehand, one transaction, nothing else done in the
process. Ours draws the ids, derives and hashes the keys, writes the main and the broker's database,
and answers requests in between.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

COUNT = int(os.environ.get("BW_BENCH_COUNT", "1000000"))
ROUNDS = 3


def floor(build, folder, order, which):
    best = None
    for _ in range(ROUNDS):
        path = folder / "floor.db"
        seconds = float(subprocess.check_output(
            [str(build / "tests/bench/bench-batch"), str(path), str(COUNT), order, which]))
        for file in folder.glob("floor.db*"):
            file.unlink()
        best = seconds if best is None else min(best, seconds)
    return best


class Backend:
    def __init__(self, build, folder):
        self.token_file = folder / "token"
        self.process = subprocess.Popen(
            [str(build / "src/server/bellwetherd"), "--data", str(folder / "data"), "--listen", "127.0.0.1:0",
             "--broker", "mqtt://127.0.0.1:1", "--token-file", str(self.token_file)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.host = self.process.stdout.readline().split("http://")[1].strip()
        self.token = self.token_file.read_text().strip()

    def connect(self):
        return http.client.HTTPConnection(self.host, timeout=60)

    def call(self, connection, method, path, body=None):
        connection.request(method, path, json.dumps(body) if body else None,
                           {"Authorization": f"Bearer {self.token}"})
        reply = connection.getresponse()
        text = reply.read()
        if reply.status >= 300:
            raise RuntimeError(f"{method} {path}: {reply.status} {text}")
        return json.loads(text)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def ask(backend, stop, latencies):
    """What a desktop does meanwhile: lists, small documents."""
    connection = backend.connect()
    paths = ["/v1/sessions/current", "/v1/devices?limit=50", "/v1/batches", "/v1/overview"]
    i = 0
    while not stop.is_set():
        start = time.monotonic()
        backend.call(connection, "GET", paths[i % len(paths)])
        latencies.append(time.monotonic() - start)
        i += 1
        time.sleep(0.005)


def create(backend, name):
    """Seconds until it is ready, and the latencies of the others."""
    connection = backend.connect()
    stop = threading.Event()
    latencies = []
    asker = threading.Thread(target=ask, args=(backend, stop, latencies))
    asker.start()
    start = time.monotonic()
    batch = backend.call(connection, "POST", "/v1/batches", {"name": name, "count": COUNT})
    while batch["state"] != "ready":
        time.sleep(0.02)
        batch = backend.call(connection, "GET", f"/v1/batches/{batch['id']}")
    seconds = time.monotonic() - start
    stop.set()
    asker.join()
    return seconds, sorted(latencies)


def quiet(backend, seconds):
    """The latencies when nothing is created: what this machine does to them just now."""
    stop = threading.Event()
    latencies = []
    asker = threading.Thread(target=ask, args=(backend, stop, latencies))
    asker.start()
    time.sleep(seconds)
    stop.set()
    asker.join()
    return sorted(latencies)


def p99(latencies):
    return latencies[int(len(latencies) * 0.99)] * 1000


def main():
    build = Path(sys.argv[1]).resolve()
    folder = Path(tempfile.mkdtemp(prefix="bw-bench-"))
    try:
        drawn = floor(build, folder, "drawn", "main")
        in_order = floor(build, folder, "sorted", "main")
        both = floor(build, folder, "sorted", "both")
        ours = []
        waits = []
        idle = []
        for i in range(ROUNDS):
            backend = Backend(build, folder)
            idle += quiet(backend, 3)
            seconds, latencies = create(backend, f"first {i}")
            ours.append(seconds)
            waits += latencies
            if i == ROUNDS - 1:
                second, _ = create(backend, "second")
            backend.stop()
            shutil.rmtree(folder / "data")
        best = min(ours)
        waits.sort()
        idle.sort()
        print(f"{COUNT} IDs in one batch, durable | {best:.2f} s | bare SQLite, as drawn {drawn:.2f} s"
              f" | {best / drawn:.2f} | <= 2")
        print(f"the same, rows sorted beforehand | {best:.2f} s | bare SQLite {in_order:.2f} s,"
              f" both databases' rows {both:.2f} s | {best / in_order:.2f}, {best / both:.2f} | -")
        print(f"a second batch beside the first | {second:.2f} s | the first {best:.2f} s | {second / best:.2f} | -")
        print(f"other requests meanwhile, p99 | {p99(waits):.1f} ms | when nothing is created {p99(idle):.1f} ms"
              f" | {p99(waits) / p99(idle):.2f} | < 100 ms")
        print(f"the same, median and worst | {waits[len(waits) // 2] * 1000:.1f}, {waits[-1] * 1000:.1f} ms"
              f" | {idle[len(idle) // 2] * 1000:.1f}, {idle[-1] * 1000:.1f} ms | - | -")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
