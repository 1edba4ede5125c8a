"""Write the library that is embedded in the interpreter into a folder: unpack_library.py DIR

Started by `cargo xtask conformance`. CPython's tests list and read the library's files. Does nothing in an interpreter whose
library is on disk.
"""
import os
import sys


def unpack(library, folder, target):
    os.makedirs(target, exist_ok=True)
    for name in library.list_folder(folder.rstrip("/")):
        if name.endswith("/"):
            unpack(library, folder + name, os.path.join(target, name[:-1]))
        else:
            with open(os.path.join(target, name), "wb") as file:
                file.write(library.get_data(folder + name))


if __name__ == "__main__":
    try:
        import _embedded
    except ImportError:
        sys.exit(0)
    unpack(_embedded, "", sys.argv[1])
