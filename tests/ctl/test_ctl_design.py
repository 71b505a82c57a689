#!/usr/bin/python3
"""Label designs from a terminal: a preset, saved, shown, printed, deleted.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import base64
import json
import struct
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))

from harness import Failed, Folder, Installation, Tap, check, wait_for  # noqa: E402
from test_ctl_people import lines, refused  # noqa: E402

tap = Tap()
LINK = "https://app.example.com/d/{id}"


def preset(place, name, *options):
    out, _ = place.ctl("labels", "design", "preset", name, *options)
    return json.loads(out)


@tap.test
def test_preset(place):
    design = preset(place, "full", "--stock", "L7163", "--link", LINK, "--dpi", "600")
    check((design["dpi"], design["link"], design["fields"][0]["kind"]) == (600, LINK, "qr"), f"{design}")
    check(preset(place, "automatic", "--stock", "L7160")["fields"] == [], "the automatic one has no fields")
    refused(place, "labels", "design", "preset", "fancy", "--stock", "L7160", words="fancy", status=2)
    refused(place, "labels", "design", "preset", "full", words="--stock", status=2)
    refused(place, "labels", "design", "preset", "full", "--stock", "L4731", words="has no room for the layout “full”")
    refused(place, "labels", "design", "preset", "full", "--stock", "L7163", "--link", "x", words="https://")


@tap.test
def test_save_show_delete(place):
    file = place.folder / "design.json"
    design = preset(place, "product", "--stock", "L7160", "--link", LINK)
    file.write_text(json.dumps(design), encoding="utf-8")
    out, _ = place.ctl("labels", "design", "save", "Thermostats", "--file", file)
    check("Thermostats" in out, out)
    out, _ = place.ctl("labels", "design", "show", "thermostats")
    check(json.loads(out) == design, out)

    # the second time it takes the place of the first
    design["errorCorrection"] = "L"
    file.write_text(json.dumps(design), encoding="utf-8")
    saved = place.json("labels", "design", "save", "Thermostats", "--file", file)
    check((saved["revision"], saved["design"]["errorCorrection"]) == (2, "L"), f"{saved}")
    rows = lines(place, "labels", "design", "list")
    check(len(rows) == 2 and "Thermostats" in rows[1], f"{rows}")

    out, _ = place.ctl("labels", "design", "show", "Thermostats", "--stock", "L7160")
    check("29 × 29 modules" in out and "green" in out, out)
    code = place.json("labels", "design", "show", "Thermostats", "--stock", "L7160")["code"]
    check((code["version"], code["errorCorrection"], code["light"]) == (3, "L", "green"), f"{code}")
    refused(place, "labels", "design", "show", "Thermostats", "--stock", "L4731", words="does not lie on")

    file.write_text('{"format":1,"colour":1}', encoding="utf-8")
    refused(place, "labels", "design", "save", "Bad", "--file", file, words="no member “colour”")
    header = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 30000, 30000, 1, 0, 0, 0, 0)
    for logo, words in (
        (header, "30000 × 30000 pixels"),
        (b'<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>', "neither a PNG nor an SVG file"),
    ):
        place_of = {k: v for k, v in design["fields"][1].items() if k in ("x", "y", "width", "height")}
        field = {"kind": "logo", "logo": base64.b64encode(logo).decode(), **place_of}
        file.write_text(json.dumps({**design, "fields": [design["fields"][0], field]}), encoding="utf-8")
        refused(place, "labels", "design", "save", "Bad", "--file", file, words=words)
    refused(place, "labels", "design", "save", "Bad", "--file", place.folder / "nothing", words="nothing")
    refused(place, "labels", "design", "save", "Bad", words="--file", status=2)
    refused(place, "labels", "design", "show", "Nobody's", words="there is no label design")
    place.ctl("labels", "design", "delete", "Thermostats")
    check(place.json("labels", "design", "list")["total"] == 0, "it is still there")


@tap.test
def test_print(place):
    place.ctl("batch", "create", "--name", "Winter", "--count", "30")
    wait_for("it is ready", lambda: place.json("batch", "list")["items"][0]["state"] == "ready")
    file = place.folder / "design.json"
    pdf = place.folder / "labels.pdf"
    file.write_text(json.dumps(preset(place, "full", "--stock", "L7163")), encoding="utf-8")
    place.ctl("labels", "design", "save", "All", "--file", file)
    told = place.json("labels", "Winter", "--stock", "L7163", "--design", "All", "--pdf", pdf, "--product", "Thermostat", "--license", "CE 0123")
    check((told["labels"], told["pages"], told["code"]["light"]) == (30, 3, "green"), f"{told}")
    check(told["empty"] == ["abbreviation", "machine-id"], f"{told}")
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    company = place.json("company", "list")["items"][0]["name"]
    for words in ("Thermostat", "CE 0123", company, "30 / 30"):
        check(words in text, f"{words}: {text[:400]}")
    out, _ = place.ctl("labels", "Winter", "--stock", "L7163", "--design", "All", "--pdf", pdf)
    check("21 × 21 modules, error correction Q" in out and "stay empty: product, abbreviation, license, machine-id" in out, out)
    refused(place, "labels", "Winter", "--stock", "L7651", "--design", "All", "--pdf", pdf, words="L7651")
    refused(place, "labels", "Winter", "--stock", "L7163", "--design", "All", "--pdf", pdf, "--license", "x" * 120,
            words="does not fit into its field “license”")
    refused(place, "labels", "Winter", "--stock", "L7163", "--design", "None", "--pdf", pdf, words="there is no label design")


@tap.test
def test_what_is_known_of_each_device(place):
    """It came with the import, stands on the label, and such labels are verified by their design."""
    table = place.folder / "old.csv"
    ids = [f"{n:04d}-abcd-efgh-{n:04d}" for n in range(1, 13)]
    table.write_text("device_id,machine_id,license\n" + "".join(f"{name},MX-{i + 700},\n" for i, name in enumerate(ids)), encoding="utf-8")
    place.ctl("batch", "import", table, "--name", "Old")
    file = place.folder / "design.json"
    file.write_text(json.dumps(preset(place, "full", "--stock", "L7163", "--link", LINK)), encoding="utf-8")
    place.ctl("labels", "design", "save", "Link", "--file", file)
    pdf = place.folder / "old.pdf"
    told = place.json("labels", "Old", "--stock", "L7163", "--design", "Link", "--pdf", pdf, "--license", "CE 9", "--product", "Pump",
                      "--abbreviation", "P", "--serials", "2-12")
    check(told["labels"] == 11 and told["empty"] == [], f"{told}")
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    check("MX-701" in text and "MX-711" in text and "MX-700" not in text and "CE 9" in text, text[:600])
    subprocess.run(["pdftoppm", "-r", "300", "-gray", "-png", "-singlefile", pdf, place.folder / "scan"], check=True)
    out, _ = place.ctl("--json", "labels", "verify", "Old", "--image", place.folder / "scan.png", "--stock", "L7163", "--design", "Link",
                       "--first", "2")
    report = json.loads(out)
    check(sorted(report["confirmed"]) == sorted(ids[1:]) and not any(report[k] for k in report if k != "confirmed"), f"{report}")


def main():
    with Folder() as folder:
        place = Installation(sys.argv[1], folder)
        try:
            place.start()
            status = tap.run(place)
            place.stop()
            return status
        except Failed as error:
            print(f"Bail out! {error}")
            return 1
        finally:
            place.kill()


if __name__ == "__main__":
    sys.exit(main())
