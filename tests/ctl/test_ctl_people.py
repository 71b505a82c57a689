#!/usr/bin/python3
"""Companies, users, participations, roles, tags and requests from a terminal.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import fcntl
import json
import os
import pty
import re
import select
import subprocess
import sys
import termios
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))

from harness import Failed, Folder, Installation, Tap, check  # noqa: E402
from test_ctl import alone, run  # noqa: E402

tap = Tap()
PASSWORD = "a good password"


def refused(place, *arguments, words="", env=None, status=1):
    """It is refused with one line that has these words, and nothing on standard output."""
    code, out, err = run(place, *arguments, env=env)
    check(code == status and words in err and out == "", f"{arguments}: {code}\n{out}\n{err}")
    check(status == 2 or err.count("\n") == 1, f"{arguments}: {err!r}")


def lines(place, *arguments, env=None):
    out, err = place.ctl(*arguments, env=env)
    check(err == "", f"{arguments}: {err!r}")
    return out.splitlines()


def facts(place, *arguments):
    """What `show` prints, by its labels."""
    return dict(re.split(r" {2,}", line, maxsplit=1) for line in lines(place, *arguments))


def invite(place, address, company, role, *more, env=None):
    """An environment in which the new user is signed in."""
    made = place.json("user", "create", "--email", address, "--company", company, "--role", role, *more, env=env)
    code, out, err = run(place, "account", "accept-invitation", made["invitation"]["code"], "--print", text=PASSWORD + "\n",
                         env=dict(alone(place), BELLWETHER_SERVER=place.api))
    check(code == 0 and re.fullmatch(r"\S{20,}\n", out), f"{code} {out!r} {err!r}")
    return dict(alone(place), BELLWETHER_SERVER=place.api, BELLWETHER_TOKEN=out.strip())


@tap.test
def test_usage(place):
    cases = [
        (["company"], "company"), (["company", "fly"], "fly"), (["company", "show"], "missing"), (["company", "show", "a", "b"], "too much"),
        (["company", "create", "--name", "X"], "--alias"), (["company", "create", "--alias", "x"], "--name"), (["company", "edit", "main"], "nothing"),
        (["company", "edit", "main", "--comment", "only"], "nothing"), (["company", "list", "--limit", "0"], "--limit"),
        (["company", "list", "--limit", "many"], "many"), (["company", "list", "extra"], "too much"), (["company", "list", "--colour", "x"], "colour"),
        (["user", "create", "--company", "main"], "--email"), (["user", "create", "--email", "a@b.de"], "--company"), (["user", "edit", "admin"], "nothing"),
        (["user", "suspend"], "missing"), (["participation", "create", "--user", "admin", "--company", "main"], "--role"),
        (["participation", "create", "--role", "support", "--company", "main"], "--user"), (["role", "create"], "--name"), (["role", "copy", "support"], "--name"),
        (["tag", "create"], "--name"), (["tag", "put", "red"], "missing"), (["tag", "put", "red", "--kind", "pump", "x"], "pump"),
        (["request", "accept"], "missing"), (["request", "accept", "1", "--reason", "x"], "reason"), (["session", "switch"], "missing"),
        (["account", "accept-invitation"], "missing"), (["account", "register", "--email", "a@b.de"], "--first-name"), (["account", "name"], "nothing"),
        (["account", "second-factor"], "missing"), (["account", "second-factor", "maybe"], "maybe"), (["account", "second-factor", "off"], "code"),
        (["account", "second-factor", "on", "123456"], "too much"), (["audit", "export"], "--csv"), (["device", "delete"], "missing"),
    ]
    for arguments, words in cases:
        refused(place, *arguments, words=words, status=2)
        check("Usage:" in run(place, *arguments)[2] or len(arguments) == 1 or arguments[1] == "fly", f"{arguments}: no usage")
    for group in ("company", "user", "participation", "role", "tag"):
        for name in ("list", "show", "create", "edit", "delete"):
            code, out, err = run(place, group, name, "--help")
            check(code == 0 and "--json" in out and ("--preview" in out) == (name in ("create", "edit", "delete")), f"{group} {name}: {out}{err}")
    refused(place, "request", "show", "../users", words="../users")
    refused(place, "participation", "edit", "anna", "--role", "support", words="anna")


@tap.test
def test_companies(place):
    made = place.json("company", "create", "--name", "North", "--alias", "north")
    check(made["name"] == "North" and made["parentId"] == "1", f"{made}")
    check(lines(place, "company", "create", "--name", "Fjord", "--alias", "fjord", "--parent", "NORTH", "--phone", "+47 1")[0].startswith("done: "), "text of create")
    place.json("company", "create", "--name", "Tiny", "--alias", "tiny", "--parent", "Fjord")
    place.json("company", "create", "--name", "Alps", "--alias", "alps")

    # each below its parent, by name
    rows = lines(place, "company", "list")
    names = [line[:rows[0].index("ALIAS")].rstrip() for line in rows[1:]]
    check(names == ["Main Company", "  Alps", "  North", "    Fjord", "      Tiny"], f"{names}")
    check([c["alias"] for c in place.json("company", "list")["items"]][0] == "main" and place.json("company", "list")["total"] == 5, "JSON")
    check(len(lines(place, "company", "list", "--limit", "2")) == 3 and len(place.json("company", "list", "--limit", "2")["items"]) == 2, "--limit")
    check(lines(place, "company", "list", "--search", "fjo")[1].startswith("Fjord "), "what is found stands by itself")

    shown = facts(place, "company", "show", "fjord")
    check((shown["Company"], shown["Parent"], shown["Phone"], shown["E-mail"]) == ("Fjord", "North", "+47 1", "–"), f"{shown}")
    check(place.json("company", "show", "Fjord")["alias"] == "fjord", "JSON of one")
    check(place.json("company", "edit", "fjord", "--name", "Fjords", "--email", "f@x.no")["email"] == "f@x.no", "edit")
    check(place.json("company", "edit", "fjord", "--phone", "")["phone"] == "", "an empty text empties")

    refused(place, "company", "create", "--name", "Other", "--alias", "north", words="north")
    refused(place, "company", "edit", "north", "--parent", "fjord", words="below")
    refused(place, "company", "delete", "north", words="1 subsidiary")
    refused(place, "company", "show", "nowhere", words="nowhere")
    refused(place, "company", "show", "999", words="999")
    refused(place, "company", "list", "--tag", "nothing", words="nothing")

    # two of one name: the alias or the number says which
    place.json("company", "create", "--name", "Twin", "--alias", "twin-a")
    place.json("company", "create", "--name", "Twin", "--alias", "twin-b")
    refused(place, "company", "show", "twin", words="by its id, ")
    check(place.json("company", "show", "twin-b")["name"] == "Twin", "by the alias")
    check(lines(place, "company", "delete", "twin-b") == ["done"] and place.json("company", "delete", "Twin") == {}, "delete")
    refused(place, "company", "show", "twin-a", words="twin-a")


@tap.test
def test_users(place):
    out = lines(place, "user", "create", "--email", "anna@example.com", "--first-name", "Anna", "--last-name", "Ångström", "--company", "north",
                "--role", "Support", "--last-day", "2099-12-31")
    check(re.search(r"good until \d{4}-\S+ \S+: \w{4}(-\w{4})+$", out[0]), f"{out}")
    made = place.json("user", "create", "--email", "ben@example.com", "--company", "alps")
    check(made["status"] == "invited" and made["invitation"]["code"] and made["participations"] == [], f"{made}")

    rows = lines(place, "user", "list", "--company", "north")
    check(len(rows) == 2 and "Anna Ångström" in rows[1] and "North · Support" in rows[1], f"{rows}")
    check([u["email"] for u in place.json("user", "list", "--role", "support")["items"]] == ["anna@example.com"], "--role")
    check(place.json("user", "list", "--sort", "-email", "--limit", "1")["items"][0]["email"] == "ben@example.com", "--sort")
    check(facts(place, "user", "show", "ANNA@example.com")["Participations"] == "North · Support", "show")
    check(place.json("user", "show", "Anna Ångström")["lastName"] == "Ångström", "by the name")

    check(place.json("user", "edit", "anna@example.com", "--first-name", "Anne")["name"] == "Anne Ångström", "edit")
    check(lines(place, "user", "suspend", "anna@example.com")[0].startswith("done"), "suspend")
    check([u["email"] for u in place.json("user", "list", "--status", "suspended")["items"]] == ["anna@example.com"], "--status suspended")
    check(facts(place, "user", "show", "anna@example.com")["Suspended"] == "yes", "show of a suspended one")
    check(place.json("user", "unsuspend", "anna@example.com")["suspended"] is False, "unsuspend")

    refused(place, "user", "create", "--email", "Anna@Example.com", "--company", "alps", words="anna@example.com")
    refused(place, "user", "create", "--email", "no address", "--company", "alps", words="e-mail")
    refused(place, "user", "create", "--email", "x@example.com", "--company", "nowhere", words="nowhere")
    refused(place, "user", "create", "--email", "x@example.com", "--company", "alps", "--role", "Pilot", words="Pilot")
    refused(place, "user", "list", "--status", "happy", words="happy")
    refused(place, "user", "show", "", words="“”")
    refused(place, "user", "suspend", "admin", words="yourself")

    # of many that are like it, the one that is it
    for number in range(12):
        place.json("user", "create", "--email", f"a{number}@example.com", "--company", "alps", "--first-name", "Same", "--last-name", "Name")
    check(place.json("user", "show", "a1@example.com")["email"] == "a1@example.com", "a1 is not a11")
    refused(place, "user", "show", "Same Name", words="by its id, ")
    check(len(lines(place, "user", "list", "--limit", "3")) == 4 and len(place.json("user", "list")["items"]) == 15, "pages")

    effects = lines(place, "user", "delete", "anna@example.com", "--preview")
    check(effects[0].startswith("Anne Ångström at North") and effects[1].startswith("  loses: ") and "view-devices" in effects[1], f"{effects}")
    check(place.json("user", "show", "anna@example.com"), "a preview deleted")
    check(place.json("user", "delete", "a11@example.com", "--comment", "he left") == {}, "delete")


@tap.test
def test_participations(place):
    made = place.json("participation", "create", "--user", "ben@example.com", "--company", "north", "--role", "serviceman",
                      "--first-day", "2020-01-01", "--last-day", "2020-12-31")
    number = made["id"]
    check((made["active"], made["lastDay"], made["role"]) == (False, "2020-12-31", "Serviceman"), f"{made}")
    check([p["id"] for p in place.json("participation", "list", "--user", "ben@example.com", "--active", "false")["items"]] == [number], "--active")
    check(place.json("participation", "list", "--user", "ben@example.com", "--active", "true")["items"] == [], "--active true")
    rows = lines(place, "participation", "list", "--company", "north", "--sort", "user")
    check(len(rows) == 3 and any("2020-12-31" in row and row.endswith("no") for row in rows), f"{rows}")

    preview = place.json("participation", "edit", number, "--role", "support", "--last-day", "none", "--preview")
    check(preview["nUsers"] == 1 and "view-users" in preview["items"][0]["gains"] and preview["parked"] is False, f"{preview}")
    told = lines(place, "participation", "edit", number, "--role", "support", "--last-day", "none", "--preview")
    check(re.match("ben@example.com at North, companies: 3, devices: 0", told[0]) and "view-users" in told[1], f"{told}")
    edited = place.json("participation", "edit", number, "--role", "support", "--last-day", "none")
    check((edited["role"], edited["lastDay"], edited["active"]) == ("Support", None, True), f"{edited}")
    check(facts(place, "participation", "show", number)["In force"] == "yes", "show")

    refused(place, "participation", "list", "--active", "maybe", words="maybe")
    refused(place, "participation", "edit", number, "--last-day", "tomorrow", words="lastDay")
    refused(place, "participation", "edit", number, "--last-day", "2019-01-01", words="day")
    refused(place, "participation", "create", "--user", "ben@example.com", "--company", "north", "--role", "Pilot", words="Pilot")
    refused(place, "participation", "delete", "1", words="Super Admin")
    check(lines(place, "participation", "delete", number) == ["done"], "delete")
    refused(place, "participation", "show", number, words=number)


@tap.test
def test_roles(place):
    rows = lines(place, "role", "list")
    check(rows[0].split()[0] == "ROLE" and any(re.match(r"Super Admin +1 +super-admin +\d+ +\d+$", row) for row in rows), f"{rows}")
    listed = place.json("permission", "list")["items"]
    check({"id": "manage-users", "implies": ["view-users"]} in listed and len(lines(place, "permission", "list")) == len(listed) + 1, f"{listed}")

    made = place.json("role", "create", "--name", "Night shift", "--permission", "manage-users", "--permission", "control-devices")
    check(set(made["permissions"]) == {"manage-users", "view-users", "control-devices", "view-devices"}, f"{made}")
    check("view-users" in facts(place, "role", "show", "night SHIFT")["Lets do"], "show")
    copied = place.json("role", "copy", "support", "--name", "Second line")
    check(copied["permissions"] == place.json("role", "show", "support")["permissions"] and copied["builtin"] is None, f"{copied}")
    check(place.json("role", "edit", "Second line", "--name", "Third line", "--permission", "none")["permissions"] == [], "none")

    refused(place, "role", "create", "--name", "X", "--permission", "fly", words="fly")
    refused(place, "role", "create", "--name", "night shift", words="night shift".split()[0])
    refused(place, "role", "edit", "support", "--name", "X", words="built in")
    refused(place, "role", "delete", "Pilot", words="Pilot")
    check(place.json("role", "delete", "Third line") == {}, "delete")


@tap.test
def test_tags(place):
    made = place.json("tag", "create", "--name", "fragile", "--color", "#ff0000", "--company", "north", "--company", "alps")
    check(len(made["companyIds"]) == 2, f"{made}")
    rows = lines(place, "tag", "list")
    check(re.match(r"fragile +\d+ +#ff0000 +0 +(North, Alps|Alps, North)$", rows[1]), f"{rows}")
    check(place.json("tag", "edit", "Fragile", "--company", "none")["companyIds"] == [], "none")
    place.json("company", "edit", "fjord", "--tag", "fragile")
    check(facts(place, "company", "show", "fjord")["Tags"] == "fragile", "the tag's name")
    check([c["alias"] for c in place.json("company", "list", "--tag", "fragile")["items"]] == ["fjord"], "--tag")
    check(lines(place, "tag", "show", "fragile")[3].split() == ["Marks", "1"], "show")
    refused(place, "tag", "create", "--name", "fragile", words="fragile")
    refused(place, "tag", "create", "--name", "x", "--color", "red", words="color")
    refused(place, "tag", "show", "nothing", words="nothing")
    check(lines(place, "tag", "delete", "fragile") == ["done"], "delete")
    check(facts(place, "company", "show", "fjord")["Tags"] == "–", "the mark is still there")


@tap.test
def test_parked_and_accepted_by_somebody_else(place):
    carla = invite(place, "carla@example.com", "north", "company-admin", "--first-name", "Carla")
    place.json("user", "create", "--email", "dora@example.com", "--company", "north", "--role", "serviceman", env=carla)

    told = lines(place, "user", "delete", "dora@example.com", "--preview", env=carla)
    check("would wait" in told[-1], f"a preview does not say that it would wait: {told}")
    out = lines(place, "user", "delete", "dora@example.com", "--comment", "moved \n away", env=carla)
    number = re.fullmatch(r"waits for approval: request (\d+)", out[0]).group(1)
    check(place.json("user", "show", "dora@example.com"), "it was not parked")

    # who asked may not decide, and others do not see it
    refused(place, "request", "accept", number, env=carla)
    erik = invite(place, "erik@example.com", "alps", "company-admin")
    refused(place, "request", "show", number, words=number, env=erik)
    check(place.json("request", "list", env=erik)["items"] == [], "a request of elsewhere is listed")

    listed = place.json("request", "list", "--state", "pending", "--kind", "user")
    check([(r["id"], r["action"], r["mayDecide"]) for r in listed["items"]] == [(number, "delete", True)] and listed["nPending"] == 1, f"{listed}")
    rows = lines(place, "request", "list")
    check(re.match(rf"{number} +pending +delete +user +dora@example.com +North ", rows[1]) and rows[1].endswith("yes"), f"{rows}")
    shown, _ = place.ctl("request", "show", number)
    check("Asked by" in shown and "moved" in shown and "email: dora@example.com → –" in shown, shown)

    check(place.ctl("request", "accept", number)[0].startswith("done"), "accept")
    refused(place, "user", "show", "dora@example.com", words="dora")
    refused(place, "request", "accept", number)
    check(place.json("request", "show", number)["state"] == "accepted", "state")

    # refused with a reason; withdrawn
    parked = place.json("company", "edit", "fjord", "--parent", "north", "--comment", "x", env=carla)
    check("request" not in parked, "the parent it has already is no change to wait for")
    place.json("user", "create", "--email", "dirk@example.com", "--company", "north", "--role", "serviceman", env=carla)
    parked = place.json("user", "delete", "dirk@example.com", env=carla)
    place.json("request", "reject", parked["request"]["id"], "--reason", "stay")
    check(place.json("request", "show", parked["request"]["id"], env=carla)["reason"] == "stay", "the reason")
    parked = place.json("user", "delete", "dirk@example.com", env=carla)
    place.json("request", "withdraw", parked["request"]["id"], env=carla)
    check(place.json("request", "show", parked["request"]["id"])["state"] == "withdrawn", "withdraw")
    refused(place, "request", "reject", parked["request"]["id"])
    refused(place, "request", "list", "--state", "lost", words="lost")
    check(len(lines(place, "request", "list", "--limit", "2")) == 3, "--limit")


@tap.test
def test_what_a_role_does_not_allow(place):
    serviceman = invite(place, "sven@example.com", "alps", "serviceman")
    for arguments in (["company", "list"], ["user", "list"], ["user", "create", "--email", "x@example.com", "--company", "2"], ["role", "list"],
                      ["participation", "delete", "1"], ["company", "edit", "2", "--name", "x"]):
        refused(place, *arguments, words="role", env=serviceman)
    end_user = invite(place, "eva@example.com", "alps", "end-user")
    out = lines(place, "status", env=end_user)
    check(any(line.startswith("Signed in as") for line in out), f"who sees no devices has no status: {out}")
    check(place.json("status", env=end_user)["overview"] is None, "JSON of the status")

    # a suspended user is out at once, and the reason is said
    place.json("user", "suspend", "eva@example.com")
    refused(place, "tag", "list", words="not signed in", env=end_user)


@tap.test
def test_session_switch(place):
    admin = invite(place, "otto@example.com", "north", "company-admin")
    place.json("participation", "create", "--user", "otto@example.com", "--company", "alps", "--role", "support")
    shown, _ = place.ctl("session", "show", env=admin)
    check("North · Company Admin" in shown and "Alps · Support" in shown, shown)
    check(lines(place, "session", "switch", "support@Alps", env=admin) == ["Acting as Support at Alps."], "by names")
    check([c["alias"] for c in place.json("company", "list", env=admin)["items"]] == ["alps"], "it acts elsewhere now")
    check(place.json("session", "switch", "Company Admin@North", env=admin)["company"] == "North", "JSON")
    check(lines(place, "session", "switch", "company admin@north", env=admin) == ["Acting as Company Admin at North."], "by the alias")
    number = next(p["id"] for p in place.json("session", "show", env=admin)["participations"] if p["company"] == "Alps")
    check(place.json("session", "switch", number, env=admin)["role"] == "Support", "by the number")
    refused(place, "session", "switch", "Pilot@Alps", words="Pilot@Alps", env=admin)
    refused(place, "session", "switch", "1", env=admin)


@tap.test
def test_an_invitation_is_accepted(place):
    env = dict(alone(place), BELLWETHER_SERVER=place.api, XDG_CONFIG_HOME=str(place.folder / "newcomer"))
    code = place.json("user", "create", "--email", "nina@example.com", "--company", "alps", "--role", "support")["invitation"]["code"]
    for given, typed, words in ((code, "short\n", "8 characters"), ("aaaa-bbbb", PASSWORD + "\n", "not valid"), (code, "", "password")):
        got, out, err = run(place, "account", "accept-invitation", given, text=typed, env=env)
        check(got == 1 and words in err and err.count("\n") == 1 and out == "", f"{got} {out!r} {err!r}")
    got, out, err = run(place, "--json", "account", "accept-invitation", code, "--last-name", "Ny", text=PASSWORD + "\n", env=env)
    check(got == 0 and json.loads(out)["user"] == "Ny" and "token" not in json.loads(out), f"{got} {out!r} {err!r}")
    check("Alps" in place.ctl("company", "list", env=env)[0], "the login was not kept")
    got, out, err = run(place, "account", "accept-invitation", code, text=PASSWORD + "\n", env=env)
    check(got == 1 and "not valid" in err, "a code was good twice")


def typed_on_a_terminal(place, arguments, answers, env):
    """Answers each prompt that ends with “: ”; the exit status and what the screen shows."""
    primary, secondary = pty.openpty()
    process = subprocess.Popen([str(place.ctl_path), *arguments], env=env, stdin=secondary, stdout=secondary, stderr=secondary, start_new_session=True,
                               preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(secondary)
    seen, left = b"", list(answers)
    try:
        while select.select([primary], [], [], 30)[0]:
            part = os.read(primary, 4096)
            seen += part
            if left and seen.endswith(b": "):
                os.write(primary, left.pop(0).encode() + b"\n")
            if not part:
                break
    except OSError:   # the other side has closed
        pass
    os.close(primary)
    return process.wait(100), seen.decode()


@tap.test
def test_a_new_password_is_typed_twice(place):
    env = dict(alone(place), BELLWETHER_SERVER=place.api, XDG_CONFIG_HOME=str(place.folder / "typist"))
    code = place.json("user", "create", "--email", "tina@example.com", "--company", "alps", "--role", "support")["invitation"]["code"]
    status, seen = typed_on_a_terminal(place, ["account", "accept-invitation", code], ["one password", "another one"], env)
    check(status == 1 and "two different passwords" in seen and "password" not in seen.replace("two different passwords", "").replace("New password: ", ""), seen)
    status, seen = typed_on_a_terminal(place, ["account", "accept-invitation", code], [PASSWORD, PASSWORD], env)
    check(status == 0 and "Signed in" in seen and PASSWORD not in seen, seen)
    status, seen = typed_on_a_terminal(place, ["password"], [PASSWORD, "a better password", "a better password"], env)
    check(status == 0 and "better" not in seen, seen)
    status, seen = typed_on_a_terminal(place, ["login", "--user", "tina@example.com"], ["a better password"], env)
    check(status == 0 and "better" not in seen, seen)
    status, seen = typed_on_a_terminal(place, ["login", "--user", "tina@example.com"], ["\x03"], env)
    check(status == 1 and "cancelled" in seen, f"Ctrl+C at the prompt: {status} {seen}")


@tap.test
def test_a_device_is_deleted(place):
    place.json("batch", "create", "--name", "Doomed", "--count", "2")
    first, second = (d["id"] for d in place.json("device", "list", "--sort", "serial")["items"])
    top = next(c["name"] for c in place.json("company", "list")["items"] if not c.get("parentId"))
    check(len(place.json("device", "list", "--company", top)["items"]) == 2, "not those of the main company")
    check(place.json("device", "list", "--company", "alps")["items"] == [], "those of another company")
    check(place.json("device", "delete", first, "--preview")["parked"] is False and place.device(first)["id"] == first, "a preview deleted")
    check(lines(place, "device", "delete", first.upper().replace("-", ""), "--comment", "broken") == ["done"], "delete")
    refused(place, "device", "show", first, words="no")
    check(place.json("device", "delete", second) == {} and place.json("device", "list")["items"] == [], "JSON of delete")
    refused(place, "device", "delete", second, words="no device")
    refused(place, "device", "delete", "nonsense", words="nonsense")


def main():
    with Folder() as folder:
        place = Installation(sys.argv[1], folder)
        try:
            place.start()
            status = tap.run(place)
            place.stop()
            return status
        except Failed as error:
            print(f"Bail out! {error}")
            return 1
        finally:
            place.kill()


if __name__ == "__main__":
    sys.exit(main())
