#!/usr/bin/python3
"""bellwetherctl labels verify and batch verify: sheets as a scanner sees them, with faults painted in.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))

from harness import Failed, Folder, Installation, Tap, check  # noqa: E402
from scans import Sheet, cell_box, decode_pdf  # noqa: E402

tap = Tap()
LISTS = ("confirmed", "missing", "unreadable", "duplicate", "swapped", "foreign")


def run(place, *arguments, text=None):
    result = subprocess.run([str(place.ctl_path), *map(str, arguments)], input=text, capture_output=True, text=True,
                            env=place.env, timeout=240)
    return result.returncode, result.stdout, result.stderr


def verify(place, *arguments, status=0, skewed=None):
    code, out, err = run(place, "--json", "labels", "verify", *arguments)
    check(code == status, f"{arguments}: {code} {out} {err}")
    found = json.loads(out)
    pictures = "--image" in arguments
    check(tuple(found) == LISTS + (("skewed",) if pictures else ()), f"{list(found)}")
    check(not pictures or found.pop("skewed") == (skewed or []), f"{out}")
    return found


def make(place, name, count, stock):
    place.ctl("batch", "create", "--name", name, "--count", count)
    pdf = place.folder / f"{name}.pdf"
    place.ctl("labels", name, "--stock", stock, "--pdf", pdf)
    ids = [d["id"] for d in place.json("device", "list", "--batch", name, "--sort", "serial", "--limit", count)["items"]]
    return pdf, ids


@tap.test
def test_a_good_sheet(place):
    place.pdf, place.ids = make(place, "Sheet", 65, "L7651")
    check(verify(place, "Sheet", "--image", place.pdf, "--stock", "L7651")["confirmed"] == place.ids, "not all of them, or not in order")
    place.sheet = Sheet(place.pdf, place.folder / "sheet.png")
    begun = time.monotonic()
    found = verify(place, "Sheet", "--image", place.sheet.path, "--stock", "l7651", "--start", 1, "--first", 1)
    print(f"# a PNG of 300 dpi, with the program's start and the backend's answer: {time.monotonic() - begun:.2f} s", flush=True)
    check(found["confirmed"] == place.ids, "of the picture")
    check(verify(place, "Sheet", "--image", place.sheet.path)["confirmed"] == place.ids, "the stock was not found")
    code, out, err = run(place, "labels", "verify", "Sheet", "--image", place.sheet.path, "--stock", "L7651")
    check(code == 0 and out == "confirmed: 65\n", f"{code} {out!r} {err!r}")


@tap.test
def test_five_faults(place):
    _, other = make(place, "Other", 3, "L7651")
    foreign = Sheet(place.folder / "Other.pdf", place.folder / "other.png")
    sheet = place.sheet.copy(place.folder / "faults.png")
    box = {cell: cell_box("L7651", cell) for cell in range(65)}
    sheet.fill(box[64])
    sheet.smear(box[1])
    sheet.paste(place.sheet, box[60], box[5])
    sheet.paste(place.sheet, box[10], box[20])
    sheet.paste(place.sheet, box[20], box[10])
    sheet.paste(foreign, box[0], box[30])
    sheet.save()
    for turn in ("0", "1.5", "-2", "180"):
        turned = sheet.turn(turn, place.folder / f"turned{turn}.jpg")
        found = verify(place, "Sheet", "--image", turned, "--stock", "L7651", status=1)
        ids = place.ids
        expected = {"missing": [ids[5], ids[30], ids[64]], "unreadable": [ids[1]], "duplicate": [ids[60]], "swapped": [ids[10], ids[20]],
                    "foreign": [other[0].replace("-", "").upper()]}
        expected["confirmed"] = [i for i in ids if not any(i in e for e in expected.values())]
        check(found == expected, f"turned by {turn}: {found}")

    pdf = place.folder / "again.pdf"
    code, out, err = run(place, "labels", "verify", "Sheet", "--image", sheet.path, "--stock", "L7651", "--reprint", pdf)
    check(code == 1 and f"{ids[64]}" in out and "unreadable" in out and "again.pdf" in out, f"{code} {out} {err}")
    wanted = {ids[n] for n in (1, 5, 10, 20, 30, 60, 64)}
    check(decode_pdf(pdf, "L7651", 7) == [i for i in ids if i in wanted], "the PDF of what failed holds something else")


@tap.test
def test_bad_input(place):
    text = place.folder / "notes.txt"
    text.write_text("no picture")
    blank = place.sheet.copy(place.folder / "blank.png")
    blank.fill((0, 0, 2480, 3508))
    blank.save()
    cases = [
        (["Sheet"], 2, "--image"), (["--image", text], 2, "Usage"), (["Nothing", "--image", text], 1, "Nothing"),
        (["Sheet", "--image", text, "--stock", "L7651"], 1, "notes.txt"), (["Sheet", "--image", "/nowhere.png", "--stock", "L7651"], 1, "nowhere.png"),
        (["Sheet", "--image", blank.path, "--stock", "L7651"], 1, "L7651"), (["Sheet", "--image", text, "--stock", "teapot"], 1, "teapot"),
        (["Sheet", "--image", blank.path], 1, "blank.png"), (["Sheet", "--image", text, "--stock", "L7651", "--start", "66"], 1, "65"),
        (["Sheet", "--image", text, "--stock", "L7651", "--first", "0"], 1, "65"), (["Sheet", "--image", text, "--stock", "L7651", "--first", "60", "--count", "7"], 1, "65"),
    ]
    for arguments, status, words in cases:
        code, out, err = run(place, "labels", "verify", *arguments)
        check(code == status and words in err and out == "" and (status == 2 or err.count("\n") == 1), f"{arguments}: {code} {out!r} {err!r}")
    code, out, err = run(place, "labels", "verify", "Sheet", "--image", blank.path, "--image", place.sheet.path, "--stock", "L7651")
    check(code == 0 and "1 page holds no code" in out, f"{code} {out!r} {err!r}")


@tap.test
def test_by_hand(place):
    codes = [i.replace("-", "").upper() for i in place.ids]
    code, out, err = run(place, "batch", "verify", "Sheet", text="".join(c + "\r\n" for c in codes[:63]) + f"https://example.com/{codes[63]}\n{place.ids[64]}")
    check(code == 0 and out.splitlines()[-1] == "confirmed: 65", f"{code} {out} {err}")
    code, out, err = run(place, "batch", "verify", "Sheet", text=f"{codes[0]}\n\n{codes[0]}\nteapot\x1b[2J\n" + "x" * 100000 + "\n")
    lines = out.splitlines()
    check(code == 1 and "serial 1, 1 of 65" in lines[0] and "before" in lines[1] and lines[2].startswith("teapot") and "\x1b" not in out, f"{out!r}")
    check("confirmed: 1" in out and "missing: 64" in out and "foreign: 2" in out and place.ids[64] in out, out)
    code, out, err = run(place, "--json", "batch", "verify", "Sheet", text=codes[3] + "\nABC\n")
    found = json.loads(out)
    check(code == 1 and tuple(found) == LISTS and found["confirmed"] == [place.ids[3]] and len(found["missing"]) == 64 and found["foreign"] == ["ABC"], out)
    code, out, err = run(place, "batch", "verify", "Nothing", text="")
    check(code == 1 and err.count("\n") == 1, err)


def camera(picture):
    """A picture that stands still, as large as a camera gives it."""
    return f"filesrc location={picture} ! pngdec ! imagefreeze ! videoscale ! video/x-raw,width=1240,height=1754,framerate=25/1"


@tap.test
def test_camera(place):
    place.ctl("batch", "create", "--name", "Seen", "--count", "6")
    place.ctl("labels", "Seen", "--stock", "L7160", "--pdf", place.folder / "Seen.pdf")
    ids = [d["id"] for d in place.json("device", "list", "--batch", "Seen", "--sort", "serial")["items"]]
    sheet = Sheet(place.folder / "Seen.pdf", place.folder / "seen.png")
    code, out, err = run(place, "labels", "verify", "Seen", "--camera-pipeline", camera(sheet.path))
    if "without support for cameras" in err:
        print("# SKIP: built without cameras", flush=True)
        return
    check(code == 0 and out.splitlines()[-1] == "confirmed: 6" and "6 of 6" in out, f"{code} {out!r} {err!r}")
    part = sheet.copy(place.folder / "part.png")
    part.fill(cell_box("L7160", 2))
    part.save()
    found = verify(place, "Seen", "--camera-pipeline", camera(part.path), "--first", 1, "--count", 2)
    check(set(ids[:2]) <= set(found["confirmed"]) and found["missing"] == [], f"{found}")

    # Ctrl+C ends it, and what was seen counts
    again = place.folder / "seen-again.pdf"
    process = subprocess.Popen([str(place.ctl_path), "labels", "verify", "Seen", "--camera", "--stock", "L7160", "--reprint", str(again)],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=place.env | {"BELLWETHER_CAMERA_PIPELINE": camera(part.path)})
    lines = []
    while len(lines) < 5:
        lines.append(process.stdout.readline())
        check(lines[-1] != "", f"it ended: {lines}")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    check(process.returncode == 1 and "confirmed: 5" in out and "missing: 1" in out and ids[2] in out, f"{lines} {out!r} {err!r}")
    check(decode_pdf(again, "L7160", 1) == [ids[2]], "the PDF of what is missing")

    lost = f"{camera(part.path)} ! identity error-after=120"
    code, out, err = run(place, "labels", "verify", "Seen", "--camera-pipeline", lost)
    check(code == 1 and "lost" in err and "confirmed: " in out, f"{code} {out!r} {err!r}")
    blank = place.sheet.copy(place.folder / "nothing.png")
    blank.fill((0, 0, 2480, 3508))
    blank.save()
    for arguments, status, words in (
            (["--camera-pipeline", f"{camera(blank.path)} ! identity error-after=20"], 1, "lost"),
            (["--camera-pipeline", "teapot"], 1, "teapot"),
            (["--camera", "/dev/nothing"], 1, "/dev/nothing"),
            (["--camera", "--image", blank.path], 2, "together"),
            (["--camera", "--reprint", again], 2, "--stock"),
            (["/dev/video0", "--image", blank.path], 2, "too much"),
            (["--image", blank.path, "--copies", "0"], 2, "--copies")):
        code, out, err = run(place, "labels", "verify", "Seen", *arguments)
        check(code == status and words in err and out == "", f"{arguments}: {code} {out!r} {err!r}")


@tap.test
def test_copies(place):
    place.ctl("batch", "create", "--name", "Twice", "--count", "6")
    pdf = place.folder / "Twice.pdf"
    place.ctl("labels", "Twice", "--stock", "L7160", "--copies", 2, "--pdf", pdf)
    ids = [d["id"] for d in place.json("device", "list", "--batch", "Twice", "--sort", "serial")["items"]]
    found = verify(place, "Twice", "--image", pdf, "--stock", "L7160", "--copies", 2)
    check(found["confirmed"] == ids and found["duplicate"] == [], f"{found}")
    sheet = Sheet(pdf, place.folder / "twice.png")
    third = sheet.copy(place.folder / "third.png")
    third.paste(sheet, cell_box("L7160", 0), cell_box("L7160", 15))
    third.fill(cell_box("L7160", 11))
    third.save()
    found = verify(place, "Twice", "--image", third.path, "--stock", "L7160", "--copies", 2, status=1)
    check(found["duplicate"] == [ids[0]] and found["missing"] == [ids[5]] and found["confirmed"] == ids[1:5], f"{found}")


@tap.test
def test_a_skewed_photo(place):
    photo = place.folder / "photo.png"
    subprocess.run(["convert", str(place.sheet.path), "-virtual-pixel", "white", "-distort", "Perspective",
                    "0,0 450,300 2480,0 2030,300 0,3508 0,3508 2480,3508 2480,3508", str(photo)], check=True, timeout=120)
    sheet = place.sheet.path
    found = verify(place, "Sheet", "--image", photo, "--image", sheet, "--stock", "L7651", status=1, skewed=[{"file": str(photo), "page": 1}])
    check(found["confirmed"] == place.ids, f"the other page: {found}")
    code, out, err = run(place, "labels", "verify", "Sheet", "--image", sheet, "--image", photo, "--stock", "L7651")
    check(code == 1 and "confirmed: 65" in out and f"“{photo}”, page 1" in out and "angle" in out, f"{code} {out!r} {err!r}")
    for stock in ([], ["--stock", "L7651"]):
        code, out, err = run(place, "labels", "verify", "Sheet", "--image", photo, *stock)
        check(code == 1 and "photo.png" in err and "angle" in err and out == "", f"{stock}: {code} {out!r} {err!r}")


@tap.test
def test_many_pages_in_a_tiff(place):
    second = place.folder / "second.png"
    pages, paths = [], []
    place.ctl("batch", "create", "--name", "Long", "--count", "50")
    place.ctl("labels", "Long", "--stock", "L7160", "--pdf", place.folder / "Long.pdf")
    for page in (1, 2, 3):
        pages.append(Sheet(place.folder / "Long.pdf", place.folder / f"long{page}.png", page))
        paths.append(pages[-1].path)
    subprocess.run(["convert", *map(str, paths), "-compress", "zip", str(second.with_suffix(".tif"))], check=True, timeout=120)
    ids = [d["id"] for d in place.json("device", "list", "--batch", "Long", "--sort", "serial", "--limit", "50")["items"]]
    check(verify(place, "Long", "--image", second.with_suffix(".tif"), "--stock", "L7160")["confirmed"] == ids, "not all pages were read")


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
