"""A successful request for every route of the table, on a backend with a broker and a device that answers.

A case is set up by calls that do not count and makes its own by Walk.call(), which remembers the reply and how
many audit entries there were before and after it.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import base64
import contextlib
import csv
import hashlib
import hmac
import io
import json
import re
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))

import backend  # noqa: E402
from backend import wait_for  # noqa: E402
from people import People  # noqa: E402
from rawmqtt import Link, packet, publish_packet, subscribe_packet  # noqa: E402

MUTATING = ("POST", "PUT", "PATCH", "DELETE")
PASSWORD = "a good password"
BIG = 200_000

DESCRIPTION = json.dumps({"homie": "5.0", "version": 1, "name": "Lamp", "type": "lamp", "nodes": {
    "light": {"name": "Light", "properties": {"level": {"datatype": "integer", "format": "0:100", "settable": True}}}}})

CASES = {}


class Route:
    def __init__(self, line):
        method, path, flags, body_max, permission, *members = line.split(" ")
        self.method, self.path = method, path
        self.name = f"{method} {path}"
        self.is_public = bool(int(flags) & 1)
        self.body_max = int(body_max)
        self.permissions = [] if permission == "-" else permission.split(",")
        self.kind_members = members or None


def routes():
    """The table, with what the other tests do not ask for."""
    lines = subprocess.check_output([str(backend.BUILD / "tests/server/list-routes"), "--long"], text=True).splitlines()
    return [Route(line) for line in lines]


def case(name):
    def add(function):
        CASES[name] = function
        return function
    return add


class Broker:
    """A Mosquitto with the plugin, for one backend, which is there first: before that the plugin admits nobody."""

    def __init__(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    def start(self, folder, data):
        conf = folder / "mosquitto.conf"
        conf.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous false\n"
                        f"plugin {backend.BUILD}/src/plugin/bellwether-broker-plugin.so\n"
                        f"plugin_opt_database {data}/broker.db\nuser root\nlog_type error\n")
        self.process = subprocess.Popen(["mosquitto", "-c", str(conf)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Walk(People):
    """Cases run in the order of the table, each with names of its own."""

    def begin(self):
        self.n_names = 0
        self.calls = []
        self.previews = []
        self.broker = Broker()
        self.server = self.start("--broker", f"mqtt://127.0.0.1:{self.broker.port}")
        self.broker.start(self.folder, self.server.data)
        self.addCleanup(self.broker.stop)
        self.north = self.company(self.server, "North")
        self.tag = self.ok(self.server.post("/v1/tags", {"name": "spring", "companyIds": [self.north]}), 201)["id"]
        self.batch = self.server.create("first", 20, companyId=self.north)["id"]
        text = self.server.get(f"/v1/batches/{self.batch}/hand-over.csv").body.decode()
        self.devices = [(row["device_id"], row["device_key"]) for row in csv.DictReader(io.StringIO(text))]
        self.lamp = self.devices[0][0]
        wait_for("the broker is connected", lambda: self.server.get("/v1/status").json["broker"] == "connected")
        self.bring_in(*self.devices[0])

    def name(self, what):
        self.n_names += 1
        return f"{what}-{self.n_names}"

    def email(self):
        return self.name("someone") + "@example.org"

    def user(self, role="company-admin"):
        """Somebody's document and token, in North."""
        return self.member(self.server, self.email(), self.north, role)

    def user_with_totp(self):
        """The document, a token and the recovery codes."""
        user, token = self.user()
        secret = self.ok(self.server.post("/v1/users/me/totp", {}, token=token))["secret"]
        codes = self.ok(self.server.request("PUT", "/v1/users/me/totp", {"code": totp(secret)}, token=token))["recoveryCodes"]
        return user, token, codes

    def connect(self, device, key):
        """An announced device that echoes what it is told."""
        root = f"homie/5/{device}"
        link = Link(self.broker.port, device, device, key)
        link.send(publish_packet(f"{root}/$state", "init", 1), publish_packet(f"{root}/$description", DESCRIPTION, 1),
                  subscribe_packet(f"{root}/+/+/set", 1), publish_packet(f"{root}/light/level", "1", 1),
                  publish_packet(f"{root}/$state", "ready", 1))

        def run():
            with contextlib.suppress(OSError, IndexError):
                while message := link.read_publish():
                    topic, payload, packet_id = message
                    if packet_id:
                        link.send(packet(0x40, struct.pack("!H", packet_id)))
                    link.send(publish_packet(topic.removesuffix("/set"), payload, 1))
        threading.Thread(target=run, daemon=True).start()
        self.addCleanup(link.close)
        return link

    def shows(self, device, **facts):
        document = self.server.get(f"/v1/devices/{device}").json
        return all(document.get(name) == value for name, value in facts.items())

    def bring_in(self, device, key):
        self.connect(device, key)
        wait_for("it waits", lambda: self.shows(device, status="awaiting-approval"))
        self.ok(self.server.post("/v1/devices/actions", {"action": "approve", "ids": [device]}))
        wait_for("it was sent away", lambda: self.shows(device, online=False))
        self.connect(device, key)
        wait_for("it is there", lambda: self.shows(device, online=True, state="ready"))

    def count(self):
        with self.server.database() as db:
            return db.execute("SELECT count(*) FROM audit").fetchone()[0]

    def call(self, route, body=None, query="", token="", headers=None, **ids):
        method, path = route.split(" ")
        path = path.format(**ids) + query
        before = self.count()
        reply = self.server.request(method, path, body, token=token, headers=headers)
        self.calls.append((route, body, reply, self.count() - before))
        return reply

    def ask(self):
        """A request that waits for somebody else; its id and the token of who asked."""
        _, token = self.user()
        other, _ = self.user("serviceman")
        reply = self.server.request("DELETE", f"/v1/participations/{other['participations'][0]['id']}?comment=why", token=token)
        return self.ok(reply, 202)["request"]["id"], token


