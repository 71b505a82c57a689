#!/usr/bin/python3
"""The audit log: every mutating route leaves an entry, and whatever is done to the log afterwards shows.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import hashlib
import io
import json
import shutil
import sqlite3
import struct
import unittest

import backend
from backend import ON_POSTGRES
from every_route import CASES, MUTATING, PASSWORD, Walk, routes
from people import People

COLUMNS = ("seq, at_us, account_id, login, address, action, kind, object_id, object, company_id, doc_before, doc_after, hash")


def hash_of(row, before):
    """The entry's hash as DESIGN.md describes it, by another implementation than ours."""
    state = hashlib.blake2b(digest_size=32)

    def put(data):
        state.update(struct.pack("<Q", len(data)) + data)
    put(before)
    for name, value in zip(COLUMNS.split(", "), row[:-1]):
        if name in ("seq", "at_us", "account_id", "company_id"):
            put(struct.pack("<q", value))
        else:
            state.update(bytes([value is not None]))
            if value is not None:
                put(str(value).encode())    # psql's output does not tell "1" from 1
    return state.digest()


# Asked with a body, for its length, and change nothing.
QUESTIONS = ("POST /v1/rules/trial", "POST /v1/devices/export.csv")


class EveryRoute(Walk):
    def test_a_mutating_route_leaves_an_entry(self):
        wanted = {route.name for route in routes() if route.method in MUTATING}
        self.assertEqual(wanted - set(CASES), set(), "a new route needs a case in every_route.py")
        self.assertEqual(set(CASES) - {route.name for route in routes()}, set(), "a case without a route")
        self.begin()
        for name in sorted(wanted):
            with self.subTest(name):
                n_calls = len(self.calls)
                CASES[name](self)
                self.assertEqual([call[0] for call in self.calls[n_calls:]], [name])
                _, _, reply, n_entries = self.calls[-1]
                self.assertIn(reply.status, (200, 201, 202, 204), f"{name} {reply}")
                self.assertGreaterEqual(n_entries, 0 if name in QUESTIONS else 1, name)
        self.look_at_entries()

    def told_once(self):
        """Every token and code that was in a reply."""
        for _, _, reply, _ in self.calls:
            document = reply.json if reply.body[:1] == b"{" else {}
            yield from (document[name] for name in ("token", "code", "secret", "key") if name in document)
            yield from document.get("recoveryCodes", [])
            if "invitation" in document:
                yield document["invitation"]["code"]

    def look_at_entries(self):
        with self.server.database() as db:
            rows = db.execute(f"SELECT {COLUMNS} FROM audit ORDER BY seq").fetchall()
        text = json.dumps([row[:-1] for row in rows])
        for secret in (PASSWORD, "another good password", self.server.token, self.devices[0][1], *self.told_once()):
            self.assertFalse(secret in text, "a secret is in the log")
        before = bytes(32)
        for i, row in enumerate(rows):
            self.assertEqual(row[0], i + 1)
            # what has waited for its device is delivered by the backend
            self.assertTrue(row[3] and row[4] == ("" if row[5] == "deliver" else "127.0.0.1") and row[5] and row[6] and row[9], row)
            self.assertEqual(hash_of(row, before), row[-1])
            before = row[-1]
        self.assertEqual(self.ok(self.server.get("/v1/audit/verify")),
                         {"ok": True, "n": len(rows), "firstBad": None, "reason": None})


