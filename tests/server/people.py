"""Companies, users and sessions as the tests of the people side make them.

SPDX-License-Identifier: GPL-3.0-or-later
"""

from backend import BackendTest


class People(BackendTest):
    """A backend with its first admin's token, and short ways to the routes."""

    def ok(self, reply, *statuses):
        self.assertIn(reply.status, statuses or (200, 201, 204), f"{reply}")
        return reply.json if reply.body else None

    def refused(self, reply, status, words=""):
        self.assertEqual(reply.status, status, f"{reply}")
        self.assertIn(words, reply.json["detail"])
        self.assertNotIn("sql", reply.json["detail"].lower())
        return reply.json

    def company(self, server, name, parent=None, **rest):
        body = {"name": name, "alias": name.lower(), **rest}
        if parent:
            body["parentId"] = parent
        return self.ok(server.post("/v1/companies", body))["id"]

    def role(self, server, nick):
        return next(r["id"] for r in server.get("/v1/roles").json["items"] if r["builtin"] == nick or r["name"] == nick)

    def invite(self, server, email, company, role=None, token="", **rest):
        """The user's document, the invitation beside it."""
        body = {"email": email, "firstName": email.split("@")[0].title(), "lastName": "Test", "companyId": company, **rest}
        if role:
            body["roleId"] = self.role(server, role)
        return self.ok(server.post("/v1/users", body, token=token), 201)

    def accept(self, server, code, password="a good password"):
        """A token."""
        return self.ok(server.post("/v1/invitations", {"code": code, "password": password}, token=None), 201)["token"]

    def member(self, server, email, company, role):
        """The user's document and a token of his."""
        user = self.invite(server, email, company, role)
        return user, self.accept(server, user["invitation"]["code"])
