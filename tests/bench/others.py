"""Who asks and writes while something large goes on: what they wait for is measured.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import threading
import time


class Others:
    """Who asks and writes meanwhile, one request after the other."""

    def __init__(self, side, device):
        self.side, self.took, self.stop = side, [], threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(what,)) for what in
                        (lambda: side.call("GET", "/v1/devices?limit=50"), lambda: side.call("GET", f"/v1/devices/{device}"),
                         lambda: side.call("POST", "/v1/tags", {"name": f"tag {time.monotonic_ns()}", "color": "#00ff00"}))]

    def run(self, what):
        while not self.stop.is_set():
            start = time.monotonic()
            what()
            self.took.append(time.monotonic() - start)
            time.sleep(0.01)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exc):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def percentile(self, part):
        return sorted(self.took)[int(len(self.took) * part)] * 1000
