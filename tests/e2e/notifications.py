"""Stands where a desktop shows notifications: keeps what it is asked to show, and presses their buttons.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import threading

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
INTERFACE = f"""<node><interface name="{NAME}">
<method name="GetCapabilities"><arg type="as" direction="out"/></method>
<method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/>
<arg type="s" direction="out"/><arg type="s" direction="out"/></method>
<method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{{sv}}" direction="in"/>
<arg type="i" direction="in"/><arg type="u" direction="out"/></method>
<method name="CloseNotification"><arg type="u" direction="in"/></method>
<signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
<signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
</interface></node>"""


class Notifications:
    """A thread of its own answers, since a test sleeps while it waits."""

    def __init__(self):
        self.all = []          # each time it was asked: {"id", "title", "body", "actions"}
        self.shown = {}        # id → the newest of it, until it is withdrawn
        self.ready = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()
        if not self.ready.wait(60):
            raise RuntimeError("nobody could stand where notifications go")

    def _run(self):
        context = GLib.MainContext()
        context.push_thread_default()
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = Gio.DBusConnection.new_for_address_sync(os.environ["DBUS_SESSION_BUS_ADDRESS"], flags, None, None)
        self.bus.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0], self._call, None, None)
        self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                           GLib.Variant("(su)", (NAME, 0)), None, Gio.DBusCallFlags.NONE, -1, None)
        self.ready.set()
        GLib.MainLoop.new(context, False).run()

    def _call(self, connection, sender, path, interface, method, parameters, invocation):
        if method == "Notify":
            _, replaces, _, title, body, actions, _, _ = parameters.unpack()
            number = replaces or len(self.all) + 1
            self.shown[number] = {"id": number, "title": title, "body": body, "actions": dict(zip(actions[::2], actions[1::2]))}
            self.all.append(self.shown[number])
            invocation.return_value(GLib.Variant("(u)", (number,)))
        elif method == "CloseNotification":
            self.shown.pop(parameters.unpack()[0], None)
            invocation.return_value(None)
        elif method == "GetCapabilities":
            invocation.return_value(GLib.Variant("(as)", (["actions", "body"],)))
        else:
            invocation.return_value(GLib.Variant("(ssss)", ("test", "Bellwether", "1", "1.2")))

    def look(self, title):
        """The one that is shown under that title, or None."""
        return next((n for n in list(self.shown.values()) if n["title"] == title), None)

    def press(self, notification, action):
        """The label of a button; None for the notification itself."""
        name = next(key for key, label in notification["actions"].items() if (label == action if action else key == "default"))
        self.bus.emit_signal(None, PATH, NAME, "ActionInvoked", GLib.Variant("(us)", (notification["id"], name)))
        # as a desktop does that has shown it
        self.shown.pop(notification["id"], None)
        self.bus.emit_signal(None, PATH, NAME, "NotificationClosed", GLib.Variant("(uu)", (notification["id"], 2)))
        self.bus.flush_sync(None)
