#!/usr/bin/python3
"""What only a server can do to bellwetherd. What any database has to do, the other tests ask of both.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import unittest.mock
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))

os.environ["BW_TEST_ENGINE"] = "postgresql"

import backend  # noqa: E402
import postgres  # noqa: E402
import test_batches  # noqa: E402
from backend import BackendTest, wait_for  # noqa: E402
from brokerside import Side  # noqa: E402
from rawmqtt import Link, publish_packet  # noqa: E402

VALUES = 300


def old_server(peer):
    """As much of the protocol as it takes to say how old one is."""
    def message(kind, body):
        return kind + struct.pack("!i", len(body) + 4) + body

    with peer:
        while True:
            length, code = struct.unpack("!ii", peer.recv(8, socket.MSG_WAITALL))
            peer.recv(length - 8, socket.MSG_WAITALL)
            if code == 196608:
                break
            peer.sendall(b"N")     # no TLS, no GSSAPI
        parameters = (b"server_version\x0011.22\x00", b"server_encoding\x00UTF8\x00", b"client_encoding\x00UTF8\x00")
        peer.sendall(message(b"R", struct.pack("!i", 0)) + b"".join(message(b"S", item) for item in parameters) +
                     message(b"Z", b"I"))
        peer.recv(1000)

class Server(BackendTest):
    def started(self, *arguments):
        return self.fails_to_start("--data", self.folder / "other", "--listen", "127.0.0.1:0", *arguments)

    def works(self, server):
        return wait_for("it works again", lambda: server.get("/v1/batches").status == 200 and
                        server.post("/v1/sessions", {"user": "nobody", "password": "x"}, token=None).status in (401, 429))

    def test_restart_of_the_server(self):
        server = self.start()
        kept = server.create("kept", 100)
        backend.postgres_server.stop()
        for reply in (server.get("/v1/batches"), server.get("/v1/batches"),
                      server.post("/v1/batches", {"name": "lost", "count": 5}),
                      server.post("/v1/sessions", {"user": "admin", "password": "x"}, token=None)):
            self.assertEqual((reply.status, reply.json["code"]), (503, "unavailable"))
            self.assertRegex(reply.json["detail"], "^the database server ")
            self.assertNotIn("127.0.0.1", reply.json["detail"])
        self.assertEqual(server.get("/v1/status").status, 200)
        backend.postgres_server.start()
        self.works(server)
        self.assertEqual(server.get(f"/v1/batches/{kept['id']}").json, kept)
        server.create("after", 100)
        self.assertEqual(server.stop(), 0)

    def test_a_restart_that_nobody_saw(self):
        """What only reads, or only begins, is run again on a new connection."""
        server = self.start()
        server.create("before", 10)
        # the backend does things by itself: when one of them saw it, what follows at once may be refused
        for _ in range(5):
            backend.postgres_server.stop()
            backend.postgres_server.start()
            first = server.get("/v1/batches")
            if first.status == 200:
                break
        self.assertEqual(first.status, 200, first)
        reply = server.post("/v1/batches", {"name": "after", "count": 10})
        self.assertEqual(reply.status, 201, reply)
        server.wait_ready(reply.json["id"])

    def test_crash_of_the_server_while_creating(self):
        server = self.start()
        server.create("kept", 100)
        batch = server.post("/v1/batches", {"name": "cut short", "count": test_batches.BIG}).json
        wait_for("some of it is there", lambda: server.get(f"/v1/batches/{batch['id']}").json["nDone"] > 0)
        backend.postgres_server.stop(signal.SIGQUIT)
        backend.postgres_server.start()
        self.works(server)
        wait_for("it is whole or gone",
                 lambda: server.get(f"/v1/batches/{batch['id']}").json.get("state", "gone") in ("ready", "gone"))
        count = sum(item["count"] for item in server.get("/v1/batches").json["items"])
        with server.database() as db:
            self.assertEqual(db.execute("SELECT count(*) FROM device").fetchone()[0], count)
        with server.database("broker.db") as db:
            self.assertEqual(db.execute("SELECT count(*) FROM device").fetchone()[0], count)

    def test_refusals(self):
        database = backend.postgres_server.make_database()
        right = database.url
        for url, words in ((right.replace(postgres.PASSWORD_IN_URL, "wrong-one"), "password authentication failed"),
                           (right.replace(database.name, "nowhere"), "does not exist"),
                           (right.replace(f":{backend.postgres_server.port}/", ":1/"), "refused"),
                           (right.replace(postgres.PASSWORD_IN_URL, postgres.PASSWORD), "is written postgresql://"),
                           (right.replace(postgres.PASSWORD_IN_URL, "p%zz"), "is written postgresql://"),
                           (right.replace("127.0.0.1", "[::1"), "is written postgresql://"),
                           (right + "?colour=red", "is written postgresql://")):
            sentence = self.started("--database", url)
            self.assertIn(words, sentence)
            for secret in (postgres.PASSWORD, postgres.PASSWORD_IN_URL, "wrong-one", "p4ss", "w@rd", "zz"):
                self.assertNotIn(secret, sentence)
        backend.postgres_server.psql(f"CREATE DATABASE latin OWNER {postgres.USER} TEMPLATE template0 ENCODING LATIN1"
                                     " LC_COLLATE 'C' LC_CTYPE 'C'")
        self.assertIn("ENCODING UTF8", self.started("--database", right.replace(database.name, "latin")))
        server = self.start()
        server.stop()
        with server.database() as db:
            db.execute("INSERT INTO schema_migration VALUES (9999, 'later', 0)")
        self.assertIn("newer", self.started("--database", server.main.url))

    def test_too_old(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=lambda: old_server(listener.accept()[0]))
            thread.start()
            url = f"postgresql://x@127.0.0.1:{listener.getsockname()[1]}/x"
            self.assertIn("the PostgreSQL server is older than version 12", self.started("--database", url))
            thread.join()

    def make_certificates(self):
        """Of an authority, and of the server by it."""
        def openssl(*arguments):
            subprocess.run(["openssl", *map(str, arguments)], cwd=self.folder, capture_output=True, check=True)

        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        for name in ("authority", "other"):
            openssl("req", "-x509", *key, "-keyout", f"{name}.key", "-out", f"{name}.crt", "-subj", f"/CN={name}", "-days", 2)
        openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=server")
        (self.folder / "names").write_text("subjectAltName=IP:127.0.0.1")
        openssl("x509", "-req", "-in", "server.csr", "-CA", "authority.crt", "-CAkey", "authority.key", "-CAcreateserial",
                "-extfile", "names", "-out", "server.crt", "-days", 2)
        for name in ("server.key", "server.crt"):
            target = backend.postgres_server.data / name
            target.write_bytes((self.folder / name).read_bytes())
            target.chmod(0o600)
            owner = backend.postgres_server.data.stat()
            os.chown(target, owner.st_uid, owner.st_gid)

    def switch_tls(self, on):
        postgres_server = backend.postgres_server
        for sql in (f"ALTER SYSTEM SET ssl = {on}", "SELECT pg_reload_conf ()"):
            postgres_server.psql(sql)
        wait_for(f"TLS is {on}", lambda: postgres_server.psql("SHOW ssl").fetchone()[0] == on)

    def test_tls(self):
        """What stands in the URL reaches libpq, which does the rest."""
        url = backend.postgres_server.make_database().url
        self.assertIn("does not support SSL", self.started("--database", url + "?sslmode=require"))
        self.make_certificates()
        self.switch_tls("on")
        self.addCleanup(self.switch_tls, "off")
        strict = f"?sslmode=verify-full&sslrootcert={self.folder}/"
        self.assertIn("certificate verify failed", self.started("--database", f"{url}{strict}other.crt"))
        self.assertIn("other.name", self.started("--database", f"{url.replace('127.0.0.1', 'other.name')}{strict}authority.crt"
                                                 "&hostaddr=127.0.0.1"))
        server = self.start(start=False)
        server.arguments[server.arguments.index(server.main.url)] = f"{server.main.url}{strict}authority.crt"
        server.start()
        server.create("over TLS", 10)
        encrypted = backend.postgres_server.psql(
            "SELECT count(*), sum(ssl::int) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
            f" WHERE datname = '{server.main.name}'").fetchone()
        self.assertGreater(encrypted[0], 3, "those of the tables, and the history's")
        self.assertEqual(encrypted[1], encrypted[0], "each connection")

    def test_values_wait_while_it_is_away(self):
        database = backend.postgres_server.make_database()
        with unittest.mock.patch.dict(os.environ, BELLWETHER_DATABASE=database.url), Side(backend.BUILD, self.folder) as side:
            side.wait_connected()
            (device, key), = side.make_devices(1)
            link = Link(side.port, device, device, key)
            link.send(publish_packet(f"homie/5/{device}/$state", "ready", 1))
            wait_for("it asks to be let in", lambda: side.call("GET", f"/v1/devices/{device}")["status"] == "awaiting-approval")
            side.call("POST", "/v1/devices/actions", {"action": "approve", "ids": [device]})
            while link.read()[0] != 0:     # until it is thrown off, once
                continue
            link.close()
            link = Link(side.port, device, device, key)
            link.send(publish_packet(f"homie/5/{device}/a/first", "1", 1))
            stored = lambda: database.execute("SELECT count(*) FROM property WHERE value = property").fetchone()[0]
            wait_for("the first value is stored",
                     lambda: database.execute("SELECT count(*) FROM property WHERE value = '1'").fetchone()[0])

            for how in (signal.SIGINT, signal.SIGQUIT):
                backend.postgres_server.stop(how)
                link.send(*(publish_packet(f"homie/5/{device}/{how.name.lower()}/v{i}", f"v{i}", 1, False, i + 1) for i in range(VALUES)))
                log = side.folder / "backend.log"
                n_before = log.read_text().count("is stored again")
                wait_for("it says so", lambda: log.read_text().count("can not be stored") == n_before + 1)
                with self.assertRaisesRegex(RuntimeError, "503"):
                    side.call("GET", "/v1/batches")
                backend.postgres_server.start()
                wait_for("all is stored", lambda: database.execute(
                    f"SELECT count(*) FROM property WHERE node = '{how.name.lower()}' AND value = property").fetchone()[0] == VALUES)
                wait_for("it says that too", lambda: log.read_text().count("is stored again") == n_before + 1)
            self.assertEqual(stored(), 2 * VALUES)
            link.close()

    def test_two_backends_on_one_database(self):
        server = self.start()
        self.assertIn("another bellwetherd", self.started("--database", server.main.url))
        self.assertEqual(server.get("/v1/batches").status, 200)

    def test_url_from_the_environment(self):
        server = self.start()
        server.stop()
        server.arguments = [part for part in server.arguments if part not in ("--database", server.main.url)]
        with unittest.mock.patch.dict(os.environ, BELLWETHER_DATABASE=server.main.url):
            server.start()
        server.create("there", 3)
        self.assertFalse((server.data / "bellwether.db").exists())
        self.assertNotIn(b"p4ss", Path(f"/proc/{server.process.pid}/cmdline").read_bytes())
        with server.database() as db:
            self.assertEqual(db.execute("SELECT count(*) FROM device").fetchone()[0], 3)
        server.stop()
        self.assertNotIn("p4ss", server.stderr())

    def test_secret_is_not_in_the_tables(self):
        server = self.start()
        batch = server.create("secret", 10)
        with server.database() as db:
            secret = db.execute("SELECT secret FROM batch").fetchone()[0]

        def is_there():
            backend.postgres_server.psql("CHECKPOINT")
            return any(secret in path.read_bytes() for path in (backend.postgres_server.data / "base").rglob("*")
                       if path.is_file())
        self.assertTrue(is_there())
        self.assertEqual(server.post(f"/v1/batches/{batch['id']}/handed-over", {}).status, 200)
        self.assertFalse(is_there())

    def test_order_and_search_are_those_of_sqlite(self):
        server = self.start()
        server.create("some", 5)
        with server.database() as db:
            ids = [row[0] for row in db.execute("SELECT id FROM device ORDER BY serial")]
            for id_, name, version in zip(ids, ("b", "A", None, "a", "B"), ("V2-rc", None, None, "v1", "1")):
                words = " ".join(word.lower() for word in (name, version) if word)
                db.execute("UPDATE device SET name = ?, version = ?, search_text = ?, first_seen_us = 1 WHERE id = ?",
                           (name, version, words, id_))
        get = lambda query: [item["name"] for item in server.get("/v1/devices" + query).json["items"]]
        self.assertEqual(get("?sort=name"), [None, "A", "B", "a", "b"])
        self.assertEqual(get("?sort=-name"), ["b", "a", "B", "A", None])
        self.assertEqual(get("?search=v2-RC"), ["b"])


if __name__ == "__main__":
    backend.main()
