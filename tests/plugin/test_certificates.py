#!/usr/bin/python3
"""The broker by TLS: devices with a key, devices with a certificate, and strangers. test_certificates.py BUILD

SPDX-License-Identifier: GPL-3.0-or-later
"""

import contextlib
import getpass
import hashlib
import shutil
import signal
import socket
import sqlite3
import ssl
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from certificates import Authority  # noqa: E402

BUILD = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
CONF = Path(__file__).resolve().parents[2] / "data/server/mosquitto.conf"

LAMP, LAMP_KEY = "1amp-0000-0000-000a", "lamp-key"
METER, METER_KEY = "meta-0000-0000-000b", "meter-key"
OUTCAST, OUTCAST_KEY = "out0-0000-0000-000c", "outcast-key"
NEWCOMER = "new0-0000-0000-000d"
STATES = {LAMP: 1, METER: 1, OUTCAST: 2, NEWCOMER: 0}
KEYS = {LAMP: LAMP_KEY, METER: METER_KEY, OUTCAST: OUTCAST_KEY, NEWCOMER: "newcomer-key"}
SESSION, TOKEN = "session-1", "session-token"

LET_IN, REFUSED, NO_TLS = 0, 5, "no TLS"
DEADLINE_S = 120

SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE device  (id TEXT PRIMARY KEY, key_hash BLOB NOT NULL, state INTEGER NOT NULL, company_id INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE old_key (id TEXT PRIMARY KEY, key_hash BLOB NOT NULL, ends_at_us INTEGER NOT NULL, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE session (id TEXT PRIMARY KEY, token_hash BLOB NOT NULL, company_id INTEGER NOT NULL, expires_at_us INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE service (id TEXT PRIMARY KEY, token_hash BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE reach   (company_id INTEGER NOT NULL, member_id INTEGER NOT NULL, PRIMARY KEY (company_id, member_id)) WITHOUT ROWID;
CREATE TABLE change  (seq INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL);
"""


def hashed(secret):
    return hashlib.blake2b(secret.encode(), digest_size=32).digest()


def free_ports(count):
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def text(value):
    return struct.pack("!H", len(value.encode())) + value.encode()


def connect_packet(client_id, username, password):
    flags = 2 | (0x80 if username is not None else 0) | (0x40 if password is not None else 0)
    body = text("MQTT") + bytes([4, flags, 0, 0]) + text(client_id)
    body += b"".join(text(part) for part in (username, password) if part is not None)
    return bytes([0x10, len(body)]) + body


class Broker:
    """Mosquitto with what data/server/mosquitto.conf says, but for paths and ports."""

    def __init__(self, folder):
        self.folder = folder
        self.ca = Authority(folder / "ca")
        self.devices = Authority(folder / "devices", "Devices CA")
        self.certificate, self.key = self.ca.sign("localhost")
        self.crl = self.devices.list_revoked()
        self.key_port, self.certificate_port = free_ports(2)
        self.db = sqlite3.connect(folder / "broker.db", isolation_level=None)
        self.db.executescript(SCHEMA)
        for device, state in STATES.items():
            self.db.execute("INSERT INTO device VALUES (?, ?, ?, 1)", (device, hashed(KEYS[device]), state))
        self.db.execute("INSERT INTO session VALUES (?, ?, 1, ?)", (SESSION, hashed(TOKEN), 1 << 62))
        self.process = None

    def configuration(self):
        """The commented listeners of the file as it is shipped, opened."""
        lines = []
        for line in CONF.read_text(encoding="utf-8").splitlines():
            if line.startswith("#") and not line.startswith("# "):
                line = line[1:]
            lines.append(line)
        conf = "\n".join(lines) + f"\nuser {getpass.getuser()}\n"
        for old, new in (("listener 1883 127.0.0.1\n", ""), ("log_dest syslog", "log_dest stderr"),
                         ("/usr/lib/bellwether/bellwether-broker-plugin.so",
                          f"{BUILD}/src/plugin/bellwether-broker-plugin.so"),
                         ("/var/lib/bellwether/broker.db", f"{self.folder}/broker.db"),
                         ("/var/lib/mosquitto/", f"{self.folder}/"),
                         ("listener 8883\n", f"listener {self.key_port} 127.0.0.1\n"),
                         ("listener 8884\n", f"listener {self.certificate_port} 127.0.0.1\n"),
                         ("/etc/bellwether/broker.crt", str(self.certificate)),
                         ("/etc/bellwether/broker.key", str(self.key)),
                         ("/etc/bellwether/devices-ca.crt", str(self.devices.certificate)),
                         ("/etc/bellwether/devices-crl.pem", str(self.crl))):
            if old not in conf:
                raise AssertionError(f"mosquitto.conf has no {old!r} any more")
            conf = conf.replace(old, new)
        return conf

    def start(self):
        path = self.folder / "mosquitto.conf"
        path.write_text(self.configuration(), encoding="utf-8")
        self.log = open(self.folder / "log", "a", encoding="utf-8")
        self.process = subprocess.Popen(["/usr/sbin/mosquitto", "-c", str(path)], stderr=self.log, stdout=self.log)
        self.wait("admission reads", lambda: "admission reads" in (self.folder / "log").read_text())

    def wait(self, what, condition):
        end = time.monotonic() + DEADLINE_S
        while not condition():
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError(f"still not: {what}\n{(self.folder / 'log').read_text()}")
            time.sleep(0.02)

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(DEADLINE_S)
            self.log.close()
        self.db.close()

    def connect(self, port, context, username, password, client_id="x", keep=False):
        """What the broker answers; the socket too, for who wants to @keep it."""
        peer = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)
        try:
            peer = context.wrap_socket(peer, server_hostname="localhost")
            peer.sendall(connect_packet(client_id, username, password))
            answer = peer.recv(4)
            # TLS 1.3 tells of a refused certificate after the handshake
            answer = answer[3] if len(answer) == 4 else NO_TLS
        except (ssl.SSLError, ConnectionResetError, BrokenPipeError):
            answer = NO_TLS
        if keep:
            return answer, peer
        peer.close()
        return answer


class CertificateTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="bw-test-tls-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.broker = Broker(self.folder)
        self.addCleanup(self.broker.stop)

    def by_key(self, username, password, context=None):
        return self.broker.connect(self.broker.key_port, context or self.broker.ca.context(), username, password)

    def with_certificate(self, name, username, password=None, authority=None, **rest):
        certificate, key = (authority or self.broker.devices).sign(name, client=True)
        return self.broker.connect(self.broker.certificate_port, self.broker.ca.context(certificate, key),
                                   username, password, **rest)

    def test_by_key(self):
        self.broker.start()
        self.assertEqual(self.by_key(LAMP, LAMP_KEY), LET_IN)
        self.assertEqual(self.by_key(SESSION, TOKEN), LET_IN)
        self.assertEqual(self.by_key(LAMP, METER_KEY), REFUSED)
        self.assertEqual(self.by_key(OUTCAST, OUTCAST_KEY), REFUSED)
        self.assertEqual(self.by_key(None, None), REFUSED)

        # where nobody asks for a certificate none is worth anything
        certificate, key = self.broker.devices.sign(LAMP, client=True)
        context = self.broker.ca.context(certificate, key)
        self.assertEqual(self.by_key(LAMP, None, context), REFUSED)
        self.assertEqual(self.by_key(None, None, context), REFUSED)
        self.assertEqual(self.by_key(METER, METER_KEY, context), LET_IN)

    def test_versions(self):
        warnings.simplefilter("ignore", DeprecationWarning)
        self.broker.start()
        for version, works in ((ssl.TLSVersion.TLSv1, False), (ssl.TLSVersion.TLSv1_1, False),
                               (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)):
            context = self.broker.ca.context()
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
            self.assertEqual(self.by_key(LAMP, LAMP_KEY, context), LET_IN if works else NO_TLS, version)

    def test_by_certificate(self):
        self.broker.start()
        self.assertEqual(self.with_certificate(LAMP, LAMP), LET_IN)
        self.assertEqual(self.with_certificate(LAMP, None), LET_IN)
        self.assertEqual(self.with_certificate(LAMP, ""), LET_IN)
        self.assertEqual(self.with_certificate(LAMP, LAMP, LAMP_KEY), LET_IN)
        self.assertEqual(self.with_certificate(LAMP, LAMP, METER_KEY), LET_IN)
        self.assertEqual(self.with_certificate(LAMP, "1AMP00000000000A"), LET_IN)
        self.assertEqual(self.with_certificate("1AMP00000000000A", LAMP), LET_IN)
        self.assertEqual(self.with_certificate(NEWCOMER, None), LET_IN)

        # never another one, whatever else it knows
        self.assertEqual(self.with_certificate(LAMP, METER), REFUSED)
        self.assertEqual(self.with_certificate(LAMP, METER, METER_KEY), REFUSED)
        self.assertEqual(self.with_certificate(LAMP, SESSION, TOKEN), REFUSED)
        self.assertEqual(self.with_certificate(LAMP, LAMP, client_id=METER), REFUSED)
        self.assertEqual(self.with_certificate(OUTCAST, OUTCAST), REFUSED)
        self.assertEqual(self.with_certificate(OUTCAST, None), REFUSED)
        self.assertEqual(self.with_certificate("xxxx-0000-0000-0000", None), REFUSED)

        # a certificate that names no device says nothing about who comes
        self.assertEqual(self.with_certificate("somebody", LAMP), REFUSED)
        self.assertEqual(self.with_certificate("somebody", None), REFUSED)
        self.assertEqual(self.with_certificate("somebody", LAMP, LAMP_KEY), LET_IN)
        self.assertEqual(self.with_certificate(f"{LAMP}/CN={METER}", None), REFUSED)
        self.assertEqual(self.with_certificate(f"{LAMP}/CN={METER}", LAMP), REFUSED)

    def test_no_certificate(self):
        self.broker.start()
        self.assertEqual(self.broker.connect(self.broker.certificate_port, self.broker.ca.context(), LAMP, LAMP_KEY), NO_TLS)

    def test_foreign_certificates(self):
        self.broker.start()
        foreign = Authority(self.folder / "foreign", "Devices CA")
        self.assertEqual(self.with_certificate(LAMP, LAMP, authority=foreign), NO_TLS)
        # the CA of the server signs servers, not devices
        self.assertEqual(self.with_certificate(LAMP, LAMP, authority=self.broker.ca), NO_TLS)

        certificate, key = self.broker.devices.sign_expired(LAMP, client=True)
        context = self.broker.ca.context(certificate, key)
        self.assertEqual(self.broker.connect(self.broker.certificate_port, context, LAMP, None), NO_TLS)

    def test_revoked_certificate(self):
        certificate, key = self.broker.devices.sign(LAMP, client=True)
        self.broker.devices.revoke(certificate)
        self.broker.start()
        context = self.broker.ca.context(certificate, key)
        self.assertEqual(self.broker.connect(self.broker.certificate_port, context, LAMP, None), NO_TLS)
        self.assertEqual(self.with_certificate(LAMP, None), LET_IN)

    def test_blocked_while_connected(self):
        self.broker.start()
        answer, peer = self.with_certificate(LAMP, None, keep=True)
        self.assertEqual(answer, LET_IN)
        with contextlib.closing(peer):
            self.broker.db.execute("BEGIN")
            self.broker.db.execute("UPDATE device SET state = 2 WHERE id = ?", (LAMP,))
            self.broker.db.execute("INSERT INTO change (username) VALUES (?)", (LAMP,))
            self.broker.db.execute("COMMIT")
            peer.settimeout(5)
            with contextlib.suppress(ConnectionResetError, ssl.SSLError):
                self.assertEqual(peer.recv(1), b"")
        self.assertEqual(self.with_certificate(LAMP, None), REFUSED)

    def test_what_it_may(self):
        """Let in by its certificate it is the device, with the rights of one."""
        self.broker.start()
        answer, peer = self.with_certificate(LAMP, None, keep=True)
        self.assertEqual(answer, LET_IN)
        with contextlib.closing(peer):
            for packet_id, (topic, granted) in enumerate(((f"homie/5/{LAMP}/#", 0), (f"homie/5/{METER}/#", 0x80)), 1):
                body = struct.pack("!H", packet_id) + text(topic) + b"\0"
                peer.sendall(bytes([0x82, len(body)]) + body)
                self.assertEqual(peer.recv(5), bytes([0x90, 3, 0, packet_id, granted]), topic)

    def test_new_certificate_without_restart(self):
        self.broker.start()
        self.assertEqual(self.by_key(LAMP, LAMP_KEY), LET_IN)
        renewed, renewed_key = Authority(self.folder / "renewed").sign("localhost")
        shutil.copy(renewed_key, self.broker.key)
        shutil.copy(renewed, self.broker.certificate)
        self.broker.process.send_signal(signal.SIGHUP)
        authority = self.folder / "renewed" / "ca.pem"
        self.broker.wait("the new certificate is shown",
                         lambda: self.by_key(LAMP, LAMP_KEY, ssl.create_default_context(cafile=authority)) == LET_IN)


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=[sys.argv[0]] + sys.argv[2:])
