name, n, x = "world", 42, 3.14159
print(f"hello {name}", f"{n}", f"{n + 1}", f"{{braces}}", f"")
print(f"{n:5}|{n:<5}|{n:^5}|{n:>5}|{n:05}|{n:+}|{n:x}|{n:#x}|{n:b}|{n:o}|{n:,}")
print(f"{x:.2f}|{x:8.3f}|{x:<8.1f}|{x:e}|{x:g}|{x:%}")
print(f"{name:>10}|{name:*^11}|{name:.3}")
print(f"{name!r} {name!s} {'é'!a} {name!r:>10}")
print(f"{n=} {x=:.1f} {name=!s} {n + 1 = }")
width, prec = 10, 3
print(f"{x:{width}.{prec}f}|{name:{'>'}{width}}")
print(f"{'nested ' + f'{n}'}", f"{'a' if n else 'b'}", f"{[i for i in range(3)]}", f"{ {'k': 1}['k'] }")
print(f"{(lambda v: v * 2)(4)}", f'{"quotes"}', f"{n:{'0'}>{8}}")
print("implicit " f"{n} " "join")
print(f"""multi
{n}
line""")
print(rf"\d{n}", f"\u00e9{n}", f"{'\n'.join(['a', 'b'])}")


class F:
    def __format__(self, spec):
        return f"<{spec}>"


print(f"{F()}|{F():abc}|{F()!s:.0}|{F():{n}}")
print(f"{1:{'>' if n else '<'}5}")
print(f"{f'{f"{1}"}'}")
