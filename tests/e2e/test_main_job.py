#!/usr/bin/python3
"""The main job from a terminal: an ID, its label, its device, its sensors. Real broker, backend and foreign devices.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import re
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from harness import Failed, Folder, Installation, Tap, check, read_hand_over, wait_for

tap = Tap()
BATCH = "Spring “2026”, first; =SUM(A1)"


def set_once_back(place, device_id, target, value):
    """Approval disconnects a device: until it is back a set is refused, which is no failure."""
    wait_for(f"{device_id} is back and confirms", lambda: "confirmed" in place.ctl(
        "device", "set", device_id, target, value, "--wait", "10", ok=None)[0], 30)


@tap.test
def test_a_batch_and_its_hand_over(place):
    batch = place.json("batch", "create", "--name", BATCH, "--count", "40", "--color", "#3584e4", "--info", "for the first line")
    check(batch["state"] == "ready" and batch["count"] == 40, f"unexpected batch {batch}")
    path = place.folder / "hand-over.csv"
    place.ctl("batch", "export", BATCH, "--csv", path)
    check(stat.S_IMODE(path.stat().st_mode) == 0o600, "the hand-over file can be read by others")
    rows = read_hand_over(path)
    check(len(rows) == 40 and len({r["device_id"] for r in rows}) == 40, "not 40 different IDs")
    for row in rows:
        check(re.fullmatch(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}", row["device_id"]), f"no Device ID: {row['device_id']}")
        check(re.fullmatch(r"[a-z0-9]{26,}", row["device_key"]), "a key is too short")
    check(len({r["device_key"] for r in rows}) == 40, "two devices have the same key")
    check(list(rows[0])[:3] == ["device_id", "device_key", "batch"], f"columns: {list(rows[0])}")
    place.rows = rows


@tap.test
def test_keys_are_gone_after_the_hand_over(place):
    path = place.folder / "again.csv"
    place.ctl("batch", "export", BATCH, "--csv", path, ok=None)
    check(not path.exists() or all(not r["device_key"] for r in read_hand_over(path)), "the keys could be had twice")
    for file in place.data.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            for row in place.rows[:5]:
                check(row["device_key"].encode() not in data, f"a device key lies in {file.name}")


@tap.test
def test_labels_are_read_back(place):
    first, second = place.folder / "a.pdf", place.folder / "b.pdf"
    place.ctl("labels", BATCH, "--stock", "L7160", "--pdf", first, "--start", "3")
    place.ctl("labels", BATCH, "--stock", "L7160", "--pdf", second, "--start", "3")
    check(first.read_bytes() == second.read_bytes(), "the same labels gave other bytes")
    info = subprocess.run(["pdfinfo", first], capture_output=True, text=True, check=True).stdout
    check(re.search(r"Pages:\s+2\b", info), f"40 labels from position 3 are two sheets of 21:\n{info}")
    check(re.search(r"Page size:\s+595\.2\S* x 841\.8", info), f"not A4:\n{info}")
    stocks, _ = place.ctl("labels", "stocks")
    for name in ("L7160", "L7163", "L7120", "L4731", "5160"):
        check(re.search(rf"^\S*{name}", stocks, re.M), f"{name} is not in `labels stocks`")


@tap.test
def test_devices_wait_for_approval(place):
    place.homie3 = place.foreign("foreign-homie3.js", place.rows[0]["device_id"], place.rows[0]["device_key"])
    place.homie5 = place.foreign("foreign-homie5.js", place.rows[1]["device_id"], place.rows[1]["device_key"])
    wait_for("two devices wait for approval", lambda: len(place.devices("awaiting-approval")) == 2)
    for row in place.rows[:2]:
        wait_for("the description has come", lambda: place.device(row["device_id"])["nodes"])
        shown = place.device(row["device_id"])
        check(shown["batch"] == BATCH and shown["status"] == "awaiting-approval", f"unexpected {shown}")
        for node in shown["nodes"]:
            for found in node["properties"]:
                check(found["value"] is None, f"a value came in before the approval: {found}")


@tap.test
def test_approved_devices_show_their_sensors(place):
    place.ctl("device", "approve", place.rows[0]["device_id"], place.rows[1]["device_id"].upper().replace("-", ""))
    for row, node, name in ((place.rows[0], "climate", "temperature"), (place.rows[1], "light", "temperature")):
        wait_for("the first value", lambda: place.property(row["device_id"], node, name))
        shown = wait_for("ready", lambda: (d := place.device(row["device_id"]))["state"] == "ready" and d)
        check(shown["status"] == "pairing", f"status {shown['status']}")
    set_once_back(place, place.rows[0]["device_id"], "climate/power", "true")
    set_once_back(place, place.rows[1]["device_id"], "light/on", "false")
    lamp = {p["id"]: p for n in place.device(place.rows[1]["device_id"])["nodes"] for p in n["properties"]}
    check(lamp["brightness"]["datatype"] == "integer" and lamp["brightness"]["format"] == "0:100" and
          lamp["brightness"]["unit"] == "%" and lamp["brightness"]["settable"] is True, f"{lamp['brightness']}")
    check(lamp["temperature"]["settable"] is False and lamp["temperature"]["value"] == "38.4", f"{lamp['temperature']}")


@tap.test
def test_sets_are_confirmed_by_meaning(place):
    thermostat, lamp = place.rows[0]["device_id"], place.rows[1]["device_id"]
    for device_id, target, value in ((thermostat, "climate/setpoint", "22.5"), (thermostat, "climate/power", "false"),
                                     (lamp, "light/brightness", "77"), (lamp, "light/scene", "night"),
                                     (lamp, "light/color", "rgb,10,20,30"), (lamp, "light/on", "true")):
        out, _ = place.ctl("device", "set", device_id, target, value, "--wait", "10")
        check("confirmed" in out, f"{target}: {out}")
    check(float(place.property(thermostat, "climate", "setpoint")) == 22.5, "the set point is not what was confirmed")
    check("set climate/setpoint 22.5" in place.homie3.text() and "set light/brightness 77" in place.homie5.text(), "the devices saw other sets")


@tap.test
def test_values_that_do_not_fit_are_refused(place):
    thermostat, lamp = place.rows[0]["device_id"], place.rows[1]["device_id"]
    for device_id, target, value, words in ((thermostat, "climate/setpoint", "31", "30"), (thermostat, "climate/setpoint", "warm", "warm"),
                                            (lamp, "light/scene", "noon", "noon"), (lamp, "light/brightness", "7.5", "7.5"),
                                            (lamp, "light/temperature", "20", "temperature"), (lamp, "light/nothing", "1", "nothing")):
        _, err = place.ctl("device", "set", device_id, target, value, ok=1)
        check(words in err and err.count("\n") == 1, f"{target} {value}: not one clear sentence: {err!r}")
    check("noon" not in place.homie5.text(), "a refused value reached the device")


@tap.test
def test_an_offline_device_is_said_to_be(place):
    lamp = place.rows[1]["device_id"]
    place.homie5.kill()
    wait_for("the lamp is seen to be gone", lambda: place.device(lamp)["state"] in ("lost", "disconnected"))
    _, err = place.ctl("device", "set", lamp, "light/on", "false", ok=1)
    check("offline" in err or "not connected" in err, err)


@tap.test
def test_a_blocked_device_is_thrown_out(place):
    thermostat = place.rows[0]["device_id"]
    start = time.monotonic()
    place.ctl("device", "block", thermostat)
    wait_for("the connection is cut", lambda: "disconnected" in place.homie3.text(), 5)
    check(time.monotonic() - start < 5, "a block took longer than 5 s")
    check(place.device(thermostat)["status"] == "blocked", "not blocked")
    wait_for("it is offline", lambda: place.device(thermostat)["state"] in ("lost", "disconnected"))
    place.homie3.kill()


@tap.test
def test_simulated_devices_of_each_kind(place):
    path = place.folder / "sim.csv"
    place.ctl("batch", "create", "--name", "Simulated", "--count", "15")
    place.ctl("batch", "export", "Simulated", "--csv", path)
    rows = read_hand_over(path)
    sim = place.sim("--devices", path, "--kind", "mixed", "--dialect", "mixed", "--rate", "5")
    ids = {r["device_id"] for r in rows}
    wait_for("fifteen more wait", lambda: ids <= {d["id"] for d in place.devices("awaiting-approval")})
    place.ctl("device", "approve", *ids)
    wait_for("all of them are ready", lambda: all(place.device(i)["state"] == "ready" for i in ids), 30)
    wait_for("each has values", lambda: all(any(p["value"] is not None for n in place.device(i)["nodes"] for p in n["properties"]) for i in ids), 30)
    bad = [(i, n["id"], p["id"], p["value"]) for i in ids for n in place.device(i)["nodes"] for p in n["properties"] if p["settable"] and p["datatype"] == "boolean"]
    check(bad, "no device has a switch")
    for device_id, node, name, value in bad[:4]:
        set_once_back(place, device_id, f"{node}/{name}", "false" if value == "true" else "true")
    check(sim.process.poll() is None, "the simulator ended by itself")
    check(sim.stop() == 0, "the simulator did not stop cleanly")


@tap.test
def test_bad_input_gets_one_sentence(place):
    cases = [
        (1, ["batch", "create", "--name", "Simulated", "--count", "1"], "Simulated"),
        (1, ["batch", "create", "--name", "None", "--count", "0"], "1"),
        (1, ["batch", "create", "--name", "Many", "--count", "1000001"], "1"),
        (1, ["batch", "create", "--name", "Odd", "--count", "1", "--color", "blue"], "blue"),
        (1, ["batch", "create", "--name", "Far", "--count", "1", "--company", "Nobody Ltd"], "Nobody"),
        (1, ["batch", "export", "No such batch", "--csv", str(place.folder / "none.csv")], "No such batch"),
        (1, ["labels", "Simulated", "--stock", "L0000", "--pdf", str(place.folder / "none.pdf")], "L0000"),
        (1, ["labels", "Simulated", "--stock", "L7160", "--pdf", "/nowhere/none.pdf"], "/nowhere"),
        (1, ["labels", "Simulated", "--stock", "L7160", "--pdf", str(place.folder / "none.pdf"), "--start", "22"], "21"),
        (1, ["device", "show", "aaaa-aaaa-aaaa-aaaa"], "aaaa-aaaa-aaaa-aaaa"),
        (1, ["device", "show", "not-an-id"], "not-an-id"),
        (1, ["device", "approve", "aaaa-aaaa-aaaa-aaaa"], "aaaa-aaaa-aaaa-aaaa"),
        (2, ["batch", "create", "--count", "1"], "--name"),
        (2, ["batch", "paint"], "paint"),
        (2, ["--nonsense"], "nonsense"),
    ]
    for status, arguments, words in cases:
        _, err = place.ctl(*arguments, ok=status)
        check(words in err, f"{' '.join(arguments)}: {err!r}")
        check(status == 2 or err.strip().count("\n") == 0, f"{' '.join(arguments)}: more than a sentence: {err!r}")
    check(not (place.folder / "none.csv").exists() and not (place.folder / "none.pdf").exists(), "a refused export left a file")
    for env, words in ((dict(place.env, BELLWETHER_TOKEN="wrong"), "sign"), (dict(place.env, BELLWETHER_SERVER="http://127.0.0.1:9"), "127.0.0.1:9")):
        _, err = place.ctl("batch", "list", ok=1, env=env)
        check(words in err.lower() and err.strip().count("\n") == 0, f"{err!r}")


@tap.test
def test_http_answers_strangers_briefly(place):
    def post(path, data, token=place.env["BELLWETHER_TOKEN"]):
        request = urllib.request.Request(place.api + path, data=data, method="POST",
                                         headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:
                return reply.status, reply.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except (ConnectionError, urllib.error.URLError):
            return 413, b'{"code":"too-large","detail":"the server closed the connection"}'
    good = {"name": "x", "count": 1}
    for expected, data in ((400, b"[" * 200000), (400, b'{"name":"\xff\xfe","count":1}'), (400, b"rubbish"), (400, b""),
                           (413, b'{"name":"' + b"a" * (2 << 20) + b'"}'), (400, json.dumps({**good, "count": "1"}).encode()),
                           (400, json.dumps({**good, "count": 1.5}).encode()), (400, json.dumps({**good, "superAdmin": True}).encode()),
                           (400, json.dumps({**good, "name": "a\u0000b"}).encode()), (400, json.dumps({**good, "name": " "}).encode())):
        status, body = post("/v1/batches", data)
        check(status in (expected, 413 if expected == 400 and len(data) > 100000 else expected), f"{data[:40]}: {status} {body[:200]}")
        check(b"sqlite" not in body.lower() and b"SELECT" not in body, f"the inside shows: {body[:200]}")
    check(post("/v1/batches", json.dumps(good).encode(), "wrong")[0] == 401, "a wrong token was taken")
    check("x" not in [b["name"] for b in place.json("batch", "list")["items"]], "a refused batch was made")


@tap.test
def test_a_restart_keeps_everything(place):
    before = {d["id"]: d["status"] for d in place.devices()}
    batches = [b["name"] for b in place.json("batch", "list")["items"]]
    place.stop()
    place.start()
    check({d["id"]: d["status"] for d in place.devices()} == before, "devices are others after a restart")
    check([b["name"] for b in place.json("batch", "list")["items"]] == batches, "batches are others after a restart")


def main():
    build = sys.argv[1]
    with Folder() as folder:
        place = Installation(build, folder)
        try:
            place.start()
            status = tap.run(place)
            place.stop()
            return status
        except Failed as error:
            print(f"Bail out! {error}".replace("\n", " "))
            return 1
        finally:
            place.kill()


if __name__ == "__main__":
    sys.exit(main())
