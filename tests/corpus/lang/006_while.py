i = 0
while i < 3:
    print(i)
    i += 1
else:
    print("ended")
n = 27
steps = 0
while n != 1:
    n = n // 2 if n % 2 == 0 else 3 * n + 1
    steps += 1
print("steps", steps)
while True:
    n += 1
    if n % 2:
        continue
    if n > 10:
        break
    print(n)
else:
    print("not reached")
total = 0
i = 0
while i < 100000:
    total += i
    i += 1
print(total)
