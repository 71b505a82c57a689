#!/usr/bin/python3
"""The history: its database may go and come, what devices say is kept in it, and who may read it.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import sqlite3
import unittest

import backend
from backend import BackendTest


os.environ.pop("G_DEBUG", None)     # a warning is not the end


class Database(BackendTest):
    @backend.about_sqlite
    def test_lost(self):
        server = self.start()
        path = server.data / "history.db"
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertNotIn("history", server.stderr())
        self.assertEqual(server.stop(), 0)
        for one in server.data.glob("history.db*"):
            one.unlink()
        server.start()
        self.assertIn(f"There is no history {path}; a new one begins", server.stderr())
        self.assertEqual(server.get("/v1/overview").status, 200)
        self.assertEqual(server.stop(), 0)
        with sqlite3.connect(path) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM series").fetchone(), (0,))

    @backend.about_sqlite
    def test_damaged(self):
        server = self.start()
        path = server.data / "history.db"
        self.assertEqual(server.stop(), 0)
        with server.database("history.db") as db:
            db.execute("PRAGMA wal_checkpoint (TRUNCATE)")
        whole = path.read_bytes()
        for number, rubbish in enumerate((b"no database at all " * 1000, whole[:3000], whole[:100] + b"\xff" * 8000)):
            # a log that was left behind would have the pages as they should be
            for log in ("history.db-wal", "history.db-shm"):
                (server.data / log).unlink(missing_ok=True)
            path.write_bytes(rubbish)
            server.start()
            aside = [p for p in server.data.glob("history.db.damaged-*") if not p.name.endswith(("-wal", "-shm"))]
            self.assertEqual(len(aside), number + 1)
            self.assertIn(rubbish, [p.read_bytes() for p in aside])
            self.assertIn("is damaged and was put aside as", server.stderr())
            self.assertEqual(server.get("/v1/overview").status, 200)
            self.assertEqual(server.stop(), 0)

    @unittest.skipUnless(backend.ON_POSTGRES, "about a server")
    def test_schema_of_its_own(self):
        server = self.start()
        tables = server.main.execute("SELECT table_schema FROM information_schema.tables WHERE table_name = 'series'")
        self.assertEqual(tables.fetchall(), [("bellwether_history",)])


class Reading(BackendTest):
    def test_refusals(self):
        server = self.start()
        batch = server.create("devices", 2)
        device = server.get(f"/v1/batches/{batch['id']}/ids").body.decode().split()[0]
        path = f"/v1/devices/{device}/history"
        reply = server.get(f"{path}?node=n&property=p")
        self.assertEqual((reply.status, reply.json["points"], reply.json["datatype"]), (200, [], None))
        self.assertEqual(server.get(f"{path}/series").json, {"items": [], "flood": None})
        self.assertEqual(server.get(f"{path}.csv").body, b'"at","node","property","value"\r\n')
        for query in ("", "?node=n", "?property=p", "?node=n&property=p&points=0", "?node=n&property=p&points=5001",
                      "?node=n&property=p&from=5&to=5", "?node=n&property=p&from=x"):
            reply = server.get(path + query)
            self.assertEqual((reply.status, reply.json["code"]), (400, "invalid"), query)
        self.assertEqual(server.get("/v1/devices/2222-2222-2222-2222/history?node=n&property=p").status, 404)

    def test_status_of_a_device(self):
        server = self.start()
        batch = server.create("devices", 1)
        device = server.get(f"/v1/batches/{batch['id']}/ids").body.decode().split()[0]
        with server.database() as db:
            db.execute(f"UPDATE device SET status = 3, first_seen_us = 5, product = 'lamp' WHERE id = '{device}'")
        for action in ("approve", "block"):
            server.post("/v1/devices/actions", {"action": action, "ids": [device]})

        def said():
            reply = server.get(f"/v1/devices/{device}/history?node=%24device&property=status")
            return [value for _, value in reply.json["points"]]
        backend.wait_for("both are there", lambda: said() == ["pairing", "blocked"])
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assertEqual(said(), ["pairing", "blocked"])

    def test_retention(self):
        server = self.start()
        usual = {"product": None, "keepDays": 3650, "rawDays": 365, "thinSeconds": 60, "editedAt": 0}
        path = "/v1/history/retention"
        self.assertEqual(server.get(path).json["items"], [usual])
        rule = {"product": "lamp", "keepDays": 30, "rawDays": 1, "thinSeconds": 600}
        reply = server.request("PUT", path, rule)
        self.assertEqual((reply.status, {**reply.json, "editedAt": 0}), (200, {**rule, "editedAt": 0}))
        self.assertEqual(len(server.get(path).json["items"]), 2)
        for wrong in ({"keepDays": -1}, {"rawDays": 40000}, {"thinSeconds": 0}, {"product": "x" * 201}):
            self.assertEqual(server.request("PUT", path, {**rule, **wrong}).status, 400, wrong)
        self.assertEqual(server.request("DELETE", f"{path}?product=lamp").status, 204)
        self.assertEqual(server.request("DELETE", f"{path}?product=lamp").status, 404)
        self.assertEqual(server.request("DELETE", path).status, 409)
        log = server.get("/v1/audit?kind=history-retention").json["items"]
        self.assertEqual([entry["action"] for entry in log], ["delete", "create"])

    @backend.about_sqlite
    def test_goes_with_the_device(self):
        server = self.start()
        batch = server.create("devices", 1)
        device = server.get(f"/v1/batches/{batch['id']}/ids").body.decode().split()[0]
        with server.database() as db:
            db.execute("UPDATE device SET status = 3, first_seen_us = 5")
        server.post("/v1/devices/actions", {"action": "approve", "ids": [device]})

        def n_series():
            with server.database("history.db") as db:
                return db.execute("SELECT count(*) FROM series").fetchone()[0]
        backend.wait_for("it has a history", lambda: n_series() == 1)
        with server.database() as db:
            db.execute("DELETE FROM device")
        server.request("PUT", "/v1/history/retention", {"keepDays": 10, "rawDays": 5, "thinSeconds": 600})
        backend.wait_for("it has none", lambda: n_series() == 0)


if __name__ == "__main__":
    backend.main()
