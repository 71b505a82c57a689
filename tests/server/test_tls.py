#!/usr/bin/python3
"""The API by HTTPS, and the backend at a broker by TLS. test_tls.py BUILD

SPDX-License-Identifier: GPL-3.0-or-later
"""

import getpass
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import warnings
from pathlib import Path

from backend import BUILD, BackendTest, main, wait_for

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from certificates import Authority, fingerprint  # noqa: E402

CTL = BUILD / "src/ctl/bellwetherctl"


class TlsTest(BackendTest):
    def setUp(self):
        super().setUp()
        self.ca = Authority(self.folder / "ca")
        self.other_ca = Authority(self.folder / "other")

    def start_with(self, pair, *extra, authority=None):
        """A backend with a copy of that certificate, and a client's context that trusts its authority."""
        self.certificate, self.key = self.folder / "server.pem", self.folder / "server.key"
        shutil.copy(pair[0], self.certificate)
        shutil.copy(pair[1], self.key)
        self.key.chmod(0o600)
        backend = self.start("--tls-certificate", str(self.certificate), "--tls-key", str(self.key), *extra)
        backend.context = (authority or self.ca).context()
        return backend

    def ctl(self, backend, *arguments, ca=None, server=None):
        env = {name: value for name, value in os.environ.items() if not name.startswith("BELLWETHER_")}
        env.update(HOME=str(self.folder), XDG_CONFIG_HOME=str(self.folder / "config"))
        if ca is not None:
            arguments = ("--ca", str(ca), *arguments)
        return subprocess.run([str(CTL), "--server", server or backend.uri, "--token", backend.token, *arguments],
                              env=env, capture_output=True, text=True, timeout=240, check=False)

    def handshake(self, backend, context=None, name="localhost"):
        """The certificate that the backend shows, or None."""
        with socket.create_connection((backend.host, backend.port), timeout=120) as plain:
            try:
                with (context or self.ca.context()).wrap_socket(plain, server_hostname=name) as peer:
                    return peer.getpeercert(binary_form=True)
            except (ssl.SSLError, ConnectionResetError):
                return None


