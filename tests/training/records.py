"""Data in and out: JSON, CSV, pickle, struct, compression, dates, decimals, paths, files, sorting, grouping."""
import base64
import collections
import csv
import datetime
import decimal
import io
import itertools
import json
import operator
import os
import pathlib
import pickle
import struct
import tempfile
import zlib

Row = collections.namedtuple("Row", "number name amount day tags")


def rows(n):
    first = datetime.date(2024, 1, 31)
    for i in range(n):
        amount = decimal.Decimal(i * 37 % 1000) / 8
        day = first + datetime.timedelta(days=i % 90)
        yield Row(i, f"name {i % 17}", amount, day, ["a", "b", "c"][: i % 4])


def through_json(data):
    plain = [{"number": r.number, "name": r.name, "amount": str(r.amount), "day": r.day.isoformat(), "tags": r.tags,
              "more": {"half": r.number / 2, "none": None, "yes": r.number % 2 == 0}} for r in data]
    text = json.dumps(plain)
    back = json.loads(text)
    assert back == plain
    return len(text), len(json.dumps(back, indent=2, sort_keys=True))


def through_csv(data):
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(Row._fields)
    for row in data:
        writer.writerow([row.number, row.name, row.amount, row.day, ";".join(row.tags)])
    out.seek(0)
    return sum(decimal.Decimal(record["amount"]) for record in csv.DictReader(out))


def through_bytes(data):
    packed = b"".join(struct.pack("<IHd", r.number, len(r.name), float(r.amount)) for r in data)
    total = 0
    for number, length, amount in struct.iter_unpack("<IHd", packed):
        total += number * length + amount
    shrunk = zlib.compress(packed)
    assert zlib.decompress(shrunk) == packed
    return total, len(base64.b64encode(packed)), zlib.crc32(packed)


def through_pickle(data):
    kept = [(r.number, r.name, r.tags, {"day": r.day, "amount": r.amount}) for r in data]
    assert pickle.loads(pickle.dumps(kept)) == kept
    return len(kept)


def through_files(data):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for key, group in itertools.groupby(sorted(data, key=operator.attrgetter("name")), key=lambda r: r.name):
            path = folder / key.replace(" ", "_") / "part.txt"
            path.parent.mkdir(exist_ok=True)
            with path.open("w") as file:
                for row in group:
                    file.write(f"{row.number}\t{row.amount:.3f}\n")
        found = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.txt"))
        lines = sum(len(p.read_text().splitlines()) for p in folder.glob("*/part.txt"))
        sizes = sum(os.stat(p).st_size for p in folder.iterdir())
        return len(found), lines, sizes > 0


def report(data):
    by_month = collections.defaultdict(list)
    for row in data:
        by_month[row.day.strftime("%Y-%m")].append(row)
    out = []
    for month, members in sorted(by_month.items()):
        total = sum((r.amount for r in members), decimal.Decimal(0))
        mean = (total / len(members)).quantize(decimal.Decimal("0.01"), rounding=decimal.ROUND_HALF_EVEN)
        top = max(members, key=lambda r: (r.amount, r.number))
        out.append((month, len(members), total, mean, top.number))
    return out


def main():
    data = list(rows(1500))
    print(through_json(data), through_csv(data), through_bytes(data))
    print(through_pickle(data), through_files(data))
    for line in report(data):
        print(*line)
    order = sorted(data, key=lambda r: (r.name, -r.number, r.day))
    print([r.number for r in order[:5]], order.index(data[0]))
    counted = collections.Counter(tag for row in data for tag in row.tags)
    print(counted, collections.deque(map(operator.itemgetter(0), data), maxlen=3))
    when = datetime.datetime(2024, 2, 28, 23, 59, tzinfo=datetime.timezone.utc)
    print([(when + datetime.timedelta(hours=h)).isoformat() for h in range(0, 48, 12)])


for _ in range(6):
    main()
