#!/usr/bin/python3
"""The main job with the desktop: `./run`.

main_job.py --build DIR --out DIR         broker, backend, twelve devices and the window. With a display a person takes over;
                                          without one the job is walked through here, and pictures and labels are left in --out
main_job.py --build DIR --out DIR --walk  always walk (the test)

SPDX-License-Identifier: GPL-3.0-or-later
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from harness import Failed, Installation, Program, check, read_hand_over, wait_for

HERE = Path(__file__).resolve().parent
SESSION = HERE.parent / "support" / "ui-session.sh"
N_DEVICES = 12
N_APPROVED = 4
FIRST_BATCH = "Welcome"


def say(text):
    print(text, flush=True)


def prepare(place):
    """A batch whose first twelve IDs are alive: four approved, the others waiting."""
    hand_over = place.folder / "hand-over.csv"
    if not any(b["name"] == FIRST_BATCH for b in place.json("batch", "list")["items"]):
        place.ctl("batch", "create", "--name", FIRST_BATCH, "--count", "24", "--color", "#33d17a", "--info", "made by ./run")
        place.ctl("batch", "export", FIRST_BATCH, "--csv", hand_over)
    ids = [row["device_id"] for row in read_hand_over(hand_over)][:N_DEVICES]
    place.sim("--devices", hand_over, "--limit", N_DEVICES, "--kind", "mixed", "--dialect", "mixed", "--rate", "1")
    known = wait_for("twelve devices have connected",
                     lambda: (d := [d for d in place.devices("seen") if d["id"] in ids]) and len(d) == N_DEVICES and d, 60)
    if not any(d["status"] == "pairing" for d in known):
        place.ctl("device", "approve", *ids[:N_APPROVED])
    wait_for("the approved ones are ready", lambda: sum(d["state"] == "ready" for d in place.devices("approved")) >= N_APPROVED, 30)
    return ids


def start_desktop(place, *arguments, name="bellwether", env=None):
    return place.spawn(name, place.build / "src/app/bellwether", "--server", place.api, "--token-file", place.token_file,
                       *arguments, env=env)


def open_for_a_person(place):
    prepare(place)
    say(f"\nBackend   {place.api}\nBroker    {place.broker}\nData      {place.data}\nDevices   {N_DEVICES} simulated, most of them waiting for approval")
    say("The desktop is open; closing it (or Ctrl+C here) stops everything.")
    desktop = start_desktop(place)
    try:
        desktop.process.wait()
    except KeyboardInterrupt:
        pass
    if desktop.process.returncode not in (0, None, -signal.SIGINT):
        raise Failed(f"the desktop ended with {desktop.process.returncode}:\n{desktop.text()[-2000:]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--walk", action="store_true")
    options = parser.parse_args()

    has_display = not options.walk and bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if not has_display and "BW_UI_SESSION" not in os.environ:
        os.execv("/bin/bash", ["bash", str(SESSION), sys.executable, *sys.argv])
    walk = options.walk or "BW_UI_SESSION" in os.environ

    out = Path(options.out).resolve()
    out.mkdir(parents=True, exist_ok=True)
    if walk:
        for old in [*out.glob("*.png"), *out.glob("*.pdf"), *out.glob("*.csv"), *out.glob("*.log")]:
            old.unlink()
        shutil.rmtree(out / "data", ignore_errors=True)
    place = Installation(options.build, out)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        place.start()
        if walk:
            from walk import walk_through
            walk_through(place, out, say)
        else:
            open_for_a_person(place)
        place.stop()
        return 0
    except (Failed, subprocess.TimeoutExpired) as error:
        print(f"main job: {error}", file=sys.stderr)
        return 1
    finally:
        place.kill()


if __name__ == "__main__":
    sys.exit(main())
