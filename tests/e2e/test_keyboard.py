#!/usr/bin/python3
"""By the keyboard alone: on the pages of the window Tab reaches every control that can be used. A control that never gets the
focus is named. Rows of lists and of tables are the arrow keys' business.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

from harness import Failed, Folder, Installation, Tap, check, wait_for  # noqa: E402
from main_job import prepare, start_desktop  # noqa: E402
from test_users import focus, look  # noqa: E402
from window import CONTROLS, Window, key  # noqa: E402

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
SIZE = os.environ.get("BW_UI_SIZE", "1280x800").split("x")
MOST_STEPS = 250
# Between the last control and the first one nothing has the focus, and of some rows the window tells nothing.
MOST_SILENT = 8
# Which part of a field has the focus and which one has the name is not the same in all of GTK's fields.
FIELDS = {"entry", "text", "password text", "spin button"}
# GNOME lets nobody tab to those of the window itself.
WINDOW_BUTTONS = {"Close", "Maximize", "Minimize"}
# By their keys, from Ctrl+2 on. Not among them are the overview and a device's page: the window tells nothing of the focus in their rows.
PAGES = ["devices", "batches", "companies", "users", "participations", "roles", "requests", "audit"]
tap = Tap()


class Focus:
    """Who has it, as the window tells a screen reader."""

    def __init__(self):
        self.last = None
        self.n = 0
        self.listener = Atspi.EventListener.new(self.changed)
        self.listener.register("object:state-changed:focused")

    def changed(self, event):
        if event.detail1:
            self.last = event.source
            self.n += 1

    def after(self, name, seconds=0.5):
        """Who has it after this key; None: it has not moved."""
        before = self.n
        key(name)
        end = time.monotonic() + seconds
        while self.n == before and time.monotonic() < end:
            while GLib.MainContext.default().iteration(False):
                pass
            time.sleep(0.005)
        return self.last if self.n > before else None


def say(node):
    parent = node.get_parent()
    return f"{node.get_role_name()} “{node.get_name()}” in {parent.get_role_name()} “{parent.get_name()}”"


def usable(window):
    """The controls that somebody with a mouse could use now."""
    for node in window.nodes():
        try:
            states = node.get_state_set()
            if node.get_role_name() in CONTROLS - {"menu item", "tree table"} and node.get_name() not in WINDOW_BUTTONS and states.contains(Atspi.StateType.FOCUSABLE) and \
                    states.contains(Atspi.StateType.SENSITIVE):
                yield node
        except GLib.Error:
            continue


def with_fields(node):
    """It, what it is a part of as far as that is one field, and the parts of it."""
    found = [node]
    parent = node.get_parent()
    while parent is not None and parent.get_role_name() in FIELDS:
        found.append(parent)
        parent = parent.get_parent()
    if node.get_role_name() in FIELDS:
        found += [child for i in range(node.get_child_count()) if (child := node.get_child_at_index(i)) is not None]
    return found


def walk(window):
    """All that gets the focus by Tab, once round the window."""
    reached, seen, still = set(), [], 0
    for _ in range(MOST_STEPS):
        node = window.focus.after("Tab")
        if node is None:
            still += 1
            check(still < MOST_SILENT, f"Tab does not leave {say(window.focus.last) if window.focus.last else 'where it is'}")
            continue
        still = 0
        if seen and node == seen[0] and len(seen) > 1:
            break
        seen.append(node)
        reached.update(with_fields(node))
    return reached


def look_at(window, name, known):
    """@known: seen on pages before. GTK 4.8 calls what is on a page behind this one visible too, and what they share was reached there."""
    focus("Bellwether")
    look(f"e2e-keyboard-{name}")
    # who has not been looked at tells of no focus
    n = sum(1 for _ in window.nodes(into_tables=True))
    here = [node for node in usable(window) if node not in known]
    known.update(here)
    reached = walk(window)
    print(f"# {name}: {len(here)} controls of {n} nodes, {len(reached)} reached", flush=True)
    missed = sorted(say(node) for node in here if node not in reached)
    check(not missed, f"on {name} Tab never comes to " + "; ".join(missed))
    window.all_named()


def open_at(place, page):
    place.desktop = start_desktop(place, "--page", page, name=page.split(":")[0])
    place.window = Window(place.desktop)
    place.window.focus = Focus()
    subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", "Bellwether", "windowsize", *SIZE, "windowfocus"],
                   check=True, capture_output=True, timeout=120)


@tap.test
def test_pages(place):
    place.start()
    prepare(place)
    place.ctl("company", "create", "--name", "North", "--alias", "north")
    place.ctl("user", "create", "--email", "ida@example.org", "--first-name", "Ida", "--last-name", "Lampe", "--company", "north",
              "--role", "Support")
    open_at(place, "devices")
    place.window.find("tree table", "^Devices$")
    wrong, known = [], set()
    for number, page in enumerate(PAGES, 2):
        focus("Bellwether")
        key(f"ctrl+{number}")
        wait_for("the page has come", lambda: settled(place.window), 10)
        try:
            look_at(place.window, page, known)
        except Failed as error:
            wrong.append(str(error))
    check(not wrong, "\n".join(wrong))


def settled(window):
    """Twice the same."""
    count = sum(1 for _ in window.nodes())
    time.sleep(0.1)
    return count == sum(1 for _ in window.nodes())


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
