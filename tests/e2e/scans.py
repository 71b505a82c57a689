"""Sheets of labels as a scanner sees them, by ImageMagick and poppler, with faults painted in.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import shutil
import subprocess
from pathlib import Path

DPI = 300
STOCKS = Path(__file__).resolve().parent.parent.parent / "data/labels/stocks.json"


def run(*arguments):
    return subprocess.run([str(a) for a in arguments], check=True, capture_output=True, timeout=120).stdout


def cell_box(stock_name, cell):
    """x, y, width, height of a label in pixels."""
    stock = next(s for s in json.loads(STOCKS.read_text()) if s["name"] == stock_name)
    column, row = cell % stock["columns"], cell // stock["columns"]
    x = stock["left"] + column * stock.get("pitchX", stock["width"])
    y = stock["top"] + row * stock.get("pitchY", stock["height"])
    return tuple(int(mm * DPI / 25.4) for mm in (x, y, stock["width"], stock["height"]))


def geometry(box):
    return f"{box[2]}x{box[3]}+{box[0]}+{box[1]}"


class Sheet:
    """A page of a PDF as a picture; faults are noted and painted all at once by save ()."""

    def __init__(self, pdf, path, page=1):
        self.path, self.steps = Path(path), []
        if pdf is not None:
            run("pdftoppm", "-gray", "-png", "-singlefile", "-r", DPI, "-f", page, pdf, self.path.with_suffix(""))

    def copy(self, path):
        shutil.copy(self.path, path)
        return Sheet(None, path)

    def fill(self, box):
        self.steps += ["-fill", "white", "-draw", f"rectangle {box[0]},{box[1]} {box[0] + box[2]},{box[1] + box[3]}"]

    def paste(self, other, source, target):
        self.steps += ["(", other.path, "-crop", geometry(source), "+repage", ")", "-geometry", f"+{target[0]}+{target[1]}", "-composite"]

    def smear(self, box):
        self.steps += ["(", self.path, "-crop", geometry(box), "+repage", "-motion-blur", "0x30", ")",
                       "-geometry", f"+{box[0]}+{box[1]}", "-composite"]

    def save(self):
        run("convert", self.path, *self.steps, self.path)
        self.steps = []

    def turn(self, degrees, path):
        run("convert", self.path, "-background", "white", "-virtual-pixel", "white", "-distort", "SRT", degrees, "-quality", "60", path)
        return path


def decode_pdf(pdf, stock, n_labels):
    """The IDs in the first cells of a PDF's first page, read one by one with zbar's own program."""
    picture = Path(pdf).with_suffix(".decode.png")
    run("pdftoppm", "-gray", "-png", "-singlefile", "-r", DPI, pdf, picture.with_suffix(""))
    ids = []
    for cell in range(n_labels):
        part = picture.with_suffix(f".{cell}.png")
        run("convert", picture, "-crop", geometry(cell_box(stock, cell)), "+repage", part)
        code = run("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", part).decode().strip().lower()
        ids.append("-".join(code[i:i + 4] for i in range(0, 16, 4)))
    return ids
