#!/usr/bin/python3
"""The history: its database may go and come, what devices say is kept in it, and who may read it.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import sqlite3
import unittest

import backend
from backend import BackendTest


class Database(BackendTest):
    @backend.about_sqlite
    def test_lost(self):
        server = self.start()
        path = server.data / "history.db"
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertNotIn("history", server.stderr())
        self.assertEqual(server.stop(), 0)
        path.unlink()
        server.start()
        self.assertIn(f"There is no history {path}; a new one begins", server.stderr())
        self.assertEqual(server.get("/v1/overview").status, 200)
        self.assertEqual(server.stop(), 0)
        with sqlite3.connect(path) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM series").fetchone(), (0,))

    @backend.about_sqlite
    def test_damaged(self):
        server = self.start()
        path = server.data / "history.db"
        self.assertEqual(server.stop(), 0)
        whole = path.read_bytes()
        for number, rubbish in enumerate((b"no database at all " * 1000, whole[:3000], whole[:100] + b"\xff" * 8000)):
            path.write_bytes(rubbish)
            server.start()
            aside = [p for p in server.data.glob("history.db.damaged-*") if not p.name.endswith(("-wal", "-shm"))]
            self.assertEqual(len(aside), number + 1)
            self.assertIn(rubbish, [p.read_bytes() for p in aside])
            self.assertIn("is damaged and was put aside as", server.stderr())
            self.assertEqual(server.get("/v1/overview").status, 200)
            self.assertEqual(server.stop(), 0)

    @unittest.skipUnless(backend.ON_POSTGRES, "about a server")
    def test_schema_of_its_own(self):
        server = self.start()
        tables = server.main.execute("SELECT table_schema FROM information_schema.tables WHERE table_name = 'series'")
        self.assertEqual(tables.fetchall(), [("bellwether_history",)])


if __name__ == "__main__":
    backend.main()
