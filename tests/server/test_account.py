#!/usr/bin/python3
"""What a person does with the own account: accepting an invitation, the second factor, the sessions.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import base64
import email
import email.policy
import hmac
import os
import ssl
import struct
import sys
import threading
import time
import unittest.mock
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

import backend  # noqa: E402
from backend import wait_for  # noqa: E402
from certificates import Authority  # noqa: E402
from people import People  # noqa: E402
from smtp_server import SmtpServer  # noqa: E402

PASSWORD = "a good password"
STEP_S = 30


def totp(secret, step):
    """RFC 6238 and 4226, without the library that the backend uses."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place:place + 4])[0] & 0x7FFFFFFF) % 1000000:06}"


class AccountTest(People):
    def audit(self, server, action):
        """(login, kind, object id, company, before, after)"""
        with server.database() as db:
            return db.execute("SELECT login, kind, object_id, company_id, doc_before, doc_after FROM audit"
                              " WHERE action = ? ORDER BY seq", (action,)).fetchall()

    def sign_in(self, server, user, password=PASSWORD, **rest):
        return server.post("/v1/sessions", {"user": user, "password": password, **rest}, token=None)

    def broker_sessions(self, server):
        with server.database("broker.db") as db:
            return {row[0] for row in db.execute("SELECT id FROM session")}

    def current(self, server, token):
        return self.ok(server.get("/v1/sessions/current", token=token))


class Invitation(AccountTest):
    def accept_reply(self, server, code, password=PASSWORD, **rest):
        return server.post("/v1/invitations", {"code": code, "password": password, **rest}, token=None)

    def test_accept(self):
        server = self.start()
        user = self.invite(server, "Anna@Example.com", "1", "support")
        code = user["invitation"]["code"]
        self.assertEqual(server.post("/v1/sessions", {"user": "anna@example.com", "password": ""}, token=None).status, 401)

        # as somebody types it from paper
        typed = code.upper().replace("-", " ")
        opened = self.ok(self.accept_reply(server, typed, lastName="Ångström"), 201)
        session = opened["session"]
        self.assertEqual((session["userName"], session["role"]), ("Anna Ångström", "Support"))
        self.assertEqual(server.get("/v1/users", token=opened["token"]).status, 200)

        document = server.get(f"/v1/users/{user['id']}").json
        self.assertEqual((document["status"], document["lastName"]), ("accepted", "Ångström"))
        self.assertEqual(self.ok(server.post("/v1/sessions", {"user": "anna@example.com", "password": PASSWORD}, token=None),
                                 201)["session"]["userId"], user["id"])

        entry = self.audit(server, "accept-invitation")
        self.assertEqual([(row[0], row[1], str(row[2]), row[3]) for row in entry], [("anna@example.com", "user", user["id"], 1)])
        self.assertIn('"invited"', entry[0][4])
        self.assertIn('"accepted"', entry[0][5])
        self.assertNotIn(code, str(entry))

        # once
        again = self.refused(self.accept_reply(server, code), 404, "not valid")
        self.assertEqual(again, self.refused(self.accept_reply(server, "0000-0000-0000-0000-0000"), 404))
        self.assertEqual(again, self.refused(self.accept_reply(server, "%"), 404))

    def test_bad_input(self):
        server = self.start()
        code = self.invite(server, "b@example.com", "1")["invitation"]["code"]
        for change, words in (({"password": "short"}, "at least 8"), ({"password": "x" * 1025}, "at most"),
                              ({"firstName": "a\nb"}, "a name has"), ({"lastName": "x" * 201}, "a name has"),
                              ({"password": 7}, "“password”"), ({"code": None}, "“code”"), ({"more": 1}, "more")):
            reply = server.post("/v1/invitations", {"code": code, "password": PASSWORD, **change}, token=None)
            self.refused(reply, 400, words)
        # nothing was lost
        self.ok(self.accept_reply(server, code), 201)

    def test_too_old_suspended_deleted(self):
        server = self.start()
        old = self.invite(server, "old@example.com", "1")
        with server.database() as db:
            db.execute("UPDATE account SET invitation_ends_us = 1 WHERE id = ?", (int(old["id"]),))
        self.refused(self.accept_reply(server, old["invitation"]["code"]), 404, "too old")

        held = self.invite(server, "held@example.com", "1")
        self.ok(server.request("PATCH", f"/v1/users/{held['id']}", {"revision": held["revision"], "suspended": True}))
        self.refused(self.accept_reply(server, held["invitation"]["code"]), 403, "suspended")

        gone = self.invite(server, "gone@example.com", "1")
        self.ok(server.request("DELETE", f"/v1/users/{gone['id']}"))
        self.refused(self.accept_reply(server, gone["invitation"]["code"]), 404)

    def test_two_at_once(self):
        server = self.start()
        code = self.invite(server, "race@example.com", "1")["invitation"]["code"]
        replies = []
        threads = [threading.Thread(target=lambda i=i: replies.append(self.accept_reply(server, code, f"password {i}")))
                   for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(reply.status for reply in replies), [201, 404, 404, 404])
        self.assertEqual(len(self.audit(server, "accept-invitation")), 1)

    def test_guessing_is_slowed_down(self):
        server = self.start()
        code = self.invite(server, "c@example.com", "1")["invitation"]["code"]
        statuses = [self.accept_reply(server, f"{i:020d}").status for i in range(40)]
        self.assertEqual(statuses[0], 404)
        self.assertEqual(statuses[-1], 429)
        reply = backend.wait_for("it may be tried again",
                                 lambda: (r := self.accept_reply(server, code)).status != 429 and r)
        self.ok(reply, 201)


