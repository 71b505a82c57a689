#!/usr/bin/python3
"""What goes wrong on a real machine: each gets a clear sentence and loses nothing.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading

from harness import Failed, Folder, Installation, Tap, check, children_of, read_hand_over, wait_for

tap = Tap()


def run_serve(place, *arguments, seconds=30):
    """`serve` that is expected to refuse: its exit status and what it said."""
    result = subprocess.run([str(place.ctl_path), "serve", *map(str, arguments)], capture_output=True, text=True, timeout=seconds)
    return result.returncode, result.stderr


def backend_of(place):
    return wait_for("the backend's process", lambda: children_of(place.serve.process.pid, "bellwetherd"), 5)[0]


def broker_of(place):
    return wait_for("the broker's process", lambda: children_of(place.serve.process.pid, "mosquitto"), 5)[0]


@tap.test
def test_ports_in_use(place):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for option in ("--port", "--broker-port"):
            status, err = run_serve(place, "--data", place.folder / f"port{option}", option, port)
            check(status == 1 and str(port) in err and err.strip().count("\n") == 0, f"{option}: {status} {err!r}")


@tap.test
def test_a_data_folder_that_cannot_be_used(place):
    (place.folder / "file").write_text("I am no folder")
    status, err = run_serve(place, "--data", place.folder / "file")
    check(status == 1 and "file" in err, f"{status} {err!r}")
    status, err = run_serve(place, "--data", "/proc/nowhere")
    check(status == 1 and "/proc/nowhere" in err, f"{status} {err!r}")


@tap.test
def test_two_backends_on_one_folder(place):
    place.start()
    status, err = run_serve(place, "--data", place.data)
    check(status == 1 and str(place.data) in err, f"{status} {err!r}")
    place.ctl("status")


@tap.test
def test_the_broker_goes_and_comes_back(place):
    place.ctl("batch", "create", "--name", "Lamps", "--count", "2")
    place.ctl("batch", "export", "Lamps", "--csv", place.folder / "lamps.csv")
    place.rows = read_hand_over(place.folder / "lamps.csv")
    lamp = place.rows[0]["device_id"]
    device = place.foreign("foreign-homie5.js", lamp, place.rows[0]["device_key"])
    wait_for("it waits", lambda: place.device(lamp)["status"] == "awaiting-approval")
    place.ctl("device", "approve", lamp)
    wait_for("it is ready with a value", lambda: place.property(lamp, "light", "brightness") == "40")
    os.kill(broker_of(place), signal.SIGKILL)
    place.serve.wait_text(r"(?i)mosquitto|broker", 10)
    check(place.device(lamp)["id"] == lamp, "the backend does not answer without a broker")
    device.kill()


@tap.test
def test_serve_stops_after_a_dead_child(place):
    place.kill()
    for name in ("mosquitto", "bellwetherd"):
        wait_for(f"{name} is gone with serve", lambda: not children_of(place.serve.process.pid, name))
    place.start()
    check({r["device_id"] for r in place.rows} == {d["id"] for d in place.devices()}, "devices were lost")


def grows(place, name):
    return any(b["nDone"] > 0 for b in place.json("batch", "list")["items"] if b["name"] == name)


@tap.test
def test_kill_during_a_batch_leaves_none_or_all(place):
    """A batch may be whole before the kill comes: then a larger one is tried."""
    n_killed = 0
    for number, count in enumerate((150000, 400000, 800000, 1000000), 1):
        name = f"Killed {number}"
        before = place.json("device", "list")["total"]
        creating = subprocess.Popen([str(place.ctl_path), "batch", "create", "--name", name, "--count", str(count)],
                                    env=place.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("the batch grows", lambda: grows(place, name), 10, 0.01)
        os.kill(backend_of(place), signal.SIGKILL)
        creating.wait(100)
        place.kill()
        place.start()
        left = [b for b in place.json("batch", "list")["items"] if b["name"] == name]
        check(left == [] or (left[0]["state"] == "ready" and left[0]["nDone"] == count), f"a half batch is left: {left}")
        total = place.json("device", "list")["total"]
        check(total == before + (count if left else 0), f"{total} devices are left")
        n_killed += not left
        if n_killed == 2:
            break
    check(n_killed > 0, "each batch was complete before the kill: this test has shown nothing")


@tap.test
def test_cancelling_a_batch_leaves_nothing(place):
    before = place.json("device", "list")["total"]
    creating = subprocess.Popen([str(place.ctl_path), "batch", "create", "--name", "Cancelled", "--count", "1000000"],
                                env=place.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for("the batch grows", lambda: grows(place, "Cancelled"), 10, 0.01)
    creating.send_signal(signal.SIGINT)
    _, err = creating.communicate(timeout=120)
    check(creating.returncode == 1 and "cancel" in err.lower(), f"{creating.returncode} {err!r}")
    wait_for("nothing is left", lambda: place.json("device", "list")["total"] == before and
             "Cancelled" not in [b["name"] for b in place.json("batch", "list")["items"]])


@tap.test
def test_a_server_that_answers_rubbish(place):
    class Rubbish(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.recv(4096)
            self.request.sendall(self.server.answer)

    for answer in (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\xff\xfe\x00\x01\x02", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
                   b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 500 Oh\r\nContent-Length: 7\r\n\r\n<html/>", b"",
                   b"HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n" + b"[" * 400000):
        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Rubbish) as server:
            server.answer = answer
            threading.Thread(target=server.serve_forever, daemon=True).start()
            env = dict(place.env, BELLWETHER_SERVER=f"http://127.0.0.1:{server.server_address[1]}")
            out, err = place.ctl("batch", "list", ok=1, env=env)
            check(err.strip() and err.strip().count("\n") == 0 and out == "", f"{answer[:30]}: {err!r} {out!r}")
            server.shutdown()


@tap.test
def test_a_corrupt_database_is_refused_and_left_alone(place):
    place.stop()
    databases = [p for p in place.data.glob("*.db") if p.name != "broker.db"]
    check(len(databases) >= 1, f"no database in {list(place.data.iterdir())}")
    database = max(databases, key=lambda p: p.stat().st_size)
    good = database.read_bytes()
    bad = b"not a database at all" * 300
    database.write_bytes(bad)
    status, err = run_serve(place, "--data", place.data)
    check(status == 1 and database.name in err and err.strip().count("\n") == 0, f"{status} {err!r}")
    check(database.read_bytes() == bad, "the corrupt file was written to")
    database.write_bytes(good)
    (place.data / "broker.db").write_bytes(b"rubbish" * 1000)
    place.start()
    check(place.json("device", "list")["total"] == 2, "devices were lost")
    device = place.foreign("foreign-homie5.js", place.rows[0]["device_id"], place.rows[0]["device_key"])
    wait_for("the broker's database was made anew", lambda: place.device(place.rows[0]["device_id"])["state"] == "ready")
    device.kill()


@tap.test
def test_a_full_disk(place):
    """Needs root for a small file system of its own."""
    if os.geteuid() != 0:
        print("# not root: the small file system cannot be mounted")
        return
    place.stop()
    small = place.folder / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(small)], check=False).returncode != 0:
        print("# this machine does not let us mount")
        return
    full = Installation(place.build, place.folder, small / "data")
    try:
        full.start()
        full.ctl("batch", "create", "--name", "Fits", "--count", "1000")
        _, err = full.ctl("batch", "create", "--name", "Too much", "--count", "1000000", ok=1, timeout=120)
        check(err.strip().count("\n") == 0 and ("disk" in err.lower() or "space" in err.lower() or "full" in err.lower()), f"{err!r}")
        names = wait_for("the batch is taken back", lambda: (n := [b["name"] for b in full.json("batch", "list")["items"]]) == ["Fits"] and n)
        check(full.json("device", "list")["total"] == 1000, f"{names}: IDs of the refused batch are left")
        full.ctl("batch", "create", "--name", "Still works", "--count", "1000")
        full.stop()
    finally:
        full.kill()
        subprocess.run(["umount", "-l", str(small)], check=False)


def main():
    build = sys.argv[1]
    with Folder() as folder:
        place = Installation(build, folder)
        try:
            status = tap.run(place)
            return status
        finally:
            place.kill()


if __name__ == "__main__":
    sys.exit(main())
