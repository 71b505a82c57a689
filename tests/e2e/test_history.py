#!/usr/bin/python3
"""The history of a device through the window: chart, table, live edge, export, against a real backend and a simulated device.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

from harness import Folder, Installation, Tap, check, read_hand_over, wait_for
from window import Window, children, click, double_click, key, screenshot

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
SIZE = os.environ.get("BW_UI_SIZE", "1280x800").split("x")
tap = Tap()


def look(name):
    folder = os.environ.get("BW_TEST_SCREENSHOTS")
    if folder:
        screenshot(Path(folder) / f"{name}.png")


def focus(*more):
    """There is no window manager that would, not even after a dialog."""
    subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", "^Bellwether$|^Meter", *more, "windowfocus"],
                   check=True, capture_output=True, timeout=120)


def chart(window, name):
    return window.find(None, f"^Chart: .*{name}")


def said(node):
    return node.get_description() or ""


def last_value(node):
    found = re.search(r"last ([-0-9.]+)", said(node))
    return found.group(1) if found else None


def chooser_of(window):
    for node in children(window.application):
        for inner in window.nodes(False, node):
            if inner.get_role_name() == "file chooser" or "FileChooser" in (inner.get_name() or ""):
                return node
    return None


@tap.test
def test_a_device_measures(place):
    place.start()
    place.ctl("batch", "create", "--name", "Meters", "--count", "1")
    path = place.folder / "hand-over.csv"
    place.ctl("batch", "export", "Meters", "--csv", path)
    place.id = read_hand_over(path)[0]["device_id"]
    place.sim("--devices", path, "--kind", "meter", "--dialect", "homie5", "--rate", "10")
    wait_for("it waits for approval", lambda: place.devices("awaiting-approval"), 60)
    place.ctl("device", "approve", place.id)
    wait_for("it measures", lambda: place.property(place.id, "meter", "power"), 60)


@tap.test
def test_from_a_row_to_its_chart(place):
    place.desktop = place.spawn("desktop", place.build / "src/app/bellwether", "--server", place.api, "--token-file", place.token_file)
    window = place.window = Window(place.desktop)
    focus("windowsize", *SIZE)
    window.find("list", "^Places$")
    key("ctrl+2")
    double_click(window.find("label", f"^{place.id}$", into_tables=True))
    window.click("push button", "^Show history: Power$", 60)
    place.chart = chart(window, "Meter · Power")
    wait_for("the chart tells its last value", lambda: last_value(place.chart), 60)
    check(re.search(r"From .* to .*\. Meter · Power: last [0-9.]+.W least [0-9.]+.W greatest [0-9.]+.W\.", said(place.chart)), said(place.chart))
    window.all_named()
    look("history-power")


@tap.test
def test_it_goes_on_by_itself(place):
    first = last_value(place.chart)
    wait_for("a value that came since", lambda: last_value(place.chart) != first, 60)


@tap.test
def test_keys_read_values_and_zoom(place):
    window = place.window
    click(place.chart)
    key("Escape")
    key("Right")
    wait_for("the value at the cursor is told", lambda: re.search(r"At .*: Meter · Power [0-9.]+.W\.", said(place.chart)), 30)
    before = said(place.chart)
    key("Right")
    wait_for("another value", lambda: said(place.chart) != before, 30)
    begins = re.search(r"From (.*?) to", said(place.chart)).group(1)
    key("plus")
    wait_for("a shorter time", lambda: re.search(r"From (.*?) to", said(place.chart)).group(1) != begins, 30)
    window.click("push button", "^Whole time$")


@tap.test
def test_several_properties(place):
    window = place.window
    window.act(next(children(window.find("push button", "^1 Property$"))))
    window.find("check box", "· Power$", into_tables=True)
    for name in ("Voltage", "Frequency", "Tariff"):
        key("ctrl+a")
        subprocess.run(["xdotool", "type", name], check=True)
        wait_for(f"only {name} is found", lambda: not window.look("check box", "· Power$", into_tables=True) and
                 window.look("check box", f"· {name}$", into_tables=True), 30)
        key("Return")
        wait_for(f"{name} is chosen", lambda: window.is_checked(window.find("check box", f"· {name}$", into_tables=True)), 30)
    key("Escape")
    place.chart = chart(window, "Meter · Tariff")
    wait_for("all have values", lambda: said(place.chart).count(": last ") == 4 and "Tariff: last —" not in said(place.chart), 60)
    check(re.search(r"Tariff: last (day|night)\.", said(place.chart)), said(place.chart))
    look("history-several")


@tap.test
def test_the_table(place):
    window = place.window
    window.click("push button", "^Table$")
    window.find("tree table", "^Values, the newest first$")
    rows = wait_for("rows", lambda: [row for row in window.rows_of("^Values, the newest first$") if len(row) == 2], 60)
    check(all(re.fullmatch(r"[0-9]+ \w+ [0-9]{4}, [0-9:.]+", at) and re.fullmatch(r"[0-9.]+.W", value) for at, value in rows), str(rows[:5]))
    window.has_text(r"^[0-9]+ values$")
    window.all_named()
    look("history-table")
    window.click("push button", "^Chart$")


@tap.test
def test_export(place):
    window = place.window
    window.act(next(children(window.find("push button", "^Export and save$"))))
    window.click("menu item", "Export “Meter · Power” as CSV…$")
    chooser = wait_for("a file chooser", lambda: chooser_of(window), 30)
    path = place.folder / "power.csv"
    window.find("text", "", start=chooser).set_text_contents(str(path))
    window.click("push button", "^_?(Save|Export)", start=chooser)
    wait_for("the file", path.exists, 60)
    window.has_text("^Exported$")
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    check(rows and all(row["node"] == "meter" and row["property"] == "power" and float(row["value"]) >= 0 for row in rows), str(rows[:3]))
    check([row["at"] for row in rows] == sorted(row["at"] for row in rows), "not in order")


@tap.test
def test_nobody_complained(place):
    focus()
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
