#!/usr/bin/python3
"""`serve --tls`: the main job by TLS alone, and the authority that is made for it.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import shutil
import ssl
import socket
import stat
import subprocess
import sys
from pathlib import Path

from harness import Folder, Installation, Tap, check, read_hand_over, wait_for

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from certificates import Authority  # noqa: E402

tap = Tap()


def openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"openssl {arguments}: {done.stderr}")
    return done.stdout


def without_ca(place):
    return {name: value for name, value in place.env.items() if name != "BELLWETHER_CA"} | {"HOME": str(place.folder)}


@tap.test
def test_ready_line_and_files(place):
    check(place.api.startswith("https://127.0.0.1:"), place.api)
    check(place.broker.startswith("mqtts://127.0.0.1:"), place.broker)
    folder = place.data / "tls"
    check(Path(place.ca) == folder / "ca.pem", place.ca)
    for name, mode in (("ca.key", 0o600), ("server.key", 0o600), ("ca.pem", 0o644), ("server.pem", 0o644)):
        check(stat.S_IMODE((folder / name).stat().st_mode) == mode, f"{name}: {(folder / name).stat().st_mode:o}")
    check(stat.S_IMODE(folder.stat().st_mode) == 0o700, "others can look into the folder")
    openssl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", place.ca, folder / "server.pem")
    text = openssl("x509", "-in", folder / "server.pem", "-noout", "-text")
    for name in ("DNS:localhost", "IP Address:127.0.0.1", "IP Address:0:0:0:0:0:0:0:1", f"DNS:{socket.gethostname()}"):
        check(name in text, f"{name} is not in the certificate:\n{text}")
    check("CA:TRUE" not in text, "the server's certificate is an authority's")


@tap.test
def test_both_speak_tls_alone(place):
    context = ssl.create_default_context(cafile=place.ca)
    for port in (int(place.api.rsplit(":", 1)[1]), place.broker_port):
        for name in ("localhost", "127.0.0.1"):
            with socket.create_connection(("127.0.0.1", port), 10) as plain, \
                    context.wrap_socket(plain, server_hostname=name) as peer:
                check(peer.version() in ("TLSv1.2", "TLSv1.3"), peer.version())
        with socket.create_connection(("127.0.0.1", port), 10) as plain:
            plain.sendall(b"GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            try:
                while piece := plain.recv(1000):
                    answer += piece
            except ConnectionResetError:
                pass
            check(b"HTTP/" not in answer, f"port {port} answers without TLS: {answer!r}")


@tap.test
def test_who_does_not_know_the_authority(place):
    _, err = place.ctl("status", ok=1, env=without_ca(place))
    check("signed by nobody who is trusted here" in err and "SHA-256" in err, err)
    sim = place.spawn("stranger", place.sim_path, "--broker", place.broker, "--count", "1", env=without_ca(place))
    sim.wait_text("cannot connect: its certificate is signed by nobody who is trusted here")
    sim.stop()
    out, _ = place.ctl("--ca", place.ca, "status", env=without_ca(place))
    check("connected" in out, out)


@tap.test
def test_the_main_job(place):
    place.ctl("batch", "create", "--name", "Spring", "--count", "60")
    path = place.folder / "spring.csv"
    place.ctl("batch", "export", "Spring", "--csv", path)
    ids = [row["device_id"] for row in read_hand_over(path)]
    sim = place.sim("--devices", path, "--kind", "lamp", "--dialect", "homie5", "--rate", "0")
    sim.wait_text("ready 60 devices")
    wait_for("they wait for approval", lambda: len(place.devices("awaiting-approval")) == 60)
    place.ctl("device", "approve", *ids)
    lamp = ids[0]
    wait_for("a set is confirmed", lambda: "confirmed" in place.ctl(
        "device", "set", lamp, "light/brightness", "40", "--wait", "10", ok=None)[0], 40)
    check(place.property(lamp, "light", "brightness") == "40", "the value is not what was confirmed")
    # all of what is retained comes in records that hold many packets
    wait_for("all of them are ready", lambda: sum(d["state"] == "ready" for d in place.devices("approved")) == 60)


@tap.test
def test_live_values(place):
    """The session's own link to the broker, by TLS too."""
    lamp = place.devices("approved")[0]["id"]
    watch = place.spawn("watch", place.ctl_path, "--json", "device", "watch", lamp, env=place.env)
    watch.wait_text('"brightness"')
    place.ctl("device", "set", lamp, "light/brightness", "41", "--wait", "10")
    watch.wait_text('"41"')
    watch.stop()
    session = place.json("status")
    check(session["broker"] == "connected", f"{session}")


