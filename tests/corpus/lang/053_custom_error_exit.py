class AppError(Exception):
    def __str__(self):
        return "application failed with code %d" % self.args[0]


def run():
    try:
        {}["missing"]
    except KeyError as e:
        raise AppError(42) from e


print("start")
run()