class Log(People):
    def entries(self, server, query="", token=""):
        return self.ok(server.get("/v1/audit" + query, token=token))

    def test_what_entries_say(self):
        server = self.start()
        batch = server.create("spring", 3)
        devices = server.get(f"/v1/batches/{batch['id']}/ids").body.decode().split()
        self.ok(server.post("/v1/devices/actions", {"action": "block", "ids": devices[:2] + ["nothing"]}))
        self.ok(server.post(f"/v1/batches/{batch['id']}/labelled", {"first": 3, "count": 1}))
        self.ok(server.post(f"/v1/batches/{batch['id']}/handed-over", {}))
        handed, labelled, second, first, created = self.entries(server, "?limit=5")["items"]
        self.assertEqual((created["action"], created["kind"], created["objectId"], created["object"]),
                         ("create", "batch", batch["id"], "spring"))
        self.assertEqual((created["before"], created["after"]["count"], created["companyId"]), (None, 3, "1"))
        self.assertEqual([first["objectId"], second["objectId"]], devices[:2], "one entry a device, in the order asked")
        self.assertEqual((first["action"], first["before"], first["after"]), ("block", {"status": "new"}, {"status": "blocked"}))
        self.assertEqual((labelled["action"], labelled["after"]), ("label", {"first": 3, "count": 1}))
        self.assertEqual((handed["action"], handed["before"]["handedOverAt"]), ("hand-over", 0))
        self.assertGreater(handed["after"]["handedOverAt"], 0)
        self.assertEqual((handed["user"], handed["userId"], handed["address"]), ("admin", "1", "127.0.0.1"))
        self.assertRegex(handed["hash"], "^[0-9a-f]{64}$")
        # what came to nothing is no entry
        n = self.entries(server)["total"]
        self.refused(server.post(f"/v1/batches/{batch['id']}/handed-over", {}), 409)
        self.refused(server.post(f"/v1/batches/{batch['id']}/labelled", {"first": 9, "count": 1}), 400)
        self.ok(server.post("/v1/devices/actions", {"action": "block", "ids": devices[:2]}))
        self.refused(server.post("/v1/batches", {"name": "spring", "count": 3}), 409)
        self.assertEqual(self.entries(server)["total"], n)

    def test_a_big_batch_is_one_entry(self):
        server = self.start()
        n = self.entries(server)["total"]
        batch = server.create("big", 50_000)
        self.ok(server.post(f"/v1/batches/{batch['id']}/labelled", {"first": 1, "count": 50_000}))
        self.assertEqual(self.entries(server)["total"], n + 2)

    def test_filters_and_pages(self):
        server = self.start()
        north = self.company(server, "North")
        user, token = self.member(server, "anna@example.org", north, "company-admin")
        east = self.company(server, "East", north)
        self.ok(server.request("PATCH", f"/v1/companies/{east}", {"revision": 1, "phone": "+1 2"}, token=token))
        everything = self.entries(server, "?limit=500")
        self.assertEqual(everything["total"], len(everything["items"]))
        seqs = [int(item["id"]) for item in everything["items"]]
        self.assertEqual(seqs, sorted(seqs, reverse=True), "newest first")
        page = self.entries(server, "?offset=1&limit=2")
        self.assertEqual(page["items"], everything["items"][1:3])
        self.assertEqual(page["total"], everything["total"])

        def ids(query):
            answer = self.entries(server, query)
            self.assertEqual(answer["total"], len(answer["items"]))
            return [item["id"] for item in answer["items"]]

        def those(condition):
            return [item["id"] for item in everything["items"] if condition(item)]
        self.assertEqual(ids(f"?user={user['id']}"), those(lambda e: e["userId"] == user["id"]))
        self.assertEqual(ids("?kind=company"), those(lambda e: e["kind"] == "company"))
        self.assertEqual(ids(f"?kind=company&object={east}"), those(lambda e: e["kind"] == "company" and e["objectId"] == east))
        self.assertEqual(ids("?action=edit"), those(lambda e: e["action"] == "edit"))
        self.assertEqual(ids("?search=ANNA"), those(lambda e: "anna" in (e["user"] + e["object"]).lower()))
        self.assertEqual(ids("?search=%25"), [], "a wildcard is a letter")
        middle = everything["items"][2]["at"]
        self.assertEqual(ids(f"?from={middle}"), those(lambda e: e["at"] >= middle))
        self.assertEqual(ids(f"?to={middle}"), those(lambda e: e["at"] < middle))
        self.assertEqual(ids("?kind=nothing"), [])
        for query in ("limit=501", "offset=-1", "user=anna", "from=yesterday", "search=" + "a" * 201, "kind=" + "a" * 201):
            self.refused(server.get("/v1/audit?" + query), 400)

    def test_reach(self):
        server = self.start()
        north, south = self.company(server, "North"), self.company(server, "South")
        east = self.company(server, "East", north)
        _, token = self.member(server, "anna@example.org", north, "company-admin")
        _, end_user = self.member(server, "end@example.org", north, "end-user")
        self.ok(server.request("PATCH", f"/v1/companies/{east}", {"revision": 1, "phone": "+1"}))
        server.create("far", 2, companyId=south)
        seen = self.entries(server, "?limit=500", token=token)["items"]
        self.assertEqual({e["companyId"] for e in seen}, {north, east})
        self.assertEqual(self.entries(server, "?search=far", token=token)["total"], 0)
        self.assertEqual(self.entries(server, "?search=far")["total"], 1)
        lines = server.get("/v1/audit/export.csv", token=token).body.decode()
        self.assertEqual({row["company_id"] for row in csv.DictReader(io.StringIO(lines))}, {north, east})
        for path in ("/v1/audit", "/v1/audit/export.csv", "/v1/audit/verify"):
            self.refused(server.get(path, token=end_user), 403)

    def test_export(self):
        server = self.start()
        self.company(server, "xyz", address='=cmd|" /C calc"!A0, "quoted"')
        with server.database() as db:
            rows = db.execute(f"SELECT {COLUMNS} FROM audit ORDER BY seq").fetchall()
        reply = server.get("/v1/audit/export.csv")
        self.assertEqual(reply.headers["Content-Type"], "text/csv; charset=utf-8; header=present")
        self.assertIn("audit.csv", reply.headers["Content-Disposition"])
        text = reply.body.decode()
        self.assertTrue(text.endswith("\r\n"))
        read = list(csv.reader(io.StringIO(text, newline="")))
        self.assertEqual(read[0], ["seq", "at", "user_id", "user", "address", "action", "kind", "object_id", "object",
                                   "company_id", "before", "after", "hash"])
        self.assertEqual([int(row[0]) for row in read[1:]], [row[0] for row in rows], "oldest first")
        for mine, theirs in zip(read[1:], rows):
            self.assertEqual(mine[-1], theirs[-1].hex())
            self.assertEqual(mine[11], theirs[11] or "")
        self.assertEqual(len(list(csv.reader(io.StringIO(server.get("/v1/audit/export.csv?kind=company").body.decode())))), 2)
        self.assertEqual(server.get("/v1/audit/export.csv?kind=nothing").body.decode().count("\r\n"), 1)
        self.refused(server.get("/v1/audit/export.csv?from=x"), 400)
        # whatever a stranger calls himself is text for a spreadsheet
        server.post("/v1/roles", {"name": "=1+1", "permissions": []})
        self.assertIn("\"'=1+1\"", server.get("/v1/audit/export.csv").body.decode())

    def test_many_entries(self):
        """More than one job reads at a time; verified and exported whole."""
        server = self.start()
        devices = []
        for i in range(2):
            batch = server.create(f"b{i}", 1000)
            devices.append(server.get(f"/v1/batches/{batch['id']}/ids").body.decode().split())
        for i in range(4):
            for ids in devices:
                self.ok(server.post("/v1/devices/actions", {"action": "unblock" if i % 2 else "block", "ids": ids}))
        total = self.entries(server, "?limit=0")["total"]
        self.assertGreater(total, 8000)
        self.assertEqual(self.ok(server.get("/v1/audit/verify"))["n"], total)
        text = server.get("/v1/audit/export.csv").body.decode()
        self.assertEqual([int(row["seq"]) for row in csv.DictReader(io.StringIO(text))], list(range(1, total + 1)))
        self.assertEqual(len(self.entries(server, f"?offset={total - 3}&limit=500")["items"]), 3)


