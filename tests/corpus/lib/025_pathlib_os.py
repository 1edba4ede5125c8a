import os
import pathlib
import shutil
import sys
import tempfile

p = pathlib.PurePosixPath("/a/b/../c.tar.gz")
print(p, p.parent, p.name, p.suffix, p.suffixes, p.stem, p / "d", p.parts, p.with_suffix(".x"), p.is_absolute(), p.relative_to("/a"), p.match("*.gz"), p.as_posix(), pathlib.PurePosixPath("a") < pathlib.PurePosixPath("b"), repr(p))
print(os.path.join("a", "b", "/c"), os.path.split("/x/y"), os.path.splitext("a.b.c"), os.path.normpath("a/../b//c/."), os.path.commonpath(["/a/b", "/a/c"]), os.sep, os.path.isabs("x"), os.path.relpath("/a/b", "/a/c"))
d = pathlib.Path(tempfile.mkdtemp())
(d / "sub").mkdir()
(d / "sub" / "f.txt").write_text("hello é", encoding="utf-8")
(d / "g.bin").write_bytes(b"\x00\x01")
print(sorted(x.name for x in d.iterdir()), sorted(x.relative_to(d).as_posix() for x in d.rglob("*")), (d / "sub/f.txt").read_text(encoding="utf-8"), (d / "g.bin").stat().st_size, (d / "no").exists(), [(os.path.relpath(r, d), sorted(ds), sorted(fs)) for r, ds, fs in os.walk(d)])
try:
    (d / "no").read_text()
except FileNotFoundError as e:
    print(e.errno, e.strerror)
shutil.rmtree(d)
print(d.exists(), type(os.environ.get("PATH")).__name__, os.getpid() > 0, sys.platform, os.name, os.environ.get("NO_SUCH_VAR", "default"))
