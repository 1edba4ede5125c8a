"""Compare the compiler's code objects with those of the Python that runs this script, which has to be CPython 3.14.

    python3.14 tests/compile/compare.py DUMP FOLDER-OR-FILE... [-O | -OO] [--details]

DUMP is the built example `dump` of the crate `compile`. Prints the files that differ, each with the first difference, and
how many of the modules are identical to the byte.
"""
import collections
import json
import os
import struct
import subprocess
import sys
import warnings


def constant(value):
    if value is None or value is Ellipsis:
        return [str(value)]
    kind = type(value).__name__
    if isinstance(value, bool):
        return [kind, value]
    if isinstance(value, int):
        return [kind, value]
    if isinstance(value, float):
        return [kind, struct.pack('>d', value).hex()]
    if isinstance(value, complex):
        return [kind, struct.pack('>d', value.real).hex(), struct.pack('>d', value.imag).hex()]
    if isinstance(value, str):
        return [kind, value.encode('utf-8', 'surrogatepass').hex()]
    if isinstance(value, bytes):
        return [kind, value.hex()]
    if isinstance(value, tuple):
        return [kind, [constant(item) for item in value]]
    if isinstance(value, frozenset):
        return [kind, sorted(map(repr, map(constant, value)))]
    if isinstance(value, slice):
        return [kind, [constant(item) for item in (value.start, value.stop, value.step)]]
    return ['code', code(value)]


def code(co):
    names = co.co_varnames
    return {
        'name': co.co_name, 'qualname': co.co_qualname, 'firstlineno': co.co_firstlineno,
        'args': [co.co_argcount, co.co_posonlyargcount, co.co_kwonlyargcount],
        'flags': co.co_flags, 'names': list(co.co_names),
        'varnames': list(names), 'cellvars': list(co.co_cellvars), 'freevars': list(co.co_freevars),
        'code': co.co_code.hex(), 'exceptiontable': co.co_exceptiontable.hex(), 'stacksize': co.co_stacksize,
        'consts': [constant(value) for value in co.co_consts],
        'linetable': co.co_linetable.hex(),
    }


def ours_constant(value):
    if value[0] == 'int':
        return ['int', int(value[1], 0)]
    if value[0] in ('tuple', 'slice'):
        return [value[0], [ours_constant(item) for item in value[1]]]
    if value[0] == 'frozenset':
        return [value[0], sorted(map(repr, map(ours_constant, value[1])))]
    if value[0] == 'code':
        return ['code', ours(value[1])]
    return value


def ours(co):
    kinds = bytes.fromhex(co.pop('kinds'))
    local = co.pop('locals')
    for field, bit in (('varnames', 0x20), ('cellvars', 0x40), ('freevars', 0x80)):
        co[field] = [name for name, kind in zip(local, kinds) if kind & bit]
    co['consts'] = [ours_constant(value) for value in co['consts']]
    return co


def differences(theirs, mine, path):
    for field in theirs:
        if field == 'consts':
            continue
        if theirs[field] != mine[field]:
            yield path, field, theirs[field], mine[field]
    a, b = theirs['consts'], mine['consts']
    if len(a) != len(b):
        yield path, 'len(consts)', [x if x[0] != 'code' else x[1]['name'] for x in a], \
            [x if x[0] != 'code' else x[1]['name'] for x in b]
        return
    for x, y in zip(a, b):
        if x[0] == 'code' and y[0] == 'code':
            yield from differences(x[1], y[1], path + '.' + x[1]['name'])
        elif x != y:
            yield path, 'const', x, y


def files_of(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, folders, names in os.walk(path):
            folders.sort()
            for name in sorted(names):
                if name.endswith('.py') and os.path.exists(os.path.join(folder, name)):
                    yield os.path.join(folder, name)


def main():
    flags = [arg for arg in sys.argv[1:] if arg.startswith('-')]
    dump, *paths = [arg for arg in sys.argv[1:] if not arg.startswith('-')]
    optimize = 2 if '-OO' in flags else 1 if '-O' in flags else 0
    files = list(files_of(paths))
    passed = [flag for flag in flags if flag in ('-O', '-OO')]
    lines = subprocess.run([dump, *passed, '-'], input='\n'.join(files), capture_output=True, text=True,
                           encoding='utf-8', errors='surrogateescape')
    if lines.returncode:
        print(lines.stderr[-3000:])
    warnings.simplefilter('ignore')
    same = total = 0
    kinds = collections.Counter()
    for file, line in zip(files, lines.stdout.split('\n')):
        total += 1
        mine = json.loads(line)
        with open(file, 'rb') as f:
            source = f.read()
        try:
            theirs = compile(source, 'x.py', 'exec', dont_inherit=True, optimize=optimize)
        except Exception as error:
            expected = getattr(error, 'msg', str(error))
            at = [getattr(error, name, None) for name in ('lineno', 'offset', 'end_lineno', 'end_offset')]
            if mine.get('error') == expected and mine.get('at') == at:
                same += 1
            else:
                kinds['error'] += 1
                print(f'{file}: expected {expected!r} at {at}, not', mine.get('error'), mine.get('at'))
            continue
        if 'code' not in mine:
            kinds['refused'] += 1
            print(f'{file}: refused: {mine}')
            continue
        found = list(differences(code(theirs), ours(mine['code']), '<module>'))
        if not found:
            same += 1
            continue
        for _, field, _, _ in found:
            kinds[field] += 1
        for path, field, a, b in found[:None if '--details' in flags else 1]:
            print(f'{file}: {path} {field}\n    theirs {str(a)[:300]}\n    ours   {str(b)[:300]}')
    print(f'{same} of {total} identical ({100 * same / max(total, 1):.2f}%)', dict(kinds))


main()
