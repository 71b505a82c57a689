#!/usr/bin/python3
"""One device in the window: what waits for it, its facts, its owner, its company, its key; and the rules that let others in.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import sys
from pathlib import Path

from harness import Folder, Installation, Tap, check, read_hand_over, wait_for
from window import Window, double_click, key, screenshot

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
tap = Tap()


def look(name):
    folder = os.environ.get("BW_TEST_SCREENSHOTS")
    if folder:
        screenshot(Path(folder) / f"{name}.png")


def come(place, name):
    """The thermostat of the first row."""
    one = place.folder / "one.csv"
    lines = (place.folder / "first.csv").read_text().splitlines()
    one.write_text("\n".join(lines[:2]) + "\n")
    return place.sim("--devices", one, "--kind", "thermostat", "--dialect", "homie5", "--rate", "1", name=name)


def open_tab(number):
    key(f"alt+{number}")


@tap.test
def test_what_waits(place):
    meter = place.meter
    window = place.window
    double_click(window.find("label", f"^{meter}$", into_tables=True))
    window.has_text("This device is offline.")
    place.ctl("device", "set", meter, place.target, "19.5", "--keep")
    window.has_text("Pending: 19.5.*by admin, since")
    look("config-pending")
    window.click("push button", "^Withdraw ")
    wait_for("it is withdrawn", lambda: place.json("device", "desired", meter)["items"] == [])
    window.gone("label", "^Pending: 19.5")
    place.ctl("device", "set", meter, place.target, "18.5", "--keep")
    open_tab(2)
    window.has_text("Pending: 18.5")
    look("config-settings")
    come(place, "two")
    wait_for("it is delivered", lambda: place.json("device", "desired", meter)["items"] == [])
    window.has_text("Nothing waits for this device")


@tap.test
def test_facts(place):
    window = place.window
    window.type("^Machine ID$", "m-77")
    key("Return")
    wait_for("it is saved", lambda: place.device(place.meter)["machineId"] == "m-77")
    window.has_text("^Saved$")
    window.click("push button", "^Undo$")
    wait_for("it is as it was", lambda: place.device(place.meter)["machineId"] is None)


@tap.test
def test_access(place):
    window = place.window
    open_tab(3)
    window.has_text("^Nobody$")
    window.has_text("participation reaches this device")
    look("config-access")
    place.ctl("device", "pair", place.meter, "admin")
    window.has_text("^admin$")
    window.has_text("^Paired since")
    window.click("push button", "^Unpair$")
    wait_for("it is nobody's", lambda: place.device(place.meter)["owner"] is None)
    window.click("push button", "^Undo$")
    wait_for("it is his again", lambda: place.device(place.meter)["owner"] == "admin")


@tap.test
def test_key(place):
    window = place.window
    window.click("push button", "^Change Key…$")
    window.has_text("^Change Device Key$")
    window.click("push button", "^Change Key$")
    label = window.find("label", "^[0-9a-z]{26}$")
    look("config-key")
    check(len(label.get_name()) == 26, "no key is shown")
    wait_for("the old one is good for a while", lambda: place.device(place.meter)["oldKeyEndsAt"] > 0)
    window.click("push button", "^Copy Key$")
    window.has_text("^Key copied$")
    key("Escape")
    window.has_text("the old one is good until")


def main():
    if "BW_UI_SESSION" not in os.environ:
        os.environ["BW_UI_SECRETS"] = "file"
        os.execv("/bin/bash", ["bash", str(SESSION), sys.executable, *sys.argv])
    with Folder() as folder:
        place = Installation(sys.argv[1], folder)
        try:
            place.start()
            place.ctl("batch", "create", "--name", "first", "--count", "3")
            place.ctl("batch", "export", "first", "--csv", folder / "first.csv")
            place.meter = read_hand_over(folder / "first.csv")[0]["device_id"]
            sim = come(place, "one")
            wait_for("it waits", lambda: place.device(place.meter)["status"] == "awaiting-approval")
            place.ctl("device", "approve", place.meter)
            place.target = wait_for("a number that can be set", lambda: next(
                (f"{n['id']}/{p['id']}" for n in place.device(place.meter)["nodes"] for p in n["properties"]
                 if p["settable"] and p["datatype"] == "float"), None))
            wait_for("it is ready", lambda: place.device(place.meter)["state"] == "ready" and place.device(place.meter)["online"])
            sim.kill()
            wait_for("it is away", lambda: not place.device(place.meter)["online"])
            desktop = place.spawn("desktop", place.build / "src/app/bellwether", "--server", place.api, "--token-file", place.token_file,
                                  "--page", "devices")
            place.window = Window(desktop)
            return tap.run(place)
        finally:
            place.kill()


if __name__ == "__main__":
    sys.exit(main())
