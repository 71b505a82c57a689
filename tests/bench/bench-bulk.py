#!/usr/bin/python3
"""100,000 of 200,000 devices changed as one job, by each verb, while others ask and write: bench-bulk.py BUILD [VERB …].

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import sqlite3
import sys
import time
from pathlib import Path

from brokerside import Side, wait_for
from others import Others

CHANGED = int(os.environ.get("BW_BENCH_COUNT", "100000"))
BAR_BULK_S = 10
BAR_P99_MS = 100
BAR_CANCEL_S = 1
VERBS = ["approve", "block", "tag", "set", "assign"]


def cpu_s(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def create(side, name):
    batch = side.call("POST", "/v1/batches", {"name": name, "count": CHANGED})
    wait_for("the batch is ready", lambda: side.call("GET", f"/v1/batches/{batch['id']}")["state"] == "ready", 300)
    return batch["id"]


def fill(path, batch):
    """Those of the batch have come and described themselves, and are away."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("BEGIN")
    db.execute("UPDATE device SET status = 3, state = 5, first_seen_us = 1750000000000000 + serial, last_seen_us = 1760000000000000 + serial,"
               " name = 'Pump ' || serial, product = 'pump', version = '1.' || (serial % 20), address = '192.0.2.7:' || serial"
               " WHERE batch_id = ?", (batch,))
    db.execute("INSERT INTO node (device_id, node) SELECT id, 'light' FROM device WHERE batch_id = ?", (batch,))
    db.execute("INSERT INTO property (device_id, node, property, datatype, settable, format) SELECT id, 'light', 'level', 1, 1, '0:100'"
               " FROM device WHERE batch_id = ?", (batch,))
    db.execute("COMMIT")
    db.close()


def run(side, device, verb, wish):
    def ended(job):
        def look():
            document = side.call("GET", f"/v1/bulk/{job['id']}")
            return document if document["state"] != "running" else None
        return wait_for("the job has ended", look, 120)

    with Others(side, device) as others:
        start, cpu = time.monotonic(), cpu_s(side.backend.pid)
        done = ended(side.call("POST", "/v1/bulk", wish))
        took, cpu = time.monotonic() - start, cpu_s(side.backend.pid) - cpu
    print(f"{verb} {done['nDone']:,} devices, {done['nFailed']:,} refused | {took:.1f} s ({cpu:.1f} s processor, with what others asked) | – | – | < {BAR_BULK_S} s")
    print(f"{verb}: others' requests meanwhile, p50 / p99 / max of {len(others.took)} | {others.percentile(0.5):.0f} / {others.percentile(0.99):.0f} / "
          f"{max(others.took) * 1000:.0f} ms | – | – | p99 < {BAR_P99_MS} ms", flush=True)


def cancel(side, verb, wish, count=CHANGED):
    job = side.call("POST", "/v1/bulk", wish)

    def half():
        document = side.call("GET", f"/v1/bulk/{job['id']}")
        return document if document["nDone"] > count // 2 or document["state"] != "running" else None
    if wait_for("half of it is done", half, 120)["state"] != "running":
        print(f"cancel {verb} | of {count:,} nothing was left to cancel | – | – | –", flush=True)
        return
    start = time.monotonic()
    try:
        cancelled = side.call("DELETE", f"/v1/bulk/{job['id']}")
    except RuntimeError as error:
        if "409" not in str(error):     # it has ended since
            raise
        print(f"cancel {verb} | of {count:,} nothing was left to cancel | – | – | –", flush=True)
        return
    print(f"cancel {verb} after {cancelled['nDone']:,} of {cancelled['total']:,} | {time.monotonic() - start:.2f} s | – | – | < {BAR_CANCEL_S} s", flush=True)


def main():
    with Side(sys.argv[1]) as side:
        batch = create(side, "fleet")
        create(side, "others")
        company = side.call("POST", "/v1/companies", {"name": "North", "alias": "north", "parentId": "1"})["id"]
        tag = side.call("POST", "/v1/tags", {"name": "one of many", "color": "#00ff00", "companyIds": []})["id"]
        side.stop_backend()
        fill(side.data / "bellwether.db", batch)
        side.start_backend()
        device = side.call("GET", "/v1/devices?limit=1&sort=-id")["items"][0]["id"]
        with Others(side, device) as idle:
            time.sleep(3)
        print(f"others' requests without a job, p50 / p99 | {idle.percentile(0.5):.0f} / {idle.percentile(0.99):.0f} ms | – | – | –", flush=True)
        value = {"node": "light", "property": "level", "value": "40"}
        parameters = {"tag": {"tagId": tag}, "assign": {"companyId": company}, "set": value}
        wish = lambda verb: {"action": verb, "filter": {"batch": batch}, "parameters": parameters.get(verb, {})}
        for verb in sys.argv[2:] or VERBS:
            if verb in ("set", "assign"):
                # a block is in the way of the one, what waits in that of the other
                side.stop_backend()
                db = sqlite3.connect(side.data / "bellwether.db", isolation_level=None)
                db.execute("UPDATE device SET status = 4, status_before_block = 0 WHERE batch_id = ?", (batch,))
                db.execute("DELETE FROM desired")
                db.close()
                side.start_backend()
            if verb == "set":
                cancel(side, verb, wish(verb))
            run(side, device, verb, wish(verb))
        cancel(side, "unapprove", wish("unapprove"))


if __name__ == "__main__":
    main()
