#!/usr/bin/python3
"""A fleet from a terminal: found, changed as one job, undone; views kept.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))

from harness import Failed, Folder, Installation, Tap, check  # noqa: E402
from test_ctl_people import lines, refused, run  # noqa: E402

tap = Tap()


def ids(place, *options):
    return [d["id"] for d in place.json("device", "query", "--all", "--columns", "id", *options)["items"]]


@tap.test
def test_query(place):
    place.ctl("batch", "create", "--name", "Spring", "--count", "700")
    place.ctl("company", "create", "--name", "North", "--alias", "north")
    with sqlite3.connect(place.data / "bellwether.db") as db:
        db.execute("UPDATE device SET status = 3, first_seen_us = 1, last_seen_us = 1790000000000000, version = '1.' || (serial % 3), name = 'Pump ' || serial"
                   " WHERE serial <= 600")
    check(len(ids(place)) == 700, "all pages")
    check(len(ids(place, "--filter", "version=1.0", "--filter", "version=1.1", "--filter", "name~=pump 1")) ==
          sum(str(s).startswith("1") and s % 3 < 2 for s in range(1, 601)), "any value, all keys")
    check(len(ids(place, "--filter", "version!=1.0", "--filter", "batch=Spring")) == 500, "what has none is another one")
    check(len(ids(place, "--filter", "lastSeenAfter=2026-09-22")) in (0, 600) and len(ids(place, "--filter", "lastSeenAfter=2020-01-01")) == 600, "days")
    rows = lines(place, "device", "query", "--sort", "-name", "--columns", "name,version,company", "--limit", "3")
    check("Pump 99" in rows[1] and rows[-1].startswith("3 of 700"), f"{rows}")
    file = place.folder / "all.csv"
    place.ctl("device", "query", "--csv", file, "--columns", "id,name", "--filter", "empty=name")
    check(len(list(csv.reader(file.open(newline="")))) == 101, "the file has a head and 100 devices")
    refused(place, "device", "query", "--filter", "colour=red", words="“colour”")
    refused(place, "device", "query", "--filter", "red", words="KEY=VALUE")
    refused(place, "device", "query", "--columns", "colour", words="colour")
    refused(place, "device", "query", "--filter", "batch=Nothing", words="Nothing")
    refused(place, "device", "query", "--filter", "lastSeenAfter=soon", words="soon")
    refused(place, "device", "query", "--limit", "0", words="--limit", status=2)


@tap.test
def test_bulk(place):
    out, _ = place.ctl("device", "bulk", "approve", "--filter", "status=awaiting-approval", "--filter", "status=new", "--preview")
    check("600 devices would change, 100 would be refused" in out and "never connected" in out, out)
    job = place.json("device", "bulk", "approve", "--filter", "status=awaiting-approval", "--follow")
    check((job["state"], job["nDone"], job["nFailed"]) == ("done", 600, 0), f"{job}")
    some = ids(place, "--filter", "status=new")[:5]
    file = place.folder / "ids.txt"
    file.write_text("device_id\n" + "\n".join(some) + "\n", encoding="utf-8")
    place.ctl("tag", "create", "--name", "green")
    job = place.json("device", "bulk", "tag", "--from", file, "--tag", "green", "--follow")
    check(sorted(ids(place, "--filter", "tag=green")) == sorted(some), f"{job}")
    place.ctl("device", "bulk", "assign", *some, "--company", "north", "--follow")
    check(len(ids(place, "--filter", "company=north")) == 5, "they are there")
    rows = lines(place, "bulk", "list")
    check(len(rows) == 4 and "assign" in rows[1], f"{rows}")
    code, out, err = run(place, "device", "bulk", "approve", *some, "--follow")
    check(code == 1 and "5 devices were refused" in err and "Refused" in out, f"{code} {out} {err}")
    newest = place.json("bulk", "list")["items"][0]["id"]
    rows = lines(place, "bulk", "results", newest, "--state", "refused")
    check(len(rows) == 6 and "never connected" in rows[1], f"{rows}")
    undone = place.json("bulk", "undo", job["id"], "--follow")
    check((undone["action"], undone["nDone"], ids(place, "--filter", "tag=green")) == ("undo", 5, []), f"{undone}")
    check(place.json("bulk", "show", job["id"])["undoneBy"] == undone["id"], "it says by which one")
    refused(place, "bulk", "cancel", job["id"], words="ended")
    refused(place, "bulk", "undo", job["id"], words="undone")
    refused(place, "device", "bulk", "approve", words="--filter", status=2)
    refused(place, "device", "bulk", "explode", *some, words="action")
    refused(place, "device", "bulk", "set", *some, "--property", "light", "--value", "1", words="NODE/PROPERTY")
    refused(place, "bulk", "show", "77", words="77")


@tap.test
def test_views(place):
    place.ctl("view", "create", "Approved", "--filter", "status=approved", "--sort", "-name", "--columns", "id,name")
    place.ctl("view", "create", "Shared", "--filter", "status=new", "--company", "north")
    check(len(ids(place, "--view", "Approved")) == 600, "as the view says")
    check(len(ids(place, "--view", "Approved", "--filter", "version=1.0")) == 200, "and more")
    rows = lines(place, "device", "query", "--view", "Approved", "--limit", "1")
    check("Pump 99" in rows[1], f"{rows}")
    place.ctl("view", "edit", "Approved", "--name", "Let in", "--sort", "name")
    view = place.json("view", "show", "Let in")
    check((view["document"]["sort"], view["document"]["filter"], view["revision"]) == ("name", {"status": ["approved"]}, 2), f"{view}")
    out, _ = place.ctl("view", "show", "Let in")
    check("Let in" in out and "approved" in out, out)
    check(len(lines(place, "view", "list")) == 3, "two of them")
    place.ctl("view", "delete", "Shared")
    refused(place, "view", "show", "Shared", words="Shared")
    refused(place, "device", "query", "--view", "Shared", words="Shared")


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
