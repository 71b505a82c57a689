#!/usr/bin/python3
"""A million devices to PostgreSQL and back: bench-copy.py BUILD. Ours beside the tools of the two databases.

The floor is sqlite3 | psql with COPY (and back: psql | sqlite3 with .import, where the hash of a key stays text): one
table, written down here, nothing compared. Ours takes all tables as the database describes them, and then reads both sides again.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

import postgres  # noqa: E402
from brokerside import Side, resident_kib  # noqa: E402

COUNT = int(os.environ.get("BW_BENCH_COUNT", "1000000"))


def make(build, folder):
    """An installation with that many devices; its database."""
    side = Side(build, folder / "made")
    side.folder.mkdir()
    side.start_backend()
    side.make_devices(COUNT)
    side.stop_backend()
    return side.data / "bellwether.db"


def copy(build, source, target):
    """Seconds of copying, of all, and the most memory it had (KiB)."""
    start = time.monotonic()
    copied = None
    peak = 0
    process = subprocess.Popen([str(build / "src/server/bellwetherd"), "--copy-database", str(source), "--to", str(target)],
                               stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        document = json.loads(line)
        if document.get("phase") == "comparing" and copied is None:
            copied = time.monotonic() - start
        if "phase" in document:
            peak = max(peak, resident_kib(process.pid, "VmHWM"))
    if process.wait() != 0:
        raise RuntimeError("the copy has failed")
    return copied, time.monotonic() - start, peak


def columns(path):
    db = sqlite3.connect(path)
    names = [row[0] for row in db.execute("SELECT name FROM pragma_table_info ('device') ORDER BY cid")]
    db.close()
    return names


def psql(server, database, sql):
    return [*server.prefix, str(server.bin / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(server.folder),
            "-p", str(server.port), "-U", "postgres", "-d", database.name, "-c", sql]


def pipe(first, second):
    start = time.monotonic()
    source = subprocess.Popen(first, stdout=subprocess.PIPE, cwd="/")
    status = subprocess.run(second, stdin=source.stdout, cwd="/", check=False).returncode
    source.stdout.close()
    if source.wait() != 0 or status != 0:
        raise RuntimeError("the floor has failed")
    return time.monotonic() - start


def floor_there(server, path, database):
    """The table is there already, with its indices."""
    database.execute("DELETE FROM device")
    fields = ", ".join("'\\\\x' || hex (key_hash)" if name == "key_hash" else f'"{name}"' for name in columns(path))
    return pipe(["sqlite3", "-separator", "\t", "-nullvalue", "\\N", str(path), f"SELECT {fields} FROM device ORDER BY id"],
                psql(server, database, "COPY device FROM STDIN"))


def floor_back(server, path, database, folder):
    fields = ", ".join("encode (key_hash, 'hex')" if name == "key_hash" else f'"{name}"' for name in columns(path))
    target = folder / "floor.db"
    db = sqlite3.connect(path)
    with sqlite3.connect(target) as other:
        for (sql,) in db.execute("SELECT sql FROM sqlite_schema WHERE tbl_name = 'device' AND sql IS NOT NULL ORDER BY type DESC"):
            other.execute(sql)
    db.close()
    other.close()
    return pipe(psql(server, database, f"COPY (SELECT {fields} FROM device ORDER BY id) TO STDOUT"),
                ["sqlite3", "-cmd", ".mode tabs", str(target), ".import /dev/stdin device"])


def report(what, ours, floor, tool):
    copied, whole, peak = ours
    print(f"{COUNT} devices {what} | {copied:.2f} s, {COUNT / copied:,.0f} rows/s | {tool} {floor:.2f} s,"
          f" {COUNT / floor:,.0f} rows/s | {copied / floor:.2f} | -")
    print(f"the same and compared, whole | {whole:.2f} s, {peak / 1024:.0f} MiB of memory | {tool} {floor:.2f} s | {whole / floor:.2f} | -")


def main():
    if postgres.find_programs() is None:
        print("bench-copy: the package postgresql is not installed", file=sys.stderr)
        return 0
    build = Path(sys.argv[1]).resolve()
    folder = Path(tempfile.mkdtemp(prefix="bw-bench-"))
    server = postgres.Server(durable=True)
    try:
        path = make(build, folder)
        database = server.make_database()
        there = copy(build, f"sqlite:{path}", database.url)
        back = copy(build, database.url, f"sqlite:{folder}/back.db")
        floor_second = floor_back(server, path, database, folder)
        floor_first = floor_there(server, path, database)
        report("from SQLite to PostgreSQL", there, floor_first, "sqlite3 into psql")
        report("from PostgreSQL to SQLite", back, floor_second, "psql into sqlite3")
    finally:
        server.remove()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
