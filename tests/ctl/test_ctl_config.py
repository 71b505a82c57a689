#!/usr/bin/python3
"""bellwetherctl: values that wait, owners, keys, facts and rules.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import stat
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))

from harness import Failed, Folder, Installation, Tap, check, read_hand_over, wait_for  # noqa: E402

tap = Tap()


def come(place, row, name):
    """A thermostat of that row; the program."""
    one = place.folder / f"{name}.csv"
    lines = (place.folder / "first.csv").read_text().splitlines()
    one.write_text("\n".join([lines[0]] + [line for line in lines if row["device_id"] in line]) + "\n")
    return place.sim("--devices", one, "--kind", "thermostat", "--dialect", "homie5", "--rate", "1", name=name)


@tap.test
def test_desired(place):
    row = place.rows[0]
    meter = row["device_id"]
    sim = come(place, row, "one")
    wait_for("it waits", lambda: place.device(meter)["status"] == "awaiting-approval")
    place.json("device", "approve", meter)
    node, name = wait_for("a number that can be set", lambda: next(((n["id"], p["id"]) for n in place.device(meter)["nodes"] for p in n["properties"]
                          if p["settable"] and p["datatype"] == "float"), None))
    wait_for("it has come back", lambda: place.property(meter, node, name) is not None and place.device(meter)["state"] == "ready")
    sim.kill()
    wait_for("it is away", lambda: not place.device(meter)["online"])
    out, _ = place.ctl("device", "set", meter, f"{node}/{name}", "19.5", "--keep")
    check(out == "pending\n", out)
    out, _ = place.ctl("device", "desired", meter)
    check(f"{node}/{name}" in out and "19.5" in out and "pending" in out and "admin" in out, out)
    check(place.json("device", "desired", meter)["items"][0]["value"] == "19.5", "JSON of what waits")
    place.ctl("device", "desired", "withdraw", meter, f"{node}/{name}")
    check(place.json("device", "desired", meter)["items"] == [], "it was not withdrawn")
    _, err = place.ctl("device", "desired", "withdraw", meter, f"{node}/{name}", ok=1)
    check("nothing waits" in err and err.count("\n") == 1, err)
    place.ctl("device", "set", meter, f"{node}/{name}", "18.5", "--keep")
    come(place, row, "two")
    wait_for("it is delivered", lambda: place.json("device", "desired", meter)["items"] == [])
    check(float(place.property(meter, node, name)) == 18.5, "the device has it")


@tap.test
def test_owner(place):
    meter = place.rows[0]["device_id"]
    place.ctl("device", "pair", meter, "admin")
    out, _ = place.ctl("device", "show", meter)
    check("Owner: admin" in out, out)
    out, _ = place.ctl("device", "own")
    check(meter in out, out)
    _, err = place.ctl("device", "pair", meter, "admin", ok=1)
    check("owner already" in err, err)
    place.ctl("device", "unpair", meter)
    place.ctl("device", "claim", meter.upper())
    check(place.device(meter)["status"] == "paired", "it is not paired")
    place.ctl("device", "release", meter)
    check(place.device(meter)["status"] == "pairing", "it is not free")


@tap.test
def test_key(place):
    device = place.rows[1]["device_id"]
    for words, text in [([], "--grace"), (["--grace", "soon"], "soon"), (["--grace", "1h", "--format", "exe"], "--format")]:
        _, err = place.ctl("device", "rotate", device, *words, ok=2)
        check(text in err, err)
    path = place.folder / "key.json"
    out, err = place.ctl("device", "rotate", device, "--grace", "2h", "--file", path)
    key = out.strip()
    check(len(key) == 26 and err == "", f"{out!r} {err!r}")
    check(json.loads(path.read_text())["deviceKey"] == key, path.read_text())
    check(stat.S_IMODE(path.stat().st_mode) == 0o600, "others can read the key")
    check(place.device(device)["oldKeyEndsAt"] > 0, "the old one is good for a while")
    path = place.folder / "key.csv"
    key = place.json("device", "rotate", device, "--grace", "0", "--file", path, "--format", "nvs")["key"]
    check(f"device_key,data,string,{key}" in path.read_text(), path.read_text())
    check(place.device(device)["oldKeyEndsAt"] == 0, "the old one is good for nothing")


@tap.test
def test_facts(place):
    device = place.rows[2]["device_id"]
    place.ctl("device", "edit", device, "--type", "release", "--machine-id", "m-7")
    check((place.device(device)["type"], place.device(device)["machineId"]) == ("release", "m-7"), f"{place.device(device)}")
    place.ctl("company", "create", "--name", "South", "--alias", "south")
    out, _ = place.ctl("device", "edit", device, "--company", "south", "--preview")
    check(json.loads(out)["losesTags"] == [], out)
    before = place.device(device)["companyId"]
    place.ctl("device", "edit", device, "--company", "south")
    check(place.device(device)["companyId"] != before, "it has not moved")
    _, err = place.ctl("device", "edit", device, ok=2)
    check("nothing" in err, err)


@tap.test
def test_rules(place):
    out, _ = place.ctl("rule", "add", "ours", "--action", "approve", "--batch", "first", "--network", "127.0.0.0/8")
    check(out.strip().isdigit(), out)
    _, err = place.ctl("rule", "add", "all", "--action", "approve", ok=1)
    check("needs a condition" in err, err)
    row = place.rows[3]
    come(place, row, "three")
    wait_for("it waits", lambda: place.device(row["device_id"])["status"] == "awaiting-approval" and place.device(row["device_id"])["state"] == "ready")
    out, _ = place.ctl("rule", "try", "ours")
    check(row["device_id"] in out and "approve" in out and "ours" in out, out)
    out, _ = place.ctl("rule", "try")
    check("wait" in out and "ours" not in out, out)
    place.ctl("rule", "edit", "ours", "--on", "--network", "none", "--seen-within", "2")
    rule = place.json("rule", "list")["items"][0]
    check(rule["enabled"] and set(rule["conditions"]) == {"batchId", "seenWithinHours"}, f"{rule}")
    out, _ = place.ctl("rule", "list")
    check("seenWithinHours=2" in out, out)
    other = place.rows[4]
    come(place, other, "four")
    wait_for("it is let in", lambda: place.device(other["device_id"])["status"] == "pairing")
    place.ctl("rule", "remove", "ours")
    check(place.json("rule", "list")["total"] == 0, "it is still there")


def main():
    with Folder() as folder:
        place = Installation(sys.argv[1], folder)
        try:
            place.start()
            place.ctl("batch", "create", "--name", "first", "--count", "8")
            place.ctl("batch", "export", "first", "--csv", folder / "first.csv")
            place.rows = read_hand_over(folder / "first.csv")
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
