#!/usr/bin/python3
"""One search over 100,000 devices, 10,000 users and 1,000 companies: bench-search.py BUILD. The floor is one bare
statement of SQLite that reads every device's words.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import random
import shutil
import sqlite3
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

from importlib import import_module

Backend = import_module("bench-people").Backend

N_DEVICES = 100_000
N_USERS = 10_000
N_COMPANIES = 1_000
N_QUERIES = 400
NOW = 1790000000000000
PLACES = "Berlin Kyiv Lviv Hamburg Prague Vienna Odesa Graz Zürich Kraków Tallinn Riga".split()
THINGS = "Pump Lamp Charger Valve Sensor Gate Boiler Meter Fan Насос".split()


def fill(path, chance):
    letters = "0123456789abcdefghijklmnopqrstuvwxyz"
    ids = ["-".join("".join(chance.choices(letters, k=4)) for _ in range(4)) for _ in range(N_DEVICES)]
    names = [f"{chance.choice(THINGS)} {chance.choice(PLACES)} {i}" for i in range(N_DEVICES)]
    db = sqlite3.connect(path)
    with db:
        db.executemany("INSERT INTO company (id, name, alias, parent_id, created_at_us) VALUES (?, ?, ?, 1, ?)",
                       ((i, f"{chance.choice(PLACES)} Works {i}", f"works-{i}", NOW) for i in range(2, N_COMPANIES + 1)))
        db.executemany("INSERT INTO account (id, email, first_name, last_name, status, company_id, password_hash, created_at_us)"
                       " VALUES (?, ?, ?, ?, 1, ?, '', ?)",
                       ((i, f"user{i}@example.org", "Anna", f"Kovalenko {i}", chance.randrange(1, N_COMPANIES), NOW)
                        for i in range(2, N_USERS + 1)))
        db.execute("INSERT INTO batch (id, name, info, color, company_id, state, count, created_at_us, created_by)"
                   " VALUES (1, 'Pumps', '', '#112233', 1, 1, ?, ?, 'bench')", (N_DEVICES, NOW))
        db.executemany("INSERT INTO device (id, batch_id, serial, company_id, key_hash, status, first_seen_us, name, product,"
                       " version, address, search_text) VALUES (?, 1, ?, ?, x'00', 4, 1, ?, ?, '1.2.3', '192.0.2.7', ?)",
                       ((id, i + 1, chance.randrange(1, N_COMPANIES), name, f"model-{i % 40}",
                         f"{name} model-{i % 40} 1.2.3 192.0.2.7".lower()) for i, (id, name) in enumerate(zip(ids, names))))
        db.execute("ANALYZE")
    db.close()
    return ids, names


def words(chance, ids, names):
    """What people type: pieces of ids, names, people, and now and then what nothing is like."""
    for i in range(N_QUERIES):
        id, name = chance.choice(ids), chance.choice(names)
        yield (id, id[:6], id[-4:], name, name[:4], name.split()[1], name.split()[2], f"user{chance.randrange(N_USERS)}",
               "model-7 kyiv", "no such thing")[i % 10]


def main():
    build = Path(sys.argv[1]).resolve()
    folder = Path(tempfile.mkdtemp(prefix="bw-bench-search-"))
    chance = random.Random(4)
    backend = Backend(build, folder)
    try:
        backend.start()
        backend.stop()
        path = folder / "data" / "bellwether.db"
        ids, names = fill(path, chance)
        backend.start()

        taken = []
        for text in words(chance, ids, names):
            start = time.monotonic()
            status, body = backend.call("GET", "/v1/search?" + urllib.parse.urlencode({"q": text}))
            taken.append((time.monotonic() - start) * 1000)
            assert status == 200, body[:300]
        taken.sort()

        db = sqlite3.connect(path)
        floor = []
        for _ in range(9):
            start = time.monotonic()
            db.execute("SELECT count(*) FROM device WHERE search_text LIKE '%no such thing%'").fetchall()
            floor.append((time.monotonic() - start) * 1000)
        floor = sorted(floor)[len(floor) // 2]
        p95 = taken[len(taken) * 95 // 100]
        print(f"search at {N_DEVICES} devices, p95 of {len(taken)} (median {taken[len(taken) // 2]:.1f}, longest {taken[-1]:.1f} ms)"
              f" | {p95:.1f} ms | {floor:.1f} ms | {p95 / floor:.1f} | < 50 ms")
    finally:
        if backend.process.poll() is None:
            backend.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
