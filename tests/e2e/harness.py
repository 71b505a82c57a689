"""Starts and stops the real programs for the end-to-end tests.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent


class Failed(Exception):
    """A check that did not hold."""


def check(condition, text):
    if not condition:
        raise Failed(text)


# How much longer a wait may last than it does on a machine that has nothing else to do: a deadline is there to end a
# hang, and how fast the machine is today must not fail a test.
PATIENCE = 5


def wait_for(what, condition, seconds=20.0, step=0.05):
    """Polls until condition () is true; its value. Fails with the words of `what`."""
    seconds *= PATIENCE
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failed(f"after {seconds:.0f} s still not: {what}")
        time.sleep(step)


class Program:
    """A child whose output goes to a file and can be waited for."""

    def __init__(self, name, arguments, log_dir, env=None, stdin=None):
        self.name = name
        self.log = Path(log_dir) / f"{name}.log"
        self._out = open(self.log, "wb")
        self.process = subprocess.Popen([str(a) for a in arguments], stdout=self._out, stderr=subprocess.STDOUT,
                                        stdin=stdin or subprocess.DEVNULL, env=env)

    def text(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_text(self, pattern, seconds=30.0):
        def look():
            found = re.search(pattern, self.text())
            if not found and self.process.poll() is not None:
                raise Failed(f"{self.name} ended with {self.process.returncode}:\n{self.text()[-2000:]}")
            return found
        return wait_for(f"{self.name} prints /{pattern}/", look, seconds)

    def stop(self, seconds=20.0 * PATIENCE):
        """SIGTERM, then the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise Failed(f"{self.name} did not stop within {seconds:.0f} s of SIGTERM:\n{self.text()[-1500:]}")
        self._out.close()
        return self.process.returncode

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._out.close()


class Installation:
    """Broker and backend as `bellwetherctl serve` runs them, on free ports, data in a folder."""

    def __init__(self, build, folder, data=None, extra=()):
        self.build = Path(build).resolve()
        self.folder = Path(folder)
        self.data = Path(data) if data else self.folder / "data"
        self.extra = list(extra)
        self.children = []
        self.serve = None
        self.ca = None

    ctl_path = property(lambda self: self.build / "src/ctl/bellwetherctl")
    sim_path = property(lambda self: self.build / "src/sim/bellwether-sim")

    def start(self, seconds=60.0):
        self.serve = Program("serve", [self.ctl_path, "serve", "--data", self.data, *self.extra], self.folder)
        found = self.serve.wait_text(r"ready api=(\S+) broker=(mqtts?://([^:\s]+):(\d+)) token-file=(\S+?)(?: ca=(\S+))?\n",
                                     seconds)
        self.api, self.broker, self.broker_host, port, self.token_file, self.ca = found.groups()
        self.broker_port = int(port)
        self.env = dict(os.environ, BELLWETHER_SERVER=self.api,
                        BELLWETHER_TOKEN=Path(self.token_file).read_text().strip())
        # not what is kept of the sheets of whoever runs the tests
        self.env.setdefault("XDG_CONFIG_HOME", str(self.folder / "kept"))
        if self.ca:
            self.env["BELLWETHER_CA"] = self.ca
        return self

    def ctl(self, *arguments, ok=0, timeout=60.0 * PATIENCE, env=None):
        """Runs bellwetherctl; its (stdout, stderr). `ok`: the exit status that is right; None for any."""
        result = subprocess.run([str(self.ctl_path), *map(str, arguments)], env=env or self.env, capture_output=True,
                                text=True, timeout=timeout)
        check(ok is None or result.returncode == ok,
              f"bellwetherctl {' '.join(map(str, arguments))} exited {result.returncode}, not {ok}\n"
              f"{result.stdout[-1500:]}{result.stderr[-1500:]}")
        return result.stdout, result.stderr

    def json(self, *arguments, **options):
        out, _ = self.ctl("--json", *arguments, **options)
        return json.loads(out)

    def devices(self, status=None):
        arguments = ["device", "list"] + (["--status", status] if status else [])
        listed = self.json(*arguments)
        return listed["items"] if isinstance(listed, dict) else listed

    def device(self, device_id):
        return self.json("device", "show", device_id)

    def property(self, device_id, node_id, property_id):
        """The value, or None while there is no such thing."""
        for node in self.device(device_id)["nodes"]:
            if node["id"] == node_id:
                for found in node["properties"]:
                    if found["id"] == property_id:
                        return found["value"]
        return None

    def spawn(self, name, *arguments, env=None):
        program = Program(name, arguments, self.folder, env=env)
        self.children.append(program)
        return program

    def foreign(self, script, device_id, key):
        """One of the npm devices beside this file."""
        return self.spawn(f"{script}-{device_id[:4]}", "node", HERE / script, self.broker_host, self.broker_port, device_id, key)

    def sim(self, *arguments, name="sim"):
        trust = ["--ca", self.ca] if self.ca else []
        return self.spawn(name, self.sim_path, "--broker", self.broker, *trust, *arguments)

    def stop(self):
        for child in self.children:
            child.kill()
        self.children.clear()
        status = self.serve.stop() if self.serve else 0
        check(status == 0, f"serve exited {status} after SIGTERM:\n{self.serve.text()[-2000:] if self.serve else ''}")

    def kill(self):
        for child in self.children:
            child.kill()
        if self.serve:
            self.serve.kill()


def read_hand_over(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def children_of(pid, name):
    """Process ids below pid whose command is `name`."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text()
            command = stat[stat.index("(") + 1:stat.rindex(")")]
            parent = int(stat[stat.rindex(")") + 2:].split()[1])
        except (OSError, ValueError):
            continue
        if parent == pid and command.startswith(name[:15]):
            found.append(int(entry.name))
    return found


class Tap:
    """Runs test functions one by one and prints TAP."""

    def __init__(self):
        self.tests = []

    def test(self, function):
        self.tests.append(function)
        return function

    def run(self, *arguments):
        print(f"1..{len(self.tests)}", flush=True)
        failed = 0
        for number, function in enumerate(self.tests, 1):
            name = function.__name__.removeprefix("test_").replace("_", "-")
            start = time.monotonic()
            try:
                function(*arguments)
            except Exception as error:  # a test program reports every kind of failure
                failed += 1
                reason = f"{type(error).__name__}: {error}"
                print(*(f"# {line}" for line in reason.splitlines()), f"not ok {number} {name}", sep="\n", flush=True)
                # Meson shows of a TAP test that failed its errors only.
                print(f"{name}: {reason}", file=sys.stderr, flush=True)
            else:
                print(f"ok {number} {name} # {time.monotonic() - start:.1f} s", flush=True)
        return 1 if failed else 0


class Folder:
    """A temporary folder, kept when BW_TEST_KEEP is set."""

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="bw-e2e-"))
        return self.path

    def __exit__(self, *exc):
        if os.environ.get("BW_TEST_KEEP"):
            print(f"# kept {self.path}", file=sys.stderr)
        else:
            shutil.rmtree(self.path, ignore_errors=True)
