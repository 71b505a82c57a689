#!/usr/bin/python3
"""Each value that was acknowledged is in the history, once, whatever happens to the backend: test_history_kill.py BUILD.

Devices publish numbers at QoS 1, one after the other on few properties, while the backend is killed and started
again, and while packing goes on. SQLite, or the database of BELLWETHER_DATABASE.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import collections
import csv
import io
import random
import struct
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))

from brokerside import Side, wait_for  # noqa: E402
from rawmqtt import Link, publish_packet  # noqa: E402

DEVICES = 40
ROUNDS = 12
PER_ROUND = 150
KILLS = 10
DESCRIPTION = ('{"homie":"5.0","version":1,"nodes":{"n":{"properties":{"a":{"datatype":"integer"},'
               '"b":{"datatype":"float"},"c":{}}}}}')


def values(number, round_number):
    """What a device says in one round: (property, payload as the history has it)."""
    for i in range(PER_ROUND):
        serial = (number * ROUNDS + round_number) * PER_ROUND + i
        yield ("a", str(serial)), ("b", f"{serial}.5"), ("c", f"text {serial}")


def publish(link, device, number, round_number):
    said = [one for three in values(number, round_number) for one in three]
    link.send(*(publish_packet(f"homie/5/{device}/n/{prop}", payload, 1, True, i + 1)
                for i, (prop, payload) in enumerate(said)))
    waiting = set(range(1, len(said) + 1))
    while waiting:
        first, body = link.read()
        if first != 0x40:
            raise RuntimeError(f"{first:#x} instead of an acknowledgement")
        waiting.remove(struct.unpack("!H", body)[0])
    return said


class Killer(threading.Thread):
    def __init__(self, side):
        super().__init__(daemon=True)
        self.side = side
        self.enough = False
        self.kills = 0
        self.error = None

    def run(self):
        try:
            while not self.enough or self.kills < KILLS:
                # in the middle of its work: there is more in flight than the history remembers by number
                self.side.wait_connected()
                time.sleep(random.uniform(0.1, 0.7))
                self.side.kill_backend()
                self.kills += 1
                self.side.start_backend()
        except Exception as error:  # told in the main thread
            self.error = error


def bring_in(side, devices):
    for device, key in devices:
        link = Link(side.port, device, device, key)
        link.send(publish_packet(f"homie/5/{device}/$state", "init", 1))
        link.read()
        link.close()
    ids = [device for device, _ in devices]

    def approved():
        side.call("POST", "/v1/devices/actions", {"action": "approve", "ids": ids})
        return side.call("GET", "/v1/devices?status=pairing&limit=1")["total"] == len(ids)
    wait_for("all are approved", approved, 60, 0.2)


def history(side, device, prop):
    text = side.call("GET", f"/v1/devices/{device}/history.csv?node=n&property={prop}", raw=True)
    return [row["value"] for row in csv.DictReader(io.StringIO(text))]


def compare(side, expected):
    """Sentences about what is not as it should be."""
    for device, properties in expected.items():
        for prop, said in properties.items():
            have = history(side, device, prop)
            if have == said:
                continue
            lost = collections.Counter(said) - collections.Counter(have)
            more = collections.Counter(have) - collections.Counter(said)
            yield f"{device}/{prop}: {sum(lost.values())} lost, {sum(more.values())} too many, " \
                  f"{'in order' if lost or more else 'out of order'}: {list(lost)[:3]} {list(more)[:3]}"


def run(side):
    side.wait_connected()
    devices = side.make_devices(DEVICES)
    bring_in(side, devices)
    killer = Killer(side)
    killer.start()
    expected = {device: {"a": [], "b": [], "c": []} for device, _ in devices}
    for round_number in range(ROUNDS):
        for number, (device, key) in enumerate(devices):
            link = Link(side.port, device, device, key)
            link.send(publish_packet(f"homie/5/{device}/$description", DESCRIPTION, 0),
                      publish_packet(f"homie/5/{device}/$state", "ready", 0))
            for prop, payload in publish(link, device, number, round_number):
                expected[device][prop].append(payload)
            link.close()
    killer.enough = True
    killer.join()
    if killer.error:
        raise killer.error
    side.wait_connected()

    n = sum(len(said) for properties in expected.values() for said in properties.values())
    last_device = devices[-1][0]
    wait_for("the last value has come", lambda: history(side, last_device, "c")[-1:] == expected[last_device]["c"][-1:], 90, 0.5)
    wrong = list(compare(side, expected))
    print(f"# {n} samples, {killer.kills} kills")
    if wrong:
        raise RuntimeError("; ".join(wrong[:5]))

    # and after a start that had nothing to do but to read what was left
    side.stop_backend()
    side.start_backend()
    side.wait_connected()
    wrong = list(compare(side, expected))
    if wrong:
        raise RuntimeError("after a start: " + "; ".join(wrong[:5]))
    for item in side.call("GET", f"/v1/devices/{last_device}/history/series")["items"]:
        if item["node"] == "n" and item["n"] != ROUNDS * PER_ROUND:
            raise RuntimeError(f"the list of series says otherwise: {item}")


def main():
    print("1..1", flush=True)
    try:
        with Side(sys.argv[1]) as side:
            run(side)
    except Exception as error:  # told as TAP
        print(f"# {error}\nnot ok 1 history-kill", flush=True)
        return 1
    print("ok 1 history-kill", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
