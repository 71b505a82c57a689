#!/usr/bin/python3
"""bellwetherctl as a person and as a program use it; the main job itself is in tests/e2e.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import fcntl
import json
import os
import pty
import re
import select
import signal
import stat
import struct
import subprocess
import sys
import termios
import threading
import time
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))

from harness import Failed, Folder, Installation, Tap, check, read_hand_over, wait_for  # noqa: E402

tap = Tap()


def run(place, *arguments, text=None, env=None, timeout=240):
    result = subprocess.run([str(place.ctl_path), *map(str, arguments)], input=text, capture_output=True, text=True,
                            env=env or place.env, timeout=timeout)
    return result.returncode, result.stdout, result.stderr


def alone(place):
    """An environment without a token, and a home of its own."""
    env = {k: v for k, v in place.env.items() if k not in ("BELLWETHER_TOKEN", "BELLWETHER_SERVER")}
    env["XDG_CONFIG_HOME"] = str(place.folder / "config")
    return env


@tap.test
def test_usage(place):
    cases = [
        ([], 2, "", "Usage:"), (["--help"], 0, "batch create", ""), (["help"], 0, "device watch", ""), (["--version"], 0, "bellwetherctl ", ""),
        (["batch"], 2, "", "batch"), (["batch", "create"], 2, "", "--name"), (["batch", "create", "--name", "x"], 2, "", "--count"),
        (["batch", "create", "--name", "x", "--count", "many"], 2, "", "many"), (["batch", "create", "extra", "--name", "x", "--count", "1"], 2, "", "Usage:"),
        (["batch", "export", "x"], 2, "", "--csv"), (["labels"], 2, "", "Usage:"), (["labels", "x", "--pdf", "y"], 2, "", "--stock"),
        (["labels", "x", "--stock", "L7160"], 2, "", "--zpl"), (["labels", "x", "--stock", "L7160", "--zip", "y", "--format", "gif"], 2, "", "--format"),
        (["labels", "x", "--stock", "L7160", "--pdf", "y", "--marks", "many"], 2, "", "--marks"),
        (["labels", "x", "--stock", "L7160", "--pdf", "y", "--serials", "1", "--first", "2"], 2, "", "--serials"),
        (["labels", "x", "--stock", "L7160", "--pdf", "y", "--continue", "--start", "2"], 2, "", "--continue"),
        (["labels", "sheets", "forget"], 2, "", "forget NUMBER"), (["labels", "sheets", "forget", "0"], 2, "", "forget NUMBER"),
        (["labels", "calibrate", "--printer", "x"], 2, "", "--stock"), (["labels", "test-page", "--stock", "L7160"], 2, "", "--pdf"),
        (["device", "approve"], 2, "", "Usage:"), (["device", "set", "a", "b"], 2, "", "Usage:"), (["device", "set", "a", "b", "c"], 2, "", "NODE/PROPERTY"),
        (["device", "set", "a", "n/p", "c", "--wait", "61"], 2, "", "60"), (["serve"], 2, "", "--data"), (["serve", "--data", "x", "--port", "70000"], 2, "", "65535"),
        (["login"], 2, "", "--user"), (["batch", "create", "--help"], 0, "--company", ""), (["teapot"], 2, "", "teapot"),
    ]
    for arguments, status, out_words, err_words in cases:
        code, out, err = run(place, *arguments)
        check(code == status and out_words in out and err_words in err, f"{arguments}: {code}\n{out}\n{err}")
        check(status == 0 or out == "", f"{arguments}: a refusal on standard output: {out!r}")


@tap.test
def test_global_options_stand_anywhere(place):
    for arguments in (["--json", "batch", "list"], ["batch", "list", "--json"], ["batch", "--json", "list"]):
        code, out, err = run(place, *arguments)
        check(code == (2 if arguments[1] == "--json" else 0), f"{arguments}: {code} {err}")
    env = alone(place)
    code, out, err = run(place, "batch", "list", "--json", "--server", place.api, "--token-file", place.token_file, env=env)
    check(code == 0 and "items" in json.loads(out), err)
    code, out, err = run(place, "--server", place.api, "--token", place.env["BELLWETHER_TOKEN"], "batch", "list", env=env)
    check(code == 0, err)
    for arguments, words in ((["--server", place.api, "batch", "list"], "sign"), (["batch", "list"], "--server"),
                             (["--server", "ftp://x", "batch", "list"], "ftp://x"), (["--server", place.api, "--token", "a b", "batch", "list"], "token"),
                             (["--server", place.api, "--token-file", "/nowhere", "batch", "list"], "/nowhere")):
        code, out, err = run(place, *arguments, env=env)
        check(code == 1 and words in err and err.count("\n") == 1, f"{arguments}: {code} {err!r}")


@tap.test
def test_login_is_kept_and_forgotten(place):
    env = alone(place)
    password = (place.data / "admin-password").read_text().strip()
    code, out, err = run(place, "login", "--server", place.api, "--user", "admin", text="wrong\n", env=env)
    check(code == 1 and err.count("\n") == 1, f"{code} {err!r}")
    code, out, err = run(place, "login", "--server", place.api, "--user", "admin", text=password + "\n", env=env)
    check(code == 0, err)
    kept = place.folder / "config/bellwether/ctl.ini"
    check(stat.S_IMODE(kept.stat().st_mode) == 0o600, "the login can be read by others")
    code, out, err = run(place, "status", env=env)
    check(code == 0 and place.api in out, f"{code} {out} {err}")

    code, out, err = run(place, "password", text=f"{password}\nshort\n", env=env)
    check(code == 1, "a short password was taken")
    code, out, err = run(place, "password", text=f"{password}\nlong enough now\n", env=env)
    check(code == 0, err)
    code, out, err = run(place, "batch", "list", env=env)
    check(code == 0, f"the login does not hold after the change: {err}")
    code, out, err = run(place, "login", "--server", place.api, "--user", "admin", "--print", text="long enough now\n", env=env)
    check(code == 0 and re.fullmatch(r"\S{20,}\n", out), f"{code} {out!r} {err}")

    # a token is not shown to another backend
    code, out, err = run(place, "--server", "http://127.0.0.1:9", "batch", "list", env=env)
    check(code == 1 and "sign" in err, err)
    code, out, err = run(place, "logout", env=env)
    check(code == 0 and not kept.exists(), err)
    code, out, err = run(place, "batch", "list", "--server", place.api, env=env)
    check(code == 1 and "sign" in err, err)


@tap.test
def test_batches(place):
    made = place.json("batch", "create", "--name", "First", "--count", "3", "--info", "it's “red”", "--color", "#112233")
    check(made["state"] == "ready" and made["nDone"] == 3 and made["color"] == "#112233", f"{made}")
    out, _ = place.ctl("batch", "list")
    check(out.splitlines()[0].startswith("BATCH") and "First" in out, out)
    out, _ = place.ctl("batch", "create", "--name", "Second", "--count", "1", "--company", "Main Company")
    check("1 Device ID " in out, out)

    csv = place.folder / "first.csv"
    exported = place.json("batch", "export", "First", "--csv", csv)
    check(exported == {"batch": "First", "file": str(csv), "count": 3, "keys": True}, f"{exported}")
    before = csv.read_bytes()
    _, err = place.ctl("batch", "export", "First", "--csv", csv, ok=1)
    check(csv.read_bytes() == before, "the only file with the keys was written over")
    exported = place.json("batch", "export", "First", "--csv", place.folder / "again.csv")
    check(exported["keys"] is False and all(not r["device_key"] for r in read_hand_over(place.folder / "again.csv")), f"{exported}")
    _, err = place.ctl("batch", "export", "Second", "--csv", "/nowhere/second.csv", ok=1)
    check("/nowhere/second.csv" in err, err)
    check(place.json("batch", "export", "Second", "--csv", place.folder / "second.csv")["keys"], "a failed export cost the keys")
    _, err = place.ctl("batch", "cancel", "First", ok=1)
    check(err.count("\n") == 1, err)
    place.rows = read_hand_over(csv)


@tap.test
def test_progress_and_cancel_on_a_terminal(place):
    for name, interrupted in (("Shown", False), ("Taken back", True)):
        primary, secondary = pty.openpty()
        fcntl.ioctl(secondary, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        process = subprocess.Popen([str(place.ctl_path), "batch", "create", "--name", name, "--count", "300000"], env=place.env,
                                   stdin=secondary, stdout=secondary, stderr=secondary, start_new_session=True)
        os.close(secondary)
        seen = b""
        try:
            while select.select([primary], [], [], 60)[0]:
                part = os.read(primary, 4096)
                seen += part
                if interrupted and re.search(rb"Creating Device IDs: [1-9]", seen):
                    process.send_signal(signal.SIGINT)
                    interrupted = False
                if not part:
                    break
        except OSError:   # the other side has closed
            pass
        code = process.wait(100)
        os.close(primary)
        text = seen.decode("utf-8", "replace")
        check("Creating Device IDs:" in text, f"no progress: {text!r}")
        names = [b["name"] for b in place.json("batch", "list")["items"]]
        if name == "Shown":
            check(code == 0 and name in names, f"{code} {text!r}")
        else:
            check(code == 1 and "taken back" in text.splitlines()[-1], f"{code} {text!r}")
            wait_for("it is gone", lambda: name not in [b["name"] for b in place.json("batch", "list")["items"]], 60)


@tap.test
def test_lists_of_many(place):
    listed = place.json("device", "list", "--batch", "Shown", "--limit", "1201", "--sort", "-serial")
    check(listed["total"] == 300000 and len(listed["items"]) == 1201, f"{listed['total']} {len(listed['items'])}")
    check([d["serial"] for d in listed["items"]] == list(range(300000, 300000 - 1201, -1)), "not in order, or not all of them")
    out, _ = place.ctl("device", "list", "--batch", "Shown", "--limit", "1201")
    check(len(out.splitlines()) == 1202 and out.count("DEVICE") == 1, f"{len(out.splitlines())} lines")
    check(len({line.index("Shown") for line in out.splitlines()[1:]}) == 1, "the columns of each page stand elsewhere")
    found = listed["items"][7]["id"]
    check([d["id"] for d in place.json("device", "list", "--search", found)["items"]] == [found], "not found")
    _, err = place.ctl("device", "list", "--status", "happy", ok=1)
    check("happy" in err or "status" in err, err)


@tap.test
def test_overview(place):
    def counted():
        code, out, err = run(place, "--json", "overview")
        check(code == 0, err)
        document = json.loads(out)
        return document if document["trends"]["days"][-1]["arrived"] is not None else None
    document = wait_for("the fleet is counted", counted)
    check(document["overview"]["total"] == place.json("device", "list", "--limit", "1")["total"], f"{document}")
    check(len(document["trends"]["online"]["values"]) == 288 and len(document["trends"]["days"]) == 30, f"{document}")

    code, out, err = run(place, "overview")
    check(code == 0 and re.search(r"^Devices +[\d,]+$", out, re.M) and "First connections and approvals a day (UTC)" in out, f"{out} {err}")
    check(len(re.findall(r"^\d{4}-\d\d-\d\d +[\d,]+ +[\d,]+$", out, re.M)) == 30, out)
    code, out, err = run(place, "overview", "everything")
    check(code == 2, f"{code} {out}")


@tap.test
def test_labels(place):
    pdf = place.folder / "labels.pdf"
    told = place.json("labels", "Shown", "--stock", "5160", "--pdf", pdf, "--first", "11", "--count", "40")
    check(told["labels"] == 40 and told["pages"] == 2 and pdf.read_bytes().startswith(b"%PDF"), f"{told}")
    counts = {s: place.json("device", "list", "--batch", "Shown", "--status", s, "--limit", "1")["total"] for s in ("new", "labelled")}
    check(counts == {"new": 299960, "labelled": 40}, f"{counts}")
    place.ctl("labels", "Shown", "--stock", "5160", "--pdf", pdf, "--first", "1", "--count", "5", "--keep-status")
    check(place.json("device", "list", "--status", "labelled", "--limit", "1")["total"] == 40, "--keep-status did not")
    for extra in (["--first", "0"], ["--first", "300001"], ["--count", "300001"], ["--start", "0"], ["--start", "-1"], ["--count", "-1"]):
        _, err = place.ctl("labels", "Shown", "--stock", "5160", "--pdf", pdf, *extra, ok=1)
        check(err.count("\n") == 1, err)
    check(any(s["name"] == "L7160" and s["rows"] == 7 for s in place.json("labels", "stocks")["items"]), "stocks")


def pdf_text(path, *options):
    return subprocess.run(["pdftotext", *options, str(path), "-"], check=True, capture_output=True, text=True).stdout


@tap.test
def test_labels_laid_out(place):
    """Copies, order, skipped cells, marks, a selection: by what stands on the pages."""
    pdf = place.folder / "laid-out.pdf"
    base = ["labels", "Shown", "--stock", "L7160", "--pdf", pdf, "--keep-status"]
    told = place.json(*base, "--serials", "7, 3-4", "--copies", "2", "--skip", "1-2,5", "--marks", "corners", "--columns-first")
    check(told["labels"] == 3 and told["copies"] == 2 and told["pages"] == 1 and told["continued"] is None, f"{told}")
    found = re.findall(r"(\d+) / 300000", pdf_text(pdf, "-raw"))
    check(sorted(found) == ["3", "3", "4", "4", "7", "7"], f"{found}")
    # the same three by their IDs, in any form
    ids = pdf.with_suffix(".txt")
    text = pdf_text(pdf, "-raw")
    wanted = dict(re.findall(r"\b((?:[a-z0-9]{4}-){3}[a-z0-9]{4})\b(?:.|\n)*?(\d+) / 300000", text))
    check(sorted(wanted.values()) == ["3", "4", "7"], f"{wanted}")
    ids.write_text("\n".join(i.upper() for i in wanted) + "\n\n", encoding="ascii")
    again = place.folder / "again.pdf"
    place.ctl("labels", "Shown", "--stock", "L7160", "--pdf", again, "--keep-status", "--ids", ids,
              "--copies", "2", "--skip", "1-2,5", "--marks", "corners", "--columns-first")
    check(again.read_bytes() == pdf.read_bytes(), "the same labels by their IDs gave other bytes")
    for extra, words in ((["--serials", "0"], "1 and 300000"), (["--serials", "1-300001"], "300000"), (["--serials", "x"], "1-5, 9, 12"),
                         (["--copies", "0"], "1 to 1000"), (["--copies", "1001"], "1 to 1000"), (["--copies", "4"], "1000000"),
                         (["--skip", "1-21", "--serials", "1"], "no label of the first sheet"), (["--skip", "22"], "21"), (["--ids", "/nowhere"], "/nowhere"),
                         (["--start", "22"], "21")):
        _, err = place.ctl(*base, *extra, ok=1)
        check(words in err and err.count("\n") == 1, f"{extra}: {err}")
    ids.write_text("zzzz-zzzz-zzzz-zzzz\n", encoding="ascii")
    _, err = place.ctl(*base, "--ids", ids, ok=1)
    check("zzzz-zzzz-zzzz-zzzz" in err and "Shown" in err, err)


@tap.test
def test_labels_one_by_one(place):
    archive, zpl = place.folder / "labels.zip", place.folder / "labels.zpl"
    told = place.json("labels", "Shown", "--stock", "roll-50x25", "--zip", archive, "--format", "svg", "--zpl", zpl, "--copies", "3",
                      "--first", "1", "--count", "4", "--keep-status")
    check(told["file"] is None and told["labels"] == 4, f"{told}")
    names = zipfile.ZipFile(archive).namelist()
    check(len(names) == 4 and all(re.fullmatch(r"([a-z0-9]{4}-){3}[a-z0-9]{4}\.svg", name) for name in names), f"{names}")
    check(zpl.read_text().count("^XA") == 4 and zpl.read_text().count("^PQ3") == 4, "four labels, three of each")
    out, _ = place.ctl("labels", "Shown", "--stock", "roll-50x25", "--zip", archive, "--first", "1", "--count", "1", "--keep-status")
    check("1 picture" in out and zipfile.ZipFile(archive).namelist()[0].endswith(".png"), out)
    _, err = place.ctl("labels", "Shown", "--stock", "L7160", "--zpl", zpl, "--count", "1", "--keep-status", ok=1)
    check("rolls" in err and err.count("\n") == 1, err)


@tap.test
def test_sheets_are_remembered(place):
    pdf = place.folder / "sheet.pdf"
    place.ctl("labels", "sheets", "forget", "all")
    job = ["labels", "Shown", "--stock", "L7160", "--pdf", pdf]
    place.json(*job, "--count", "25", "--keep-status")
    check(place.json("labels", "sheets")["items"] == [], "--keep-status used a sheet")
    place.json(*job, "--count", "25")
    sheets = place.json("labels", "sheets", "list")["items"]
    check(len(sheets) == 1 and sheets[0]["used"] == [1, 2, 3, 4] and sheets[0]["stock"] == "L7160" and sheets[0]["name"] == "Shown", f"{sheets}")
    told = place.json(*job, "--first", "26", "--count", "10", "--continue")
    check(told["continued"] == sheets[0]["number"] and told["pages"] == 1, f"{told}")
    check("26 / 300000" in pdf_text(pdf) and "25 / 300000" not in pdf_text(pdf), "not the labels that were asked for")
    sheets = place.json("labels", "sheets")["items"]
    check(len(sheets) == 1 and sheets[0]["used"] == list(range(1, 15)), f"{sheets}")
    out, _ = place.ctl("labels", "sheets")
    check("15-21" in out, out)
    check(place.json(*job, "--first", "36", "--count", "7", "--continue")["pages"] == 1, "seven were free")
    check(place.json("labels", "sheets")["items"] == [], "a full sheet is remembered")
    check(place.json(*job, "--count", "1", "--continue")["continued"] is None, "goes on with nothing")
    number = place.json("labels", "sheets")["items"][0]["number"]
    _, err = place.ctl("labels", "sheets", "forget", str(number + 1), ok=1)
    check(str(number + 1) in err, err)
    place.ctl("labels", "sheets", "forget", str(number))
    check(place.json("labels", "sheets")["items"] == [], "not forgotten")


@tap.test
def test_calibration(place):
    plain, moved = place.folder / "plain.pdf", place.folder / "moved.pdf"
    place.ctl("labels", "calibrate", "--printer", "Office", "--stock", "avery l7160", "--dx", "0.5", "--dy", "-0.25", "--across", "99.8", "--turn", "0")
    kept = place.json("labels", "calibrate")["items"]
    check(len(kept) == 1 and kept[0]["printer"] == "Office" and kept[0]["stock"] == "L7160" and kept[0]["dx"] == 0.5 and
          abs(kept[0]["scaleX"] - 100 / 99.8) < 1e-5 and kept[0]["scaleY"] == 1, f"{kept}")
    out, _ = place.ctl("labels", "calibrate")
    check("Office" in out and "-0.25" in out, out)
    for path, extra in ((plain, []), (moved, ["--printer", "Office"])):
        place.ctl("labels", "Shown", "--stock", "L7160", "--pdf", path, "--count", "1", "--keep-status", *extra)
    where = [float(re.search(r'yMin="([\d.]+)".*>[a-z0-9]{4}-', pdf_text(path, "-bbox")).group(1)) for path in (plain, moved)]
    check(abs(where[1] - where[0] + 0.25 / 25.4 * 72) < 0.01, f"{where}")
    _, err = place.ctl("labels", "calibrate", "--printer", "Office", "--stock", "L7160", "--across", "80", ok=1)
    check("100 %" in err and err.count("\n") == 1, err)
    place.ctl("labels", "calibrate", "--printer", "Office", "--stock", "L7160")
    check(place.json("labels", "calibrate")["items"] == [], "none is forgotten")
    place.ctl("labels", "test-page", "--stock", "5160", "--pdf", plain, "--printer", "Office")
    check("Avery 5160" in pdf_text(plain) and "100 %" in pdf_text(plain), pdf_text(plain))


@tap.test
def test_watch_and_set(place):
    meter = place.rows[0]["device_id"]
    sim = place.sim("--devices", place.folder / "first.csv", "--limit", "1", "--kind", "thermostat", "--dialect", "homie5", "--rate", "20")
    wait_for("it waits", lambda: place.device(meter)["status"] == "awaiting-approval")
    place.json("device", "approve", meter)
    node, name = wait_for("a number that can be set", lambda: next(((n["id"], p["id"]) for n in place.device(meter)["nodes"] for p in n["properties"]
                          if p["settable"] and p["datatype"] == "float"), None))
    # values come after the approval has made it connect anew
    wait_for("it has come back", lambda: place.property(meter, node, name) is not None and place.device(meter)["state"] == "ready")
    watch = subprocess.Popen([str(place.ctl_path), "--json", "device", "watch", meter, "--for", "30"], env=place.env,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    lines = []
    threading.Thread(target=lambda: lines.extend(iter(watch.stdout.readline, "")), daemon=True).start()
    wait_for("the values that are known", lambda: len(lines) > 2)
    # what it said before the approval is known before it has come back
    wait_for("it is back and confirms", lambda: place.ctl("device", "set", meter, f"{node}/{name}", "19.5", ok=None)[0] == "confirmed\n")
    wait_for("the watch sees it", lambda: any(json.loads(line).get("property") == name and float(json.loads(line)["value"] or 0) == 19.5 for line in lines))
    watch.send_signal(signal.SIGINT)
    check(watch.wait(10) == 0, watch.stderr.read())
    _, err = place.ctl("device", "set", meter, f"{node}/{name}", "-500", ok=1)
    check("-500" in err and err.count("\n") == 1, err)
    out, _ = place.ctl("device", "set", meter, f"{node}/{name}", "20", "--wait", "0")
    check(out.strip() in ("wanted", "sent"), out)
    check(place.json("device", "set", meter, f"{node}/{name}", "21")["state"] == "confirmed", "JSON of a set")
    out, _ = place.ctl("device", "show", meter.upper().replace("-", ""))
    check(f"{node}/{name}" in out, out)

    # each message, letter by letter
    out, _ = place.ctl("device", "raw", meter)
    check(f"homie/5/{meter}/{node}/{name}" in out and "$description" in out and "= r1" in out, out)
    out, _ = place.ctl("--json", "device", "raw", meter)
    raw = {one["topic"]: one for one in map(json.loads, out.splitlines())}
    check(raw[f"homie/5/{meter}/{node}/{name}"]["retained"] and raw[f"homie/5/{meter}/{node}/{name}"]["text"] == "21", raw)
    check(raw[f"bellwether/presence/{meter}"]["direction"] == "about-device" and json.loads(raw[f"homie/5/{meter}/$description"]["text"]), raw)
    follow = place.spawn("raw", place.ctl_path, "--json", "device", "raw", meter, "--follow", env=place.env)
    wait_for("it follows", lambda: f"{node}/{name}" in follow.text())
    place.ctl("device", "set", meter, f"{node}/{name}", "22")
    wait_for("the wish goes by", lambda: '"direction":"to-device"' in follow.text())
    follow.process.send_signal(signal.SIGINT)
    check(follow.process.wait(10) == 0, follow.text())

    sim.kill()
    for command in "watch", "raw":
        _, err = place.ctl("device", command, "aaaa-aaaa-aaaa-aaaa", ok=1)
        check(err.count("\n") == 1, err)


@tap.test
def test_several_actions(place):
    good, bad = place.rows[1]["device_id"], "aaaa-aaaa-aaaa-aaaa"
    out, err = place.ctl("device", "block", good, bad, ok=1)
    check(good in out and bad in err and err.count("\n") == 1, f"{out!r} {err!r}")
    check(place.device(good)["status"] == "blocked", "the good one was not blocked")
    told = json.loads(run(place, "--json", "device", "unblock", good, bad)[1])["results"]
    check([r["id"] for r in told] == [good, bad] and told[0]["reason"] is None and told[1]["reason"], f"{told}")


@tap.test
def test_a_full_output_is_no_success(place):
    with open("/dev/full", "w", encoding="utf-8") as full:
        result = subprocess.run([str(place.ctl_path), "batch", "list"], stdout=full, stderr=subprocess.PIPE, text=True, env=place.env, timeout=120)
    check(result.returncode == 1 and result.stderr, f"{result.returncode} {result.stderr!r}")


@tap.test
def test_serve_stops_and_goes_on(place):
    before = [b["name"] for b in place.json("batch", "list")["items"]]
    start = time.monotonic()
    place.stop()
    check(time.monotonic() - start < 10, "stopping took longer than 10 s")
    start = time.monotonic()
    place.start()
    print(f"# started again in {time.monotonic() - start:.2f} s", flush=True)
    check([b["name"] for b in place.json("batch", "list")["items"]] == before, "batches were lost")
    # SIGTERM while it starts is a stop, too
    other = subprocess.Popen([str(place.ctl_path), "serve", "--data", str(place.folder / "other")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for("it begins", lambda: (place.folder / "other/mosquitto.conf").exists())
    other.send_signal(signal.SIGTERM)
    out, err = other.communicate(timeout=120)
    check(other.returncode == 0, f"{other.returncode} {out!r} {err!r}")


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
