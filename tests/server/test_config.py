"""One device as people want it: values that wait for it, its owner, its key, its facts, its company; and who is let in by a rule.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import contextlib
import csv
import io
import json
import re
import struct
import threading
import time

import backend
from backend import wait_for
from every_route import DESCRIPTION, Broker
from people import People
from rawmqtt import Link, packet, publish_packet, subscribe_packet

PUSH = json.dumps({"homie": "5.0", "version": 1, "name": "Lamp", "type": "lamp", "nodes": {"light": {"name": "Light", "properties": {
    "level": {"datatype": "integer", "format": "0:100", "settable": True},
    "push": {"datatype": "enum", "format": "go", "settable": True, "retained": False},
    "seen": {"datatype": "integer"}}}}})


class Lamp:
    """A device that may answer what it is told, refuse it, or say nothing."""

    def __init__(self, test, device, key, answer="echo", description=PUSH, value="1", info=()):
        self.device, self.answer, self.told = device, answer, []
        root = f"homie/5/{device}"
        self.link = Link(test.broker.port, device, device, key)
        self.link.send(publish_packet(f"{root}/$state", "init", 1), publish_packet(f"{root}/$description", description, 1),
                       subscribe_packet(f"{root}/+/+/set", 1), publish_packet(f"{root}/light/level", value, 1),
                       *(publish_packet(f"{root}/{topic}", payload, 1) for topic, payload in info),
                       publish_packet(f"{root}/$state", "ready", 1))
        self.ended = threading.Event()
        threading.Thread(target=self.run, daemon=True).start()
        test.addCleanup(self.link.close)

    def run(self):
        root = f"homie/5/{self.device}"
        with contextlib.suppress(OSError, IndexError):
            while message := self.link.read_publish():
                topic, payload, packet_id = message
                if packet_id:
                    self.link.send(packet(0x40, struct.pack("!H", packet_id)))
                self.told.append((topic.removeprefix(f"{root}/").removesuffix("/set"), payload.decode()))
                if self.answer == "echo":
                    self.link.send(publish_packet(topic.removesuffix("/set"), payload, 1))
                elif self.answer == "refuse":
                    self.link.send(publish_packet(f"{root}/$log/error", "level: the lamp is too hot", 1, retain=False))
        self.ended.set()

    def leave(self):
        self.link.send(publish_packet(f"homie/5/{self.device}/$state", "disconnected", 1))
        self.link.close()


class ConfigTest(People):
    """A backend and a broker, a batch of ten in North, the first of them approved."""

    def begin(self, *extra):
        self.broker = Broker()
        self.server = self.start("--broker", f"mqtt://127.0.0.1:{self.broker.port}", *extra)
        self.broker.start(self.folder, self.server.data)
        self.addCleanup(self.broker.stop)
        self.north = self.company(self.server, "North")
        self.batch = self.server.create("first", 10, companyId=self.north)["id"]
        text = self.server.get(f"/v1/batches/{self.batch}/hand-over.csv").body.decode()
        self.devices = [(row["device_id"], row["device_key"]) for row in csv.DictReader(io.StringIO(text))]
        self.wait_broker()

    def wait_broker(self):
        wait_for("the broker is connected", lambda: self.server.get("/v1/status").json["broker"] == "connected")

    def show(self, device):
        return self.ok(self.server.get(f"/v1/devices/{device}"))

    def shows(self, device, **facts):
        document = self.server.get(f"/v1/devices/{device}").json
        return all(document.get(name) == value for name, value in facts.items())

    def wait_shows(self, device, **facts):
        wait_for(f"{device} shows {facts}", lambda: self.shows(device, **facts))

    def introduce(self, number, description=PUSH, **rest):
        """It waits for approval."""
        lamp = Lamp(self, *self.devices[number], description=description, **rest)
        self.wait_shows(lamp.device, status="awaiting-approval", state="ready")
        return lamp

    def bring_in(self, number=0, **rest):
        """Approved, and connected."""
        device = self.introduce(number).device
        self.ok(self.server.post("/v1/devices/actions", {"action": "approve", "ids": [device]}))
        self.wait_shows(device, online=False)
        lamp = Lamp(self, *self.devices[number], **rest)
        self.wait_shows(device, online=True, state="ready")
        return lamp

    def take_away(self, lamp):
        lamp.leave()
        self.wait_shows(lamp.device, online=False)

    def keep(self, device, value, prop="level", token=""):
        return self.server.request("PUT", f"/v1/devices/{device}/desired",
                                   {"node": "light", "property": prop, "value": value}, token=token)

    def desired(self, device):
        return self.show(device)["desired"]

    def value(self, device):
        return self.show(device)["nodes"][0]["properties"][0]["value"]

    def actions(self, device):
        return [e["action"] for e in self.ok(self.server.get(f"/v1/audit?object={device}&limit=500"))["items"]][::-1]

    def is_let_in(self, device, key):
        try:
            Link(self.broker.port, "another client", device, key).close()
        except (RuntimeError, IndexError, OSError):
            return False
        return True


class DesiredTest(ConfigTest):
    def test_waits_and_is_delivered(self):
        self.begin()
        lamp = self.bring_in()
        self.take_away(lamp)
        kept = self.ok(self.keep(lamp.device, "22"))
        self.assertEqual((kept["state"], kept["value"], kept["by"]), ("pending", "22", "admin"))
        self.assertAlmostEqual((kept["expiresAt"] - kept["createdAt"]) / 86400e6, 30, places=3)
        self.assertEqual(self.desired(lamp.device), [kept])
        later = self.ok(self.keep(lamp.device, "23"))
        self.assertEqual(self.desired(lamp.device), [later], "a later one takes its place")
        Lamp(self, *self.devices[0], value="5")
        wait_for("it is there", lambda: self.value(lamp.device) == "23" and self.desired(lamp.device) == [])
        self.assertEqual(self.actions(lamp.device)[-3:], ["keep", "keep", "deliver"])

    def test_withdrawn(self):
        self.begin()
        lamp = self.bring_in()
        self.take_away(lamp)
        self.ok(self.keep(lamp.device, "22"))
        path = f"/v1/devices/{lamp.device}/desired"
        self.refused(self.server.request("DELETE", path), 400, "“node”")
        self.ok(self.server.request("DELETE", f"{path}?node=light&property=level"), 204)
        self.refused(self.server.request("DELETE", f"{path}?node=light&property=level"), 404, "nothing waits")
        self.assertEqual(self.desired(lamp.device), [])
        back = Lamp(self, *self.devices[0], value="5")
        self.wait_shows(lamp.device, online=True, state="ready")
        self.ok(self.server.post(f"/v1/devices/{lamp.device}/set?wait=20", {"node": "light", "property": "level", "value": "9"}), 202)
        self.assertEqual(back.told, [("light/level", "9")], "nothing but that came to it")
        self.assertEqual(self.actions(lamp.device)[-3:], ["keep", "withdraw", "set"])

    def test_checked_now(self):
        self.begin()
        device = self.devices[0][0]
        self.refused(self.keep(device, "22"), 409, "not approved")
        lamp = self.bring_in()
        self.take_away(lamp)
        for prop, value, status, words in [("level", "101", 400, ""), ("level", "warm", 400, ""), ("nothing", "1", 404, "no property"),
                                           ("seen", "1", 400, "can not be set"), ("push", "go", 400, "keeps no value")]:
            self.refused(self.keep(device, value, prop), status, words)
        _, token = self.member(self.server, "s@example.org", self.north, "serviceman")
        south = self.company(self.server, "South")
        _, stranger = self.member(self.server, "x@example.org", south, "company-admin")
        self.refused(self.keep(device, "22", token=stranger), 404)
        self.assertIn(self.keep(device, "22", token=token).status, (200, 403))

    def test_checked_again_and_refused(self):
        self.begin()
        lamp = self.bring_in()
        self.take_away(lamp)
        self.ok(self.keep(lamp.device, "80"))
        narrow = PUSH.replace("0:100", "0:50").replace('"version": 1', '"version": 2')
        back = Lamp(self, *self.devices[0], description=narrow)
        wait_for("it is refused", lambda: [d["state"] for d in self.desired(lamp.device)] == ["refused"])
        self.assertEqual(back.told, [])
        self.assertTrue(self.desired(lamp.device)[0]["reason"])
        self.ok(self.keep(lamp.device, "40"))
        wait_for("the one in its place is taken", lambda: self.desired(lamp.device) == [] and self.value(lamp.device) == "40")

    def test_the_device_refuses(self):
        self.begin()
        lamp = self.bring_in()
        self.take_away(lamp)
        self.ok(self.keep(lamp.device, "80"))
        Lamp(self, *self.devices[0], answer="refuse")
        wait_for("it is refused", lambda: [d["reason"] for d in self.desired(lamp.device)] == ["level: the lamp is too hot"])
        self.assertEqual(self.desired(lamp.device)[0]["state"], "refused")

    def test_a_set_takes_its_place(self):
        self.begin()
        lamp = self.bring_in(answer="nothing")
        self.ok(self.keep(lamp.device, "22"))
        wait_for("it was told", lambda: lamp.told == [("light/level", "22")])
        self.ok(self.server.post(f"/v1/devices/{lamp.device}/set", {"node": "light", "property": "level", "value": "9"}), 202)
        self.assertEqual(self.desired(lamp.device), [])

    def test_survives_a_kill(self):
        self.begin()
        lamp = self.bring_in()
        self.take_away(lamp)
        self.ok(self.keep(lamp.device, "22"))
        self.server.kill()
        self.server.start()
        self.assertEqual([d["value"] for d in self.desired(lamp.device)], ["22"])
        back = Lamp(self, *self.devices[0])
        wait_for("it is taken", lambda: self.desired(lamp.device) == [])
        self.assertEqual(self.value(lamp.device), "22")
        # killed on the way: the device has it, the row is there still
        self.ok(self.keep(lamp.device, "22"))
        wait_for("it is taken", lambda: self.desired(lamp.device) == [])
        back.answer = "nothing"
        self.ok(self.keep(lamp.device, "33"))
        wait_for("it is on its way", lambda: ("light/level", "33") in back.told)
        self.server.kill()
        back.answer = "echo"
        self.server.start()
        self.wait_broker()
        wait_for("it is told once more, and taken", lambda: self.desired(lamp.device) == [])
        self.assertEqual(self.value(lamp.device), "33")

    def test_goes_when_its_time_is_over(self):
        self.begin()
        lamp = self.bring_in()
        self.take_away(lamp)
        self.ok(self.keep(lamp.device, "22"))
        self.server.stop()
        with self.server.database() as db:
            db.execute("UPDATE desired SET expires_at_us = 1")
        self.server.start()
        wait_for("it is gone", lambda: self.desired(lamp.device) == [])


class BulkSetTest(ConfigTest):
    """A value set on many devices, of which some are away."""

    def set(self, value, *numbers, prop="level", **rest):
        return {"action": "set", "ids": [self.devices[n][0] for n in numbers],
                "parameters": {"node": "light", "property": prop, "value": value}, **rest}

    def job(self, wish, path="/v1/bulk"):
        job = self.ok(self.server.post(path, wish), 201)
        def look():
            document = self.ok(self.server.get(f"/v1/bulk/{job['id']}"))
            return document if document["state"] != "running" else None
        return wait_for("the job has ended", look)

    def undone(self, job):
        return self.job(None, f"/v1/bulk/{job['id']}/undo")

    def states(self, job, **query):
        extra = "".join(f"&{k}={v}" for k, v in query.items())
        return [(i["state"], i["reason"]) for i in self.ok(self.server.get(f"/v1/bulk/{job['id']}/results?limit=50{extra}"))["items"]]

    def test_those_that_are_away_get_it_later(self):
        self.begin()
        here, away, other = self.bring_in(0), self.bring_in(1), self.bring_in(2)
        self.take_away(away)
        self.take_away(other)
        preview = self.ok(self.server.post("/v1/bulk", self.set("40", 0, 1, 2, 3, preview=True)))
        self.assertEqual((preview["nChange"], preview["nKept"], preview["nRefused"]), (3, 2, 1))
        job = self.job(self.set("40", 0, 1, 2, 3))
        self.assertEqual((job["state"], job["nDone"], job["nKept"], job["nFailed"], job["canUndo"]), ("done", 4, 2, 1, True))
        self.assertEqual(self.states(job), [("done", None), ("kept", None), ("kept", None), ("refused", "it is not approved yet")])
        self.assertEqual(self.states(job, state="kept"), [("kept", None)] * 2)
        self.assertEqual(here.told, [("light/level", "40")])
        kept, = self.desired(away.device)
        self.assertEqual((kept["state"], kept["value"], kept["by"], kept["node"], kept["property"]), ("pending", "40", "admin", "light", "level"))
        self.assertAlmostEqual((kept["expiresAt"] - kept["createdAt"]) / 86400e6, 30, places=3)
        Lamp(self, *self.devices[1], value="5")
        wait_for("it is there", lambda: self.value(away.device) == "40" and self.desired(away.device) == [])
        self.assertEqual(self.actions(away.device)[-1], "deliver")
        # undone: who has it gets back what he had, who does not have it yet never gets it
        undo = self.undone(job)
        self.assertEqual((undo["state"], undo["nDone"], undo["nFailed"]), ("done", 3, 0))
        self.assertEqual(self.desired(other.device), [])
        wait_for("they have what they had", lambda: [self.value(d.device) for d in (here, away)] == ["1", "1"])
        back = Lamp(self, *self.devices[2], value="5")
        self.wait_shows(other.device, online=True, state="ready")
        self.ok(self.server.post(f"/v1/devices/{other.device}/set?wait=20", {"node": "light", "property": "level", "value": "9"}), 202)
        self.assertEqual(back.told, [("light/level", "9")], "nothing but that came to it")
        entries = [(e["action"], e["before"], e["after"]) for e in self.ok(self.server.get("/v1/audit?kind=bulk&limit=50"))["items"][::-1]
                   if e["action"] in ("keep", "withdraw")]
        both = sorted([away.device, other.device])
        self.assertEqual(entries, [("keep", {"devices": {"": both}}, {"devices": {"40": both}}),
                                   ("withdraw", {"devices": {"40": [other.device]}}, {"devices": {"": [other.device]}})])
        self.assertTrue(self.ok(self.server.get("/v1/audit/verify"))["ok"])

    def test_what_cannot_wait(self):
        self.begin()
        lamp = self.bring_in(0)
        self.take_away(lamp)
        job = self.job(self.set("go", 0, prop="push"))
        self.assertIn("keeps no value", self.states(job)[0][1])
        job = self.job(self.set("101", 0))
        self.assertEqual(self.states(job)[0][0], "refused")
        self.assertEqual(self.desired(lamp.device), [])

    def test_somebody_wants_another_one_since(self):
        self.begin()
        lamp = self.bring_in(0)
        self.take_away(lamp)
        job = self.job(self.set("40", 0))
        self.ok(self.keep(lamp.device, "41"))
        undo = self.undone(job)
        self.assertEqual(self.states(undo), [("refused", "another value waits for it since")])
        self.assertEqual([d["value"] for d in self.desired(lamp.device)], ["41"])

    def test_undo_of_an_undo(self):
        self.begin()
        lamp = self.bring_in(0)
        self.take_away(lamp)
        job = self.undone(self.undone(self.job(self.set("40", 0))))
        self.assertEqual((job["nKept"], [d["value"] for d in self.desired(lamp.device)]), (1, ["40"]))
        self.assertEqual((self.undone(job)["nFailed"], self.desired(lamp.device)), (0, []))

    def test_cancelled(self):
        """One that says nothing holds the job; what waits for the others by then is wanted no more."""
        self.begin()
        silent, away = self.bring_in(0, answer="nothing"), self.bring_in(1)
        self.take_away(away)
        job = self.ok(self.server.post("/v1/bulk", self.set("40", 0, 1)), 201)
        wait_for("it waits", lambda: self.desired(away.device) != [])
        wait_for("it is asked", lambda: silent.told != [])
        job = self.ok(self.server.request("DELETE", f"/v1/bulk/{job['id']}"))
        if job["state"] == "cancelled":
            self.assertEqual((job["nKept"], self.desired(away.device)), (0, []))
            self.assertIn("cancelled", self.states(job)[1][1])
        else:
            self.assertEqual((job["state"], job["nKept"], job["canUndo"]), ("done", 1, True), "there was nothing left to be cancelled")

    def test_survives_a_kill(self):
        self.begin()
        silent, away = self.bring_in(0, answer="nothing"), self.bring_in(1)
        self.take_away(away)
        job = self.ok(self.server.post("/v1/bulk", self.set("40", 1, 0)), 201)
        wait_for("it waits", lambda: self.desired(away.device) != [])
        silent.answer = "echo"
        self.server.kill()
        self.server.start()
        self.wait_broker()
        job = wait_for("it has ended", lambda: next((j for j in [self.ok(self.server.get(f"/v1/bulk/{job['id']}"))] if j["state"] != "running"), None))
        self.assertEqual((job["state"], job["nDone"], job["nKept"]), ("done", 2, 1))
        Lamp(self, *self.devices[1], value="5")
        wait_for("it is there", lambda: self.value(away.device) == "40" and self.desired(away.device) == [])


class BulkFeedTest(ConfigTest):
    """Who sees only the company that devices have left hears that they are gone."""

    def follow(self, company, token):
        session = self.ok(self.server.get("/v1/sessions/current", token=token))
        link = Link(self.broker.port, "a window", session["broker"]["username"], token)
        link.socket.settimeout(backend.DEADLINE_S)
        self.addCleanup(link.close)
        link.send(subscribe_packet(f"bellwether/changes/{company}"))
        while link.read()[0] & 0xf0 != 0x90:
            pass
        return link

    def hear(self, link, kind):
        while message := link.read_publish():
            change = json.loads(message[1])
            if change["kind"] == kind:
                return change["document"]

    def assign(self, company, **which):
        return self.ok(self.server.post("/v1/bulk", {"action": "assign", "parameters": {"companyId": company}, **which}), 201)

    def test_few(self):
        self.begin()
        south = self.company(self.server, "South")
        _, token = self.member(self.server, "n@example.org", self.north, "company-admin")
        link = self.follow(self.north, token)
        self.assign(south, ids=[self.devices[0][0]])
        self.assertEqual(self.hear(link, "device"), {"id": self.devices[0][0], "removed": True})

    def test_many(self):
        self.begin()
        south = self.company(self.server, "South")
        self.server.create("more", 1001, companyId=self.north)
        _, token = self.member(self.server, "n@example.org", self.north, "company-admin")
        link = self.follow(self.north, token)
        self.assign(south, filter={"company": self.north})
        document = self.hear(link, "bulk")
        self.assertEqual((document["id"], set(document)), (None, {"id", "revision"}), "no more than that there is something")


class StopTest(ConfigTest):
    @backend.about_sqlite
    def test_the_store_is_closed_while_somebody_waits_for_a_device(self):
        self.begin()
        lamp = self.bring_in(answer="nothing")
        body = {"node": "light", "property": "level", "value": "40"}
        with contextlib.closing(self.server.connect()) as waiting:
            waiting.request("POST", f"/v1/devices/{lamp.device}/set?wait=60", json.dumps(body), {"Authorization": f"Bearer {self.server.token}"})
            wait_for("it is asked", lambda: lamp.told != [])
            job = self.ok(self.server.post("/v1/bulk", {"action": "set", "ids": [lamp.device], "parameters": {**body, "value": "50"}}), 201)
            wait_for("it is asked again", lambda: len(lamp.told) == 2)
            begun = time.monotonic()
            self.assertEqual(self.server.stop(), 0)
            self.assertLess(time.monotonic() - begun, 45, "it stops before the wait for the device is over")
        self.assertFalse((self.server.data / "bellwether.db-wal").exists(), "who closes it last leaves no log behind")
        self.server.start()
        self.wait_broker()
        wait_for("the job goes on", lambda: len(lamp.told) > 2 or self.ok(self.server.get(f"/v1/bulk/{job['id']}"))["state"] != "running")


class PairTest(ConfigTest):
    def test_by_staff(self):
        self.begin()
        device = self.devices[0][0]
        user, _ = self.member(self.server, "owner@example.org", self.north, "end-user")
        pair = f"/v1/devices/{device}/pair"
        self.refused(self.server.post(pair, {"user": "owner@example.org"}), 409, "not approved")
        lamp = self.bring_in()
        self.assertEqual((self.show(device)["owner"], self.show(device)["ownerId"]), (None, None))
        south = self.company(self.server, "South")
        _, stranger = self.member(self.server, "x@example.org", south, "company-admin")
        _, north_admin = self.member(self.server, "n@example.org", self.north, "company-admin")
        self.refused(self.server.post(pair, {}), 400, "“userId”")
        self.refused(self.server.post(pair, {"user": "nobody"}), 404, "no such user")
        self.refused(self.server.post(pair, {"user": "x@example.org"}, token=north_admin), 404, "no such user")
        self.refused(self.server.post(pair, {"user": "owner@example.org"}, token=stranger), 404)
        document = self.ok(self.server.post(pair, {"userId": user["id"]}, token=north_admin))
        self.assertEqual((document["status"], document["owner"], document["ownerId"]), ("paired", "owner@example.org", user["id"]))
        self.assertGreater(document["pairedAt"], 0)
        self.refused(self.server.post(pair, {"userId": user["id"]}), 409, "has an owner already")
        self.assertFalse(lamp.ended.is_set(), "it stays connected")
        # taken back and approved again it is still his
        self.ok(self.server.post("/v1/devices/actions", {"action": "unapprove", "ids": [device]}))
        self.ok(self.server.post("/v1/devices/actions", {"action": "approve", "ids": [device]}))
        self.wait_shows(device, status="paired", owner="owner@example.org")
        document = self.ok(self.server.post(f"/v1/devices/{device}/unpair", {}))
        self.assertEqual((document["status"], document["owner"], document["ownerId"], document["pairedAt"]), ("pairing", None, None, 0))
        self.refused(self.server.post(f"/v1/devices/{device}/unpair", {}), 409, "no owner")
        self.assertEqual([a for a in self.actions(device) if "pair" in a], ["pair", "unpair"])

    def test_by_himself(self):
        self.begin()
        device = self.devices[0][0]
        self.bring_in()
        _, token = self.member(self.server, "owner@example.org", self.north, "end-user")
        _, other = self.member(self.server, "other@example.org", self.north, "end-user")
        south = self.company(self.server, "South")
        _, stranger = self.member(self.server, "x@example.org", south, "end-user")
        self.refused(self.server.get(f"/v1/devices/{device}", token=token), 403)
        self.refused(self.server.post("/v1/pairings", {"deviceId": device}, token=stranger), 404)
        claimed = self.ok(self.server.post("/v1/pairings", {"deviceId": device.replace("-", "").upper()}, token=token), 201)
        self.assertEqual((claimed["deviceId"], claimed["status"]), (device, "paired"))
        self.assertEqual(set(claimed), {"deviceId", "status", "pairedAt"}, "no more than he knew")
        self.refused(self.server.post("/v1/pairings", {"deviceId": device}, token=other), 409, "owner already")
        self.assertEqual([i["deviceId"] for i in self.ok(self.server.get("/v1/pairings", token=token))["items"]], [device])
        self.assertEqual(self.ok(self.server.get("/v1/pairings", token=other))["items"], [])
        self.refused(self.server.request("DELETE", f"/v1/pairings/{device}", token=other), 404)
        self.ok(self.server.request("DELETE", f"/v1/pairings/{device}", token=token), 204)
        self.assertTrue(self.shows(device, status="pairing", owner=None))
        self.refused(self.server.post("/v1/pairings", {"deviceId": self.devices[1][0]}, token=token), 409, "not approved")

    def test_guessing_is_slow(self):
        self.begin()
        _, token = self.member(self.server, "owner@example.org", self.north, "end-user")
        statuses = [self.server.post("/v1/pairings", {"deviceId": f"zzzz-zzzz-zzzz-{n:04}"}, token=token).status for n in range(30)]
        self.assertEqual(statuses[0], 404)
        self.assertIn(429, statuses)
        self.assertLessEqual(statuses.count(404), 12)

    def test_an_owner_that_is_deleted(self):
        self.begin()
        device = self.bring_in().device
        user, _ = self.member(self.server, "owner@example.org", self.north, "end-user")
        self.ok(self.server.post(f"/v1/devices/{device}/pair", {"user": "owner@example.org"}))
        self.ok(self.server.request("DELETE", f"/v1/users/{user['id']}"), 204)
        self.assertTrue(self.shows(device, status="pairing", owner=None))


class KeyTest(ConfigTest):
    def rotate(self, device, grace):
        reply = self.ok(self.server.post(f"/v1/devices/{device}/rotate-key", {"graceSeconds": grace}))
        self.assertRegex(reply["key"], re.compile("^[0-9a-hjkmnp-tv-z]{26}$"))
        return reply

    def test_at_once(self):
        self.begin()
        lamp = self.bring_in()
        device, key = self.devices[0]
        before = time.monotonic()
        new = self.rotate(device, 0)["key"]
        self.assertTrue(lamp.ended.wait(20), "who has the old key is sent away")
        self.assertLess(time.monotonic() - before, 5)
        wait_for("the old one is none", lambda: not self.is_let_in(device, key))
        self.assertTrue(self.is_let_in(device, new))
        self.assertNotIn(new, self.server.stderr())
        with self.server.database() as db:
            self.assertEqual(db.execute("SELECT count(*) FROM audit WHERE doc_after LIKE '%" + new + "%'").fetchone()[0], 0)
        self.assertIn("rotate-key", self.actions(device))
        text = self.server.get(f"/v1/batches/{self.batch}/hand-over.csv").body.decode()
        rows = {row["device_id"]: row["device_key"] for row in csv.DictReader(io.StringIO(text))}
        self.assertEqual(rows[device], "", "the batch's secret does not know it")
        self.assertEqual(rows[self.devices[1][0]], self.devices[1][1])

    def test_until_it_comes_with_the_new_one(self):
        self.begin()
        lamp = self.bring_in()
        device, key = self.devices[0]
        reply = self.rotate(device, 3600)
        self.assertGreater(reply["oldKeyEndsAt"], time.time() * 1e6)
        self.assertEqual(self.show(device)["oldKeyEndsAt"], reply["oldKeyEndsAt"])
        self.assertTrue(self.is_let_in(device, key), "it has not heard of the new one")
        again = self.rotate(device, 3600)
        self.assertFalse(self.is_let_in(device, reply["key"]), "one that was never used is not kept")
        lamp = Lamp(self, device, again["key"])
        wait_for("the old one is none", lambda: self.show(device)["oldKeyEndsAt"] == 0 and not self.is_let_in(device, key))
        self.assertFalse(lamp.ended.is_set(), "it stays")
        self.assertTrue(self.is_let_in(device, again["key"]))
        # what the broker has kept of it says nothing about the next one
        third = self.rotate(device, 3600)
        self.server.stop()
        self.server.start()
        self.wait_broker()
        self.assertTrue(self.is_let_in(device, again["key"]))
        self.assertEqual(self.show(device)["oldKeyEndsAt"], third["oldKeyEndsAt"])

    def test_until_its_time_is_over(self):
        self.begin()
        lamp = self.bring_in()
        device, key = self.devices[0]
        new = self.rotate(device, 3)["key"]
        self.assertTrue(self.is_let_in(device, key))
        self.assertTrue(lamp.ended.wait(20), "its time is over")
        self.assertFalse(self.is_let_in(device, key))
        self.assertTrue(self.is_let_in(device, new))
        self.assertEqual(self.show(device)["oldKeyEndsAt"], 0)

    def test_is_known_after_broker_db_is_made_anew(self):
        self.begin()
        device, key = self.devices[0]
        new = self.rotate(device, 3600)["key"]
        # a broker that still has the old file would refuse the backend
        self.server.stop()
        self.broker.stop()
        for name in ("broker.db", "broker.db-wal", "broker.db-shm"):
            (self.server.data / name).unlink(missing_ok=True)
        self.server.start()
        self.broker.start(self.folder, self.server.data)
        self.wait_broker()
        self.assertTrue(self.is_let_in(device, key))
        self.assertTrue(self.is_let_in(device, new))

    def test_refused(self):
        self.begin()
        path = f"/v1/devices/{self.devices[0][0]}/rotate-key"
        for body in ({}, {"graceSeconds": -1}, {"graceSeconds": 2592001}, {"graceSeconds": "x"}):
            self.refused(self.server.post(path, body), 400, "2592000")
        _, token = self.member(self.server, "s@example.org", self.north, "support")
        self.refused(self.server.post(path, {"graceSeconds": 0}, token=token), 403)
        south = self.company(self.server, "South")
        _, stranger = self.member(self.server, "x@example.org", south, "company-admin")
        self.refused(self.server.post(path, {"graceSeconds": 0}, token=stranger), 404)


class FactsTest(ConfigTest):
    def patch(self, device, query="", token="", **changes):
        if "factsRevision" not in changes:
            changes["factsRevision"] = self.show(device)["factsRevision"]
        return self.server.request("PATCH", f"/v1/devices/{device}{query}", changes, token=token)

    def test_facts(self):
        self.begin()
        device = self.devices[0][0]
        document = self.ok(self.patch(device, type="release", abbreviation="L1", license="MIT", machineId="m-7"))
        self.assertEqual([document[m] for m in ("type", "abbreviation", "license", "machineId")], ["release", "L1", "MIT", "m-7"])
        document = self.ok(self.patch(device, license=None))
        self.assertEqual((document["license"], document["abbreviation"]), (None, "L1"))
        self.refused(self.patch(device, type="gold"), 400, "type")
        self.refused(self.patch(device, abbreviation="x" * 33), 400, "abbreviation")
        self.refused(self.patch(device, license=7), 400, "“license”")
        self.refused(self.patch(device, factsRevision=1, license="x"), 409, "somebody else")
        self.refused(self.server.request("PATCH", f"/v1/devices/{device}", {"license": "x"}), 400, "“factsRevision”")
        self.assertEqual(self.actions(device), ["edit", "edit"])

    def test_moves(self):
        self.begin()
        lamp = self.bring_in()
        device = lamp.device
        south = self.company(self.server, "South")
        _, north_admin = self.member(self.server, "n@example.org", self.north, "company-admin")
        _, south_admin = self.member(self.server, "x@example.org", south, "company-admin")
        self.member(self.server, "owner@example.org", self.north, "end-user")
        tags = {name: self.ok(self.server.post("/v1/tags", {"name": name, "companyIds": companies}), 201)["id"]
                for name, companies in (("northern", [self.north]), ("all", []))}
        for tag in tags.values():
            self.ok(self.server.post(f"/v1/tags/{tag}/objects", {"kind": "device", "ids": [device], "on": True}))
        self.ok(self.server.post(f"/v1/devices/{device}/pair", {"user": "owner@example.org"}))
        self.take_away(lamp)
        self.ok(self.keep(device, "22"))
        self.refused(self.patch(device, token=north_admin, companyId=south), 404, "no company")
        self.refused(self.patch(device, companyId="nothing"), 400, "“companyId”")
        preview = self.ok(self.patch(device, "?preview=true", companyId=south))
        self.assertEqual(preview, {"losesTags": ["northern"], "losesOwner": "owner@example.org", "losesDesired": 1})
        self.assertTrue(self.shows(device, companyId=self.north, status="paired"), "nothing was changed")
        document = self.ok(self.patch(device, companyId=south))
        self.assertEqual((document["companyId"], document["status"], document["owner"], document["tags"]),
                         (south, "pairing", None, [tags["all"]]))
        self.assertEqual(self.desired(device), [])
        self.refused(self.server.get(f"/v1/devices/{device}", token=north_admin), 404)
        self.ok(self.server.get(f"/v1/devices/{device}", token=south_admin))
        with self.server.database("broker.db") as db:
            self.assertEqual(db.execute("SELECT company_id FROM device WHERE id = ?", (device,)).fetchone()[0], int(south))
        for token in (north_admin, south_admin):
            entries = self.ok(self.server.get(f"/v1/audit?object={device}&action=edit", token=token))["items"]
            self.assertEqual(len(entries), 1, "both companies have it in their log")


class RuleTest(ConfigTest):
    INFO = (("$description", json.dumps({"homie": "5.0", "version": 1, "name": "Lamp", "type": "lamp", "nodes": {}})),)

    def rule(self, name, action="approve", token="", **rest):
        body = {"name": name, "action": action, "enabled": True, **rest}
        return self.ok(self.server.post("/v1/rules", body, token=token), 201)

    def names(self):
        return [(r["name"], r["position"]) for r in self.ok(self.server.get("/v1/rules"))["items"]]

    def test_acts_once_on_those_that_begin_to_wait(self):
        self.begin()
        self.introduce(9)
        wait_for("it is judged", lambda: self.n_due() == 0)
        self.rule("ours", conditions={"batchId": self.batch, "network": "127.0.0.0/8", "homie": "5"})
        device = self.devices[0][0]
        Lamp(self, *self.devices[0])
        self.wait_shows(device, status="pairing")
        entry = self.ok(self.server.get(f"/v1/audit?object={device}"))["items"][0]
        self.assertEqual((entry["user"], entry["action"], entry["after"]), ("rule ours", "approve", {"status": "pairing", "rule": "ours"}))
        self.assertTrue(self.shows(self.devices[9][0], status="awaiting-approval"), "it waits since before")
        # a person's word is not undone
        self.ok(self.server.post("/v1/devices/actions", {"action": "unapprove", "ids": [device]}))
        Lamp(self, *self.devices[0])
        self.wait_shows(device, status="awaiting-approval", online=True)
        Lamp(self, *self.devices[1])
        self.wait_shows(self.devices[1][0], status="pairing")
        self.assertTrue(self.shows(device, status="awaiting-approval"))

    def test_the_first_that_fits(self):
        self.begin()
        first = self.rule("leave pumps", "leave", conditions={"product": "pump"})
        self.rule("no old ones", "block", conditions={"versionPrefix": "0."})
        self.rule("off", "block", enabled=False)
        self.rule("new ones", conditions={"versionAtLeast": "1.9"})
        for number, (product, version, status) in enumerate([("pump", "2.0", "awaiting-approval"), ("lamp", "0.9", "blocked"),
                                                              ("lamp", "1.8", "awaiting-approval"), ("lamp", "1.10", "pairing")]):
            root = {"homie": "5.0", "version": 1, "name": "x", "type": product, "nodes": {}}
            device = self.devices[number][0]
            Lamp(self, *self.devices[number], description=json.dumps(root), info=[("$fw/name", product), ("$fw/version", version)])
            self.wait_shows(device, state="ready") if status == "awaiting-approval" else self.wait_shows(device, status=status)
        self.assertEqual([self.show(d[0])["status"] for d in self.devices[:4]], ["awaiting-approval", "blocked", "awaiting-approval", "pairing"])
        self.assertEqual(self.names(), [("leave pumps", 1), ("no old ones", 2), ("off", 3), ("new ones", 4)])
        self.ok(self.server.request("PATCH", f"/v1/rules/{first['id']}", {"revision": first["revision"], "position": 3}))
        self.assertEqual(self.names(), [("no old ones", 1), ("off", 2), ("leave pumps", 3), ("new ones", 4)])
        self.ok(self.server.request("DELETE", f"/v1/rules/{first['id']}"), 204)
        self.assertEqual(self.names(), [("no old ones", 1), ("off", 2), ("new ones", 3)])

    def test_at_most_so_many_an_hour(self):
        self.begin()
        self.rule("two", conditions={"batchId": self.batch}, maxPerHour=2)
        for number in range(3):
            Lamp(self, *self.devices[number])
            self.wait_shows(self.devices[number][0], status="pairing" if number < 2 else "awaiting-approval")
        wait_for("all are judged", lambda: self.n_due() == 0)
        self.assertTrue(self.shows(self.devices[2][0], status="awaiting-approval"))

    def n_due(self):
        with self.server.database() as db:
            return db.execute("SELECT count(*) FROM rule_due").fetchone()[0]

    def test_survives_a_kill(self):
        self.begin()
        self.rule("ours", conditions={"batchId": self.batch})
        self.server.kill()
        lamp = Lamp(self, *self.devices[0])
        self.server.start()
        self.wait_shows(lamp.device, status="pairing")

    def test_reach(self):
        self.begin()
        south = self.company(self.server, "South")
        _, south_admin = self.member(self.server, "x@example.org", south, "company-admin")
        _, north_admin = self.member(self.server, "n@example.org", self.north, "company-admin")
        other = self.rule("theirs", "block", token=south_admin)
        self.assertEqual(other["companyId"], south)
        self.refused(self.server.get(f"/v1/rules/{other['id']}", token=north_admin), 404)
        self.assertEqual(self.ok(self.server.get("/v1/rules", token=north_admin))["total"], 0)
        self.refused(self.server.post("/v1/rules", {"name": "x", "action": "leave", "companyId": south}, token=north_admin), 404)
        self.rule("ours", conditions={"companyId": self.north}, token=north_admin)
        Lamp(self, *self.devices[0])
        self.wait_shows(self.devices[0][0], status="pairing")

    def test_trial_of_who_does_not_know_the_rules_above(self):
        self.begin()
        self.introduce(0)
        self.introduce(1)
        self.rule("secret", "leave", conditions={"network": "10.0.0.0/8"})
        self.rule("the secret one", "leave", conditions={"batchId": self.batch}, maxPerHour=1)
        _, token = self.member(self.server, "a@example.org", self.north, "company-admin")
        reply = self.server.post("/v1/rules/trial", {"rule": {"name": "mine", "action": "approve", "conditions": {"network": "11.0.0.0/8"}}}, token=token)
        tried = self.ok(reply)["items"]
        self.assertNotIn("secret", reply.body.decode())
        self.assertEqual(tried[0]["rule"], {"id": None, "name": None}, "that there is one is what comes of it")
        self.assertEqual([[o["name"] for o in i["others"] if o["name"] != "mine"] for i in tried], [[], []])
        above = self.server.post("/v1/rules/trial", {}).body.decode()
        self.assertIn("the secret one", above)

    def test_trial(self):
        self.begin()
        self.introduce(0)
        self.introduce(1)
        off = self.rule("off", enabled=False, conditions={"batchId": self.batch})
        self.rule("testing", "block", conditions={"type": "testing"})
        tried = self.ok(self.server.post("/v1/rules/trial", {}))
        self.assertEqual([(i["action"], i["rule"]) for i in tried["items"]], [("wait", None)] * 2)
        self.assertEqual(tried["items"][0]["others"][0]["reason"], "the type is not known and not testing")
        tried = self.ok(self.server.post("/v1/rules/trial", {"ruleId": off["id"]}))
        self.assertEqual([(i["action"], i["rule"]["name"]) for i in tried["items"]], [("approve", "off")] * 2)
        draft = {"name": "draft", "action": "approve", "conditions": {"network": "127.0.0.0/8"}, "maxPerHour": 1}
        tried = self.ok(self.server.post("/v1/rules/trial", {"rule": draft}))
        self.assertEqual([(i["action"], i["spent"]) for i in tried["items"]], [("approve", False), ("wait", True)])
        self.assertEqual(tried["items"][0]["others"][0]["name"], "testing", "those before it are asked first")
        draft["conditions"] = {"network": "10.0.0.0/8"}
        tried = self.ok(self.server.post("/v1/rules/trial", {"ruleId": off["id"], "rule": draft}))
        self.assertEqual(tried["items"][0]["others"][0]["reason"], "the address is 127.0.0.1 and not in 10.0.0.0/8")
        self.assertTrue(self.shows(self.devices[0][0], status="awaiting-approval"), "nothing was changed")
        self.refused(self.server.post("/v1/rules/trial", {"ruleId": "999"}), 404, "no rule 999")
        self.refused(self.server.post("/v1/rules/trial", {"rule": {"name": "x", "action": "approve"}}), 400, "needs a condition")

    def test_refused(self):
        self.begin()
        good = {"name": "x", "action": "approve", "conditions": {"product": "lamp"}}
        for change, words in [({"name": ""}, "needs a name"), ({"action": "dance"}, "“action”"), ({"conditions": {}}, "needs a condition"),
                              ({"conditions": []}, "“conditions”"), ({"conditions": {"colour": "red"}}, "no condition"),
                              ({"conditions": {"network": "10.0.0.0/99"}}, "no network"), ({"conditions": {"type": "gold"}}, "“type”"),
                              ({"conditions": {"seenWithinHours": 0}}, "1 to 8760"), ({"conditions": {"batchId": "x"}}, "no id"),
                              ({"conditions": {"product": 7}}, "“product”"), ({"maxPerHour": 0}, "“maxPerHour”"),
                              ({"enabled": "yes"}, "“enabled”"), ({"position": 0}, "“position”")]:
            self.refused(self.server.post("/v1/rules", {**good, **change}), 400, words)
        self.ok(self.server.post("/v1/rules", good), 201)
        self.refused(self.server.post("/v1/rules", {**good, "name": "X"}), 409, "already")


if __name__ == "__main__":
    backend.main()
