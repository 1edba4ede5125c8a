"""What `sysconfig` knows of how this Python was built: there is no C API, so almost nothing."""

build_time_vars = {
    "ABIFLAGS": "",
    "CFLAGS": "",
    "EXT_SUFFIX": ".coachwhip-314-x86_64-linux-gnu.so",
    "EXE": "",
    "HAVE_FORK": 1,
    "MACHDEP": "linux",
    "MULTIARCH": "x86_64-linux-gnu",
    "Py_DEBUG": 0,
    "Py_ENABLE_SHARED": 0,
    "Py_GIL_DISABLED": 0,
    "PY_CFLAGS": "",
    "SHLIB_SUFFIX": ".so",
    "SIZEOF_VOID_P": 8,
    "SIZEOF_LONG": 8,
    "SOABI": "coachwhip-314-x86_64-linux-gnu",
    "TZPATH": "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo",
    "VERSION": "3.14",
}
