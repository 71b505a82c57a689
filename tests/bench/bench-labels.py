#!/usr/bin/python3
"""10,000 labels on L7160 to PDF, beside glabels-3-batch with the same labels in the same run.

That takes glabels about five minutes: its time a label grows with their number. BW_BENCH_QUICK=1 gives it 1,000,
and its rate is then the one it has at 1,000.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LABELS = 10_000
GLABELS_LABELS = 1_000 if os.environ.get("BW_BENCH_QUICK") else LABELS
ROUNDS = 3
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

DOCUMENT = """<?xml version="1.0"?>
<Glabels-document xmlns="http://glabels.org/xmlns/3.0/">
  <Template brand="Avery" part="L7160" size="A4" description="Address">
    <Label-rectangle id="0" width="63.5mm" height="38.1mm" round="0pt" x_waste="0pt" y_waste="0pt">
      <Layout nx="3" ny="7" x0="7.2mm" y0="15.15mm" dx="66.04mm" dy="38.1mm"/>
    </Label-rectangle>
  </Template>
  <Objects id="0" rotate="False">
    <Object-barcode x="3mm" y="4mm" w="27mm" h="27mm" backend="libqrencode" style="IEC18004" text="False" checksum="False"
      color="0x000000ff" field="code" format="16" a0="1" a1="0" a2="0" a3="1" a4="0" a5="0"/>
    <Object-text x="32mm" y="14mm" w="30mm" h="5mm" justify="Left" valign="Top" auto_shrink="False"
      a0="1" a1="0" a2="0" a3="1" a4="0" a5="0">
      <Span font_family="DejaVu Sans Mono" font_size="7" font_weight="Regular" font_italic="False" color="0x000000ff"
        line_spacing="1"><Field name="id"/></Span>
    </Object-text>
    <Object-text x="32mm" y="19mm" w="30mm" h="5mm" justify="Left" valign="Top" auto_shrink="False"
      a0="1" a1="0" a2="0" a3="1" a4="0" a5="0">
      <Span font_family="DejaVu Sans" font_size="6" font_weight="Regular" font_italic="False" color="0x000000ff"
        line_spacing="1"><Field name="serial"/></Span>
    </Object-text>
  </Objects>
  <Merge type="Text/Comma/Line1Keys" src="{csv}"/>
</Glabels-document>
"""


def ours(build, folder, *extra):
    """Best of some: seconds with the program's start, MiB at most, bytes."""
    best = None
    for _ in range(ROUNDS):
        pdf = folder / "ours.pdf"
        start = time.monotonic()
        output = subprocess.run([build / "tests/bench/bench-labels", "L7160", str(LABELS), pdf, *extra],
                                check=True, stdout=subprocess.PIPE, text=True).stdout
        seconds = time.monotonic() - start
        figures = (seconds, int(output.split()[1]) / 1024, pdf.stat().st_size)
        best = figures if best is None else min(best, figures)
    return best


def glabels(folder, count):
    csv = folder / f"{count}.csv"
    with csv.open("w", encoding="ascii") as out:
        out.write("code,id,serial\n")
        for serial in range(1, count + 1):
            code = "".join(secrets.choice(ALPHABET) for _ in range(16))
            text = "-".join(code[i:i + 4] for i in range(0, 16, 4)).lower()
            out.write(f"{code},{text},Benchmark {serial} / {count}\n")
    document = folder / f"{count}.glabels"
    document.write_text(DOCUMENT.format(csv=csv), encoding="utf-8")
    pdf = folder / f"{count}.pdf"
    start = time.monotonic()
    subprocess.run(["glabels-3-batch", "-o", pdf, document], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, env=os.environ | {"HOME": str(folder), "LC_ALL": "C.UTF-8"})
    seconds = time.monotonic() - start
    # A page that is empty is not a peer: a label of its own takes far more than this.
    if pdf.stat().st_size < 500 * count:
        raise SystemExit("bench-labels: glabels-3-batch drew nothing")
    return seconds


def preview(build):
    """What the labels dialog itself takes to show a page, painted, of a batch of 100,000."""
    run = subprocess.run(["xvfb-run", "-a", "-s", "-screen 0 1400x900x24 -nolisten tcp",
                          build / "tests/app/test-labels", "--verbose", "-p", "/app/labels/large-batch"],
                         capture_output=True, text=True,
                         env=dict(os.environ, GSETTINGS_BACKEND="memory", GIO_USE_VFS="local", GTK_A11Y="test", LC_ALL="C.UTF-8"))
    found = re.findall(r"the (first|next) page.* took (\d+) ms", run.stdout)
    if run.returncode != 0 or len(found) != 2:
        raise SystemExit("bench-labels: the labels dialog shows no page\n" + run.stdout[-2000:] + run.stderr[-2000:])
    first, following = (took for _, took in found)
    print(f"first page of the preview for a batch of 100,000 | {first} ms | – | – | at most 200 ms")
    print(f"… next page | {following} ms | – | – | while scrolling", flush=True)


def main():
    build = Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="bw-bench-labels-") as name:
        folder = Path(name)
        seconds, mib, size = ours(build, folder)
        rate = LABELS / seconds
        print(f"10,000 labels (L7160) to PDF | {seconds:.2f} s | – | – | at most 2 s", flush=True)
        print(f"… size of the file | {size / 1e6:.2f} MB | – | – | at most 5 MB")
        print(f"… resident at most | {mib:.1f} MiB | – | – | at most 25 MiB", flush=True)
        logo_seconds, logo_mib, logo_size = ours(build, folder, "logo")
        print(f"10,000 designed labels (four texts, logo, colour bar) to PDF | {logo_seconds:.2f} s | – | – | at most 2 s", flush=True)
        print(f"… size of the file | {logo_size / 1e6:.2f} MB | – | – | at most 5 MB")
        print(f"… resident at most | {logo_mib:.1f} MiB | – | – | at most 25 MiB", flush=True)
        preview(build)
        if shutil.which("glabels-3-batch") is None:
            print(f"… labels a second | {rate:.0f} | glabels-3-batch is not installed | – | at least 100×")
            return 1
        peer = GLABELS_LABELS / glabels(folder, GLABELS_LABELS)
        print(f"… labels a second | {rate:.0f} | {peer:.0f} (glabels-3-batch, {GLABELS_LABELS:,} labels) | {rate / peer:.0f}× | at least 100×")
    return 0


if __name__ == "__main__":
    sys.exit(main())
