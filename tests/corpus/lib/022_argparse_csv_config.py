import argparse
import configparser
import csv
import io

p = argparse.ArgumentParser(prog="tool", description="A tool.")
p.add_argument("file")
p.add_argument("-n", "--number", type=int, default=3, help="how many (default %(default)s)")
p.add_argument("--flag", action="store_true")
p.add_argument("rest", nargs="*")
print(p.parse_args(["f", "-n", "5", "--flag", "x", "y"]))
import contextlib
err = io.StringIO()
with contextlib.redirect_stderr(err):
    try:
        p.parse_args(["f", "-n", "x"])
    except SystemExit as e:
        print("exit", e.code)
print(err.getvalue())
rows = list(csv.reader(io.StringIO('a,b\n"x, y","q""z"\n')))
print(rows)
out = io.StringIO()
w = csv.writer(out)
w.writerows([[1, "a,b"], ['"', None]])
print(repr(out.getvalue()), list(csv.DictReader(io.StringIO("k,v\n1,2\n"))))
c = configparser.ConfigParser()
c.read_string("[s]\na = 1\nb = %(a)s2\n[t]\nx: yes")
print(c["s"]["b"], c.getint("s", "a"), c.getboolean("t", "x"), c.sections())
