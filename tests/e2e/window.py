"""Drives the real window through its accessibility tree, as a screen reader would see it.

Needs a session bus and an X display: tests/support/ui-session.sh starts both.
SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re
import subprocess

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

from harness import Failed, wait_for  # noqa: E402

MAX_NODES = 4000
SHADOW = 5
TABLES = {"tree table", "table"}
# What one presses, types into or chooses from.
CONTROLS = {"push button", "toggle button", "check box", "radio button", "combo box", "entry", "text", "password text", "spin button",
            "slider", "menu item", "tree table"}
ROOTS = {"application", "frame", "dialog", "window", "file chooser"}


def children(node):
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None:
            yield child


class Window:
    """One running program. Every look-up polls until it is there or the time is over."""

    def __init__(self, program, seconds=30.0):
        self.program = program
        Atspi.init()
        # A call that takes longer fails, at 0.8 s by default, and a program under a sanitizer on a busy machine does stand still so long.
        Atspi.set_timeout(30000, 60000)
        self.application = wait_for(f"{program.name} is on the accessibility bus", self._find_application, seconds)

    def _find_application(self):
        if self.program.process.poll() is not None:
            raise Failed(f"{self.program.name} ended with {self.program.process.returncode}:\n{self.program.text()[-2000:]}")
        desktop = Atspi.get_desktop(0)
        for application in children(desktop):
            try:
                if application.get_process_id() == self.program.process.pid and application.get_child_count() > 0:
                    return application
            except GLib.Error:
                continue
        return None

    def nodes(self, into_tables=False, start=None):
        """Breadth first, what has a place on the screen: GTK 4.8 calls hidden pages of a stack visible too."""
        queue = [start or self.application]
        seen = 0
        while queue and seen < MAX_NODES:
            node = queue.pop(0)
            seen += 1
            try:
                states = node.get_state_set()
                if node is not (start or self.application) and not states.contains(Atspi.StateType.VISIBLE):
                    continue
                if node.get_role_name() in ROOTS or self.has_place(node):
                    yield node
                if into_tables or node.get_role_name() not in TABLES:
                    queue.extend(children(node))
            except GLib.Error:
                continue

    @staticmethod
    def has_place(node):
        """A GtkStackPage and the application itself have no extents to ask for."""
        try:
            return Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW).width > 0
        except GLib.Error:
            return False

    def look(self, role, name, into_tables=False, start=None):
        for node in self.nodes(into_tables, start):
            try:
                if (role is None or node.get_role_name() == role) and re.search(name, node.get_name() or ""):
                    return node
            except GLib.Error:
                continue
        return None

    def find(self, role, name, seconds=15.0, into_tables=False, start=None):
        return wait_for(f"the window shows {role or 'something'} “{name}”",
                        lambda: self.look(role, name, into_tables, start), seconds, 0.1)

    def gone(self, role, name, seconds=15.0, into_tables=False):
        wait_for(f"the window no longer shows {role} “{name}”", lambda: not self.look(role, name, into_tables), seconds, 0.1)

    def all_named(self, start=None):
        """Fails when a screen reader has nothing to say of what has the focus: no name, or that of GTK's class."""
        nameless = set()
        for node in self.nodes(False, start):
            try:
                name = node.get_name() or ""
                if node.get_role_name() in CONTROLS and node.get_state_set().contains(Atspi.StateType.FOCUSABLE) and \
                        re.fullmatch(r"((Gtk|Adw|Bw)[A-Z]\w*|[\w-]+-symbolic|\s*)", name):
                    parent = node.get_parent()
                    # the cross of a toast is libadwaita's, and has none up to 1.2
                    if parent.get_name() == "AdwToastWidget":
                        continue
                    nameless.add(f"{node.get_role_name()} “{name}” in {parent.get_role_name()} “{parent.get_name()}”")
            except GLib.Error:
                continue
        if nameless:
            raise Failed("these have no name: " + ", ".join(sorted(nameless)))

    def has_text(self, pattern, seconds=15.0, into_tables=True):
        return self.find(None, pattern, seconds, into_tables)

    def is_sensitive(self, node):
        return node.get_state_set().contains(Atspi.StateType.SENSITIVE)

    def click(self, role, name, seconds=15.0, into_tables=False, start=None):
        node = self.find(role, name, seconds, into_tables, start)
        wait_for(f"{role} “{name}” can be used", lambda: self.is_sensitive(node), seconds)
        self.act(node)
        return node

    def act(self, node):
        """do_action always answers yes: look at the effect, not here."""
        if node.get_n_actions() == 0:
            raise Failed(f"{node.get_role_name()} “{node.get_name()}” offers no action")
        node.do_action(0)

    def type(self, name, text, role="text", start=None):
        node = self.find(role, name, start=start)
        node.set_text_contents(text)
        return node

    def set_number(self, name, value, role="spin button"):
        node = self.find(role, name)
        node.set_current_value(value)
        wait_for(f"“{name}” is {value}", lambda: abs(node.get_current_value() - value) < 1e-9)
        return node

    def select(self, role, name, *rows, into_tables=True):
        """Selects rows of a list by their numbers; those that were selected no longer are."""
        node = self.find(role, name, into_tables=into_tables)
        Atspi.Selection.clear_selection(node)
        for row in rows:
            Atspi.Selection.select_child(node, row)
        return node

    def rows_of(self, table):
        """The texts of each row there is a widget for, in no order; none while they change, for whoever waits asks again."""
        listing = self.find("list", "GtkColumnListView", into_tables=True, start=self.find("tree table", table))
        try:
            return [[node.get_name() for node in self.nodes(True, row) if node.get_role_name() == "label"]
                    for row in children(listing)]
        except GLib.Error:
            return []

    def row_around(self, node):
        """Looking only into it is quick enough for what is said for a few seconds."""
        while node is not None and node.get_role_name() != "list item":
            node = node.get_parent()
        if node is None:
            raise Failed("it is in no row")
        return node

    def is_checked(self, node):
        return node.get_state_set().contains(Atspi.StateType.CHECKED)

    def tree(self, into_tables=True):
        """For the eyes of whoever mends a test."""
        lines = []

        def visit(node, depth):
            if len(lines) > MAX_NODES:
                return
            try:
                states = node.get_state_set()
                flags = "".join(letter for letter, state in (("v", Atspi.StateType.VISIBLE), ("s", Atspi.StateType.SENSITIVE),
                                                             ("c", Atspi.StateType.CHECKED)) if states.contains(state))
                lines.append(f"{'  ' * depth}{node.get_role_name()} “{node.get_name()}” {flags}")
                if into_tables or node.get_role_name() not in TABLES:
                    for child in children(node):
                        visit(child, depth + 1)
            except GLib.Error:
                pass
        visit(self.application, 0)
        return "\n".join(lines)


def key(*keys):
    subprocess.run(["xdotool", "key", *keys], check=True)


def click(node, times=1, title=None):
    """With the mouse. The window is at the corner of the screen, a dialog is found by its title; extents leave the shadow out."""
    place = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
    x, y = place.x + place.width // 2 + SHADOW, place.y + place.height // 2 + SHADOW
    of = []
    if title:
        of = ["--window", subprocess.run(["xdotool", "search", "--onlyvisible", "--name", title], check=True, capture_output=True,
                                         text=True).stdout.split()[-1]]
    subprocess.run(["xdotool", "mousemove", *of, str(x), str(y), "click", "--repeat", str(times), "--delay", "40", "1"], check=True)


def double_click(node):
    click(node, 2)


def screenshot(path):
    subprocess.run(["import", "-window", "root", str(path)], check=True, env=dict(os.environ, MAGICK_THREAD_LIMIT="1"))
