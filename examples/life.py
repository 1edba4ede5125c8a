"""Conway's Game of Life on an unbounded plane: a set of live cells and a count of neighbours.

Starts with a glider gun, prints some generations, and counts what a long run leaves behind.
"""

GUN = """
........................O
......................O.O
............OO......OO............OO
...........O...O....OO............OO
OO........O.....O...OO
OO........O...O.OO....O.O
..........O.....O.......O
...........O...O
............OO
"""


def parse(text):
    return {(x, y) for y, line in enumerate(text.strip("\n").splitlines()) for x, char in enumerate(line) if char == "O"}


def step(cells):
    counts = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    key = x + dx, y + dy
                    counts[key] = counts.get(key, 0) + 1
    return {cell for cell, n in counts.items() if n == 3 or n == 2 and cell in cells}


def show(cells, width=52, height=18):
    for y in range(height):
        print("".join("O" if (x, y) in cells else "." for x in range(width)))


def groups(cells):
    """Cells that touch, taken together: each glider is a group of five."""
    left = set(cells)
    sizes = []
    while left:
        stack, size = [left.pop()], 0
        while stack:
            x, y = stack.pop()
            size += 1
            for cell in [(x + dx, y + dy) for dx in (-2, -1, 0, 1, 2) for dy in (-2, -1, 0, 1, 2)]:
                if cell in left:
                    left.remove(cell)
                    stack.append(cell)
        sizes.append(size)
    return sorted(sizes)


def main():
    cells = parse(GUN)
    for generation in range(0, 121):
        if generation % 60 == 0:
            print(f"generation {generation}: {len(cells)} cells")
            show(cells)
        cells = step(cells)
    print("groups:", groups(cells))
    acorn = parse(".O.....\n...O...\nOO..OOO")
    for generation in range(300):
        acorn = step(acorn)
    print("the acorn after 300 generations:", len(acorn), "cells,", groups(acorn).count(4), "groups of four")


if __name__ == "__main__":
    main()