class ServerTest(TlsTest):
    def test_api(self):
        backend = self.start_with(self.ca.sign("localhost"))
        self.assertTrue(backend.uri.startswith("https://127.0.0.1:"), backend.uri)
        self.assertEqual(backend.get("/v1/status", token=None).json["name"], "bellwetherd")
        self.assertEqual(backend.get("/v1/status", token="wrong").status, 200)
        self.assertEqual(backend.get("/v1/batches", token="wrong").status, 401)

        # many answers on one connection, a long body, and one that is longer than a TLS record
        batch = backend.create("Spring", 5000)
        connection = backend.connect()
        for _ in range(50):
            self.assertEqual(backend.get("/v1/overview", connection=connection).json["total"], 5000)
        lines = backend.get(f"/v1/batches/{batch['id']}/hand-over.csv", connection=connection).body.splitlines()
        self.assertEqual(len(lines), 5001)
        self.assertEqual(len(set(lines)), 5001)
        info = "x" * 1900
        self.assertEqual(backend.post("/v1/batches", {"name": "Long", "count": 1, "info": info},
                                      connection=connection).json["info"], info)
        connection.close()
        self.assertEqual(backend.stop(), 0)

    def test_many_at_once(self):
        backend = self.start_with(self.ca.sign("localhost"))
        answers = []

        def ask():
            for _ in range(5):
                answers.append(backend.get("/v1/overview").status)
        threads = [threading.Thread(target=ask) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, [200] * 100)

    def test_who_is_not_trusted(self):
        backend = self.start_with(self.ca.sign("localhost", names="DNS:backend.example.org"))
        self.assertIsNotNone(self.handshake(backend, name="backend.example.org"))
        self.assertIsNone(self.handshake(backend))
        self.assertIsNone(self.handshake(backend, context=self.other_ca.context(), name="backend.example.org"))

        backend.context = None
        for ca, words in ((self.ca.certificate, "is for another name"), (self.other_ca.certificate, "nobody who is trusted"),
                          (None, "nobody who is trusted")):
            done = self.ctl(backend, "status", ca=ca)
            self.assertEqual(done.returncode, 1, done)
            self.assertIn(words, done.stderr)
            self.assertIn(fingerprint(self.certificate), done.stderr)

    def test_expired(self):
        backend = self.start_with(self.ca.sign_expired())
        self.assertIn("expired on 2021-01-01 00:00 UTC", backend.stderr())
        self.assertIsNone(self.handshake(backend))
        done = self.ctl(backend, "status", ca=self.ca.certificate)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("has expired", done.stderr)

    def test_not_yet(self):
        backend = self.start_with(self.ca.sign("localhost", start="20970101000000Z"))
        self.assertIn("is valid from 2097-01-01 00:00 UTC only", backend.stderr())
        self.assertIn("is not valid yet", self.ctl(backend, "status", ca=self.ca.certificate).stderr)

    def test_ctl(self):
        backend = self.start_with(self.ca.sign("localhost"))
        done = self.ctl(backend, "status", ca=self.ca.certificate)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("Signed in as", done.stdout)
        for host in ("localhost", "127.0.0.1"):
            done = self.ctl(backend, "--json", "batch", "list", ca=self.ca.certificate,
                            server=f"https://{host}:{backend.port}")
            self.assertEqual(done.returncode, 0, done)
        done = self.ctl(backend, "status", ca=self.folder / "nowhere")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("nowhere", done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1)
        (self.folder / "empty").write_text("nothing\n")
        done = self.ctl(backend, "status", ca=self.folder / "empty")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("holds no certificate", done.stderr)

    def test_versions(self):
        warnings.simplefilter("ignore", DeprecationWarning)
        backend = self.start_with(self.ca.sign("localhost"))
        for version, works in ((ssl.TLSVersion.TLSv1, False), (ssl.TLSVersion.TLSv1_1, False),
                               (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)):
            context = self.ca.context()
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
            self.assertEqual(self.handshake(backend, context) is not None, works, version)

    def test_without_tls(self):
        backend = self.start_with(self.ca.sign("localhost"))
        answer, closed = backend.raw(b"GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertTrue(closed)
        self.assertNotIn(b"HTTP/", answer)
        self.assertEqual(self.ctl(backend, "status", server=f"http://127.0.0.1:{backend.port}").returncode, 1)
        self.assertEqual(backend.get("/v1/status").status, 200)

    def test_silent_peer_holds_nobody_up(self):
        backend = self.start_with(self.ca.sign("localhost"))
        silent = [socket.create_connection((backend.host, backend.port)) for _ in range(50)]
        self.assertEqual(backend.get("/v1/status").status, 200)
        for peer in silent:
            peer.close()
        self.assertEqual(backend.stop(), 0)

    def test_another_certificate_without_restart(self):
        backend = self.start_with(self.ca.sign("localhost"))
        connection = backend.connect()
        self.assertEqual(backend.get("/v1/status", connection=connection).status, 200)
        before = self.handshake(backend)

        pair = self.ca.sign("localhost")
        shutil.copy(pair[0], self.certificate)
        backend.process.send_signal(signal.SIGHUP)
        wait_for("it says that they do not belong together", lambda: "does not belong to" in backend.stderr())
        self.assertEqual(self.handshake(backend), before)

        shutil.copy(pair[1], self.key)
        backend.process.send_signal(signal.SIGHUP)
        wait_for("the new one is shown", lambda: self.handshake(backend) != before)
        self.assertEqual(self.handshake(backend), ssl.PEM_cert_to_DER_cert(Path(pair[0]).read_text(encoding="ascii")))
        self.assertEqual(backend.get("/v1/status", connection=connection).status, 200)
        connection.close()
        self.assertEqual(backend.stop(), 0)

    def test_hangup_without_tls(self):
        backend = self.start()
        backend.process.send_signal(signal.SIGHUP)
        self.assertEqual(backend.get("/v1/status").status, 200)
        self.assertEqual(backend.stop(), 0)

    def test_chain(self):
        """An intermediate authority, whose certificate the server has to show too."""
        between = Authority(self.folder / "between", "Between")
        (self.ca.folder / "between.ext").write_text("basicConstraints = critical,CA:TRUE\nkeyUsage = keyCertSign\n")
        subprocess.run(["openssl", "req", "-new", "-key", str(between.key), "-subj", "/CN=Between",
                        "-out", str(self.ca.folder / "between.csr")], check=True, capture_output=True)
        subprocess.run(["openssl", "ca", "-batch", "-notext", "-config", "ca.conf", "-in", "between.csr", "-days", "30",
                        "-out", "between.pem", "-extfile", "between.ext"], check=True, capture_output=True, cwd=self.ca.folder)
        leaf, key = between.sign("localhost")
        chain = self.folder / "chain.pem"
        chain.write_text(leaf.read_text() + (self.ca.folder / "between.pem").read_text())
        backend = self.start_with((chain, key))
        self.assertEqual(backend.get("/v1/status").status, 200)


class RefusalTest(TlsTest):
    def fails(self, certificate, key, *words):
        sentence = self.fails_to_start("--data", self.folder / "data", "--listen", "127.0.0.1:0", "--tls-certificate",
                                       certificate, "--tls-key", key)
        for word in words:
            self.assertIn(str(word), sentence)

    def test_files(self):
        certificate, key = self.ca.sign("localhost")
        other, other_key = self.ca.sign("localhost")
        nowhere = self.folder / "nowhere"
        self.fails(nowhere, key, "certificate", nowhere, "No such file")
        self.fails(certificate, nowhere, "key", nowhere, "No such file")
        self.fails(self.folder, key, self.folder, "no file in PEM form")
        self.fails(key, key, key, "holds no certificate")
        self.fails(certificate, certificate, "chmod o=")
        certificate.chmod(0o600)
        self.fails(certificate, certificate, "holds no private key")
        self.fails(certificate, other_key, "does not belong to", certificate, other_key)
        empty = self.folder / "empty"
        empty.touch(mode=0o600)
        self.fails(empty, key, "holds no certificate")
        self.fails(certificate, empty, "holds no private key")
        subprocess.run(["openssl", "ec", "-aes256", "-passout", "pass:secret", "-in", str(key), "-out",
                        str(self.folder / "locked.key")], check=True, capture_output=True)
        (self.folder / "locked.key").chmod(0o600)
        self.fails(certificate, self.folder / "locked.key", "has a password")

    def test_key_that_everybody_may_read(self):
        certificate, key = self.ca.sign("localhost")
        key.chmod(0o644)
        self.fails(certificate, key, "everybody on this computer may use the key", f"chmod o= {key}")
        key.chmod(0o640)
        backend = self.start("--tls-certificate", str(certificate), "--tls-key", str(key))
        self.assertEqual(backend.stop(), 0)

    def test_half(self):
        certificate, key = self.ca.sign("localhost")
        base = ("--data", self.folder / "data", "--listen", "127.0.0.1:0")
        self.assertIn("go together", self.fails_to_start(*base, "--tls-certificate", certificate))
        self.assertIn("go together", self.fails_to_start(*base, "--tls-key", key))

    def test_config_file(self):
        certificate, key = self.ca.sign("localhost")
        config = self.folder / "bellwetherd.conf"
        config.write_text(f"[bellwetherd]\ntls-certificate={certificate}\ntls-key={key}\n"
                          "public-broker=mqtts://broker.example.org:8883\n")
        backend = self.start("--config", str(config))
        backend.context = self.ca.context()
        self.assertEqual(backend.get("/v1/sessions/current").json["broker"]["url"], "mqtts://broker.example.org:8883")
        self.assertEqual(backend.stop(), 0)

    def test_brokers(self):
        base = ("--data", self.folder / "data", "--listen", "127.0.0.1:0")
        for wrong in ("", "broker", "http://broker", "mqtts://"):
            self.assertIn("mqtts://host:port", self.fails_to_start(*base, "--public-broker", wrong))
        nowhere = self.folder / "nowhere"
        self.assertIn(str(nowhere), self.fails_to_start(*base, "--broker", "mqtts://localhost", "--broker-ca", nowhere))
        backend = self.start_with(self.ca.sign("localhost"), "--public-broker", "mqtt://broker.example.org")
        self.assertIn("without TLS", backend.stderr())

        # and a session that came by TLS says its token to no such broker
        batch = backend.create("One", 1)
        device = backend.get(f"/v1/batches/{batch['id']}/ids").body.decode().strip()
        done = self.ctl(backend, "device", "watch", device, "--for", "5", ca=self.ca.certificate)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("not sent in the open", done.stderr)

    def test_broker_that_desktops_will_not_take(self):
        """Desktops elsewhere look for the broker at the backend's own address."""
        for listen, is_told in (("127.0.0.1:0", False), ("[::1]:0", False), ("0.0.0.0:0", True), ("[::]:0", True)):
            folder = self.folder / listen.replace("/", "").replace(":", "-")
            folder.mkdir()
            certificate, key = self.ca.sign("localhost")
            process = subprocess.Popen([str(BUILD / "src/server/bellwetherd"), "--data", str(folder / "data"), "--listen", listen,
                                        "--broker", "mqtt://127.0.0.1:1", "--tls-certificate", str(certificate),
                                        "--tls-key", str(key)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.assertIn("ready https://", process.stdout.readline())
            process.terminate()
            self.assertEqual("without TLS" in process.communicate(timeout=120)[1], is_told, listen)


class BrokerTest(TlsTest):
    def setUp(self):
        super().setUp()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start_broker(self, pair):
        conf = self.folder / "mosquitto.conf"
        conf.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous false\nuser {getpass.getuser()}\n"
                        f"plugin {BUILD}/src/plugin/bellwether-broker-plugin.so\n"
                        f"plugin_opt_database {self.folder}/data/broker.db\n"
                        f"certfile {pair[0]}\nkeyfile {pair[1]}\n")
        self.broker_log = open(self.folder / "broker.log", "a", encoding="utf-8")
        self.addCleanup(self.broker_log.close)
        broker = subprocess.Popen(["/usr/sbin/mosquitto", "-c", str(conf)], stdout=self.broker_log, stderr=self.broker_log)
        self.addCleanup(broker.wait)
        self.addCleanup(broker.terminate)
        return broker

    def is_connected(self, backend):
        return backend.get("/v1/status").json["broker"] == "connected"

    def test_trusted(self):
        self.start_broker(self.ca.sign("localhost"))
        for host in ("localhost", "127.0.0.1"):
            backend = self.start("--broker", f"mqtts://{host}:{self.port}", "--broker-ca", str(self.ca.certificate))
            wait_for(f"it is connected to {host}", lambda: self.is_connected(backend))
            self.assertEqual(backend.get("/v1/sessions/current").json["broker"]["url"], f"mqtts://{host}:{self.port}")
            self.assertEqual(backend.stop(), 0)

    def test_broker_comes_later(self):
        """A refused connection is not a handshake that lasts."""
        backend = self.start("--broker", f"mqtts://localhost:{self.port}", "--broker-ca", str(self.ca.certificate))
        before = self.cpu_of(backend)
        wait_for("it says that nobody is there", lambda: "does not answer" in backend.stderr())
        self.assertLess(self.cpu_of(backend) - before, 2)
        self.start_broker(self.ca.sign("localhost"))
        wait_for("it is connected", lambda: self.is_connected(backend), 40)
        self.assertEqual(backend.stop(), 0)

    @staticmethod
    def cpu_of(backend):
        """Seconds of processor time."""
        fields = Path(f"/proc/{backend.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_not_trusted(self):
        self.start_broker(self.ca.sign("localhost", names="DNS:localhost"))
        for host, authority, words in (("localhost", self.other_ca, "nobody who is trusted"),
                                       ("127.0.0.1", self.ca, "another name")):
            backend = self.start("--broker", f"mqtts://{host}:{self.port}", "--broker-ca", str(authority.certificate))
            wait_for("it says why not", lambda: words in backend.stderr())
            self.assertIn("is not trusted", backend.stderr())
            self.assertFalse(self.is_connected(backend))
            self.assertEqual(backend.stop(), 0)

    def test_expired(self):
        self.start_broker(self.ca.sign_expired())
        backend = self.start("--broker", f"mqtts://localhost:{self.port}", "--broker-ca", str(self.ca.certificate))
        wait_for("it says why not", lambda: "has expired" in backend.stderr())
        self.assertFalse(self.is_connected(backend))


if __name__ == "__main__":
    main()
