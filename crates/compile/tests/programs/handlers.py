def read(path):
    try:
        with open(path) as file, lock:
            return file.read()
    except (OSError, ValueError) as error:
        log(error)
        raise
    else:
        done()
    finally:
        close()


def group():
    try:
        work()
    except* KeyError as errors:
        print(errors)
