"""A broker with the plugin, a backend on it and a batch of devices: what several benchmarks begin with.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import hashlib
import http.client
import io
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

BENCH_USER = "bellwetherd-bench"
BENCH_SECRET = "only for this run"


def wait_for(what, condition, seconds=60.0, step=0.02):
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise RuntimeError(f"after {seconds:.0f} s still not: {what}")
        time.sleep(step)
    return value


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def resident_kib(pid, which="VmRSS"):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(which + ":"):
            return int(line.split()[1])
    raise RuntimeError(f"no {which} of {pid}")


class Side:
    """Folder, broker and backend. The settings of the broker are those of data/server/mosquitto.conf."""

    def __init__(self, build, folder=None, plugin=True):
        """@plugin: without it the broker lets everybody in, and one connection may stand for a fleet."""
        self.build = Path(build).resolve()
        self.plugin = plugin
        self.folder = Path(folder or tempfile.mkdtemp(prefix="bw-bench-"))
        self.data = self.folder / "data"
        self.token_file = self.folder / "token"
        self.port = free_port()
        self.broker = None
        self.backend = None
        self.rows = []

    def __enter__(self):
        self.start_backend()
        self.start_broker()
        return self

    def __exit__(self, *exc):
        self.stop_backend()
        if self.broker:
            self.broker.terminate()
            self.broker.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_broker(self):
        conf = self.folder / "mosquitto.conf"
        admits = ("allow_anonymous false\n"
                  f"plugin {self.build}/src/plugin/bellwether-broker-plugin.so\n"
                  f"plugin_opt_database {self.data}/broker.db\n") if self.plugin else "allow_anonymous true\n"
        conf.write_text(f"listener {self.port} 127.0.0.1\n{admits}"
                        "max_inflight_messages 20000\nmax_queued_messages 1000000000\nmax_queued_bytes 268435456\n"
                        "message_size_limit 1048576\nset_tcp_nodelay true\nconnection_messages false\nuser root\n"
                        f"persistence true\npersistence_location {self.folder}/\n"
                        "log_type error\nlog_type warning\nlog_type notice\n")
        self.broker = subprocess.Popen(["mosquitto", "-c", str(conf)], stdout=subprocess.DEVNULL,
                                       stderr=open(self.folder / "broker.log", "ab"))

        def answers():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0
        wait_for("the broker answers", answers)

    def start_backend(self):
        self.backend = subprocess.Popen(
            [str(self.build / "src/server/bellwetherd"), "--data", str(self.data), "--listen", "127.0.0.1:0",
             "--broker", f"mqtt://127.0.0.1:{self.port}", "--token-file", str(self.token_file)],
            stdout=subprocess.PIPE, stderr=open(self.folder / "backend.log", "ab"), text=True,
            env={name: value for name, value in os.environ.items() if name != "G_DEBUG"})  # a warning is not the end
        line = self.backend.stdout.readline()
        if "http://" not in line:
            raise RuntimeError("the backend did not start: " + (self.folder / "backend.log").read_text()[-2000:])
        self.host = line.split("http://")[1].split()[0]
        self.token = self.token_file.read_text().strip()

    def stop_backend(self):
        if self.backend:
            self.backend.send_signal(signal.SIGTERM)
            self.backend.wait(60)
        self.backend = None

    def kill_backend(self):
        self.backend.kill()
        self.backend.wait()
        self.backend = None

    def call(self, method, path, body=None, raw=False):
        connection = http.client.HTTPConnection(self.host, timeout=90)
        connection.request(method, path, json.dumps(body) if body is not None else None,
                           {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"})
        reply = connection.getresponse()
        text = reply.read()
        connection.close()
        if reply.status >= 300:
            raise RuntimeError(f"{method} {path}: {reply.status} {text.decode()}")
        return text.decode() if raw else json.loads(text)

    def wait_connected(self):
        wait_for("the backend is connected", lambda: self.call("GET", "/v1/status")["broker"] == "connected")

    def make_devices(self, count, name="bench"):
        """Their (id, key)."""
        batch = self.call("POST", "/v1/batches", {"name": name, "count": count})["id"]
        wait_for("the batch is ready", lambda: self.call("GET", f"/v1/batches/{batch}")["state"] == "ready", 120)
        text = self.call("GET", f"/v1/batches/{batch}/hand-over.csv", raw=True)
        return [(row["device_id"], row["device_key"]) for row in csv.DictReader(io.StringIO(text))]

    def approve_all(self):
        """Not as a person would, who sees only devices that have connected once: in the table itself."""
        self.stop_backend()
        db = sqlite3.connect(f"{self.data}/bellwether.db", timeout=10)
        with db:
            db.execute("UPDATE device SET status = 4")
        db.close()
        self.start_backend()
        self.wait_connected()

    def query(self, sql, *args):
        db = sqlite3.connect(f"file:{self.data}/bellwether.db?mode=ro", uri=True, timeout=10)
        try:
            return db.execute(sql, args).fetchall()
        finally:
            db.close()

    def put_bench_user(self):
        """May subscribe everything, as the backend may."""
        db = sqlite3.connect(f"{self.data}/broker.db", timeout=10)
        with db:
            db.execute("INSERT OR REPLACE INTO service VALUES (?, ?)",
                       (BENCH_USER, hashlib.blake2b(BENCH_SECRET.encode(), digest_size=32).digest()))
        db.close()
