#!/usr/bin/python3
"""A server that nobody vouches for, in the window: looked at, trusted, changed, forgotten.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import contextlib
import os
import re
import shutil
import socket
import ssl
import sys
import threading
from pathlib import Path

from harness import Failed, Folder, Installation, Tap, check, wait_for
from window import Window, key, screenshot

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
sys.path.insert(0, str(HERE.parent / "support"))
from certificates import Authority, fingerprint  # noqa: E402

PASSWORD = "correct horse 7"
tap = Tap()


class Impostor:
    """Shows a certificate and keeps what it is told after the handshake."""

    def __init__(self, certificate, private_key):
        self.heard = b""
        self.n_met = 0
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(str(certificate), str(private_key))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            with contextlib.suppress(OSError), self.context.wrap_socket(peer, server_side=True) as tls:
                while piece := tls.recv(65536):
                    self.heard += piece
            self.n_met += 1

    def close(self):
        self.listener.close()


def start(place, name, *arguments):
    env = dict(os.environ, HOME=str(place.home), XDG_DATA_HOME=str(place.home / "share"),
               XDG_CONFIG_HOME=str(place.home / "config"), XDG_STATE_HOME=str(place.home / "state"),
               XDG_CACHE_HOME=str(place.home / "cache"))
    return place.spawn(name, place.build / "src/app/bellwether", *arguments, env=env)


def sign_in(window, address, password=PASSWORD):
    window.type("^Server Address", address)
    window.type("^User$", "admin")
    window.type("^Password$", password)
    window.click("push button", "Sign In$")


def leave(desktop):
    key("ctrl+q")
    check(desktop.process.wait(100) == 0, desktop.text()[-1000:])


def shown(text):
    """A fingerprint as the dialog has it: in two lines."""
    return f"^{text[:len(text) // 2]}\n{text[len(text) // 2 + 1:]}$"


def picture(place, name):
    if place.out is not None:
        screenshot(place.out / f"{name}.png")


def pins(place):
    path = place.home / "config/bellwether/certificates.ini"
    return path.read_text() if path.exists() else ""


@tap.test
def test_a_stranger_is_told_nothing(place):
    authority = Authority(place.folder / "impostor")
    certificate, private_key = authority.sign_expired("other.example.org", names="DNS:other.example.org")
    impostor = Impostor(certificate, private_key)
    desktop = start(place, "told-nothing")
    window = Window(desktop)
    sign_in(window, f"https://localhost:{impostor.port}", "my secret password")
    window.find(None, rf"^Do You Trust localhost:{impostor.port}\?$")
    window.find(None, shown(fingerprint(certificate)))
    window.find(None, "Nobody whom this computer trusts has signed the certificate")
    window.find(None, "for another server, not for localhost")
    window.find(None, "expired on")
    picture(place, "stranger")
    wait_for("the handshake is over", lambda: impostor.n_met > 0)
    key("Escape")
    window.find(None, "This server’s certificate is not trusted")
    window.gone(None, "Do You Trust")
    check(impostor.heard == b"", f"it was told {impostor.heard!r}")
    check(pins(place) == "", "something was trusted")
    # what was typed is still there
    wait_for("the form is as it was", lambda: window.is_sensitive(window.find("push button", "Sign In$")))
    leave(desktop)
    impostor.close()


@tap.test
def test_trust(place):
    certificate = place.data / "tls/server.pem"
    one_time = (place.data / "admin-password").read_text().strip()
    desktop = start(place, "trust")
    window = Window(desktop)
    sign_in(window, place.api, one_time)
    window.find(None, shown(fingerprint(certificate)))
    check((place.data / "admin-password").exists(), "the password was used already")
    window.click("push button", "Trust$")
    window.find(None, "New Password")
    window.type("^Current Password$", one_time)
    window.type("^New Password$", PASSWORD)
    window.type("^New Password Again$", PASSWORD)
    window.click("push button", "Change$")
    window.has_text("No Devices Yet")
    check(fingerprint(certificate) in pins(place) and place.api.split("://")[1] in pins(place), pins(place))
    check((place.home / "config/bellwether/certificates.ini").stat().st_mode & 0o077 == 0, "others can write the list")

    # the broker shows the same certificate, and the live feed comes from there
    place.ctl("batch", "create", "--name", "Live", "--count", "7")
    window.has_text(r"\b7\b")
    if window.look(None, "No live updates"):
        raise Failed("the broker is not trusted")
    leave(desktop)


@tap.test
def test_a_pin_is_kept(place):
    desktop = start(place, "kept", "--server", place.api, "--token-file", place.token_file)
    window = Window(desktop)
    window.has_text("Overview")
    window.has_text(r"\b7\b")
    leave(desktop)


@tap.test
def test_a_changed_certificate(place):
    """In the middle of a session, and again at the next start."""
    folder = place.data / "tls"
    place.before = fingerprint(folder / "server.pem")
    desktop = start(place, "changed", "--server", place.api, "--token-file", place.token_file)
    window = Window(desktop)
    window.has_text(r"\b7\b")

    place.stop_server()
    (folder / "server.pem").unlink()
    (folder / "server.key").unlink()
    place.start()
    place.after = fingerprint(folder / "server.pem")
    check(place.before != place.after, "it is the same certificate")
    window.find(None, "The Certificate of .* Has Changed", 30)
    window.find(None, shown(place.before))
    window.find(None, shown(place.after))
    check(window.look("push button", "^Trust$") is None, "a changed certificate can be trusted with one click")
    picture(place, "changed")
    key("Escape")
    window.gone(None, "Has Changed")
    window.find(None, "certificate is not trusted. Trying again")
    check(place.after not in pins(place), "the new one was trusted")
    leave(desktop)

    desktop = start(place, "changed-again")
    window = Window(desktop)
    sign_in(window, place.api)
    window.find(None, "The Certificate of .* Has Changed")
    key("Escape")
    window.find(None, "This server’s certificate has changed. It is not trusted")
    place.desktop, place.window = desktop, window


@tap.test
def test_forget(place):
    window = place.window
    key("F10")
    window.click("menu item", "Trusted Certificates")
    window.find(None, re.escape(place.before))
    picture(place, "trusted")
    window.click("push button", "Forget the Certificate of")
    window.find(None, "No Certificates")
    check(place.before not in pins(place), pins(place))
    key("Escape")
    window.click("push button", "Sign In$")
    window.find(None, "Do You Trust")
    window.find(None, shown(place.after))
    window.click("push button", "Trust$")
    window.has_text(r"\b7\b")
    leave(place.desktop)


@tap.test
def test_an_authority(place):
    """BELLWETHER_CA vouches for it, and nobody is asked."""
    shutil.rmtree(place.home)
    os.environ["BELLWETHER_CA"] = place.ca
    try:
        desktop = start(place, "authority", "--server", place.api, "--token-file", place.token_file)
    finally:
        del os.environ["BELLWETHER_CA"]
    window = Window(desktop)
    window.has_text(r"\b7\b")
    check(pins(place) == "", "something was trusted")
    leave(desktop)


class Place(Installation):
    """At ports that stay the same over a restart, as a server's do."""

    def __init__(self, build, folder, out):
        with socket.socket() as one, socket.socket() as other:
            for probe in (one, other):
                probe.bind(("127.0.0.1", 0))
            ports = [str(probe.getsockname()[1]) for probe in (one, other)]
        super().__init__(build, folder, extra=["--tls", "--port", ports[0], "--broker-port", ports[1]])
        self.home = Path(folder) / "home"
        self.out = Path(out) if out else None

    def stop_server(self):
        check(self.serve.stop() == 0, self.serve.text()[-1000:])


def main():
    if "BW_UI_SESSION" not in os.environ:
        os.environ["BW_UI_SECRETS"] = "file"
        os.execv("/bin/bash", ["bash", str(SESSION), sys.executable, *sys.argv])
    with Folder() as folder:
        place = Place(sys.argv[1], folder, sys.argv[2] if len(sys.argv) > 2 else None)
        try:
            place.start()
            return tap.run(place)
        finally:
            place.kill()


if __name__ == "__main__":
    sys.exit(main())
