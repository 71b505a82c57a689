#!/usr/bin/python3
"""A full disk: test_disk_full.py BUILD. The backend stores nothing, acknowledges nothing, says so once, and
goes on by itself when there is space again. Needs the right to mount a small file system.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))

from brokerside import Side, wait_for  # noqa: E402
from rawmqtt import Link, publish_packet  # noqa: E402

# 20 MB of values, and as much again for the log, when all of a round comes in one transaction.
SIZE = "64m"
VALUES = 500


def check(condition, text):
    if not condition:
        raise RuntimeError(text)


def run(side):
    side.wait_connected()
    (device, key), = side.make_devices(1)
    side.approve_all()
    link = Link(side.port, device, device, key)
    link.send(publish_packet(f"homie/5/{device}/$state", "ready", 1), publish_packet(f"homie/5/{device}/a/first", "1", 1))
    wait_for("the first value is stored", lambda: side.query("SELECT 1 FROM property WHERE value = '1'"))

    ballast = side.data / "ballast"
    with open(ballast, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass

    # larger than what the log file may still hold on the pages it has
    big = "x" * 20000
    link.send(*(publish_packet(f"homie/5/{device}/a/p{i}", f"{i} {big}", 1, False, i + 1) for i in range(VALUES)))
    log = side.folder / "backend.log"
    wait_for("it says so", lambda: "can not be stored" in log.read_text())
    check(side.call("GET", "/v1/status")["name"] == "bellwetherd", "the API does not answer")
    stored = side.query("SELECT count(*) FROM property WHERE property LIKE 'p%'")[0][0]
    check(stored < VALUES, "all was stored on a full disk")

    # even the end of the daemon loses nothing that was not acknowledged by it
    side.kill_backend()
    ballast.unlink()
    side.start_backend()
    wait_for("all is stored", lambda: side.query(
        "SELECT count(*) FROM property WHERE property LIKE 'p%' AND value LIKE substr(property, 2) || ' x%'")[0][0] == VALUES)

    # and once more without one
    with open(ballast, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    link.send(*(publish_packet(f"homie/5/{device}/b/p{i}", f"{i} {big}", 1, False, i + 1) for i in range(VALUES)))
    wait_for("it says so again", lambda: log.read_text().count("can not be stored") == 2)
    ballast.unlink()
    wait_for("all is stored", lambda: side.query(
        "SELECT count(*) FROM property WHERE node = 'b' AND value LIKE substr(property, 2) || ' x%'")[0][0] == VALUES)
    wait_for("it says that it is well again", lambda: "is stored again" in log.read_text())
    check(log.read_text().count("can not be stored") == 2, "it is said more than once for each full disk")
    check(side.query("PRAGMA integrity_check")[0][0] == "ok", "the database is damaged")

    # and in the history each of them is once, too
    def in_history():
        items = side.call("GET", f"/v1/devices/{device}/history/series")["items"]
        return {(item["node"], item["property"]): item["n"] for item in items if item["property"].startswith("p")}
    wait_for("all is in the history", lambda: len(in_history()) == 2 * VALUES)
    check(set(in_history().values()) == {1}, f"in the history: {sorted(in_history().items(), key=lambda one: -one[1])[:5]}")
    link.close()


def main():
    print("1..1", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="bw-disk-"))
    data = folder / "data"
    data.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(data)],
                      capture_output=True, check=False).returncode != 0:
        print("ok 1 # SKIP no right to mount")
        data.rmdir()
        folder.rmdir()
        return 0
    try:
        with Side(sys.argv[1], folder) as side:
            run(side)
    except Exception as error:  # told as TAP
        print(f"# {error}\nnot ok 1 disk-full", flush=True)
        return 1
    finally:
        subprocess.run(["umount", "-l", str(data)], check=False)
    print("ok 1 disk-full", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
