#!/usr/bin/python3
"""Devices found by any of their facts: each filter and each order compared with a plain reading of all of them.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import io
import random
import re
import urllib.parse

import backend
from people import People

STATUSES = ["new", "labelled", "flashed", "awaiting-approval", "pairing", "paired", "blocked", "retired"]
STATES = ["not-connected", "init", "ready", "disconnected", "sleeping", "lost", "alert"]
TEXTS = {"name": "name", "product": "product", "version": "version", "homie": "homie", "address": "address",
         "localIp": "local_ip", "abbreviation": "abbreviation", "license": "license", "machineId": "machine_id"}
SORTS = {"id": "id", "batch": "batch", "serial": "serial", "company": "companyName", "status": "statusNumber",
         "state": "stateNumber", "online": "online", "name": "name", "product": "product", "version": "version",
         "homie": "homie", "address": "address", "local-ip": "localIp", "type": "type", "abbreviation": "abbreviation",
         "license": "license", "machine-id": "machineId", "first-seen": "firstSeenAt", "last-seen": "lastSeenAt",
         "approved": "approvedAt"}
NAMES = ["Pump", "pump 7", "Größe", "GRÖSSE", "100%", "a_b", "Ab!", "Насос", "насос 2", "=1+1", "x" * 40]
DEVICES = 400


class Fleet(People):
    """A tree of companies with devices of every kind in it, and the same as plain dictionaries."""

    def fleet(self, seed=1, count=DEVICES):
        rng = random.Random(seed)
        server = self.start()
        self.companies = {"1": None}
        names = {"1": server.get("/v1/companies").json["items"][0]["name"]}
        for i in range(5):
            made = self.ok(server.post("/v1/companies", {"name": f"Company {9 - i // 2}", "alias": f"c{i}",
                                                         "parentId": rng.choice(list(self.companies))}), 201)
            self.companies[made["id"]] = made["parentId"]
            names[made["id"]] = made["name"]
        self.tags = [self.ok(server.post("/v1/tags", {"name": f"tag {i}", "color": "#00ff00"}), 201)["id"] for i in range(3)]
        for name in ("one", "Two", "Ätna"):
            server.create(name, count // 3)
        devices = self.all(server)
        with server.database() as db:
            statements = [sql for device in devices for sql in self.changes(rng, device)]
            for first in range(0, len(statements), 200):    # a command line takes no more
                script = ";".join(statements[first:first + 200])
                db.execute(script) if backend.ON_POSTGRES else db.executescript(script)
        self.devices = self.all(server)
        for device in self.devices:
            device["companyName"] = names[device["companyId"]]
            device["statusNumber"] = STATUSES.index(device["status"])
            device["stateNumber"] = STATES.index(device["state"])
        return server

    def all(self, server, query="", token=""):
        items = []
        while True:
            page = self.ok(server.get(f"/v1/devices?offset={len(items)}&limit=500&{query}", token=token))
            items += page["items"]
            if len(items) >= page["total"] or not page["items"]:
                return items

    def changes(self, rng, device):
        maybe = lambda *values: rng.choice([None, *values])
        seen = rng.random() < 0.7
        row = {"status": rng.randrange(3, 8) if seen else rng.randrange(3),
               "company_id": int(rng.choice(list(self.companies)))}
        if seen:
            row |= {"state": rng.randrange(7), "online": rng.randrange(2), "first_seen_us": 1000 + rng.randrange(50),
                    "last_seen_us": 2000 + rng.randrange(50), "approved_at_us": rng.choice([0, 3000 + rng.randrange(9)]),
                    "name": maybe(*NAMES), "product": maybe("pump", "Lamp", "lamp"), "version": maybe("1.0", "1.1", "2.0"),
                    "homie": maybe("4.0.0", "5.0"), "address": maybe("192.0.2.1:1", "192.0.2.7:55"),
                    "local_ip": maybe("10.0.0.1", "10.0.0.2")}
        row |= {"type": maybe("testing", "development", "release"), "abbreviation": maybe("AB", "ab1"),
                "license": maybe(*(f"L-{i}" for i in range(9))), "machine_id": maybe("m1", "M2")}
        if seen or row["abbreviation"] or row["license"] or row["machine_id"]:
            words = [row.get(name) for name in ("name", "product", "version", "abbreviation", "license", "machine_id", "local_ip")]
            row["search_text"] = ("".join(word + " " for word in words if word) + (row.get("address") or "")).lower()
        values = ", ".join(f"{name} = {literal(value)}" for name, value in row.items())
        yield f"UPDATE device SET {values} WHERE id = '{device['id']}'"
        for tag in self.tags:
            if rng.random() < 0.3:
                yield f"INSERT INTO tagged (kind, object_id, tag_id) VALUES ('device', '{device['id']}', {tag})"

    def below(self, company):
        """It and all below it."""
        found = {company}
        while True:
            more = {c for c, parent in self.companies.items() if parent in found} | found
            if more == found:
                return found
            found = more


def literal(value):
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def matches(test, device, key, values):
    """What the API's documentation says, plainly."""
    negated = key.endswith("!") or key[:-1].endswith("!")
    name = key.rstrip("~^").rstrip("!")
    if name in TEXTS or name == "id":
        value = device[name]
        if key.endswith("~"):
            is_one = value is not None and any(v.lower() in value.lower() for v in values)
        elif key.endswith("^"):
            is_one = value is not None and any(value.lower().startswith(v.lower()) for v in values)
        else:
            is_one = value in values
    elif name == "company":
        is_one = device["companyId"] in set().union(*(test.below(v) for v in values))
    elif name == "batch":
        is_one = device["batchId"] in values
    elif name == "tag":
        is_one = bool(set(device["tags"]) & set(values))
    elif name == "status":
        is_one = any(device["status"] == v or (v == "approved" and device["status"] in ("pairing", "paired")) or
                     (v == "seen" and device["firstSeenAt"] > 0) for v in values)
    elif name in ("state", "type"):
        is_one = device[name] in values
    elif name == "online":
        is_one = ("true" if device["online"] else "false") in values
    elif name == "serial":
        is_one = str(device["serial"]) in values
    elif name == "search":
        words = " ".join(device[field] or "" for field in TEXTS if field != "homie").lower()
        text = values[0].lower()
        is_one = (all(word in words for word in text.split()) or text.strip() in device["batch"].lower() or
                  re.sub("[- ]", "", text) in device["id"].replace("-", ""))
    elif name == "empty":
        is_one = any(not device[{"tag": "tags", "firstSeen": "firstSeenAt", "lastSeen": "lastSeenAt",
                                 "approved": "approvedAt"}.get(v, v)] for v in values)
    else:
        at = device[name.replace("After", "At").replace("Before", "At")]
        is_one = at > 0 and (at >= int(values[0]) if name.endswith("After") else at < int(values[0]))
    return is_one != negated


