"""A private PostgreSQL server in a temporary folder, for tests.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

USER = "bellwether"
PASSWORD = "p4ss/w@rd%:x"
PASSWORD_IN_URL = "p4ss%2Fw%40rd%25%3Ax"
DEADLINE_S = 120


def find_programs():
    """The folder of initdb and postgres, the newest; None when the package is missing."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, (bytes, bytearray)):
        return f"'\\x{value.hex()}'"
    if isinstance(value, (int, float)):
        return str(value)
    return "'" + value.replace("'", "''") + "'"


class Rows:
    """What psql prints, with the types that the tables have."""

    def __init__(self, text):
        self.rows = [tuple(map(self.read, line.split("\x1f"))) for line in text.split("\x1e") if line]

    @staticmethod
    def read(text):
        if text == "\x1d":
            return None
        if re.fullmatch(r"-?\d+", text):
            return int(text)
        return bytes.fromhex(text[2:]) if text.startswith("\\x") else text

    def fetchone(self):
        return self.rows[0] if self.rows else None

    def fetchall(self):
        return self.rows

    def __iter__(self):
        return iter(self.rows)


class Database:
    """As much of sqlite3's connection as tests use; each statement commits by itself."""

    def __init__(self, server, name):
        self.server = server
        self.name = name
        self.url = f"postgresql://{USER}:{PASSWORD_IN_URL}@127.0.0.1:{server.port}/{name}"

    def execute(self, sql, values=()):
        if sql.startswith("PRAGMA integrity_check"):
            return Rows("ok\x1e")
        pieces = sql.split("?")
        assert len(pieces) == len(values) + 1, sql
        return self.server.psql(pieces[0] + "".join(literal(v) + p for v, p in zip(values, pieces[1:])), self.name)


class Server:
    """Stopped by its process id; as root it runs as another user, since PostgreSQL refuses root."""

    def __init__(self, durable=False):
        self.bin = find_programs()
        self.folder = Path(tempfile.mkdtemp(prefix="bw-test-pg-"))
        self.data = self.folder / "data"
        self.durable = durable
        self.process = None
        self.n_databases = 0
        self.prefix = []
        if os.getuid() == 0:
            try:
                user = pwd.getpwnam("postgres")
            except KeyError:
                user = pwd.getpwnam("nobody")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        try:
            self.run("initdb", "--pgdata", self.data, "--username", "postgres", "--auth-local", "trust",
                     "--auth-host", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
            self.start()
            self.psql(f"CREATE ROLE {USER} LOGIN PASSWORD {literal(PASSWORD)}")
        except BaseException:
            self.remove()
            raise

    def run(self, program, *arguments):
        done = subprocess.run([*self.prefix, self.bin / program, *arguments], cwd=self.folder, capture_output=True,
                              text=True, timeout=DEADLINE_S, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{program}: {done.stderr}")
        return done.stdout

    def start(self):
        """A server that has not stopped in order recovers first."""
        self.log = open(self.folder / "log", "ab")
        options = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder,
                   "max_connections": 20, "shared_buffers": "64MB", "max_wal_size": "2GB",
                   "fsync": "on" if self.durable else "off"}
        arguments = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        self.process = subprocess.Popen([*self.prefix, self.bin / "postgres", "-D", self.data, *arguments],
                                        cwd=self.folder, stdout=self.log, stderr=self.log)
        end = time.monotonic() + DEADLINE_S
        while subprocess.run([self.bin / "pg_isready", "-q", "-h", self.folder, "-p", str(self.port)], check=False).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError((self.folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.02)

    def stop(self, how=signal.SIGINT):
        """SIGINT: connections are cut, then it stops in order. SIGQUIT: as in a crash."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(DEADLINE_S)
            self.process = None
            self.log.close()

    def remove(self):
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def psql(self, sql, database="postgres"):
        return Rows(self.run("psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-R", "\x1e", "-P", "null=\x1d", "-v", "ON_ERROR_STOP=1",
                             "-h", self.folder, "-p", str(self.port), "-U", "postgres", "-d", database, "-c", sql).removesuffix("\n"))

    def make_database(self):
        """One whose own order is not that of the bytes, as most are."""
        self.n_databases += 1
        name = f"test{self.n_databases}"
        self.psql(f"CREATE DATABASE {name} OWNER {USER} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")
        return Database(self, name)

    def drop_database(self, database):
        self.psql(f"DROP DATABASE IF EXISTS {database.name} WITH (FORCE)")


def main(arguments):
    """postgres.py PROGRAM ARGUMENT…: the program's backends have their database on a server of their own."""
    if find_programs() is None:
        print("1..0 # SKIP the package postgresql is not installed")
        return 0
    server = Server()
    try:
        url = server.make_database().url
        return subprocess.run(arguments, env=dict(os.environ, BELLWETHER_DATABASE=url, BW_TEST_PG=url), check=False).returncode
    finally:
        server.remove()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
