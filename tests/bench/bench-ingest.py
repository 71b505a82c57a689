#!/usr/bin/python3
"""Values at QoS 0 through the broker into the store: bench-ingest.py BUILD.

Two publishers of 60-byte values, as fast as the broker takes them. The peer is a bare libmosquitto
subscriber on the same broker that counts and does nothing else. Both are timed from the publishers'
start until the last value is there: counted by the peer, committed by us.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re
import statistics
import subprocess
import sys
import time

from brokerside import BENCH_SECRET, BENCH_USER, Side, resident_kib, wait_for

COUNT = int(os.environ.get("BW_BENCH_COUNT", "200000"))
ROUNDS = int(os.environ.get("BW_BENCH_ROUNDS", "3"))
VALUE_BYTES = 60
PUBLISHERS = 2
BAR = 0.9


def tool(side, *args):
    return subprocess.Popen([str(side.build / "tests/bench/bench-ingest"), *map(str, args)],
                            stdout=subprocess.PIPE, text=True)


def publish(side, devices):
    """Starts the publishers; their start time, and the processes."""
    running = [tool(side, "publish", side.port, device, key, f"homie/5/{device}/meter/power", COUNT, VALUE_BYTES)
               for device, key in devices]
    return min(float(p.stdout.readline()) for p in running), running


def bare(side, devices):
    subscriber = tool(side, "subscribe", side.port, BENCH_USER, BENCH_SECRET, "homie/#", COUNT * PUBLISHERS)
    if subscriber.stdout.readline().strip() != "ready":
        raise RuntimeError("the bare subscriber was not let in")
    start, running = publish(side, devices)
    end = float(subscriber.stdout.readline())
    for process in [*running, subscriber]:
        process.wait()
    return COUNT * PUBLISHERS / (end - start)


def ours(side, devices):
    last = f"{COUNT} "
    pid = side.backend.pid
    start, running = publish(side, devices)
    before = resident_kib(pid)
    peak = before

    def all_there():
        nonlocal peak
        peak = max(peak, resident_kib(pid))
        rows = side.query("SELECT value FROM property WHERE property = 'power'")
        return len(rows) == len(devices) and all(row[0].startswith(last) for row in rows)

    wait_for("the last value is stored", all_there, 300, 0.02)
    end = time.clock_gettime(time.CLOCK_MONOTONIC)
    for process in running:
        process.wait()
    return COUNT * PUBLISHERS / (end - start), before, peak


def forget(side, devices):
    """So that the next round does not find the last value of this one."""
    for device, key in devices:
        process = tool(side, "publish", side.port, device, key, f"homie/5/{device}/meter/power", 1, VALUE_BYTES)
        process.wait()
    wait_for("the first value is stored", lambda: all(
        row[0].startswith("1 ") for row in side.query("SELECT value FROM property WHERE property = 'power'")))


def main():
    bare_rates, our_rates, growth = [], [], []
    with Side(sys.argv[1]) as side:
        side.wait_connected()
        devices = side.make_devices(PUBLISHERS)
        side.approve_all()
        for _ in range(ROUNDS):
            side.stop_backend()
            side.put_bench_user()
            bare_rates.append(bare(side, devices))
            log_start = (side.folder / "backend.log").stat().st_size
            side.start_backend()
            side.wait_connected()
            forget(side, devices)
            rate, before, peak = ours(side, devices)
            our_rates.append(rate)
            growth.append(peak - before)
            side.stop_backend()
            text = (side.folder / "backend.log").read_bytes()[log_start:].decode()
            found = re.search(r"Took ([0-9]+) messages", text)
            expected = COUNT * PUBLISHERS + PUBLISHERS
            if not found or int(found[1]) < expected:
                raise RuntimeError(f"lost: {found and found[0]}, {expected} were sent\n{text[-1500:]}")
            side.start_backend()
            side.wait_connected()
    peer, rate = statistics.median(bare_rates), statistics.median(our_rates)
    print(f"ingest, {VALUE_BYTES}-byte values, QoS 0, {PUBLISHERS} publishers | {rate:,.0f}/s stored, none lost, "
          f"memory +{max(growth) / 1024:.1f} MiB | {peer:,.0f}/s, a bare subscriber | {rate / peer:.2f} | >= {BAR}")


if __name__ == "__main__":
    main()
