#!/usr/bin/python3
"""Labels read back in the window: by a hand scanner that types, from a scan with faults, and printed again.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import subprocess
import sys
from pathlib import Path

from harness import Folder, Installation, Tap, check, wait_for
from scans import Sheet, cell_box, decode_pdf
from window import Window, children, key, screenshot

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
SECONDS = 60.0
tap = Tap()


def look(name):
    folder = os.environ.get("BW_TEST_SCREENSHOTS")
    if folder:
        screenshot(Path(folder) / f"{name}.png")


def focus(title):
    """There is no window manager that would."""
    subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", title, "windowfocus"], check=True,
                   capture_output=True, timeout=20)


def key_text(text):
    subprocess.run(["xdotool", "type", "--delay", "15", text], check=True)


def scan(code):
    """What a hand scanner does."""
    key_text(code)
    key("Return")


def chooser_of(window):
    for node in children(window.application):
        for inner in window.nodes(False, node):
            if inner.get_role_name() == "file chooser" or "FileChooser" in (inner.get_name() or ""):
                return node
    return None


def code_of(device_id):
    return device_id.replace("-", "").upper()


def says(window, pattern):
    return window.find("label", pattern, SECONDS)


def open_file(window, path):
    """Types a path into GTK's own file chooser."""
    window.click("push button", "Open Image or PDF…$")
    chooser = wait_for("a file chooser", lambda: chooser_of(window), 30)
    focus("Open Image or PDF")
    key("ctrl+l")
    key_text(str(path))
    window.click("push button", "^_?Open", start=chooser)


@tap.test
def test_make_a_sheet(place):
    place.start()
    place.ctl("batch", "create", "--name", "Sheet", "--count", "21")
    pdf = place.folder / "sheet.pdf"
    place.ctl("labels", "Sheet", "--stock", "L7160", "--pdf", pdf)
    place.ids = [d["id"] for d in place.json("device", "list", "--batch", "Sheet", "--sort", "serial", "--limit", "21")["items"]]
    good = Sheet(pdf, place.folder / "good.png")
    faults = good.copy(place.folder / "faults.png")
    faults.fill(cell_box("L7160", 20))
    faults.smear(cell_box("L7160", 1))
    faults.paste(good, cell_box("L7160", 16), cell_box("L7160", 5))
    faults.paste(good, cell_box("L7160", 10), cell_box("L7160", 13))
    faults.paste(good, cell_box("L7160", 13), cell_box("L7160", 10))
    faults.save()
    one = place.folder / "one.png"
    x, y, width, height = cell_box("L7160", 1)
    subprocess.run(["convert", good.path, "-crop", f"{width}x{height}+{x}+{y}", "+repage", one], check=True, timeout=60)
    place.pipeline = f"filesrc location={one} ! pngdec ! imagefreeze"
    place.scan = faults.turn("1.2", place.folder / "scan.jpg")


@tap.test
def test_hand_scanner(place):
    place.desktop = place.spawn("bellwether", place.build / "src/app/bellwether", "--server", place.api,
                                "--token-file", place.token_file, "--page", "batches",
                                env=os.environ | {"BELLWETHER_CAMERA_PIPELINE": place.pipeline})
    place.window = window = Window(place.desktop)
    focus("Bellwether")
    wait_for("the batch is listed", lambda: window.rows_of("Batches"), 30)
    window.select("list", "GtkColumnListView", 0)
    window.act(next(children(window.find("push button", "^Printed Labels$"))))
    window.click("menu item", "Verify Labels…$")
    says(window, "^Scan the labels one by one")
    look("verify-empty")
    focus("Verify Labels")

    # where the focus is: a scanner asks for no click
    scan(code_of(place.ids[2]))
    says(window, rf"^✓ {place.ids[2]} is label 3\.$")
    says(window, "^1 of 21 labels are confirmed, 20 not")
    scan(code_of(place.ids[2]))
    says(window, rf"^{place.ids[2]} was scanned before")
    scan("https://example.com/d/" + code_of(place.ids[20]))
    says(window, "is label 21")
    scan("TEAPOT")
    says(window, "^\\? “TEAPOT” is not of this batch")
    look("verify-scanned")


