#!/usr/bin/python3
"""What devices say and who comes new reaches people: behind the bell, and as notifications of the desktop.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from harness import Folder, Installation, Tap, check, children_of, read_hand_over, wait_for
from notifications import Notifications
from test_users import focus, look, open_as_owner
from window import key

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "bench"))
from rawmqtt import Link, publish_packet  # noqa: E402

SESSION = HERE.parent / "support" / "ui-session.sh"
COUNT = 30
NEW = "A new device waits for approval"
tap = Tap()


class Device:
    def __init__(self, place, row, name):
        self.id = row["device_id"]
        self.link = Link(place.broker_port, self.id, self.id, row["device_key"])
        description = {"homie": "5.0", "version": 1, "name": name, "nodes": {}}
        self.say("$state", "init")
        self.say("$description", json.dumps(description))
        self.say("$state", "ready")

    def say(self, level, text, retain=True):
        self.link.send(publish_packet(f"homie/5/{self.id}/{level}", text, retain=retain))

    def log(self, level, *texts):
        self.link.send(*(publish_packet(f"homie/5/{self.id}/$log/{level}", text, retain=False) for text in texts))


def look_away():
    """The mouse goes beside the window, and the focus to whatever is below the mouse."""
    subprocess.run(["xdotool", "mousemove", "1270", "790", "windowfocus", "1"], check=True)


def bell(window, n):
    return window.find("push button", f"^Notifications, {n} new$" if n else "^Notifications$")


def open_bell(window):
    def is_open():
        focus("Bellwether")
        key("ctrl+b")
        return window.look("push button", "^Preferences$")
    wait_for("the list is open", is_open, 15, 0.5)


@tap.test
def test_who_comes_new(place):
    place.start()
    place.ctl("batch", "create", "--name", "Lamps", "--count", COUNT)
    wait_for("it is ready", lambda: place.json("batch", "list")["items"][0]["state"] == "ready")
    place.ctl("batch", "export", "Lamps", "--csv", place.folder / "lamps.csv")
    place.rows = read_hand_over(place.folder / "lamps.csv")
    # who waited before is no news
    early = Device(place, place.rows[29], "Early lamp")
    wait_for("it waits", lambda: place.device(early.id)["status"] == "awaiting-approval")

    place.desktop_side = Notifications()
    place.desktop, place.window = open_as_owner(place, "desktop", "overview")
    place.window.has_text("^Awaiting approval")
    bell(place.window, 0)
    place.window.all_named()
    look_away()

    place.hall = Device(place, place.rows[0], "Hall lamp")
    told = wait_for("the desktop is told", lambda: place.desktop_side.look(NEW))
    check(place.hall.id in told["body"], f"{told}")
    check(list(told["actions"].values())[-2:] == ["Approve", "Show"], f"{told}")
    check(not any(early.id in n["body"] for n in place.desktop_side.all), "who waited before was told of")
    bell(place.window, 1)
    place.desktop_side.press(told, "Approve")
    wait_for("it is approved", lambda: place.device(place.hall.id)["status"] in ("pairing", "paired"))


@tap.test
def test_many_at_once(place):
    place.crowd = [Device(place, row, f"Lamp {row['serial']}") for row in place.rows[1:24]]
    told = wait_for("it is one notification", lambda: place.desktop_side.look("23 devices wait for approval"))
    check(len(place.desktop_side.shown) == 1, f"{place.desktop_side.shown}")
    place.desktop_side.press(told, None)
    place.window.find("tree table", "^Devices$")
    focus("Bellwether")
    wait_for("nothing is left of them", lambda: not place.desktop_side.shown)


@tap.test
def test_what_a_device_says(place):
    # approval has disconnected it
    place.hall = Device(place, place.rows[0], "Hall lamp")
    wait_for("it is there", lambda: place.device(place.hall.id)["state"] == "ready")
    look_away()
    place.hall.log("warn", "the lid is open")
    told = wait_for("the desktop is told", lambda: place.desktop_side.look("Warning: Hall lamp"))
    check("the lid is open" in told["body"], f"{told}")

    # a flood is a number
    n = len(place.desktop_side.all)
    place.hall.log("warn", *(f"line {i}" for i in range(500)))
    wait_for("the last one", lambda: "line 499 (501 messages)" in (place.desktop_side.look("Warning: Hall lamp") or told)["body"], 30)
    check(len(place.desktop_side.all) - n <= 3, f"{place.desktop_side.all[n:]}")
    place.desktop_side.press(place.desktop_side.look("Warning: Hall lamp"), "Show")
    place.window.has_text("^Hall lamp$")
    place.window.find("push button", "^Back$")


@tap.test
def test_nothing_outside_while_one_looks(place):
    focus("Bellwether")
    wait_for("they are withdrawn", lambda: not place.desktop_side.shown)
    open_bell(place.window)
    for text in ("^Hall lamp$", r"line 499 \(501 messages\)", "^2[0-9] devices wait for approval$"):
        place.window.has_text(text)
    look("e2e-notices")
    key("Escape")
    bell(place.window, 0)

    n = len(place.desktop_side.all)
    place.hall.log("error", "the lamp is broken")
    bell(place.window, 1)
    place.hall.log("info", "I go on")
    bell(place.window, 2)
    look_away()
    place.hall.log("fatal", "I give up")
    wait_for("the desktop is told", lambda: place.desktop_side.look("Error: Hall lamp"))
    check(len(place.desktop_side.all) == n + 1, f"{place.desktop_side.all[n:]}")


@tap.test
def test_the_same_is_not_told_again(place):
    place.hall.say("$alert/battery", "the battery is low")
    wait_for("the desktop is told", lambda: place.desktop_side.look("Alert: Hall lamp"))
    focus("Bellwether")
    wait_for("they are withdrawn", lambda: not place.desktop_side.shown)
    open_bell(place.window)
    key("Escape")
    bell(place.window, 0)
    look_away()
    n = len(place.desktop_side.all)

    broker = children_of(place.serve.process.pid, "mosquitto")[0]
    os.kill(broker, signal.SIGKILL)
    wait_for("the broker is another", lambda: children_of(place.serve.process.pid, "mosquitto") not in ([], [broker]), 30)
    place.hall = wait_for("the device is back", lambda: come_back(place), 30, 0.5)
    place.hall.say("$alert/battery", "the battery is low")
    # once this is there, all before would be, too
    late = wait_for("a new one is let in", lambda: come_back(place, 25), 30, 0.5)
    told = wait_for("only it is told of", lambda: place.desktop_side.look(NEW), 60)
    check(late.id in told["body"], f"{told}")
    check(len(place.desktop_side.all) == n + 1, f"{place.desktop_side.all[n:]}")


def come_back(place, index=0):
    try:
        return Device(place, place.rows[index], "Hall lamp" if index == 0 else "Late lamp")
    except (OSError, RuntimeError):
        return None


@tap.test
def test_preferences_and_clear(place):
    window = place.window
    focus("Bellwether")
    open_bell(window)
    window.click("push button", "^Preferences$")
    window.find("check box", "^Warnings and errors of devices$")
    window.all_named()
    look("e2e-notices-preferences")
    window.click("check box", "^Warnings and errors of devices$")
    wait_for("it is off", lambda: not window.is_checked(window.find("check box", "^Warnings and errors of devices$")))
    window.click("push button", "^Clear$")
    place.ctl("device", "approve", place.rows[1]["device_id"])
    other = wait_for("another one is let in", lambda: come_back(place, 1), 30, 0.5)
    wait_for("it is there", lambda: place.device(other.id)["state"] == "ready")
    place.hall.log("error", "nobody wants to hear it")
    other.log("info", "but this")
    bell(window, 1)
    open_bell(window)
    window.has_text("^but this")
    listed = window.find("list", "^Notifications$")
    check(window.look(None, "nobody wants to hear it", True, listed) is None, "what was switched off is listed")
    window.click("push button", "^Clear$")
    bell(window, 0)

    def is_closed():
        """The list that has just closed may have had the keys."""
        if place.desktop.process.poll() is None:
            subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "Bellwether", "windowfocus", "key", "ctrl+q"],
                           capture_output=True, timeout=120)
        return place.desktop.process.poll() is not None
    wait_for("the window is closed", is_closed, 20, 1)
    check(place.desktop.process.returncode == 0, place.desktop.text()[-1000:])


def main():
    if "BW_UI_SESSION" not in os.environ:
        os.environ["BW_UI_SECRETS"] = "file"
        os.execv("/bin/bash", ["bash", str(SESSION), sys.executable, *sys.argv])
    with Folder() as folder:
        place = Installation(sys.argv[1], folder)
        try:
            return tap.run(place)
        finally:
            place.kill()


if __name__ == "__main__":
    sys.exit(main())
