#!/usr/bin/python3
"""Four eyes through the window: a role is changed by one and accepted by another; participations are switched; the log is whole.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from harness import Folder, Installation, Tap, check, wait_for
from main_job import start_desktop
from window import Window, click, double_click, key, screenshot

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


def role(place, name):
    return next(r for r in call(place, "GET", "/v1/roles")["items"] if r["name"] == name)


def member(place, email, company, role_name):
    """The user, and a token of his."""
    user = call(place, "POST", "/v1/users", {"email": email, "firstName": email.split("@")[0].title(), "lastName": "Test",
                                             "companyId": company, "roleId": role(place, role_name)["id"]})
    opened = call(place, "POST", "/v1/invitations", {"code": user["invitation"]["code"], "password": "a good password"})
    return user, opened["token"]


def open_as(place, name, token):
    """The desktop of somebody. A bus has one at a time, and a test that failed may have left one."""
    for child in place.children:
        child.kill()
    path = place.folder / f"{name}.token"
    path.write_text(token)
    desktop = place.spawn(name, place.build / "src/app/bellwether", "--server", place.api, "--token-file", path)
    window = Window(desktop)
    subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", "Bellwether", "windowsize", "1280", "800", "windowfocus"],
                   check=True, capture_output=True, timeout=120)
    return window


def picture(place, name):
    folder = os.environ.get("BW_TEST_SCREENSHOTS")
    if folder:
        screenshot(Path(folder) / f"{name}.png")


def quit_program(window):
    """Without a window manager the keys stay with a dialog that has gone."""
    subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "Bellwether", "windowfocus", "--sync"], check=True,
                   capture_output=True, timeout=120)
    key("ctrl+q")
    check(window.program.process.wait(100) == 0, window.program.text()[-1500:])


def click_row(window, listing, pattern):
    """A row has no action of its own."""
    row = wait_for(f"a row “{pattern}”", lambda: next((n for n in window.nodes(True, listing) if n.get_role_name() == "list item" and
                                                       re.search(pattern, window_text(window, n))), None))
    click(row)


def window_text(window, node):
    return " ".join(n.get_name() or "" for n in window.nodes(True, node))


def places_of(window):
    listing = window.find("list", "^Places$")
    return [node.get_name() for node in window.nodes(True, listing) if node.get_role_name() == "list item"]


@tap.test
def test_a_company_and_its_people(place):
    place.start()
    main = call(place, "GET", "/v1/companies")["items"][0]["id"]
    north = call(place, "POST", "/v1/companies", {"name": "North", "alias": "north", "parentId": main})["id"]
    made.update(main=main, north=north)
    made["role"] = call(place, "POST", "/v1/roles", {"name": "Night shift", "permissions": ["view-devices", "control-devices"]})
    made["worker"] = member(place, "worker@example.com", north, "Night shift")
    made["chief"] = member(place, "chief@example.com", north, "Company Admin")


@tap.test
def test_a_change_of_a_role_waits(place):
    window = open_as(place, "chief", made["chief"][1])
    window.find("list", "^Places$")
    names = wait_for("the places are there", lambda: (n := places_of(window)) and "Roles" in n and n)
    check("Audit Log" in names and "Devices" in names, f"places: {names}")
    key("ctrl+7")
    window.has_text("^Night shift$")
    picture(place, "people-roles")
    click_row(window, window.find("list", "^Custom Roles$"), "Night shift")
    window.find("check box", "^View users$")
    click(window.find("check box", "^View users$"), title="^Night shift$")
    wait_for("it is checked", lambda: window.is_checked(window.find("check box", "^View users$")))
    window.click("push button", "Review…$")
    window.has_text("^Worker Test at North$")
    window.has_text("Gains: View users")
    window.has_text("Somebody else has to accept it first")
    picture(place, "people-review")
    window.type("^Comment$", "they need to call people")
    window.click("push button", "Save$")
    window.has_text("^Waits for approval$")
    picture(place, "people-waits")
    window.click("push button", "Show Request$")
    window.has_text("they need to call people")
    window.find("push button", "Withdraw$")
    check(window.look("push button", "Accept$") is None, "one decides about his own request")
    picture(place, "people-own-request")
    key("Escape")
    window.gone("frame", "^Request$")
    quit_program(window)


@tap.test
def test_somebody_else_accepts_it(place):
    window = open_as(place, "admin", place.env["BELLWETHER_TOKEN"])
    window.find("list item", "^Requests, 1 waits for you$", 20)
    picture(place, "people-badge")
    key("ctrl+8")
    row = window.find(None, "^Change the role$", into_tables=True)
    picture(place, "people-requests")
    double_click(row)
    window.has_text("they need to call people")
    window.has_text("View users")
    picture(place, "people-request")
    window.click("push button", "Accept$")
    window.has_text("^Accepted: the change is done$")
    window.find("list item", "^Requests$")
    check("view-users" in role(place, "Night shift")["permissions"], "the role is as it was")

    # the log tells, and is whole
    click(window.find("list item", "^Audit Log$"))
    window.has_text("^Accepted$")
    picture(place, "people-audit")
    window.click("push button", "Verify$")
    window.has_text("The Log Is Whole")
    picture(place, "people-verified")
    window.click("push button", "^_Close")
    window.gone(None, "^The Log Is Whole$")
    quit_program(window)


@tap.test
def test_another_participation_is_another_window(place):
    worker, token = made["worker"]
    call(place, "POST", "/v1/participations", {"userId": worker["id"], "companyId": made["main"], "roleId": role(place, "Support")["id"]})
    window = open_as(place, "worker", token)
    names = wait_for("the places are there", lambda: (n := places_of(window)) and "Devices" in n and n)
    check("Roles" not in names and "Audit Log" not in names, f"places: {names}")
    window.find(None, "acting as Night shift at North")
    key("ctrl+j")
    listing = window.find("list", "^Your participations$")
    picture(place, "people-switcher")
    key("Return")
    window.find(None, "acting as Support at")
    names = wait_for("Roles came", lambda: (n := places_of(window)) and "Roles" in n and n)
    check("Audit Log" not in names, f"places: {names}")
    picture(place, "people-switched")

    # the current one again is no switch, and closes the list
    key("ctrl+j")
    window.find("list", "^Your participations$")
    key("Return")
    window.gone("list", "^Your participations$")
    window.find(None, "acting as Support at")

    # there and back by the keys alone, as often as one likes
    for down, acting in ((True, "Night shift at North"), (False, "Support at"), (True, "Night shift at North"), (False, "Support at")):
        key("ctrl+j")
        window.find("list", "^Your participations$")
        key(*(["Down"] if down else []), "Return")
        window.find(None, f"acting as {acting}")
        window.gone("list", "^Your participations$")

    # what is taken away goes at once
    support = next(p for p in call(place, "GET", "/v1/participations?user=" + worker["id"])["items"] if p["role"] == "Support")
    wait_for("the places are gone", lambda: "Roles" in places_of(window))
    call(place, "DELETE", f"/v1/participations/{support['id']}?revision={support['revision']}")
    wait_for("Roles went", lambda: "Roles" not in places_of(window), 20)
    picture(place, "people-taken-away")
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
