#!/usr/bin/python3
"""What goes to the manufacturer and comes back: facts of labels, confirmation, import, and how far a batch is.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import hashlib
import io
import random

import backend
from backend import wait_for
from people import People

CSV = {"Content-Type": "text/csv"}
GOOD_KEY = "0123456789abcdef0123456789abcdef"
STAGES = ["created", "labelled", "flashed", "seen", "approved", "paired"]
BIG = 60000


def key_hash(text):
    return hashlib.blake2b(text.encode(), digest_size=32).digest()


def make_ids(n, seed=1):
    letters = "0123456789abcdefghijklmnopqrstuvwxyz"
    source = random.Random(seed)
    return ["-".join("".join(source.choices(letters, k=4)) for _ in range(4)) for _ in range(n)]


def table(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


class Imports(People):
    def send(self, server, text, query="name=old", token=""):
        body = text if isinstance(text, bytes) else text.encode()
        return server.post(f"/v1/batches/import?{query}", body, headers=CSV, token=token)

    def imported(self, server, text, query="name=old"):
        reply = self.send(server, text, query)
        self.assertEqual(reply.status, 201, reply)
        return reply.json, server.wait_ready(reply.json["batch"]["id"])

    def hand_over(self, server, batch):
        return table(server.get(f"/v1/batches/{batch}/hand-over.csv").body.decode())

    def test_all_columns(self):
        server = self.start()
        a, b, c = make_ids(3)
        report, batch = self.imported(server, (
            "\ufeffDevice ID;device_key;Type;abbreviation;license;machine_id;colour\r\n"
            f"{a.upper().replace('-', '')};{GOOD_KEY};release;LMP;\"MIT; see \"\"LICENSE\"\"\";aa:bb:cc\r\n"
            "\r\n"
            f" {b} ;;testing;;;\r\n"
            ";;;;;\r\n"
            f"{c}"), "name=old&color=%23112233&info=from%20before")
        self.assertEqual((report["nRows"], report["nGood"], report["nBad"], report["nOwnKeys"]), (3, 3, 0, 1))
        self.assertEqual((report["ignored"], report["problems"]), (["colour"], []))
        self.assertEqual((batch["name"], batch["count"], batch["color"], batch["info"], batch["handedOverAt"]),
                         ("old", 3, "#112233", "from before", 0))
        device = server.get(f"/v1/devices/{a}").json
        self.assertEqual([device[name] for name in ("serial", "type", "abbreviation", "license", "machineId", "status")],
                         [1, "release", "LMP", 'MIT; see "LICENSE"', "aa:bb:cc", "new"])
        self.assertEqual(server.get("/v1/devices?sort=serial").json["items"][1]["type"], "testing")
        rows = self.hand_over(server, batch["id"])
        self.assertEqual([row["device_id"] for row in rows], [a, b, c])
        self.assertEqual(rows[0]["device_key"], "", "its own key nobody here knows")
        self.assertEqual([rows[0]["license"], rows[1]["type"], rows[2]["type"]], ['MIT; see "LICENSE"', "testing", ""])
        with server.database("broker.db") as db:
            told = dict(db.execute("SELECT id, key_hash FROM device"))
        self.assertEqual(told, {a: key_hash(GOOD_KEY), b: key_hash(rows[1]["device_key"]), c: key_hash(rows[2]["device_key"])})
        entry = server.get("/v1/audit?kind=batch").json["items"][0]
        self.assertEqual((entry["action"], entry["object"], entry["after"]["count"]), ("import", "old", 3))
        facts = table(server.get(f"/v1/batches/{batch['id']}/label-facts?first=1&count=2").body.decode())
        self.assertEqual([list(row.values()) for row in facts],
                         [["1", a, "", "release", "LMP", 'MIT; see "LICENSE"', "aa:bb:cc", "Main Company", ""],
                          ["2", b, "", "testing", "", "", "", "Main Company", ""]])

    def test_ways_to_write_it(self):
        server = self.start()
        for i, (start, separator, end, quote) in enumerate(
                [("", ",", "\n", ""), ("\ufeff", ";", "\r\n", '"'), ("", "\t", "\r", ""), ("\r\n\n", ",", "\r\n", '"')]):
            a, b = make_ids(2, seed=10 + i)
            text = start + "".join(separator.join(quote + field + quote for field in row) + end
                                   for row in (("license", "device_id"), ("x", a), ("", b)))
            _, batch = self.imported(server, text, f"name=way{i}")
            self.assertEqual([row["device_id"] for row in self.hand_over(server, batch["id"])], [a, b])
            self.assertEqual([row["license"] for row in self.hand_over(server, batch["id"])], ["x", ""])
        for i, text in enumerate(["{}\n{}\n", "\ufeff{}\r\n\r\n{}", "{},\n{},\n"]):
            a, b = make_ids(2, seed=20 + i)
            _, batch = self.imported(server, text.format(a, b), f"name=bare{i}")
            self.assertEqual([row["device_id"] for row in self.hand_over(server, batch["id"])], [a, b])

    def test_bad_rows(self):
        server = self.start()
        taken = server.create("first", 1)
        taken_id = server.get(f"/v1/batches/{taken['id']}/ids").body.decode().strip()
        ids = make_ids(12)
        rows = [("device_id", "device_key", "type", "abbreviation", "machine_id"),
                (ids[0], "", "", "", ""),                               # 2
                ("nonsense", "", "", "", ""),                           # 3
                (ids[0].upper(), "", "", "", ""),                       # 4
                (taken_id, "", "", "", ""),                             # 5
                (ids[1], "password", "", "", ""),                       # 6
                (ids[2], "a" * 40, "", "", ""),                         # 7
                (ids[3], "1234567890" * 3, "", "", ""),                 # 8
                (ids[4], GOOD_KEY + " x", "", "", ""),                  # 9
                (ids[5], "", "prototype", "", ""),                      # 10
                (ids[6], "", "", "x" * 33, ""),                         # 11
                (ids[7], "", "", "", "a\tb"),                           # 12
                ("", "", "release", "", ""),                            # 13
                (ids[8], GOOD_KEY, "", "", "")]                         # 14
        out = io.StringIO(newline="")
        csv.writer(out).writerows(rows)
        text = out.getvalue().encode() + ids[9].encode() + b",,,\xff\xfe,\r\n" + ids[10].encode() + b"\r\n"
        want = [(3, "device_id", "bad-id"), (4, "device_id", "duplicate"), (5, "device_id", "exists"),
                (6, "device_key", "weak-key"), (7, "device_key", "weak-key"), (8, "device_key", "weak-key"),
                (9, "device_key", "bad-key"), (10, "type", "bad-type"), (11, "abbreviation", "too-long"),
                (12, "machine_id", "bad-text"), (13, "device_id", "no-id"), (15, None, "unreadable")]
        for query in ("name=x&dryRun=true", "name=x", "name=x&skipBad=true&dryRun=true"):
            reply = self.send(server, text, query)
            self.assertEqual(reply.status, 200, reply)
            report = reply.json
            self.assertEqual((report["batch"], report["nRows"], report["nGood"], report["nBad"]), (None, 15, 3, 12), query)
            self.assertEqual([(p["row"], p["column"], p["code"]) for p in report["problems"]], want)
            self.assertTrue(all(p["reason"] for p in report["problems"]))
            self.assertNotIn("password", reply.body.decode(), "a key is never said again")
        self.assertEqual(len(server.get("/v1/batches").json["items"]), 1)
        report, batch = self.imported(server, text, "name=x&skipBad=true")
        self.assertEqual((report["nBad"], batch["count"]), (12, 3))
        self.assertEqual(server.get(f"/v1/batches/{batch['id']}/ids").body.decode().split(), [ids[0], ids[8], ids[10]])
        self.assertEqual(self.send(server, text, "name=y&skipBad=true").json["nGood"], 0)

    def test_refused_as_a_whole(self):
        server = self.start()
        a = make_ids(1)[0]
        for text, query, words in (
                ("", "name=x", "empty"), ("\ufeff\r\n", "name=x", "empty"),
                ("serial,name\n1,2\n", "name=x", "device_id"),
                (f"{a},{GOOD_KEY}\n", "name=x", "device_id"),
                ("device_id\n" + a, "", "name"), (a, "name=%20x", "name"), (a, "name=x&color=red", "color"),
                ("device_id\n".encode("utf-16"), "name=x", "UTF-8"), (a, "name=x&company=nobody", "company")):
            reply = self.send(server, text, query)
            self.assertIn(reply.status, (400, 404), f"{text!r} {reply}")
            self.assertIn(words, reply.json["detail"])
        self.assertEqual(server.post("/v1/batches/import?name=x", {"ids": [a]}).status, 400)
        self.imported(server, a, "name=x")
        self.assertEqual(self.send(server, make_ids(1, 7)[0], "name=x").status, 409)
        north = self.company(server, "North")
        _, token = self.member(server, "ada@example.org", north, "company-admin")
        self.assertEqual(self.send(server, make_ids(1, 8)[0], "name=z", token=token).status, 403)

    def test_quotes(self):
        """Inches are no quotes; and one that begins a field and has no end, or another's, makes its own row bad and no other."""
        server = self.start()
        ids = make_ids(4)
        _, batch = self.imported(server, "device_id,license,type\n" + "".join(f'{id_},3.5" panel,release\n' for id_ in ids))
        self.assertEqual([(row["device_id"], row["license"], row["type"]) for row in self.hand_over(server, batch["id"])],
                         [(id_, '3.5" panel', "release") for id_ in ids])
        fresh = make_ids(4, 9)
        for last in ("d", '"d"'):
            text = f'device_id,license\n{fresh[0]},a\n{fresh[1]},"b\n{fresh[2]},c\n{fresh[3]},{last}\n'
            for query in ("name=x", "name=x&skipBad=true&dryRun=true"):
                report = self.send(server, text, query).json
                self.assertEqual((report["batch"], report["nRows"], report["nGood"]), (None, 4, 3), query)
                self.assertEqual([(p["row"], p["code"]) for p in report["problems"]], [(3, "unreadable")])
        report = self.send(server, f'device_id\n"{fresh[0]}', "name=x").json
        self.assertEqual((report["batch"], report["nGood"], report["problems"][0]["code"]), (None, 0, "unreadable"))
        self.refused(self.send(server, f'"device_id\n{fresh[0]}', "name=x"), 400, "begins in row 1 has no end")
        reply = server.post(f"/v1/batches/{batch['id']}/flashed", f'"{ids[1]}"\n"{fresh[1]}\n"{fresh[2]}\n'.encode(), headers=CSV)
        self.assertEqual((reply.json["nRows"], reply.json["nChanged"], [p["code"] for p in reply.json["problems"]]),
                         (3, 1, ["unreadable", "unreadable"]))
        self.assertEqual(len(server.get("/v1/batches").json["items"]), 1)
        self.assertEqual(list(server.get(f"/v1/batches/{batch['id']}/funnel").json.values())[2], 1)

    def test_uploads_at_once(self):
        server = self.start()
        size = 300 * 1024
        path = "/v1/batches/import?name=x&dryRun=true"
        _, other = self.member(server, "ada@example.org", "1", "super-admin")
        north = self.company(server, "North")
        _, third = self.member(server, "bob@example.org", north, "company-admin")
        flashed = f"/v1/batches/{server.create('north', 3, companyId=north)['id']}/flashed"

        def begin(token):
            link = server.connect()
            link.putrequest("POST", path)
            for name, value in (("Authorization", f"Bearer {token}"), ("Content-Length", str(size)), *CSV.items()):
                link.putheader(name, value)
            link.endheaders(b"x\n")
            self.addCleanup(link.close)
            # answered behind the head above, by the one thread that reads them all
            self.ok(server.get("/v1/status"))
            return link

        links = [begin(token) for token in (server.token, server.token)]
        long = b"nonsense\n" * (size // 9 + 1)
        self.refused(self.send(server, long, "name=y&dryRun=true"), 429, "2 of your long files")
        links += [begin(token) for token in (other, other)]
        self.refused(server.post(flashed, long, headers=CSV, token=third), 429, "4 long files are being sent")
        self.ok(server.post(flashed, b"nonsense\n", headers=CSV, token=third))
        links[0].send(b"x\n" * (size // 2 - 1))
        answer = links[0].getresponse()
        self.assertEqual((answer.status, answer.read() != b""), (200, True))
        self.ok(server.post(flashed, long, headers=CSV, token=third))
        for link in links[1:]:
            link.close()
        wait_for("those that were broken off count no more",
                 lambda: self.send(server, long, "name=y&dryRun=true").status == 200)

    def test_own_keys_only(self):
        server = self.start()
        ids = make_ids(2)
        _, batch = self.imported(server, f"device_id,device_key\n{ids[0]},{GOOD_KEY}\n{ids[1]},{GOOD_KEY[::-1]}\n")
        self.assertGreater(batch["handedOverAt"], 0, "there is nothing to hand over")
        self.assertEqual({row["device_key"] for row in self.hand_over(server, batch["id"])}, {""})
        with server.database() as db:
            self.assertEqual(db.execute("SELECT count(*) FROM batch WHERE secret IS NULL").fetchone()[0], 1)

    def test_kill_while_importing(self):
        server = self.start()
        server.create("kept", 500)
        ids = make_ids(BIG)
        text = "device_id,type\n" + "".join(f"{id_},release\n" for id_ in ids)
        for round_ in range(3):
            batch = self.send(server, text).json["batch"]
            wait_for("something of it is there",
                     lambda: server.get(f"/v1/batches/{batch['id']}").json["nDone"] >= 10000 * round_ or None)
            server.kill()
            server.start()
            self.assertEqual([item["name"] for item in server.get("/v1/batches").json["items"]], ["kept"])
            with server.database() as db:
                self.assertEqual(db.execute("SELECT count(*) FROM device").fetchone()[0], 500)
            with server.database("broker.db") as db:
                self.assertEqual(db.execute("SELECT count(*) FROM device").fetchone()[0], 500)
        _, batch = self.imported(server, text)
        self.assertEqual(server.get(f"/v1/batches/{batch['id']}/ids").body.decode().split(), ids)

    def test_two_at_once(self):
        """Both are looked at before either is written: one of them goes again, as a whole."""
        server = self.start()
        ids = make_ids(BIG)
        first = self.send(server, "\n".join(ids), "name=first").json["batch"]
        second = self.send(server, "\n".join(make_ids(10, 5) + ids[-1:]), "name=second")
        if second.status == 201:
            wait_for("one of them is gone", lambda: len(server.get("/v1/batches").json["items"]) == 1)
        else:
            self.assertEqual(second.json["problems"][0]["code"], "exists")
            server.wait_ready(first["id"])
        wait_for("it is whole", lambda: server.get("/v1/batches").json["items"][0]["state"] == "ready")
        self.assertIn(server.get("/v1/devices?limit=0").json["total"], (BIG, 11))

    def test_too_many(self):
        server = self.start()
        reply = self.send(server, b"aaaa-aaaa-aaaa-aaaa\n" * 1000001, "name=x&dryRun=true")
        self.assertEqual(reply.status, 413, reply)
        reply = self.send(server, b"aaaa-aaaa-aaaa-aaaa\n" * 20000, "name=x&dryRun=true")
        self.assertEqual((reply.json["nBad"], len(reply.json["problems"])), (19999, 10000), "the count goes on")


class Confirmations(People):
    def flash(self, server, batch, body, **rest):
        return server.post(f"/v1/batches/{batch}/flashed", body, **rest)

    def prepare(self):
        server = self.start()
        server.create("alpha", 20)
        server.create("beta", 5)
        ids = server.get("/v1/batches/1/ids").body.decode().split()
        other = server.get("/v1/batches/2/ids").body.decode().split()
        server.stop()
        with server.database() as db:
            for id_, status, before in ((ids[5], 3, None), (ids[6], 5, None), (ids[7], 6, 0), (ids[8], 7, None),
                                        (ids[9], 6, 4), (ids[10], 4, None)):
                db.execute("UPDATE device SET status = ?, status_before_block = ? WHERE id = ?", (status, before, id_))
        server.start()
        return server, ids, other

    def test_ids(self):
        server, ids, other = self.prepare()
        self.ok(server.post("/v1/batches/1/labelled", {"first": 1, "count": 2}))
        reply = self.flash(server, 1, {"ids": [ids[0], ids[1].upper().replace("-", ""), ids[2], ids[2], ids[5], ids[6],
                                              ids[7], ids[8], other[0], "aaaa-aaaa-aaaa-aaaa", "nonsense", ""]})
        self.assertEqual(reply.status, 200, reply)
        report = reply.json
        self.assertEqual((report["nRows"], report["nChanged"], report["nAlready"], report["nRefused"]), (12, 3, 3, 6))
        self.assertEqual([(p["row"], p["code"]) for p in report["problems"]],
                         [(7, "blocked"), (8, "retired"), (9, "foreign"), (10, "unknown"), (11, "bad-id"), (12, "no-id")])
        self.assertEqual([server.get(f"/v1/devices/{id_}").json["status"] for id_ in ids[:4] + other[:1]],
                         ["flashed", "flashed", "flashed", "new", "new"])
        entries = server.get("/v1/audit?action=flash").json
        self.assertEqual((entries["total"], entries["items"][0]["object"], entries["items"][0]["after"]), (1, "alpha", {"count": 12}))
        again = self.flash(server, 1, {"ids": ids[:1]}).json
        self.assertEqual((again["nChanged"], again["nAlready"], again["problems"]), (0, 1, []))
        for body in ({}, {"ids": "x"}, {"ids": [1]}, {"x": 1}):
            self.assertEqual(self.flash(server, 1, body).status, 400, body)
        self.assertEqual(self.flash(server, 1, {"ids": ["x"] * 10001}).status, 413)
        self.assertEqual(self.flash(server, 77, {"ids": ids}).status, 404)

    def test_a_table(self):
        server = self.start()
        batch = server.create("big", 12000)
        rows = table(server.get(f"/v1/batches/{batch['id']}/hand-over.csv").body.decode())
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, list(rows[0]), delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows[:11000])
        body = b"\xef\xbb\xbf" + out.getvalue().encode() + b"nonsense\r\n"
        reply = self.flash(server, batch["id"], body, headers=CSV)
        self.assertEqual(reply.status, 200, reply)
        report = reply.json
        self.assertEqual((report["nRows"], report["nChanged"], report["nAlready"], report["nRefused"]), (11001, 11000, 0, 1))
        self.assertEqual((report["problems"][0]["row"], report["problems"][0]["value"]), (11002, "nonsense"))
        self.assertEqual(server.get("/v1/devices?status=flashed&limit=0").json["total"], 11000)
        self.assertGreater(server.get(f"/v1/batches/{batch['id']}").json["revision"], batch["revision"])

    def test_who_may(self):
        server = self.start()
        north = self.company(server, "North")
        batch = server.create("north", 3, companyId=north)["id"]
        elsewhere = server.create("main", 3)["id"]
        ids = server.get(f"/v1/batches/{batch}/ids").body.decode().split()
        _, admin = self.member(server, "ada@example.org", north, "company-admin")
        _, support = self.member(server, "bob@example.org", north, "support")
        self.assertEqual(self.flash(server, batch, {"ids": ids}, token=admin).json["nChanged"], 3)
        self.assertEqual(self.flash(server, batch, {"ids": ids}, token=support).status, 403)
        self.assertEqual(self.flash(server, elsewhere, {"ids": ids}, token=admin).status, 404)
        self.assertEqual(server.get(f"/v1/batches/{batch}/funnel", token=support).json["flashed"], 3)
        self.assertEqual(server.get(f"/v1/batches/{elsewhere}/funnel", token=support).status, 404)
        self.assertEqual(server.get(f"/v1/batches/{elsewhere}/stragglers?stage=seen", token=support).status, 404)
        self.assertEqual(server.get(f"/v1/batches/{elsewhere}/label-facts", token=support).status, 404)

    def test_funnel(self):
        server, ids, _ = self.prepare()
        self.ok(server.post("/v1/batches/1/labelled", {"first": 1, "count": 3}))
        self.ok(self.flash(server, 1, {"ids": ids[:1]}))
        # reached: 0 flashed, 1 and 2 labelled, 5 seen, 6 paired, 7 nothing, 8 all, 9 approved, 10 approved
        funnel = server.get("/v1/batches/1/funnel").json
        self.assertEqual(list(funnel), STAGES)
        self.assertEqual(list(funnel.values()), [20, 8, 6, 5, 4, 2])
        behind = {"labelled": [i for i in range(20) if i not in (0, 1, 2, 5, 6, 8, 9, 10)],
                  "seen": [i for i in range(20) if i not in (5, 6, 8, 9, 10)],
                  "paired": [i for i in range(20) if i not in (6, 8)]}
        for stage, places in behind.items():
            reply = server.get(f"/v1/batches/1/stragglers?stage={stage}&limit=100").json
            self.assertEqual([item["id"] for item in reply["items"]], [ids[i] for i in places], stage)
            self.assertEqual(reply["total"], 20 - funnel[stage])
        page = server.get("/v1/batches/1/stragglers?stage=seen&limit=2&offset=5").json
        self.assertEqual((page["total"], [item["serial"] for item in page["items"]]), (15, [8, 12]))
        for query in ("", "?stage=created", "?stage=x", "?stage=seen&limit=501", "?stage=seen&offset=x"):
            self.assertEqual(server.get("/v1/batches/1/stragglers" + query).status, 400, query)
        self.assertEqual(list(server.get("/v1/batches/2/funnel").json.values()), [5, 0, 0, 0, 0, 0])


if __name__ == "__main__":
    backend.main()
