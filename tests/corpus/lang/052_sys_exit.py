import sys

try:
    sys.exit("caught")
except SystemExit as e:
    print("exit", e.code)
try:
    print("body")
    sys.exit(3)
finally:
    print("cleanup runs")
