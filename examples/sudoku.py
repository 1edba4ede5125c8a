"""Solve Sudokus by constraint propagation and search.

Every square keeps the digits that are still possible, as bits. Placing a digit takes it from the square's 20 peers; a
square left with one digit places that one in turn. Where this does not finish the grid, the square with the fewest
digits left is tried out.
"""

SIZE = 9
ALL = (1 << SIZE) - 1

PUZZLES = {
    "easy": "003020600900305001001806400008102900700000008006708200002609500800203009005010300",
    "hard": "4.....8.5.3..........7......2.....6.....8.4......1.......6.3.7.5..2.....1.4......",
    "Inkala 2010": "..53.....8......2..7..1.5..4....53...1..7...6..32...8..6.5....9..4....3......97..",
    "17 clues": "000000010400000000020000000000050407008000300001090000300400200050100000000806000",
    "platinum blonde": "000000012000000003002300400001800005060070800000009000008500000900040500470006000",
}


def make_peers():
    peers = []
    for square in range(SIZE * SIZE):
        row, column = divmod(square, SIZE)
        same = set()
        for i in range(SIZE):
            same.add(row * SIZE + i)
            same.add(i * SIZE + column)
            same.add((row // 3 * 3 + i // 3) * SIZE + column // 3 * 3 + i % 3)
        same.discard(square)
        peers.append(sorted(same))
    return peers


PEERS = make_peers()


class Contradiction(Exception):
    """A square has no digit left."""


class Grid:
    guesses = 0

    def __init__(self, options=None):
        self.options = options or [ALL] * (SIZE * SIZE)

    @classmethod
    def parse(cls, text):
        grid = cls()
        for square, char in enumerate(text):
            if char in "123456789":
                grid.place(square, 1 << int(char) - 1)
        return grid

    def place(self, square, bit):
        """Put a digit on a square, and whatever follows from it."""
        if not self.options[square] & bit:
            raise Contradiction(square)
        self.options[square] = bit
        for peer in PEERS[square]:
            left = self.options[peer]
            if left & bit:
                left &= ~bit
                self.options[peer] = left
                if not left:
                    raise Contradiction(peer)
                if not left & (left - 1):
                    self.place(peer, left)

    def solve(self):
        """The solved grid, or None."""
        best, fewest = None, SIZE + 1
        for square, left in enumerate(self.options):
            count = left.bit_count()
            if 1 < count < fewest:
                best, fewest = square, count
        if best is None:
            return self
        for digit in range(SIZE):
            bit = 1 << digit
            if not self.options[best] & bit:
                continue
            attempt = Grid(self.options.copy())
            Grid.guesses += 1
            try:
                attempt.place(best, bit)
            except Contradiction:
                continue
            if solved := attempt.solve():
                return solved
        return None

    def __str__(self):
        lines = []
        for row in range(SIZE):
            digits = [str(self.options[row * SIZE + column].bit_length()) for column in range(SIZE)]
            lines.append(" | ".join(" ".join(digits[i:i + 3]) for i in (0, 3, 6)))
            if row in (2, 5):
                lines.append("------+-------+------")
        return "\n".join(lines)


def main():
    for name, text in PUZZLES.items():
        Grid.guesses = 0
        solved = Grid.parse(text).solve()
        print(f"{name}: {Grid.guesses} guesses")
        print(solved or "no solution", end="\n\n")


if __name__ == "__main__":
    main()
