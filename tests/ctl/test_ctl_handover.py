#!/usr/bin/python3
"""bellwetherctl batch import, confirm, progress and export --zip, against a backend with a broker.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import contextlib
import csv
import hashlib
import json
import os
import pty
import select
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))

from harness import Failed, Folder, Installation, Tap, check, read_hand_over  # noqa: E402

tap = Tap()
KEY = "0123456789abcdef0123456789abcdef"
IDS = [f"zzzz-0000-0000-{n:04}" for n in range(10)]


def run(place, *arguments, text=None, timeout=240):
    result = subprocess.run([str(place.ctl_path), *map(str, arguments)], input=text, capture_output=True, text=True,
                            env=place.env, timeout=timeout)
    return result.returncode, result.stdout, result.stderr


def write(place, name, text):
    path = place.folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


@tap.test
def test_usage(place):
    for arguments, words in ((["batch", "import"], "Usage:"), (["batch", "import", "x"], "--name"), (["batch", "confirm"], "Usage:"),
                             (["batch", "progress"], "Usage:"), (["batch", "export", "x", "--zip", "y"], "--format"),
                             (["batch", "export", "x", "--zip", "y", "--format", "xml"], "xml"),
                             (["batch", "export", "x", "--zip", "y", "--csv", "z"], "--zip")):
        code, out, err = run(place, *arguments)
        check(code == 2 and out == "" and words in err, f"{arguments}: {code} {out!r} {err!r}")
    for arguments, words in ((["batch", "import", "/nowhere.csv", "--name", "x"], "/nowhere.csv"),
                             (["batch", "import", write(place, "empty.csv", ""), "--name", "x"], "empty"),
                             (["batch", "confirm", "nothing", "--csv", write(place, "one.csv", IDS[0])], "nothing"),
                             (["batch", "import", write(place, "one.csv", IDS[0]), "--name", "x", "--company", "nobody"], "nobody")):
        code, out, err = run(place, *arguments)
        check(code == 1 and out == "" and words in err and err.count("\n") == 1, f"{arguments}: {code} {out!r} {err!r}")


@tap.test
def test_import(place):
    path = write(place, "old.csv", "\ufeffdevice_id;device_key;type;license;shelf\r\n"
                 f"{IDS[0]};{KEY};release;\"a; b\";1\r\n{IDS[1]};;;;\r\nnonsense;;;;\r\n{IDS[0]};;;;\r\n{IDS[2]};short;;;\r\n")
    for more in ([], ["--dry-run"]):
        code, out, err = run(place, "batch", "import", path, "--name", "old", *more)
        check(code == 1 and out == "", f"{code} {out!r} {err!r}")
        for words in ("shelf", "row 4, device_id “nonsense”", "row 5, device_id", "row 6 device_key", "3 of 5 rows are bad", "--skip-bad"):
            check(words in err, f"“{words}” is not said: {err}")
        check("short" not in err, "a key was said")
    code, out, err = run(place, "batch", "import", path, "--name", "old", "--dry-run", "--skip-bad")
    check(code == 0 and "2 rows are good" in out, f"{code} {out!r} {err!r}")
    check(place.json("batch", "list")["items"] == [], "a dry run has made something")
    report = place.json("batch", "import", path, "--name", "old", "--dry-run", "--skip-bad")
    check([p["row"] for p in report["problems"]] == [4, 5, 6] and report["nOwnKeys"] == 1, f"{report}")
    code, out, err = run(place, "batch", "import", path, "--name", "old", "--skip-bad", "--color", "#102030")
    check(code == 0 and "2 Device IDs" in out, f"{code} {out!r} {err!r}")
    out, _ = place.ctl("device", "show", IDS[0])
    check("License: a; b" in out and "Type: release" in out, out)
    code, out, err = run(place, "batch", "import", path, "--name", "older", "--skip-bad")
    check(code == 1 and "exists already" in err, err)
    path = write(place, "open.csv", f'device_id,license\n{IDS[3]},"a\n{IDS[4]},b\n')
    code, out, err = run(place, "batch", "import", path, "--name", "older")
    check(code == 1 and out == "" and "1 of 2 rows is bad" in err or "1 of 2 rows are bad" in err, f"{code} {out!r} {err!r}")
    check("row 2: " in err, err)


@tap.test
def test_provisioning_files(place):
    place.json("batch", "create", "--name", "fresh", "--count", "12")
    path = place.folder / "fresh.zip"
    told = place.json("batch", "export", "fresh", "--zip", path, "--format", "json")
    check(told == {"batch": "fresh", "file": str(path), "count": 12, "keys": True}, f"{told}")
    check(stat.S_IMODE(path.stat().st_mode) == 0o600, "others can read the keys")
    check(not list(place.folder.glob(".bellwether-*")), "a temporary file with keys is left")
    with contextlib.closing(sqlite3.connect(place.data / "broker.db")) as db:
        told = dict(db.execute("SELECT id, key_hash FROM device"))
    with zipfile.ZipFile(path) as pack:
        names = pack.namelist()
        check(names[-1] == "SHA256SUMS" and len(names) == 13, f"{names}")
        sums = dict(reversed(line.split("  ")) for line in pack.read("SHA256SUMS").decode().splitlines())
        for i, name in enumerate(names[:-1]):
            data = pack.read(name)
            document = json.loads(data)
            check(name == f"{i + 1:04}-{document['deviceId']}.json" and document["serial"] == i + 1, f"{name} {document}")
            check(sums[name] == hashlib.sha256(data).hexdigest(), f"the sum of {name}")
            key = hashlib.blake2b(document["deviceKey"].encode(), digest_size=32).digest()
            check(told[document["deviceId"]] == key, f"{name} has another key")
    before = path.read_bytes()
    code, _, err = run(place, "batch", "export", "fresh", "--zip", path, "--format", "nvs")
    check(code == 1 and path.read_bytes() == before and err.count("\n") == 1, "the only file with the keys was written over")

    path = place.folder / "old.zip"
    told = place.json("batch", "export", "old", "--zip", path, "--format", "nvs")
    check(told["keys"], f"{told}")
    with zipfile.ZipFile(path) as pack:
        rows = [list(csv.reader(pack.read(name).decode().splitlines())) for name in pack.namelist()[:-1]]
    check(rows[0] == [["key", "type", "encoding", "value"], ["bellwether", "namespace", "", ""],
                      ["device_id", "data", "string", IDS[0]], ["serial", "data", "u32", "1"]], f"{rows[0]}")
    check(rows[1][2] == ["device_id", "data", "string", IDS[1]] and rows[1][3][:3] == ["device_key", "data", "string"] and
          len(rows[1][3][3]) == 26, f"{rows[1]}")
    place.ctl("batch", "export", "old", "--zip", "/nowhere/x.zip", "--format", "nvs", ok=1)


@tap.test
def test_confirm(place):
    place.json("batch", "create", "--name", "flashed", "--count", "50")
    table = place.folder / "flashed.csv"
    place.ctl("batch", "export", "flashed", "--csv", table)
    ids = [row["device_id"] for row in read_hand_over(table)]
    part = write(place, "part.csv", "".join(table.read_text().splitlines(keepends=True)[:21]))
    code, out, err = run(place, "batch", "confirm", "flashed", "--csv", part)
    check(code == 0 and "20 devices are flashed now." in out, f"{code} {out!r} {err!r}")
    code, out, err = run(place, "batch", "confirm", "flashed", "--csv", write(place, "bare.csv", f"\ufeff{ids[0]}\r\n{ids[20]}\r\n{IDS[0]}\r\n"))
    check(code == 1 and "1 device is flashed now, 1 was that far before." in out and "another batch" in err, f"{code} {out!r} {err!r}")
    scanned = f"{ids[21].replace('-', '').upper()}\n\n{ids[0]}\n{IDS[5]}\nnot a code\n{ids[22]}"
    code, out, err = run(place, "batch", "confirm", "flashed", text=scanned)
    check(code == 1 and out.count("flashed\n") == 2 and "was that far before" in out and "no such device" in err and
          "no Device ID" in err and "2 codes were refused" in err, f"{code} {out!r} {err!r}")
    code, out, err = run(place, "batch", "confirm", "flashed", "--json", text=f"{ids[23]}\n")
    check(code == 0 and json.loads(out) == {"nChanged": 1, "nAlready": 0, "nRefused": 0}, f"{code} {out!r} {err!r}")
    funnel = place.json("batch", "progress", "flashed")
    check(funnel == {"created": 50, "labelled": 24, "flashed": 24, "seen": 0, "approved": 0, "paired": 0}, f"{funnel}")
    out, _ = place.ctl("batch", "progress", "flashed")
    check(out.splitlines()[0].split() == ["STAGE", "DEVICES", "SHARE"] and "48.0 %" in out, out)
    behind = place.json("batch", "progress", "flashed", "--stragglers", "flashed", "--limit", "3")
    check(behind["total"] == 26 and [d["serial"] for d in behind["items"]] == [25, 26, 27], f"{behind}")
    out, _ = place.ctl("batch", "progress", "flashed", "--stragglers", "seen", "--limit", "2")
    check("2 of 50" in out and len(out.splitlines()) == 4, out)
    place.ctl("batch", "progress", "flashed", "--stragglers", "asleep", ok=1)


@tap.test
def test_scanning_ends_by_ctrl_c(place):
    primary, secondary = pty.openpty()
    process = subprocess.Popen([str(place.ctl_path), "batch", "confirm", "flashed"], env=place.env, stdin=secondary,
                               stdout=secondary, stderr=secondary, start_new_session=True)
    os.close(secondary)
    seen = b""
    while b"Ctrl+D" not in seen and select.select([primary], [], [], 100)[0]:
        seen += os.read(primary, 4096)
    process.send_signal(signal.SIGINT)
    check(process.wait(100) == 1, f"{process.returncode} {seen!r}")
    os.close(primary)


@tap.test
def test_many(place):
    n = 100_000
    path = write(place, "many.csv", "\ufeffdevice_id;type\r\n" + "".join(f"\"m{i:07}{i:08}\";release\r\n" for i in range(n)))
    start = time.monotonic()
    told = place.json("batch", "import", path, "--name", "many")
    print(f"# {n} imported in {time.monotonic() - start:.2f} s", flush=True)
    check(told["count"] == n and told["state"] == "ready", f"{told}")
    start = time.monotonic()
    report = place.json("batch", "confirm", "many", "--csv", path)
    print(f"# {n} confirmed in {time.monotonic() - start:.2f} s", flush=True)
    check((report["nChanged"], report["nRefused"]) == (n, 0), f"{report}")
    start = time.monotonic()
    place.json("batch", "export", "many", "--zip", place.folder / "many.zip", "--format", "json")
    print(f"# {n} provisioning files in {time.monotonic() - start:.2f} s", flush=True)
    with zipfile.ZipFile(place.folder / "many.zip") as pack:
        check(len(pack.namelist()) == n + 1 and pack.namelist()[0] == "000001-m000-0000-0000-0000.json", f"{pack.namelist()[:2]}")


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
