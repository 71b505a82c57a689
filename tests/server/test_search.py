#!/usr/bin/python3
"""One search over devices, batches, companies and users: what it finds, in which order, and for whom.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import urllib.parse

import backend
from people import People
from test_handover import CSV, make_ids


class Search(People):
    def find(self, server, text, token="", **rest):
        return self.ok(server.get("/v1/search?" + urllib.parse.urlencode({"q": text, **rest}), token=token))

    def found(self, server, text, group="devices", member="machineId", **rest):
        return [item[member] for item in self.find(server, text, **rest)[group]["items"]]

    def fill(self, server, rows, company=None, name="old"):
        """@rows: (id, abbreviation, license, machine id)"""
        text = "device_id;abbreviation;license;machine_id\n" + "".join(";".join(row) + "\n" for row in rows)
        query = {"name": name, **({"companyId": company} if company else {})}
        reply = server.post(f"/v1/batches/import?{urllib.parse.urlencode(query)}", text.encode(), headers=CSV)
        self.assertEqual(reply.status, 201, reply)
        return server.wait_ready(reply.json["batch"]["id"])

    def test_what_it_finds(self):
        server = self.start()
        ids = ["pump-0001-aaaa-9z8y", "abcd-1234-abcd-1234", "abcd-9999-pump-0000", "zzzz-zzzz-zzzz-zzzz"]
        self.fill(server, [(ids[0], "LMP", "", "one"), (ids[1], "Pump", "north 100%", "two"),
                           (ids[2], "Насос", "", "three"), (ids[3], "big pump", "north_side", "four")], name="Pumps of 2025")
        self.ok(server.post("/v1/companies", {"name": "Pump & Sons", "alias": "pumps"}))
        self.invite(server, "pumpkin@example.org", "1")

        # an id's beginning, then a name's, then a word anywhere, then an id's middle
        self.assertEqual(self.found(server, "PUMP"), ["one", "two", "four", "three"])
        self.assertEqual(self.found(server, "pump", "batches", "name"), ["Pumps of 2025"])
        self.assertEqual(self.found(server, "pump", "companies", "name"), ["Pump & Sons"])
        self.assertEqual(self.found(server, "pump", "users", "email"), ["pumpkin@example.org"])

        self.assertEqual(self.found(server, " Abcd1234ABCD-1234 "), ["two"], "a whole id is that device alone")
        self.assertEqual(self.found(server, "abcd-12"), ["two"])
        self.assertEqual(self.found(server, "9z8y"), ["one"], "the end of a label")
        self.assertEqual(self.found(server, "НАСОС"), ["three"])
        self.assertEqual(self.found(server, "north pump"), ["four", "two"], "all words, in any order")
        self.assertEqual(self.found(server, "100%"), ["two"])
        self.assertEqual(self.found(server, "h_s"), ["four"])
        self.assertEqual(self.found(server, "nothing like it"), [])

        few = self.find(server, "pump", limit=2)["devices"]
        self.assertEqual((few["total"], [d["machineId"] for d in few["items"]]), (None, ["one", "two"]))
        self.assertEqual(self.find(server, "pump")["devices"]["total"], 4)

    def test_a_fact_that_was_edited(self):
        server = self.start()
        id = make_ids(1)[0]
        self.fill(server, [(id, "lamp", "", "m1")])
        device = self.ok(server.get(f"/v1/devices/{id}"))
        self.ok(server.request("PATCH", f"/v1/devices/{id}", {"factsRevision": device["factsRevision"], "machineId": "Gärtnerei"}))
        self.assertEqual(self.found(server, "gärtn"), ["Gärtnerei"])
        self.assertEqual(self.found(server, "m1"), [])

    def test_bad_input(self):
        server = self.start()
        for query, words in (("", "“q” is empty"), ("q=%20%09", "“q” is empty"), ("q=" + "a" * 201, "200 bytes"),
                             ("q=a&limit=0", "between 1 and 50"), ("q=a&limit=51", "between 1 and 50"), ("q=a&limit=x", "limit")):
            self.refused(server.get("/v1/search?" + query), 400, words)

    def test_every_device_that_holds_the_word(self):
        server = self.start()
        ids = make_ids(600)
        rows = [(id, f"n{i}", f"word{i % 60}", f"m{i}") for i, id in enumerate(ids)]
        self.fill(server, rows)
        for word in ("word7", "m59", "n1", "d5"):
            expected = {id for id, *texts in rows if any(word in text for text in texts)}
            listed = self.find(server, word, limit=50)["devices"]
            got = {device["id"] for device in listed["items"]}
            self.assertEqual(len(got), len(listed["items"]), "none is there twice")
            self.assertEqual(listed["total"], len(expected) if len(expected) <= 50 else None)
            self.assertLessEqual(got, expected)
            self.assertEqual(len(got), min(50, len(expected)))

    def test_reach_and_rights(self):
        server = self.start()
        north, south = self.company(server, "North"), self.company(server, "South")
        a, b = make_ids(2)
        self.fill(server, [(a, "lamp", "", "north's")], north, "lamps of north")
        self.fill(server, [(b, "lamp", "", "south's")], south, "lamps of south")
        _, admin = self.member(server, "lamp-admin@example.org", north, "company-admin")
        _, user = self.member(server, "lamp-user@example.org", north, "end-user")
        self.invite(server, "lamp-south@example.org", south, "end-user")

        self.assertEqual(self.found(server, "lamp", token=admin), ["north's"])
        self.assertEqual(self.found(server, b, token=admin), [])
        self.assertEqual(self.found(server, b[-4:], token=admin), [])
        self.assertEqual(self.found(server, "lamps", "batches", "name", token=admin), ["lamps of north"])
        self.assertEqual(sorted(self.found(server, "lamp", "users", "email", token=admin)),
                         ["lamp-admin@example.org", "lamp-user@example.org"])
        self.assertEqual(self.found(server, "south", "companies", "name", token=admin), [])
        self.assertNotIn("users", self.find(server, "lamp", token=user), "what a role does not show")
        self.assertEqual(server.get("/v1/search?q=lamp", token=None).status, 401)


if __name__ == "__main__":
    backend.main()
