#!/usr/bin/python3
"""From the wish to the truth: bench-set.py BUILD. A set over HTTP until the device has confirmed it; it is a
test too: what is confirmed is what the next reader is told.

The floor is the same way without us: a client that publishes the set itself and waits for the
device's echo from the broker. The device answers at once.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import http.client
import json
import os
import statistics
import struct
import sys
import threading
import time

from brokerside import BENCH_SECRET, BENCH_USER, Side, wait_for
from rawmqtt import Link, packet, publish_packet, subscribe_packet

COUNT = int(os.environ.get("BW_BENCH_COUNT", "300"))
BAR_MS = 30

DESCRIPTION = json.dumps({"homie": "5.0", "version": 1, "name": "Lamp", "type": "lamp", "nodes": {
    "light": {"properties": {"level": {"datatype": "integer", "format": "0:100000", "settable": True}}}}})


def run_device(link, root):
    """Echoes what it is told."""
    while message := link.read_publish():
        topic, payload, packet_id = message
        if packet_id:
            link.send(packet(0x40, struct.pack("!H", packet_id)))
        link.send(publish_packet(topic.removesuffix("/set"), payload, 1))


def floor(side, root):
    link = Link(side.port, "bellwether-bench", BENCH_USER, BENCH_SECRET)
    link.send(subscribe_packet(f"{root}/light/level"))
    times = []
    link.send(publish_packet(f"{root}/light/level/set", "0", 1, False))
    while link.read_publish()[1] != b"0":
        pass
    for i in range(1, COUNT + 1):
        start = time.monotonic()
        link.send(publish_packet(f"{root}/light/level/set", str(i), 1, False))
        while link.read_publish()[1] != str(i).encode():
            pass
        times.append((time.monotonic() - start) * 1000)
    link.close()
    return times


def ours(side, device):
    connection = http.client.HTTPConnection(side.host, timeout=30)
    times = []
    for i in range(COUNT):
        body = json.dumps({"node": "light", "property": "level", "value": str(50000 + i)})
        start = time.monotonic()
        connection.request("POST", f"/v1/devices/{device}/set?wait=10", body,
                           {"Authorization": f"Bearer {side.token}", "Content-Type": "application/json"})
        reply = connection.getresponse()
        command = json.loads(reply.read())
        times.append((time.monotonic() - start) * 1000)
        if command.get("state") != "confirmed":
            raise RuntimeError(f"{reply.status} {command}")
        told = side.call("GET", f"/v1/devices/{device}")["nodes"][0]["properties"][0]["value"]
        if told != str(50000 + i):
            raise RuntimeError(f"confirmed, and the device's document says {told}")
    return times


def main():
    with Side(sys.argv[1]) as side:
        side.wait_connected()
        (device, key), = side.make_devices(1)
        side.approve_all()
        root = f"homie/5/{device}"
        link = Link(side.port, device, device, key)
        link.send(publish_packet(f"{root}/$state", "init", 1), publish_packet(f"{root}/$description", DESCRIPTION, 1),
                  subscribe_packet(f"{root}/+/+/set", 1), publish_packet(f"{root}/$state", "ready", 1))
        thread = threading.Thread(target=run_device, args=(link, root), daemon=True)
        thread.start()
        wait_for("the device is ready", lambda: side.call("GET", f"/v1/devices/{device}")["state"] == "ready" and
                 side.call("GET", f"/v1/devices/{device}")["online"])
        side.put_bench_user()
        peer = floor(side, root)
        mine = ours(side, device)
        link.close()
    median, bare = statistics.median(mine), statistics.median(peer)
    print(f"a set, HTTP to confirmed by the device | median {median:.1f} ms, p99 {sorted(mine)[int(COUNT * 0.99) - 1]:.1f} ms | "
          f"{bare:.1f} ms, MQTT alone | {median / bare:.1f} | median < {BAR_MS} ms")


if __name__ == "__main__":
    main()