class InviteAgain(AccountTest):
    def test_again(self):
        server = self.start()
        user = self.invite(server, "a@example.com", "1", "support")
        first = user["invitation"]["code"]
        second = self.ok(server.post(f"/v1/users/{user['id']}/invitation", {}))
        self.assertEqual((set(second), second["sent"]), ({"code", "expiresAt", "sent"}, False))
        self.assertNotEqual(second["code"], first)
        self.refused(server.post("/v1/invitations", {"code": first, "password": PASSWORD}, token=None), 404)
        self.accept(server, second["code"])
        self.refused(server.post(f"/v1/users/{user['id']}/invitation", {}), 409, "accepted")
        self.refused(server.post("/v1/users/77/invitation", {}), 404)
        self.refused(server.post("/v1/users/x/invitation", {}), 404)
        self.refused(server.post(f"/v1/users/{user['id']}/invitation", {"to": "x"}), 400, "to")
        self.assertEqual([(row[0], str(row[2])) for row in self.audit(server, "invite")], [("admin", user["id"])])

    def test_who_may(self):
        """Nobody takes over one who may do more by inviting him anew, or logs him out."""
        server = self.start()
        north = self.company(server, "North")
        east = self.company(server, "East")
        token = self.member(server, "admin@north.example", north, "company-admin")[1]
        elsewhere = self.invite(server, "b@example.com", east, "support")
        above = self.invite(server, "c@example.com", "1", "support")
        both = self.invite(server, "d@example.com", north, "support")
        self.ok(server.post("/v1/participations", {"userId": both["id"], "companyId": east, "roleId": self.role(server, "end-user")}))
        for path in ("invitation", "log-out"):
            self.refused(server.post(f"/v1/users/{elsewhere['id']}/{path}", {}, token=token), 404)
            self.refused(server.post(f"/v1/users/{above['id']}/{path}", {}, token=token), 404)
            self.refused(server.post(f"/v1/users/{both['id']}/{path}", {}, token=token), 403, "do not reach")
        self.refused(server.request("DELETE", f"/v1/users/{both['id']}/totp", token=token), 403, "do not reach")
        end_user = self.member(server, "e@example.com", north, "end-user")[1]
        self.refused(server.post(f"/v1/users/{both['id']}/log-out", {}, token=end_user), 403)


