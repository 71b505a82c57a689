#!/usr/bin/python3
"""The pane of a large fleet from the server's side: bench-devices.py BUILD. Lists, orders, filters and the end of them
at 1,000,000 devices, and 100,000 of them changed as one job while others ask.

Beside each time stands the processor's: on a machine that others use too that is the figure to trust.
The floor of a list is the plain query in SQLite itself, which counts and sorts what it has no index for; that of the
change is the bare UPDATE with its items.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import sqlite3
import sys
import time
from pathlib import Path

from brokerside import Side, wait_for
from others import Others

COUNT = int(os.environ.get("BW_BENCH_COUNT", "1000000"))
CHANGED = COUNT // 10
BAR_MS = 300
BAR_BULK_S = 10
BAR_P99_MS = 100
BAR_CANCEL_S = 1

SORTS = {"id": "id", "batch": "batch_id", "serial": "serial", "company": "company_id", "status": "status", "state": "state",
         "online": "online", "name": "name", "product": "product", "version": "version", "homie": "homie", "address": "address",
         "local-ip": "local_ip", "type": "type", "abbreviation": "abbreviation", "license": "license", "machine-id": "machine_id",
         "first-seen": "first_seen_us", "last-seen": "last_seen_us", "approved": "approved_at_us"}
FILTERS = {
    "tag=1": "id IN (SELECT object_id FROM tagged WHERE kind = 'device' AND tag_id = 1)", "online=true": "online = 1",
    "status=paired": "status = 5", "state=ready&online=true": "state = 2 AND online = 1", "company=2": "company_id = 2",
    "product=pump": "product = 'pump'", "version=1.7&status=paired": "version = '1.7' AND status = 5",
    "name~=pump 77": "lower(name) LIKE '%pump 77%'", "license^=l-99": "lower(license) LIKE 'l-99%'",
    "lastSeenBefore=1760000000500000": "last_seen_us < 1760000000500000", "product!=pump&type=release": "product <> 'pump' AND type = 'release'",
    "name=nobody": "name = 'nobody'", "empty=license": "license IS NULL", "search=pump 123": "search_text LIKE '%pump%' AND search_text LIKE '%123%'",
}


def fill(path):
    """Nine of ten have been seen, and said and were told all sorts of things."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA cache_size = -200000")
    pick = lambda *values: f"json_extract('{str(list(values)).replace(chr(39), chr(34))}', '$[' || (abs(random()) % {len(values)}) || ']')"
    db.execute("BEGIN")
    db.execute("UPDATE device SET company_id = 2 WHERE abs(random()) % 5 = 0")
    db.execute(f"UPDATE device SET status = {pick(3, 3, 4, 5, 5, 5, 6)}, state = {pick(0, 2, 2, 2, 4, 5, 6)}, online = abs(random()) % 2,"
               " first_seen_us = 1750000000000000 + abs(random()) % 1000000000, last_seen_us = 1760000000000000 + abs(random()) % 1000000,"
               " approved_at_us = 1755000000000000 + abs(random()) % 1000000,"
               f" name = {pick('Pump', 'Lamp', 'Größe')} || ' ' || (abs(random()) % 100000), product = {pick('pump', 'lamp', 'charger', 'sensor')},"
               f" version = '1.' || (abs(random()) % 20), homie = {pick('4.0.0', '5.0')}, address = '192.0.2.' || (abs(random()) % 250) || ':' || (abs(random()) % 60000),"
               " local_ip = '10.0.' || (abs(random()) % 250) || '.' || (abs(random()) % 250) WHERE serial % 10 <> 0")
    db.execute(f"UPDATE device SET type = {pick('testing', 'release')}, abbreviation = 'A' || (abs(random()) % 99), license = 'L-' || (abs(random()) % 100000),"
               " machine_id = 'M' || (abs(random()) % 1000000) WHERE serial % 2 = 0")
    db.execute("UPDATE device SET search_text = lower(coalesce(name || ' ', '') || coalesce(product || ' ', '') || coalesce(version || ' ', '')"
               " || coalesce(abbreviation || ' ', '') || coalesce(license || ' ', '') || coalesce(machine_id || ' ', '')"
               " || coalesce(local_ip || ' ', '') || coalesce(address, '')) WHERE first_seen_us > 0 OR serial % 2 = 0")
    db.execute("INSERT INTO tag (id, name, color, company_id, created_at_us) VALUES (1, 'fourth', '#00ff00', 1, 1)")
    db.execute("INSERT INTO tagged (kind, object_id, tag_id) SELECT 'device', id, 1 FROM device WHERE serial % 4 = 0")
    db.execute("COMMIT")
    db.close()


