def f(n):
    for i in range(3):
        try:
            try:
                if n == 0:
                    return "ret"
                if n == 1:
                    break
                if n == 2:
                    continue
                if n == 3:
                    raise ValueError(i)
            finally:
                print("inner", n, i)
        except ValueError as e:
            print("handled", e)
        finally:
            print("outer", n, i)
    else:
        return "loop else"
    return "after"


for n in range(5):
    print(f(n))


def nested():
    try:
        return "first"
    finally:
        try:
            return_value = 1 / 0
        except ZeroDivisionError:
            print("handled in finally")


print(nested())


def gen():
    try:
        yield 1
        return "r"
    finally:
        print("gen finally")
        yield 2


print(list(gen()))


def value_in_finally():
    x = 1
    try:
        return x
    finally:
        x = 2


print(value_in_finally())


def deep():
    for a in range(2):
        for b in range(2):
            try:
                for c in range(2):
                    try:
                        if c:
                            break
                    finally:
                        print(a, b, c, end=" | ")
                if b:
                    continue
            finally:
                print("b", b, end=" | ")
    print()


deep()
try:
    try:
        pass
    finally:
        print("no exception")
except:
    print("never")
else:
    print("else after finally")


def return_in_except():
    try:
        raise KeyError
    except KeyError:
        return "from except"
    finally:
        print("then finally")


print(return_in_except())