def sorted_by(devices, keys):
    """Stable sorts from the last key to the first; ties by id, in the direction of the first."""
    devices = sorted(devices, key=lambda d: d["id"], reverse=keys[0].startswith("-"))
    for key in reversed(keys):
        def value(device):
            raw = device[SORTS[key.lstrip("-")]]
            return (raw is not None, raw.encode() if isinstance(raw, str) else (raw or 0))
        devices.sort(key=value, reverse=key.startswith("-"))
    return devices


def query_of(conditions):
    return urllib.parse.urlencode([(key, value) for key, values in conditions.items() for value in values])


class Filters(Fleet):
    def random_condition(self, rng):
        pick = lambda field: [d[field] for d in rng.sample(self.devices, 3) if d[field]] or ["none"]
        kind = rng.randrange(10)
        negation = rng.choice(["", "!"])
        if kind < 3:
            name = rng.choice(["id", *TEXTS])
            match = rng.choice(["", "~", "^"])
            values = pick(name)
            if match:
                values = [v[rng.randrange(len(v)):] if match == "~" else v[:rng.randrange(1, len(v) + 1)] for v in values]
                values = [rng.choice([str.lower, str])(v) for v in values]
            return name + negation + match, values
        if kind == 3:
            name, field = rng.choice([("batch", "batchId"), ("company", "companyId"), ("serial", "serial")])
            return name + negation, [str(v) for v in pick(field)]
        if kind == 4:
            return "tag" + negation, rng.sample(self.tags, rng.randrange(1, 3))
        if kind == 5:
            return "status" + negation, rng.sample([*STATUSES, "approved", "seen"], rng.randrange(1, 4))
        if kind == 6:
            name, values = rng.choice([("state", STATES), ("type", ["testing", "development", "release"])])
            return name + negation, rng.sample(values, rng.randrange(1, 3))
        if kind == 7:
            return "empty" + negation, rng.sample([*TEXTS, "type", "tag", "firstSeen", "lastSeen", "approved"], 2)
        if kind == 8:
            id_ = rng.choice(self.devices)["id"]
            return "search", [rng.choice(["PUMP", "lamp 1.0", " 2.0  l-3", "größe", "насос ab", "ätn", "%", "a_b!", "m1 192.0.2.7", "10.0.0.2",
                                          id_[2:7], id_[:3].upper(), id_[9:].replace("-", ""), "nothing"])]
        name, base = rng.choice([("firstSeen", 1000), ("lastSeen", 2000), ("approved", 3000)])
        return rng.choice([(name + rng.choice(["After", "Before"]), [str(base + rng.randrange(50))]),
                           ("online", [rng.choice(["true", "false"])])])

    def test_each_filter_and_order_is_as_a_plain_reading(self):
        server = self.fleet()
        rng = random.Random(2)
        seen = set()
        for _ in range(300):
            conditions = dict(self.random_condition(rng) for _ in range(rng.choice([0, 1, 1, 1, 2, 3])))
            keys = [rng.choice(["", "-"]) + key for key in rng.sample(list(SORTS), rng.choice([1, 1, 2, 4]))]
            expected = [d["id"] for d in sorted_by(
                [d for d in self.devices if all(matches(self, d, k, v) for k, v in conditions.items())], keys)]
            offset = rng.choice([0, rng.randrange(len(expected) + 5), max(0, len(expected) - 7)])
            path = f"/v1/devices?{query_of(conditions)}&sort={','.join(keys)}&offset={offset}&limit=20"
            page = self.ok(server.get(path))
            self.assertEqual((page["total"], [d["id"] for d in page["items"]]),
                             (len(expected), expected[offset:offset + 20]), path)
            seen |= {key.rstrip("~^").rstrip("!") for key in conditions}
        self.assertGreater(len(seen), 20, "each field had its turn")

    def test_pages_make_the_whole(self):
        server = self.fleet()
        for sort in ("-name", "product,-last-seen,id", "license", "-approved", "company", "-company", "batch"):
            for query in ("", "status=seen", "tag=" + self.tags[0]):
                whole = [d["id"] for d in self.all(server, f"{query}&sort={sort}")]
                pieces = []
                while len(pieces) < len(whole):
                    page = self.ok(server.get(f"/v1/devices?{query}&sort={sort}&offset={len(pieces)}&limit=13"))
                    pieces += [d["id"] for d in page["items"]]
                self.assertEqual(pieces, whole, f"{sort} {query}")
                self.assertEqual(len(set(whole)), len(whole))

    def test_both_ends_and_the_middle_of_one_condition(self):
        """What is counted elsewhere, or is a part of the order's own index; there are many ties."""
        server = self.fleet(seed=3)
        batch = self.devices[0]["batchId"]
        for conditions in ({"tag": [self.tags[0]]}, {"tag": self.tags[:2]}, {"batch": [batch]}, {"batch": [batch, "999"]}, {"batch": ["999"]},
                           {"tag!": [self.tags[1]]}, {"status": ["seen"]}, {"online": ["true"]}, {"lastSeenBefore": ["2020"]},
                           {"lastSeenAfter": ["2049"]}, {"lastSeenAfter": ["2100"]}, {"firstSeenAfter": ["1010"], "online": ["true"]},
                           {"approvedAfter": ["3004"]}, {"tag": [self.tags[2]], "status": ["paired"]}, {"product": ["lamp", "pump"]}):
            for key in ("id", "-id", "-last-seen", "last-seen", "name", "-product", "first-seen", "-approved", "state"):
                expected = [d["id"] for d in sorted_by([d for d in self.devices if all(matches(self, d, k, v) for k, v in conditions.items())],
                                                       [key])]
                for offset in (0, len(expected) // 2, max(0, len(expected) - 3), len(expected), len(expected) + 9):
                    path = f"/v1/devices?{query_of(conditions)}&sort={key}&offset={offset}&limit=5"
                    page = self.ok(server.get(path))
                    self.assertEqual((page["total"], [d["id"] for d in page["items"]]), (len(expected), expected[offset:offset + 5]), path)

    def test_refusals_name_the_parameter(self):
        server = self.fleet(count=3)
        for query, words in (("colour=red", "“colour”"), ("status=happy", "“status” must be"), ("state=gone", "“state” must be"),
                             ("type=new", "“type” must be"), ("online=1", "“online” must be true or false"),
                             ("online!=true", "“online” cannot be negated"), ("batch=x", "“batch” must be a number"),
                             ("batch~=1", "“batch~”"), ("lastSeenAfter=yesterday", "“lastSeenAfter” must be a time"),
                             ("lastSeenAfter=1&lastSeenAfter=2", "“lastSeenAfter” takes at most 1 value"),
                             ("empty=status", "“empty” must name"), ("name=" + "x" * 201, "“name” is longer than 200 bytes"),
                             ("sort=colour", "sorted by “colour”"), ("sort=id,id", "twice"), ("sort=id,name,-state,type,online", "at most 4"),
                             ("limit=501", "limit"), ("offset=-1", "offset"), ("search=a&search=b", "“search” takes"),
                             ("&".join(f"id={i}" for i in range(101)), "at most 100 values"), ("field=", "“field”")):
            self.refused(server.get("/v1/devices?" + query), 400, words)
        for query in ("name=%00", "name=%ff", "name='%3B--", "name~=%25", "name~=_!", "batch=9223372036854775807", "status="):
            self.assertEqual(server.get("/v1/devices?" + query).status, 200, query)
        self.assertEqual(server.get("/v1/devices?name~=%25").json["total"], 0)

    def test_reach(self):
        server = self.fleet()
        company = next(c for c, parent in self.companies.items() if parent is not None)
        token = self.member(server, "support@example.org", company, "support")[1]
        mine = {d["id"] for d in self.devices if d["companyId"] in self.below(company)}
        self.assertEqual({d["id"] for d in self.all(server, "sort=-name", token=token)}, mine)
        for query in ({"status": ["paired"]}, {"state": ["ready", "lost"]}, {"state": ["not-connected"]}, {"online": ["true"]},
                      {"search": ["pump"]}, {"product": ["Lamp"]}):
            expected = {d["id"] for d in self.devices if d["id"] in mine and all(matches(self, d, k, v) for k, v in query.items())}
            found = self.ok(server.get(f"/v1/devices?{query_of(query)}&limit=500&sort=-name", token=token))
            self.assertEqual((found["total"], {d["id"] for d in found["items"]}), (len(expected), expected), query)
        everything = "&".join(f"company={c}" for c in self.companies)
        self.assertEqual({d["id"] for d in self.all(server, everything, token=token)}, mine)
        values = self.ok(server.get("/v1/devices/values?field=company", token=token))["items"]
        self.assertEqual({v["value"] for v in values}, {d["companyId"] for d in self.devices if d["id"] in mine})

    def test_values(self):
        server = self.fleet()
        for query in ({}, {"status": ["seen"]}, {"license~": ["l-"]}):
            matching = [d for d in self.devices if all(matches(self, d, k, v) for k, v in query.items())]
            for field, of in (("version", "version"), ("product", "product"), ("state", "state"), ("status", "status"),
                              ("batch", "batchId"), ("company", "companyId"), ("type", "type"), ("name", "name")):
                answer = self.ok(server.get(f"/v1/devices/values?field={field}&{query_of(query)}"))
                counted = {}
                for device in matching:
                    counted[device[of]] = counted.get(device[of], 0) + 1
                self.assertEqual({v["value"]: v["n"] for v in answer["items"]}, counted, field)
                self.assertFalse(answer["more"])
        few = self.ok(server.get("/v1/devices/values?field=license&limit=2&empty!=license"))
        self.assertEqual((len(few["items"]), few["more"]), (2, True))
        tags = self.ok(server.get("/v1/devices/values?field=tag"))["items"]
        self.assertEqual({v["text"] for v in tags}, {"tag 0", "tag 1", "tag 2"})
        self.refused(server.get("/v1/devices/values?field=colour"), 400, "“field” must be")
        self.refused(server.get("/v1/devices/values?field=name&limit=201"), 400, "200")


class Export(Fleet):
    def read(self, reply):
        self.assertEqual(reply.status, 200, f"{reply}")
        self.assertTrue(reply.body.endswith(b"\r\n"))
        return list(csv.reader(io.StringIO(reply.body.decode(), newline="")))

    def test_a_whole_filter_with_the_columns_that_were_chosen(self):
        server = self.fleet(count=2700)
        header, *rows = self.read(server.get("/v1/devices/export.csv?columns=name,id,status,tags,company,lastSeenAt&sort=-name"))
        self.assertEqual(header, ["name", "id", "status", "tags", "company", "lastSeenAt"])
        expected = sorted_by(self.devices, ["-name"])
        self.assertEqual([row[1] for row in rows], [d["id"] for d in expected])
        for row, device in zip(rows, expected):
            name = device["name"] or ""
            self.assertEqual(row[0], "'" + name if name.startswith("=") else name, "a spreadsheet runs nothing")
            self.assertEqual(row[2], device["status"])
            self.assertEqual(row[3].split(", ") if row[3] else [], [f"tag {self.tags.index(t)}" for t in sorted(device["tags"], key=int)])
            self.assertEqual(row[4], device["companyName"])
            at = device["lastSeenAt"]
            self.assertEqual(row[5], f"1970-01-01T00:00:00.{at:06}Z" if at else "")
        header, *rows = self.read(server.get("/v1/devices/export.csv?status=new&product!=pump"))
        self.assertEqual(len(header), 21)
        self.assertEqual([row[0] for row in rows], sorted(d["id"] for d in self.devices if d["status"] == "new" and d["product"] != "pump"))
        self.assertEqual(len(self.read(server.get("/v1/devices/export.csv?name=nobody&columns=id"))), 1)
        for query, words in (("columns=colour", "“columns”"), ("columns=", ""), ("limit=3", "“limit”"), ("sort=x", "sorted by")):
            if words:
                self.refused(server.get("/v1/devices/export.csv?" + query), 400, words)


if __name__ == "__main__":
    backend.main()
