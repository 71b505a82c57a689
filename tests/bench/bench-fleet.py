#!/usr/bin/python3
"""The backend at rest with many connected devices: bench-fleet.py BUILD.

Each device has its own connection, a Homie 5 description with ten properties, and a value of each.
Measured when all of it is stored and nothing moves any more, and again after a restart of the backend, when
the broker has told it everything once more.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import resource
import socket
import sys
import time

from brokerside import Side, resident_kib, wait_for
from rawmqtt import connect_packet, publish_packet

COUNT = int(os.environ.get("BW_BENCH_COUNT", "10000"))
NODES = ("meter", "relay")
PER_NODE = 5
BAR_MIB = 64


DESCRIPTION = json.dumps({
    "homie": "5.0", "version": 1, "name": "Bench device", "type": "bench",
    "nodes": {node: {"name": node.title(), "properties": {
        f"value-{i}": {"name": f"Value {i}", "datatype": "float", "unit": "W", "format": "0:10000"}
        for i in range(PER_NODE)}} for node in NODES}})


def connect(side, device, key):
    link = socket.create_connection(("127.0.0.1", side.port))
    root = f"homie/5/{device}"
    link.sendall(connect_packet(device, device, key) + publish_packet(f"{root}/$state", "init") +
                 publish_packet(f"{root}/$description", DESCRIPTION) +
                 b"".join(publish_packet(f"{root}/{node}/value-{i}", f"{i * 7.25:.2f}")
                          for node in NODES for i in range(PER_NODE)) +
                 publish_packet(f"{root}/$state", "ready"))
    return link


def stored(side):
    ready = side.query("SELECT count(*) FROM device WHERE online = 1 AND state = 2")[0][0]
    values = side.query("SELECT count(*) FROM property WHERE value IS NOT NULL")[0][0]
    return ready == COUNT and values == COUNT * len(NODES) * PER_NODE


def at_rest(side):
    """Resident size when it has not moved for a while, in MiB."""
    sizes = []
    while len(sizes) < 5 or max(sizes[-5:]) - min(sizes[-5:]) > 256:
        time.sleep(1)
        sizes.append(resident_kib(side.backend.pid))
    return sizes[-1] / 1024


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with Side(sys.argv[1]) as side:
        side.wait_connected()
        empty = at_rest(side)
        devices = side.make_devices(COUNT)
        side.approve_all()
        start = time.monotonic()
        links = [connect(side, device, key) for device, key in devices]
        wait_for("all is stored", lambda: stored(side), 180, 0.5)
        seconds = time.monotonic() - start
        first = at_rest(side)
        peak = resident_kib(side.backend.pid, "VmHWM") / 1024
        side.stop_backend()
        side.start_backend()
        side.wait_connected()
        again = at_rest(side)
        if not stored(side):
            raise RuntimeError("after the restart the store is another")
        for link in links:
            link.close()
    print(f"resident, {COUNT:,} connected devices with {len(NODES) * PER_NODE} properties each | "
          f"{first:.1f} MiB, {again:.1f} after a restart (peak {peak:.1f}; all stored {seconds:.1f} s after the first connect) | "
          f"{empty:.1f} MiB, empty | {first / empty:.1f} | < {BAR_MIB} MiB")


if __name__ == "__main__":
    main()
