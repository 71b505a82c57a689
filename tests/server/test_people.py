#!/usr/bin/python3
"""Companies, users, participations, roles and requests: who may do what, and what bad input gets.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import random
import subprocess
import threading
import time

import backend
from backend import wait_for
from people import People

PUBLIC = 1
FIRST = 2


def routes():
    lines = subprocess.check_output([str(backend.BUILD / "tests/server/list-routes")], text=True).splitlines()
    for line in lines:
        method, path, flags, permission, body_max = line.split()
        yield method, path, int(flags), int(permission), int(body_max)


class Companies(People):
    def test_tree(self):
        server = self.start()
        north = self.company(server, "North", phone="+1 2", email="n@example.org", address="Street 1")
        east = self.company(server, "East", north)
        listed = self.ok(server.get("/v1/companies"))
        self.assertEqual([c["alias"] for c in listed["items"]], ["main", "north", "east"])
        document = self.ok(server.get(f"/v1/companies/{north}"))
        self.assertEqual((document["phone"], document["nSubsidiaries"], document["parentId"]), ("+1 2", 1, "1"))
        self.assertEqual(self.ok(server.get("/v1/companies?search=NORT"))["total"], 1)

        edited = self.ok(server.request("PATCH", f"/v1/companies/{north}", {"revision": 1, "phone": "", "name": "Nord"}))
        self.assertEqual((edited["revision"], edited["phone"], edited["name"], edited["email"]), (2, "", "Nord", "n@example.org"))
        self.refused(server.request("PATCH", f"/v1/companies/{north}", {"revision": 1, "name": "South"}), 409, "revision 2")
        self.assertEqual(server.get(f"/v1/companies/{north}").json["name"], "Nord", "nothing is lost")

        self.refused(server.request("DELETE", f"/v1/companies/{north}"), 409, "1 subsidiary")
        server.create("spring", 5, companyId=east)
        _, token = self.member(server, "a@example.org", east, "support")
        server.create("summer", 3, companyId=north)
        for company, who, total in ((north, "", 8), (east, "", 5), (1, "", 8), (99, "", 0), (east, token, 5), (north, token, 5),
                                    (self.company(server, "South"), token, 0)):
            listed = self.ok(server.get(f"/v1/devices?company={company}&limit=4", token=who))
            self.assertEqual((listed["total"], len(listed["items"])), (total, min(total, 4)), (company, who))
        self.assertEqual({d["companyId"] for d in server.get(f"/v1/devices?company={east}&status=new").json["items"]}, {east})
        self.refused(server.get("/v1/devices?company=x"), 400)
        self.refused(server.request("DELETE", f"/v1/companies/{east}"), 409, "5 devices, 1 batch, 1 participant")
        west = self.company(server, "West", north)
        self.assertEqual(server.request("DELETE", f"/v1/companies/{west}").status, 204)
        self.assertEqual(server.get(f"/v1/companies/{west}").status, 404)

    def test_bad_input(self):
        server = self.start()
        north = self.company(server, "North")
        east = self.company(server, "East", north)
        table = [
            ({"name": "x"}, 400), ({"alias": "x1"}, 400), ({"name": "x", "alias": "X1"}, 400), ({"name": "x", "alias": "-x"}, 400),
            ({"name": "x", "alias": "north"}, 409), ({"name": " x", "alias": "x1"}, 400), ({"name": "x\ny", "alias": "x1"}, 400),
            ({"name": "x" * 201, "alias": "x1"}, 400), ({"name": "x", "alias": "x1", "parentId": "77"}, 404),
            ({"name": "x", "alias": "x1", "parentId": 1}, 400), ({"name": "x", "alias": "x1", "email": "a@b\nBcc: c"}, 400),
            ({"name": "x", "alias": "x1", "boss": "me"}, 400), ({"name": 5, "alias": "x1"}, 400),
            ({"name": "x", "alias": "x1", "tags": "vip"}, 400), ({"name": "x", "alias": "x1", "tags": ["9"]}, 400),
            ({"name": "x", "alias": "x1", "comment": "x" * 1001}, 400), ([], 400),
        ]
        for body, status in table:
            self.refused(server.post("/v1/companies", body), status)
        self.assertEqual(server.get("/v1/companies").json["total"], 3, "nothing of it was made")

        edit = lambda id, **body: server.request("PATCH", f"/v1/companies/{id}", body)
        self.refused(edit(north, name="x"), 400, "revision")
        self.refused(edit(north, revision=1, parentId=east), 400, "below itself")
        self.refused(edit(north, revision=1, parentId=north), 400, "below itself")
        self.refused(edit("1", revision=1, parentId=east), 400, "root")
        self.refused(edit(north, revision=1, parentId=None), 400, "root")
        self.refused(edit("77", revision=1, name="x"), 404)
        self.refused(server.post("/v1/companies", b"{" + b'"name":' * 40000), 413)
        self.refused(server.post("/v1/companies", b'{"name":' + b"[" * 5000 + b"]" * 5000 + b"}"), 400)
        self.refused(server.request("DELETE", "/v1/companies/1"), 409, "root")

    def test_depth_has_an_end(self):
        server = self.start()
        parent = None
        for i in range(63):
            parent = self.company(server, f"level-{i}", parent)
        self.refused(server.post("/v1/companies", {"name": "x", "alias": "too-deep", "parentId": parent}), 413, "64 levels")


class Users(People):
    def test_invite_and_edit(self):
        server = self.start()
        north = self.company(server, "North")
        user = self.invite(server, "Anna@Example.org", north, "company-admin")
        self.assertEqual((user["email"], user["status"], user["name"]), ("anna@example.org", "invited", "Anna Test"))
        self.assertNotIn("invitation", self.ok(server.get(f"/v1/users/{user['id']}")), "the code is told once")
        self.refused(server.post("/v1/users", {"email": "ANNA@example.org"}), 409, "anna@example.org")
        for bad in ("", "anna", "a@b\nBcc: x@y", "a b@c", "@", None, 5):
            self.refused(server.post("/v1/users", {"email": bad}), 400)
        self.refused(server.post("/v1/users", {"email": "b@c", "roleId": "99"}), 404)

        token = self.accept(server, user["invitation"]["code"])
        session = self.ok(server.get("/v1/sessions/current", token=token))
        self.assertEqual((session["companyId"], session["role"]), (north, "Company Admin"))
        self.assertNotIn("create-ids", session["permissions"])
        self.assertEqual(server.get("/v1/users?search=anna", token=token).json["total"], 1)

        document = self.ok(server.get(f"/v1/users/{user['id']}"))
        edited = self.ok(server.request("PATCH", f"/v1/users/{user['id']}",
                                        {"revision": document["revision"], "lastName": "Žižka", "suspended": True}))
        self.assertTrue(edited["suspended"])
        self.assertEqual(server.get("/v1/sessions/current", token=token).status, 401, "at once")
        self.refused(server.post("/v1/sessions", {"user": "anna@example.org", "password": "a good password"}, token=None),
                     403, "suspended")
        for search in ("%C5%BDI%C5%BD", "NNA", "i%C5%BEka", "anna%20%C5%BE", "nNA@ex", "ANNA", "iZ"):
            self.assertEqual(server.get(f"/v1/users?search={search}").json["total"], int(search != "iZ"), f"any case: {search}")
        self.assertEqual(server.get("/v1/users?status=suspended").json["total"], 1)
        for query in ("sort=price", "status=purple", "limit=501", "offset=-1", "search=" + "a" * 201):
            self.refused(server.get("/v1/users?" + query), 400)

    def test_list_of_a_reach(self):
        """How a reach of many companies is looked through is another way than that of a few: both see the same."""
        server = self.start()
        wide = self.company(server, "Wide")
        subs = [self.company(server, f"Sub-{i}", wide) for i in range(100)]
        other = self.company(server, "Other")
        _, above = self.member(server, "above@example.org", wide, "company-admin")
        _, inside = self.member(server, "inside@example.org", subs[7], "company-admin")
        self.invite(server, "twice@example.org", subs[7], "support")
        twice = server.get("/v1/users?search=twice").json["items"][0]["id"]
        for company in (subs[8], other):
            self.ok(server.post("/v1/participations", {"userId": twice, "companyId": company,
                                                       "roleId": self.role(server, "support")}))
        self.invite(server, "none@example.org", subs[7])
        self.invite(server, "outside@example.org", other, "support")
        self.invite(server, "nowhere@example.org", other)

        def emails(token, query=""):
            document = self.ok(server.get("/v1/users?sort=email" + query, token=token))
            return document["total"], [user["email"].split("@")[0] for user in document["items"]]

        for token, names in ((above, ["above", "inside", "none", "twice"]), (inside, ["inside", "none", "twice"])):
            self.assertEqual(emails(token), (len(names), names))
            self.assertEqual(emails(token, "&offset=1&limit=1"), (len(names), names[1:2]))
            self.assertEqual(emails(token, "&offset=9"), (len(names), []), "past the end it is as many")
            self.assertEqual(emails(token, "&search=twi"), (1, ["twice"]))
            self.assertEqual(emails(token, "&search=example&offset=9"), (len(names), []))
            self.assertEqual(emails(token, "&search=outside"), (0, []))
        for token, n in ((above, 2), (inside, 1)):
            user = next(u for u in server.get("/v1/users", token=token).json["items"] if u["id"] == twice)
            self.assertEqual(len(user["participations"]), n, "not those elsewhere")

    def test_last_super_admin(self):
        server = self.start()
        admin = self.ok(server.get("/v1/users/1"))
        own = admin["participations"][0]["id"]
        revision = self.ok(server.get(f"/v1/participations/{own}"))["revision"]
        self.refused(server.request("DELETE", f"/v1/participations/{own}"), 409, "last Super Admin")
        self.refused(server.request("PATCH", f"/v1/participations/{own}",
                                    {"revision": revision, "roleId": self.role(server, "support")}), 409, "last Super Admin")
        self.refused(server.request("PATCH", f"/v1/participations/{own}",
                                    {"revision": revision, "lastDay": "2026-01-01"}), 409, "last Super Admin")
        self.refused(server.request("PATCH", "/v1/users/1", {"revision": admin["revision"], "suspended": True}), 409)
        self.refused(server.request("DELETE", "/v1/users/1"), 409)
        # an invited one does not count yet, an accepted one does
        second = self.invite(server, "b@example.org", "1", "super-admin")
        self.refused(server.request("DELETE", f"/v1/participations/{own}"), 409, "last Super Admin")
        self.accept(server, second["invitation"]["code"])
        reply = server.request("DELETE", f"/v1/participations/{own}")
        self.assertEqual(reply.status, 202, "there is another one now: he must agree")

    def test_participations_follow_the_clock(self):
        server = self.start()
        north = self.company(server, "North")
        user = self.invite(server, "s@example.org", north, "serviceman", lastDay="2020-01-01")
        token = self.accept(server, user["invitation"]["code"])
        session = self.ok(server.get("/v1/sessions/current", token=token))
        self.assertEqual((session["permissions"], session["participationId"]), ([], None))
        self.refused(server.get("/v1/devices", token=token), 403)
        own = self.ok(server.get(f"/v1/participations?user={user['id']}"))["items"][0]
        self.assertEqual((own["lastDay"], own["active"]), ("2020-01-01", False))
        self.ok(server.request("PATCH", f"/v1/participations/{own['id']}", {"revision": own["revision"], "lastDay": None}))
        switched = self.ok(server.request("PUT", "/v1/sessions/current/participation", {"participationId": own["id"]}, token=token))
        self.assertIn("view-devices", switched["permissions"])
        self.assertEqual(server.get("/v1/devices", token=token).status, 200)
        with server.database("broker.db") as db:
            rows = db.execute("SELECT company_id FROM session WHERE id = ?", (switched["id"],)).fetchall()
            self.assertEqual(rows, [(int(north),)])
        # the end comes into force at once
        own = self.ok(server.get(f"/v1/participations/{own['id']}"))
        self.ok(server.request("PATCH", f"/v1/participations/{own['id']}", {"revision": own["revision"], "lastDay": "2020-01-01"}))
        self.refused(server.get("/v1/devices", token=token), 403)
        with server.database("broker.db") as db:
            company, expires = db.execute("SELECT company_id, expires_at_us FROM session WHERE id = ?", (switched["id"],)).fetchone()
            self.assertLess(expires, 1600000000000000)
        for bad in ({"firstDay": "2026-02-30"}, {"firstDay": "tomorrow"}, {"firstDay": 5}, {"firstDay": "2030-01-01", "lastDay": "2029-01-01"}):
            self.refused(server.request("PATCH", f"/v1/participations/{own['id']}", {"revision": own["revision"] + 1, **bad}), 400)

    def test_switching(self):
        server = self.start()
        north, south = self.company(server, "North"), self.company(server, "South")
        user, token = self.member(server, "a@example.org", north, "company-admin")
        second = self.ok(server.post("/v1/participations", {"userId": user["id"], "companyId": south,
                                                            "roleId": self.role(server, "support")}))
        self.refused(server.post("/v1/participations", {"userId": user["id"], "companyId": south,
                                                        "roleId": self.role(server, "support")}), 409, "already")
        session = self.ok(server.get("/v1/sessions/current", token=token))
        self.assertEqual(len(session["participations"]), 2)
        self.assertEqual(server.get(f"/v1/companies/{south}", token=token).status, 404)
        self.ok(server.request("PUT", "/v1/sessions/current/participation", {"participationId": second["id"]}, token=token))
        self.assertEqual(server.get(f"/v1/companies/{south}", token=token).status, 200)
        self.assertEqual(server.get(f"/v1/companies/{north}", token=token).status, 404)
        self.refused(server.post("/v1/companies", {"name": "x", "alias": "x1"}, token=token), 403)
        self.refused(server.request("PUT", "/v1/sessions/current/participation", {"participationId": "1"}, token=token), 404)


class Roles(People):
    def test_custom(self):
        server = self.start()
        north = self.company(server, "North")
        role = self.ok(server.post("/v1/roles", {"name": "Clerk", "permissions": ["manage-users", "view-devices"]}))
        self.assertEqual(role["permissions"], ["view-users", "manage-users", "view-devices"])
        self.refused(server.post("/v1/roles", {"name": "clerk", "permissions": []}), 409)
        self.refused(server.post("/v1/roles", {"name": "x", "permissions": ["fly"]}), 400, "fly")
        self.refused(server.post("/v1/roles", {"name": "x", "permissions": "view-users"}), 400)
        self.refused(server.request("PATCH", f"/v1/roles/{self.role(server, 'support')}", {"revision": 1, "name": "x"}), 403, "built in")
        user, token = self.member(server, "a@example.org", north, "Clerk")
        self.assertEqual(server.get("/v1/devices", token=token).status, 200)
        self.refused(server.request("DELETE", f"/v1/roles/{role['id']}"), 409, "1 participation has")

        preview = self.ok(server.request("PATCH", f"/v1/roles/{role['id']}?preview=true", {"revision": 1, "permissions": ["view-users"]}))
        self.assertEqual(preview["items"][0]["loses"], ["manage-users", "view-devices"])
        self.assertEqual(server.get("/v1/devices", token=token).status, 200, "nothing has changed")
        self.ok(server.request("PATCH", f"/v1/roles/{role['id']}", {"revision": 1, "permissions": ["view-users"]}))
        self.refused(server.get("/v1/devices", token=token), 403)

    def test_nobody_gives_what_he_has_not(self):
        server = self.start()
        north = self.company(server, "North")
        _, admin = self.member(server, "a@example.org", north, "company-admin")
        clerk = self.ok(server.post("/v1/roles", {"name": "Clerk", "permissions": ["manage-participations", "manage-users", "manage-roles"]}))
        clerk_user, token = self.member(server, "c@example.org", north, "Clerk")
        victim, _ = self.member(server, "v@example.org", north, "end-user")

        self.refused(server.post("/v1/roles", {"name": "x", "permissions": ["create-ids"]}, token=admin), 403, "create-ids")
        reply = server.post("/v1/participations", {"userId": victim["id"], "companyId": north,
                                                   "roleId": self.role(server, "super-admin")}, token=admin)
        self.assertEqual(reply.status, 202, "he may ask; a Super Admin decides")
        self.assertEqual(len(self.ok(server.get(f"/v1/users/{victim['id']}"))["participations"]), 1)
        self.refused(server.post("/v1/participations", {"userId": victim["id"], "companyId": north,
                                                        "roleId": self.role(server, "company-admin")}, token=token), 403)
        # nor makes himself the master of one who may more
        other = self.ok(server.get("/v1/users?search=a@example"))["items"][0]
        self.refused(server.request("PATCH", f"/v1/users/{other['id']}", {"revision": other["revision"], "email": "mine@example.org"},
                                    token=token), 403, "more than you")
        # editing himself up: his own role waits for somebody else
        own = self.ok(server.get(f"/v1/participations?user={clerk_user['id']}"))["items"][0]
        reply = server.request("PATCH", f"/v1/participations/{own['id']}", {"revision": own["revision"], "roleId": clerk["id"]}, token=token)
        self.assertEqual(reply.status, 200, "the same role is no change of rights")
        own = reply.json
        self.refused(server.request("PATCH", f"/v1/participations/{own['id']}",
                                    {"revision": own["revision"], "roleId": self.role(server, "company-admin")}, token=token), 403)


class Requests(People):
    def test_bodies_that_say_nothing(self):
        server = self.start()
        north = self.company(server, "North")
        _, admin = self.member(server, "a@example.org", north, "company-admin")
        others = [self.member(server, f"{name}@example.org", north, "support")[0]["id"] for name in "xy"]
        ask = lambda user: server.request("DELETE", f"/v1/users/{user}", token=admin).json["request"]["id"]

        request = ask(others[0])
        for body in (b"[]", b"{", b'{"reason":"x"}'):
            self.refused(server.post(f"/v1/requests/{request}/accept", body), 400)
        self.assertEqual(server.get(f"/v1/requests/{request}").json["state"], "pending")
        self.assertEqual(server.post(f"/v1/requests/{request}/accept", None).status, 204)
        self.refused(server.get(f"/v1/users/{others[0]}"), 404)

        request = ask(others[1])
        self.ok(server.post(f"/v1/requests/{request}/reject", None))
        self.assertEqual(server.get(f"/v1/requests/{request}").json["state"], "rejected")

    def test_asked_accepted_once(self):
        server = self.start()
        north = self.company(server, "North")
        _, admin = self.member(server, "a@example.org", north, "company-admin")
        victim, victim_token = self.member(server, "v@example.org", north, "support")
        own = self.ok(server.get(f"/v1/participations?user={victim['id']}"))["items"][0]

        reply = server.request("DELETE", f"/v1/participations/{own['id']}?revision={own['revision']}&comment=has%20left", token=admin)
        self.assertEqual(reply.status, 202, f"{reply}")
        request = reply.json["request"]
        self.assertEqual((request["kind"], request["action"], request["state"], request["mayDecide"]),
                         ("participation", "delete", "pending", False))
        self.assertEqual((request["comment"], request["before"]["userId"], request["after"]), ("has left", victim["id"], None))
        self.assertEqual(server.get("/v1/devices", token=victim_token).status, 200, "nothing has happened yet")
        self.refused(server.post(f"/v1/requests/{request['id']}/accept", {}, token=admin), 403)
        self.refused(server.post(f"/v1/requests/{request['id']}/accept", {}, token=victim_token), 403)

        listed = self.ok(server.get("/v1/requests?state=pending"))
        self.assertEqual((listed["nPending"], listed["items"][0]["mayDecide"]), (1, True))
        self.assertEqual(server.get("/v1/requests", token=admin).json["total"], 1, "his own he sees")
        self.assertEqual(server.get("/v1/requests", token=victim_token).json["total"], 0)

        # two at the same time: one of them does it
        statuses = []
        threads = [threading.Thread(target=lambda: statuses.append(server.post(f"/v1/requests/{request['id']}/accept", {}).status))
                   for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(statuses), [204] + [409] * 7)
        self.refused(server.get("/v1/devices", token=victim_token), 403)
        self.assertEqual(server.get(f"/v1/requests/{request['id']}").json["state"], "accepted")

    def test_rejected_and_withdrawn(self):
        server = self.start()
        north = self.company(server, "North")
        east = self.company(server, "East", north)
        _, admin = self.member(server, "a@example.org", east, "company-admin")
        _, above = self.member(server, "b@example.org", north, "company-admin")
        user, _ = self.member(server, "v@example.org", east, "support")

        ask = lambda: server.request("DELETE", f"/v1/users/{user['id']}", token=admin)
        request = ask().json["request"]
        self.ok(server.post(f"/v1/requests/{request['id']}/reject", {"reason": "he stays"}, token=above))
        document = self.ok(server.get(f"/v1/requests/{request['id']}", token=admin))
        self.assertEqual((document["state"], document["reason"], document["decidedBy"]), ("rejected", "he stays", "b@example.org"))
        self.refused(server.post(f"/v1/requests/{request['id']}/accept", {}, token=above), 409, "rejected already")

        request = ask().json["request"]
        self.refused(server.request("DELETE", f"/v1/requests/{request['id']}", token=above), 403)
        self.ok(server.request("DELETE", f"/v1/requests/{request['id']}", token=admin))
        self.refused(server.post(f"/v1/requests/{request['id']}/accept", {}, token=above), 409, "withdrawn already")
        self.assertEqual(server.get(f"/v1/users/{user['id']}").status, 200)
        # who stands above does it at once
        self.assertEqual(server.request("DELETE", f"/v1/users/{user['id']}", token=above).status, 204)
        self.refused(server.get("/v1/requests/99"), 404)
        self.refused(server.get("/v1/requests?state=lost"), 400)

    def test_a_request_expires(self):
        server = self.start()
        north = self.company(server, "North")
        _, admin = self.member(server, "a@example.org", north, "company-admin")
        user, _ = self.member(server, "v@example.org", north, "support")
        request = server.request("DELETE", f"/v1/users/{user['id']}", token=admin).json["request"]
        server.stop()
        with server.database() as db:
            db.execute("UPDATE request SET expires_at_us = 1")
        server.start()
        wait_for("it has expired", lambda: server.get(f"/v1/requests/{request['id']}").json["state"] == "expired")
        self.refused(server.post(f"/v1/requests/{request['id']}/accept", {}), 409, "expired already")
        self.assertEqual(server.get(f"/v1/users/{user['id']}").status, 200)

    def test_a_stale_request_does_nothing(self):
        server = self.start()
        north = self.company(server, "North")
        _, admin = self.member(server, "a@example.org", north, "company-admin")
        role = self.ok(server.post("/v1/roles", {"name": "Clerk", "permissions": ["view-users"]}, token=admin))
        reply = server.request("PATCH", f"/v1/roles/{role['id']}", {"revision": 1, "permissions": ["view-users", "view-devices"]}, token=admin)
        self.assertEqual(reply.status, 202)
        self.ok(server.request("PATCH", f"/v1/roles/{role['id']}", {"revision": 1, "name": "Scribe"}))
        self.refused(server.post(f"/v1/requests/{reply.json['request']['id']}/accept", {}), 409, "revision 2")
        self.assertEqual(server.get(f"/v1/roles/{role['id']}").json["permissions"], ["view-users"])
        self.assertEqual(server.get(f"/v1/requests/{reply.json['request']['id']}").json["state"], "pending", "still there to decide")

    def test_a_new_super_admin_takes_two(self):
        server = self.start()
        _, second = self.member(server, "b@example.org", "1", "super-admin")
        third = self.invite(server, "c@example.org", "1")
        reply = server.post("/v1/participations", {"userId": third["id"], "companyId": "1", "roleId": self.role(server, "super-admin")})
        self.assertEqual(reply.status, 202, "there are two already")
        request = reply.json["request"]
        self.refused(server.post(f"/v1/requests/{request['id']}/accept", {}), 403)
        self.ok(server.post(f"/v1/requests/{request['id']}/accept", {}, token=second))
        self.assertEqual(server.get(f"/v1/users/{third['id']}").json["participations"][0]["role"], "Super Admin")

    def test_a_device_id_is_deleted(self):
        server = self.start()
        north = self.company(server, "North")
        batch = server.create("spring", 3, companyId=north)
        _, admin = self.member(server, "a@example.org", north, "company-admin")
        ids = server.get(f"/v1/batches/{batch['id']}/ids").body.decode().split()
        reply = server.request("DELETE", f"/v1/devices/{ids[0]}?comment=broken", token=admin)
        self.assertEqual(reply.status, 202, f"{reply}")
        self.assertEqual(server.post(f"/v1/requests/{reply.json['request']['id']}/accept", {}).status, 204)
        self.assertEqual(server.get(f"/v1/devices/{ids[0]}").status, 404)
        self.assertEqual(server.get("/v1/devices").json["total"], 2)
        self.assertEqual(server.request("DELETE", f"/v1/devices/{ids[1].upper()}").status, 204)
        with server.database("broker.db") as db:
            self.assertEqual(db.execute("SELECT id FROM device").fetchall(), [(ids[2],)])
        server.stop()
        server.start()
        self.assertEqual(server.get("/v1/devices").json["total"], 1)
        self.assertEqual(server.get("/v1/overview").json["total"], 1)


class Overview(People):
    def test_companies_and_batches(self):
        server = self.start()
        north, south = self.company(server, "North"), self.company(server, "South")
        east = self.company(server, "East", north)
        for number in range(9):
            server.create(f"small {number}", 1)
        server.create("spring", 7, companyId=east)
        server.create("summer", 5, companyId=north)
        server.create("autumn", 8, companyId=south)
        document = server.get("/v1/overview").json
        self.assertEqual([(c["id"], c["name"], c["count"]) for c in document["byCompany"]],
                         [(north, "North", 12), (south, "South", 8), (east, "East", 7)])
        for company in document["byCompany"]:
            self.assertEqual(server.get(f"/v1/devices?company={company['id']}").json["total"], company["count"])
        self.assertEqual([b["count"] for b in document["byBatch"]], [8, 7, 5, 1, 1, 1, 1, 1])
        self.assertEqual(document["byBatch"][0]["name"], "autumn")
        self.assertEqual(server.get(f"/v1/devices?batch={document['byBatch'][1]['id']}").json["total"], 7)

        # who is in a company below sees what is below him
        _, token = self.member(server, "n@example.org", north, "support")
        seen = server.get("/v1/overview", token=token).json
        self.assertEqual([(c["name"], c["count"]) for c in seen["byCompany"]], [("East", 7)])
        self.assertEqual([b["name"] for b in seen["byBatch"]], ["spring", "summer"])

    def counted(self, server, token=""):
        """The trends when the newest count is there."""
        def look():
            document = self.ok(server.get("/v1/overview/trends", token=token))
            return document if document["days"][-1]["approved"] is not None and set(document["online"]["values"]) != {None} else None
        return wait_for("the fleet is counted", look)

    def test_trends(self):
        server = self.start()
        north = self.company(server, "North")
        server.create("here", 6)
        server.create("there", 5, companyId=north)
        _, token = self.member(server, "n@example.org", north, "support")
        self.counted(server)
        server.stop()

        day, step = 86_400_000_000, 300_000_000
        now = time.time_ns() // 1000
        earlier = now // step * step - 3 * step
        with server.database() as db:
            db.execute("DELETE FROM trend")
            db.execute("UPDATE device SET online = 1 WHERE serial <= 3")
            db.execute(f"UPDATE device SET first_seen_us = {now // day * day - 5 * day} WHERE serial = 1")
            db.execute(f"UPDATE device SET first_seen_us = {now // day * day}, approved_at_us = {now // day * day} WHERE serial = 2")
            # long ago is nobody's trend, nor what a wrong clock said
            db.execute(f"UPDATE device SET first_seen_us = {now - 40 * day} WHERE serial = 3")
            db.execute(f"UPDATE device SET first_seen_us = {now + 3 * day} WHERE serial = 4")
            # counted before: one time that is shown, and one that is kept no longer
            for at, company, n in ((earlier, 0, 7), (earlier, int(north), 4), (earlier - 400 * step, 0, 9)):
                db.execute(f"INSERT INTO trend (kind, company_id, at_us, n) VALUES (0, {company}, {at}, {n})")
        server.start()

        for who, online, before, per_day in (("", 6, 7, 2), (token, 3, 4, 1)):
            document = self.counted(server, who)
            values = document["online"]["values"]
            self.assertEqual(document["online"]["step"], step)
            self.assertEqual(values[(earlier - document["online"]["from"]) // step], before)
            counted = [value for value in values if value is not None]
            self.assertEqual((counted[0], set(counted[1:])), (before, {online}))
            days = {item["from"] // day: item for item in document["days"]}
            self.assertEqual(len(days), 30)
            today = now // day
            self.assertEqual((days[today]["arrived"], days[today]["approved"]), (per_day, per_day))
            self.assertEqual((days[today - 5]["arrived"], days[today - 5]["approved"]), (per_day, 0))
            self.assertEqual(sum(item["arrived"] for item in document["days"] if item["from"] // day <= today), 2 * per_day)
        with server.database() as db:
            old = db.execute(f"SELECT n FROM trend WHERE at_us < {now - 2 * day} AND kind = 0").fetchall()
            self.assertEqual(len(old), 0)

        # a day that is over stays as it was counted, wherever its devices are now; today's is counted anew
        with server.database() as db:
            db.execute("UPDATE device SET first_seen_us = 0")
        server.stop()
        server.start()
        document = wait_for("today is counted anew", lambda: (
            lambda trends: trends if trends["days"][-1]["arrived"] == 0 else None)(server.get("/v1/overview/trends").json))
        self.assertEqual({item["from"] // day: item["arrived"] for item in document["days"]}[now // day - 5], 2)


class Effects(People):
    def test_a_company_moves(self):
        server = self.start()
        north, south = self.company(server, "North"), self.company(server, "South")
        east = self.company(server, "East", north)
        server.create("spring", 7, companyId=east)
        self.member(server, "n@example.org", north, "support")
        self.member(server, "s@example.org", south, "serviceman")
        self.member(server, "e@example.org", east, "support")
        preview = self.ok(server.request("PATCH", f"/v1/companies/{east}?preview=true", {"revision": 1, "parentId": south}))
        items = {item["company"]: item for item in preview["items"]}
        self.assertEqual(set(items), {"North", "South"})
        self.assertIn("view-devices", items["North"]["loses"])
        self.assertEqual(items["South"]["gains"], ["view-devices", "service-devices", "control-devices"])
        self.assertEqual((items["South"]["nCompanies"], items["South"]["nDevices"], items["South"]["objects"]), (1, 7, ["East"]))
        self.assertEqual(server.get(f"/v1/companies/{east}").json["parentId"], north)

    def test_a_participation(self):
        server = self.start()
        north = self.company(server, "North")
        user = self.invite(server, "n@example.org", north)
        wish = {"userId": user["id"], "companyId": north, "roleId": self.role(server, "support")}
        preview = self.ok(server.post("/v1/participations?preview=true", wish))
        self.assertEqual((preview["nUsers"], preview["items"][0]["loses"], preview["parked"]), (1, [], False))
        self.assertIn("control-devices", preview["items"][0]["gains"])
        self.assertEqual(server.get("/v1/participations").json["total"], 1, "only the admin's own")


class Matrix(People):
    """Every route for every role, on objects of one's own company, below, above and beside it."""

    ROLES = ("super-admin", "company-admin", "support", "serviceman", "end-user")
    PLACES = ("own", "below", "above", "sibling")

    def build(self, server):
        above = self.company(server, "above")
        own = self.company(server, "own", above)
        companies = {"above": above, "own": own, "below": self.company(server, "below", own), "sibling": self.company(server, "sibling", above)}
        tokens = {"super-admin": server.token}
        for role in self.ROLES[1:]:
            tokens[role] = self.member(server, f"{role}@example.org", own, role)[1]
        custom = self.ok(server.post("/v1/roles", {"name": "Custom", "permissions": []}))
        objects = {}
        for place, company in companies.items():
            user = self.invite(server, f"someone@{place}.example.org", company, "end-user")
            batch = server.create(f"batch-{place}", 2, companyId=company)
            device = server.get(f"/v1/batches/{batch['id']}/ids").body.decode().split()[0]
            objects[place] = {"companies": company, "users": user["id"], "participations": user["participations"][0]["id"],
                              "batches": batch["id"], "devices": device, "roles": custom["id"]}
            design = self.ok(server.post("/v1/label-designs", {"name": place, "companyId": company, "design": {"format": 1}}), 201)
            objects[place]["label-designs"] = design["id"]
            rule = self.ok(server.post("/v1/rules", {"name": place, "companyId": company, "action": "leave"}), 201)
            objects[place]["rules"] = rule["id"]
            view = self.ok(server.post("/v1/views", {"name": place, "companyId": company, "document": {}}), 201)
            objects[place]["views"] = view["id"]
            boss = self.member(server, f"boss@{place}.example.org", company, "company-admin")[1]
            # it changes nothing
            job = self.ok(server.post("/v1/bulk", {"action": "unblock", "ids": [device]}, token=boss), 201)
            wait_for("the job has ended", lambda: server.get(f"/v1/bulk/{job['id']}").json["state"] == "done")
            objects[place]["bulk"] = job["id"]
        return companies, tokens, objects

    def bodies(self, server, companies, objects, place):
        """What to send to a route so that only the rights decide; what is not here goes with {}."""
        company = companies[place]
        end_user = self.role(server, "end-user")
        return {
            "POST /v1/companies": {"name": "x", "alias": "x-1", "parentId": company},
            "POST /v1/users": {"email": "new@example.org", "companyId": company},
            "POST /v1/participations": {"userId": objects["own"]["users"], "companyId": company, "roleId": self.role(server, "Custom")},
            "POST /v1/roles": {"name": "Another", "permissions": []},
            "POST /v1/tags": {"name": "x", "companyIds": [company]},
            "PATCH /v1/companies/{id}": {"revision": 1, "phone": "1"},
            "PATCH /v1/users/{id}": {"revision": self.ok(server.get(f"/v1/users/{objects[place]['users']}"))["revision"], "lastName": "x"},
            "PATCH /v1/participations/{id}": {"revision": 1, "roleId": end_user},
            "PATCH /v1/roles/{id}": {"revision": 1, "name": "Custom"},
            "POST /v1/label-designs": {"name": "x", "companyId": company, "design": {"format": 1}},
            "PATCH /v1/label-designs/{id}": {"revision": 1, "name": "x"},
            "POST /v1/rules": {"name": "x", "companyId": company, "action": "leave"},
            "PATCH /v1/rules/{id}": {"revision": 1, "name": "x"},
            "POST /v1/devices/{id}/pair": {"user": f"someone@{place}.example.org"},
            "POST /v1/devices/{id}/rotate-key": {"graceSeconds": 0},
            "PATCH /v1/devices/{id}": {"factsRevision": 1},
            "PUT /v1/devices/{id}/desired": {"node": "a", "property": "b", "value": "c"},
            "POST /v1/views": {"name": "x", "companyId": company, "document": {}},
            "PATCH /v1/views/{id}": {"revision": 1, "name": "x"},
            "POST /v1/batches": {"name": "", "count": 0, "companyId": company},
            "POST /v1/devices/actions": {"action": "block", "ids": []},
            "POST /v1/devices/{id}/set": {"node": "a", "property": "b", "value": "c"},
            "POST /v1/batches/{id}/labelled": {"first": 1, "count": 1},
            "POST /v1/batches/{id}/flashed": {"ids": []},
        }

    # A route with an {id} of one of these kinds is asked about an object of each place.
    KINDS = ("companies", "users", "participations", "batches", "devices", "label-designs", "rules", "bulk", "views")
    # The object is the person's own, or everybody's, or answers differ only by permission.
    PLACELESS = {"roles", "tags", "sessions", "requests", "commands", "pairings"}
    # Companies named in the body that are out of reach: refused as not there.
    CREATING = {"POST /v1/companies", "POST /v1/users", "POST /v1/participations", "POST /v1/tags", "POST /v1/label-designs", "POST /v1/rules",
                "POST /v1/views"}

    def expected(self, route, permission, kind, place, role, bits):
        if permission & ~bits:
            return {403}
        if "/v1/history/retention" in route and role != "super-admin":
            # decided in the main company
            return {403}
        in_reach = role == "super-admin" or place in ("own", "below")
        if kind in ("label-designs", "views") and place == "above" and not in_reach:
            # there to be used
            return None if route.startswith("GET") else {403}
        if (kind in self.KINDS or route in self.CREATING) and not in_reach:
            return {404}
        if "/v1/views" in route and not route.startswith("GET") and not bits & self.manage_devices:
            # one that is shared
            return {403}
        return None

    def test_matrix(self):
        server = self.start()
        companies, tokens, objects = self.build(server)
        permissions = [p["id"] for p in server.get("/v1/permissions").json["items"]]
        self.manage_devices = 1 << permissions.index("manage-devices")
        n = 0
        for role, token in tokens.items():
            granted = self.ok(server.get("/v1/sessions/current", token=token))["permissions"]
            bits = sum(1 << permissions.index(p) for p in granted)
            for place in self.PLACES:
                bodies = self.bodies(server, companies, objects, place)
                for method, path, flags, permission, body_max in routes():
                    route = f"{method} {path}"
                    kind = path.split("/")[2]
                    if flags & (PUBLIC | FIRST) or (kind in self.PLACELESS and "{id}" in path and kind != "roles") \
                            or "/users/me" in path:
                        continue
                    known = objects[place].get(kind)
                    concrete = path.replace("{id}", known or "1")
                    body = bodies.get(route, {}) if body_max else None
                    reply = server.request(method, concrete + "?preview=true", body, token=token)
                    expected = self.expected(route, permission, kind if "{id}" in path else "", place, role, bits)
                    if expected is None:
                        self.assertNotIn(reply.status, (401, 403, 404, 500), f"{role} {place} {route}: {reply}")
                    else:
                        self.assertIn(reply.status, expected, f"{role} {place} {route}: {reply}")
                    n += 1
        self.assertGreater(n, 600)
        # nothing was changed by all of it
        self.assertEqual(server.get("/v1/companies").json["total"], 5)


