#!/usr/bin/python3
"""What becomes of the values that a broker took when it goes away: test_history_broker.py BUILD.

Devices publish numbers at QoS 1 and say again, after a restart of the broker, what was not acknowledged, as MQTT has
it. Stopped, the broker keeps what it took: each value is in the history. Killed, Mosquitto forgets what it had in
memory: a value that it had acknowledged just before is the one that may be missing, and nothing older. One that is killed
in its first seconds knows the backend's session all the same, and keeps for it what comes while it is away.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import collections
import random
import signal
import struct
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))

from brokerside import Side, wait_for  # noqa: E402
from rawmqtt import Link, publish_packet  # noqa: E402
from test_history_kill import DESCRIPTION, bring_in, history  # noqa: E402

DEVICES = 8
VALUES = 4000
WINDOW = 50             # published and not yet acknowledged
RESTARTS = 3
# Nothing that was acknowledged this long before a kill may be missing.
MEMORY_S = 1.0


class Device(threading.Thread):
    """Publishes 0, 1, 2 … until it has been told of each that it was taken, and until it may stop."""

    def __init__(self, port, device, key):
        super().__init__(daemon=True)
        self.port, self.device, self.key = port, device, key
        self.acknowledged = {}      # value → when
        self.said = collections.Counter()
        self.n = 0
        self.enough = False
        self.error = None

    def run(self):
        try:
            while not (self.enough and self.n >= VALUES and len(self.acknowledged) == self.n):
                try:
                    self.talk()
                except (OSError, IndexError, RuntimeError):
                    time.sleep(0.05)    # the broker is away
        except Exception as error:  # told in the main thread
            self.error = error

    def talk(self):
        link = Link(self.port, self.device, self.device, self.key)
        try:
            link.socket.settimeout(20)
            link.send(publish_packet(f"homie/5/{self.device}/$description", DESCRIPTION, 0),
                      publish_packet(f"homie/5/{self.device}/$state", "ready", 0))
            again = [value for value in range(self.n) if value not in self.acknowledged]
            self.say(link, again)
            while not (self.enough and self.n >= VALUES):
                first = self.n
                self.n += WINDOW
                self.say(link, list(range(first, self.n)))
        finally:
            link.close()

    def say(self, link, values):
        waiting = {i + 1: value for i, value in enumerate(values)}
        self.said.update(values)
        link.send(*(publish_packet(f"homie/5/{self.device}/n/a", str(value), 1, True, i) for i, value in waiting.items()))
        while waiting:
            first, body = link.read()
            if not first:
                raise OSError("the broker has gone")
            if first == 0x40:
                self.acknowledged[waiting.pop(struct.unpack("!H", body)[0])] = time.monotonic()


def restart_broker(side, kill):
    """When it went away."""
    if kill:
        # what it does by itself each minute (autosave_interval): without, it would not know the backend's session either
        kept = side.folder / "mosquitto.db"
        before = kept.stat().st_mtime_ns if kept.exists() else 0
        side.broker.send_signal(signal.SIGUSR1)
        wait_for("the broker has written", lambda: kept.exists() and kept.stat().st_mtime_ns > before, 20)
        side.broker.kill()
    else:
        side.broker.terminate()
    side.broker.wait(30)
    when = time.monotonic()
    side.start_broker()
    return when


def run_young(side):
    """Killed before it would have saved by itself, and back before the backend is."""
    side.wait_connected()
    credentials = side.make_devices(1)
    bring_in(side, credentials)
    side.stop_backend()
    side.broker.kill()
    side.broker.wait(30)
    kept = side.folder / "mosquitto.db"
    kept.unlink(missing_ok=True)
    side.start_broker()
    side.start_backend()
    side.wait_connected()
    wait_for("the broker has written by itself", kept.exists, 20)
    side.stop_backend()
    side.broker.kill()
    side.broker.wait(30)
    side.start_broker()
    device = Device(side.port, *credentials[0])
    device.enough = True
    device.start()
    device.join(120)
    if device.error or device.is_alive():
        raise RuntimeError(f"{device.device} did not get through: {device.error}")
    side.start_backend()
    side.wait_connected()
    wait_for("the last value has come", lambda: history(side, device.device, "a")[-1:] == [str(device.n - 1)], 90, 0.5)
    if wrong := list(find_wrong(side, device, [])):
        raise RuntimeError("; ".join(wrong))


def find_wrong(side, device, gone):
    """Sentences; @gone: when the broker was killed, empty if it was only stopped."""
    have = collections.Counter(int(value) for value in history(side, device.device, "a"))
    lost = [value for value, when in device.acknowledged.items()
            if value not in have and not any(end - MEMORY_S <= when <= end for end in gone)]
    if lost:
        yield f"{len(lost)} of {len(device.acknowledged)} acknowledged values are missing: {sorted(lost)[:5]}"
    # what was said twice may be there twice, and a broker that was killed brings back an older value, once
    more = [value for value, n in have.items() if n > device.said[value] + len(gone)]
    if more:
        yield f"{len(more)} values more often than they were said: {sorted(more)[:5]}"
    doubled = sum(n - 1 for n in have.values())
    if doubled > RESTARTS * (WINDOW + 1):
        yield f"{doubled} values too many"


def run(side, kill):
    side.wait_connected()
    credentials = side.make_devices(DEVICES)
    bring_in(side, credentials)
    devices = [Device(side.port, device, key) for device, key in credentials]
    for device in devices:
        device.start()
    gone = []
    for restart in range(RESTARTS):
        n = (restart + 1) * VALUES // (RESTARTS + 1)
        wait_for("values are on their way", lambda: min(len(device.acknowledged) for device in devices) > n, 120)
        time.sleep(random.uniform(0, 0.2))      # anywhere in what they say
        gone.append(restart_broker(side, kill))
        side.wait_connected()
    for device in devices:
        device.enough = True
    for device in devices:
        device.join(120)
        if device.error or device.is_alive():
            raise RuntimeError(f"{device.device} did not get through: {device.error}")

    for device in devices:
        wait_for("the last value has come", lambda: history(side, device.device, "a")[-1:] == [str(device.n - 1)], 90, 0.5)
    wrong = [sentence for device in devices for sentence in find_wrong(side, device, gone if kill else [])]
    lost = sum(len(set(device.acknowledged) - {int(value) for value in history(side, device.device, "a")})
               for device in devices)
    print(f"# {sum(device.n for device in devices)} values, the broker {'killed' if kill else 'restarted'} {RESTARTS} times: "
          f"{lost} of those just before missing")
    if wrong:
        raise RuntimeError("; ".join(wrong[:5]))


def main():
    status = 0
    cases = (("restarted", lambda side: run(side, False)), ("killed", lambda side: run(side, True)), ("killed in its first seconds", run_young))
    print(f"1..{len(cases)}", flush=True)
    for number, (name, case) in enumerate(cases, 1):
        try:
            with Side(sys.argv[1]) as side:
                case(side)
            print(f"ok {number} {name}", flush=True)
        except Exception as error:  # told as TAP
            print(f"# {error}\nnot ok {number} {name}", flush=True)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