class Sessions(AccountTest):
    def test_list_and_end(self):
        server = self.start()
        user, first = self.member(server, "a@example.com", "1", "support")
        second = self.ok(server.post("/v1/sessions", {"user": "a@example.com", "password": PASSWORD}, token=None,
                                     headers={"User-Agent": "phone/1.0"}), 201)["token"]
        listed = self.ok(server.get("/v1/sessions", token=first))["items"]
        self.assertEqual([item["current"] for item in listed], [False, True], "the newest first")
        other = listed[0]
        self.assertEqual((other["client"], other["address"]), ("phone/1.0", "127.0.0.1"))
        self.assertGreater(other["expiresAt"], other["lastUsedAt"])
        self.assertIn(other["id"], self.broker_sessions(server))

        # somebody else's is none
        admins = self.ok(server.get("/v1/sessions"))["items"]
        self.assertEqual(len(admins), 1)
        self.refused(server.request("DELETE", f"/v1/sessions/{other['id']}"), 404, "no such session")
        self.refused(server.request("DELETE", f"/v1/sessions/{admins[0]['id']}", token=first), 404)

        self.assertEqual(server.request("DELETE", f"/v1/sessions/{other['id']}", token=first).status, 204)
        self.assertEqual(server.get("/v1/sessions/current", token=second).status, 401, "at once")
        self.assertNotIn(other["id"], self.broker_sessions(server))
        self.refused(server.request("DELETE", f"/v1/sessions/{other['id']}", token=first), 404)

        self.assertEqual(server.request("DELETE", f"/v1/sessions/{listed[1]['id']}", token=first).status, 204)
        self.assertEqual(server.get("/v1/sessions", token=first).status, 401)
        self.assertEqual([str(row[0]) for row in self.audit(server, "sign-out")], ["a@example.com"] * 2)

    def test_log_out(self):
        server = self.start()
        user, token = self.member(server, "a@example.com", "1", "support")
        session = self.current(server, token)["id"]
        self.assertEqual(server.post(f"/v1/users/{user['id']}/log-out", {}).status, 204)
        self.assertEqual(server.get("/v1/sessions/current", token=token).status, 401)
        self.assertNotIn(session, self.broker_sessions(server))
        self.ok(self.sign_in(server, "a@example.com"), 201)
        self.assertEqual([(row[0], str(row[2])) for row in self.audit(server, "log-out")], [("admin", user["id"])])
        server.stop()
        server.start()
        self.assertEqual(server.get("/v1/sessions/current", token=token).status, 401, "nor after a restart")

    def test_life(self):
        for arguments, words in ((("--session-idle", "0"), "session-idle"), (("--session-days", "-3"), "session-days"),
                                 (("--session-idle", "9000"), "1 to 8760"), (("--session-days", "3651"), "1 to 3650")):
            sentence = self.fails_to_start("--data", self.folder / "x", "--listen", "127.0.0.1:0", *arguments)
            self.assertIn(words, sentence)
        server = self.start("--session-idle", "3", "--session-days", "2")
        token = self.member(server, "a@example.com", "1", "support")[1]
        session = self.current(server, token)
        left_s = session["expiresAt"] / 1e6 - time.time()
        self.assertTrue(2 * 86400 - 120 < left_s <= 2 * 86400, left_s)

        server.stop()
        with server.database() as db:
            db.execute("UPDATE session SET last_used_at_us = ? WHERE id = ?",
                       (int((time.time() - 2 * 3600) * 1e6), session["id"]))
        server.start()
        self.assertEqual(server.get("/v1/sessions/current", token=token).status, 200)
        server.stop()
        with server.database() as db:
            db.execute("UPDATE session SET last_used_at_us = ? WHERE id = ?",
                       (int((time.time() - 2 * 3600) * 1e6), session["id"]))
        server.arguments[server.arguments.index("--session-idle") + 1] = "1"
        server.start()
        self.assertEqual(server.get("/v1/sessions/current", token=token).status, 401)

    def test_life_from_a_file(self):
        config = self.folder / "bellwetherd.conf"
        for text, words in (("session-idle=soon", "must be a number"), ("no-registration=maybe", "true or false"),
                            ("session-days=0", "session-days")):
            config.write_text(f"[bellwetherd]\ndata={self.folder}/x\n{text}\n")
            self.assertIn(words, self.fails_to_start("--config", config))
        config.write_text("[bellwetherd]\nsession-days=1\nno-registration=true\n")
        server = self.start("--config", str(config))
        token = self.member(server, "a@example.com", "1", "support")[1]
        self.assertLess(self.current(server, token)["expiresAt"] / 1e6 - time.time(), 86401)
        self.assertFalse(server.get("/v1/status", token=None).json["registration"])


