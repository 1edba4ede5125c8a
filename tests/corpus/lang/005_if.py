def kind(n):
    if n < 0:
        return "negative"
    elif n == 0:
        return "zero"
    elif n < 10:
        return "small"
    else:
        return "large"


for n in (-1, 0, 5, 50):
    print(n, kind(n))
x = 3
print("odd" if x % 2 else "even")
print("a" if x > 5 else "b" if x > 2 else "c")
if x: print("true")
if not x: print("not reached")
if x > 1 and x < 5 or x == 100:
    print("both")
if []:
    print("empty list is true?")
else:
    print("empty list is false")
