#!/usr/bin/python3
"""One value set on many devices that are here, as one job, while others ask and write: bench-set-many.py BUILD.

One connection stands for the whole fleet, and answers each set at once, so the broker runs without the plugin: measured are the
backend and Mosquitto. A second job meets a few devices that never answer; a third is cancelled in the middle.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import importlib
import json
import multiprocessing
import os
import sqlite3
import struct
import sys
import time

from brokerside import Side, wait_for
from others import Others
from rawmqtt import Link, packet, publish_packet, subscribe_packet

bulk = importlib.import_module("bench-bulk")
COUNT = int(os.environ.get("BW_BENCH_COUNT", "100000"))
N_SILENT = 10
PRESENCE = json.dumps({"online": True, "address": "192.0.2.7", "atUs": 1790000000000000})


def take_messages(data):
    """(topic, payload, packet id) of each whole one at QoS 1, and the rest."""
    messages, at = [], 0
    while at + 2 <= len(data):
        length, n = data[at + 1] & 127, 2
        if data[at + 1] > 127:
            if at + 3 > len(data):
                break
            length, n = length + (data[at + 2] << 7), 3
        end = at + n + length
        if end > len(data):
            break
        if data[at] & 0xf0 == 0x30:
            topic_end = at + n + 2 + struct.unpack_from("!H", data, at + n)[0]
            messages.append((data[at + n + 2:topic_end].decode(), data[topic_end + 2:end], data[topic_end:topic_end + 2]))
        at = end
    return messages, data[at:]


def run_fleet(port, devices, silent, is_mute):
    """All of them behind one connection; @is_mute: these @silent say nothing."""
    link = Link(port, "fleet", "fleet", "fleet")
    for first in range(0, len(devices), 500):
        link.send(*(publish_packet(f"bellwether/presence/{device}", PRESENCE) + publish_packet(f"homie/5/{device}/$state", "ready")
                    for device in devices[first:first + 500]))
    link.send(subscribe_packet("homie/5/+/+/+/set", 1))
    data = b""
    while more := link.socket.recv(1 << 20):
        messages, data = take_messages(data + more)
        answers = [packet(0x40, packet_id) for _, _, packet_id in messages]
        answers += [publish_packet(topic[:-len("/set")], payload, 1, packet_id=struct.unpack("!H", packet_id)[0])
                    for topic, payload, packet_id in messages if not (is_mute.value and topic.split("/")[2] in silent)]
        link.send(*answers)


def told(side, before):
    """CPU seconds since, of backend and broker."""
    return [bulk.cpu_s(pid) - then for pid, then in zip((side.backend.pid, side.broker.pid), before)]


def job(side, device, value, what):
    wish = {"action": "set", "filter": {}, "parameters": {"node": "light", "property": "level", "value": value}}
    before = [bulk.cpu_s(side.backend.pid), bulk.cpu_s(side.broker.pid)]

    def ended():
        document = side.call("GET", f"/v1/bulk/{begun['id']}")
        return document if document["state"] != "running" else None
    with Others(side, device) as others:
        start = time.monotonic()
        begun = side.call("POST", "/v1/bulk", wish)
        done = wait_for("the job has ended", ended, 130, 0.1)
        took = time.monotonic() - start
    if done["nFailed"] and os.environ.get("BW_BENCH_DEBUG"):
        print(side.call("GET", f"/v1/bulk/{done['id']}/results?state=refused&limit=3"))
    cpu = told(side, before)
    print(f"set on {done['nDone']:,} devices that are here, {what}: {done['nFailed']:,} without an answer | {took:.1f} s "
          f"(processor: backend {cpu[0]:.1f} s, broker {cpu[1]:.1f} s) | – | – | < 10 s for 100,000")
    print(f"others' requests meanwhile, p50 / p99 / max of {len(others.took)} | {others.percentile(0.5):.0f} / {others.percentile(0.99):.0f} / "
          f"{max(others.took) * 1000:.0f} ms | – | – | p99 < 100 ms", flush=True)


def main():
    with Side(sys.argv[1], plugin=False) as side:
        devices = [device for device, _ in side.make_devices(COUNT)]
        side.stop_backend()
        db = sqlite3.connect(side.data / "bellwether.db", isolation_level=None)
        db.executescript("BEGIN; UPDATE device SET status = 4, state = 5, homie = '5.0', first_seen_us = 1750000000000000 + serial;"
                         "INSERT INTO node (device_id, node) SELECT id, 'light' FROM device;"
                         "INSERT INTO property (device_id, node, property, datatype, settable, format)"
                         " SELECT id, 'light', 'level', 1, 1, '0:100' FROM device; COMMIT;")
        db.close()
        side.start_backend()
        side.wait_connected()
        is_mute = multiprocessing.Value("b", 0)
        fleet = multiprocessing.Process(target=run_fleet, args=(side.port, devices, set(devices[::max(COUNT // N_SILENT, 1)]), is_mute), daemon=True)
        fleet.start()
        wait_for("all are here", lambda: side.query("SELECT count(*) FROM device WHERE online = 1 AND state = 2")[0][0] == COUNT, 120, 0.2)
        job(side, devices[0], "40", "all answer")
        is_mute.value = 1
        job(side, devices[0], "50", f"{N_SILENT} do not")
        is_mute.value = 0
        bulk.cancel(side, "set", {"action": "set", "filter": {}, "parameters": {"node": "light", "property": "level", "value": "60"}}, COUNT)
        fleet.terminate()


if __name__ == "__main__":
    main()