class Me(AccountTest):
    def test_name(self):
        server = self.start()
        user, token = self.member(server, "a@example.com", "1", "support")
        patch = lambda body: server.request("PATCH", "/v1/users/me", body, token=token)
        session = self.ok(patch({"firstName": "Zoë", "lastName": "Čech"}))
        self.assertEqual((session["userName"], session["userId"]), ("Zoë Čech", user["id"]))
        self.assertEqual(self.ok(patch({"lastName": ""}))["userName"], "Zoë")
        self.assertEqual(self.ok(server.get(f"/v1/users/{user['id']}"))["firstName"], "Zoë")
        for bad in ({"firstName": "a\nb"}, {"firstName": 5}, {"lastName": "x" * 201}, {"email": "b@example.com"}, []):
            self.refused(patch(bad), 400)
        rows = self.audit(server, "edit")
        self.assertEqual([(row[0], str(row[2])) for row in rows], [("a@example.com", user["id"])] * 2)
        self.assertIn("Čech", rows[0][5])
        self.assertNotIn("Čech", rows[0][4])


class Registration(AccountTest):
    BODY = {"email": "New@Example.com", "password": PASSWORD, "firstName": "New", "lastName": "Person", "alias": "North"}

    def register(self, server, **change):
        return server.post("/v1/registrations", {**self.BODY, **change}, token=None)

    def test_register(self):
        server = self.start()
        self.assertTrue(server.get("/v1/status", token=None).json["registration"])
        north = self.company(server, "North")
        opened = self.ok(self.register(server), 201)
        session = opened["session"]
        self.assertEqual((session["email"], session["companyId"], session["role"], session["permissions"]),
                         ("new@example.com", north, "End User", []))
        user = self.ok(server.get(f"/v1/users/{session['userId']}"))
        self.assertEqual((user["status"], user["name"]), ("self-registered", "New Person"))
        self.ok(self.sign_in(server, "new@example.com"), 201)
        self.refused(self.register(server), 409, "already")
        rows = self.audit(server, "register")
        self.assertEqual([(row[0], str(row[2]), str(row[3])) for row in rows], [("new@example.com", user["id"], north)])
        self.assertNotIn(PASSWORD, str(rows))

    def test_an_address_is_not_told_to_a_stranger(self):
        """Who knows no company learns nothing about anybody's address."""
        server = self.start()
        self.company(server, "North")
        self.invite(server, "known@example.com", "1")
        known = self.refused(self.register(server, email="known@example.com", alias="nowhere"), 404, "alias")
        unknown = self.refused(self.register(server, email="unknown@example.com", alias="nowhere"), 404, "alias")
        self.assertEqual(known, unknown)
        # and an invitation is not taken over by registering
        self.refused(self.register(server, email="known@example.com"), 409)
        self.assertEqual(self.sign_in(server, "known@example.com").status, 401)

    def test_bad_input(self):
        server = self.start()
        self.company(server, "North")
        for change in ({"email": "none"}, {"email": "a@b\nBcc: c@d"}, {"email": "x" * 251 + "@a.b"}, {"password": "short"},
                       {"firstName": None}, {"lastName": "a\tb"}, {"alias": None}, {"roleId": "1"}):
            self.refused(self.register(server, **change), 400)
        self.assertEqual(server.get("/v1/users").json["total"], 1)

    def test_switched_off(self):
        server = self.start("--no-registration")
        self.company(server, "North")
        self.assertFalse(server.get("/v1/status", token=None).json["registration"])
        self.refused(self.register(server), 403, "invitation")

    def test_many_are_slowed_down(self):
        server = self.start()
        self.company(server, "North")
        statuses = [self.register(server, email=f"u{i}@example.com").status for i in range(15)]
        self.assertEqual(statuses[:10], [201] * 10)
        self.assertIn(429, statuses, "those that came to be count as well")


