#!/usr/bin/python3
"""A label is designed: a saved one is opened, a field moved by mouse, keys and numbers, kept, and printed.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from harness import Folder, Installation, Tap, check, wait_for
from test_users import close, dismiss, focus, look, open_as_owner
from window import SHADOW, Atspi, children, key

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
tap = Tap()
WIDTH, HEIGHT = 63.5, 38.1

DESIGN = {"format": 1, "units": "mm", "link": "", "errorCorrection": "auto", "dpi": 0, "allowSmall": False, "fields": [
    {"kind": "qr", "x": 1, "y": 5, "width": 26, "height": 26},
    {"kind": "id", "x": 30, "y": 8, "width": 30, "height": 5, "align": "left", "pt": 0},
    {"kind": "text", "x": 30, "y": 16, "width": 20, "height": 4, "align": "left", "pt": 8, "text": "Made here"}]}


def choose(window, name, steps):
    """The entry of a drop-down that is so many below the one that is chosen."""
    window.act(next(children(window.find("combo box", name))))
    window.has_text("^Small$")
    key(*["Down"] * steps, "Return")


def field(place, kind):
    saved = place.json("labels", "design", "show", "Small")["design"]
    return next(f for f in saved["fields"] if f["kind"] == kind)


def press(canvas, at, to=None):
    """Clicks a place on the label, or drags from it to another one; in mm."""
    extents = Atspi.Component.get_extents(canvas, Atspi.CoordType.WINDOW)
    scale = min((extents.width - 32) / WIDTH, (extents.height - 32) / HEIGHT)
    dialog = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "Label Design"], check=True, capture_output=True,
                            text=True).stdout.split()[-1]

    def move(x, y):
        return ["mousemove", "--window", dialog, str(round(extents.x + extents.width / 2 + SHADOW + (x - WIDTH / 2) * scale)),
                str(round(extents.y + extents.height / 2 + SHADOW + (y - HEIGHT / 2) * scale))]
    to = to or at
    subprocess.run(["xdotool", *move(*at), "mousedown", "1", *move((at[0] + to[0]) / 2, (at[1] + to[1]) / 2), *move(*to), "mouseup", "1"],
                   check=True)


@tap.test
def test_a_design_is_moved_and_kept(place):
    place.start()
    place.ctl("batch", "create", "--name", "Winter", "--count", "25")
    wait_for("it is ready", lambda: place.json("batch", "list")["items"][0]["state"] == "ready")
    file = place.folder / "design.json"
    file.write_text(json.dumps(DESIGN), encoding="utf-8")
    place.ctl("labels", "design", "save", "Small", "--file", file)

    desktop, window = open_as_owner(place, "desktop", "batches")
    window.find("tree table", "^Batches$")
    window.select("list", "GtkColumnListView", 0)
    window.click("push button", "Labels…$")
    window.find(None, "^Label Stock")
    focus("Labels")
    window.has_text("3 × 7 = 21 labels of 63.5 × 38.1 mm")
    choose(window, "^Design$", 6)
    window.has_text("^Green: any phone reads this code.$")
    look("e2e-labels-design")

    window.click("push button", "Edit…$")
    window.has_text("^Made here · 30.0, 16.0; 20.0 × 4.0 mm$")
    focus("Label Design")
    look("e2e-design")

    # by number
    rows = window.find("list", "^Fields$", start=window.find("frame", "^Label Design$"))
    Atspi.Selection.select_child(rows, 2)
    window.set_number("^From Left, mm", 33.0)
    window.has_text("^Made here · 33.0, 16.0; 20.0 × 4.0 mm$")

    # by keys, once it has been clicked
    canvas = window.find(None, "^Preview of the label$")
    press(canvas, (40, 18))
    key("Down", "Down", "shift+Right")
    window.has_text("^Made here · 33.0, 17.0; 20.5 × 4.0 mm$")

    # too far is said, and taken back
    window.set_number("^From Left, mm", 20.0)
    window.has_text("lies in the quiet zone of the code")
    check(not window.is_sensitive(window.find("push button", "^Save")), "what cannot be printed can be kept")
    key("ctrl+z")
    window.has_text("^Made here · 33.0, 17.0; 20.5 × 4.0 mm$")
    window.gone("label", "quiet zone", into_tables=True)

    # by mouse
    press(canvas, (43, 19), (43, 27))
    window.find(None, r"^Made here · 3[23]\.\d, 2[456]\.\d; 20.5 × 4.0 mm$", into_tables=True)
    look("e2e-design-moved")

    window.click("push button", "^Save")
    window.has_text("^Saved$")
    dismiss(window, "Label Design")
    moved = field(place, "text")
    check(32 <= moved["x"] <= 34 and 24 <= moved["y"] <= 27 and moved["width"] == 20.5, f"{moved}")
    check(field(place, "id") == {**DESIGN["fields"][1]}, "another field moved too")

    pdf = place.folder / "labels.pdf"
    place.ctl("labels", "Winter", "--stock", "L7160", "--design", "Small", "--pdf", pdf)
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    check(text.count("Made here") == 25, text[:400])
    dismiss(window, "Labels")
    close(desktop)


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
