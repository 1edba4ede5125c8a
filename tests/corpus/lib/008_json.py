import json

print(json.dumps({"a": [1, 2.5, None, True, "é\n\"q\""], "b": {}}), json.dumps({"b": 1, "a": 2}, sort_keys=True, indent=2), json.dumps("é", ensure_ascii=False), json.dumps([1, 2], separators=(",", ":")), json.dumps({1: 2, None: 3, True: 4, 1.5: 5}), json.dumps(float("inf")), json.dumps((1,)))
print(json.loads('{"a": [1, 2.0, -3e2, true, null, "\\u00e9\\ud83d\\ude00"]}'), json.loads(" [ ] "), json.loads("1"), json.loads('"x"'), json.loads('{"a": 1, "a": 2}'), json.loads("[1]", parse_int=float), json.loads('{"x": 1}', object_hook=lambda d: list(d.items())), json.loads("NaN"))
for bad in ("", "{", "[1,]", "{'a': 1}", "nul", '"\n"', "[1 2]", "{\"a\" 1}", '"\\x"', "1 2", '{"a":1,}', "[", '"abc'):
    try:
        print(json.loads(bad))
    except json.JSONDecodeError as e:
        print(e, e.pos, e.lineno, e.colno)
for bad in ({1, 2}, object, {(1, 2): 3}, b"x", 1j):
    try:
        json.dumps(bad)
    except TypeError as e:
        print(e)
a = []
a.append(a)
try:
    json.dumps(a)
except ValueError as e:
    print(e)
print(json.dumps({1, 2}, default=list), json.JSONEncoder().encode([1]), json.loads(json.dumps({"k": [{"z": i} for i in range(3)]})))
