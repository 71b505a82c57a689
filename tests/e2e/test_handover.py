#!/usr/bin/python3
"""Out to the manufacturer and back, through the window: import with rows mended in place, provisioning files, confirmation by
scanner and by table, and how far a batch is.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from harness import Folder, Installation, Tap, check, wait_for
from window import Window, children, click, key, screenshot

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
tap = Tap()
known = {}


def look(name):
    folder = os.environ.get("BW_TEST_SCREENSHOTS")
    if folder:
        screenshot(Path(folder) / f"{name}.png")


def opened(place):
    if "window" not in known:
        desktop = place.spawn("bellwether", place.build / "src/app/bellwether", "--server", place.api, "--token-file", place.token_file,
                              "--page", "batches")
        known["window"] = Window(desktop)
        known["desktop"] = desktop
        focus("Bellwether")
    return known["window"]


def focus(title):
    """There is no window manager that would."""
    subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", title, "windowfocus", "--sync"], check=True,
                   capture_output=True, timeout=200)


def chooser_of(window):
    for node in children(window.application):
        for inner in window.nodes(False, node):
            if inner.get_role_name() == "file chooser" or "FileChooser" in (inner.get_name() or ""):
                return node
    return None


def open_file(window, path, title):
    """Types a path into GTK's own file chooser."""
    chooser = wait_for("a file chooser", lambda: chooser_of(window), 15)
    focus(title)
    # opens the entry for a path, if it is not open yet
    key("slash")
    window.find("text", "", start=chooser).set_text_contents(str(path))
    key("Return")
    wait_for("the file chooser is gone", lambda: not chooser_of(window), 15)


def select_batch(window, name):
    def chosen():
        listing = window.find("list", "GtkColumnListView", into_tables=True)
        for index, row in enumerate(children(listing)):
            if any(node.get_name() == name for node in window.nodes(True, row)):
                window.select("list", "GtkColumnListView", index)
                return True
        return False
    wait_for(f"the batch {name} is selected", chosen, 15)


def mend(window, name, text):
    window.find("text", name, into_tables=True).set_text_contents(text)


def scan(text):
    subprocess.run(["xdotool", "type", "--delay", "5", text], check=True)
    key("Return")


@tap.test
def test_import_is_mended_in_place(place):
    window = opened(place)
    place.ctl("batch", "create", "--name", "Spring", "--count", "12")
    taken = place.json("device", "list")["items"][0]["id"]
    path = place.folder / "old.csv"
    path.write_text("\ufeffdevice_id;type;shelf\r\nzzzz-0000-0000-0001;release;1\r\nzzzz-0000-0000-0002;;1\r\n"
                    f"nonsense;testing;1\r\nzzzz-0000-0000-0001;;1\r\n{taken};;1\r\n", encoding="utf-8")
    window.has_text("Spring")
    window.click("push button", "^Import…$")
    window.click("push button", "Choose File…$")
    open_file(window, path, "Choose Device IDs")
    window.find("label", "3 of 5 rows are bad", seconds=30)
    window.find("label", "shelf$")
    window.find("label", "^Exists already$", into_tables=True)
    window.find("label", "^Stands in a row before$", into_tables=True)
    importing = window.find("push button", "Import$")
    check(not window.is_sensitive(importing), "bad rows could be imported without being skipped")
    window.type("^Name of the Batch$", "Old ones")
    # while it is being typed
    mend(window, "^Device ID, row 4$", "zzzz-0000-0000-0004")
    window.find("label", "2 of 5 rows are bad")
    mend(window, "^Device ID, row 5$", "zzzz-0000-0000-000")
    window.find("label", "^No Device ID:", into_tables=True)
    mend(window, "^Device ID, row 5$", "zzzz-0000-0000-0005")
    window.find("label", "1 of 5 rows is bad")
    look("import-mended")
    check(not window.is_sensitive(importing), "a bad row could be imported without being skipped")
    click(window.find("check box", "Skip bad rows$"), title="^Import Device IDs$")
    wait_for("the rest can be imported", lambda: window.is_sensitive(importing), 15)
    window.click("push button", "Import$")
    window.has_text("Old ones")
    batch = wait_for("the batch is ready", lambda: next((b for b in place.json("batch", "list")["items"]
                                                         if b["name"] == "Old ones" and b["state"] == "ready"), None), 30)
    devices = place.json("device", "list", "--batch", "Old ones", "--sort", "serial")["items"]
    check([(d["id"], d["type"]) for d in devices] ==
          [("zzzz-0000-0000-0001", "release"), ("zzzz-0000-0000-0002", None), ("zzzz-0000-0000-0004", "testing"),
           ("zzzz-0000-0000-0005", None)] and batch["count"] == 4, f"{devices}")


