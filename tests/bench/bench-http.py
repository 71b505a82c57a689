#!/usr/bin/python3
"""What a small signed-in request costs the backend: bench-http.py BUILD. Processor time, not wall time,
because the client shares the machine.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CONNECTIONS = 16
REQUESTS = 40000
IDLE = 5000
# needs a right, and no database
SMALL = "/v1/permissions"
TICKS = os.sysconf("SC_CLK_TCK")


class Backend:
    def __init__(self, build, folder):
        token_file = folder / "token"
        self.process = subprocess.Popen(
            [str(build / "src/server/bellwetherd"), "--data", str(folder / "data"), "--listen", "127.0.0.1:0",
             "--broker", "mqtt://127.0.0.1:1", "--token-file", str(token_file)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        host, port = self.process.stdout.readline().split("http://")[1].strip().rsplit(":", 1)
        self.address = (host, int(port))
        self.token = token_file.read_text().strip()

    def cpu(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_mb(self):
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.split("VmRSS:")[1].split()[0]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def measure(backend, path):
    """µs of the backend's processor time a request, and requests a second."""
    request = (f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {backend.token}\r\n\r\n").encode()
    peers = [socket.create_connection(backend.address) for _ in range(CONNECTIONS)]
    peers[0].sendall(request)
    first = peers[0].recv(65536)
    if b" 200 OK" not in first:
        raise RuntimeError(first)

    cpu, start = backend.cpu(), time.monotonic()
    for _ in range(REQUESTS // CONNECTIONS):
        for peer in peers:
            peer.sendall(request)
        for peer in peers:
            peer.recv(65536)
    seconds = time.monotonic() - start
    cpu = backend.cpu() - cpu
    for peer in peers:
        peer.close()
    return cpu / REQUESTS * 1e6, REQUESTS / seconds


def main():
    build = Path(sys.argv[1]).resolve()
    limit = IDLE + 200
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(limit, resource.getrlimit(resource.RLIMIT_NOFILE)[0]),
                                                resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    folder = Path(tempfile.mkdtemp(prefix="bw-bench-"))
    try:
        backend = Backend(build, folder)
        measure(backend, SMALL)
        public, _ = measure(backend, "/v1/status")
        alone, rate = measure(backend, SMALL)
        read, _ = measure(backend, "/v1/batches")
        empty_mb = backend.resident_mb()
        idle = [socket.create_connection(backend.address) for _ in range(IDLE)]
        for peer in idle[::2]:
            peer.sendall(f"GET /v1/status HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
        for peer in idle[::2]:
            peer.recv(4096)
        crowded, crowded_rate = measure(backend, SMALL)
        full_mb = backend.resident_mb()
        print(f"processor time of a small signed-in request | {alone:.1f} us, {rate:.0f}/s"
              f" | without sign-in {public:.1f} us | {alone / public:.2f} | < 60 us")
        print(f"the same with {IDLE} idle connections | {crowded:.1f} us, {crowded_rate:.0f}/s"
              f" | with none {alone:.1f} us | {crowded / alone:.2f} | < 2")
        print(f"a request that reads the database | {read:.1f} us | the small one {alone:.1f} us | {read / alone:.2f} | -")
        print(f"resident with {IDLE} idle connections | {full_mb:.1f} MiB | with none {empty_mb:.1f} MiB | - | -")
        for peer in idle:
            peer.close()
        backend.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