@tap.test
def test_a_login_keeps_the_authority(place):
    env = without_ca(place) | {"XDG_CONFIG_HOME": str(place.folder / "config")}
    for name in ("BELLWETHER_SERVER", "BELLWETHER_TOKEN"):
        env.pop(name)
    password = (place.data / "admin-password").read_text()
    done = subprocess.run([str(place.ctl_path), "--ca", "tls/ca.pem", "--server", place.api, "login", "--user", "admin"],
                          cwd=place.data, env=env, input=password, capture_output=True, text=True, timeout=240, check=False)
    check(done.returncode == 0, done.stderr)
    # from another folder, and without an option
    place.ctl("status", env=env)


@tap.test
def test_another_start_keeps_what_is_good(place):
    folder = place.data / "tls"
    before = {name: (folder / name).read_bytes() for name in ("ca.pem", "ca.key", "server.pem", "server.key")}
    place.stop()
    place.start()
    for name, data in before.items():
        check((folder / name).read_bytes() == data, f"{name} is another one")


@tap.test
def test_a_certificate_that_is_about_to_expire(place):
    folder = place.data / "tls"
    authority, before = (folder / "ca.pem").read_bytes(), (folder / "server.pem").read_bytes()
    place.stop()
    helper = Authority(place.folder / "helper")
    shutil.copy(folder / "ca.pem", helper.certificate)
    shutil.copy(folder / "ca.key", helper.key)
    old, key = helper.sign_expired()
    shutil.copy(old, folder / "server.pem")
    shutil.copy(key, folder / "server.key")
    place.start()
    check((folder / "ca.pem").read_bytes() == authority, "the authority is another one")
    check((folder / "server.pem").read_bytes() not in (before, old.read_bytes()), "the old certificate is still there")
    check(stat.S_IMODE((folder / "server.key").stat().st_mode) == 0o600, "the new key can be read by others")
    place.ctl("status")


@tap.test
def test_a_damaged_authority_is_not_replaced(place):
    folder = place.data / "tls"
    place.stop()
    key = (folder / "ca.key").read_bytes()
    (folder / "ca.key").write_bytes(b"rubbish")
    done = subprocess.run([str(place.ctl_path), "serve", "--data", str(place.data), "--tls"], capture_output=True, text=True,
                          timeout=240, check=False)
    check(done.returncode == 1 and "damaged" in done.stderr and str(folder) in done.stderr, f"{done}")
    check(len(done.stderr.strip().splitlines()) == 1, done.stderr)
    (folder / "ca.key").write_bytes(key)
    place.start()
    place.ctl("status")


@tap.test
def test_without_tls_again(place):
    """The same folder, as it was used before there was a certificate."""
    place.stop()
    plain = Installation(place.build, place.folder, data=place.data)
    plain.start()
    try:
        check(plain.api.startswith("http://") and plain.ca is None, plain.api)
        plain.ctl("status")
    finally:
        plain.stop()
    place.start()


def main():
    with Folder() as folder:
        place = Installation(sys.argv[1], folder, extra=["--tls"])
        try:
            place.start()
            status = tap.run(place)
            place.stop()
            return status
        finally:
            place.kill()


if __name__ == "__main__":
    sys.exit(main())
