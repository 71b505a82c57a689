#!/usr/bin/python3
"""What a flood of wrong sign-ins does to everybody else: bench-sign-in.py BUILD. The flood comes from another
network each time, so that no throttle spares the backend the slow hash.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import ctypes
import ctypes.util
import json
import multiprocessing
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RATE = 50
SECONDS = 15
PAUSE_S = 0.005
ARGON2ID13 = 2
OWASP = (2, 19 * 1024 * 1024)       # the least of OWASP's Password Storage Cheat Sheet: t=2, m=19 MiB, p=1
OURS = (2, 64 * 1024 * 1024)        # bw-password.c


class Backend:
    def __init__(self, build, folder):
        token_file = folder / "token"
        self.process = subprocess.Popen(
            [str(build / "src/server/bellwetherd"), "--data", str(folder / "data"), "--listen", "127.0.0.1:0",
             "--broker", "mqtt://127.0.0.1:1", "--token-file", str(token_file)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        host, port = self.process.stdout.readline().split("http://")[1].strip().rsplit(":", 1)
        self.address = (host, int(port))
        self.token = token_file.read_text().strip()

    def resident_mb(self):
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.split("VmHWM:")[1].split()[0]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def hash_seconds(operations, memory):
    """The library alone."""
    sodium = ctypes.CDLL(ctypes.util.find_library("sodium"))
    sodium.sodium_init()
    out = ctypes.create_string_buffer(32)
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        status = sodium.crypto_pwhash(out, ctypes.c_ulonglong(32), b"a wrong password", ctypes.c_ulonglong(16), b"s" * 16,
                                      ctypes.c_ulonglong(operations), ctypes.c_size_t(memory), ARGON2ID13)
        if status != 0:
            raise RuntimeError("crypto_pwhash failed")
        best = min(best, time.perf_counter() - start)
    return best


def send_sign_in(address, number):
    """A connection from a network of its own with the request on it."""
    body = json.dumps({"user": f"user-{number}@example.org", "password": "a wrong password"}).encode()
    peer = socket.create_connection(address, timeout=60, source_address=(f"127.{1 + number // 250}.{number % 250}.1", 0))
    peer.sendall(b"POST /v1/sessions HTTP/1.1\r\nHost: bench\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                 % (len(body), body))
    return peer


def flood(address, seconds, first, counts):
    """@counts: how many were hashed, and how many were told to come back."""
    start = time.monotonic()
    peers = []
    for i in range(int(RATE * seconds)):
        time_left = start + i / RATE - time.monotonic()
        if time_left > 0:
            time.sleep(time_left)
        peers.append(send_sign_in(address, first + i))
    for peer in peers:
        status = peer.recv(4096).split(b" ")[1]
        counts[0 if status == b"401" else 1] += 1
        peer.close()


def measure(backend, path, seconds, results):
    """How long each of many requests took, in ms."""
    request = f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {backend.token}\r\n\r\n".encode()
    taken = []
    end = time.monotonic() + seconds
    with socket.create_connection(backend.address, timeout=60) as peer:
        while time.monotonic() < end:
            start = time.perf_counter()
            peer.sendall(request)
            if b" 200 OK" not in peer.recv(65536):
                raise RuntimeError(path)
            taken.append((time.perf_counter() - start) * 1000)
            time.sleep(PAUSE_S)
    results.put((path, sorted(taken)))


def sign_in_known(backend, password, results):
    """Somebody who has been here before signs in again and again: how many times it went well, and how long it took."""
    body = json.dumps({"user": "admin", "password": password}).encode()
    taken, n_failed = [], 0
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        start = time.perf_counter()
        with socket.create_connection(backend.address, timeout=60) as peer:
            peer.sendall(b"POST /v1/sessions HTTP/1.1\r\nHost: bench\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                         % (len(body), body))
            if b" 201 " in peer.recv(65536):
                taken.append((time.perf_counter() - start) * 1000)
            else:
                n_failed += 1
        time.sleep(0.2)
    results.put(("known", (sorted(taken), n_failed)))


def percentile(taken, part):
    return taken[min(len(taken) - 1, int(len(taken) * part))]


def run(backend, paths, with_flood, password):
    """path -> sorted times, and of the one who is known; and what became of the flood."""
    results = multiprocessing.Queue()
    counts = multiprocessing.Array("i", 2)
    workers = [multiprocessing.Process(target=measure, args=(backend, path, SECONDS, results)) for path in paths]
    if with_flood:
        workers.append(multiprocessing.Process(target=flood, args=(backend.address, SECONDS, 0, counts)))
        workers.append(multiprocessing.Process(target=sign_in_known, args=(backend, password, results)))
    for worker in workers:
        worker.start()
    times = dict(results.get() for _ in range(len(paths) + with_flood))
    for worker in workers:
        worker.join()
        if worker.exitcode != 0:
            raise RuntimeError("a worker failed")
    return times, list(counts)


def main():
    build = Path(sys.argv[1]).resolve()
    folder = Path(tempfile.mkdtemp(prefix="bw-bench-"))
    try:
        backend = Backend(build, folder)
        ours, owasp = hash_seconds(*OURS), hash_seconds(*OWASP)
        print(f"Argon2id, t=2, 64 MiB, one hash | {ours * 1000:.0f} ms | OWASP's least, t=2, 19 MiB: {owasp * 1000:.0f} ms"
              f" | {ours / owasp:.1f} | at least OWASP's")

        start = time.perf_counter()
        with send_sign_in(backend.address, 10000) as peer:
            peer.recv(4096)
        alone = time.perf_counter() - start
        print(f"a wrong sign-in, alone | {alone * 1000:.0f} ms | the hash {ours * 1000:.0f} ms | {alone / ours:.2f} | -")

        paths = ["/v1/status", "/v1/users?limit=50"]
        password = (folder / "data/admin-password").read_text().strip()
        quiet, _ = run(backend, paths, False, password)
        busy, (n_hashed, n_refused) = run(backend, paths, True, password)
        for path in paths:
            p99, before = percentile(busy[path], 0.99), percentile(quiet[path], 0.99)
            print(f"p99 of GET {path} during {RATE} wrong sign-ins a second | {p99:.1f} ms (p50 {percentile(busy[path], 0.5):.1f},"
                  f" worst {busy[path][-1]:.1f}) | without {before:.1f} ms | {p99 / before:.1f} | < 50 ms")
        print(f"of {n_hashed + n_refused} wrong sign-ins hashed | {n_hashed / SECONDS:.0f}/s | the rest are told to come back"
              f" | - | -")
        well, n_failed = busy["known"]
        print(f"somebody known here signs in meanwhile | {len(well)} of {len(well) + n_failed} times, p50"
              f" {percentile(well, 0.5):.0f} ms, worst {well[-1]:.0f} ms | alone {alone * 1000:.0f} ms | - | each time")
        print(f"resident at most | {backend.resident_mb():.0f} MiB | two hashes at a time 128 MiB | - | bounded")
        backend.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
