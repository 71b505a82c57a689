#!/usr/bin/python3
"""A person comes in: invited in one window, accepted in another, placed, suspended, with a second factor.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import base64
import hashlib
import hmac
import json
import os
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from harness import Folder, Installation, Tap, check, wait_for
from window import Window, children, double_click, key, screenshot

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
PASSWORD = "correct horse battery staple"
EMAIL = "grace@example.com"
tap = Tap()
known = {}


def call(place, method, path, body=None, token=None):
    """The status and the document of a reply, whichever it is."""
    request = urllib.request.Request(place.api + path, method=method,
                                     data=None if body is None else json.dumps(body).encode(),
                                     headers={"Authorization": f"Bearer {token or place.env['BELLWETHER_TOKEN']}"})
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


def forget_others(place):
    """A bus has one desktop at a time, and a test that failed may have left one."""
    for child in place.children:
        child.kill()


def open_as_owner(place, name, page):
    forget_others(place)
    desktop = place.spawn(name, place.build / "src/app/bellwether", "--server", place.api, "--token-file", place.token_file,
                          "--page", page)
    return desktop, Window(desktop)


def open_as_stranger(place, name):
    """The desktop of somebody who has never used it."""
    forget_others(place)
    home = place.folder / name
    env = dict(os.environ, HOME=str(home), XDG_DATA_HOME=str(home / "share"), XDG_CONFIG_HOME=str(home / "config"),
               XDG_STATE_HOME=str(home / "state"), XDG_CACHE_HOME=str(home / "cache"))
    desktop = place.spawn(name, place.build / "src/app/bellwether", env=env)
    return desktop, Window(desktop)


def close(desktop):
    focus("Bellwether")
    key("ctrl+q")
    check(desktop.process.wait(100) == 0, desktop.text()[-1000:])


def focus(title):
    """There is no window manager that would."""
    subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--name", title, "windowfocus"], check=True,
                   capture_output=True, timeout=120)


def dismiss(window, title):
    """By Escape; a window that another one has just left may not have the keys yet."""
    def is_gone():
        if window.look("frame", f"^{title}$") is None:
            return True
        subprocess.run(["xdotool", "search", "--onlyvisible", "--name", title, "windowfocus"], capture_output=True, timeout=120)
        key("Escape")
        return False
    wait_for(f"“{title}” is closed", is_gone, 15, 0.3)


def pick(window, dialog, field, search):
    """Opens the list of a field, searches, and takes the first one."""
    focus(dialog)
    button = window.find("push button", f"^{field}: ", start=window.find("list item", f"^{field}$"))
    window.act(next(children(button)))
    window.find(None, "^Search$")
    key_text(search)
    look(f"e2e-pick-{field}")
    window.has_text(search)
    key("Return")
    window.find("push button", f"^{field}: .*{search}")


def key_text(text):
    """Typed where the focus is."""
    subprocess.run(["xdotool", "type", "--delay", "20", text], check=True)


def totp(secret, at):
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7fffffff) % 1_000_000:06d}"


@tap.test
def test_somebody_is_invited(place):
    place.start()
    status, _ = call(place, "POST", "/v1/companies",
                     {"name": "North", "alias": "north", "parentId": call(place, "GET", "/v1/companies")[1]["items"][0]["id"]})
    check(status == 201, f"a company: {status}")
    desktop, window = open_as_owner(place, "owner-1", "users")
    window.click("push button", "Invite…$")
    window.type("^E-Mail$", "grace@example")
    window.type("^E-Mail$", EMAIL)
    window.type("^First Name", "Grace")
    window.type("^Last Name", "Hopper")
    pick(window, "Invite a User", "Company", "North")
    pick(window, "Invite a User", "Role", "Support")
    look("e2e-invite")
    window.click("push button", "Invite$")
    window.has_text("No mail was sent")
    label = window.find("label", r"^[A-Z0-9][A-Z0-9-]{8,}$|^[\w-]{16,}$")
    known["code"] = label.get_name()
    look("e2e-code")
    dismiss(window, "Invitation")
    window.has_text("^Grace Hopper$")
    window.has_text("^Invitation sent$")
    window.has_text("^North · Support$")
    close(desktop)


@tap.test
def test_the_invitation_is_accepted(place):
    desktop, window = open_as_stranger(place, "grace-1")
    window.type("^Server Address", place.api)
    window.click("push button", "I Have an Invitation$")
    window.type("^Invitation Code$", "not this one")
    window.type("^New Password$", PASSWORD)
    window.type("^New Password Again$", PASSWORD)
    window.has_text("^Strong password$")
    window.click("push button", "^Join$")
    window.has_text("This code is not valid")
    window.type("^Invitation Code$", known["code"])
    look("e2e-join")
    window.click("push button", "^Join$")
    window.has_text("No Devices Yet")
    look("e2e-joined")
    close(desktop)
    user = call(place, "GET", f"/v1/users?search={EMAIL}")[1]["items"][0]
    check(user["status"] == "accepted", str(user))
    known["id"] = user["id"]


@tap.test
def test_a_participation_is_added_and_ended(place):
    desktop, window = open_as_owner(place, "owner-2", "participations")
    window.click("push button", "Add…$")
    for field, search in (("User", "Grace"), ("Company", "North"), ("Role", "Serviceman")):
        pick(window, "Add Participation", field, search)
    window.type("^Last Day", "2020-01-31")
    window.has_text("^What Would Change$")
    look("e2e-participation")
    window.click("push button", "Add$")
    window.has_text("^Expired$")
    window.has_text("^31 Jan 2020$")
    look("e2e-participations")
    close(desktop)
    items = call(place, "GET", f"/v1/participations?user={known['id']}")[1]["items"]
    check(sorted((p["role"], p["active"]) for p in items) == [("Serviceman", False), ("Support", True)], str(items))


@tap.test
def test_a_user_is_suspended_and_let_in_again(place):
    sign_in = {"user": EMAIL, "password": PASSWORD}
    check(call(place, "POST", "/v1/sessions", sign_in)[0] == 201, "she signs in")
    desktop, window = open_as_owner(place, "owner-3", "users")
    double_click(window.has_text("^Grace Hopper$"))
    window.click("push button", "Suspend$")
    window.has_text("^Suspended: nobody signs in")
    look("e2e-suspended")
    wait_for("she is kept out", lambda: call(place, "POST", "/v1/sessions", sign_in)[0] == 403, 10)
    window.click("push button", "Undo$")
    wait_for("she is let in", lambda: call(place, "POST", "/v1/sessions", sign_in)[0] == 201, 10)
    close(desktop)


@tap.test
def test_own_account_and_second_factor(place):
    desktop, window = open_as_stranger(place, "grace-2")
    window.type("^Server Address", place.api)
    window.type("^User$", EMAIL)
    window.type("^Password$", PASSWORD)
    window.click("push button", "Sign In$")
    window.has_text("No Devices Yet")
    window.act(next(children(window.find("push button", "^Main Menu$"))))
    window.click("menu item", "My Account…$")
    window.has_text("^This session$")
    window.type("^First Name$", "Amazing Grace")
    window.click("push button", "Save Name$")
    window.has_text("^Saved$")
    check(call(place, "GET", f"/v1/users/{known['id']}")[1]["firstName"] == "Amazing Grace", "the name is another one")
    look("e2e-account")
    window.click("push button", "Set Up…$")
    secret = window.find("label", r"^[A-Z2-7]{16,}$").get_name()
    look("e2e-factor")
    window.type("^Code$", totp(secret, time.time()))
    window.click("push button", "Confirm$")
    window.has_text("Keep these recovery codes")
    recovery = window.find("label", r"^\S+(\n\S+)+$").get_name().split("\n")
    check(len(recovery) > 3, str(recovery))
    window.click("push button", "Done$")
    window.has_text("^On: signing in takes a code")
    dismiss(window, "My Account")
    close(desktop)

    desktop, window = open_as_stranger(place, "grace-3")
    window.type("^Server Address", place.api)
    window.type("^User$", EMAIL)
    window.type("^Password$", PASSWORD)
    window.click("push button", "Sign In$")
    window.has_text("^Second Step$")
    window.type("^Code$", "abc")
    window.click("push button", "Sign In$")
    window.has_text("This code is not right")
    window.type("^Code$", recovery[0])
    window.click("push button", "Sign In$")
    window.has_text("No Devices Yet")
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
