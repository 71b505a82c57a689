#!/usr/bin/python3
"""The HTTP API through real sockets: sign-in, routes, bad input, shapes that proxies misread.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import http.client
import os
import re
import socket
import stat
import subprocess
import threading
import time

import backend
from backend import BackendTest, wait_for

PUBLIC = 1
FIRST = 2


def routes():
    lines = subprocess.check_output([str(backend.BUILD / "tests/server/list-routes")], text=True).splitlines()
    for line in lines:
        method, path, flags, permission, body_max = line.split()
        yield method, path, int(flags), int(permission), int(body_max)


class SignIn(BackendTest):
    def test_first_start(self):
        server = self.start(token=False)
        path = server.data / "admin-password"
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(server.data.stat().st_mode), 0o700)
        password = path.read_text().strip()

        reply = server.post("/v1/sessions", {"user": "admin", "password": password}, token=None)
        self.assertEqual(reply.status, 201, reply)
        token = reply.json["token"]
        self.assertRegex(token, r"^bw_[A-Za-z0-9_-]{43}$")
        self.assertTrue(reply.json["session"]["mustChangePassword"])
        self.assertEqual(reply.json["session"]["broker"]["username"], reply.json["session"]["id"])

        # the address counts as well as the name
        other = server.post("/v1/sessions", {"user": "admin@localhost", "password": password}, token=None).json["token"]

        for method, path_, flags, _, body_max in routes():
            if flags & (PUBLIC | FIRST):
                continue
            reply = server.request(method, path_.replace("{id}", "1"), b"{}" if body_max else None, token=token)
            self.assertEqual((reply.status, reply.json["code"]), (403, "forbidden"), path_)

        self.assertEqual(server.get("/v1/sessions/current", token=token).status, 200)
        change = {"old": password, "new": "short"}
        self.assertEqual(server.request("PUT", "/v1/users/me/password", change, token=token).status, 400)
        change = {"old": "wrong password", "new": "a much better one"}
        self.assertEqual(server.request("PUT", "/v1/users/me/password", change, token=token).status, 403)
        change = {"old": password, "new": "a much better one"}
        self.assertEqual(server.request("PUT", "/v1/users/me/password", change, token=token).status, 204)

        self.assertFalse(path.exists())
        self.assertEqual(server.get("/v1/batches", token=token).status, 200)
        self.assertEqual(server.get("/v1/batches", token=other).status, 401, "other sessions end")
        self.assertEqual(server.post("/v1/sessions", {"user": "admin", "password": password}, token=None).status, 401)
        # and the next start does not make a new password
        server.stop()
        server.start()
        self.assertFalse(path.exists())
        self.assertEqual(server.get("/v1/batches", token=token).status, 200, "sessions outlive a restart")
        reply = server.post("/v1/sessions", {"user": "admin", "password": "a much better one"}, token=None)
        self.assertFalse(reply.json["session"]["mustChangePassword"])

    def test_wrong_credentials(self):
        server = self.start()
        unknown = server.post("/v1/sessions", {"user": "nobody", "password": "x"}, token=None)
        wrong = server.post("/v1/sessions", {"user": "admin", "password": "x"}, token=None)
        self.assertEqual(unknown.status, 401)
        self.assertEqual(unknown.body, wrong.body, "whether a user exists is not told")

    def test_throttle(self):
        server = self.start()
        statuses = [server.post("/v1/sessions", {"user": "admin", "password": "x"}, token=None).status
                    for _ in range(7)]
        self.assertEqual(statuses[0], 401)
        self.assertIn(429, statuses)
        password = (server.data / "admin-password").read_text().strip()
        # the right one has to wait too, but not for ever
        wait_for("signing in works again",
                 lambda: server.post("/v1/sessions", {"user": "admin", "password": password}, token=None).status == 201)

    def test_sign_out(self):
        server = self.start()
        password = (server.data / "admin-password").read_text().strip()
        reply = server.post("/v1/sessions", {"user": "admin", "password": password}, token=None)
        token, session = reply.json["token"], reply.json["session"]["id"]
        with server.database("broker.db") as db:
            self.assertEqual(db.execute("SELECT count(*) FROM session WHERE id = ?", (session,)).fetchone()[0], 1)
        self.assertEqual(server.request("DELETE", "/v1/sessions/current", token=token).status, 204)
        self.assertEqual(server.get("/v1/sessions/current", token=token).status, 401)
        with server.database("broker.db") as db:
            self.assertEqual(db.execute("SELECT count(*) FROM session WHERE id = ?", (session,)).fetchone()[0], 0)
            self.assertEqual(db.execute("SELECT count(*) FROM change WHERE username = ?", (session,)).fetchone()[0], 2)
            self.assertEqual(db.execute("SELECT * FROM reach").fetchall(), [(1, 1)])

    def test_token_file(self):
        server = self.start()
        first = server.token
        self.assertEqual(stat.S_IMODE(server.token_file.stat().st_mode), 0o600)
        self.assertEqual(server.get("/v1/batches").status, 200)
        server.stop()
        server.start()
        self.assertNotEqual(server.token, first)
        self.assertEqual(server.get("/v1/batches", token=first).status, 401)
        self.assertEqual(server.get("/v1/batches").status, 200)
        # neither token nor password is in a database
        server.stop()
        password = (server.data / "admin-password").read_text().strip().encode()
        for path in server.data.glob("*.db*"):
            self.assertNotIn(server.token.encode(), path.read_bytes())
            self.assertNotIn(password, path.read_bytes())


class Routes(BackendTest):
    def test_every_route_needs_a_token(self):
        server = self.start()
        n = 0
        for method, path, flags, _, body_max in routes():
            path = path.replace("{id}", "1")
            for token in (None, "bw_" + "A" * 43, "", "x"):
                if token == "":
                    continue
                reply = server.request(method, path, b"{}" if body_max else None, token=token)
                if flags & PUBLIC:
                    self.assertIn(reply.status, (200, 400), path)
                else:
                    self.assertEqual((reply.status, reply.json["code"]), (401, "unauthenticated"), f"{method} {path}")
                    self.assertEqual(reply.headers["WWW-Authenticate"], "Bearer")
                self.assertIsNone(reply.headers["Access-Control-Allow-Origin"])
                n += 1
        self.assertGreater(n, 50)

    def test_unknown_and_wrong_method(self):
        server = self.start()
        for path in ("/", "/v1", "/v1/", "/v1/nothing", "/v1/batches/", "/v1/batches/1/2/3", "/v1//batches",
                     "/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/v1/devices/../batches"):
            self.assertEqual(server.get(path).status, 404, path)
        reply = server.request("PATCH", "/v1/batches")
        self.assertEqual(reply.status, 405)
        self.assertEqual(reply.headers["Allow"], "GET, POST")
        self.assertEqual(server.request("DELETE", "/v1/status").status, 405)

    def test_status(self):
        server = self.start()
        document = server.get("/v1/status", token=None).json
        self.assertEqual(document["name"], "bellwetherd")
        self.assertEqual(document["broker"], "disconnected")


class BadInput(BackendTest):
    def test_batches(self):
        server = self.start()
        server.create("taken", 3)
        table = [
            ({"name": "a", "count": 0}, 400), ({"name": "a", "count": 1000001}, 400), ({"name": "a", "count": -1}, 400),
            ({"name": "a", "count": "5"}, 400), ({"name": "a", "count": 1.5}, 400), ({"name": "a"}, 400),
            ({"name": "", "count": 1}, 400), ({"name": " a", "count": 1}, 400), ({"name": "x" * 201, "count": 1}, 400),
            ({"name": 5, "count": 1}, 400), ({"count": 1}, 400), ({"name": "a\nb", "count": 1}, 400),
            ({"name": "a", "count": 1, "color": "red"}, 400), ({"name": "a", "count": 1, "color": "#12345g"}, 400),
            ({"name": "a", "count": 1, "info": "x" * 2001}, 400), ({"name": "a", "count": 1, "info": 5}, 400),
            ({"name": "a", "count": 1, "owner": "me"}, 400), ({"name": "a", "count": 1, "company": "nobody"}, 404),
            ({"name": "a", "count": 1, "companyId": "77"}, 404), ({"name": "a", "count": 1, "companyId": "x"}, 404),
            ({"name": "taken", "count": 1}, 409), ([], 400), ("text", 400), (5, 400), (None, 400),
        ]
        for body, status in table:
            reply = server.post("/v1/batches", body if body is not None else b"null")
            self.assertEqual(reply.status, status, f"{body!r:.80} {reply}")
            detail = reply.json["detail"]
            self.assertTrue(detail and "sqlite" not in detail.lower(), detail)
        self.assertEqual(len(server.get("/v1/batches").json["items"]), 1, "nothing of it was made")
        self.assertEqual(server.get("/v1/devices").json["total"], 3)

    def test_bodies(self):
        server = self.start()
        path = "/v1/batches"
        self.assertEqual(server.post(path, b"{").status, 400)
        self.assertEqual(server.post(path, b"").status, 400)
        self.assertEqual(server.post(path, b'{"name":"\xff\xfe","count":1}').status, 400)
        self.assertEqual(server.post(path, b"[" * 16000).status, 400)
        self.assertEqual(server.post(path, b'{"a":' * 3000).status, 400)
        self.assertEqual(server.post(path, b"x" * (2 * 1024 * 1024)).status, 413)
        self.assertEqual(server.request("GET", path, b"{}").status, 413)
        self.assertEqual(server.post("/v1/devices/actions", b"[" * 200000).status, 400)
        # in pieces without a length
        connection = http.client.HTTPConnection(server.host, server.port, timeout=120)
        connection.request("POST", path, (b"x" * 65536 for _ in range(32)),
                           {"Authorization": f"Bearer {server.token}"}, encode_chunked=True)
        self.assertEqual(connection.getresponse().status, 413)
        # who asks first is told before sending
        answer, _ = server.raw(b"POST /v1/batches HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
                               server.token.encode() + b"\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 413 "), answer)
        self.assertEqual(server.get("/v1/batches").status, 200)

    def test_queries(self):
        server = self.start()
        for query in ("limit=501", "limit=-1", "limit=x", "offset=-1", "offset=99999999999999999999", "status=purple",
                      "sort=price", "batch=x", "search=" + "a" * 201, "limit=", "status=%ff", "sort=%00"):
            reply = server.get("/v1/devices?" + query)
            self.assertEqual(reply.status, 400, f"{query} {reply}")
        self.assertEqual(server.get("/v1/devices?search=%25%27;--").json["total"], 0)
        for path in ("/v1/batches/0", "/v1/batches/x", "/v1/batches/-1", "/v1/batches/99999999999999999999",
                     "/v1/devices/x", "/v1/devices/aaaa-aaaa-aaaa-aaaa", "/v1/commands/1", "/v1/batches/9/ids",
                     "/v1/batches/9/hand-over.csv"):
            self.assertEqual(server.get(path).status, 404, path)
        self.assertEqual(server.post("/v1/batches/9/handed-over", {}).status, 404)
        self.assertEqual(server.request("DELETE", "/v1/batches/9").status, 404)

    @backend.about_no_database
    def test_long_head(self):
        server = self.start()
        answer, _ = server.raw(b"GET /v1/status HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 60000 + b"\r\n\r\n")
        self.assertFalse(answer.startswith(b"HTTP/1.1 200"), answer[:60])
        answer, _ = server.raw(b"GET /" + b"a" * 60000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertFalse(answer.startswith(b"HTTP/1.1 200"), answer[:60])
        self.assertEqual(server.get("/v1/status").status, 200)


@backend.about_no_database
class Framing(BackendTest):
    """Shapes of a request that a proxy before us could read another way."""

    def test_smuggling(self):
        server = self.start()
        token = b"Authorization: Bearer " + server.token.encode() + b"\r\n"
        inner = b"GET /v1/sessions/current HTTP/1.1\r\nHost: x\r\n" + token + b"\r\n"
        shapes = {
            "two hosts": b"GET /v1/status HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "two equal hosts": b"GET /v1/status HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
            "no host": b"GET /v1/status HTTP/1.1\r\nX: y\r\n\r\n",
            "length and encoding": b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                                   b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner,
            "encoding and length": b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                                   b"Content-Length: 5\r\n\r\n0\r\n\r\n" + inner,
            "two lengths": b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
                           b"Content-Length: 9\r\n\r\n" + inner,
            "two equal lengths": b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                                 b"Content-Length: 2\r\n\r\n{}" + inner,
            "two encodings": b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                             b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n" + inner,
            "a length below zero": b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n" + inner,
            "a length of words": b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n" + inner,
            "a get with a body": b"GET /v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                                 b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner,
        }
        for name, shape in shapes.items():
            answer, closed = server.raw(shape)
            self.assertNotIn(b"mustChangePassword", answer, f"{name}: the request within was run")
            self.assertNotIn(b" 200 ", answer.split(b"\r\n")[0], name)
            self.assertTrue(closed, f"{name}: the connection must not be used any more")
        self.assertEqual(server.get("/v1/status").status, 200)

    def test_chunked_and_pipelined(self):
        server = self.start()
        token = b"Authorization: Bearer " + server.token.encode() + b"\r\n"
        answer, _ = server.raw(b"POST /v1/batches HTTP/1.1\r\nHost: x\r\n" + token +
                               b"Transfer-Encoding: chunked\r\n\r\n"
                               b"a\r\n{\"name\":\"c\r\nd\r\nhunk\",\"count\"\r\n4\r\n:12}\r\n0\r\n\r\n")
        self.assertIn(b" 201 ", answer)
        answer, _ = server.raw((b"GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n") * 20)
        self.assertEqual(answer.count(b"HTTP/1.1 200 OK"), 20)

    def test_not_http(self):
        server = self.start()
        for noise in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), b"\0" * 1000, b"\r\n" * 2000,
                      os.urandom(4000), b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
            server.raw(noise)
        self.assertEqual(server.get("/v1/status").status, 200)

    def test_slow_and_idle_peers(self):
        server = self.start()
        peers = []
        for i in range(400):
            peer = socket.create_connection((server.host, server.port))
            if i % 2:
                peer.sendall(b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Le")
            elif i % 4:
                peer.sendall(b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            peers.append(peer)
        start = time.monotonic()
        for _ in range(20):
            self.assertEqual(server.get("/v1/batches").status, 200)
        self.assertLess(time.monotonic() - start, 5)
        for peer in peers:
            peer.close()

    def test_peer_leaves(self):
        server = self.start()
        server.create("many", 30000)
        for _ in range(10):
            peer = socket.create_connection((server.host, server.port))
            peer.sendall(b"GET /v1/batches/1/hand-over.csv HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
                         server.token.encode() + b"\r\n\r\n")
            peer.close()
        self.assertEqual(server.get("/v1/batches/1").status, 200)
        self.assertEqual(server.stop(), 0)


class Stop(BackendTest):
    def test_requests_under_way_are_answered(self):
        server = self.start()
        server.create("many", 50000)
        replies = []

        def fetch():
            replies.append(server.get("/v1/batches/1/ids"))
        threads = [threading.Thread(target=fetch) for _ in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(0.05)
        self.assertEqual(server.stop(), 0)
        for thread in threads:
            thread.join()
        for reply in replies:
            self.assertIn(reply.status, (200, 503))
            if reply.status == 200:
                self.assertEqual(len(reply.body), 50000 * 20)
        self.assertFalse((server.data / "bellwether.db-wal").exists(), "the log is in the database")

    def test_log_has_no_secrets(self):
        server = self.start()
        password = (server.data / "admin-password").read_text().strip()
        server.post("/v1/sessions", {"user": "admin", "password": password}, token=None)
        server.stop()
        text = server.stderr()
        self.assertNotIn(password, text)
        self.assertFalse(re.search(r"bw_[A-Za-z0-9_-]{43}", text))


if __name__ == "__main__":
    backend.main()
