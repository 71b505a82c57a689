#!/usr/bin/python3
"""How bellwetherd starts, refuses to start, and survives what a real machine does to it.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import unittest

import backend
from backend import Backend, BackendTest, wait_for


class Start(BackendTest):
    @backend.about_no_database
    def test_options(self):
        program = str(backend.PROGRAM)
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout.split()[0]), (0, "bellwetherd"))
        done = subprocess.run([program, "--help"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0)
        for option in ("--data", "--listen", "--broker", "--database", "--token-file", "--config"):
            self.assertIn(option, done.stdout)
        self.assertEqual(subprocess.run([program, "--nonsense"], capture_output=True, check=False).returncode, 2)
        self.assertEqual(subprocess.run([program, "word"], capture_output=True, check=False).returncode, 2)

    @backend.about_no_database
    def test_config_file(self):
        config = self.folder / "bellwetherd.conf"
        config.write_text(f"[bellwetherd]\ndata={self.folder}/elsewhere\nlisten=127.0.0.1:0\n"
                          f"broker=mqtt://127.0.0.1:1\ntoken-file={self.folder}/token\n")
        server = Backend(self.folder, start=False)
        server.arguments = [str(backend.PROGRAM), "--config", str(config)]
        server.start()
        self.addCleanup(lambda: server.is_running() and server.kill())
        self.assertEqual(server.get("/v1/overview").status, 200)
        self.assertTrue((self.folder / "elsewhere/bellwether.db").exists())
        self.assertEqual(server.stop(), 0)
        config.write_text("[bellwetherd]\ncolour=red\n")
        self.assertIn("colour", self.fails_to_start("--config", config))
        self.assertIn("nothing.conf", self.fails_to_start("--config", self.folder / "nothing.conf"))

    @backend.about_no_database
    def test_refusals(self):
        data = self.folder / "data"
        taken = socket.create_server(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        self.assertIn("in use", self.fails_to_start("--data", data, "--listen", f"127.0.0.1:{port}"))
        taken.close()
        for listen in ("nowhere", "127.0.0.1", "127.0.0.1:99999", "127.0.0.1:x", ":"):
            self.assertIn("no address", self.fails_to_start("--data", data, "--listen", listen))
        self.assertIn("mysql", self.fails_to_start("--data", data, "--listen", "127.0.0.1:0",
                                                          "--database", "mysql://localhost:0x"))
        (self.folder / "file").write_text("")
        self.assertIn("file", self.fails_to_start("--data", self.folder / "file", "--listen", "127.0.0.1:0"))

    @backend.about_no_database
    @unittest.skipIf(os.getuid() == 0 and shutil.which("setpriv") is None, "needs a user without rights")
    def test_folder_not_writable(self):
        data = self.folder / "closed"
        data.mkdir(mode=0o500)
        command = [str(backend.PROGRAM), "--data", str(data), "--listen", "127.0.0.1:0"]
        if os.getuid() == 0:
            os.chmod(self.folder, 0o755)
            os.chown(data, 65534, 65534)
            command = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] + command
            if subprocess.run(command[:6] + ["--version"], capture_output=True, check=False).returncode != 0 and \
               subprocess.run(command[:6] + [str(backend.PROGRAM), "--version"], capture_output=True,
                              check=False).returncode != 0:
                self.skipTest("another user cannot run the program where it was built")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot be written", done.stderr)

    def test_two_in_one_folder(self):
        server = self.start()
        self.assertIn("another bellwetherd", self.fails_to_start("--data", server.data, "--listen", "127.0.0.1:0"))
        self.assertEqual(server.get("/v1/status").status, 200)

    @backend.about_sqlite
    def test_rubbish_database(self):
        data = self.folder / "data"
        data.mkdir()
        (data / "bellwether.db").write_bytes(b"this is no database" * 1000)
        sentence = self.fails_to_start("--data", data, "--listen", "127.0.0.1:0")
        self.assertIn("damaged", sentence)
        self.assertEqual((data / "bellwether.db").read_bytes(), b"this is no database" * 1000, "left as it was")

    @backend.about_sqlite
    def test_torn_database(self):
        server = self.start()
        server.create("some", 2000)
        server.stop()
        path = server.data / "bellwether.db"
        content = path.read_bytes()
        path.write_bytes(content[:4096] + os.urandom(4096 * 8) + content[4096 * 9:])
        sentence = self.fails_to_start("--data", server.data, "--listen", "127.0.0.1:0")
        self.assertIn("damaged", sentence)

    def test_newer_schema(self):
        server = self.start()
        server.stop()
        with server.database() as db:
            db.execute("INSERT INTO schema_migration VALUES (9999, 'later', 0)")
        self.assertIn("newer", self.fails_to_start("--data", server.data, "--listen", "127.0.0.1:0",
                                                   *server.database_arguments))

    @backend.about_sqlite
    def test_locked_database(self):
        server = self.start()
        server.stop()
        other = sqlite3.connect(server.data / "bellwether.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        sentence = self.fails_to_start("--data", server.data, "--listen", "127.0.0.1:0", "--broker", "mqtt://127.0.0.1:1")
        self.assertIn("locked", sentence)
        other.close()

    def test_no_broker(self):
        server = self.start()
        self.assertEqual(server.get("/v1/status").json["broker"], "disconnected")
        server.create("without", 10)
        self.assertEqual(server.stop(), 0)

    def test_kills(self):
        """Nothing that was acknowledged is lost, whenever the end comes."""
        server = self.start()
        done = []
        for round_ in range(5):
            for i in range(3):
                done.append(server.create(f"{round_} {i}", 50 * (i + 1))["id"])
            server.kill()
            server.start()
            self.assertEqual({item["id"] for item in server.get("/v1/batches").json["items"]}, set(done))
        with server.database() as db:
            self.assertEqual(db.execute("PRAGMA integrity_check").fetchone()[0], "ok")


class FullDisk(BackendTest):
    def setUp(self):
        super().setUp()
        self.mount = self.folder / "small"
        self.mount.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(self.mount)],
                              capture_output=True, check=False)
        if done.returncode != 0:
            self.skipTest("only root can make a small disk")
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.mount)], check=False)

    def fill(self):
        """All that is left of the disk, so that not a page more fits."""
        path = self.mount / "filler"
        with open(path, "ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        return path

    def test_too_small(self):
        server = Backend(self.mount)
        self.addCleanup(lambda: server.is_running() and server.kill())
        reply = server.post("/v1/batches", {"name": "too big for it", "count": 200000})
        self.assertEqual((reply.status, reply.json["code"]), (503, "unavailable"))
        self.assertIn("not enough space", reply.json["detail"])
        self.assertEqual(server.get("/v1/batches").json["items"], [])
        reply = server.post("/v1/batches/import?name=x&dryRun=true", b"x\n" * 500000, headers={"Content-Type": "text/csv"})
        self.assertEqual((reply.status, reply.json["code"]), (503, "unavailable"))
        self.assertIn("not enough space", reply.json["detail"])
        server.create("fits", 1000)

    def test_full_while_creating(self):
        server = Backend(self.mount)
        self.addCleanup(lambda: server.is_running() and server.kill())
        kept = server.create("kept", 100)
        for i in range(20):
            batch = server.post("/v1/batches", {"name": f"interrupted {i}", "count": 18000}).json
            filler = self.fill()
            if server.get(f"/v1/batches/{batch['id']}").json.get("state") == "ready":
                filler.unlink()
                continue
            self.assertEqual(server.get(f"/v1/batches/{kept['id']}").json, kept)
            self.assertEqual(server.get("/v1/status").status, 200)
            filler.unlink()
            wait_for("it is whole or gone", lambda: server.get(f"/v1/batches/{batch['id']}").json.get("state", "gone")
                     != "creating")
            break
        items = server.get("/v1/batches").json["items"]
        self.assertEqual({item["state"] for item in items}, {"ready"})
        with server.database() as db:
            self.assertEqual(db.execute("SELECT count(*) FROM device").fetchone()[0], sum(item["count"] for item in items))
        with server.database("broker.db") as db:
            self.assertEqual(db.execute("SELECT count(*) FROM device").fetchone()[0], sum(item["count"] for item in items))

    def test_full_disk(self):
        server = Backend(self.mount)
        self.addCleanup(lambda: server.is_running() and server.kill())
        kept = server.create("kept", 100)
        filler = self.fill()
        reply = None
        for i in range(400):
            reply = server.post("/v1/batches", {"name": f"full {i}", "count": 1})
            if reply.status != 201:
                break
        self.assertEqual((reply.status, reply.json["code"]), (503, "unavailable"), reply)
        self.assertIn("space", reply.json["detail"])
        self.assertEqual(server.get(f"/v1/batches/{kept['id']}").json, kept)
        self.assertEqual(server.get("/v1/devices?limit=1").status, 200)
        filler.unlink()
        server.create("after", 10)
        self.assertEqual(server.stop(), 0)

    def test_full_from_the_start(self):
        self.fill()
        sentence = self.fails_to_start("--data", self.mount / "data", "--listen", "127.0.0.1:0")
        self.assertRegex(sentence, "no space left|No space left|cannot be")


if __name__ == "__main__":
    backend.main()
