#!/usr/bin/python3
"""Batches through real files: all or nothing, cancel, hand-over, and what the broker is told.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import hashlib
import io
import re
import threading
import time

import backend
from backend import BackendTest, wait_for

ID = re.compile(r"^[0-9a-z]{4}(-[0-9a-z]{4}){3}$")
BIG = 60000


def key_hash(text):
    return hashlib.blake2b(text.encode(), digest_size=32).digest()


class Batches(BackendTest):
    def broker_devices(self, server):
        with server.database("broker.db") as db:
            return dict((row[0], row[1:]) for row in db.execute("SELECT id, key_hash, state, company_id FROM device"))

    def test_whole(self):
        server = self.start()
        batch = server.create("first batch", 1234, color="#AABBCC", info='=1+1, "quoted"\nsecond line')
        self.assertEqual((batch["nDone"], batch["count"], batch["color"]), (1234, 1234, "#aabbcc"))

        reply = server.get(f"/v1/batches/{batch['id']}/hand-over.csv")
        self.assertIn("attachment", reply.headers["Content-Disposition"])
        rows = list(csv.DictReader(io.StringIO(reply.body.decode(), newline="")))
        self.assertEqual(list(rows[0]), ["device_id", "device_key", "batch", "serial", "count", "company", "color",
                                         "info", "created_at", "qr", "type", "abbreviation", "license", "machine_id"])
        self.assertEqual(len(rows), 1234)
        told = self.broker_devices(server)
        self.assertEqual(len(told), 1234)
        for i, row in enumerate(rows):
            self.assertRegex(row["device_id"], ID)
            self.assertEqual(int(row["serial"]), i + 1)
            self.assertEqual(row["qr"], row["device_id"].replace("-", "").upper())
            self.assertRegex(row["device_key"], r"^[0-9a-z]{26}$")
            self.assertEqual(told[row["device_id"]], (key_hash(row["device_key"]), 0, 1))
            self.assertEqual(row["info"], "'=1+1, \"quoted\"\nsecond line")
        ids = [row["device_id"] for row in rows]
        self.assertEqual(ids, sorted(set(ids)), "each once, and a slice is a range of the key")
        self.assertEqual(len({row["device_key"] for row in rows}), 1234)

        text = server.get(f"/v1/batches/{batch['id']}/ids?first=11&count=5").body.decode()
        self.assertEqual(text.split(), ids[10:15])
        self.assertEqual(server.get(f"/v1/batches/{batch['id']}/ids").body.decode().split(), ids)
        self.assertEqual(server.get(f"/v1/batches/{batch['id']}/ids?first=1230&count=50").body.decode().split(),
                         ids[1229:])
        self.assertEqual(server.get(f"/v1/batches/{batch['id']}/ids?first=1235").status, 400)
        self.assertEqual(server.get(f"/v1/batches/{batch['id']}/ids?first=0").status, 400)

    def test_kill_while_creating(self):
        server = self.start()
        kept = server.create("kept", 500)
        for round_ in range(4):
            batch = server.post("/v1/batches", {"name": "killed", "count": BIG}).json
            wait_for("something of it is there",
                     lambda: server.get(f"/v1/batches/{batch['id']}").json["nDone"] >= 10000 * round_ or None)
            self.assertEqual(server.get("/v1/devices?limit=1").json["total"], 500, "nobody sees half a batch")
            server.kill()
            server.start()
            self.assertEqual([item["name"] for item in server.get("/v1/batches").json["items"]], ["kept"])
            with server.database() as db:
                self.assertEqual(db.execute("SELECT count(*) FROM device").fetchone()[0], 500)
                self.assertEqual(db.execute("PRAGMA integrity_check").fetchone()[0], "ok")
            self.assertEqual(len(self.broker_devices(server)), 500)
        self.assertEqual(server.get(f"/v1/batches/{kept['id']}").json, kept)
        # and its name is free again
        server.create("killed", 10)

    def test_kill_when_ready(self):
        server = self.start()
        batch = server.create("whole", BIG)
        server.kill()
        server.start()
        self.assertEqual(server.get(f"/v1/batches/{batch['id']}").json["nDone"], BIG)
        with server.database() as db:
            self.assertEqual(db.execute("SELECT count(*) FROM device").fetchone()[0], BIG)
        self.assertEqual(len(self.broker_devices(server)), BIG)

    def test_cancel(self):
        server = self.start()
        server.create("other", 10)
        batch = server.post("/v1/batches", {"name": "too many", "count": 1000000}).json
        self.assertEqual(server.request("DELETE", f"/v1/batches/{batch['id']}").status, 200)
        wait_for("it is gone", lambda: server.get(f"/v1/batches/{batch['id']}").status == 404)
        with server.database() as db:
            self.assertEqual(db.execute("SELECT count(*) FROM device").fetchone()[0], 10)
            self.assertEqual(db.execute("SELECT count(*) FROM batch").fetchone()[0], 1)
        self.assertEqual(len(self.broker_devices(server)), 10)
        ready = server.create("too many", 5)
        reply = server.request("DELETE", f"/v1/batches/{ready['id']}")
        self.assertEqual((reply.status, reply.json["code"]), (409, "conflict"))

    def test_stop_takes_back(self):
        server = self.start()
        server.post("/v1/batches", {"name": "unfinished", "count": 1000000})
        self.assertEqual(server.stop(), 0)
        with server.database() as db:
            self.assertEqual(db.execute("SELECT count(*) FROM device").fetchone()[0], 0)

    def test_others_meanwhile(self):
        server = self.start()
        server.create("other", 100)
        batch = server.post("/v1/batches", {"name": "big", "count": 3 * BIG}).json
        self.assertEqual(server.post("/v1/batches", {"name": "big", "count": 1}).status, 409)
        self.assertEqual(server.get(f"/v1/batches/{batch['id']}/hand-over.csv").status, 409)
        self.assertEqual(server.post(f"/v1/batches/{batch['id']}/handed-over", {}).status, 409)
        self.assertEqual(len(server.get("/v1/devices?limit=500").json["items"]), 100)
        server.create("small beside it", 100)
        server.wait_ready(batch["id"])
        self.assertEqual(server.get("/v1/devices?limit=1").json["total"], 3 * BIG + 200)

    def test_hand_over_erases_the_secret(self):
        server = self.start()
        batch = server.create("secret", 2000)
        with server.database() as db:
            secret = db.execute("SELECT secret FROM batch").fetchone()[0]
        self.assertEqual(len(secret), 32)
        rows = list(csv.DictReader(io.StringIO(server.get(f"/v1/batches/{batch['id']}/hand-over.csv").body.decode())))
        key = rows[0]["device_key"]

        reply = server.post(f"/v1/batches/{batch['id']}/handed-over", {})
        self.assertEqual(reply.status, 200, reply)
        self.assertGreater(reply.json["handedOverAt"], 0)
        for path in server.data.iterdir():
            content = path.read_bytes()
            self.assertNotIn(secret, content, path)
            self.assertNotIn(key.encode(), content, path)
        self.assertEqual(server.post(f"/v1/batches/{batch['id']}/handed-over", {}).status, 409)

        after = list(csv.DictReader(io.StringIO(server.get(f"/v1/batches/{batch['id']}/hand-over.csv").body.decode())))
        self.assertEqual([row["device_id"] for row in after], [row["device_id"] for row in rows])
        self.assertEqual({row["device_key"] for row in after}, {""})
        self.assertEqual(self.broker_devices(server)[rows[0]["device_id"]][0], key_hash(key), "devices keep their keys")

    def test_labelled(self):
        server = self.start()
        batch = server.create("labels", 25000)
        path = f"/v1/batches/{batch['id']}/labelled"
        self.assertEqual(server.post(path, {"first": 11, "count": 20000}).status, 200)
        self.assertEqual(server.get("/v1/devices?status=labelled").json["total"], 20000)
        self.assertEqual(server.get("/v1/devices?status=new").json["total"], 5000)
        self.assertEqual(server.get("/v1/devices?status=labelled&limit=1&sort=serial").json["items"][0]["serial"], 11)
        self.assertEqual(server.get("/v1/overview").json["byStatus"]["labelled"], 20000)
        for body in ({"first": 0, "count": 1}, {"first": 1, "count": 0}, {"first": 25000, "count": 2},
                     {"first": 25001, "count": 1}, {"first": 1}, {}):
            self.assertEqual(server.post(path, body).status, 400, body)

    def test_memory_of_a_big_file(self):
        server = self.start()
        batch = server.create("big file", 2 * BIG)

        def resident():
            text = (backend.Path("/proc") / str(server.process.pid) / "status").read_text()
            return int(re.search(r"VmRSS:\s+(\d+) kB", text).group(1))
        server.get("/v1/batches/1/ids?count=10")
        before = resident()
        peak = []
        done = threading.Event()

        def watch():
            while not done.is_set():
                peak.append(resident())
                time.sleep(0.01)
        watcher = threading.Thread(target=watch)
        watcher.start()
        reply = server.get(f"/v1/batches/{batch['id']}/hand-over.csv")
        done.set()
        watcher.join()
        self.assertGreater(len(reply.body), 18_000_000)
        # the reading connection's page cache fills, and no more
        if not backend.IS_SANITIZED:
            self.assertLess(max(peak) - before, 12 * 1024, "kB more than before")


class Devices(BackendTest):
    """Statuses are put into the database by hand: what the ingest does has tests of its own."""

    def prepare(self):
        server = self.start()
        server.create("alpha", 20)
        server.create("Beta", 10)
        ids = server.get("/v1/batches/1/ids").body.decode().split()
        beta = server.get("/v1/batches/2/ids").body.decode().split()
        server.stop()
        with server.database() as db:
            for i, id_ in enumerate(ids[:6]):
                db.execute("UPDATE device SET status = 3, state = 2, online = 1, first_seen_us = 5, last_seen_us = ?,"
                           " product = ?, version = '1.0', name = ?, search_text = ? WHERE id = ?",
                           (100 - i, f"Lamp {i}", f"50%_lamp {i}", f"50%_lamp {i} lamp {i} 1.0 ", id_))
        server.start()
        return server, ids, beta

    def test_list(self):
        server, ids, beta = self.prepare()
        get = lambda query: server.get("/v1/devices" + query).json
        self.assertEqual(get("")["total"], 30)
        self.assertEqual([item["id"] for item in get("?limit=7&offset=3")["items"]], sorted(ids + beta)[3:10])
        self.assertEqual([item["id"] for item in get("?sort=-id&limit=3")["items"]], sorted(ids + beta)[:-4:-1])
        self.assertEqual(get("?status=awaiting-approval")["total"], 6)
        self.assertEqual(get("?status=seen")["total"], 6)
        self.assertEqual(get("?status=approved")["total"], 0)
        self.assertEqual(get("?batch=2")["total"], 10)
        self.assertEqual(get("?batch=1&status=seen")["total"], 6)
        self.assertEqual([item["id"] for item in get("?sort=last-seen&status=seen")["items"]], ids[5::-1])
        self.assertEqual([item["id"] for item in get("?sort=-last-seen&status=seen&limit=2")["items"]], ids[:2])
        self.assertEqual(get("?search=" + ids[3])["items"][0]["id"], ids[3])
        self.assertEqual(get("?search=" + ids[3].replace("-", "").upper())["total"], 1)
        self.assertEqual(get("?search=" + ids[3][2:12].upper())["total"], 1)
        self.assertEqual(get("?search=lamp")["total"], 6)
        self.assertEqual(get("?search=LAMP%203")["total"], 1)
        self.assertEqual(get("?search=1.0%20%203%20lamp")["total"], 1)
        self.assertEqual(get("?search=lamp%207")["total"], 0)
        self.assertEqual(get("?search=lamp&status=seen&sort=-name&limit=2&offset=4")["total"], 6)
        self.assertEqual(get("?search=50%25_")["total"], 6)
        self.assertEqual(get("?search=50%25%25")["total"], 0)
        self.assertEqual(get("?search=beta")["total"], 10)
        self.assertEqual([item["batch"] for item in get("?sort=batch&limit=30")["items"]], ["Beta"] * 10 + ["alpha"] * 20)
        for sort in ("id", "batch", "status", "state", "product", "version", "last-seen", "serial", "name"):
            up = [item["id"] for item in get(f"?sort={sort}&limit=30")["items"]]
            down = [item["id"] for item in get(f"?sort=-{sort}&limit=30")["items"]]
            self.assertEqual(up, down[::-1], sort)
            paged = [item["id"] for offset in range(0, 30, 7)
                     for item in get(f"?sort={sort}&limit=7&offset={offset}")["items"]]
            self.assertEqual(up, paged, sort)
        self.assertEqual(get("?limit=0"), {"total": 30, "items": []})

    def test_actions(self):
        server, ids, _ = self.prepare()

        def act(action, *some):
            reply = server.post("/v1/devices/actions", {"action": action, "ids": list(some)})
            self.assertEqual(reply.status, 200, reply)
            return [result["reason"] for result in reply.json["results"]]

        self.assertEqual(act("approve", ids[0], ids[1].upper(), ids[10], "aaaa-aaaa-aaaa-aaaa", "nonsense"),
                         [None, None, "it has never connected", "there is no such device", "this is no device id"])
        device = server.get(f"/v1/devices/{ids[0]}").json
        self.assertEqual((device["status"], device["nodes"]), ("pairing", []))
        self.assertGreater(device["approvedAt"], 0)
        self.assertEqual(act("approve", ids[0]), ["it is approved already"])
        self.assertEqual(act("block", ids[0], ids[12]), [None, None])
        self.assertEqual(act("approve", ids[0]), ["it is blocked; unblock it first"])
        self.assertEqual(act("block", ids[0]), ["it is blocked already"])
        with server.database("broker.db") as db:
            states = dict(db.execute("SELECT id, state FROM device"))
            changes = [row[0] for row in db.execute("SELECT username FROM change ORDER BY seq")]
        self.assertEqual((states[ids[0]], states[ids[1]], states[ids[2]], states[ids[12]]), (2, 1, 0, 2))
        self.assertEqual([id_ for id_ in changes if id_ in ids], sorted([ids[0], ids[1]]) + sorted([ids[0], ids[12]]))
        self.assertEqual(act("unblock", ids[0], ids[12], ids[1]), [None, None, "it is not blocked"])
        self.assertEqual(server.get(f"/v1/devices/{ids[0]}").json["status"], "pairing")
        self.assertEqual(server.get(f"/v1/devices/{ids[12]}").json["status"], "new")
        self.assertEqual(act("unapprove", ids[0], ids[2]), [None, "it is not approved"])
        self.assertEqual(server.get(f"/v1/devices/{ids[0]}").json["status"], "awaiting-approval")
        for body in ({"action": "burn", "ids": []}, {"action": "block"}, {"action": "block", "ids": [5]},
                     {"action": "block", "ids": "x"}, {"ids": []}):
            self.assertEqual(server.post("/v1/devices/actions", body).status, 400, body)
        self.assertEqual(server.post("/v1/devices/actions", {"action": "block", "ids": ids[:1] * 1001}).status, 413)

    def test_set_is_refused(self):
        server, ids, _ = self.prepare()
        wish = {"node": "lamp", "property": "on", "value": "true"}
        self.assertEqual(server.post("/v1/devices/aaaa-aaaa-aaaa-aaaa/set", wish).status, 404)
        self.assertEqual(server.post(f"/v1/devices/{ids[0]}/set", wish).status, 409)
        self.assertEqual(server.post(f"/v1/devices/{ids[0]}/set?wait=61", wish).status, 400)
        self.assertEqual(server.post(f"/v1/devices/{ids[0]}/set", {"node": "lamp"}).status, 400)
        self.assertEqual(server.post(f"/v1/devices/{ids[0]}/set", dict(wish, more=1)).status, 400)

    def test_broker_database_is_made_anew(self):
        server, ids, _ = self.prepare()
        server.post("/v1/devices/actions", {"action": "approve", "ids": ids[:2]})
        with server.database("broker.db") as db:
            before = db.execute("SELECT * FROM device ORDER BY id").fetchall()
        self.assertEqual(len(before), 30)

        def after():
            server.start()
            with server.database("broker.db") as db:
                rows = db.execute("SELECT * FROM device ORDER BY id").fetchall()
                self.assertEqual(db.execute("SELECT count(*) FROM session").fetchone()[0], 1)
            server.stop()
            return rows

        server.stop()
        (server.data / "broker.db").unlink()
        self.assertEqual(after(), before, "missing")
        (server.data / "broker.db").write_bytes(b"rubbish" * 1000)
        self.assertEqual(after(), before, "rubbish")
        with server.database("broker.db") as db:
            db.execute("DELETE FROM device")
        self.assertEqual(after(), before, "emptied")
        with server.database("broker.db") as db:
            db.execute("UPDATE device SET state = 0")
        self.assertEqual(after(), before, "older than the main one")
        # owed when the power went: told at the next start
        with server.database() as db:
            db.execute("UPDATE device SET status = 6 WHERE id = ?", (ids[0],))
            db.execute("INSERT INTO broker_dirty VALUES ('device', ?)", (ids[0],))
        rows = {row[0]: row[2] for row in after()}
        self.assertEqual(rows[ids[0]], 2)


if __name__ == "__main__":
    backend.main()