class Tampering(People):
    """What somebody with the database in his hands may do to it."""

    def fill(self):
        server = self.start()
        for name in ("a", "b", "c", "d", "e"):
            self.ok(server.post("/v1/tags", {"name": name}))
        return server, self.verify(server, True)["n"]

    def verify(self, server, ok):
        answer = self.ok(server.get("/v1/audit/verify"))
        self.assertEqual(answer["ok"], ok, answer)
        return answer

    def found(self, server, seq, words):
        answer = self.verify(server, False)
        self.assertEqual(answer["firstBad"], seq, answer)
        self.assertEqual(answer["n"], seq - 1)
        self.assertIn(words, answer["reason"])

    def run_sql(self, server, *statements):
        with server.database() as db:
            for sql, values in statements:
                db.execute(sql, values)

    def read(self, server, seq):
        with server.database() as db:
            return list(db.execute(f"SELECT {COLUMNS} FROM audit WHERE seq = ?", (seq,)).fetchone())

    def test_changed(self):
        server, n = self.fill()
        for column, value in (("login", "nobody"), ("at_us", 1), ("doc_after", None), ("company_id", 7), ("account_id", 9), ("hash", bytes(32))):
            was = self.read(server, n - 2)[COLUMNS.split(", ").index(column)]
            self.run_sql(server, (f"UPDATE audit SET {column} = ? WHERE seq = ?", (value, n - 2)))
            self.found(server, n - 2, "has been changed")
            self.run_sql(server, (f"UPDATE audit SET {column} = ? WHERE seq = ?", (was, n - 2)))
            self.verify(server, True)

    def test_changed_with_its_hash(self):
        server, n = self.fill()
        row, before = self.read(server, n - 2), self.read(server, n - 3)[-1]
        row[3] = "nobody"
        self.run_sql(server, ("UPDATE audit SET login = ?, hash = ? WHERE seq = ?", (row[3], hash_of(row, before), n - 2)))
        self.found(server, n - 1, "or the one before it")

    def test_all_hashes_anew(self):
        """Everything fits but for what broker.db remembers."""
        server, n = self.fill()
        before = self.read(server, n - 3)[-1]
        for seq in range(n - 2, n + 1):
            row = self.read(server, seq)
            if seq == n - 2:
                row[3] = "nobody"
            before = hash_of(row, before)
            self.run_sql(server, ("UPDATE audit SET login = ?, hash = ? WHERE seq = ?", (row[3], before, seq)))
        self.found(server, n, "broker.db")
        # and what is written behind it does not hide it
        self.ok(server.post("/v1/tags", {"name": "later"}))
        self.found(server, n, "broker.db")
        server.stop()
        server.start()
        self.found(server, n, "broker.db")

    def test_removed(self):
        server, n = self.fill()
        self.run_sql(server, ("DELETE FROM audit WHERE seq = ?", (n - 2,)))
        self.found(server, n - 2, f"entry {n - 2} is missing")
        self.run_sql(server, ("DELETE FROM audit WHERE seq = ?", (n - 1,)))
        self.found(server, n - 2, f"entries {n - 2} to {n - 1} are missing")
        self.run_sql(server, ("DELETE FROM audit WHERE seq < ?", (n - 1,)))
        self.found(server, 1, f"entries 1 to {n - 1} are missing")

    def test_removed_and_counted_anew(self):
        server, n = self.fill()
        self.run_sql(server, ("DELETE FROM audit WHERE seq = ?", (n - 2,)),
                     ("UPDATE audit SET seq = ? WHERE seq = ?", (n - 2, n - 1)), ("UPDATE audit SET seq = ? WHERE seq = ?", (n - 1, n)))
        self.found(server, n - 2, "put in another place")

    def test_swapped(self):
        server, n = self.fill()
        self.run_sql(server, ("UPDATE audit SET seq = ? WHERE seq = ?", (-1, n - 3)),
                     ("UPDATE audit SET seq = ? WHERE seq = ?", (n - 3, n - 1)), ("UPDATE audit SET seq = ? WHERE seq = ?", (n - 1, -1)))
        self.found(server, n - 3, "put in another place")

    def test_cut_off(self):
        server, n = self.fill()
        self.run_sql(server, ("DELETE FROM audit WHERE seq > ?", (n - 2,)))
        self.found(server, n - 1, "cut off")
        server.stop()
        server.start()
        self.found(server, n - 1, "cut off")
        # neither the same number of entries again nor more hide it
        for name in ("f", "g", "h"):
            self.ok(server.post("/v1/tags", {"name": name}))
        self.found(server, n, "broker.db")

    def test_everything_gone(self):
        server, n = self.fill()
        self.run_sql(server, ("DELETE FROM audit", ()))
        self.found(server, 1, "cut off")

    def test_older_broker_db(self):
        """A copy put back, or a write that a crash has lost, does no harm; nor does one that is made anew."""
        server, n = self.fill()
        server.stop()
        shutil.copy(server.data / "broker.db", self.folder / "kept.db")
        server.start()
        self.ok(server.post("/v1/tags", {"name": "later"}))
        server.stop()
        for path in server.data.glob("broker.db*"):
            path.unlink()
        shutil.copy(self.folder / "kept.db", server.data / "broker.db")
        server.start()
        self.assertEqual(self.verify(server, True)["n"], n + 1)
        self.ok(server.post("/v1/tags", {"name": "more"}))
        self.assertEqual(self.head(server)[0], n + 2)
        server.stop()
        for path in server.data.glob("broker.db*"):
            path.unlink()
        server.start()
        self.assertEqual(self.verify(server, True)["n"], n + 2)
        self.assertEqual(self.head(server), (n + 2, self.read(server, n + 2)[-1]))

    def head(self, server):
        with server.database("broker.db") as db:
            return db.execute("SELECT seq, hash FROM audit_head").fetchone()

    def test_head_is_said_in_the_log(self):
        server, n = self.fill()
        server.stop()
        server.start()
        seq, hash_ = self.head(server)
        self.assertEqual(seq, n)
        backend.wait_for("it stands in the log", lambda: f"newest entry is {n}, its hash {hash_.hex()}" in server.stderr())

    @unittest.skipIf(ON_POSTGRES, "that database is elsewhere")
    def test_older_copy_of_the_database(self):
        server, n = self.fill()
        server.stop()
        shutil.copy(server.data / "bellwether.db", self.folder / "kept.db")
        server.start()
        self.ok(server.post("/v1/tags", {"name": "later"}))
        server.stop()
        for path in server.data.glob("bellwether.db*"):
            path.unlink()
        shutil.copy(self.folder / "kept.db", server.data / "bellwether.db")
        server.start()
        self.found(server, n + 1, "older copy")


