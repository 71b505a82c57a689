#!/usr/bin/python3
"""Saved views: one's own, or shared with a company and those below it.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import backend
from people import People

DOCUMENT = {"filter": {"status": ["pairing", "paired"], "version!": "1.0"}, "sort": "product,-last-seen", "columns": ["id", "name"]}


class Views(People):
    def make(self, server, name, token="", **rest):
        return self.ok(server.post("/v1/views", {"name": name, "document": DOCUMENT, **rest}, token=token), 201)

    def names(self, server, token=""):
        return [v["name"] for v in self.ok(server.get("/v1/views", token=token))["items"]]

    def test_keep_edit_delete(self):
        server = self.start()
        view = self.make(server, "Paired")
        self.assertEqual((view["document"], view["companyId"], view["revision"]), (DOCUMENT, None, 1))
        path = f"/v1/views/{view['id']}"
        self.assertEqual(self.ok(server.get(path)), view)
        edited = self.ok(server.request("PATCH", path, {"revision": 1, "document": {"filter": {}}}))
        self.assertEqual((edited["revision"], edited["name"], edited["document"]), (2, "Paired", {"filter": {}}))
        self.refused(server.request("PATCH", path, {"revision": 1, "name": "x"}), 409)
        self.ok(server.request("DELETE", path), 204)
        self.refused(server.get(path), 404)
        self.assertEqual([e["action"] for e in self.ok(server.get("/v1/audit?kind=view"))["items"]], ["delete", "edit", "create"])

    def test_who_sees_and_changes_it(self):
        server = self.start()
        north = self.company(server, "North")
        below = self.company(server, "Below", north)
        south = self.company(server, "South")
        people = {c: self.member(server, f"{c}@example.org", c, "company-admin")[1] for c in (north, below, south)}
        support = self.member(server, "support@example.org", north, "support")[1]
        own = self.make(server, "Mine", token=people[north])
        shared = self.make(server, "Ours", token=people[north], companyId=north)
        self.assertEqual(shared["company"], "North")
        self.assertEqual(self.names(server, people[north]), ["Mine", "Ours"])
        for token in (people[below], support, ""):
            self.assertEqual(self.names(server, token), ["Ours"])
        self.assertEqual(self.names(server, people[south]), [])
        self.refused(server.get(f"/v1/views/{own['id']}"), 404)
        change = lambda view, token: server.request("PATCH", f"/v1/views/{view['id']}", {"revision": 1, "name": "New"}, token=token)
        self.refused(change(own, ""), 404)
        self.refused(change(shared, people[south]), 404)
        self.refused(change(shared, people[below]), 403, "above yours")
        self.refused(change(shared, support), 403)
        self.refused(server.post("/v1/views", {"name": "x", "document": {}, "companyId": north}, token=support), 403)
        self.refused(server.post("/v1/views", {"name": "x", "document": {}, "companyId": south}, token=people[north]), 404)
        self.make(server, "His", token=support)
        self.ok(change(shared, ""))
        self.assertEqual(self.names(server, support), ["His", "New"])

    def test_bad_input(self):
        server = self.start()
        self.make(server, "Taken")
        for body, status, words in (
                ({"document": {}}, 400, "needs a name"), ({"name": "x"}, 400, "needs a “document”"),
                ({"name": "x", "document": []}, 400, "an object"), ({"name": "taken", "document": {}}, 409, "already"),
                ({"name": "x", "document": {"colour": 1}}, 400, "“colour”"), ({"name": "x", "document": {"filter": 1}}, 400, "“filter”"),
                ({"name": "x", "document": {"filter": {"status": "happy"}}}, 400, "“status”"),
                ({"name": "x", "document": {"sort": 1}}, 400, "“sort”"), ({"name": "x", "document": {"sort": "colour"}}, 400, "colour"),
                ({"name": "x", "document": {"columns": "id"}}, 400, "“columns”"), ({"name": "x", "document": {"columns": ["a b"]}}, 400, "“columns”"),
                ({"name": "x", "document": {"columns": ["id"] * 41}}, 400, "“columns”"),
                ({"name": "x", "document": {"filter": {"name": ["x" * 200] * 100}}}, 413, "at most 16384 bytes"),
                ({"name": "x", "document": {}, "companyId": "77"}, 404, "77")):
            self.refused(server.post("/v1/views", body), status, words)
        self.assertEqual(self.names(server), ["Taken"])

    def test_so_many(self):
        server = self.start()
        for i in range(50):
            self.make(server, f"view {i}")
        self.refused(server.post("/v1/views", {"name": "more", "document": {}}), 429, "at most 50")
        for i in range(100):
            self.make(server, f"view {i}", companyId="1")
        self.refused(server.post("/v1/views", {"name": "more", "document": {}, "companyId": "1"}), 429, "at most 100")

    def test_they_go_with_their_owner(self):
        server = self.start()
        user, token = self.member(server, "gone@example.org", "1", "support")
        self.make(server, "His", token=token)
        self.ok(server.request("DELETE", f"/v1/users/{user['id']}?revision={server.get('/v1/users/' + user['id']).json['revision']}"), 204)
        with server.database() as db:
            self.assertEqual(int(db.execute("SELECT count(*) FROM saved_view").fetchone()[0]), 0)


if __name__ == "__main__":
    backend.main()