def cpu_ms(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


class Took:
    """The best of a few: the wall's time and the processor's, in ms."""

    def __init__(self, pid, function, times=3):
        self.wall = self.cpu = float("inf")
        for _ in range(times):
            start, cpu = time.monotonic(), cpu_ms(pid)
            self.value = function()
            self.wall = min(self.wall, (time.monotonic() - start) * 1000)
            self.cpu = min(self.cpu, cpu_ms(pid) - cpu)

    def __str__(self):
        return f"{self.wall:.0f} ms ({self.cpu:.0f} ms processor)"


def floor(db, where, order, offset):
    """What SQLite alone takes of the processor, in ms, to count and to read the last page."""
    start = time.process_time()
    db.execute(f"SELECT count(*) FROM device WHERE {where}").fetchone()
    db.execute(f"SELECT id FROM device WHERE {where} ORDER BY {order}, id LIMIT 100 OFFSET {offset}").fetchall()
    return (time.process_time() - start) * 1000


def lists(side, db):
    def page(query, offset):
        return Took(side.backend.pid, lambda: side.call("GET", f"/v1/devices?{query}&limit=100&offset={offset}".replace(" ", "%20")))

    first = page("", 0)
    total = first.value["total"]
    print(f"open the list of {total:,} devices | {first} | {floor(db, '1', 'id', 0):.0f} ms processor, bare SQL | – | < {BAR_MS} ms")
    worst = {}
    for query, sql in [(f"sort={name}", ("1", column)) for name, column in SORTS.items()] + [(q, (w, "id")) for q, w in FILTERS.items()] + \
            [("status=paired&sort=name", ("status = 5", "name")), ("sort=product,-last-seen,name", ("1", "product, last_seen_us DESC, name"))]:
        at_start = page(query, 0)
        count = at_start.value["total"]
        at_end = page(query, max(count - 100, 0))
        bare = floor(db, sql[0], sql[1], max(count - 100, 0))
        kind = "sort" if query.startswith("sort") else "filter"
        slower = max(at_start, at_end, key=lambda took: took.cpu)
        worst[kind] = max(worst.get(kind, (0, "", None)), (slower.cpu, query, slower), key=lambda entry: entry[0])
        print(f"{query} ({count:,}) | first page {at_start}, last {at_end} | {bare:.0f} ms processor, bare SQL of the last | "
              f"{slower.cpu / max(bare, 0.1):.1f} × | < {BAR_MS} ms", flush=True)
    for kind, (_, query, took) in worst.items():
        print(f"slowest {kind} | {took}, {query} | – | – | < {BAR_MS} ms")
    print(f"the middle of a filtered list, sorted | {page('status=paired&sort=name', total // 5)} | – | – | –")
    print(f"distinct versions | {Took(side.backend.pid, lambda: side.call('GET', '/v1/devices/values?field=version'))} | – | – | –", flush=True)


def export(side):
    resident = lambda: int(next(l for l in open(f"/proc/{side.backend.pid}/status") if l.startswith("VmHWM")).split()[1]) / 1024
    before = resident()
    start = time.monotonic()
    body = side.call("GET", "/v1/devices/export.csv?sort=name", raw=True)
    print(f"export of all, {len(body) / 1e6:.0f} MB | {time.monotonic() - start:.1f} s, the backend grew by {resident() - before:.0f} MB | – | – | < 20 MB")


def bare_update(path):
    """The same change without anybody to be told: the rows and the items, in one transaction."""
    db = sqlite3.connect(path, isolation_level=None, timeout=30)
    ids = [row[0] for row in db.execute(f"SELECT id FROM device WHERE status <> 6 LIMIT {CHANGED}")]
    start = time.monotonic()
    db.execute("BEGIN IMMEDIATE")
    db.execute("CREATE TABLE bench_item (bulk_id, position, device_id, state, was, became, PRIMARY KEY (bulk_id, position)) WITHOUT ROWID")
    db.executemany("INSERT INTO bench_item VALUES (1, ?, ?, 1, '4,3', '6,4')", enumerate(ids))
    db.executemany("UPDATE device SET status = 6, status_before_block = status, revision = revision + 1 WHERE id = ?", ((i,) for i in ids))
    took = time.monotonic() - start
    db.execute("ROLLBACK")
    db.close()
    return took


def bulk(side, path):
    bare = bare_update(path)
    # a tenth of all, by what nobody else changes
    wish = {"action": "block", "filter": {"status!": "blocked", "license^": [f"L-{i}" for i in range(1, 3)]}}
    device = side.call("GET", "/v1/devices?limit=1")["items"][0]["id"]

    def ended(job):
        def look():
            document = side.call("GET", f"/v1/bulk/{job['id']}")
            return document if document["state"] != "running" else None
        return wait_for("the job has ended", look, 300)

    with Others(side, device) as idle:
        time.sleep(3)
    preview_start = time.monotonic()
    preview = side.call("POST", "/v1/bulk", {**wish, "preview": True})
    preview_took = time.monotonic() - preview_start
    with Others(side, device) as others:
        start, cpu = time.monotonic(), cpu_ms(side.backend.pid)
        job = side.call("POST", "/v1/bulk", wish)
        done = ended(job)
        took, cpu = time.monotonic() - start, (cpu_ms(side.backend.pid) - cpu) / 1000
    share = CHANGED / max(done["nDone"], 1)
    print(f"block {done['nDone']:,} devices, and {preview_took:.1f} s for the preview of {preview['total']:,} | {took * share:.1f} s a {CHANGED:,} ({cpu * share:.1f} s processor, with what others asked) | "
          f"{bare:.1f} s, bare UPDATE and items | {took * share / bare:.1f} × | < {BAR_BULK_S} s")
    print(f"others' requests meanwhile, p50 / p99 / max of {len(others.took)} | {others.percentile(0.5):.0f} / {others.percentile(0.99):.0f} / "
          f"{max(others.took) * 1000:.0f} ms | {idle.percentile(0.5):.0f} / {idle.percentile(0.99):.0f} ms without the job | – | p99 < {BAR_P99_MS} ms")
    start = time.monotonic()
    undone = ended(side.call("POST", f"/v1/bulk/{job['id']}/undo"))
    print(f"undo of {undone['nDone']:,} | {(time.monotonic() - start) * share:.1f} s a {CHANGED:,} | – | – | –")
    job = side.call("POST", "/v1/bulk", wish)
    start = time.monotonic()
    cancelled = side.call("DELETE", f"/v1/bulk/{job['id']}")
    print(f"cancel after {cancelled['nDone']:,} of {cancelled['total']:,} | {time.monotonic() - start:.2f} s | – | – | < {BAR_CANCEL_S} s")


def main():
    with Side(sys.argv[1]) as side:
        start = time.monotonic()
        batch = side.call("POST", "/v1/batches", {"name": "fleet", "count": COUNT})
        wait_for("the batch is ready", lambda: side.call("GET", f"/v1/batches/{batch['id']}")["state"] == "ready", 300)
        print(f"create {COUNT:,} devices with all indexes | {time.monotonic() - start:.1f} s | – | – | 3.2 s without them, quiet machine")
        side.call("POST", "/v1/companies", {"name": "North", "alias": "north", "parentId": "1"})
        side.stop_backend()
        path = side.data / "bellwether.db"
        fill(path)
        side.start_backend()
        side.call("GET", "/v1/devices")
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        lists(side, db)
        db.close()
        export(side)
        bulk(side, path)


if __name__ == "__main__":
    main()
