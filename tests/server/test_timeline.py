#!/usr/bin/python3
"""The timeline of a device: what happened to it and what was done to it, once each, bounded, and whose names it says.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import contextlib
import json
import time

import backend
import every_route
from backend import wait_for
from every_route import Walk
from rawmqtt import packet, publish_packet


class Timeline(Walk):
    def setUp(self):
        super().setUp()
        self.begin()

    def items(self, query="", device=None, token=""):
        reply = self.server.get(f"/v1/devices/{device or self.lamp}/timeline{query}", token=token)
        return self.ok(reply, 200)["items"]

    def await_item(self, what, condition, query=""):
        return wait_for(what, lambda: next((item for item in self.items(query) if condition(item)), None), 30)

    def leave(self, link):
        link.send(packet(0xe0, b""))
        link.close()

    def test_story(self):
        device, key = self.devices[1]
        root = f"homie/5/{device}"
        self.bring_in(device, key)
        kinds = [item["kind"] for item in self.items(device=device)]
        self.assertEqual({"first-seen", "connection", "description", "firmware", "state", "admission"}, set(kinds), kinds)
        self.assertEqual(kinds.count("first-seen"), 1)
        self.assertEqual(kinds.count("description"), 1)
        admission, = self.items("?kind=admission", device=device)
        self.assertEqual((admission["text"], admission["by"]), ("approve", "admin"), admission)
        self.assertEqual(admission["details"]["after"]["status"], "pairing", admission)

        self.ok(self.server.post(f"/v1/devices/{device}/set?wait=20", {"node": "light", "property": "level", "value": "40"}), 202)
        command, = wait_for("the command", lambda: self.items("?kind=command", device=device))
        self.assertEqual((command["details"]["state"], command["details"]["value"], command["by"]), ("confirmed", "40", "admin"), command)
        self.assertIn("set light/level to 40: confirmed", command["text"])
        self.assertNotIn("set", [item["details"].get("action") for item in self.items(device=device)])

        link = self.connect(device, key)
        link.send(publish_packet(f"{root}/$log/warn", "the filter is full", 1),
                  publish_packet(f"{root}/$log/warn", "the filter is full", 1),
                  publish_packet(f"{root}/$fw/name", "Lamp", 1), publish_packet(f"{root}/$fw/version", "1.1", 1))
        notice = wait_for("the notice", lambda: next((item for item in self.items("?kind=notice", device=device) if item["n"] == 2), None))
        self.assertEqual((notice["text"], notice["details"]["level"]), ("warning: the filter is full", "warning"), notice)
        firmware = wait_for("the firmware", lambda: next((item for item in self.items("?kind=firmware", device=device)
                                                          if item["details"]["version"] == "1.1"), None))
        self.assertIn("Lamp 1.1", firmware["text"])

        more = every_route.DESCRIPTION.replace('"nodes": {', '"nodes": {"air": {"properties": {"heat": {"datatype": "float"}}}, ')
        link.send(publish_packet(f"{root}/$description", more, 1))
        wait_for("two nodes", lambda: self.items("?kind=description", device=device)[0]["details"] == {"nodes": 2, "properties": 2})

        link.send(publish_packet(f"{root}/$state", "disconnected", 1))
        wait_for("it says that it goes", lambda: self.items("?kind=state", device=device)[0]["details"]["to"] == "disconnected")
        self.leave(link)
        gone = wait_for("it went", lambda: next(iter(item for item in self.items("?kind=connection", device=device)[:1]
                                                     if not item["details"]["online"]), None))
        self.assertEqual((gone["details"]["cause"], gone["text"]), ("left", "disconnected, and said so"), gone)
        self.ok(self.server.post(f"/v1/tags/{self.tag}/objects", {"kind": "device", "ids": [device], "on": True}))
        tagged, = wait_for("the tag", lambda: self.items("?kind=tag", device=device))
        self.assertEqual(tagged["by"], "admin")

        times = [item["at"] for item in self.items(device=device)]
        self.assertEqual(times, sorted(times, reverse=True))

    def test_pages(self):
        for number in range(8):
            self.ok(self.server.post("/v1/devices/actions", {"action": "block" if number % 2 == 0 else "unblock", "ids": [self.lamp]}))
        whole = self.items("?limit=500")
        self.assertGreaterEqual(len(whole), 12)
        pages, last = [], ""
        while page := self.items(f"?limit=3{last}"):
            self.assertLessEqual(len(page), 3)
            pages += page
            last = f"&before={page[-1]['id']}"
        ids = [item["id"] for item in pages]
        self.assertEqual(len(ids), len(set(ids)))
        # what was there at first is there, in the same order; only newer ones may have come
        self.assertEqual([item for item in ids if item in {item["id"] for item in whole}], [item["id"] for item in whole if item["id"] in ids])
        self.assertEqual(len([item for item in pages if item["kind"] == "admission"]), 9)
        self.refused(self.server.get(f"/v1/devices/{self.lamp}/timeline?kind=love"), 400, "“love” is no kind of event")
        self.refused(self.server.get(f"/v1/devices/{self.lamp}/timeline?limit=501"), 400, "limit")
        for before in "1", "x-e1", "1-z1", "-1-e1", "1-e", "1-e1x":
            self.refused(self.server.get(f"/v1/devices/{self.lamp}/timeline?before={before}"), 400, "“before”")

    def test_whose_names(self):
        south = self.company(self.server, "South")
        _, stranger = self.member(self.server, "s@example.org", south, "company-admin")
        _, support = self.member(self.server, "h@example.org", self.north, "support")
        _, admin = self.member(self.server, "a@example.org", self.north, "company-admin")
        self.refused(self.server.get(f"/v1/devices/{self.lamp}/timeline", token=stranger), 404, "there is no device")
        self.refused(self.server.get("/v1/devices/aaaa-aaaa-aaaa-aaaa/timeline"), 404, "there is no device")
        self.ok(self.server.post(f"/v1/devices/{self.lamp}/set?wait=20", {"node": "light", "property": "level", "value": "40"}), 202)
        wait_for("the command", lambda: self.items("?kind=command"))
        for token, sees in (support, False), (admin, True):
            for kind in "admission", "command":
                item = self.items(f"?kind={kind}", token=token)[0]
                self.assertEqual(item["by"], "admin" if sees else None, item)
                self.assertEqual("after" in item["details"], sees and kind == "admission", item)

    def test_names_of_the_company_that_had_it_before(self):
        south = self.company(self.server, "South")
        _, new = self.member(self.server, "new@example.org", south, "company-admin")
        _, old = self.member(self.server, "old@example.org", self.north, "company-admin")
        set_level = lambda value, token: self.ok(self.server.post(f"/v1/devices/{self.lamp}/set?wait=20",
                                                                  {"node": "light", "property": "level", "value": value}, token=token), 202)
        set_level("41", old)
        wait_for("the command", lambda: self.items("?kind=command"))
        self.assertEqual(self.items("?kind=command", token=old)[0]["by"], "old@example.org")
        self.ok(self.server.request("PATCH", f"/v1/devices/{self.lamp}", {"factsRevision": 1, "companyId": south}))
        set_level("42", new)
        wait_for("the other", lambda: len(self.items("?kind=command")) == 2)
        reply = self.server.get(f"/v1/devices/{self.lamp}/timeline", token=new)
        self.assertNotIn("old@example.org", reply.body.decode())
        self.assertEqual([i["by"] for i in self.items("?kind=command", token=new)], ["new@example.org", None])
        self.assertEqual([i["by"] for i in self.items("?kind=command")], ["new@example.org", "old@example.org"])
        self.assertNotIn("companyId", self.items("?kind=command")[0]["details"])

    def test_bounded(self):
        device, key = self.devices[1]
        self.bring_in(device, key)
        link = self.connect(device, key)
        link.send(*(publish_packet(f"homie/5/{device}/$log/info", f"round {number}", 1) for number in range(400)))
        wait_for("all are there", lambda: [item for item in self.items("?kind=notice&limit=1", device=device) if item["details"]["text"] == "round 399"])
        notices = self.items("?kind=notice&limit=500", device=device)
        self.assertEqual(len(notices), 100)
        self.assertEqual(sum(item["n"] for item in notices), 400)
        self.leave(link)

        # it comes and goes: 40 of a day stand for themselves
        for _ in range(22):
            wait_for("it is gone", lambda: self.shows(device, online=False))
            link = self.connect(device, key)
            wait_for("it is back", lambda: self.shows(device, online=True))
            self.leave(link)
        wait_for("it is gone", lambda: self.shows(device, online=False))
        connections = wait_for("they are told as one", lambda: [item for item in self.items("?kind=connection", device=device)
                                                                if item["n"] > 1 or item["at"] == 0])
        self.assertIn("connected and disconnected", connections[0]["text"])
        self.assertLessEqual(len(self.items("?kind=connection&limit=500", device=device)), 40)

    def test_killed(self):
        """An event is there once, whatever was acknowledged before the backend died."""
        for number in range(6):
            link = self.connect(*self.devices[number + 1])
            time.sleep(0.03 * number)
            self.server.kill()
            self.server.start()
            wait_for("the broker is connected", lambda: self.server.get("/v1/status").json["broker"] == "connected")
            device = self.devices[number + 1][0]
            wait_for("it is seen", lambda: self.shows(device, online=True, state="ready"))
            kinds = [(item["kind"], item["details"].get("to"), item["details"].get("online")) for item in self.items(device=device)]
            self.assertEqual(kinds.count(("first-seen", None, None)), 1, kinds)
            self.assertEqual(kinds.count(("connection", None, True)), 1, kinds)
            self.assertEqual(kinds.count(("state", "ready", None)), 1, kinds)
            self.assertEqual([kind for kind, *_ in kinds].count("description"), 1, kinds)
            with contextlib.suppress(OSError):
                self.leave(link)

    @backend.about_sqlite
    def test_retention(self):
        with self.server.database("history.db") as db:
            old = int((time.time() - 366 * 86400) * 1e6)
            db.executemany("INSERT INTO event (device_id, kind, at_us, since_us, details) VALUES (?, 3, ?, ?, '{}')",
                           [(self.lamp, old + number, old + number) for number in range(2500)])
            # and one that is as old as may be
            db.execute("INSERT INTO event (device_id, kind, at_us, since_us, details) VALUES (?, 3, ?, ?, ?)",
                       (self.lamp, old + 2 * 86400 * 10**6, old, json.dumps({"level": "info", "text": "kept"})))
        # older than the ID itself: an earlier one's
        self.assertEqual([item for item in self.items("?kind=notice") if item["at"] < time.time() * 1e6 - 86400e6], [])
        self.server.stop()
        self.server.start()

        def n_old():
            with self.server.database("history.db") as db:
                return db.execute("SELECT count(*) FROM event WHERE kind = 3").fetchone()[0]
        wait_for("the old ones are gone", lambda: n_old() == 1)


del Walk

if __name__ == "__main__":
    backend.main()
