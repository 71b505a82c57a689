"""The main job through the window: from *Create IDs…* to *confirmed*, with a picture of each page.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re
import subprocess
import time
from pathlib import Path

from harness import check, read_hand_over, wait_for
from main_job import start_desktop
from window import Window, children, click, double_click, key, screenshot

BATCH = "Spring"
COUNT = 30
N_LIVE = 12
N_LET_IN = 4


class Walk:
    def __init__(self, place, out, say):
        self.place = place
        self.out = Path(out)
        self.say = say
        self.number = 0

    def picture(self, name):
        """When the window has come to rest: two pictures in a row are the same, or the time is over."""
        self.number += 1
        path = self.out / f"{self.number:02d}-{name}.png"
        other = self.out / "again.png"
        for _ in range(20):
            screenshot(path)
            time.sleep(0.15)
            screenshot(other)
            if path.read_bytes() == other.read_bytes():
                break
        other.unlink()
        self.say(f"  picture  {path}")

    def start(self):
        self.desktop = start_desktop(self.place)
        self.window = Window(self.desktop)
        subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", "Bellwether", "windowsize", "1280", "800", "windowfocus"],
                       check=True, capture_output=True, timeout=120)

    def go(self, place_name):
        places = self.window.find("list", "^Places$")
        for index, child in enumerate(children(places)):
            if re.match(place_name, child.get_name()):
                self.window.select("list", "^Places$", index)
                return
        check(False, f"the sidebar has no {place_name}")

    def save_file(self, path):
        """Types a path into GTK's own file chooser."""
        window = self.window
        chooser = wait_for("a file chooser", self._chooser, 15)
        name = window.find("text", "", start=chooser)
        name.set_text_contents(str(path))
        window.click("push button", "^_?(Save|Export)", start=chooser)

    def _chooser(self):
        for node in children(self.window.application):
            for inner in self.window.nodes(False, node):
                if inner.get_role_name() == "file chooser" or "FileChooser" in (inner.get_name() or ""):
                    return node
        return None

    # the steps

    def look_at_the_empty_overview(self):
        self.window.has_text("No Devices Yet")
        self.picture("overview-empty")

    def create_a_batch(self):
        window = self.window
        self.go("Batches")
        window.click("push button", "Create IDs…$")
        window.find(None, "Create Device IDs")
        window.type("^Name$", BATCH)
        window.set_number("Number of IDs", COUNT)
        window.type("Additional Information", "for the first line")
        self.picture("create-ids")
        window.click("push button", "Create$")
        wait_for("the batch is ready", lambda: any(BATCH in row and "Ready" in row for row in window.rows_of("Batches")), 20, 0.1)
        self.picture("batches")

    def choose_stock(self):
        window = self.window
        click(window.find(None, "^Label Stock Avery L7160$"), title="Labels")
        chooser = window.find(None, "^Label Stock$")
        window.type("Search stocks", "herma 4388", role="entry")
        window.find(None, "^Favourite: Herma 4388$", into_tables=True, start=chooser)
        window.find("label", "5 × 13 = 65 labels", start=chooser)
        window.find(None, "^Picture of the sheet$", start=chooser)
        self.picture("stock")
        window.click("push button", "New Stock…$", start=chooser)
        editor = window.find(None, "^Own Stock$")
        window.type("^Width of a Label", "2.5in", start=editor)
        window.find("label", "The columns overlap", start=editor)
        self.picture("own-stock")
        window.click("push button", "Cancel$", start=editor)
        window.gone(None, "^Own Stock$")
        window.type("Search stocks", "63.5x38.1", role="entry")
        window.find("label", "3 × 7 = 21 labels", start=chooser)
        window.click("push button", "Use$", start=chooser)
        window.gone(None, "^Label Stock$")

    def print_labels(self):
        window = self.window
        window.select("list", "GtkColumnListView", 0)
        window.click("push button", "Labels…$")
        self.choose_stock()
        window.find(None, "Sheet 1|1 of 2|Page 1")
        self.picture("labels")
        path = self.out / "labels.pdf"
        window.click("push button", "Export PDF…$")
        self.save_file(path)
        wait_for("the label PDF", lambda: path.exists() and path.read_bytes().endswith(b"%%EOF\n"), 20)
        self.say(f"  labels   {path}")
        other = self.out / "labels-again.pdf"
        self.place.ctl("labels", BATCH, "--stock", "L7160", "--pdf", other, "--keep-status")
        check(path.read_bytes() == other.read_bytes(), "the window and the command line made other labels")
        other.unlink()
        key("Escape")

    def hand_over(self):
        window = self.window
        window.select("list", "GtkColumnListView", 0)
        window.click("push button", "Export CSV…$")
        window.click("push button", "Hand Over Keys…$")
        path = self.out / "hand-over.csv"
        self.save_file(path)
        wait_for("the hand-over file", path.exists, 20)
        self.rows = read_hand_over(path)
        check(len(self.rows) == COUNT and all(row["device_key"] for row in self.rows), "the hand-over file is not whole")
        wait_for("the window says that the keys are gone", lambda: any("Handed over" in " ".join(row) for row in window.rows_of("Batches")))

    def let_devices_in(self):
        window, place = self.window, self.place
        place.sim("--devices", self.out / "hand-over.csv", "--limit", N_LIVE, "--kind", "mixed", "--dialect", "mixed", "--rate", "1")
        wait_for("they wait for approval", lambda: len(place.devices("awaiting-approval")) == N_LIVE, 30)
        self.go("Devices")
        window.click("push button", rf"Awaiting Approval \({N_LIVE}\)")
        wait_for("the list shows them", lambda: len(window.rows_of("Devices")) == N_LIVE, 20, 0.1)
        self.picture("devices-awaiting-approval")
        window.select("list", "GtkColumnListView", *range(N_LET_IN))
        window.find(None, rf"{N_LET_IN} .*selected", into_tables=False)
        self.picture("devices-selected")
        window.click("push button", "Approve$")
        wait_for("they are ready", lambda: sum(d["state"] == "ready" for d in place.devices("approved")) == N_LET_IN, 20)
        window.find("push button", rf"Awaiting Approval \({N_LIVE - N_LET_IN}\)")
        window.click("push button", "^Approved")
        wait_for("the list shows the approved ones", lambda: len(window.rows_of("Devices")) == N_LET_IN, 20, 0.1)
        self.picture("devices-approved")

    def open_device(self, device_id):
        cell = self.window.find("label", f"^{device_id}$", into_tables=True)
        double_click(cell)
        self.window.find("push button", "^Back$")

    def set_and_see_it_confirmed(self):
        window, place = self.window, self.place
        for device in place.devices("approved"):
            for node in place.device(device["id"])["nodes"]:
                for found in node["properties"]:
                    if found["settable"] and found["datatype"] == "boolean" and found["value"] is not None:
                        return self._flip(device["id"], node["id"], found)
        check(False, "no approved device has a switch")
        return window

    def _flip(self, device_id, node_id, found):
        window, place = self.window, self.place
        self.open_device(device_id)
        switch = window.find("check box", f"^{re.escape(found['name'] or found['id'])}")
        self.picture("device")
        wait_for("the switch can be used", lambda: window.is_sensitive(switch))
        before = place.property(device_id, node_id, found["id"])
        row = window.row_around(switch)
        window.act(switch)
        window.find("label", "^Confirmed", start=row)
        wanted = "false" if before == "true" else "true"
        check(place.property(device_id, node_id, found["id"]) == wanted, "the backend does not have what the window calls confirmed")
        self.picture("device-confirmed")

    def overview(self):
        self.go("Overview")
        self.window.find("push button", rf"Online: {N_LIVE}", into_tables=True)
        self.picture("overview")


def walk_through(place, out, say):
    walk = Walk(place, out, say)
    say("Walking through the main job in the window")
    walk.start()
    for step in (walk.look_at_the_empty_overview, walk.create_a_batch, walk.print_labels, walk.hand_over, walk.let_devices_in,
                 walk.set_and_see_it_confirmed, walk.overview):
        try:
            step()
        except Exception:
            screenshot(Path(out) / "failed.png")
            (Path(out) / "failed-tree.txt").write_text(walk.window.tree(), encoding="utf-8")
            raise
        say(f"{step.__name__.replace('_', ' ')}: done")
    key("ctrl+q")
    status = walk.desktop.process.wait(15)
    check(status == 0, f"the desktop ended with {status}:\n{walk.desktop.text()[-2000:]}")
    # there is no desktop around it here that would show them
    complaints = [line for line in walk.desktop.text().splitlines()
                  if ("CRITICAL" in line or "WARNING" in line) and "unable to send notifications" not in line]
    check(not complaints, "the desktop complained:\n" + "\n".join(complaints[:10]))
