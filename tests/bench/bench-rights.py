#!/usr/bin/python3
"""How soon a change of rights holds, in the API and at the broker: bench-rights.py BUILD. It is a
test too: it fails when a change never holds.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import sys
import threading
import time

from brokerside import Side, wait_for
from rawmqtt import Link, publish_packet, subscribe_packet

QUIET_S = 2.0
STEP_S = 0.005


class Viewer:
    """A session that follows one device, and when it was last told something."""

    def __init__(self, side, session, token, topic):
        self.link = Link(side.port, session, session, token)
        self.link.send(subscribe_packet(topic))
        self.last = 0.0
        self.n = 0
        self.is_over = False
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        try:
            while self.link.read_publish() is not None:
                self.last = time.monotonic()
                self.n += 1
        except (OSError, IndexError, TypeError):
            pass
        self.is_over = True


class Bench:
    def __init__(self, side):
        self.side = side
        side.wait_connected()
        (self.device, key), = side.make_devices(1)
        side.approve_all()
        self.publisher = Link(side.port, self.device, self.device, key)
        self.stop = threading.Event()
        threading.Thread(target=self.publish, daemon=True).start()

    def publish(self):
        i = 0
        while not self.stop.wait(STEP_S):
            i += 1
            self.publisher.send(publish_packet(f"homie/5/{self.device}/a/b", str(i), 0))

    def call(self, method, path, body=None, token=None):
        old, self.side.token = self.side.token, token or self.side.token
        try:
            return self.side.call(method, path, body)
        finally:
            self.side.token = old

    def member(self, email, role_id):
        user = self.call("POST", "/v1/users", {"email": email, "firstName": "A", "lastName": "B", "roleId": role_id})
        signed_in = self.call("POST", "/v1/invitations", {"code": user["invitation"]["code"], "password": "a good password"})
        return user, signed_in["token"], signed_in["session"]

    def follow(self, session, token):
        viewer = Viewer(self.side, session["id"], token, f"homie/5/{self.device}/#")
        wait_for("the session follows the device", lambda: viewer.n > 20)
        return viewer

    def measure(self, change, token, viewer):
        """(s until the API refuses, s until the broker delivers nothing more) from when the change was answered."""
        change()
        answered = time.monotonic()
        refused = None
        while refused is None:
            try:
                self.call("GET", "/v1/devices?limit=1", token=token)
            except RuntimeError as error:
                if ": 403" not in str(error) and ": 401" not in str(error):
                    raise
                refused = time.monotonic() - answered
        wait_for("nothing is delivered any more",
                 lambda: viewer.is_over or time.monotonic() - max(viewer.last, answered) > QUIET_S)
        return refused, max(0.0, viewer.last - answered)


def main():
    with Side(sys.argv[1]) as side:
        bench = Bench(side)
        clerk = bench.call("POST", "/v1/roles", {"name": "Clerk", "permissions": ["view-devices"]})

        def report(what, change, token, session):
            api, broker = bench.measure(change, token, bench.follow(session, token))
            print(f"{what}: refused in the API, at the broker | {api * 1000:.0f} ms, {broker * 1000:.0f} ms | - | - | < 1 s", flush=True)

        user, token, session = bench.member("a@example.org", clerk["id"])
        own = user["participations"][0]["id"]
        report("a role loses a permission",
               lambda: bench.call("PATCH", f"/v1/roles/{clerk['id']}", {"revision": 1, "permissions": []}), token, session)
        bench.call("PATCH", f"/v1/roles/{clerk['id']}", {"revision": 2, "permissions": ["view-devices"]})
        revision = bench.call("GET", f"/v1/participations/{own}")["revision"]
        report("a participation ends",
               lambda: bench.call("PATCH", f"/v1/participations/{own}", {"revision": revision, "lastDay": "2020-01-01"}), token, session)

        user, token, session = bench.member("b@example.org", clerk["id"])
        revision = bench.call("GET", f"/v1/users/{user['id']}")["revision"]
        report("a user is suspended",
               lambda: bench.call("PATCH", f"/v1/users/{user['id']}", {"revision": revision, "suspended": True}), token, session)
        bench.stop.set()

    return 0


if __name__ == "__main__":
    sys.exit(main())