class Property(People):
    """Random trees and participations against a slow reference."""

    def test_reach(self):
        chance = random.Random(20261125)
        server = self.start()
        parents = {"1": None}
        for i in range(25):
            parent = chance.choice(list(parents))
            parents[self.company(server, f"c-{i}", parent)] = parent
        members = {}
        for i in range(8):
            company = chance.choice(list(parents))
            role = chance.choice(("company-admin", "support", "serviceman", "end-user"))
            members[f"m{i}@example.org"] = (company, role, self.member(server, f"m{i}@example.org", company, role)[1])

        def reaches(top, company):
            while company is not None:
                if company == top:
                    return True
                company = parents[company]
            return False

        for _ in range(4):
            for company, role, token in members.values():
                may = role in ("company-admin", "support")
                seen = {c["id"] for c in server.get("/v1/companies", token=token).json.get("items", [])}
                self.assertEqual(seen, {c for c in parents if reaches(company, c)} if may else set())
                for other in chance.sample(list(parents), 8):
                    status = server.get(f"/v1/companies/{other}", token=token).status
                    self.assertEqual(status, 403 if not may else 200 if reaches(company, other) else 404)
            # a subtree moves
            movable = [c for c in parents if c != "1"]
            moved = chance.choice(movable)
            target = chance.choice([c for c in parents if not reaches(moved, c)])
            revision = server.get(f"/v1/companies/{moved}").json["revision"]
            self.ok(server.request("PATCH", f"/v1/companies/{moved}", {"revision": revision, "parentId": target}))
            parents[moved] = target


if __name__ == "__main__":
    backend.main()
