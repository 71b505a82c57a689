#!/usr/bin/python3
"""The page of a device that says 1,000 things a second: bench-device-page.py BUILD. A real broker and backend, a virtual screen.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time

from brokerside import Side, wait_for
from rawmqtt import Link, publish_packet

RATE = 1000
N_PROPERTIES = 40
PIECE_S = 0.01
FRAME_BAR_MS = 33.0
SHOWN_BAR_MS = 100.0
WHAT = {"sensors": "sensors", "topics": "raw view, topics", "messages": "raw view, messages"}


def describe():
    properties = {"clock": {"datatype": "string"}}
    properties.update({f"p{i:02}": {"datatype": "float", "unit": "V", "settable": i % 4 == 0} for i in range(N_PROPERTIES)})
    return json.dumps({"homie": "5.0", "version": 1, "name": "Busy", "nodes": {"light": {"name": "Light", "properties": properties}}})


def talk(link, root, stop):
    """A thousand values a second, a tenth of them the time at which they were said."""
    n = 0
    per_piece = int(RATE * PIECE_S)
    due = time.monotonic()
    with contextlib.suppress(OSError):
        while not stop.is_set():
            packets = [publish_packet(f"{root}/light/p{(n + i) % N_PROPERTIES:02}", f"{230 + (n + i) % 97 / 10:.1f}") for i in range(per_piece - 1)]
            n += per_piece - 1
            packets.append(publish_packet(f"{root}/light/clock", str(int(time.time() * 1e6))))
            link.send(*packets)
            due += PIECE_S
            time.sleep(max(0, due - time.monotonic()))


def main():
    with Side(sys.argv[1]) as side:
        side.wait_connected()
        device, key = side.make_devices(1)[0]
        side.approve_all()
        root = f"homie/5/{device}"
        link = Link(side.port, device, device, key)
        link.send(publish_packet(f"{root}/$state", "init", 1), publish_packet(f"{root}/$description", describe(), 1),
                  publish_packet(f"{root}/$state", "ready", 1))
        wait_for("the device is there", lambda: side.call("GET", f"/v1/devices/{device}")["state"] == "ready")
        stop = threading.Event()
        thread = threading.Thread(target=talk, args=(link, root, stop), daemon=True)
        thread.start()
        env = dict(os.environ, GSK_RENDERER="cairo", GDK_DEBUG="gl-disable", GDK_BACKEND="x11", GTK_A11Y="none",
                   GSETTINGS_BACKEND="memory", GIO_USE_VFS="local", GTK_USE_PORTAL="0", ADW_DISABLE_PORTAL="1", LC_ALL="C.UTF-8")
        out = subprocess.check_output(
            ["xvfb-run", "-a", "-s", "-screen 0 1400x900x24 -nolisten tcp", str(side.build / "tests/bench/bench-device-page"),
             f"http://{side.host}", side.token, device], env=env, text=True, timeout=180)
        stop.set()
        thread.join()

        is_good = True
        for line in out.splitlines():
            view, n_frames, *figures = line.split()
            p50, p99, longest, cpu, shown, shown_max = map(float, figures)
            what = f"device page at {RATE:,} messages a second, {WHAT[view]}"
            print(f"{what}: longest of {n_frames} frames (median, 99 %; CPU between two) | {longest:.0f} ms ({p50:.1f}, {p99:.1f}; {cpu:.0f})"
                  f" | – | – | under {FRAME_BAR_MS:.0f} ms", flush=True)
            print(f"{what}: from the device to the screen, longest (median) | {shown_max:.0f} ms ({shown:.0f}) | – | – | under {SHOWN_BAR_MS:.0f} ms",
                  flush=True)
            is_good = is_good and longest < FRAME_BAR_MS and shown_max < SHOWN_BAR_MS
        return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
