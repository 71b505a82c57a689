#!/usr/bin/python3
"""100,000 users, 10,000 companies, 300,000 participations: what a page of them takes, and how soon a change
of rights holds: bench-people.py BUILD.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import http.client
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

N_USERS = 100_000
N_COMPANIES = 10_000
N_PARTICIPATIONS = 300_000
FOR_EVER = 2**63 - 1
NOW = 1790000000000000
NAMES = ("Anna Bob Carla Dmytro Eva Farid Grete Hans Ida Jan Klara Lev Maria Nils Olena Pavlo Quinn Rosa Stepan Tara Uwe "
         "Vira Werner Xenia Yurii Zoe").split()
SURNAMES = ("Schmidt Müller Kovalenko Shevchenko Novák García Rossi Jensen Smith Wagner Bondar Fischer Weber Koch Richter "
            "Tkachenko Melnyk Schulz Wolf Neumann").split()


class Backend:
    def __init__(self, build, folder):
        self.command = [str(build / "src/server/bellwetherd"), "--data", str(folder / "data"), "--listen", "127.0.0.1:0",
                        "--broker", "mqtt://127.0.0.1:1", "--token-file", str(folder / "token")]
        self.folder = folder

    def start(self):
        started = time.monotonic()
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        host, port = self.process.stdout.readline().split("http://")[1].strip().rsplit(":", 1)
        self.connection = http.client.HTTPConnection(host, int(port))
        self.token = (self.folder / "token").read_text().strip()
        return time.monotonic() - started

    def stop(self):
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def call(self, method, path, body=None, token=None):
        self.connection.request(method, path, json.dumps(body) if body is not None else None,
                                {"Authorization": f"Bearer {token or self.token}"})
        reply = self.connection.getresponse()
        return reply.status, reply.read()

    def resident_mb(self):
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.split("VmRSS:")[1].split()[0]) / 1024


def fill(path):
    chance = random.Random(3)
    db = sqlite3.connect(path)
    with db:
        db.executemany("INSERT INTO company (id, name, alias, parent_id, created_at_us) VALUES (?, ?, ?, ?, ?)",
                       ((i, f"Company {i}", f"company-{i}", chance.randrange(max(1, i // 10), i), NOW) for i in range(2, N_COMPANIES + 1)))
        db.executemany("INSERT INTO account (id, email, first_name, last_name, status, company_id, password_hash, created_at_us)"
                       " VALUES (?, ?, ?, ?, 1, ?, '', ?)",
                       ((i, f"user{i}@example.org", chance.choice(NAMES), f"{chance.choice(SURNAMES)} {i % 997}",
                         chance.randrange(1, N_COMPANIES), NOW + i) for i in range(2, N_USERS + 1)))
        db.executemany("INSERT OR IGNORE INTO participation (account_id, company_id, role_id, from_us, until_us, created_at_us)"
                       " VALUES (?, ?, ?, 0, ?, ?)",
                       ((2 + i % (N_USERS - 1), chance.randrange(1, N_COMPANIES), chance.randrange(2, 6), FOR_EVER, NOW)
                        for i in range(N_PARTICIPATIONS)))
        db.execute("ANALYZE")
    db.close()


def measure(backend, path, times=9):
    taken = []
    for _ in range(times):
        start = time.monotonic()
        status, body = backend.call("GET", path)
        taken.append((time.monotonic() - start) * 1000)
        assert status == 200, body[:300]
    return sorted(taken)[times // 2], taken[0], json.loads(body).get("total")


def main():
    build = Path(sys.argv[1]).resolve()
    folder = Path(tempfile.mkdtemp(prefix="bw-bench-people-"))
    backend = Backend(build, folder)
    try:
        backend.start()
        backend.stop()
        fill(folder / "data" / "bellwether.db")
        seconds = backend.start()
        print(f"start with {N_USERS} users, {N_COMPANIES} companies, {N_PARTICIPATIONS} participations"
              f" | {seconds:.2f} s, {backend.resident_mb():.0f} MiB | - | - | -")
        for what, path in (("open", "/v1/users?limit=50"), ("filter by typing", "/v1/users?limit=50&search=m%C3%BCl"),
                           ("filter by typing an address", "/v1/users?limit=50&search=user99"),
                           ("sort by e-mail", "/v1/users?limit=50&sort=email"), ("sort by last seen", "/v1/users?limit=50&sort=-last-seen"),
                           ("those of a company", "/v1/users?limit=50&company=12"), ("far down", "/v1/users?limit=50&offset=90000")):
            median, cold, total = measure(backend, path)
            print(f"users, {what}: first 50 of {total} | {median:.1f} ms (first time {cold:.1f}) | - | - | < 100 ms")
        for what, path in (("participations, open", "/v1/participations?limit=50"), ("all companies", "/v1/companies")):
            median, cold, total = measure(backend, path, 5)
            print(f"{what}: {total} | {median:.1f} ms (first time {cold:.1f}) | - | - | < 100 ms")
    finally:
        if backend.process.poll() is None:
            backend.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
