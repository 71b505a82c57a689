#!/usr/bin/python3
"""data/openapi.yaml is true: the same routes as the table, and what a real backend answers is what it says.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re
import sys
import unittest
from pathlib import Path

import backend

try:
    import jsonschema
    import yaml
except ImportError as error:
    print(f"{error}; the packages python3-jsonschema and python3-yaml are not installed", file=sys.stderr)
    sys.exit(77)

from every_route import CASES, Walk, routes

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ROOT / "src/server/http"


def load():
    return yaml.safe_load((ROOT / "data/openapi.yaml").read_text(encoding="utf-8"))


class Document:
    def __init__(self):
        self.yaml = load()
        self.resolver = jsonschema.RefResolver("", self.yaml)

    def follow(self, value):
        while isinstance(value, dict) and "$ref" in value:
            value = self.resolver.resolve(value["$ref"])[1]
        return value

    def operations(self):
        """(name as in the table, operation, all its parameters)"""
        for path, item in self.yaml["paths"].items():
            for method in ("get", "post", "put", "patch", "delete"):
                if method in item:
                    operation = item[method]
                    yield (f"{method.upper()} {path}", operation,
                           [self.follow(p) for p in item.get("parameters", []) + operation.get("parameters", [])])

    def body(self, operation):
        """The schema of the body; None: it has none, or is a table."""
        if "requestBody" not in operation:
            return None
        return self.follow(operation["requestBody"])["content"].get("application/json", {}).get("schema")

    def problems(self, schema, value):
        return [f"{list(e.absolute_path)}: {e.message[:200]}"
                for e in jsonschema.Draft202012Validator(schema, resolver=self.resolver).iter_errors(value)]


def function_bodies():
    """name of a handler -> its text, with what it calls in its own file"""
    found = {}
    for path in sorted(SOURCES.glob("*.c")):
        text = path.read_text(encoding="utf-8")
        inner = {match.group(1): match.group() for match in re.finditer(r"^(\w+) \(.*?^\}", text, re.M | re.S)}
        for name in inner:
            if name.startswith("bw_http_"):
                found[name] = "".join(inner[other] for other in reached(inner, name))
    return found


def reached(functions, name):
    order = [name]
    for current in order:
        order += [other for other in functions if other not in order and re.search(rf"\b{other} \(", functions[current])]
    return order


def table_functions():
    """route name -> the function that the row of the table names"""
    text = (SOURCES / "bw-http-routes.c").read_text(encoding="utf-8")
    rows = re.findall(r'\{ "(\w+)",\s+"(/v1[^"]*)",[^}]*?(bw_http_\w+)[^}]*\}', text)
    return {f"{method} {path}": function for method, path, function in rows}


class Routes(unittest.TestCase):
    def setUp(self):
        self.document = Document()
        self.operations = {name: (operation, parameters) for name, operation, parameters in self.document.operations()}
        self.routes = {route.name: route for route in routes()}

    def test_it_is_openapi(self):
        document = self.document.yaml
        self.assertEqual(document["openapi"], "3.1.0")
        names = [operation["operationId"] for operation, _ in self.operations.values()]
        self.assertEqual(len(names), len(set(names)))
        tags = {tag["name"] for tag in document["tags"]}
        for name, (operation, parameters) in self.operations.items():
            self.assertLessEqual(set(operation["tags"]), tags, name)
            self.assertTrue(operation["summary"], name)
            self.assertIn("default", operation["responses"], name)
            self.assertEqual("{id}" in name, any(p["in"] == "path" for p in parameters), name)
            for parameter in parameters:
                self.assertIn("schema", parameter, name)
        self.references(document)

    def references(self, value):
        """Each leads somewhere, and stands alone."""
        if isinstance(value, dict):
            if "$ref" in value:
                self.assertTrue(self.document.follow(value))
                self.assertLessEqual(set(value), {"$ref", "description"})
            for inner in value.values():
                self.references(inner)
        elif isinstance(value, list):
            for inner in value:
                self.references(inner)

    def test_nothing_is_left_over(self):
        text = (ROOT / "data/openapi.yaml").read_text(encoding="utf-8")
        for section, entries in self.document.yaml["components"].items():
            if section != "securitySchemes":
                for name in entries:
                    self.assertIn(f'"#/components/{section}/{name}"', text)

    def test_the_same_routes(self):
        self.assertEqual(set(self.operations), set(self.routes))
        for name, (operation, _) in self.operations.items():
            route = self.routes[name]
            permission = operation.get("x-permission", [])
            self.assertEqual([permission] if isinstance(permission, str) else permission, route.permissions, name)
            self.assertEqual(operation.get("security") == [], route.is_public, name)
            if self.document.body(operation) is not None:
                self.assertGreater(route.body_max, 0, name)

    def test_bodies_have_the_members_that_are_read(self):
        functions, bodies = table_functions(), function_bodies()
        for name, (operation, _) in self.operations.items():
            members = self.routes[name].kind_members
            if members is None and name in functions:
                match = re.search(r"members\[\] = \{(.*?)NULL\s*\}", bodies[functions[name]], re.S)
                members = re.findall(r'"(\w+)"', match.group(1)) if match else None
            schema = self.document.body(operation)
            if members is None:
                self.assertIsNone(schema, name)
                continue
            self.assertEqual(set(schema.get("properties", {})), set(members), name)
            self.assertIs(schema["additionalProperties"], False, name)

    def test_queries_have_the_parameters_that_are_read(self):
        functions, bodies = table_functions(), function_bodies()
        for name, (operation, parameters) in self.operations.items():
            # the rows of a macro have the functions of all kinds
            text = bodies[functions.get(name, f"bw_http_{name.split()[0].lower()}_one")]
            read = set(re.findall(r'(?:bw_http_get_filter|bw_exchange_get_query|bw_exchange_get_query_int) \(exchange, "(\w+)"', text))
            # a filter's members are parameters of their own, which another function takes
            takes_filter = "bw_http_read_device_filter (exchange" in text
            self.assertEqual({p["name"] for p in parameters if p["in"] == "query"}, read | ({"filter"} if takes_filter else set()), name)

    def test_audit_actions(self):
        """The desktop has words for those of the document: it names all that are written."""
        written = set()
        for path in (ROOT / "src/server/service").glob("*.c"):
            text = path.read_text(encoding="utf-8")
            for table in re.findall(r"\b(?:action_nicks|actions)\[\]\s*=\s*\{(.*?)\};", text, re.DOTALL):
                written.update(re.findall(r'"([^"]+)"', table))
            for value in re.findall(r"\.action = (.*?), \.kind = ", text, re.DOTALL):
                written.update(re.findall(r'"([^"]+)"', value))
            for call in re.findall(r"add_audit(?:_of_rows)? \((.*?)\)[;\s&|)]", text, re.DOTALL):
                written.update(re.findall(r'"([^"]+)"', call)[:1])
        self.assertEqual(written, set(load()["components"]["schemas"]["AuditAction"]["enum"]))

    def test_examples(self):
        n = 0
        schemas = dict(self.document.yaml["components"]["schemas"])
        schemas.update({name: self.document.body(operation) for name, (operation, _) in self.operations.items()
                        if self.document.body(operation) is not None})
        for name, schema in schemas.items():
            jsonschema.Draft202012Validator.check_schema(schema)
            for example in schema.get("examples", []):
                self.assertEqual(self.document.problems(schema, example), [], name)
                n += 1
        self.assertGreater(n, 30)


class Replies(Walk):
    def test_recorded_replies(self):
        document = Document()
        operations = {name: operation for name, operation, _ in document.operations()}
        self.assertEqual(set(operations) - set(CASES), set(), "a new route needs a case in every_route.py")
        self.begin()
        for name, function in CASES.items():
            function(self)
        for name, body, reply, _ in self.calls:
            with self.subTest(name):
                self.assertIn(reply.status, (200, 201, 202, 204), f"{name} {reply}")
                self.matches(document, operations[name], reply)
                schema = document.body(operations[name])
                if schema is not None:
                    self.assertEqual(document.problems(schema, body), [])
        for reply in self.previews:
            self.matches(document, {"responses": {"200": {"$ref": "#/components/responses/Preview"}}}, reply)
        self.assertEqual({call[0] for call in self.calls}, set(operations))
        log = self.server.get("/v1/audit?limit=500")
        self.assertGreater(log.json["total"], 50)
        self.matches(document, operations["GET /v1/audit"], log)
        self.others(document, operations)

    def matches(self, document, operation, reply):
        answers = operation["responses"]
        self.assertTrue(str(reply.status) in answers or reply.status >= 400, f"{reply}")
        response = document.follow(answers.get(str(reply.status), answers.get("default")))
        content = response.get("content", {})
        if not content:
            self.assertEqual(reply.body, b"")
            return
        kind = reply.headers["Content-Type"].split(";")[0]
        self.assertIn(kind, content)
        if kind == "application/json":
            self.assertEqual(document.problems(content[kind]["schema"], reply.json), [], reply.body[:500])

    def others(self, document, operations):
        """What the walk does not come by: what waits, what would be, and what goes wrong."""
        server = self.server
        _, token = self.user()
        other, _ = self.user("serviceman")
        participation = other["participations"][0]["id"]
        parked = server.request("DELETE", f"/v1/participations/{participation}", token=token)
        self.assertEqual(parked.status, 202)
        self.matches(document, operations["DELETE /v1/participations/{id}"], parked)
        revision = server.get(f"/v1/participations/{participation}").json["revision"]
        would = server.request("PATCH", f"/v1/participations/{participation}?preview=true",
                               {"revision": revision, "roleId": self.role(server, "support")})
        self.assertEqual(would.json["nUsers"], 1)
        self.matches(document, operations["PATCH /v1/participations/{id}"], would)
        preview = server.post("/v1/bulk", {"action": "approve", "filter": {}, "preview": True})
        self.assertEqual((preview.status, preview.json["nChange"] < preview.json["total"]), (200, True))
        self.matches(document, operations["POST /v1/bulk"], preview)
        for status, reply in ((401, server.get("/v1/devices", token=None)), (403, server.post("/v1/batches", {}, token=token)),
                              (404, server.get("/v1/batches/77")), (404, server.get("/v1/nothing")),
                              (405, server.request("PUT", "/v1/batches", b"{}")), (400, server.post("/v1/batches", {"x": 1})),
                              (409, server.request("DELETE", "/v1/companies/1")), (413, server.post("/v1/batches", b" " * 20000))):
            self.assertEqual(reply.status, status)
            self.matches(document, operations["GET /v1/devices"], reply)


if __name__ == "__main__":
    backend.main()