@tap.test
def test_provisioning_files(place):
    window = opened(place)
    select_batch(window, "Spring")
    window.click("push button", "^Export CSV…$")
    formats = window.find("combo box", "^Format$")
    focus("^Export ")
    window.act(next(children(formats)))
    window.find("label", "JSON file for each device$", into_tables=True)
    key("Down")
    key("Return")
    window.click("push button", "Hand Over Keys…$")
    path = place.folder / "spring.zip"
    chooser = wait_for("a file chooser", lambda: chooser_of(window), 15)
    window.find("text", "", start=chooser).set_text_contents(str(path))
    window.click("push button", "^_?(Save|Export)", start=chooser)
    wait_for("the ZIP is there", path.exists, 30)
    with zipfile.ZipFile(path) as pack:
        names = pack.namelist()
        first = json.loads(pack.read(names[0]))
        check(len(names) == 13 and re.fullmatch("[0-9a-z]{26}", first["deviceKey"]), f"{names} {first}")
        known["ids"] = [json.loads(pack.read(name))["deviceId"] for name in names[:-1]]
    wait_for("the window says that the keys are gone",
             lambda: any("Spring" in row and "Handed over" in row for row in window.rows_of("Batches")), 20)


@tap.test
def test_confirmation_and_funnel(place):
    window, ids = opened(place), known["ids"]
    select_batch(window, "Spring")
    window.click("push button", "^Progress…$")
    window.find("push button", "^Flashed: 12 devices are behind$")
    window.find("progress bar", "^Created: 12 of 12$")
    window.click("push button", "Confirm Flashed…$", start=window.find(None, "^Progress of the Batch$"))
    window.find(None, "^Scan a Code or Type an ID$")
    focus("Confirm Flashed: Spring")
    scan(ids[0].replace("-", "").upper())
    scan(ids[1])
    scan(ids[1])
    scan("zzzz-0000-0000-0001")
    window.find("label", "Flashed now: 2 · That far before: 1 · Refused: 1")
    window.find(None, "another batch")
    path = place.folder / "back.csv"
    path.write_text("device_id\n" + "\n".join(ids[2:6]) + "\nnonsense\n", encoding="utf-8")
    window.click("push button", "CSV File…$")
    open_file(window, path, "Choose Flashed Devices")
    window.find("label", "Flashed now: 6 · That far before: 1 · Refused: 2")
    window.find(None, r"nonsense \(row 6\)")
    look("confirm")
    key("Escape")
    # it has followed
    window.find("push button", "^Flashed: 6 devices are behind$")
    # and follows what happens elsewhere
    more = place.folder / "more.csv"
    more.write_text(ids[6], encoding="utf-8")
    place.ctl("batch", "confirm", "Spring", "--csv", more)
    window.find("push button", "^Flashed: 5 devices are behind$")
    window.click("push button", "^Flashed: 5 devices are behind$")
    window.find("label", "^5 devices$")
    look("stragglers")
    more.write_text(ids[7], encoding="utf-8")
    place.ctl("batch", "confirm", "Spring", "--csv", more)
    window.find("label", "^4 devices$")
    window.click("push button", "^Back$")
    window.find("push button", "^Flashed: 4 devices are behind$")
    look("funnel")


@tap.test
def test_nothing_was_complained_about(place):
    key("Escape")
    focus("Bellwether")
    key("ctrl+q")
    check(known["desktop"].process.wait(100) == 0, known["desktop"].text()[-1000:])
    complaints = [line for line in known["desktop"].text().splitlines() if "CRITICAL" in line or "WARNING" in line]
    check(not complaints, "\n".join(complaints[:10]))


def main():
    if "BW_UI_SESSION" not in os.environ:
        os.execv("/bin/bash", ["bash", str(SESSION), sys.executable, *sys.argv])
    with Folder() as folder:
        place = Installation(sys.argv[1], folder)
        try:
            place.start()
            return tap.run(place)
        finally:
            if "window" in known and known["desktop"].process.poll() is None:
                print("\n".join("# " + line for line in known["window"].tree().splitlines()[:150]))
            place.kill()


if __name__ == "__main__":
    sys.exit(main())
