#!/usr/bin/python3
"""What a device said, from a terminal: listed, shown, over a span, as JSON and as CSV.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import csv
import datetime
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "e2e"), str(HERE.parent / "bench")]

from harness import Failed, Folder, Installation, Tap, check, read_hand_over, wait_for  # noqa: E402
from rawmqtt import Link, publish_packet  # noqa: E402
from test_ctl_people import lines, refused  # noqa: E402

tap = Tap()
COUNT = 300
DESCRIPTION = ('{"homie":"5.0","version":1,"nodes":{"m":{"properties":{"power":{"datatype":"float","unit":"W"},'
               '"note":{"datatype":"string"},"on":{"datatype":"boolean"}}}}}')
NOTES = ["=1+1", "a;b \"c\"", "מזל", "two\nlines"]


def power(i):
    return i / 10


def times(place):
    """When each value of the power came, in µs."""
    points = place.json("device", "history", place.id, "m/power", "--points", "5000")["points"]
    return [at for at, _ in points]


@tap.test
def test_a_device_says_something(place):
    place.ctl("batch", "create", "--name", "Meters", "--count", "2")
    path = place.folder / "hand-over.csv"
    place.ctl("batch", "export", "Meters", "--csv", path)
    (place.id, key), (place.silent, _) = [(row["device_id"], row["device_key"]) for row in read_hand_over(path)]
    link = Link(place.broker_port, "meter", place.id, key)
    link.send(publish_packet(f"homie/5/{place.id}/$state", "init", 1))
    link.read()
    wait_for("it waits for approval", lambda: place.devices("awaiting-approval"), 60)
    place.ctl("device", "approve", place.id)
    link.close()    # it is sent away, and comes back
    link = Link(place.broker_port, "meter", place.id, key)
    said = [("power", str(power(i))) for i in range(COUNT)] + [("note", note) for note in NOTES] + [("on", "true"), ("on", "false")]
    link.send(publish_packet(f"homie/5/{place.id}/$description", DESCRIPTION, 0),
              publish_packet(f"homie/5/{place.id}/$state", "ready", 0),
              *(publish_packet(f"homie/5/{place.id}/m/{prop}", payload, 1, False, i + 1) for i, (prop, payload) in enumerate(said)))
    wait_for("the last one is in the history",
             lambda: len(place.json("device", "history", place.id, "m/on")["points"]) == 2, 60)
    link.close()


@tap.test
def test_list(place):
    reply = place.json("device", "history", place.id)
    found = {f"{item['node']}/{item['property']}": item for item in reply["items"]}
    check(set(found) >= {"m/power", "m/note", "m/on", "$device/status", "$device/state"}, f"{sorted(found)}")
    check((found["m/power"]["n"], found["m/power"]["datatype"], found["m/power"]["unit"]) == (COUNT, "float", "W"), f"{found['m/power']}")
    check(found["m/note"]["n"] == len(NOTES) and reply["flood"] is None, f"{reply}")
    check(found["m/power"]["firstAt"] == times(place)[0] and found["m/power"]["lastAt"] == times(place)[-1], "from the first to the last")
    rows = lines(place, "device", "history", place.id)
    check(rows[0].split() == ["PROPERTY", "VALUES", "FIRST", "LAST", "DATATYPE", "UNIT"], rows[0])
    row = next(row.split() for row in rows if row.startswith("m/power"))
    check(row[1] == str(COUNT) and row[-2:] == ["float", "W"], f"{row}")
    check(not any("left out" in row for row in rows), f"{rows}")
    check(place.json("device", "history", place.silent) == {"items": [], "flood": None}, "of who has said nothing")


@tap.test
def test_show(place):
    reply = place.json("device", "history", place.id, "m/power", "--points", "5000")
    check([value for _, value in reply["points"]] == [power(i) for i in range(COUNT)], "each value, in order")
    check((reply["thinned"], reply["unit"], reply["datatype"]) == (False, "W", "float"), f"{reply['unit']}")
    rows = lines(place, "device", "history", place.id, "m/power", "--points", "5000")
    check(rows[0].split() == ["TIME", "VALUE"] and len(rows) == COUNT + 1, f"{rows[:4]}")
    check([float(row.split()[-1]) for row in rows[1:]] == [power(i) for i in range(COUNT)], "as text, too")
    # no line of a text is a line of the table
    rows = lines(place, "device", "history", place.id, "m/note")
    check(len(rows) == len(NOTES) + 1 and any("מזל" in row for row in rows), f"{rows}")
    check([value for _, value in place.json("device", "history", place.id, "m/note")["points"]] == NOTES, "texts")
    check([value for _, value in place.json("device", "history", place.id, "m/on")["points"]] == [True, False], "yes and no")
    check(place.json("device", "history", place.id, "m/nothing")["points"] == [], "a property that is not there")
    status = place.json("device", "history", place.id, "$device/status")["points"]
    check(status[-1][1] in ("pairing", "approved"), f"{status}")


@tap.test
def test_ranges(place):
    reply = place.json("device", "history", place.id, "m/power", "--points", "10")
    points = reply["points"]
    check(reply["thinned"] and 1 <= len(points) <= 10, f"{len(points)}")
    check(sum(point[1] for point in points) == COUNT, "each value is in one of them")
    check(min(point[2] for point in points) == power(0) and max(point[3] for point in points) == power(COUNT - 1), f"{points}")
    check(points[-1][5] == power(COUNT - 1), "the last one")
    rows = lines(place, "device", "history", place.id, "m/power", "--points", "10")
    check(rows[0].split() == ["FROM", "VALUES", "LOWEST", "HIGHEST", "MEAN", "LAST"] and len(rows) == len(points) + 1, f"{rows[:3]}")
    check(place.json("device", "history", place.id, "m/power")["thinned"], "a hundred unless told")


@tap.test
def test_span(place):
    def values(*span):
        reply = place.json("device", "history", place.id, "m/power", "--points", "5000", *span)
        return [value for _, value in reply["points"]]

    today = datetime.date.today()
    yesterday, tomorrow = (str(today + datetime.timedelta(days=days)) for days in (-1, 1))
    everything = [power(i) for i in range(COUNT)]
    check(values("--from", yesterday) == everything and values("--to", tomorrow) == everything, "what is around it")
    check(values("--from", yesterday, "--to", tomorrow) == everything, "both")
    check(values("--to", yesterday) == [] and values("--from", tomorrow) == [], "before and after")
    # a second that lies between two of them, or at one end
    second = datetime.datetime.fromtimestamp(times(place)[COUNT // 2] // 1000000).isoformat()
    before, after = values("--to", second), values("--from", second)
    check(before + after == everything and power(COUNT // 2) in after, f"{len(before)} and {len(after)}, cut at {second}")


@tap.test
def test_csv(place):
    file = place.folder / "power.csv"
    out, _ = place.ctl("device", "history", place.id, "m/power", "--csv", file)
    check("power.csv" in out and "is written" in out, out)
    rows = list(csv.DictReader(file.open(encoding="utf-8", newline="")))
    check([float(row["value"]) for row in rows] == [power(i) for i in range(COUNT)], f"{rows[:2]}")
    check({(row["node"], row["property"]) for row in rows} == {("m", "power")}, "of this one")
    moments = [datetime.datetime.fromisoformat(row["at"].replace("Z", "+00:00")) for row in rows]
    zero = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    check([(moment - zero) // datetime.timedelta(microseconds=1) for moment in moments] == times(place), "to the microsecond")
    # all of them, as a program asks; a spreadsheet takes none for a formula
    reply = place.json("device", "history", place.id, "--csv", place.folder / "all.csv")
    check(reply == {"file": str(place.folder / "all.csv")}, f"{reply}")
    rows = list(csv.DictReader((place.folder / "all.csv").open(encoding="utf-8", newline="")))
    check(sum(row["property"] == "power" for row in rows) == COUNT, f"{len(rows)}")
    notes = [row["value"] for row in rows if row["property"] == "note"]
    check(notes[1:] == NOTES[1:] and notes[0].endswith("=1+1") and notes[0][0] != "=", f"{notes}")
    tomorrow = str(datetime.date.today() + datetime.timedelta(days=1))
    place.ctl("device", "history", place.id, "m/power", "--from", tomorrow, "--csv", file)
    check(file.read_text(encoding="utf-8").splitlines() == ['"at","node","property","value"'], "a span without a value")


@tap.test
def test_bad_input(place):
    for arguments, words in (([], "missing"), ([place.id, "m/power", "more"], "too much"), ([place.id, "--points", "0"], "--points is 1 to 5000"),
                             ([place.id, "m/power", "--points", "5001"], "--points"), ([place.id, "m/power", "--points", "many"], "many"),
                             ([place.id, "--colour"], "colour")):
        refused(place, "device", "history", *arguments, words=words, status=2)
    refused(place, "device", "history", "no-device", words="no-device")
    refused(place, "device", "history", "2222-2222-2222-2222", words="")
    for target in ("power", "m/", "/power", "m/power/more", "/"):
        refused(place, "device", "history", place.id, target, words="NODE/PROPERTY")
    refused(place, "device", "history", place.id, "m/power", "--from", "soon", words="soon")
    refused(place, "device", "history", place.id, "m/power", "--from", "2026-02-30", words="2026-02-30")
    refused(place, "device", "history", place.id, "m/power", "--from", "2026-05-02", "--to", "2026-05-01", words="")
    nowhere = place.folder / "nowhere/x.csv"
    refused(place, "device", "history", place.id, "m/power", "--csv", nowhere, words=str(nowhere))
    check(json.loads(place.ctl("--json", "device", "history", place.id)[0])["flood"] is None, "and it works as before")


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
