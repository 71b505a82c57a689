#!/usr/bin/python3
"""Many devices changed as one job: what it says before, while and after; killed, cancelled, undone.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import random
import threading
import time

import backend
from backend import wait_for
from people import People

STATUSES = ["new", "labelled", "flashed", "awaiting-approval", "pairing", "paired", "blocked", "retired"]


class Bulk(People):
    def fleet(self, count=120, status=3):
        server = self.start()
        server.create("batch", count)
        with server.database() as db:
            db.execute(f"UPDATE device SET status = {status}, first_seen_us = 5, name = 'Pump'")
        self.ids = [d["id"] for d in self.devices(server)]
        return server

    def devices(self, server, query=""):
        items = []
        while True:
            page = self.ok(server.get(f"/v1/devices?{query}&limit=500&offset={len(items)}"))
            items += page["items"]
            if len(items) >= page["total"]:
                return items

    def begin(self, server, action, token="", **rest):
        return self.ok(server.post("/v1/bulk", {"action": action, **rest}, token=token), 201)

    def told(self, server, condition, n):
        """broker.db follows the commit of the tables."""
        def count():
            with server.database("broker.db") as db:
                return db.execute(f"SELECT count(*) FROM device WHERE {condition}").fetchone()[0]
        wait_for(f"the broker knows of {n}", lambda: count() == n, 5)

    def ended(self, server, job):
        def look():
            document = self.ok(server.get(f"/v1/bulk/{job['id']}"))
            return document if document["state"] != "running" else None
        return wait_for(f"job {job['id']} has ended", look)

    def done(self, server, action, **rest):
        job = self.ended(server, self.begin(server, action, **rest))
        self.assertEqual(job["state"], "done", job)
        return job

    def results(self, server, job, query=""):
        items = []
        while True:
            page = self.ok(server.get(f"/v1/bulk/{job['id']}/results?{query}&limit=500&offset={len(items)}"))
            items += page["items"]
            if len(items) >= page["total"]:
                return items

    def undone(self, server, job):
        return self.ended(server, self.ok(server.post(f"/v1/bulk/{job['id']}/undo", None), 201))


class Jobs(Bulk):
    def test_preview_job_results_undo(self):
        server = self.fleet()
        with server.database() as db:
            db.execute(f"UPDATE device SET status = 5 WHERE id IN ('{self.ids[0]}', '{self.ids[1]}')")
            db.execute(f"UPDATE device SET status = 6, status_before_block = 3 WHERE id = '{self.ids[2]}'")
        wish = {"action": "approve", "filter": {"status": ["awaiting-approval", "paired", "blocked"]}}
        preview = self.ok(server.post("/v1/bulk", {**wish, "preview": True}), 200)
        self.assertEqual((preview["total"], preview["nChange"], preview["nRefused"]), (120, 117, 3))
        self.assertEqual((len(preview["change"]), len(preview["refused"])), (20, 3))
        self.assertEqual({r["reason"]: r["n"] for r in preview["reasons"]},
                         {"it is approved already": 2, "it is blocked; unblock it first": 1})
        self.assertEqual(preview["change"][0], {"id": self.ids[3], "name": "Pump"})
        self.assertEqual(self.ok(server.get("/v1/bulk"))["total"], 0, "a preview is no job")
        self.assertEqual(server.get("/v1/devices?status=approved").json["total"], 2, "and changes nothing")

        job = self.begin(server, **wish)
        self.assertEqual((job["action"], job["total"], job["createdBy"], job["parameters"]), ("approve", 120, "admin", {}))
        job = self.ended(server, job)
        self.assertEqual((job["state"], job["nDone"], job["nFailed"], job["canUndo"]), ("done", 120, 3, True))
        self.assertEqual(server.get("/v1/devices?status=approved").json["total"], 119)
        results = self.results(server, job)
        self.assertEqual([r["id"] for r in results], self.ids)
        self.assertEqual(results[2], {"id": self.ids[2], "name": "Pump", "state": "refused", "reason": "it is blocked; unblock it first"})
        self.assertEqual(len(self.results(server, job, "state=refused")), 3)
        self.told(server, "state = 1", 117)

        # somebody else's change since is not undone
        self.ok(server.post("/v1/devices/actions", {"action": "block", "ids": [self.ids[5]]}))
        undo = self.undone(server, job)
        self.assertEqual((undo["action"], undo["undoOf"], undo["total"], undo["nFailed"]), ("undo", job["id"], 117, 1))
        self.assertEqual(self.results(server, undo, "state=refused"),
                         [{"id": self.ids[5], "name": "Pump", "state": "refused", "reason": "it has been changed since"}])
        now = {d["id"]: d["status"] for d in self.devices(server)}
        self.assertEqual(now.pop(self.ids[5]), "blocked")
        self.assertEqual([now[i] for i in self.ids[:3]], ["paired", "paired", "blocked"])
        self.assertEqual({now[i] for i in self.ids[3:] if i in now}, {"awaiting-approval"})
        job = self.ok(server.get(f"/v1/bulk/{job['id']}"))
        self.assertEqual((job["undoneBy"], job["canUndo"]), (undo["id"], False))
        self.refused(server.post(f"/v1/bulk/{job['id']}/undo", None), 409, "undone by job")
        redo = self.undone(server, undo)
        self.assertEqual((redo["state"], redo["total"], redo["nFailed"]), ("done", 116, 0), "an undo can be undone")
        self.assertEqual(server.get("/v1/devices?status=approved").json["total"], 118)
        self.assertTrue(self.ok(server.get("/v1/audit/verify"))["ok"])

    def test_audit_says_which_devices(self):
        server = self.fleet()
        other = self.company(server, "Other")
        with server.database() as db:
            db.execute(f"UPDATE device SET company_id = {other} WHERE id = '{self.ids[7]}'")
        job = self.done(server, "block", filter={})
        entries = self.ok(server.get("/v1/audit?kind=bulk"))["items"]
        self.assertEqual(entries[-1]["action"], "begin")
        slices = [e for e in entries if e["action"] == "block"]
        before = [i for e in slices for ids in e["before"]["devices"].values() for i in ids]
        self.assertEqual(sorted(before), self.ids)
        self.assertEqual({k for e in slices for k in e["before"]["devices"]}, {"3,0"})
        self.assertEqual({k for e in slices for k in e["after"]["devices"]}, {"6,3"})
        theirs = [e for e in slices if e["companyId"] == other]
        self.assertEqual(theirs[0]["before"]["devices"], {"3,0": [self.ids[7]]}, "who reads his own log sees his own")
        self.assertEqual({e["objectId"] for e in entries}, {job["id"]})

    def test_tags_and_companies(self):
        server = self.fleet()
        other = self.company(server, "Other")
        tag = self.ok(server.post("/v1/tags", {"name": "north", "color": "#00ff00", "companyIds": ["1"]}))["id"]
        own = self.ok(server.post("/v1/tags", {"name": "far", "color": "#00ff00", "companyIds": [other]}))["id"]
        some = self.ids[:30]
        self.ok(server.post(f"/v1/tags/{tag}/objects", {"kind": "device", "ids": some[:3], "on": True}))
        job = self.done(server, "tag", ids=some, parameters={"tagId": tag})
        self.assertEqual((job["total"], job["nFailed"]), (30, 3))
        self.assertEqual({r["reason"] for r in self.results(server, job, "state=refused")}, {"it has this tag already"})
        self.assertEqual(self.ok(server.get(f"/v1/devices?tag={tag}"))["total"], 30)
        job = self.done(server, "tag", ids=some, parameters={"tagId": own})
        self.assertEqual(job["nFailed"], 30)
        self.assertFalse(job["canUndo"])
        self.refused(server.post(f"/v1/bulk/{job['id']}/undo", None), 409, "changed nothing")

        moved = self.done(server, "assign", filter={"tag": tag}, parameters={"companyId": other})
        self.assertEqual((moved["total"], self.ok(server.get(f"/v1/devices?company={other}"))["total"]), (30, 30))
        self.told(server, f"company_id = {other}", 30)
        untag = self.done(server, "untag", filter={"company": other}, parameters={"tagId": tag})
        self.assertEqual(untag["nFailed"], 0)
        self.undone(server, moved)
        self.assertEqual(self.ok(server.get(f"/v1/devices?company={other}"))["total"], 0)
        self.undone(server, untag)
        self.assertEqual([d["id"] for d in self.devices(server, f"tag={tag}")], some)

    def test_a_move_leaves_behind_what_is_not_for_the_other_company(self):
        server = self.fleet(4)
        north, south = self.company(server, "North"), self.company(server, "South")
        tags = {name: self.ok(server.post("/v1/tags", {"name": name, "color": "#00ff00", "companyIds": companies}))["id"]
                for name, companies in (("theirs", [north]), ("everybody's", []), ("also theirs", [north]))}
        self.done(server, "assign", filter={}, parameters={"companyId": north})
        for name, ids in (("theirs", self.ids), ("everybody's", self.ids), ("also theirs", self.ids[:1])):
            self.ok(server.post(f"/v1/tags/{tags[name]}/objects", {"kind": "device", "ids": ids, "on": True}))
        _, token = self.member(server, "a@example.org", south, "company-admin")
        preview = self.ok(server.post("/v1/bulk", {"action": "assign", "filter": {}, "parameters": {"companyId": south}, "preview": True}))
        self.assertEqual(preview["losesTags"], [{"name": "also theirs", "n": 1}, {"name": "theirs", "n": 4}])
        job = self.done(server, "assign", filter={}, parameters={"companyId": south})
        shown = {d["id"]: d["tags"] for d in self.devices(server)}
        self.assertEqual(list(shown.values()), [[tags["everybody's"]]] * 4)
        for company in (north, south):
            entries = [e for e in self.ok(server.get("/v1/audit?kind=bulk&action=assign&limit=50"))["items"] if e["companyId"] == company]
            self.assertEqual(sorted(i for ids in entries[0]["after"]["devices"].values() for i in ids), self.ids, "news in both companies")
        self.assertEqual(self.ok(server.get("/v1/audit?kind=bulk&action=assign", token=token))["total"], 1)
        # what it has left behind comes back with it
        self.undone(server, job)
        shown = {d["id"]: sorted(d["tags"]) for d in self.devices(server)}
        self.assertEqual(shown[self.ids[0]], sorted(tags.values()))
        self.assertEqual(shown[self.ids[1]], sorted([tags["theirs"], tags["everybody's"]]))
        again = self.undone(server, self.ok(server.get("/v1/bulk?limit=1"))["items"][0])
        self.assertEqual((again["nFailed"], self.ok(server.get(f"/v1/devices?company={south}"))["total"]), (0, 4))
        self.assertEqual({tuple(d["tags"]) for d in self.devices(server)}, {(tags["everybody's"],)})

    def test_it_stands_in_the_timeline_of_each(self):
        server = self.fleet(30)
        north, south = self.company(server, "North"), self.company(server, "South")
        device = self.ids[7]
        tag = self.ok(server.post("/v1/tags", {"name": "t", "color": "#00ff00"}))["id"]
        self.done(server, "assign", filter={}, parameters={"companyId": north})
        approve = self.done(server, "approve", filter={})
        self.done(server, "tag", ids=self.ids[:10], parameters={"tagId": tag})
        self.done(server, "block", ids=self.ids[8:])
        moved = self.done(server, "assign", ids=self.ids[:10], parameters={"companyId": south})

        def items(query="", token=""):
            found = self.ok(server.get(f"/v1/devices/{device}/timeline?limit=100{query}", token=token))["items"]
            return [(i["kind"], i["text"], i["by"], {k: v for k, v in i["details"].items() if k != "action"}) for i in found]
        change = lambda what, job, was, now: ("change", what, "admin", {"job": job["id"], "before": {"companyId": was}, "after": {"companyId": now}})
        self.assertEqual(items()[0], change("assign", moved, north, south), "once, though it is news in two companies")
        self.assertEqual([i[:2] for i in items()], [("change", "assign"), ("tag", "tag"), ("admission", "approve"), ("change", "assign")])
        self.assertEqual(items("&kind=admission"), [("admission", "approve", "admin", {
            "job": approve["id"], "before": {"status": "awaiting-approval"}, "after": {"status": "pairing"}})])
        self.assertEqual([i[1] for i in items("&kind=tag,change")], ["assign", "tag", "assign"])
        self.undone(server, moved)
        self.assertEqual(items()[0][:2], ("change", "undo"))
        _, support = self.member(server, "s@example.org", north, "support")
        self.assertEqual({(i[2], "before" in i[3]) for i in items(token=support)}, {(None, False)})
        pages, last = [], ""
        while page := self.ok(server.get(f"/v1/devices/{device}/timeline?limit=1{last}"))["items"]:
            pages += page
            last = f"&before={page[-1]['id']}"
        self.assertEqual(len({i["id"] for i in pages}), len(pages))
        self.assertTrue(self.ok(server.get("/v1/audit/verify"))["ok"])

    def test_bad_input(self):
        server = self.fleet(5)
        ids = self.ids[:1]
        table = [
            ({"ids": ids}, 400, "action"), ({"action": "explode", "ids": ids}, 400, "“action” must be"),
            ({"action": "undo", "ids": ids}, 400, "“action” must be"),
            ({"action": "block"}, 400, "either “ids” or a “filter”"), ({"action": "block", "ids": ids, "filter": {}}, 400, "either"),
            ({"action": "block", "ids": "x"}, 400, "“ids” must be a list"), ({"action": "block", "ids": ["x"]}, 400, "no device id"),
            ({"action": "block", "filter": {"colour": "red"}}, 400, "“colour”"),
            ({"action": "block", "filter": {"status": []}}, 400, "“status”"), ({"action": "block", "filter": {"name": ""}}, 400, "“name”"),
            ({"action": "block", "filter": []}, 400, "“filter” must be an object"),
            ({"action": "block", "ids": ids, "preview": 1}, 400, "“preview”"),
            ({"action": "block", "ids": ids, "parameters": {"tagId": "1"}}, 400, "“parameters”"),
            ({"action": "tag", "ids": ids}, 400, "“tagId”"), ({"action": "tag", "ids": ids, "parameters": {"tagId": "77"}}, 404, "no such tag"),
            ({"action": "assign", "ids": ids, "parameters": {"companyId": "77"}}, 404, "company 77"),
            ({"action": "set", "ids": ids, "parameters": {"node": "a", "property": "b"}}, 400, "“value”"),
            ({"action": "block", "ids": ids, "surprise": 1}, 400, "“surprise”"),
        ]
        for body, status, words in table:
            self.refused(server.post("/v1/bulk", body), status, words)
        self.assertEqual(self.ok(server.get("/v1/bulk"))["total"], 0)
        empty = self.done(server, "block", filter={"name": "nobody"})
        self.assertEqual((empty["total"], empty["nDone"], empty["canUndo"]), (0, 0, False))
        gone = self.done(server, "block", ids=["aaaa-aaaa-aaaa-aaaa", *ids, *ids])
        self.assertEqual((gone["total"], gone["nFailed"]), (2, 1), "each once")
        for path in ("/v1/bulk/77", "/v1/bulk/x", "/v1/bulk/77/results"):
            self.refused(server.get(path), 404)
        self.refused(server.get(f"/v1/bulk/{gone['id']}/results?state=lost"), 400, "“state”")
        self.refused(server.request("DELETE", f"/v1/bulk/{gone['id']}"), 409, "ended already")

    def test_rights_and_reach(self):
        server = self.fleet()
        north = self.company(server, "North")
        south = self.company(server, "South")
        with server.database() as db:
            db.execute(f"UPDATE device SET company_id = {north} WHERE id IN ({', '.join(repr(i) for i in self.ids[:10])})")
        support = self.member(server, "support@example.org", north, "support")[1]
        admin_user, admin = self.member(server, "admin@example.org", north, "company-admin")
        stranger = self.member(server, "other@example.org", south, "company-admin")[1]
        tag = self.ok(server.post("/v1/tags", {"name": "t", "color": "#00ff00"}))["id"]
        for action, parameters in (("approve", {}), ("block", {}), ("tag", {"tagId": tag}), ("assign", {"companyId": north})):
            self.refused(server.post("/v1/bulk", {"action": action, "ids": self.ids, "parameters": parameters}, token=support), 403)
        self.refused(server.post("/v1/bulk", {"action": "assign", "filter": {}, "parameters": {"companyId": south}}, token=admin), 404)
        job = self.begin(server, "approve", token=admin, ids=self.ids)
        job = self.ended(server, job)
        self.assertEqual((job["total"], job["nFailed"]), (120, 110))
        self.assertEqual({r["reason"] for r in self.results(server, job, "state=refused")}, {"there is no such device"})
        everything = self.ended(server, self.begin(server, "unapprove", token=admin, filter={}))
        self.assertEqual(everything["total"], 10, "all matching is all in reach")
        for reply in (server.get(f"/v1/bulk/{job['id']}", token=stranger), server.get(f"/v1/bulk/{job['id']}/results", token=stranger),
                      server.post(f"/v1/bulk/{job['id']}/undo", None, token=stranger),
                      server.request("DELETE", f"/v1/bulk/{job['id']}", token=stranger)):
            self.refused(reply, 404)
        self.assertEqual(self.ok(server.get("/v1/bulk", token=stranger))["total"], 0)
        self.assertEqual(self.ok(server.get("/v1/bulk", token=support))["total"], 2)
        self.refused(server.post(f"/v1/bulk/{everything['id']}/undo", None, token=support), 403)

    def test_a_set_of_who_cannot_answer_is_refused_with_the_reason_or_waits(self):
        server = self.fleet(6)
        with server.database() as db:
            for i, device in enumerate(self.ids[:5]):
                db.execute(f"UPDATE device SET status = {3 if i == 0 else 5} WHERE id = '{device}'")
                if i > 1:
                    db.execute("INSERT INTO node (device_id, node) VALUES (?, 'light')", (device,))
                    db.execute("INSERT INTO property (device_id, node, property, datatype, settable, format) VALUES"
                               f" (?, 'light', 'level', 1, {0 if i == 2 else 1}, '0:100')", (device,))
        job = self.done(server, "set", ids=self.ids[:5], parameters={"node": "light", "property": "level", "value": "40"})
        reasons = [r["reason"] for r in self.results(server, job)]
        self.assertEqual(reasons[:3], ["it is not approved yet", "it has no property light/level", "light/level can not be set"])
        self.assertEqual(reasons[3:], [None] * 2)
        self.assertEqual((job["nFailed"], job["nKept"]), (3, 2), "those that are offline get it later")
        job = self.done(server, "set", ids=self.ids[3:4], parameters={"node": "light", "property": "level", "value": "400"})
        self.assertIn("100", self.results(server, job)[0]["reason"])


class Long(Bulk):
    """Jobs that take a while."""

    COUNT = 20000
    KILLS = 8

    def killed_until_done(self, server, job, look):
        """Killed again and again while it runs. @look: at the database, while nobody writes. The job, as it has ended."""
        rng = random.Random(3)
        kills = 0
        while (document := self.ok(server.get(f"/v1/bulk/{job['id']}")))["state"] == "running":
            time.sleep(rng.random() * 0.1)
            if kills == self.KILLS:
                continue
            server.kill()
            kills += 1
            with server.database() as db:
                look(db, *(int(n) for n in db.execute("SELECT n_done, total FROM bulk").fetchone()))
            server.start()
        self.assertGreater(kills, 0)
        return document

    def test_a_kill_in_the_middle_loses_nothing_and_does_nothing_twice(self):
        server = self.fleet(self.COUNT)

        def look(db, done, total):
            items = db.execute("SELECT count(*) FROM bulk_item WHERE state = 1").fetchone()[0]
            changed = db.execute("SELECT count(*) FROM device WHERE status = 4").fetchone()[0]
            self.assertEqual((int(items), int(changed), total), (done, done, self.COUNT))
        document = self.killed_until_done(server, self.begin(server, "approve", filter={}), look)
        self.assertEqual((document["state"], document["nDone"], document["nFailed"]), ("done", self.COUNT, 0))
        self.assertEqual(server.get("/v1/devices?status=pairing").json["total"], self.COUNT)
        entries = []
        while page := self.ok(server.get(f"/v1/audit?kind=bulk&action=approve&limit=10&offset={len(entries)}"))["items"]:
            entries += page
        self.assertEqual(sum(len(ids) for e in entries for ids in e["before"]["devices"].values()), self.COUNT)
        self.assertTrue(self.ok(server.get("/v1/audit/verify"))["ok"])
        with server.database("broker.db") as db:
            self.assertEqual(db.execute("SELECT count(*) FROM device WHERE state = 1").fetchone()[0], self.COUNT)

    def test_a_kill_keeps_each_value_that_the_job_says_it_has_kept(self):
        server = self.fleet(self.COUNT, 5)
        with server.database() as db:
            db.execute("INSERT INTO node (device_id, node) SELECT id, 'light' FROM device")
            db.execute("INSERT INTO property (device_id, node, property, datatype, settable, format)"
                       " SELECT id, 'light', 'level', 1, 1, '0:100' FROM device")

        def look(db, done, total):
            kept = {row[0] for row in db.execute("SELECT device_id FROM bulk_item WHERE state = 3")}
            waiting = {row[0] for row in db.execute("SELECT device_id FROM desired WHERE value = '40'")}
            self.assertEqual(kept, waiting, "what it says is kept is there, and nothing else")
            self.assertEqual((len(kept), total), (done, self.COUNT))
        job = self.begin(server, "set", filter={}, parameters={"node": "light", "property": "level", "value": "40"})
        document = self.killed_until_done(server, job, look)
        self.assertEqual((document["state"], document["nDone"], document["nKept"], document["nFailed"]), ("done", self.COUNT, self.COUNT, 0))
        with server.database() as db:
            look(db, self.COUNT, self.COUNT)
        entries = []
        while page := self.ok(server.get(f"/v1/audit?kind=bulk&action=keep&limit=10&offset={len(entries)}"))["items"]:
            entries += page
        self.assertEqual(sum(len(ids) for e in entries for ids in e["after"]["devices"].values()), self.COUNT)
        self.assertTrue(self.ok(server.get("/v1/audit/verify"))["ok"])

    def test_cancel(self):
        server = self.fleet(self.COUNT)
        job = self.begin(server, "block", filter={})
        cancelled = self.ok(server.request("DELETE", f"/v1/bulk/{job['id']}"), 200)
        self.assertEqual(cancelled["state"], "cancelled")
        self.assertLess(cancelled["nDone"], self.COUNT)
        blocked = server.get("/v1/devices?status=blocked").json["total"]
        self.assertEqual(blocked, cancelled["nDone"], "nothing goes on")
        waiting = self.ok(server.get(f"/v1/bulk/{job['id']}/results?state=waiting"))["total"]
        self.assertEqual(waiting + blocked, self.COUNT)
        self.assertIn("cancel", {e["action"] for e in self.ok(server.get("/v1/audit?kind=bulk"))["items"]})
        if blocked:
            undo = self.undone(server, job)
            self.assertEqual((undo["total"], undo["nFailed"]), (blocked, 0))
            self.assertEqual(server.get("/v1/devices?status=blocked").json["total"], 0)

    def test_rights_that_are_taken_away_end_it(self):
        server = self.fleet(self.COUNT)
        user, token = self.member(server, "admin@example.org", "1", "company-admin")
        job = self.begin(server, "block", token=token, filter={})
        self.ok(server.request("PATCH", f"/v1/users/{user['id']}", {"revision": server.get(f"/v1/users/{user['id']}").json["revision"],
                                                                    "suspended": True}))
        ended = self.ended(server, job)
        self.assertEqual((ended["state"], ended["error"]), ("failed", "who has begun it may not do this any more"))
        self.assertLess(ended["nDone"], self.COUNT)

    def test_a_tag_that_is_deleted_ends_it(self):
        server = self.fleet(self.COUNT)
        tag = self.ok(server.post("/v1/tags", {"name": "t", "color": "#00ff00"}))
        job = self.begin(server, "tag", filter={}, parameters={"tagId": tag["id"]})
        self.ok(server.request("DELETE", f"/v1/tags/{tag['id']}"), 204)
        ended = self.ended(server, job)
        self.assertEqual((ended["state"], ended["error"]), ("failed", "there is no such tag"))

    def test_so_many_at_once(self):
        server = self.fleet(self.COUNT)
        replies = []
        begin = lambda: replies.append(server.post("/v1/bulk", {"action": "block", "filter": {}}).status)
        threads = [threading.Thread(target=begin) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(set(replies), {201, 429})
        for job in self.ok(server.get("/v1/bulk"))["items"]:
            self.assertEqual(self.ended(server, job)["nDone"], self.COUNT)
        self.assertEqual(server.get("/v1/devices?status=blocked").json["total"], self.COUNT)

    def test_old_jobs_go(self):
        server = self.fleet(5)
        job = self.done(server, "block", filter={})
        self.assertEqual(server.stop(), 0)
        with server.database() as db:
            db.execute("UPDATE bulk SET ended_at_us = 1")
        server.start()
        wait_for("it is gone", lambda: server.get(f"/v1/bulk/{job['id']}").status == 404)
        with server.database() as db:
            self.assertEqual(int(db.execute("SELECT count(*) FROM bulk_item").fetchone()[0]), 0)


if __name__ == "__main__":
    backend.main()
