#!/usr/bin/python3
"""One search over everything, by keys alone, and a scanner that types into the window.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import subprocess
import sys
from pathlib import Path

from harness import Folder, Installation, Tap, check, read_hand_over, wait_for
from test_users import close, focus, key_text, look, open_as_owner
from window import key

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
tap = Tap()


def prepare(place):
    place.start()
    place.ctl("batch", "create", "--name", "Winter lamps", "--count", "12", "--info", "for the north")
    wait_for("it is ready", lambda: place.json("batch", "list")["items"][0]["state"] == "ready")
    file = place.folder / "hand-over.csv"
    place.ctl("batch", "export", "Winter lamps", "--csv", file)
    ids = [row["device_id"] for row in read_hand_over(file)]
    place.ctl("company", "create", "--name", "Lamps of Lviv", "--alias", "lamps-lviv")
    place.ctl("user", "create", "--email", "ida.lampe@example.org", "--first-name", "Ida", "--last-name", "Lampe",
              "--company", "lamps-lviv", "--role", "Support")
    place.sim("--devices", file, "--limit", "3", "--kind", "lamp", "--rate", "0")
    named = wait_for("three have said what they are", lambda: (d := [d for d in place.devices("seen") if d["name"]]) and len(d) == 3 and d)
    return ids, named


def open_search(window):
    def is_open():
        """The keys of a window that has just come may not be its own yet."""
        focus("Bellwether")
        key("ctrl+k")
        return window.look("filler", "^Search$")
    wait_for("the search is open", is_open, 15, 0.5)
    focus("^Search$")


def leave(window):
    window.gone("filler", "^Search$")


@tap.test
def test_the_terminal_finds_the_same(place):
    place.ids, place.named = prepare(place)
    found = place.json("search", "lamp")
    check({d["id"] for d in found["devices"]["items"]} == {d["id"] for d in place.named}, f"{found['devices']}")
    check([b["name"] for b in found["batches"]["items"]] == ["Winter lamps"], f"{found['batches']}")
    check([u["email"] for u in found["users"]["items"]] == ["ida.lampe@example.org"], f"{found['users']}")
    text, _ = place.ctl("search", "lamps", "of")
    check("Lamps of Lviv" in text and "lamps-lviv" in text, text)
    text, _ = place.ctl("search", "what nobody is called")
    check(text == "Nothing is like that.\n", text)


@tap.test
def test_each_kind_is_found_and_opened(place):
    place.desktop, window = open_as_owner(place, "desktop", "overview")
    place.window = window

    open_search(window)
    key_text("lamp")
    for text in ("^Devices$", "^Winter lamps$", "^Lamps of Lviv$", "^Ida Lampe$"):
        window.has_text(text)
    window.all_named()
    look("e2e-search")
    key("Down", "Down", "Down", "Return")
    leave(window)
    window.find("tree table", "^Batches$")
    window.click("push button", "^Show Devices$")

    open_search(window)
    key_text("ida")
    window.has_text("^Ida Lampe$")
    key("Return")
    leave(window)
    window.find(None, "^ida.lampe@example.org$")

    # Enter before there is an answer opens the best of it
    open_search(window)
    subprocess.run(["xdotool", "type", "--args", "1", "--delay", "20", place.ids[0][-4:], "key", "Return"], check=True)
    leave(window)
    window.has_text(place.ids[0])

    open_search(window)
    key_text("what nobody is called")
    window.has_text("^Nothing Found$")
    look("e2e-search-nothing")
    key("Escape")
    leave(window)


@tap.test
def test_commands_are_found(place):
    window = place.window
    open_search(window)
    key_text("audit")
    window.has_text("^Commands$")
    key("Return")
    leave(window)
    window.find("tree table", "^Audit")


@tap.test
def test_a_scanner_opens_the_device(place):
    window = place.window

    def scanned(text, id):
        """A machine that has other things to do may type no faster than a person."""
        focus("Bellwether")
        subprocess.run(["xdotool", "type", "--args", "1", "--delay", "3", text, "key", "Return"], check=True)
        return window.look(None, id, into_tables=True)
    wait_for("the page of what was read", lambda: scanned(place.ids[5], place.ids[5]), 20, 0.3)

    # into a field: what it typed there is taken out again
    focus("Bellwether")
    key("ctrl+3", "ctrl+f")
    window.find("entry", "^Search batches$")
    key_text("la")
    link = f"https://example.org/claim/{place.ids[6]}"
    wait_for("the page of what was read", lambda: scanned(link, place.ids[6]), 20, 0.3)
    focus("Bellwether")
    key("Escape")
    # only what a person typed is left, or the batch would be none that is looked for
    window.find("entry", "^Search batches$")
    window.has_text("^Winter lamps$")
    close(place.desktop)


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
