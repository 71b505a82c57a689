#!/usr/bin/python3
"""Label stocks from a terminal: the curated ones, installed catalogues, own ones, favourites.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))

from harness import Folder, Tap, check  # noqa: E402

tap = Tap()
SHEET = ("--columns", "3", "--rows", "7", "--width", "2.5in", "--height", "38,1", "--left", "7.2", "--top", "15.15", "--pitch-x", "6.604 cm", "--pitch-y", "38.1mm")


class Place:
    def __init__(self, build, catalogues, folder):
        self.ctl = Path(build) / "src/ctl/bellwetherctl"
        self.file = folder / "config/bellwether/stocks.json"
        self.env = {**os.environ, "XDG_CONFIG_HOME": str(folder / "config"), "LC_ALL": "C.UTF-8", "BELLWETHER_STOCK_CATALOGUES": catalogues}

    def run(self, *arguments, status=0):
        result = subprocess.run([str(self.ctl), "stock", *arguments], env=self.env, capture_output=True, text=True, timeout=60)
        check(result.returncode == status, f"{arguments}: {result.returncode}\n{result.stdout}{result.stderr}")
        return result.stdout if status == 0 else result.stderr

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "--json"))

    def names(self, *arguments):
        return [item["name"] for item in self.json("list", "--limit", "10000", *arguments)["items"]]

    def refused(self, *arguments, words, status=1):
        err = self.run(*arguments, status=status)
        check(words in err and (status == 2 or err.count("\n") == 1), f"{arguments}: {err!r}")


@tap.test
def test_list(place):
    rows = place.run("list", "--search", "avery l7160").splitlines()
    check(rows[0].split() == ["STOCK", "MAKER", "NUMBER", "LABELS"] and rows[1].startswith("L7160 ") and "3 × 7 = 21 labels of 63.5 × 38.1 mm" in rows[1], f"{rows}")
    check("unverified" not in rows[1] and "unverified" in rows[2] and "glabels-Avery-L7160x" in rows[2], f"{rows}")
    everything = place.names()
    check(everything[0] == "L7160" and "glabels-Sample-S-100" in everything and "libreoffice-Sample-S-100" in everything, "all catalogues")
    check(place.run("list", "--limit", "3").splitlines()[-1] == f"… and {len(everything) - 3} more", "--limit")
    for catalogue in ("curated", "own", "glabels", "libreoffice"):
        items = place.json("list", "--catalogue", catalogue)["items"]
        check(all(item["catalogue"] == catalogue and item["verified"] == (catalogue in ("curated", "own")) for item in items), catalogue)
        check(bool(items) == (catalogue != "own"), catalogue)
    check(place.names("--search", "63.5x38.1")[0] == "L7160" and "L7163" not in place.names("--search", "63.5x38.1"), "by size")
    check({"L7160", "L7163"} <= set(place.names("--search", "38 mm")), "by one side")
    check(place.names("--search", "no such") == [], "nothing")
    place.refused("list", "--catalogue", "avery", words="avery", status=2)
    place.refused("list", "--limit", "0", words="--limit", status=2)


@tap.test
def test_show(place):
    shown = place.json("show", "herma 4677")
    check(shown["name"] == "L7160" and shown["part"] == "L7160" and shown["brand"] == "Avery" and shown["labels"] == 21, f"{shown}")
    check((shown["left"], shown["top"], shown["pitchX"], shown["pitchY"]) == (7.2, 15.15, 66.04, 38.1) and shown["positions"] == [], f"{shown}")
    check("print a test page" not in place.run("show", "L7160") and "print a test page" in place.run("show", "sample s-101"), "unverified")
    staggered = place.json("show", "Staggered")
    check(len(staggered["positions"]) == staggered["labels"] == 23 and "columns" not in staggered, f"{staggered}")
    place.refused("show", "L0000", words="no label stock is called “L0000”")
    place.refused("show", "4226", words="say “Second 4226” or “Other 4226”")
    place.refused("show", words="Usage:", status=2)


@tap.test
def test_own(place):
    check(not place.file.exists(), "nothing is written by looking")
    out = place.run("add", "Shelf 21", *SHEET, "--brand", "Corner shop")
    check("3 × 7 = 21 labels of 63.5 × 38.1 mm" in out and out.startswith("Shelf 21, Corner shop\n"), out)
    check(oct(place.file.stat().st_mode & 0o777) == "0o600" and len(list(place.file.parent.glob("stocks.json*"))) == 1, "the file")
    check(place.names()[0] == "Shelf 21" and place.json("show", "shelf21")["pitchX"] == 66.04, "it is offered")
    place.run("edit", "Shelf 21", "--name", "Shelf 18", "--rows", "6", "--height", "40", "--pitch-y", "42")
    shown = place.json("show", "shelf 18")
    check((shown["rows"], shown["height"], shown["width"], shown["catalogue"]) == (6, 40, 63.5, "own"), f"{shown}")
    place.refused("show", "Shelf 21", words="Shelf 21")
    place.run("add", "Tag", "--paper", "roll", "--width", "50", "--height", "25", "--dpi", "203")
    place.run("add", "Card", "--paper", "148x210", "--width", "60", "--height", "60", "--left", "10", "--top", "10", "--shape", "round", "--columns", "2")
    check(place.json("show", "Card")["pageHeight"] == 210 and place.json("show", "Card")["pitchX"] == 60 and place.json("show", "Tag")["pageWidth"] == 50, "papers")
    place.run("add", "Like it", "--like", "L7163", "--top", "16")
    check(place.json("show", "like it")["pitchX"] == 101.6 and place.json("show", "like it")["top"] == 16, "--like")
    place.run("remove", "tag")
    check(place.names("--catalogue", "own") == ["Shelf 18", "Card", "Like it"], "removed")


@tap.test
def test_refusals(place):
    before = place.file.read_bytes()
    for arguments, words in (
        ((*SHEET, "--left", "20"), "the labels end at 215.58 mm, but the paper is 210 mm wide"),
        ((*SHEET, "--pitch-x", "60"), "the labels overlap"), ((*SHEET, "--rows", "70"), "high"), ((*SHEET, "--columns", "-1"), "between 1 and 200 columns"),
        ((*SHEET, "--columns", "0"), "between 1 and 200 columns"), ((*SHEET, "--rows", "0"), "rows"), ((*SHEET, "--dpi", "0"), "dots per inch"),
        ((*SHEET, "--width", "wide"), "“wide” is no length"), ((*SHEET, "--paper", "A0815"), "“A0815” is no paper"), ((*SHEET, "--paper", "1x"), "is no length"),
        ((*SHEET, "--shape", "round"), "a round label"), ((*SHEET, "--dpi", "7"), "dots per inch"), ((*SHEET, "--like", "Staggered"), "no grid"),
        ((*SHEET, "--like", "L0000"), "L0000"),
    ):
        place.refused("add", "New", *arguments, words=words)
    for name, words in (("L7160", "already"), ("Herma 4677", "already"), ("card", "already"), ("glabels-x", "already"), ("…", "name"), ("x" * 61, "name")):
        place.refused("add", name, *SHEET, words=words)
    place.refused("add", "New", words="--width", status=2)
    place.refused("add", "New", *SHEET, "--shape", "star", words="star", status=2)
    place.refused("edit", "L7160", "--top", "16", words="--like L7160")
    place.refused("edit", "nothing", "--top", "16", words="nothing")
    place.refused("remove", "L7160", words="no own stock is called “L7160”")
    check(place.file.read_bytes() == before, "a refusal changed the file")


@tap.test
def test_favourites(place):
    place.run("favourite", "4388")
    place.run("favourite", "Sample S-101")
    check(place.names("--favourites") == ["4388", "glabels-Sample-S-100"], f"{place.names('--favourites')}")
    check(place.names()[0] == "4388" and "★" in place.run("list", "--favourites"), "favourites first")
    place.run("favourite", "4388", "--off")
    check("4388" not in place.names("--favourites"), "--off")
    place.refused("favourite", "L0000", words="L0000")


@tap.test
def test_broken_file(place):
    whole = place.file.read_text()
    for text in ("", "{", '{"stocks":[{}]}'):
        place.file.write_text(text)
        for arguments in (("list",), ("add", "New", *SHEET), ("remove", "Card"), ("favourite", "L7160")):
            place.refused(*arguments, words="stocks.json")
        check(place.file.read_text() == text, "it was written over")
    place.file.write_text(whole)
    check("Card" in place.names(), "as before")


def main():
    with Folder() as folder:
        return tap.run(Place(sys.argv[1], sys.argv[2], folder))


if __name__ == "__main__":
    sys.exit(main())
