#!/usr/bin/python3
"""The tabs of a device's page, with a device that says what no device should: the window shows it and goes on.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from harness import Folder, Installation, Tap, check, read_hand_over, wait_for
from window import Window, key, screenshot

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
tap = Tap()
made = {}


def picture(name):
    if "BW_TEST_SCREENSHOTS" in os.environ:
        screenshot(Path(os.environ["BW_TEST_SCREENSHOTS"]) / f"{name}.png")


def tell(word):
    made["odd"].stdin.write(word + "\n")
    made["odd"].stdin.flush()


@tap.test
def test_opens(place):
    place.start()
    place.ctl("batch", "create", "--name", "Odd", "--count", "4")
    place.ctl("batch", "export", "Odd", "--csv", place.folder / "odd.csv")
    row = read_hand_over(place.folder / "odd.csv")[0]
    made["id"] = row["device_id"]
    host, port = place.broker.removeprefix("mqtt://").split(":")
    made["odd"] = subprocess.Popen(["node", str(HERE / "foreign-odd.js"), host, port, row["device_id"], row["device_key"]], cwd=HERE,
                                   stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    wait_for("it waits", lambda: place.device(made["id"])["status"] == "awaiting-approval")
    place.ctl("device", "approve", made["id"])
    wait_for("it is back", lambda: place.device(made["id"])["state"] == "ready" and place.property(made["id"], "air", "heat"), 60)
    made["desktop"] = place.spawn("bellwether", place.build / "src/app/bellwether", "--server", place.api, "--token-file", place.token_file,
                                  "--page", f"device:{made['id']}")
    made["window"] = window = Window(made["desktop"])
    window.find("label", "^Odd one$", 60)
    window.find("label", "^هواء الغرفة$")
    window.find("label", "^حرارة$")
    window.all_named()
    picture("device-odd-sensors")


@tap.test
def test_raw(place):
    """By the keyboard: the last tab is the raw view."""
    window = made["window"]
    key(*(f"alt+{number}" for number in range(2, 10)))
    window.find("label", r"^[0-9,]+ messages")
    out, _ = place.ctl("--json", "device", "raw", made["id"])
    raw = {one["topic"].removeprefix(f"homie/5/{made['id']}/"): one for one in map(json.loads, out.splitlines())}
    check(raw["air/noise"]["hex"] == "ff 00 c3" and "not UTF-8" in raw["air/noise"]["reason"], raw["air/noise"])
    check(raw["air/note"]["bytes"] == 65536 and raw["air/note"]["reason"] is None, raw["air/note"]["reason"])
    check("65536 are allowed" in raw["air/long"]["reason"] and raw["air/long"]["bytes"] == 70 * 1024, raw["air/long"]["reason"])
    # the broker lets no topic through that is none of the device's
    check("air/heat/one/two" not in raw, raw)
    check("no attribute" in raw["$wifi/signal"]["reason"], raw["$wifi/signal"])
    for text in r"\$wifi/signal is no attribute", "the value is not UTF-8", "^ff 00 c3$", "^71680 B":
        window.find("label", text)
    window.all_named()
    picture("device-odd-raw")


@tap.test
def test_other_datatype(place):
    window = made["window"]
    tell("other")
    wait_for("it is another", lambda: any(one["id"] == "heat" and one["datatype"] == "boolean"
                                          for node in place.device(made["id"])["nodes"] for one in node["properties"]))
    key("alt+1")
    window.find("label", "^Yes")
    items = place.json("device", "timeline", made["id"], "--kind", "description")["items"]
    check(items and items[0]["details"]["properties"] >= 2, items)


@tap.test
def test_timeline(place):
    window = made["window"]
    window.click(None, "^Timeline$")
    window.find("label", "^Today$")
    place.ctl("device", "block", made["id"])
    window.find("label", "^Blocked$")
    window.all_named()
    picture("device-odd-timeline")
    out, _ = place.ctl("device", "timeline", made["id"], "--limit", "500")
    check("block" in out and "connected from 127.0.0.1" in out and "firmware" in out and "was there for the first time" in out, out)
    out, _ = place.ctl("device", "timeline", made["id"], "--kind", "admission")
    check(len(out.splitlines()) == 2 and out.splitlines()[0].endswith("· admin"), out)
    check(place.ctl("device", "timeline", made["id"], "--kind", "love", ok=1)[1].count("\n") == 1, "a kind that is none")
    check(place.json("device", "timeline", made["id"], "--since", "2999-01-01")["items"] == [], "the future")
    place.ctl("device", "unblock", made["id"])
    wait_for("it is back", lambda: place.device(made["id"])["state"] == "ready", 60)


@tap.test
def test_ten_thousand(place):
    """What is above the limits is said, and the page is there at once."""
    window = made["window"]
    key("alt+1")
    tell("many")
    wait_for("they are known", lambda: sum(len(node["properties"]) for node in place.device(made["id"])["nodes"]) >= 2000, 90)
    window.find("push button", "^Show 200 More Properties", 60)
    window.find("label", "more properties are above the limits")
    tell("flood")
    window.find("label", "^Odd one$")


@tap.test
def test_ends(place):
    key("ctrl+q")
    check(made["desktop"].process.wait(100) == 0, made["desktop"].text()[-1000:])
    check("CRITICAL" not in made["desktop"].text(), made["desktop"].text()[-1000:])
    place.stop()


def main():
    if "BW_UI_SESSION" not in os.environ:
        os.execv("/bin/bash", ["bash", str(SESSION), sys.executable, *sys.argv])
    with Folder() as folder:
        place = Installation(sys.argv[1], folder)
        try:
            return tap.run(place)
        finally:
            if "odd" in made:
                made["odd"].kill()
            place.kill()


if __name__ == "__main__":
    sys.exit(main())