def totp(secret):
    """What an app would show now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack("!Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('!I', digest[start:start + 4])[0] & 0x7fffffff) % 1000000:06d}"


# Without a sign-in, and sessions

@case("GET /v1/status")
def _(walk):
    walk.call("GET /v1/status", token=None)


@case("POST /v1/sessions")
def _(walk):
    user, _ = walk.user()
    walk.call("POST /v1/sessions", {"user": user["email"], "password": PASSWORD}, token=None)


@case("POST /v1/invitations")
def _(walk):
    user = walk.invite(walk.server, walk.email(), walk.north, "serviceman")
    walk.call("POST /v1/invitations", {"code": user["invitation"]["code"], "password": PASSWORD, "firstName": "Ada"}, token=None)


@case("POST /v1/registrations")
def _(walk):
    walk.call("POST /v1/registrations", {"email": walk.email(), "password": PASSWORD, "firstName": "Ada", "lastName": "Lovelace",
                                         "alias": "north"}, token=None)


@case("GET /v1/sessions")
def _(walk):
    walk.call("GET /v1/sessions", token=walk.user()[1])


@case("DELETE /v1/sessions/{id}")
def _(walk):
    user, token = walk.user()
    body = {"user": user["email"], "password": PASSWORD}
    other = walk.ok(walk.server.post("/v1/sessions", body, token=None), 201)["session"]["id"]
    walk.call("DELETE /v1/sessions/{id}", id=other, token=token)


@case("PATCH /v1/users/me")
def _(walk):
    walk.call("PATCH /v1/users/me", {"firstName": "Ada", "lastName": "Lovelace"}, token=walk.user()[1])


@case("POST /v1/users/me/totp")
def _(walk):
    walk.call("POST /v1/users/me/totp", {}, token=walk.user()[1])


@case("PUT /v1/users/me/totp")
def _(walk):
    _, token = walk.user()
    secret = walk.ok(walk.server.post("/v1/users/me/totp", {}, token=token))["secret"]
    walk.call("PUT /v1/users/me/totp", {"code": totp(secret)}, token=token)


@case("DELETE /v1/users/me/totp")
def _(walk):
    _, token, codes = walk.user_with_totp()
    walk.call("DELETE /v1/users/me/totp", query=f"?code={codes[0]}", token=token)


@case("POST /v1/users/{id}/invitation")
def _(walk):
    walk.call("POST /v1/users/{id}/invitation", {}, id=walk.invite(walk.server, walk.email(), walk.north, "serviceman")["id"])


@case("POST /v1/users/{id}/log-out")
def _(walk):
    walk.call("POST /v1/users/{id}/log-out", {}, id=walk.user()[0]["id"])


@case("DELETE /v1/users/{id}/totp")
def _(walk):
    walk.call("DELETE /v1/users/{id}/totp", id=walk.user_with_totp()[0]["id"])


@case("GET /v1/sessions/current")
def _(walk):
    walk.call("GET /v1/sessions/current", token=walk.user()[1])


@case("DELETE /v1/sessions/current")
def _(walk):
    walk.call("DELETE /v1/sessions/current", token=walk.user()[1])


@case("PUT /v1/users/me/password")
def _(walk):
    walk.call("PUT /v1/users/me/password", {"old": PASSWORD, "new": "another good password"}, token=walk.user()[1])


@case("PUT /v1/sessions/current/participation")
def _(walk):
    user, token = walk.user()
    other = walk.company(walk.server, walk.name("other"))
    body = {"userId": user["id"], "companyId": other, "roleId": walk.role(walk.server, "support")}
    second = walk.ok(walk.server.post("/v1/participations", body), 201)["id"]
    walk.call("PUT /v1/sessions/current/participation", {"participationId": second}, token=token)


# People

@case("GET /v1/permissions")
def _(walk):
    walk.call("GET /v1/permissions")


def people(path, singular, body, edit):
    """The routes of a kind: @body makes one, @edit changes it."""
    def make(walk):
        return walk.ok(walk.server.post(f"/v1/{path}", body(walk)), 201)

    @case(f"GET /v1/{path}")
    def _(walk):
        make(walk)
        walk.call(f"GET /v1/{path}")

    @case(f"POST /v1/{path}")
    def _(walk):
        walk.call(f"POST /v1/{path}", body(walk))

    @case(f"GET /v1/{path}/{{id}}")
    def _(walk):
        walk.call(f"GET /v1/{path}/{{id}}", id=make(walk)["id"])

    @case(f"PATCH /v1/{path}/{{id}}")
    def _(walk):
        document = make(walk)
        walk.call(f"PATCH /v1/{path}/{{id}}", {"revision": document["revision"], "comment": singular, **edit(walk)}, id=document["id"])
        walk.previews.append(walk.server.request("PATCH", f"/v1/{path}/{document['id']}?preview=true",
                                                 {"revision": document["revision"] + 1, **edit(walk)}))

    @case(f"DELETE /v1/{path}/{{id}}")
    def _(walk):
        walk.call(f"DELETE /v1/{path}/{{id}}", query="?comment=gone", id=make(walk)["id"])


people("companies", "company",
       lambda walk: {"name": walk.name("company"), "alias": walk.name("alias"), "parentId": walk.north, "tags": [walk.tag]},
       lambda walk: {"phone": "+1 2"})
people("users", "user",
       lambda walk: {"email": walk.email(), "firstName": "Ada", "companyId": walk.north, "roleId": walk.role(walk.server, "support"),
                     "lastDay": "2100-01-31", "tags": [walk.tag]},
       lambda walk: {"lastName": "Lovelace"})
people("participations", "participation",
       lambda walk: {"userId": walk.user()[0]["id"], "companyId": walk.company(walk.server, walk.name("elsewhere")),
                     "roleId": walk.role(walk.server, "support"), "firstDay": "2026-01-01"},
       lambda walk: {"lastDay": "2100-01-31"})
people("roles", "role",
       lambda walk: {"name": walk.name("role"), "permissions": ["view-devices"], "tags": []},
       lambda walk: {"permissions": ["view-devices", "control-devices"]})
people("tags", "tag",
       lambda walk: {"name": walk.name("tag"), "color": "#00ff00", "companyIds": [walk.north]},
       lambda walk: {"color": "#0000ff"})


people("label-designs", "label design",
       lambda walk: {"name": walk.name("design"), "companyId": walk.north, "design": {"format": 1, "fields": [
           {"kind": "qr", "x": 0, "y": 0, "width": 20, "height": 20},
           {"kind": "id", "x": 21, "y": 0, "width": 30, "height": 5, "align": "left", "pt": 8}]}},
       lambda walk: {"design": {"format": 1, "link": "https://example.org/{id}", "errorCorrection": "M"}})


people("views", "view",
       lambda walk: {"name": walk.name("view"), "companyId": walk.north,
                     "document": {"filter": {"status": ["new", "flashed"], "online": False}, "sort": "-name", "columns": ["id"]}},
       lambda walk: {"document": {"filter": {}}})


@case("POST /v1/tags/{id}/objects")
def _(walk):
    walk.call("POST /v1/tags/{id}/objects", {"kind": "device", "ids": [walk.devices[1][0], "nothing"], "on": True}, id=walk.tag)


@case("GET /v1/requests")
def _(walk):
    walk.ask()
    walk.call("GET /v1/requests")


@case("GET /v1/requests/{id}")
def _(walk):
    walk.call("GET /v1/requests/{id}", id=walk.ask()[0])


@case("DELETE /v1/requests/{id}")
def _(walk):
    request, token = walk.ask()
    walk.call("DELETE /v1/requests/{id}", id=request, token=token)


@case("POST /v1/requests/{id}/accept")
def _(walk):
    walk.call("POST /v1/requests/{id}/accept", {}, id=walk.ask()[0])


@case("POST /v1/requests/{id}/reject")
def _(walk):
    walk.call("POST /v1/requests/{id}/reject", {"reason": "no"}, id=walk.ask()[0])


# The audit log

@case("GET /v1/audit")
def _(walk):
    walk.call("GET /v1/audit", query="?limit=500")


@case("GET /v1/audit/export.csv")
def _(walk):
    walk.call("GET /v1/audit/export.csv")


@case("GET /v1/audit/verify")
def _(walk):
    walk.call("GET /v1/audit/verify")


# Devices

@case("GET /v1/overview")
def _(walk):
    walk.call("GET /v1/overview")


@case("GET /v1/overview/trends")
def _(walk):
    walk.call("GET /v1/overview/trends")


@case("GET /v1/search")
def _(walk):
    walk.call("GET /v1/search", query="?q=e")


@case("GET /v1/batches")
def _(walk):
    walk.call("GET /v1/batches")


@case("POST /v1/batches")
def _(walk):
    reply = walk.call("POST /v1/batches", {"name": walk.name("batch"), "count": 3, "companyId": walk.north, "info": "x", "color": "#ff0000"})
    walk.server.wait_ready(reply.json["id"])


@case("GET /v1/batches/{id}")
def _(walk):
    walk.call("GET /v1/batches/{id}", id=walk.batch)


@case("DELETE /v1/batches/{id}")
def _(walk):
    batch = walk.ok(walk.server.post("/v1/batches", {"name": walk.name("batch"), "count": BIG}), 201)["id"]
    walk.call("DELETE /v1/batches/{id}", id=batch)
    wait_for("it is taken back", lambda: walk.server.get(f"/v1/batches/{batch}").status == 404)


@case("GET /v1/batches/{id}/hand-over.csv")
def _(walk):
    walk.call("GET /v1/batches/{id}/hand-over.csv", id=walk.batch)


@case("POST /v1/batches/{id}/handed-over")
def _(walk):
    walk.call("POST /v1/batches/{id}/handed-over", {}, id=walk.server.create(walk.name("batch"), 3)["id"])


@case("GET /v1/batches/{id}/ids")
def _(walk):
    walk.call("GET /v1/batches/{id}/ids", query="?first=2&count=3", id=walk.batch)


@case("GET /v1/batches/{id}/label-facts")
def _(walk):
    walk.call("GET /v1/batches/{id}/label-facts", query="?first=2&count=3", id=walk.batch)


@case("POST /v1/batches/{id}/flashed")
def _(walk):
    walk.call("POST /v1/batches/{id}/flashed", {"ids": [walk.devices[6][0], "nothing"]}, id=walk.batch)


@case("GET /v1/batches/{id}/funnel")
def _(walk):
    walk.call("GET /v1/batches/{id}/funnel", id=walk.batch)


@case("GET /v1/batches/{id}/stragglers")
def _(walk):
    walk.call("GET /v1/batches/{id}/stragglers", query="?stage=paired", id=walk.batch)


@case("POST /v1/batches/import")
def _(walk):
    walk.call("POST /v1/batches/import", b"device_id,type\nzzzz-0000-0000-0001,release\nnonsense,\n",
              query=f"?name={walk.name('batch')}&skipBad=true", headers={"Content-Type": "text/csv"})


@case("POST /v1/batches/{id}/labelled")
def _(walk):
    walk.call("POST /v1/batches/{id}/labelled", {"first": 5, "count": 3}, id=walk.batch)


@case("GET /v1/devices")
def _(walk):
    walk.call("GET /v1/devices", query="?status=paired&status=new&name!~=pump&sort=product,-last-seen")


@case("GET /v1/devices/export.csv")
def _(walk):
    walk.call("GET /v1/devices/export.csv", query="?columns=id,name&online=true")


@case("POST /v1/devices/export.csv")
def _(walk):
    walk.call("POST /v1/devices/export.csv", {"ids": [walk.lamp], "columns": "id,name"})


@case("GET /v1/devices/values")
def _(walk):
    walk.call("GET /v1/devices/values", query="?field=batch&limit=3")


def bulk(walk, body):
    job = walk.ok(walk.server.post("/v1/bulk", body), 201)
    wait_for("the job has ended", lambda: walk.server.get(f"/v1/bulk/{job['id']}").json["state"] != "running")
    return job["id"]


@case("GET /v1/bulk")
def _(walk):
    bulk(walk, {"action": "tag", "filter": {"batch": walk.batch}, "parameters": {"tagId": walk.tag}})
    walk.call("GET /v1/bulk")


@case("POST /v1/bulk")
def _(walk):
    wish = {"action": "set", "ids": [walk.lamp, walk.devices[3][0]], "parameters": {"node": "light", "property": "level", "value": "44"}}
    walk.call("POST /v1/bulk", wish)


@case("GET /v1/bulk/{id}")
def _(walk):
    job = bulk(walk, {"action": "set", "ids": [walk.lamp, walk.devices[3][0]],
                      "parameters": {"node": "light", "property": "level", "value": "45"}})
    document = walk.call("GET /v1/bulk/{id}", id=job).json
    assert (document["nDone"], document["nFailed"]) == (2, 1), document


@case("DELETE /v1/bulk/{id}")
def _(walk):
    walk.server.create(walk.name("many"), 30000)
    job = walk.ok(walk.server.post("/v1/bulk", {"action": "tag", "filter": {}, "parameters": {"tagId": walk.tag}}), 201)
    walk.call("DELETE /v1/bulk/{id}", id=job["id"])


@case("GET /v1/bulk/{id}/results")
def _(walk):
    job = bulk(walk, {"action": "approve", "filter": {"batch": walk.batch}})
    walk.call("GET /v1/bulk/{id}/results", query="?state=refused&limit=3", id=job)


@case("POST /v1/bulk/{id}/undo")
def _(walk):
    job = bulk(walk, {"action": "set", "ids": [walk.lamp], "parameters": {"node": "light", "property": "level", "value": "46"}})
    undo = walk.call("POST /v1/bulk/{id}/undo", id=job).json["id"]
    wait_for("the lamp is as it was", lambda: walk.server.get(f"/v1/bulk/{undo}").json["state"] != "running")
    document = walk.server.get(f"/v1/bulk/{undo}").json
    assert (document["nDone"], document["nFailed"]) == (1, 0), walk.server.get(f"/v1/bulk/{undo}/results").json
    nodes = walk.server.get(f"/v1/devices/{walk.lamp}").json["nodes"]
    assert nodes[0]["properties"][0]["value"] != "46", nodes


@case("POST /v1/devices/actions")
def _(walk):
    walk.call("POST /v1/devices/actions", {"action": "block", "ids": [walk.devices[2][0], "nothing"]})


@case("GET /v1/devices/{id}")
def _(walk):
    walk.call("GET /v1/devices/{id}", id=walk.lamp)


@case("DELETE /v1/devices/{id}")
def _(walk):
    walk.call("DELETE /v1/devices/{id}", query="?comment=broken", id=walk.devices[-1][0])


@case("GET /v1/devices/{id}/timeline")
def _(walk):
    walk.ok(walk.server.post(f"/v1/devices/{walk.lamp}/set?wait=20", {"node": "light", "property": "level", "value": "39"}), 202)
    wait_for("the command is kept", lambda: walk.server.get(f"/v1/devices/{walk.lamp}/timeline?kind=command").json["items"])
    walk.call("GET /v1/devices/{id}/timeline", query="?limit=50&kind=connection,state,command,notice,firmware,description,first-seen,admission,tag,change",
              id=walk.lamp)


@case("POST /v1/devices/{id}/set")
def _(walk):
    walk.call("POST /v1/devices/{id}/set", {"node": "light", "property": "level", "value": "40"}, query="?wait=20", id=walk.lamp)


@case("PATCH /v1/devices/{id}")
def _(walk):
    device = walk.devices[7][0]
    revision = walk.server.get(f"/v1/devices/{device}").json["factsRevision"]
    walk.call("PATCH /v1/devices/{id}", {"factsRevision": revision, "type": "release", "abbreviation": "L", "license": None,
                                         "machineId": "m-1", "companyId": walk.company(walk.server, walk.name("third"))}, id=device)


@case("PUT /v1/devices/{id}/desired")
def _(walk):
    walk.call("PUT /v1/devices/{id}/desired", {"node": "light", "property": "level", "value": "42"}, id=walk.lamp)
    wait_for("it was delivered", lambda: walk.server.get(f"/v1/devices/{walk.lamp}").json["desired"] == [])


@case("DELETE /v1/devices/{id}/desired")
def _(walk):
    device, key = walk.devices[8]
    walk.bring_in(device, key)
    link = walk.connect(device, key)
    link.close()
    wait_for("it is gone", lambda: walk.shows(device, online=False))
    walk.ok(walk.server.request("PUT", f"/v1/devices/{device}/desired", {"node": "light", "property": "level", "value": "42"}))
    walk.call("DELETE /v1/devices/{id}/desired", query="?node=light&property=level", id=device)


@case("POST /v1/devices/{id}/pair")
def _(walk):
    walk.call("POST /v1/devices/{id}/pair", {"user": "admin"}, id=walk.lamp)


@case("POST /v1/devices/{id}/unpair")
def _(walk):
    walk.call("POST /v1/devices/{id}/unpair", {}, id=walk.lamp)


@case("POST /v1/devices/{id}/rotate-key")
def _(walk):
    walk.call("POST /v1/devices/{id}/rotate-key", {"graceSeconds": 60}, id=walk.devices[9][0])


@case("GET /v1/pairings")
def _(walk):
    walk.call("GET /v1/pairings")


@case("POST /v1/pairings")
def _(walk):
    walk.call("POST /v1/pairings", {"deviceId": walk.lamp}, token=walk.user("end-user")[1])
    walk.ok(walk.server.post(f"/v1/devices/{walk.lamp}/unpair", {}))


@case("DELETE /v1/pairings/{id}")
def _(walk):
    _, token = walk.user("end-user")
    walk.ok(walk.server.post("/v1/pairings", {"deviceId": walk.lamp}, token=token), 201)
    walk.call("DELETE /v1/pairings/{id}", id=walk.lamp, token=token)


people("rules", "rule",
       lambda walk: {"name": walk.name("rule"), "companyId": walk.north, "action": "approve", "enabled": False, "position": 1, "maxPerHour": 5,
                     "conditions": {"batchId": walk.batch, "companyId": walk.north, "product": "pump", "versionPrefix": "1", "versionAtLeast": "1.2",
                                    "network": "127.0.0.0/8", "type": "release", "homie": "5", "seenWithinHours": 1}},
       lambda walk: {"enabled": True, "action": "block"})


@case("POST /v1/rules/trial")
def _(walk):
    walk.connect(*walk.devices[10])
    wait_for("it waits", lambda: walk.shows(walk.devices[10][0], status="awaiting-approval"))
    walk.call("POST /v1/rules/trial", {"rule": {"name": "x", "action": "approve", "conditions": {"homie": "5"}}})


@case("GET /v1/devices/{id}/history")
def _(walk):
    walk.call("GET /v1/devices/{id}/history", query="?node=light&property=level&from=1&to=4000000000000000&points=1", id=walk.lamp)
    walk.call("GET /v1/devices/{id}/history", query="?node=%24device&property=state", id=walk.lamp)


@case("GET /v1/devices/{id}/history/series")
def _(walk):
    walk.call("GET /v1/devices/{id}/history/series", id=walk.lamp)


@case("GET /v1/devices/{id}/history.csv")
def _(walk):
    walk.call("GET /v1/devices/{id}/history.csv", query="?node=light&property=level&from=1&to=4000000000000000", id=walk.lamp)


@case("GET /v1/history/retention")
def _(walk):
    walk.call("GET /v1/history/retention")


@case("PUT /v1/history/retention")
def _(walk):
    walk.call("PUT /v1/history/retention", {"product": "lamp", "keepDays": 730, "rawDays": 30, "thinSeconds": 300})


@case("DELETE /v1/history/retention")
def _(walk):
    walk.server.request("PUT", "/v1/history/retention", {"product": "pump", "keepDays": 0, "rawDays": 0, "thinSeconds": 1})
    walk.call("DELETE /v1/history/retention", query="?product=pump")


@case("GET /v1/commands/{id}")
def _(walk):
    command = walk.ok(walk.server.post(f"/v1/devices/{walk.lamp}/set", {"node": "light", "property": "level", "value": "41"}), 202)["id"]
    walk.call("GET /v1/commands/{id}", id=command)
