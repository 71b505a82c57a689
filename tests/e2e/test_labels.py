#!/usr/bin/python3
"""Labels through the window: laid out, on a part-used sheet, to a printer that only writes down what it is told.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from harness import Folder, Installation, Tap, check, wait_for
from main_job import start_desktop
from window import Window, click, screenshot

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
BATCH, COUNT = "Winter", 30
tap = Tap()
made = {}


def picture(name):
    folder = os.environ.get("BW_TEST_SCREENSHOTS")
    if folder:
        screenshot(Path(folder) / f"{name}.png")


def words(path):
    """What stands on the pages of a PDF and where, and the size of a page."""
    text = subprocess.run(["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, text=True).stdout
    size = [float(n) for n in re.search(r'<page width="([\d.]+)" height="([\d.]+)"', text).groups()]
    return size, [(word, *map(float, numbers)) for *numbers, word in
                  re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]+)<', text)]


def kept():
    path = Path(os.environ["XDG_CONFIG_HOME"]) / "bellwether" / "sheets.json"
    return json.loads(path.read_text())["items"] if path.exists() else []


def open_labels(place):
    desktop = start_desktop(place)
    window = Window(desktop)
    subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", "Bellwether", "windowsize", "1280", "800", "windowfocus"],
                   check=True, capture_output=True, timeout=120)
    places = window.find("list", "^Places$")
    window.select("list", "^Places$", next(i for i in range(places.get_child_count()) if places.get_child_at_index(i).get_name() == "Batches"))
    wait_for("the batch is there", lambda: any(BATCH in row for row in window.rows_of("Batches")), 60, 0.1)
    window.select("list", "GtkColumnListView", 0)
    window.click("push button", "Labels…$")
    window.has_text(f"^{COUNT} labels on 2 sheets$")
    return window


def print_to_file(place, window):
    """GTK's dialog, and in it the one printer that is always there. Gives what that wrote."""
    window.click("push button", "^Print…$")
    window.find("dialog", "^Print$", seconds=60)
    click(window.find("label", "^Print to File$", seconds=60, into_tables=True), title="^Print$")
    picture("labels-print")
    button = window.find("push button", "^_Print Print$")
    wait_for("the printer is chosen", lambda: window.is_sensitive(button), 60)
    window.act(button)
    window.has_text("^Sent to the printer$", seconds=60)
    found = [path for top in (Path(os.environ["HOME"]), Path.cwd()) for path in top.rglob("*.pdf") if path.name != "written.pdf"]
    check(len(found) == 1, f"{found}")
    return found[0]


@tap.test
def test_a_batch(place):
    place.start()
    place.ctl("batch", "create", "--name", BATCH, "--count", str(COUNT), "--color", "#26a269")


@tap.test
def test_printed_as_written(place):
    """What a printer gets has the PDF's page and every word in the PDF's place: nothing is fitted to anything."""
    window = open_labels(place)
    picture("labels")
    written = place.folder / "written.pdf"
    place.ctl("labels", BATCH, "--stock", "L7160", "--pdf", written, "--keep-status")
    printed = print_to_file(place, window)
    size, expected = words(written)
    got_size, got = words(printed)
    check(max(abs(a - b) for a, b in zip(size, got_size)) < 0.6, f"{size} {got_size}")
    check([w[0] for w in expected] == [w[0] for w in got], "other words")
    off = max(abs(a - b) for one, other in zip(expected, got) for a, b in zip(one[1:], other[1:]))
    check(off < 0.1 / 25.4 * 72, f"a word is {off / 72 * 25.4:.2f} mm away from its place")
    wait_for("the devices are labelled", lambda: place.json("device", "list", "--status", "labelled", "--limit", "1")["total"] == COUNT, 20)
    made["window"] = window


@tap.test
def test_the_sheet_is_offered(place):
    """Twenty-one and nine were printed: twelve are free on the second sheet."""
    window = made["window"]
    check([(s["stock"], s["used"]) for s in kept()] == [("L7160", "1-9")], f"{kept()}")
    window.find("combo box", "Go On With")
    window.type("Only These Serials", "7, 9")
    window.set_number("Copies of Each Label", 3)
    window.has_text("^6 labels on 1 sheet$")
    window.type("Leave Out Labels", "2, 4-5")
    picture("labels-laid-out")
    window.type("Leave Out Labels", "22")
    window.has_text("^22-22 is not between 1 and 21.$")
    picture("labels-refused")


@tap.test
def test_stops(place):
    place.stop()


def main():
    if "BW_UI_SESSION" not in os.environ:
        os.execv("/bin/bash", ["bash", str(SESSION), sys.executable, *sys.argv])
    with Folder() as folder:
        place = Installation(sys.argv[1], folder)
        try:
            return tap.run(place)
        finally:
            place.kill()


if __name__ == "__main__":
    sys.exit(main())
