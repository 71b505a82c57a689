#!/usr/bin/python3
"""Companies through the window: made, opened, edited, moved, refused and asked for, with tags, against a real backend.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

from harness import Folder, Installation, Tap, check, wait_for  # noqa: E402
from window import Window, children, double_click, key, screenshot  # noqa: E402

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
tap = Tap()
made = {}


def call(place, method, path, body=None, token=None):
    """The document of a reply that is a success."""
    request = urllib.request.Request(place.api + path, method=method, data=json.dumps(body).encode() if body is not None else None,
                                     headers={"Authorization": f"Bearer {token or place.env['BELLWETHER_TOKEN']}",
                                              "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=120) as reply:
            text = reply.read()
            return json.loads(text) if text else {}
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from error


def company(place, name):
    return next((c for c in call(place, "GET", "/v1/companies")["items"] if c["name"] == name), None)


def open_as(place, name, token):
    """The desktop of somebody, at his companies."""
    path = place.folder / f"{name}.token"
    path.write_text(token)
    desktop = place.spawn(name, place.build / "src/app/bellwether", "--server", place.api, "--token-file", path)
    window = Window(desktop)
    subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", "Bellwether", "windowsize", "1280", "800", "windowfocus"],
                   check=True, capture_output=True, timeout=120)
    window.find("list", "^Places$")
    key("ctrl+4")
    window.find("tree table", "^Companies$")
    return window


def focus(title):
    """There is no window manager that gives a new window the keys."""
    subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", f"^{title}$", "windowfocus"],
                   check=True, capture_output=True, timeout=120)


def picture(place, name):
    folder = os.environ.get("BW_TEST_SCREENSHOTS")
    if folder:
        screenshot(Path(folder) / f"{name}.png")


def quit_program(window):
    key("ctrl+q")
    check(window.program.process.wait(100) == 0, window.program.text()[-1500:])


def open_menu(window, name):
    """A menu button is two buttons, and the inner one can be pressed."""
    window.act(next(children(window.find("push button", f"^{name}$"))))


def open_company(window, name):
    double_click(window.find("label", f"^{name}$", into_tables=True, start=window.find("tree table", "^Companies$")))
    window.find("label", "^Edited$")


@tap.test
def test_starts(place):
    place.start()
    made["main"] = call(place, "GET", "/v1/companies")["items"][0]


@tap.test
def test_a_company_is_made_and_edited(place):
    window = open_as(place, "admin", place.env["BELLWETHER_TOKEN"])
    window.has_text(f"^{made['main']['name']}$")
    window.click("push button", "New Company…$")
    window.type("^Name$", "North Works")
    window.type("^E-Mail$", "no address")
    window.has_text("This is no e-mail address")
    check(not window.is_sensitive(window.find("push button", "Create$")), "a wrong address can be saved")
    window.type("^E-Mail$", "north@example.com")
    picture(place, "companies-create")
    window.click("push button", "Create$")
    window.has_text("^The company was created$")
    window.has_text("^North Works$")
    north = wait_for("the company is there", lambda: company(place, "North Works"))
    check(north["alias"] == "north-works" and north["parentId"] == made["main"]["id"], str(north))
    picture(place, "companies-tree")

    open_company(window, "North Works")
    window.type("^Phone$", "+49 30 123456")
    picture(place, "companies-facts")
    window.click("push button", "Save$")
    window.has_text("^Saved$")
    check(company(place, "North Works")["phone"] == "+49 30 123456", str(company(place, "North Works")))
    window.click("push button", "Undo$")
    wait_for("it was taken back", lambda: company(place, "North Works")["phone"] in (None, ""))
    quit_program(window)


@tap.test
def test_two_edit_one_company(place):
    window = open_as(place, "admin", place.env["BELLWETHER_TOKEN"])
    open_company(window, "North Works")
    window.type("^Address$", "Harbour 1")
    north = company(place, "North Works")
    call(place, "PATCH", f"/v1/companies/{north['id']}", {"revision": north["revision"], "address": "Harbour 2"})
    window.click("push button", "Save$")
    window.has_text("^Harbour 2$")
    picture(place, "companies-stale")
    window.click("push button", "Mine$")
    wait_for("mine stays", lambda: company(place, "North Works")["address"] == "Harbour 1")
    quit_program(window)


@tap.test
def test_what_is_in_the_way_of_a_delete(place):
    north = company(place, "North Works")
    call(place, "POST", "/v1/companies", {"name": "Dock", "alias": "dock", "parentId": north["id"]})
    window = open_as(place, "admin", place.env["BELLWETHER_TOKEN"])
    open_company(window, "North Works")
    window.click("push button", "Delete…$")
    window.has_text("still has 1 subsidiary")
    picture(place, "companies-refused")
    window.click("push button", "^Show Subsidiaries")
    double_click(window.find("label", "^Dock$"))
    window.find("push button", "Delete…$")
    wait_for("the subsidiary is open", lambda: window.look("label", "^No company hangs below this one|^Edited$"))

    # the last one has nothing in the way, and who is above does it at once
    window.click("push button", "Delete…$")
    window.has_text("cannot be brought back")
    window.click("push button", "Delete$")
    window.has_text("“Dock” was deleted")
    check(company(place, "Dock") is None, "it is still there")
    quit_program(window)


@tap.test
def test_a_move_waits_for_somebody(place):
    main = made["main"]["id"]
    call(place, "POST", "/v1/companies", {"name": "South", "alias": "south", "parentId": main})
    role = call(place, "POST", "/v1/roles", {"name": "Planner", "permissions": ["manage-companies", "delete-companies", "view-devices"]})
    user = call(place, "POST", "/v1/users", {"email": "planner@example.com", "firstName": "Pia", "lastName": "Planner",
                                             "companyId": main, "roleId": role["id"]})
    opened = call(place, "POST", "/v1/invitations", {"code": user["invitation"]["code"], "password": "a good password"})
    window = open_as(place, "planner", opened["token"])
    open_company(window, "North Works")
    window.click("push button", "Parent Company")
    focus("Parent Company")
    key("S", "o", "u", "t", "h")
    picture(place, "companies-picker")
    key("Return")
    focus("Bellwether")
    window.has_text("› South$")
    window.click("push button", "Save$")
    window.has_text("^What Would Change$")
    window.type("^Comment$", "one office less")
    picture(place, "companies-move")
    window.click("push button", "Move$")
    window.has_text("^Waits for approval$")
    picture(place, "companies-waits")
    check(company(place, "North Works")["parentId"] == main, "it moved without approval")

    # accepted, it is seen without a reload
    waiting = call(place, "GET", "/v1/requests?state=pending")["items"]
    check(len(waiting) == 1 and waiting[0]["comment"] == "one office less", str(waiting))
    call(place, "POST", f"/v1/requests/{waiting[0]['id']}/accept", {})
    check(company(place, "North Works")["parentId"] == company(place, "South")["id"], "it did not move")
    window.has_text("› South$")
    quit_program(window)


@tap.test
def test_tags(place):
    window = open_as(place, "admin", place.env["BELLWETHER_TOKEN"])
    open_menu(window, "Columns and Tags")
    window.click("menu item", "Manage Tags…$")
    window.click("push button", "New Tag$")
    window.type("^Name$", "Pilot")
    window.click("push button", "Save$")
    window.has_text("^Pilot$")
    picture(place, "companies-tags")
    tag = wait_for("the tag is there", lambda: (call(place, "GET", "/v1/tags")["items"] or [None])[0])
    check(tag["name"] == "Pilot" and tag["companyIds"] == [], str(tag))
    key("Escape")

    open_company(window, "South")
    open_menu(window, "Choose Tags")
    box = window.find("check box", "^Pilot$")
    wait_for("the first tag has the keys", lambda: box.get_state_set().contains(Atspi.StateType.FOCUSED), 5)
    key("space")
    wait_for("it is ticked", lambda: window.is_checked(box))
    picture(place, "companies-tag-picker")
    key("Escape")
    window.click("push button", "Save$")
    window.has_text("^Saved$")
    wait_for("it is marked", lambda: company(place, "South")["tags"] == [tag["id"]])
    picture(place, "companies-tagged")
    quit_program(window)


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