class Marks(People):
    def test_devices(self):
        server = self.start()
        north, south = self.company(server, "North"), self.company(server, "South")
        _, token = self.member(server, "anna@example.org", north, "company-admin")
        everywhere = self.ok(server.post("/v1/tags", {"name": "everywhere"}))["id"]
        in_north = self.ok(server.post("/v1/tags", {"name": "north", "companyIds": [north]}))["id"]
        in_south = self.ok(server.post("/v1/tags", {"name": "south", "companyIds": [south]}))["id"]
        ids = {}
        for name, company in (("n", north), ("s", south)):
            batch = server.create(name, 3, companyId=company)["id"]
            ids[name] = server.get(f"/v1/batches/{batch}/ids").body.decode().split()

        def mark(tag, kind, objects, on=True, who=token):
            return server.post(f"/v1/tags/{tag}/objects", {"kind": kind, "ids": objects, "on": on}, token=who)
        revision = server.get(f"/v1/devices/{ids['n'][0]}").json["revision"]
        results = self.ok(mark(everywhere, "device", [*ids["n"][:2], ids["s"][0], "nothing"]))["results"]
        self.assertEqual([r["id"] for r in results], [*ids["n"][:2], ids["s"][0], "nothing"])
        self.assertEqual([r["reason"] for r in results], [None, None, "there is no such device", "there is no such device"])
        document = self.ok(server.get(f"/v1/devices/{ids['n'][0]}"))
        self.assertEqual((document["tags"], document["revision"]), ([everywhere], revision + 1))
        self.ok(mark(in_north, "device", ids["n"][:1]))
        self.assertEqual(server.get(f"/v1/devices/{ids['n'][0]}").json["tags"], sorted([everywhere, in_north], key=int))
        self.assertEqual(self.ok(mark(in_north, "device", ids["s"][:1], who=""))["results"][0]["reason"], "the tag is not for its company")
        self.refused(mark(in_south, "device", ids["n"][:1]), 404)

        listed = self.ok(server.get(f"/v1/devices?tag={everywhere}"))
        self.assertEqual((listed["total"], {d["id"] for d in listed["items"]}), (2, set(ids["n"][:2])))
        self.assertEqual(server.get(f"/v1/devices?tag={in_north}&batch=1").json["total"], 1)
        self.assertEqual([d["tags"] for d in server.get(f"/v1/devices?search={ids['s'][1]}").json["items"]], [[]])
        self.refused(server.get("/v1/devices?tag=x"), 400)
        tags = {t["id"]: t["nObjects"] for t in server.get("/v1/tags").json["items"]}
        self.assertEqual((tags[everywhere], tags[in_north]), (2, 1))

        entry = server.get("/v1/audit?action=tag&limit=1").json["items"][0]
        self.assertEqual((entry["kind"], entry["objectId"], entry["after"]), ("device", ids["n"][0], {"tagId": in_north, "tag": "north"}))
        n = server.get("/v1/audit").json["total"]
        self.ok(mark(in_north, "device", ids["n"][:1]))
        self.assertEqual(server.get("/v1/audit").json["total"], n, "it was so before")
        self.ok(mark(in_north, "device", ids["n"][:1], on=False))
        self.assertEqual(server.get(f"/v1/devices/{ids['n'][0]}").json["tags"], [everywhere])
        self.assertEqual(server.get("/v1/audit?action=untag").json["items"][0]["before"]["tag"], "north")

    def test_others_and_bad_input(self):
        server = self.start()
        north = self.company(server, "North")
        user, token = self.member(server, "anna@example.org", north, "company-admin")
        _, end_user = self.member(server, "end@example.org", north, "end-user")
        tag = self.ok(server.post("/v1/tags", {"name": "vip"}))["id"]
        path = f"/v1/tags/{tag}/objects"
        for kind, id_, route in (("company", north, "companies"), ("user", user["id"], "users"), ("role", self.role(server, "support"), "roles")):
            revision = server.get(f"/v1/{route}/{id_}").json["revision"]
            self.assertIsNone(self.ok(server.post(path, {"kind": kind, "ids": [id_], "on": True}))["results"][0]["reason"])
            document = self.ok(server.get(f"/v1/{route}/{id_}"))
            self.assertEqual((document["tags"], document["revision"]), ([tag], revision + 1))
            missing = self.ok(server.post(path, {"kind": kind, "ids": ["77", "x", ""], "on": True}))["results"]
            self.assertEqual({r["reason"] for r in missing}, {f"there is no such {kind}"})
        self.assertEqual(self.ok(server.post(path, {"kind": "company", "ids": ["1"], "on": True}, token=token))["results"][0]["reason"],
                         "there is no such company")
        for body, status in (({"kind": "batch", "ids": [], "on": True}, 400), ({"kind": "device", "ids": "x", "on": True}, 400),
                             ({"kind": "device", "ids": [1], "on": True}, 400), ({"kind": "device", "ids": []}, 400),
                             ({"kind": "device", "ids": [], "on": 1}, 400), ({"ids": [], "on": True}, 400),
                             ({"kind": "device", "ids": ["x"] * 1001, "on": True}, 413), ({"kind": "device", "ids": [], "on": True, "x": 1}, 400)):
            self.refused(server.post(path, body), status)
        for id_ in ("77", "x"):
            self.refused(server.post(f"/v1/tags/{id_}/objects", {"kind": "device", "ids": [], "on": True}), 404)
        self.refused(server.post(path, {"kind": "device", "ids": [], "on": True}, token=end_user), 403)

    def test_an_object_has_so_many(self):
        server = self.start()
        device = server.get(f"/v1/batches/{server.create('one', 1)['id']}/ids").body.decode().strip()
        reasons = []
        for i in range(51):
            tag = self.ok(server.post("/v1/tags", {"name": f"t{i}"}))["id"]
            reasons += self.ok(server.post(f"/v1/tags/{tag}/objects", {"kind": "device", "ids": [device], "on": True}))["results"]
        self.assertEqual({r["reason"] for r in reasons[:50]}, {None})
        self.assertEqual(reasons[50]["reason"], "it has 50 tags already")
        self.assertEqual(len(server.get(f"/v1/devices/{device}").json["tags"]), 50)


if __name__ == "__main__":
    backend.main()
