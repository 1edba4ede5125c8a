import subprocess
import sys

out = subprocess.run(["/bin/sh", "-c", "echo out; echo err >&2; exit 3"], capture_output=True, text=True)
print(out.returncode, repr(out.stdout), repr(out.stderr))
print(subprocess.check_output(["/bin/echo", "hi"]), subprocess.run(["/bin/cat"], input=b"piped", capture_output=True).stdout)
try:
    subprocess.run(["/bin/sh", "-c", "exit 2"], check=True)
except subprocess.CalledProcessError as e:
    print(e.returncode)
try:
    subprocess.run(["/no/such/program"])
except FileNotFoundError as e:
    print(e.filename, e.errno)
p = subprocess.Popen(["/bin/sh", "-c", "read x; echo got $x"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print(p.communicate("line\n"), p.returncode)
print(sys.byteorder, sys.maxunicode, sys.getrecursionlimit(), sys.float_info.max, sys.int_info.default_max_str_digits, sys.implementation.cache_tag is not None, sys.flags.optimize, sys.intern("a") is sys.intern("a"), sys.getsizeof([]) > 0)
