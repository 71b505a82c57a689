#!/usr/bin/python3
"""Label designs: kept by company, used by the companies below, refused where they could not be printed.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import base64

import backend
from people import People

QR = {"kind": "qr", "x": 0, "y": 0, "width": 20, "height": 20}
ID = {"kind": "id", "x": 21, "y": 0, "width": 30, "height": 5}


def design(*fields, **rest):
    return {"format": 1, **rest, "fields": list(fields)}


class Designs(People):
    def create(self, server, name, company=None, token="", **rest):
        body = {"name": name, "design": design(QR, ID), **rest}
        if company:
            body["companyId"] = company
        return self.ok(server.post("/v1/label-designs", body, token=token), 201)

    def test_keep_edit_delete(self):
        server = self.start()
        logo = base64.b64encode(b"\x89PNG" + bytes(200_000)).decode()
        field = {"kind": "logo", "x": 21, "y": 6, "width": 10, "height": 5, "logo": logo}
        made = self.ok(server.post("/v1/label-designs", {"name": "Small", "design": design(QR, ID, field, link="https://x.org/{id}")}), 201)
        path = f"/v1/label-designs/{made['id']}"
        self.assertEqual(made["design"]["fields"][2]["logo"], logo)
        self.assertEqual(self.ok(server.get(path)), made)

        listed = self.ok(server.get("/v1/label-designs"))
        self.assertEqual((listed["total"], listed["items"][0]["name"]), (1, "Small"))
        self.assertNotIn("design", listed["items"][0])

        edit = lambda **body: server.request("PATCH", path, body)
        self.refused(edit(name="Tiny"), 400, "revision")
        edited = self.ok(edit(revision=1, name="Tiny"))
        self.assertEqual((edited["revision"], edited["name"], edited["design"]), (2, "Tiny", made["design"]))
        self.refused(edit(revision=1, name="Other"), 409, "somebody else has changed this label design")

        entries = self.ok(server.get("/v1/audit?kind=label-design"))["items"]
        self.assertEqual([e["action"] for e in entries], ["edit", "create"])
        self.assertLess(len(str(entries)), 3000, "a logo is not copied into the log")
        self.assertEqual(entries[0]["before"]["designSha256"], entries[0]["after"]["designSha256"])

        self.ok(server.request("DELETE", path), 204)
        self.refused(server.get(path), 404)

    def test_bad_input(self):
        server = self.start()
        self.create(server, "Taken")
        table = [
            ({"design": design(QR)}, 400, "needs a name"), ({"name": "x"}, 400, "needs a “design”"),
            ({"name": "x", "design": "x"}, 400, "an object"), ({"name": "x", "design": {}}, 400, "format"),
            ({"name": "x", "design": design(QR, {**ID, "x": 10})}, 400, "quiet zone"),
            ({"name": "x", "design": design(ID)}, 400, "one field “qr”"),
            ({"name": "x", "design": design(QR, colour=1)}, 400, "no member “colour”"),
            ({"name": "x", "design": design(QR, link="javascript:{id}")}, 400, "https://"),
            ({"name": "x", "design": design(*[QR] * 33)}, 400, "at most 32 fields"),
            ({"name": "taken", "design": design(QR)}, 409, "already"),
            ({"name": "x", "design": design(QR), "companyId": "77"}, 404, "company 77"),
            ({"name": "x", "design": design(QR, {"kind": "logo", "x": 21, "y": 0, "width": 9, "height": 9,
                                                 "logo": base64.b64encode(bytes(270_000)).decode()})}, 400, "256 KiB"),
            ({"name": "x", "design": design(QR, {"kind": "logo", "x": 21, "y": 0, "width": 9, "height": 9,
                                                 "logo": "A" * 600_000})}, 413, ""),
        ]
        for body, status, words in table:
            self.refused(server.post("/v1/label-designs", body), status, words)
        self.assertEqual(server.get("/v1/label-designs").json["total"], 1, "nothing of it was kept")

    def test_a_company_has_so_many(self):
        server = self.start()
        for i in range(100):
            self.create(server, f"design {i}")
        self.refused(server.post("/v1/label-designs", {"name": "one more", "design": design(QR)}), 429, "at most 100")

    def test_reach(self):
        server = self.start()
        north = self.company(server, "North")
        east = self.company(server, "East", north)
        south = self.company(server, "South")
        made = {name: self.create(server, name, company)["id"]
                for name, company in (("main", None), ("north", north), ("east", east), ("south", south))}
        _, token = self.member(server, "admin@example.org", north, "company-admin")

        seen = [d["name"] for d in self.ok(server.get("/v1/label-designs", token=token))["items"]]
        self.assertEqual(seen, ["east", "main", "north"])
        self.assertEqual(self.ok(server.get(f"/v1/label-designs/{made['main']}", token=token))["design"]["format"], 1)
        self.refused(server.get(f"/v1/label-designs/{made['south']}", token=token), 404)
        self.refused(server.request("DELETE", f"/v1/label-designs/{made['main']}", token=token), 403, "save a copy")
        self.refused(server.request("DELETE", f"/v1/label-designs/{made['south']}", token=token), 404)
        self.ok(server.request("DELETE", f"/v1/label-designs/{made['east']}", token=token), 204)

        # two companies may call theirs the same, and a company takes its own along
        again = self.create(server, "north", south)
        self.ok(server.request("DELETE", f"/v1/companies/{south}"), 204)
        self.refused(server.get(f"/v1/label-designs/{again['id']}"), 404)


if __name__ == "__main__":
    backend.main()
