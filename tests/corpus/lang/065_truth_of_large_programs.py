class Node:
    __slots__ = ("key", "left", "right", "height")

    def __init__(self, key):
        self.key, self.left, self.right, self.height = key, None, None, 1


def height(n):
    return n.height if n else 0


def update(n):
    n.height = 1 + max(height(n.left), height(n.right))
    return n


def rotate_right(y):
    x = y.left
    y.left, x.right = x.right, y
    update(y)
    return update(x)


def rotate_left(x):
    y = x.right
    x.right, y.left = y.left, x
    update(x)
    return update(y)


def insert(n, key):
    if n is None:
        return Node(key)
    if key < n.key:
        n.left = insert(n.left, key)
    elif key > n.key:
        n.right = insert(n.right, key)
    else:
        return n
    update(n)
    balance = height(n.left) - height(n.right)
    if balance > 1:
        if key > n.left.key:
            n.left = rotate_left(n.left)
        return rotate_right(n)
    if balance < -1:
        if key < n.right.key:
            n.right = rotate_right(n.right)
        return rotate_left(n)
    return n


def walk(n):
    if n:
        yield from walk(n.left)
        yield n.key
        yield from walk(n.right)


root = None
seed = 12345
for _ in range(2000):
    seed = (seed * 1103515245 + 12345) % 2**31
    root = insert(root, seed % 5000)
keys = list(walk(root))
print(len(keys), root.height, keys == sorted(set(keys)), keys[:8])


class Matrix:
    def __init__(self, rows):
        self.rows = [list(r) for r in rows]

    def __matmul__(self, other):
        return Matrix([[sum(a * b for a, b in zip(r, c)) for c in zip(*other.rows)] for r in self.rows])

    def __pow__(self, n):
        result, base = Matrix([[1, 0], [0, 1]]), self
        while n:
            if n & 1:
                result = result @ base
            base = base @ base
            n >>= 1
        return result

    def __repr__(self):
        return f"Matrix({self.rows})"


print(Matrix([[1, 1], [1, 0]]) ** 90)


def queens(n):
    def place(row, cols, d1, d2):
        if row == n:
            return 1
        return sum(place(row + 1, cols | {c}, d1 | {row + c}, d2 | {row - c})
                   for c in range(n) if c not in cols and row + c not in d1 and row - c not in d2)
    return place(0, frozenset(), frozenset(), frozenset())


print([queens(n) for n in range(1, 8)])


def tokenize(text):
    i = 0
    while i < len(text):
        c = text[i]
        if c.isdigit():
            j = i
            while j < len(text) and (text[j].isdigit() or text[j] == "."):
                j += 1
            yield float(text[i:j]) if "." in text[i:j] else int(text[i:j])
            i = j
        elif c in "+-*/()^":
            yield c
            i += 1
        else:
            i += 1


def parse(text):
    toks = [*tokenize(text), None]
    pos = 0

    def peek():
        return toks[pos]

    def take():
        nonlocal pos
        pos += 1
        return toks[pos - 1]

    def atom():
        t = take()
        if t == "(":
            v = expr(0)
            take()
            return v
        if t == "-":
            return -atom()
        return t

    def expr(level):
        ops = {"+": (1, 2), "-": (1, 2), "*": (3, 4), "/": (3, 4), "^": (6, 5)}
        left = atom()
        while peek() in ops and ops[peek()][0] >= level:
            op = take()
            right = expr(ops[op][1])
            left = {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right,
                    "/": lambda: left / right, "^": lambda: left ** right}[op]()
        return left
    return expr(0)


for e in ("1 + 2 * 3", "(1 + 2) * 3", "2 ^ 3 ^ 2", "10 / 4 - 1", "-(2 + 3) * 2.5"):
    print(e, "=", parse(e))
words = ["apple", "bob", "kayak", "level", "noon", "rust"]
print([w for w in words if w == w[::-1]], {len(w): [v for v in words if len(v) == len(w)] for w in words})
