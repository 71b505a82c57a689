#!/usr/bin/python3
"""The first page of the desktop: a server's address and a one-time password, or this computer.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import sys
from pathlib import Path

from harness import Folder, Installation, Tap, check, children_of, wait_for
from window import Window, key

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
tap = Tap()


def start(place, name, home):
    """The desktop of somebody who has never used it."""
    env = dict(os.environ, HOME=str(home), XDG_DATA_HOME=str(home / "share"), XDG_CONFIG_HOME=str(home / "config"),
               XDG_STATE_HOME=str(home / "state"), XDG_CACHE_HOME=str(home / "cache"))
    return place.spawn(name, place.build / "src/app/bellwether", env=env)


@tap.test
def test_a_one_time_password_is_changed_first(place):
    place.start()
    desktop = start(place, "sign-in", place.folder / "home-1")
    window = Window(desktop)
    one_time = (place.data / "admin-password").read_text().strip()
    window.type("^Server Address", place.api)
    window.type("^User$", "admin")
    window.type("^Password$", "wrong")
    window.click("push button", "Sign In$")
    window.has_text("password.*(wrong|right|match)")
    window.type("^Password$", one_time)
    window.click("push button", "Sign In$")
    window.find(None, "New Password")
    window.type("^Current Password$", one_time)
    window.type("^New Password$", "correct horse 7")
    window.type("^New Password Again$", "correct horse 7")
    window.click("push button", "Change$")
    window.has_text("No Devices Yet")
    wait_for("the file with the one-time password is gone", lambda: not (place.data / "admin-password").exists())
    key("ctrl+q")
    check(desktop.process.wait(15) == 0, desktop.text()[-1000:])


@tap.test
def test_this_computer(place):
    home = place.folder / "home-2"
    desktop = start(place, "this-computer", home)
    window = Window(desktop)
    window.click("push button", "Use This Computer")
    window.has_text("No Devices Yet", 60)
    pid = desktop.process.pid
    servers = children_of(pid, "mosquitto") + children_of(pid, "bellwetherd")
    check(len(servers) == 2, f"running below the desktop: {servers}")
    check(not any(path.stat().st_mode & 0o077 for path in (home / "share").glob("bellwether*")), "others can read the data folder")
    key("ctrl+q")
    check(desktop.process.wait(100) == 0, desktop.text()[-1000:])
    wait_for("broker and backend are gone with it", lambda: not any(Path(f"/proc/{child}").exists() for child in servers))


@tap.test
def test_this_computer_does_not_outlive_a_crash(place):
    desktop = start(place, "crash", place.folder / "home-3")
    window = Window(desktop)
    window.click("push button", "Use This Computer")
    window.has_text("No Devices Yet", 60)
    pid = desktop.process.pid
    servers = children_of(pid, "mosquitto") + children_of(pid, "bellwetherd")
    check(len(servers) == 2, f"running below the desktop: {servers}")
    desktop.kill()
    wait_for("broker and backend are gone with it", lambda: not any(Path(f"/proc/{child}").exists() for child in servers))


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
