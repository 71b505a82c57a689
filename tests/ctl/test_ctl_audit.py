#!/usr/bin/python3
"""The audit log and tags on devices from a terminal.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import http.server
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))

from harness import Failed, Folder, Installation, Tap, check, wait_for  # noqa: E402
from test_ctl import run  # noqa: E402
from test_ctl_people import invite, lines, refused  # noqa: E402

tap = Tap()
N_MANY = 150


@tap.test
def test_list(place):
    place.json("company", "create", "--name", "North", "--alias", "north")
    place.json("user", "create", "--email", "anna@example.com", "--company", "north")
    place.json("company", "edit", "north", "--name", "Northern")
    rows = lines(place, "audit", "list", "--kind", "company")
    check(rows[0].split()[0] == "ENTRY" and [row.split()[5:7] for row in rows[1:]] == [["edit", "company"], ["create", "company"]], f"{rows}")
    listed = place.json("audit", "list", "--kind", "company", "--object", "2", "--action", "edit", "--user", "admin")
    check(listed["total"] == 1 and listed["items"][0]["before"]["name"] == "North" and listed["items"][0]["after"]["name"] == "Northern", f"{listed}")
    check(place.json("audit", "list", "--search", "anna")["total"] == 1, "--search")

    today, day = date.today(), timedelta(days=1)
    total = place.json("audit", "list")["total"]
    check(total >= 3 and place.json("audit", "list", "--from", today - day, "--to", today + day)["total"] == total, "by the day")
    check(place.json("audit", "list", "--to", today - day)["total"] == 0 and place.json("audit", "list", "--from", today + day)["total"] == 0, "other days")
    check(place.json("audit", "list", "--from", f"{today - day}T00:00", "--to", "2999-01-01T00:00:00Z")["total"] == total, "by the time")
    refused(place, "audit", "list", "--from", "yesterday", words="yesterday")
    refused(place, "audit", "list", "--user", "nobody", words="nobody")
    refused(place, "audit", "list", "--limit", "0", words="--limit", status=2)


@tap.test
def test_many(place):
    for number in range(N_MANY):
        place.json("company", "edit", "north", "--phone", str(number))
    total = place.json("audit", "list", "--limit", "1")["total"]
    rows = lines(place, "audit", "list")
    check(len(rows) == 102 and rows[-1] == f"… and {total - 100} more", f"{rows[-2:]}")
    check(len(lines(place, "audit", "list", "--limit", "120")) == 121 and len(lines(place, "audit", "list", "--limit", "1000")) == total + 1, "--limit")
    ids = [int(e["id"]) for e in place.json("audit", "list", "--limit", "1000")["items"]]
    check(ids == sorted(ids, reverse=True) and len(ids) == total, "not the newest first, or not all of them")


@tap.test
def test_export(place):
    path = place.folder / "audit.csv"
    check(lines(place, "audit", "export", "--csv", path) == [f"“{path}” is written."], "text")
    total = place.json("audit", "list", "--limit", "1")["total"]
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = [int(row["seq"]) for row in rows]
    check(len(rows) == total and numbers == sorted(numbers), f"{len(rows)} of {total}, or not the oldest first")
    check(json.loads(next(row for row in rows if row["action"] == "edit")["after"])["name"] == "Northern", "documents in it")
    check(path.stat().st_mode & 0o077 == 0, "others may read it")
    check(place.json("audit", "export", "--csv", path, "--kind", "user") == {"file": str(path)} and len(path.read_text().splitlines()) == 2, "filters")

    # what is there stays when it cannot be written, and nothing else is left behind
    before = path.read_bytes()
    refused(place, "audit", "export", "--csv", "/nowhere/audit.csv", words="/nowhere/audit.csv")
    refused(place, "audit", "export", "--csv", path, "--from", "nonsense", words="nonsense")
    check(path.read_bytes() == before and not [f for f in os.listdir(place.folder) if f.startswith(".bellwether-")], "left behind")


class HalfAnExport(http.server.BaseHTTPRequestHandler):
    """A backend that stops in the middle of the file, or goes away there."""

    protocol_version = "HTTP/1.1"
    goes = False

    def do_GET(self):
        body = b'{"id":"session-1","user":"admin","broker":{}}' if "export" not in self.path else b"1,2,3\n" * 1000
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) * (1000 if "export" in self.path else 1)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        if "export" in self.path and not self.goes:
            self.server.ended.wait(100)
        self.close_connection = True

    def log_message(self, *arguments):
        pass


@tap.test
def test_half_an_export(place):
    """Ctrl+C in the middle, or a backend that goes: what was there before stays, and nothing is left beside it."""
    folder = place.folder / "half"
    folder.mkdir()
    path = folder / "audit.csv"
    path.write_text("before")
    for goes in (False, True):
        HalfAnExport.goes = goes
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), HalfAnExport) as server:
            server.ended = threading.Event()
            threading.Thread(target=server.serve_forever, daemon=True).start()
            process = subprocess.Popen([str(place.ctl_path), "--server", f"http://127.0.0.1:{server.server_address[1]}", "audit", "export", "--csv", str(path)],
                                       env=place.env, stderr=subprocess.PIPE, text=True)
            if not goes:
                wait_for("the file grows", lambda: any((folder / name).stat().st_size > 0 for name in os.listdir(folder) if name.startswith(".")))
                process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=120)
            server.ended.set()
            server.shutdown()
        check(process.returncode == 1 and ("broke off" if goes else "cancelled") in err and err.count("\n") == 1, f"{process.returncode} {err!r}")
        check(os.listdir(folder) == ["audit.csv"] and path.read_text() == "before", f"{os.listdir(folder)}")


@tap.test
def test_tags_on_devices(place):
    place.json("batch", "create", "--name", "Tagged", "--count", "3")
    first, second, _ = (d["id"] for d in place.json("device", "list", "--sort", "serial")["items"])
    place.json("tag", "create", "--name", "fragile", "--color", "#ff0000")
    check(lines(place, "tag", "put", "fragile", first, second.upper()) == ["done"], "put")
    check([d["id"] for d in place.json("device", "list", "--tag", "FRAGILE", "--sort", "serial")["items"]] == [first, second], "--tag")
    check(len(lines(place, "device", "list", "--tag", "fragile")) == 3, "text")
    check(place.json("tag", "take", "fragile", first)["results"] == [{"id": first, "reason": None}], "take")
    check([d["id"] for d in place.json("device", "list", "--tag", "fragile")["items"]] == [second], "it is still marked")
    place.json("tag", "put", "fragile", "--kind", "user", "anna@example.com")
    check([u["email"] for u in place.json("user", "list", "--tag", "fragile")["items"]] == ["anna@example.com"], "a user")

    code, out, err = run(place, "tag", "put", "fragile", first, "aaaa-aaaa-aaaa-aaaa")
    check(code == 1 and "aaaa-aaaa-aaaa-aaaa" in err and err.count("\n") == 1, f"{code} {out!r} {err!r}")
    check(first in [d["id"] for d in place.json("device", "list", "--tag", "fragile")["items"]], "the good one was not marked")
    refused(place, "tag", "put", "fragile", "nonsense", words="nonsense")
    refused(place, "tag", "put", "nothing", first, words="nothing")
    refused(place, "device", "list", "--tag", "nothing", words="nothing")


@tap.test
def test_who_may_read_it(place):
    support = invite(place, "sam@example.com", "north", "support")
    for arguments in (["audit", "list"], ["audit", "verify"], ["audit", "export", "--csv", place.folder / "none.csv"]):
        refused(place, *arguments, words="role", env=support)
    check(not (place.folder / "none.csv").exists(), "a file of a refusal")


@tap.test
def test_verify(place):
    total = place.json("audit", "list", "--limit", "1")["total"]
    check(lines(place, "audit", "verify") == [f"The audit log is whole: {total} entries, each fits to the one before."], "text")
    check(place.json("audit", "verify") == {"ok": True, "n": total, "firstBad": None, "reason": None}, "JSON")
    place.stop()
    with sqlite3.connect(place.data / "bellwether.db") as db:
        db.execute("UPDATE audit SET login = 'somebody' WHERE seq = 3")
    db.close()
    place.start()
    refused(place, "audit", "verify", words="entry 3")
    told, err = place.ctl("--json", "audit", "verify", ok=1)
    check(json.loads(told)["firstBad"] == 3 and json.loads(told)["reason"] in err, f"{told} {err}")


def main():
    with Folder() as folder:
        place = Installation(sys.argv[1], folder)
        try:
            place.start()
            status = tap.run(place)
            place.stop()
            return status
        except Failed as error:
            print(f"Bail out! {error}")
            return 1
        finally:
            place.kill()


if __name__ == "__main__":
    sys.exit(main())