class Proxy(AccountTest):
    """What counts is where people are, not where the proxy is; and nobody can make that up."""

    def guess(self, server, address):
        body = {"user": "nobody@example.com", "password": "wrong"}
        return server.post("/v1/sessions", body, token=None, headers={"X-Real-IP": address}).status

    def test_behind_one(self):
        server = self.start("--behind-proxy")
        statuses = [self.guess(server, "198.51.100.1") for _ in range(8)]
        self.assertIn(429, statuses)
        self.assertEqual(self.guess(server, "198.51.100.200"), 429, "the same network")
        self.assertEqual(self.guess(server, "203.0.113.1"), 401)
        self.assertEqual(self.guess(server, "2001:db8:0:100::1"), 401)
        server.post("/v1/invitations", {"code": self.invite(server, "a@example.com", "1")["invitation"]["code"],
                                        "password": PASSWORD}, token=None, headers={"X-Real-IP": "2001:db8::7"})
        with server.database() as db:
            addresses = {row[0] for row in db.execute("SELECT address FROM session")}
        self.assertIn("2001:db8::7", addresses)

    def test_without_one(self):
        server = self.start()
        statuses = [self.guess(server, f"198.51.{i}.1") for i in range(8)]
        self.assertIn(429, statuses)


class SecondFactor(AccountTest):
    def step(self):
        """The present one, with time left in it."""
        wait_for("a step has just begun", lambda: time.time() % STEP_S < STEP_S - 12)
        return int(time.time()) // STEP_S

    def begin(self, server, token):
        return self.ok(server.post("/v1/users/me/totp", {}, token=token))

    def confirm(self, server, token, code):
        return server.request("PUT", "/v1/users/me/totp", {"code": code}, token=token)

    def turn_on(self, server, token):
        """The secret, the step of the code that was used and the recovery codes."""
        secret = self.begin(server, token)["secret"]
        step = self.step() - 1
        return secret, step, self.ok(self.confirm(server, token, totp(secret, step)))["recoveryCodes"]

    def needs_code(self, reply, words):
        self.assertEqual(self.refused(reply, 403, words)["needs"], "totp")

    def test_on_and_off(self):
        server = self.start()
        user, token = self.member(server, "a@example.com", "1", "support")
        other = self.ok(self.sign_in(server, "a@example.com"), 201)["token"]
        begun = self.begin(server, token)
        self.assertRegex(begun["secret"], "^[A-Z2-7]{32}$")
        uri = urllib.parse.urlparse(begun["uri"])
        self.assertEqual((uri.scheme, uri.netloc, urllib.parse.unquote(uri.path)), ("otpauth", "totp", "/Bellwether:a@example.com"))
        self.assertEqual(urllib.parse.parse_qs(uri.query)["secret"], [begun["secret"]])

        # begun is not done; beginning again makes another secret
        other_secret = begun["secret"]
        self.ok(self.sign_in(server, "a@example.com"), 201)
        secret = self.begin(server, token)["secret"]
        self.assertNotEqual(secret, other_secret)
        step = self.step()
        self.needs_code(self.confirm(server, token, totp(other_secret, step)), "wrong")
        self.needs_code(self.confirm(server, token, totp(secret, step - 2)), "wrong")
        self.needs_code(self.confirm(server, token, "12345a"), "wrong")
        self.assertFalse(self.current(server, token)["totp"])
        codes = self.ok(self.confirm(server, token, totp(secret, step - 1)))["recoveryCodes"]
        self.assertEqual((len(codes), len(set(codes))), (10, 10))
        self.assertRegex(codes[0], "^([0-9a-z]{4}-){3}[0-9a-z]{4}$")
        self.assertTrue(self.current(server, token)["totp"])
        self.assertTrue(self.ok(server.get(f"/v1/users/{user['id']}"))["totp"])
        self.assertEqual(server.get("/v1/sessions/current", token=other).status, 401, "other sessions end")
        self.refused(server.post("/v1/users/me/totp", {}, token=token), 409, "already")
        self.refused(self.confirm(server, token, totp(secret, step)), 409, "already")

        # only who knows the password learns that there is one
        self.assertNotIn("needs", self.refused(self.sign_in(server, "a@example.com", "wrong password"), 401))
        self.assertNotIn("needs", self.refused(self.sign_in(server, "a@example.com", "wrong password", code=totp(secret, step)), 401))
        self.needs_code(self.sign_in(server, "a@example.com"), "a code is needed")
        self.needs_code(self.sign_in(server, "a@example.com", code=totp(secret, step - 1)), "used already")
        code = totp(secret, step)
        self.ok(self.sign_in(server, "a@example.com", code=f"{code[:3]} {code[3:]}"), 201)
        self.needs_code(self.sign_in(server, "a@example.com", code=code), "used already")

        # a recovery code, once
        self.ok(self.sign_in(server, "a@example.com", code=codes[3].upper().replace("-", "")), 201)
        self.needs_code(self.sign_in(server, "a@example.com", code=codes[3]), "used already")

        kept = self.ok(self.sign_in(server, "a@example.com", code=codes[4]), 201)["token"]
        self.needs_code(server.request("DELETE", "/v1/users/me/totp", token=token), "a code is needed")
        self.needs_code(server.request("DELETE", "/v1/users/me/totp?code=000000", token=token), "wrong")
        self.assertEqual(server.request("DELETE", f"/v1/users/me/totp?code={totp(secret, step + 1)}", token=token).status, 204)
        self.assertEqual(server.get("/v1/sessions/current", token=kept).status, 401)
        self.assertEqual(server.get("/v1/sessions/current", token=token).status, 200)
        self.ok(self.sign_in(server, "a@example.com"), 201)
        self.refused(server.request("DELETE", f"/v1/users/me/totp?code={codes[5]}", token=token), 409, "no second factor")
        with server.database() as db:
            self.assertEqual(db.execute("SELECT count(*) FROM recovery_code").fetchone()[0], 0)
        for action in ("totp-begin", "totp-on", "totp-off"):
            rows = self.audit(server, action)
            self.assertGreater(len(rows), 0, action)
            for planted in (secret, codes[0]):
                self.assertNotIn(planted, str(rows))

    def test_secret_at_rest(self):
        server = self.start()
        token = self.member(server, "a@example.com", "1", "support")[1]
        other = self.member(server, "b@example.com", "1", "support")[1]
        secret, _, codes = self.turn_on(server, token)
        key = server.data / "totp-key"
        self.assertEqual((key.stat().st_mode & 0o777, key.stat().st_size), (0o600, 32))
        other_secret, other_step, _ = self.turn_on(server, other)
        with server.database() as db:
            sealed = {row[0]: bytes(row[1]) for row in
                      db.execute("SELECT email, totp_secret FROM account WHERE totp_secret IS NOT NULL")}
            hashes = [bytes(row[0]) for row in db.execute("SELECT code_hash FROM recovery_code")]
        raw = base64.b32decode(secret)
        self.assertNotIn(raw, sealed["a@example.com"])
        self.assertFalse(any(codes[0].replace("-", "").encode() in value for value in hashes))
        # a secret that is moved to another account is of no use there
        with server.database() as db:
            db.execute("UPDATE account SET totp_secret = ? WHERE email = ?", (sealed["b@example.com"], "a@example.com"))
        self.refused(self.sign_in(server, "a@example.com", code=totp(other_secret, other_step + 1)), 503, "lost the key")

    def test_the_key_is_lost(self):
        server = self.start()
        user, token = self.member(server, "a@example.com", "1", "support")
        secret, step, codes = self.turn_on(server, token)
        server.stop()
        (server.data / "totp-key").unlink()
        server.start()
        self.refused(self.sign_in(server, "a@example.com", code=totp(secret, step + 1)), 503, "recovery code")
        self.ok(self.sign_in(server, "a@example.com", code=codes[0]), 201)
        self.assertEqual(server.request("DELETE", f"/v1/users/me/totp?code={codes[1]}", token=token).status, 204)
        self.turn_on(server, token)

        server.stop()
        (server.data / "totp-key").write_bytes(b"short")
        server.start()
        self.assertIn("is no key of second factors", server.stderr())
        other = self.member(server, "b@example.com", "1", "support")[1]
        self.refused(server.post("/v1/users/me/totp", {}, token=other), 503, "not available")
        self.assertEqual((server.data / "totp-key").read_bytes(), b"short", "it may be put right yet")

    def test_asking_without_a_code_costs_nothing(self):
        """Who has a second factor asks twice each time: a few wrong passwords must not double the wait for ever."""
        server = self.start()
        token = self.member(server, "a@example.com", "1", "support")[1]
        self.turn_on(server, token)
        while self.sign_in(server, "a@example.com", "wrong password").status != 429:
            pass
        wait_for("the wait is over once", lambda: self.sign_in(server, "a@example.com").status == 403)
        for _ in range(20):
            self.needs_code(self.sign_in(server, "a@example.com"), "a code is needed")

    def test_an_admin_takes_it_away(self):
        server = self.start()
        user, token = self.member(server, "a@example.com", "1", "support")
        self.refused(server.request("DELETE", f"/v1/users/{user['id']}/totp"), 409, "no second factor")
        self.turn_on(server, token)
        self.needs_code(self.sign_in(server, "a@example.com"), "a code is needed")
        self.assertEqual(server.request("DELETE", f"/v1/users/{user['id']}/totp").status, 204)
        self.assertEqual(server.get("/v1/sessions/current", token=token).status, 401)
        self.ok(self.sign_in(server, "a@example.com"), 201)
        self.assertEqual([(row[0], str(row[2])) for row in self.audit(server, "totp-off")], [("admin", user["id"])])

    def test_guessing(self):
        """Neither many codes nor asking without one in between gets more than a few attempts."""
        server = self.start()
        token = self.member(server, "a@example.com", "1", "support")[1]
        self.turn_on(server, token)
        statuses = []
        for _ in range(8):
            statuses.append(self.sign_in(server, "a@example.com", code="000000").status)
            self.sign_in(server, "a@example.com")
        self.assertIn(429, statuses)
        self.assertLessEqual(statuses.count(403), 6)
        statuses = [self.confirm(server, token, "000000").status for _ in range(8)]
        self.assertIn(429, statuses, "nor with a session")