@tap.test
def test_a_scan_with_faults(place):
    window = place.window
    open_file(window, place.scan)
    # the last one is blank, but was scanned by hand; 2 is smeared, 6 pasted over, 17 there twice, 11 and 14 are swapped
    says(window, "^16 of 21 labels are confirmed, 5 not")
    look("verify-faults")
    for name, count in (("Confirmed", 16), ("Missing", 1), ("Unreadable", 1), ("Duplicate", 1), ("Swapped", 2)):
        row = window.find("label", f"^{name}$")
        check(any(n.get_name() == str(count) for n in window.nodes(False, window.row_around(row))), f"{name} is not {count}")
    check(window.look("label", "^Foreign$") is None, "something foreign was invented")
    says(window, "Sheet 1 of 1")


@tap.test
def test_copies(place):
    """Of the one label that is there twice nothing is wrong when two were printed; the rest of the sheet is then."""
    window = place.window
    window.set_number("^Copies of Each Label", 2)
    says(window, "^2 of 21 labels are confirmed, 19 not")
    window.set_number("^Copies of Each Label", 1)
    open_file(window, place.scan)
    says(window, "^16 of 21 labels are confirmed, 5 not")


@tap.test
def test_a_skewed_photo(place):
    """It is named, and what was read before stays."""
    window = place.window
    photo = place.folder / "photo.png"
    subprocess.run(["convert", str(place.scan), "-virtual-pixel", "white", "-distort", "Perspective",
                    "0,0 350,200 2480,0 2130,200 0,3508 0,3508 2480,3508 2480,3508", str(photo)], check=True, timeout=120)
    open_file(window, photo)
    says(window, "^1 page was photographed at too much of an angle")
    says(window, "“photo.png”, page 1, was photographed at too much of an angle")
    says(window, "^16 of 21 labels are confirmed, 5 not")
    look("verify-skewed")


@tap.test
def test_reprint(place):
    window = place.window
    window.click("push button", "Reprint…$")
    window.has_text("^5 labels on 1 sheet$")
    window.click("push button", "Export PDF…$")
    chooser = wait_for("a file chooser", lambda: chooser_of(window), 30)
    path = place.folder / "again.pdf"
    window.find("text", "", start=chooser).set_text_contents(str(path))
    window.click("push button", "^_?(Save|Export)", start=chooser)
    wait_for("the PDF", lambda: path.exists() and path.read_bytes().endswith(b"%%EOF\n"), 60)
    says(window, "Saved as “again.pdf”")
    check(decode_pdf(path, "L7160", 5) == [place.ids[n] for n in (1, 5, 10, 13, 16)], "other labels than those that failed")
    focus("Labels")
    key("Escape")
    window.gone("push button", "Export PDF…$")


@tap.test
def test_camera(place):
    """The label that was smeared on the sheet is held before the camera."""
    window = place.window
    if window.look("label", "^Camera$") is None:
        print("# built without cameras", flush=True)
        scan(code_of(place.ids[1]))
        says(window, "^17 of 21 labels are confirmed, 4 not")
        return
    window.act(window.find("check box", "^Camera"))
    says(window, rf"^✓ {place.ids[1]} is label 2\.$")
    says(window, "^17 of 21 labels are confirmed, 4 not")
    window.has_text("^What the Camera Sees$")
    look("verify-camera")
    window.act(window.find("check box", "^Camera"))
    window.gone(None, "^What the Camera Sees$")


@tap.test
def test_a_broken_file(place):
    window = place.window
    broken = place.folder / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    open_file(window, broken)
    says(window, "^“broken.png” is a broken picture")
    says(window, "^17 of 21 labels are confirmed, 4 not")
    focus("Verify Labels")
    key("Escape")
    window.gone("label", "^Hand Scanner$")
    focus("Bellwether")
    key("ctrl+q")
    check(place.desktop.process.wait(100) == 0, place.desktop.text()[-1000:])
    check("CRITICAL" not in place.desktop.text() and "WARNING" not in place.desktop.text(), place.desktop.text()[-2000:])
    place.stop()


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
