#!/usr/bin/python3
"""A device that talks too much: test_history_flood.py BUILD. It is slowed and named; others are not, and their values
all arrive while it goes on.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import io
import re
import struct
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))

from brokerside import Side, wait_for  # noqa: E402
from rawmqtt import Link, publish_packet  # noqa: E402

CALM = 5
VALUES = 200
ALLOWED = 10000        # at once, before a second counts
AT_ONCE = 250          # messages of the flood that wait for their acknowledgement
PACE_S = 0.05          # once it is named it takes a breath after each: more than is kept, not more than a slow machine can take
DESCRIPTION = '{"homie":"5.0","version":1,"nodes":{"n":{"properties":{"a":{"datatype":"integer"},"b":{"datatype":"integer"}}}}}'


def check(condition, text):
    if not condition:
        raise RuntimeError(text)


def begin(side, device, key):
    link = Link(side.port, device, device, key)
    link.send(publish_packet(f"homie/5/{device}/$description", DESCRIPTION, 0),
              publish_packet(f"homie/5/{device}/$state", "ready", 0))
    return link


def say(link, device, values):
    """(property, value) each at QoS 1; until all are acknowledged."""
    link.send(*(publish_packet(f"homie/5/{device}/n/{prop}", str(value), 1, False, i + 1) for i, (prop, value) in enumerate(values)))
    waiting = set(range(1, len(values) + 1))
    while waiting:
        first, body = link.read()
        check(first == 0x40, f"{first:#x} instead of an acknowledgement")
        waiting.remove(struct.unpack("!H", body)[0])


class Flood(threading.Thread):
    """Numbers that only grow, on two properties in turn, until it is told to stop."""

    def __init__(self, side, device, key):
        super().__init__(daemon=True)
        self.device = device
        self.link = begin(side, device, key)
        self.n = 0
        self.is_named = False
        self.enough = threading.Event()
        self.error = None

    def run(self):
        try:
            while not self.enough.is_set():
                say(self.link, self.device, [("ab"[i % 2], i) for i in range(self.n, self.n + AT_ONCE)])
                self.n += AT_ONCE
                if self.is_named:
                    time.sleep(PACE_S)
        except Exception as error:  # told in the main thread
            self.error = error


def history(side, device, prop):
    text = side.call("GET", f"/v1/devices/{device}/history.csv?node=n&property={prop}", raw=True)
    return [int(row["value"]) for row in csv.DictReader(io.StringIO(text))]


def get_flood(side, device):
    return side.call("GET", f"/v1/devices/{device}/history/series")["flood"]


def check_flooder(side, flood):
    """Kept and left out are all it has said; the newest of each property is kept."""
    def settled():
        kept = {prop: history(side, flood.device, prop) for prop in "ab"}
        n_kept = sum(map(len, kept.values()))
        left_out = get_flood(side, flood.device)
        return left_out and n_kept + left_out["n"] == flood.n and (kept, n_kept, left_out)
    # the values of the last second are kept or left out when it is over
    kept, n_kept, left_out = wait_for("what it said is kept or counted as left out", settled)
    print(f"# {flood.n} said, {n_kept} kept, {left_out['n']} left out")
    check([kept["a"][-1], kept["b"][-1]] == [flood.n - 2, flood.n - 1], "its newest values are not there")
    check(ALLOWED <= n_kept < flood.n, "it is slowed, and no sooner than it should be")
    check(left_out["firstAt"] <= left_out["lastAt"], f"{left_out}")
    for prop in "ab":
        check(all(a < b for a, b in zip(kept[prop], kept[prop][1:])), "each once, in order")


def run(side):
    side.wait_connected()
    devices = side.make_devices(CALM + 1)
    side.approve_all()
    flood = Flood(side, *devices[0])
    calm = [(device, begin(side, device, key)) for device, key in devices[1:]]
    log = side.folder / "backend.log"
    flood.start()
    try:
        wait_for("it is named", lambda: flood.error or "says more than" in log.read_text())
        flood.is_named = True
        # now that it is slowed, others speak
        for i in range(VALUES):
            for device, link in calm:
                say(link, device, [("a", i), ("b", -i)])
        for device, _ in calm:
            wait_for("all of the others is there while the flood goes on",
                     lambda: flood.error or (history(side, device, "a"), history(side, device, "b")) ==
                     (list(range(VALUES)), [-i for i in range(VALUES)]))
        check(flood.is_alive(), "the flood was over before the others were heard")
    finally:
        flood.enough.set()
        flood.join()
    if flood.error:
        raise flood.error

    check_flooder(side, flood)
    for device, _ in calm:
        check(get_flood(side, device) is None, f"{device} is named, too")
    named = re.findall(r"The device (\S+) says more than 1000 values a second", log.read_text())
    check(named == [flood.device], f"named are {named}, not {flood.device} once")

    # it is kept, and who is named is not forgotten with it
    before = get_flood(side, flood.device)
    side.stop_backend()
    side.start_backend()
    check(get_flood(side, flood.device) == before, "it is another one after a start")
    for device, link in calm:
        link.close()
        check(len(history(side, device, "a")) == VALUES, "others have lost something by the start")


def main():
    print("1..1", flush=True)
    try:
        with Side(sys.argv[1]) as side:
            run(side)
    except Exception as error:  # told as TAP
        print(f"# {error}\nnot ok 1 history-flood", flush=True)
        return 1
    print("ok 1 history-flood", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