class Mail(AccountTest):
    def start_with(self, smtp, *extra):
        return self.start("--smtp", f"smtp://127.0.0.1:{smtp.port}", "--mail-from", "bellwether@example.org", *extra)

    def smtp(self, **rest):
        server = SmtpServer(**rest)
        self.addCleanup(server.stop)
        return server

    def read(self, mail):
        message = email.message_from_bytes(mail.data, policy=email.policy.default)
        self.assertEqual([message[name] for name in ("Auto-Submitted", "MIME-Version")], ["auto-generated", "1.0"])
        self.assertLess(max(map(len, mail.data.split(b"\r\n"))), 200)
        return message, message.get_content()

    def test_invitation(self):
        smtp = self.smtp()
        server = self.start_with(smtp, "--public-url", "https://devices.example.org")
        user = self.ok(server.post("/v1/users", {"email": "zoe.x@example.com", "firstName": "Zoë", "lastName": "Čech"}), 201)
        self.assertTrue(user["invitation"]["sent"])
        mail = wait_for("the mail is there", smtp.take)
        self.assertEqual((mail.sender, mail.recipients), ("bellwether@example.org", ["zoe.x@example.com"]))
        message, text = self.read(mail)
        self.assertEqual((message["To"], message["From"]), ("zoe.x@example.com", "Bellwether <bellwether@example.org>"))
        for part in (user["invitation"]["code"], "Zoë Čech", "https://devices.example.org", "admin"):
            self.assertIn(part, text)
        again = self.ok(server.post(f"/v1/users/{user['id']}/invitation", {}))
        self.assertTrue(again["sent"])
        self.assertIn(again["code"], self.read(wait_for("the second mail", smtp.take))[1])
        self.assertEqual(server.stop(), 0)
        self.assertNotIn(again["code"], server.stderr())

    def test_header_injection(self):
        smtp = self.smtp()
        server = self.start_with(smtp)
        for address in ("a@example.com\r\nBcc: b@example.com", "a@example.com\nX: y", "a@b.c>\r\nRCPT TO:<x@y.z", "a b@example.com",
                        "<a@example.com>", "a@example.com, b@example.com"):
            self.refused(server.post("/v1/users", {"email": address}), 400)
        self.refused(server.post("/v1/users", {"email": "c@example.com", "firstName": "x\r\n.\r\nQUIT"}), 400)
        user = self.ok(server.post("/v1/users", {"email": "c@example.com", "firstName": ".", "lastName": "Subject: x"}), 201)
        mail = wait_for("the mail is there", smtp.take)
        message, text = self.read(mail)
        self.assertEqual(message.get_all("Subject"), ["Your invitation to Bellwether"])
        self.assertIn(user["invitation"]["code"], text)
        self.assertIsNone(smtp.take(), "and nothing else was sent")

    def test_the_server_says_later(self):
        smtp = self.smtp(answers=["451 greylisted, come back"])
        server = self.start_with(smtp)
        user = self.ok(server.post("/v1/users", {"email": "a@example.com"}), 201)
        mail = wait_for("it was tried again", smtp.take)
        self.assertIn(user["invitation"]["code"], self.read(mail)[1])
        self.assertIn("waits 5 s", server.stderr())

    def test_the_server_says_no(self):
        smtp = self.smtp(answers=["550 no such person"])
        server = self.start_with(smtp)
        self.ok(server.post("/v1/users", {"email": "a@example.com"}), 201)
        wait_for("it is given up", lambda: "a@example.com was not delivered" in server.stderr())
        self.ok(server.post("/v1/users", {"email": "b@example.com"}), 201)
        self.assertEqual(wait_for("others go on", smtp.take).recipients, ["b@example.com"])

    def test_no_server(self):
        """Nobody waits for a mail server that is away or silent, and the backend ends all the same."""
        silent = self.smtp(silent=True)
        for port in (1, silent.port):
            server = self.start("--smtp", f"smtp://127.0.0.1:{port}", "--mail-from", "a@example.org")
            start = time.monotonic()
            self.assertTrue(self.ok(server.post("/v1/users", {"email": f"p{port}@example.com"}), 201)["invitation"]["sent"])
            self.assertLess(time.monotonic() - start, 15 if backend.IS_SANITIZED else 5)
            if port != 1:
                wait_for("it is asked", silent.was_asked)
            start = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - start, 30 if backend.IS_SANITIZED else 10)

    def test_bad_options(self):
        for arguments, words in ((("--smtp", "http://a"), "smtp://HOST"), (("--smtp", "smtp://u:p@a"), "without a user"),
                                 (("--smtp", "smtp://"), "smtp://HOST"), (("--smtp", "smtp://a/x"), "smtp://HOST"),
                                 (("--smtp", "smtp://a"), "mail-from"), (("--smtp", "smtp://a", "--mail-from", "x\r\ny@z"), "mail-from"),
                                 (("--public-url", "no url"), "public-url")):
            self.assertIn(words, self.fails_to_start("--data", self.folder / "x", "--listen", "127.0.0.1:0", *arguments))

    def test_tls_and_password(self):
        authority = Authority(self.folder / "ca")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*map(str, authority.sign("localhost")))
        config = self.folder / "bellwetherd.conf"
        for i, starts_tls in enumerate((False, True)):
            smtp = self.smtp(tls=context, starts_tls=starts_tls, password=[b"bell", b"planted-secret"])
            scheme = "smtp" if starts_tls else "smtps"
            lines = ["[bellwetherd]", "smtp-user=bell", f"smtp={scheme}://127.0.0.1:{smtp.port}", "mail-from=a@example.org"]
            config.write_text("\n".join([*lines, f"smtp-ca={authority.certificate}"]) + "\n")
            with unittest.mock.patch.dict(os.environ, BELLWETHER_SMTP_PASSWORD="planted-secret"):
                server = self.start("--config", str(config))
                self.ok(server.post("/v1/users", {"email": f"u{i}@example.com"}), 201)
                self.assertEqual(wait_for("the mail is there", smtp.take).recipients, [f"u{i}@example.com"])
                server.stop()
                # not to somebody whom nobody vouches for
                config.write_text("\n".join(lines) + "\n")
                server = self.start("--config", str(config))
                self.ok(server.post("/v1/users", {"email": f"v{i}@example.com"}), 201)
                wait_for("it is refused", lambda: f"v{i}@example.com waits" in server.stderr())
                self.assertIsNone(smtp.take())
                server.stop()
            self.assertNotIn("planted-secret", server.stderr())

    def test_a_password_needs_tls(self):
        smtp = self.smtp()
        config = self.folder / "bellwetherd.conf"
        config.write_text("[bellwetherd]\nsmtp-user=bell\nsmtp-password=planted-secret\n")
        server = self.start_with(smtp, "--config", str(config))
        self.ok(server.post("/v1/users", {"email": "a@example.com"}), 201)
        wait_for("it is refused", lambda: "waits 5 s" in server.stderr())
        self.assertIsNone(smtp.take())
        self.assertNotIn("planted-secret", server.stderr())
        self.assertNotIn(b"planted-secret", smtp.heard)


if __name__ == "__main__":
    backend.main()
