#!/usr/bin/python3
"""One device in the window: what waits for it, its facts, its owner, its company, its key; and the rules that let others in.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import subprocess
import sys
from pathlib import Path

from harness import Folder, Installation, Tap, check, read_hand_over, wait_for
from window import Window, children, click, double_click, key, screenshot

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
tap = Tap()


def look(name):
    folder = os.environ.get("BW_TEST_SCREENSHOTS")
    if folder:
        screenshot(Path(folder) / f"{name}.png")


def come(place, name, row=0):
    """A thermostat of that row."""
    one = place.folder / f"{name}.csv"
    lines = (place.folder / "first.csv").read_text().splitlines()
    one.write_text("\n".join([lines[0], lines[row + 1]]) + "\n")
    return place.sim("--devices", one, "--kind", "thermostat", "--dialect", "homie5", "--rate", "1", name=name)


def focus(title):
    """There is no window manager that would."""
    subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", title, "windowfocus"], check=True,
                   capture_output=True, timeout=120)


def dismiss(window, title):
    """By Escape; a window that another one has just left may not have the keys yet."""
    def is_gone():
        if window.look("frame", f"^{title}$") is None:
            return True
        subprocess.run(["xdotool", "search", "--onlyvisible", "--name", title, "windowfocus"], capture_output=True, timeout=120)
        key("Escape")
        return False
    wait_for(f"{title} is closed", is_gone, step=0.3)


SETTINGS, ACCESS = 4, 5


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
    open_tab(SETTINGS)
    window.has_text("Pending: 18.5")
    window.all_named()
    look("config-settings")
    come(place, "two")
    wait_for("it is delivered", lambda: place.json("device", "desired", meter)["items"] == [])
    window.has_text("Nothing waits for this device")


@tap.test
def test_facts(place):
    window = place.window
    click(window.find("text", "^Machine ID$"))
    key("m", "7", "7", "Return")
    wait_for("it is saved", lambda: place.device(place.meter)["machineId"] == "m77")
    window.has_text("^Saved$")
    window.click("push button", "Undo$")
    wait_for("it is as it was", lambda: place.device(place.meter)["machineId"] is None)


@tap.test
def test_access(place):
    window = place.window
    open_tab(ACCESS)
    window.has_text("^Nobody$")
    window.has_text("participation reaches this device")
    window.all_named()
    look("config-access")
    place.ctl("device", "pair", place.meter, "admin")
    window.has_text("^admin$")
    window.has_text("^Paired since")
    window.click("push button", "Unpair$")
    wait_for("it is nobody's", lambda: place.device(place.meter)["owner"] is None)
    window.click("push button", "Undo$")
    wait_for("it is his again", lambda: place.device(place.meter)["owner"] == "admin")


@tap.test
def test_key(place):
    window = place.window
    window.click("push button", "Change Key…$")
    window.has_text("^Change Device Key$")
    window.click("push button", "Change Key$")
    label = window.find("label", "^[0-9a-z]{26}$")
    window.all_named()
    look("config-key")
    check(len(label.get_name()) == 26, "no key is shown")
    wait_for("the old one is good for a while", lambda: place.device(place.meter)["oldKeyEndsAt"] > 0)
    window.click("push button", "Copy Key$")
    window.has_text("^Key copied$")
    dismiss(window, "Change Device Key")
    window.has_text("the old one is good until")


@tap.test
def test_rules(place):
    window = place.window
    focus("Bellwether")
    key("alt+Left")
    click(window.find("label", f"^{place.meter}$", into_tables=True))
    key("shift+F10")
    window.click("menu item", "Approval Rules…$")
    window.has_text("^No Rules$")
    waiting = come(place, "three", 1)
    other = place.rows[1]["device_id"]
    wait_for("it waits", lambda: place.device(other)["status"] == "awaiting-approval" and place.device(other)["state"] == "ready")
    window.click("push button", "Add Rule…$")
    window.type("^Name of the Rule$", "ours")
    window.type("^Address Is in the Network", "10.0.0.0/8")
    window.click("push button", "Try$", start=window.find("frame", "^Approval Rule$"))
    window.has_text("the address is 127.0.0.1 and not in 10.0.0.0/8")
    window.all_named()
    look("config-rule-trial")
    dismiss(window, "What the Rules Would Do")
    window.type("^Address Is in the Network", "127.0.0.0/8")
    window.all_named()
    look("config-rule-editor")
    window.click("push button", "Save$", start=window.find("frame", "^Approval Rule$"))
    window.has_text("Approve · 1 condition · at most 100 an hour")
    check(place.json("rule", "list")["items"][0]["enabled"] is False, "it acts before it was switched on")
    window.act(window.find(None, "^ours is active$"))
    wait_for("it is on", lambda: place.json("rule", "list")["items"][0]["enabled"])
    window.all_named()
    look("config-rules")
    come(place, "four", 2)
    wait_for("the next one is let in", lambda: place.device(place.rows[2]["device_id"])["status"] == "pairing")
    check(place.device(other)["status"] == "awaiting-approval", "one that waited before was let in")
    waiting.kill()
    window.click("push button", "^Remove$")
    window.has_text("^No Rules$")
    window.click("push button", "Undo$")
    wait_for("it is back", lambda: place.json("rule", "list")["total"] == 1)


@tap.test
def test_own(place):
    window = place.window
    dismiss(window, "Approval Rules")
    place.ctl("device", "unpair", place.meter)
    window.act(next(children(window.find("push button", "^Main Menu$"))))
    window.click("menu item", "My Devices…$")
    window.type("^Device ID$", place.meter.upper().replace("-", ""))
    window.click("push button", "Pair$")
    window.has_text("^Yours$")
    window.all_named()
    look("config-own")
    check(place.device(place.meter)["owner"] == "admin", "it is not his")
    window.click("push button", "Give Back$")
    wait_for("it is nobody's", lambda: place.device(place.meter)["owner"] is None)
    dismiss(window, "My Devices")


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
            place.rows = read_hand_over(folder / "first.csv")
            place.meter = place.rows[0]["device_id"]
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
