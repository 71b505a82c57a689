#!/usr/bin/python3
"""The audit log when it is long: bench-audit.py BUILD. How fast its chain is walked, a page found, a file made.

The floor of the walk is what SQLite alone takes to read the same rows whole, and BLAKE2b to hash their bytes.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import hashlib
import json
import os
import sqlite3
import struct
import sys
import time
from pathlib import Path

from brokerside import Side

COUNT = int(os.environ.get("BW_BENCH_COUNT", "500000"))
BAR_PER_S = 200_000
BAR_PAGE_MS = 100

COLUMNS = "seq, at_us, account_id, login, address, action, kind, object_id, object, company_id, doc_before, doc_after, hash"


def number(value):
    return struct.pack("<Qq", 8, value)


def text(value):
    if value is None:
        return b"\0"
    data = value.encode()
    return b"\1" + struct.pack("<Q", len(data)) + data


def fill(path):
    """Behind what is there; how many bytes were hashed."""
    db = sqlite3.connect(path)
    seq, before = db.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    n_bytes = 0

    def rows():
        nonlocal seq, before, n_bytes
        document = json.dumps({"id": "7", "revision": 3, "name": "North", "alias": "north", "parentId": "1", "address": "Street 1",
                               "phone": "+1 2", "email": "", "tags": ["1", "2"], "createdAt": 1790000000000000, "editedAt": 0})
        for i in range(COUNT):
            seq += 1
            row = (seq, 1790000000000000 + i, 1, "admin", "192.0.2.7", "edit", "company", str(i % 5000), f"North {i % 5000}", 1,
                   document, document)
            data = b"".join([struct.pack("<Q", 32), before, *map(number, row[:3]), *map(text, row[3:9]), number(row[9]),
                             *map(text, row[10:])])
            n_bytes += len(data)
            before = hashlib.blake2b(data, digest_size=32).digest()
            yield (*row, before)
    with db:
        db.executemany(f"INSERT INTO audit ({COLUMNS}) VALUES ({', '.join('?' * 13)})", rows())
    db.close()
    return n_bytes


def floor(path, n_bytes):
    """(seconds to read, seconds to hash)"""
    db = sqlite3.connect(path)
    start = time.monotonic()
    db.execute(f"SELECT {' + '.join(f'length({name})' for name in COLUMNS.split(', '))} AS n FROM audit WHERE n < 0").fetchall()
    read = time.monotonic() - start
    db.close()
    piece = bytes(n_bytes // COUNT)
    start = time.monotonic()
    state = hashlib.blake2b(digest_size=32)
    for _ in range(COUNT):
        state.update(piece)
    return read, time.monotonic() - start


def timed(function):
    start = time.monotonic()
    value = function()
    return value, time.monotonic() - start


def main():
    with Side(sys.argv[1]) as side:
        side.call("POST", "/v1/tags", {"name": "first"})
        side.stop_backend()
        path = side.data / "bellwether.db"
        n_bytes = fill(path)
        side.start_backend()
        read, hashed = floor(path, n_bytes)
        side.call("GET", "/v1/audit/verify")
        answer, took = timed(lambda: side.call("GET", "/v1/audit/verify"))
        if not answer["ok"] or answer["n"] < COUNT:
            raise RuntimeError(answer)
        speed = answer["n"] / took
        print(f"verify {answer['n']:,} entries of {n_bytes // COUNT} bytes | {speed:,.0f} entries/s | "
              f"{answer['n'] / (read + hashed):,.0f}/s, SQLite reads and BLAKE2b hashes the same | "
              f"{took / (read + hashed):.1f} × the time | > {BAR_PER_S:,}/s")
        for what, query in (("newest", ""), ("oldest", f"?offset={COUNT - 100}"), ("of one object", "?kind=company&object=77"),
                            ("found by search", "?search=north%2077")):
            _, took = timed(lambda: side.call("GET", "/v1/audit" + query))
            print(f"page of 100 entries, {what} | {took * 1000:.0f} ms | – | – | < {BAR_PAGE_MS} ms" +
                  (" without a search" if "search" in query else ""))
        memory = int(next(line for line in Path(f"/proc/{side.backend.pid}/status").read_text().splitlines()
                          if line.startswith("VmHWM")).split()[1])
        body, took = timed(lambda: side.call("GET", "/v1/audit/export.csv", raw=True))
        after = int(next(line for line in Path(f"/proc/{side.backend.pid}/status").read_text().splitlines()
                         if line.startswith("VmHWM")).split()[1])
        print(f"export, {len(body) // 1000000} MB | {took:.1f} s, the backend grew by {max(after - memory, 0) / 1024:.0f} MB | "
              "– | – | < 20 MB")


if __name__ == "__main__":
    main()
