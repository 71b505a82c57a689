#!/usr/bin/python3
"""One's own account from a terminal: registering, the second factor, the sessions.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import base64
import hashlib
import hmac
import json
import re
import struct
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))

from harness import Failed, Folder, Installation, Tap, check  # noqa: E402
from test_ctl import alone, run  # noqa: E402
from test_ctl_people import PASSWORD, invite, lines, refused  # noqa: E402

tap = Tap()
STEP_S = 30


def code_of(secret, step):
    """RFC 6238, the way a phone does it."""
    key = base64.b32decode(secret.replace(" ", "").upper())
    mac = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


def at_home(place, name):
    """An environment without a token, with a login of its own."""
    return dict(alone(place), BELLWETHER_SERVER=place.api, XDG_CONFIG_HOME=str(place.folder / name))


@tap.test
def test_register(place):
    place.json("company", "create", "--name", "North", "--alias", "north")
    env = at_home(place, "rita")
    names = ["--first-name", "Rita", "--last-name", "Ny"]
    for more, typed, words in ((["--email", "rita@example.com", "--alias", "nowhere"], PASSWORD + "\n", "alias"),
                               (["--email", "rita@example.com", "--alias", "north"], "short\n", "8 characters"),
                               (["--email", "no address", "--alias", "north"], PASSWORD + "\n", "e-mail"),
                               (["--email", "rita@example.com", "--alias", "north"], "", "password")):
        code, out, err = run(place, "account", "register", *names, *more, text=typed, env=env)
        check(code == 1 and words in err and err.count("\n") == 1 and out == "", f"{more}: {code} {out!r} {err!r}")
    code, out, err = run(place, "account", "register", *names, "--email", "rita@example.com", "--alias", "north", text=PASSWORD + "\n", env=env)
    check(code == 0 and out.strip().endswith("as Rita Ny."), f"{code} {out!r} {err!r}")
    check(place.json("user", "show", "rita@example.com")["status"] == "self-registered", "status")
    check(place.json("session", "show", env=env)["role"] == "End User", "the login was not kept")
    code, out, err = run(place, "--json", "account", "register", *names, "--email", "rob@example.com", "--alias", "north", "--print",
                         text=PASSWORD + "\n", env=at_home(place, "rob"))
    check(code == 0 and json.loads(out)["token"] and not (place.folder / "rob").exists(), f"{code} {out!r} {err!r}")


@tap.test
def test_name(place):
    env = at_home(place, "rita")
    check(lines(place, "account", "name", "--last-name", "Nygård", env=env) == ["Your name is Rita Nygård now."], "text")
    check(place.json("account", "name", "--first-name", "Margarita", env=env)["userName"] == "Margarita Nygård", "JSON")
    refused(place, "account", "name", "--first-name", "x" * 201, words="name", env=env)


@tap.test
def test_invited_again(place):
    first = place.json("user", "create", "--email", "ines@example.com", "--company", "north", "--role", "support")["invitation"]["code"]
    out = lines(place, "user", "reinvite", "ines@example.com")
    check(re.search(r"good until .*: \S+$", out[0]), f"{out}")
    second = place.json("user", "reinvite", "ines@example.com")
    check(second["code"] not in (first, out[0].split()[-1]) and second["expiresAt"] > time.time() * 1000000, f"{second}")
    for given, status in ((first, 1), (second["code"], 0)):
        code, out, err = run(place, "account", "accept-invitation", given, text=PASSWORD + "\n", env=at_home(place, "ines"))
        check(code == status, f"{code} {out!r} {err!r}")
    refused(place, "user", "reinvite", "ines@example.com")


@tap.test
def test_sessions(place):
    home, other = at_home(place, "ines"), at_home(place, "ines elsewhere")
    code, out, err = run(place, "login", "--user", "ines@example.com", text=PASSWORD + "\n", env=other)
    check(code == 0, err)
    listed = place.json("session", "list", env=home)["items"]
    check(len(listed) == 2 and sum(s["current"] for s in listed) == 1, f"{listed}")
    rows = lines(place, "session", "list", env=home)
    check(len(rows) == 3 and rows[0].startswith("SESSION") and sum(" yes " in row for row in rows) == 1, f"{rows}")

    elsewhere = next(s["id"] for s in listed if not s["current"])
    check(lines(place, "session", "end", elsewhere, env=home) == ["done"], "end")
    refused(place, "company", "list", words="not signed in", env=other)
    refused(place, "session", "end", elsewhere, words="no such session", env=home)
    refused(place, "session", "end", "../current", env=home)
    check(place.json("session", "end", place.json("session", "list", env=home)["items"][0]["id"], env=home) == {}, "JSON of end")
    refused(place, "session", "list", words="not signed in", env=home)

    code, out, err = run(place, "login", "--user", "ines@example.com", text=PASSWORD + "\n", env=home)
    check(code == 0, err)
    check(lines(place, "user", "log-out", "ines@example.com") == ["done"], "log-out")
    refused(place, "session", "list", words="not signed in", env=home)


@tap.test
def test_second_factor(place):
    env = invite(place, "tom@example.com", "north", "support")
    code, out, err = run(place, "account", "second-factor", "on", env=env)
    secret, uri = out.split()
    check(code == 0 and uri.startswith("otpauth://totp/") and secret in uri and "confirm" in err, f"{out!r} {err!r}")
    refused(place, "account", "second-factor", "confirm", "000000" if code_of(secret, int(time.time()) // STEP_S) != "000000" else "111111",
            words="code", env=env)
    secret = place.json("account", "second-factor", "on", env=env)["secret"]
    step = int(time.time()) // STEP_S
    code, out, err = run(place, "account", "second-factor", "confirm", code_of(secret, step), env=env)
    recovery = out.split()
    check(code == 0 and len(recovery) >= 8 and "keep them safe" in err, f"{out!r} {err!r}")
    check(place.json("session", "show", env=env)["totp"] is True, "it is not on")

    home = at_home(place, "tom")
    # a phone's clock may be a step ahead; each code is good once
    for typed, status, words in ((f"{PASSWORD}\n", 1, "a code is needed"), (f"{PASSWORD}\n{code_of(secret, step)}\n", 1, "code"),
                                 (f"{PASSWORD}\n{code_of(secret, step + 1)}\n", 0, ""), (f"{PASSWORD}\n{recovery[0]}\n", 0, ""),
                                 (f"{PASSWORD}\n{recovery[0]}\n", 1, "code")):
        code, out, err = run(place, "login", "--user", "tom@example.com", text=typed, env=home)
        check(code == status and words in err and err.count("\n") == status, f"{typed!r}: {code} {out!r} {err!r}")

    refused(place, "account", "second-factor", "off", "12", words="code", env=home)
    code, out, err = run(place, "account", "second-factor", "off", recovery[1], env=home)
    check((code, out) == (0, "done\n"), f"{code} {out!r} {err!r}")
    code, out, err = run(place, "login", "--user", "tom@example.com", text=PASSWORD + "\n", env=home)
    check(code == 0, f"a code is still wanted: {err!r}")


@tap.test
def test_a_lost_second_factor(place):
    env = invite(place, "lea@example.com", "north", "support")
    secret = place.json("account", "second-factor", "on", env=env)["secret"]
    told = place.json("account", "second-factor", "confirm", code_of(secret, int(time.time()) // STEP_S), env=env)
    check(len(told["recoveryCodes"]) >= 8, f"{told}")
    check(lines(place, "user", "reset-second-factor", "lea@example.com") == ["done"], "reset")
    check(place.json("user", "show", "lea@example.com")["totp"] is False, "it is still on")
    refused(place, "user", "reset-second-factor", "lea@example.com", words="no second factor")
    code, out, err = run(place, "login", "--user", "lea@example.com", text=PASSWORD + "\n", env=at_home(place, "lea"))
    check(code == 0, err)


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
