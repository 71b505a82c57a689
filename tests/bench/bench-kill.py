#!/usr/bin/python3
"""What the broker has acknowledged survives kill -9 of the backend: bench-kill.py BUILD [DEVICES KILLS].

Devices publish at QoS 1, each value once, each on a property of its own, while the backend is killed and
started again. In the end each value that was acknowledged must be in the store. Fails when one is not.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import random
import struct
import sys
import threading
import time

from brokerside import Side, wait_for
from rawmqtt import Link, publish_packet

DEVICES = int(sys.argv[2]) if len(sys.argv) > 2 else 600
PER_DEVICE = 100
KILLS = int(sys.argv[3]) if len(sys.argv) > 3 else 12
PAUSE = 0.02


def publish(side, number, device, key):
    """Returns {(node, property): value} of what was acknowledged."""
    link = Link(side.port, device, device, key)
    wanted = {i + 1: (f"n{i // 10}", f"p{i % 10}", f"{number}.{i}") for i in range(PER_DEVICE)}
    link.send(publish_packet(f"homie/5/{device}/$state", "ready"),
              *(publish_packet(f"homie/5/{device}/{node}/{prop}", value, 1, False, packet_id)
                for packet_id, (node, prop, value) in wanted.items()))
    acknowledged = {}
    while len(acknowledged) < PER_DEVICE:
        first, body = link.read()
        if first != 0x40:
            raise RuntimeError(f"device {number}: {first:#x} instead of an acknowledgement")
        node, prop, value = wanted[struct.unpack("!H", body)[0]]
        acknowledged[node, prop] = value
    link.close()
    return acknowledged


class Killer(threading.Thread):
    def __init__(self, side):
        super().__init__(daemon=True)
        self.side = side
        self.kills = 0
        self.error = None

    def run(self):
        try:
            while self.kills < KILLS:
                time.sleep(random.uniform(0.2, 0.9))
                self.side.kill_backend()
                self.kills += 1
                time.sleep(random.uniform(0.0, 0.2))
                self.side.start_backend()
        except Exception as error:  # told in the main thread
            self.error = error


def stored(side):
    return {(device, node, prop): value
            for device, node, prop, value in side.query("SELECT device_id, node, property, value FROM property")}


def main():
    with Side(sys.argv[1]) as side:
        side.wait_connected()
        devices = side.make_devices(DEVICES)
        side.approve_all()
        killer = Killer(side)
        killer.start()
        expected = {}
        for number, (device, key) in enumerate(devices):
            for (node, prop), value in publish(side, number, device, key).items():
                expected[device, node, prop] = value
            time.sleep(PAUSE)
        killer.join()
        if killer.error:
            raise killer.error
        side.wait_connected()

        def missing():
            have = stored(side)
            return [key for key, value in expected.items() if have.get(key) != value]
        try:
            wait_for("all is stored", lambda: not missing(), 60, 0.5)
        except RuntimeError:
            pass
        lost = missing()
        print(f"QoS 1 values across {killer.kills} × kill -9 of the backend | {len(lost)} of {len(expected):,} lost | 0 | | 0",
              flush=True)
        integrity = side.query("PRAGMA integrity_check")[0][0]
        if integrity != "ok":
            raise RuntimeError(integrity)
    if lost:
        print(f"bench-kill: lost, for example: {lost[:5]}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
