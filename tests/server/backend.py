"""A real bellwetherd on a free port with a folder of its own, and how tests talk to it.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import contextlib
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import shutil
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

import postgres  # noqa: E402

# test_….py BUILD [Class.test …]
BUILD = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
PROGRAM = BUILD / "src/server/bellwetherd"
IS_SANITIZED = b"__asan_init" in PROGRAM.read_bytes()
DEADLINE_S = 180

# BW_TEST_ENGINE=postgresql: every test of this run once more, with the main database on a private server.
ON_POSTGRES = os.environ.get("BW_TEST_ENGINE") == "postgresql"
about_sqlite = unittest.skipIf(ON_POSTGRES, "about a file of SQLite")
about_no_database = unittest.skipIf(ON_POSTGRES, "asks nothing of a database")
# The server of tests/support/postgres.py then.
postgres_server = None


def wait_for(what, condition, seconds=DEADLINE_S):
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"after {seconds} s still not: {what}")
        time.sleep(0.02)


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


class Backend:
    """Starts at once unless it is told to wait; the folder outlives it."""

    def __init__(self, folder, *extra, token=True, start=True):
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.token_file = self.folder / "token"
        self.arguments = [str(PROGRAM), "--data", str(self.data), "--listen", "127.0.0.1:0",
                          "--broker", "mqtt://127.0.0.1:1"]
        if token:
            self.arguments += ["--token-file", str(self.token_file)]
        self.main = postgres_server.make_database() if postgres_server is not None else None
        # for a second one on the same database, or a start that fails
        self.database_arguments = ["--database", self.main.url] if self.main is not None else []
        self.arguments += self.database_arguments
        self.arguments += extra
        self.process = None
        self.token = None
        self.context = None     # for a backend with a certificate
        if start:
            self.start()

    def start(self):
        self.errors = open(self.folder / "stderr", "a+", encoding="utf-8")
        self.process = subprocess.Popen(self.arguments, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        line = self.process.stdout.readline()
        if not line.startswith(("ready http://", "ready https://")):
            raise AssertionError(f"instead of being ready: {line!r} {self.stderr()}")
        self.uri = line.split()[1]
        self.host, self.port = self.uri.split("://")[1].rsplit(":", 1)
        self.port = int(self.port)
        if self.token_file.exists():
            self.token = self.token_file.read_text().strip()

    def stderr(self):
        return (self.folder / "stderr").read_text()

    def stop(self):
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(DEADLINE_S)
        self.process.stdout.close()
        self.errors.close()
        return status

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def request(self, method, path, body=None, token="", headers=None, connection=None):
        """@body: bytes as they are, anything else as JSON. @token: None for none, "" for the admin's."""
        own = connection is None
        if own:
            connection = self.connect()
        head = dict(headers or {})
        if token is not None:
            head["Authorization"] = f"Bearer {token or self.token}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        try:
            connection.request(method, path, body, head)
            try:
                answer = connection.getresponse()
            except http.client.RemoteDisconnected as error:
                error.add_note(f"{method} {path}; the backend {'runs' if self.is_running() else 'has ended'}: {self.stderr()[-2000:]}")
                raise
            return Reply(answer.status, answer.headers, answer.read())
        finally:
            if own:
                connection.close()

    def connect(self):
        if self.context is None:
            return http.client.HTTPConnection(self.host, self.port, timeout=DEADLINE_S)
        return http.client.HTTPSConnection(self.host, self.port, timeout=DEADLINE_S, context=self.context)

    def get(self, path, **rest):
        return self.request("GET", path, **rest)

    def post(self, path, body, **rest):
        return self.request("POST", path, body, **rest)

    def create(self, name, count, **rest):
        """A batch, ready."""
        reply = self.post("/v1/batches", {"name": name, "count": count, **rest})
        if reply.status != 201:
            raise AssertionError(f"{reply}")
        return self.wait_ready(reply.json["id"])

    def wait_ready(self, batch):
        def look():
            document = self.get(f"/v1/batches/{batch}").json
            return document if document.get("state") == "ready" else None
        return wait_for(f"batch {batch} is ready", look)

    def raw(self, data, seconds=20):
        """What comes back for these bytes until the server closes, or is silent."""
        with socket.create_connection((self.host, self.port), timeout=seconds) as peer:
            peer.sendall(data)
            peer.settimeout(2)
            answer = b""
            try:
                while True:
                    piece = peer.recv(65536)
                    if not piece:
                        return answer, True
                    answer += piece
            except (TimeoutError, ConnectionResetError) as error:
                return answer, isinstance(error, ConnectionResetError)

    @contextlib.contextmanager
    def database(self, name="bellwether.db"):
        """Committed and closed at the end: one left open would see another file's past."""
        if self.main is not None and name == "bellwether.db":
            yield self.main
            return
        with contextlib.closing(sqlite3.connect(self.data / name)) as db:
            with db:
                yield db


class BackendTest(unittest.TestCase):
    """One folder a test; the backend is stopped and the folder removed at its end."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="bw-test-server-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def start(self, *extra, **rest):
        backend = Backend(self.folder, *extra, **rest)
        self.addCleanup(lambda: backend.main is not None and postgres_server.drop_database(backend.main))
        self.addCleanup(lambda: backend.is_running() and backend.kill())
        return backend

    def fails_to_start(self, *arguments):
        """The one sentence on standard error."""
        done = subprocess.run([str(PROGRAM), *map(str, arguments)], capture_output=True, text=True,
                              timeout=DEADLINE_S, check=False)
        self.assertEqual(done.returncode, 1, done)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertTrue(done.stderr.startswith("bellwetherd: "), done.stderr)
        return done.stderr


def main():
    global postgres_server
    if not ON_POSTGRES:
        unittest.main(verbosity=2, argv=[sys.argv[0]] + sys.argv[2:])
        return
    if postgres.find_programs() is None:
        print("the package postgresql is not installed", file=sys.stderr)
        sys.exit(77)
    postgres_server = postgres.Server()
    try:
        program = unittest.main(verbosity=2, argv=[sys.argv[0]] + sys.argv[2:], exit=False)
    finally:
        postgres_server.remove()
    sys.exit(0 if program.result.wasSuccessful() else 1)
