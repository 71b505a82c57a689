#!/usr/bin/python3
"""The pane of devices with many of them: a column, two sort keys, a filter, a saved view, all that match, a tag for all of them.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from harness import Folder, Installation, Tap, check, wait_for
from window import Window, children, click, key, screenshot

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
COUNT = 20000   # so that one sees them being changed
tap = Tap()
known = {}


def call(place, method, path, body=None):
    """The status and the document of a reply, whichever it is."""
    request = urllib.request.Request(place.api + path, method=method,
                                     data=None if body is None else json.dumps(body).encode(),
                                     headers={"Authorization": f"Bearer {place.env['BELLWETHER_TOKEN']}"})
    try:
        with urllib.request.urlopen(request, timeout=120) as reply:
            text = reply.read()
            return reply.status, json.loads(text) if text else {}
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


def look(name):
    folder = os.environ.get("BW_TEST_SCREENSHOTS")
    if folder:
        screenshot(Path(folder) / f"{name}.png")


def make_batch(place, name, count):
    status, batch = call(place, "POST", "/v1/batches", {"name": name, "count": count, "color": "#e66100"})
    check(status == 201, f"a batch: {status} {batch}")
    wait_for(f"“{name}” is ready", lambda: call(place, "GET", f"/v1/batches/{batch['id']}")[1]["state"] == "ready", 120, 0.2)
    return batch["id"]


def n_tagged(place):
    return call(place, "GET", f"/v1/devices?tag={known['tag']}&limit=1")[1]["total"]


def start(place, name="desktop"):
    desktop = place.spawn(name, place.build / "src/app/bellwether", "--server", place.api, "--token-file", place.token_file,
                          "--page", "devices")
    return desktop, Window(desktop)


def focus(title):
    """There is no window manager that would."""
    subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", title, "windowfocus"], check=True,
                   capture_output=True, timeout=120)


def close(desktop):
    focus("Bellwether")
    key("ctrl+q")
    check(desktop.process.wait(100) == 0, desktop.text()[-1000:])


def pop_up(window, name):
    """The button inside a menu button is what one presses; with a mnemonic only that one has the name."""
    button = window.find("push button", name)
    inner = next(children(button))
    window.act(inner if inner.get_n_actions() > 0 else button)


def title(window, text):
    """The title of a column; looking through the rows, too, takes long."""
    def found():
        return window.look("label", text, start=next(children(window.find("tree table", "^Devices$"))))
    return wait_for(f"a column is called “{text}”", found, 15, 0.1)


@tap.test
def test_a_fleet(place):
    place.start()
    known["lamps"] = make_batch(place, "Lamps", COUNT)
    make_batch(place, "Valves", 12)
    status, tag = call(place, "POST", "/v1/tags", {"name": "Recalled", "color": "#e01b24", "companyIds": []})
    check(status == 201, f"a tag: {status} {tag}")
    known["tag"] = tag["id"]
    known["desktop"], known["window"] = start(place)
    known["window"].find(None, f"^{COUNT + 12} devices$")


@tap.test
def test_a_column_is_chosen(place):
    window = known["window"]
    pop_up(window, "^Choose Columns$")
    window.click("menu item", "^Serial$")
    title(window, "^Serial$")
    window.all_named()
    look("e2e-pane-columns")


@tap.test
def test_by_two_columns(place):
    """A click on a header, and two with Shift on another one."""
    window = known["window"]
    click(title(window, "^Status$"))
    for text in ("^Serial$", "^Serial 2 ↑$"):
        header = title(window, text)
        subprocess.run(["xdotool", "keydown", "shift"], check=True)
        click(header)
        subprocess.run(["xdotool", "keyup", "shift"], check=True)
    title(window, "^Status 1$")
    title(window, "^Serial 2 ↓$")
    look("e2e-pane-sorted")


@tap.test
def test_a_filter(place):
    window = known["window"]
    pop_up(window, "Filter$")
    window.all_named()
    look("e2e-pane-fields")
    window.click("push button", "^Batch$")
    window.find("check box", "^Lamps$")
    window.all_named()
    look("e2e-pane-values")
    window.type("^Narrow the list$", "lamp", role="entry")
    focus("Bellwether")
    key("Return")
    window.find(None, "^Batch: Lamps$")
    window.find(None, f"^{COUNT} devices found$")


@tap.test
def test_it_is_saved(place):
    window = known["window"]
    pop_up(window, "^Views$")
    window.all_named()
    look("e2e-pane-views")
    window.click("menu item", "Save as New View…$")
    window.type("^Name$", "All Lamps")
    window.click("push button", "Save$")
    window.find(None, "^View saved$")
    items = call(place, "GET", "/v1/views")[1]["items"]
    check([view["name"] for view in items] == ["All Lamps"], str(items))
    document = items[0]["document"]
    check(document["sort"] == "status,-serial" and "serial" in document["columns"], str(document))


@tap.test
def test_all_of_them_are_tagged(place):
    window = known["window"]
    window.select("list", "GtkColumnListView", 0)
    window.click("push button", rf"^Select All \({COUNT}\)$")
    window.find(None, f"^All {COUNT} devices selected$")
    window.all_named()
    look("e2e-pane-selected")
    pop_up(window, "More$")
    window.click("menu item", "Tag…$")
    focus("Tag Devices")
    button = window.find("push button", "^Tag: ", start=window.find("list item", "^Tag$"))
    window.act(next(children(button)))
    window.find(None, "^Search$")
    subprocess.run(["xdotool", "type", "--delay", "20", "Recalled"], check=True)
    window.find(None, "Recalled")
    key("Return")
    window.find(None, f"^{COUNT} Devices Will Change$", 60)
    window.all_named()
    look("e2e-pane-preview")
    check(n_tagged(place) == 0, "nothing is changed before")
    window.click("push button", "Tag$", start=window.find("frame", "^Tag Devices$"))
    # a quiet machine may be through before anybody looks
    window.find(None, f"^Tagging {COUNT} devices…$|^{COUNT} devices tagged$")
    look("e2e-pane-progress")
    window.find(None, f"^{COUNT} devices tagged$", 120)
    look("e2e-pane-tagged")
    check(n_tagged(place) == COUNT, f"{n_tagged(place)} are tagged")


@tap.test
def test_and_not_any_more(place):
    window = known["window"]
    window.click("push button", "Undo$")
    window.find(None, f"^{COUNT} devices are as before$", 120)
    check(n_tagged(place) == 0, f"{n_tagged(place)} are tagged still")
    close(known["desktop"])
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
