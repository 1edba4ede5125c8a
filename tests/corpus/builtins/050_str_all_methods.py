# Every method of str on strings of all widths, with arguments good and bad.
def t(f, *a, **k):
    try: r = repr(f(*a, **k))
    except Exception as e: r = type(e).__name__ + ': ' + str(e)
    print(r)
S = ['', 'a', 'abc', 'Hello World', '  pad  ', 'a\tb\tc', 'ÀÉ ß ŉ', 'ΑΣ ΑΣΑ ΣΣ', 'ǆ Ǆ ǅ', '日本語テキスト', 'a\U0001F600b\U0001F600', 'l1\nl2\r\nl3\rl4\x0bl5\x85l6\u2028l7', "it's", '"q"', '\'"', '\x00\x7f\xa0\xad', '\ud800x', '1²½٣', 'ﬁ', 'İı', 'aaa', 'abababab', '-42', '+7', 'one two  three', 'Title Case Here', 'x' * 300]
for s in S[::3]:
    for m in ['lower','upper','title','capitalize','swapcase','casefold','isalpha','isdigit','isdecimal','isnumeric','isalnum','isspace','isupper','islower','istitle','isidentifier','isprintable','isascii','strip','lstrip','rstrip','split','rsplit','splitlines','expandtabs']:
        t(getattr(s, m))
    print(repr(s)); print(ascii(s)); print(ascii((len(s), s == s[:], list(s)[:5], s[::-1], s[1:3], s[-2:], s[::2])))
    t(s.splitlines, True); t(s.zfill, 10); t(s.center, 11, '*'); t(s.center, 12, 'é'); t(s.ljust, 8, '語'); t(s.rjust, 8)
    for sub in ['', 'a', 'ab', '語']:
        for m in ['find','rfind','index','rindex','count','startswith','endswith','partition','rpartition','split','rsplit','removeprefix','removesuffix','strip']:
            t(getattr(s, m), sub)
        t(s.replace, sub, '<>'); t(s.replace, sub, '', 1); t(s.replace, sub, 'Ω', 2); t(s.split, sub, 1); t(s.rsplit, sub, 1)
        t(s.find, sub, 1); t(s.find, sub, -3, -1); t(s.count, sub, 1, 4); t(s.rfind, sub, 0, 2); t(s.startswith, sub, 1); t(s.endswith, (sub, 'x')); t(lambda: sub in s)
    t(s.split, None, 1); t(s.rsplit, None, 1)
    t(s.expandtabs, 4); t(s.translate, {97: 'XX', 98: None, 0x1F600: 65}); t(s.translate, str.maketrans('abc', 'xyz', ' '))
    for enc in ['utf-8','ascii','latin-1','utf-16','utf-16-le','utf-32-be','utf_8','UTF8','iso-8859-1']:
        for err in ['strict','ignore','replace','backslashreplace','xmlcharrefreplace','surrogateescape','surrogatepass','namereplace']:
            if enc in ('utf-16-le','utf-32-be'): continue
            t(s.encode, enc, err)
for w in [0, 1, 5, 100]:
    t(','.join, ['ab'] * w)
t(','.join, ['a', 'é', '語']); t('語'.join, ['a', 'b']); t(','.join, [1]); t(','.join, 5); t(''.join, 'xyz'); t(','.join, (c for c in 'abc'))
for f in ['a'*3, 'a'*0, 'ab'*-1, 3*'é']: print(f)
for x in [1, 1.5, None, 'x', b'y', [1]]:
    t(lambda: 'a' + x); t(lambda: 'a' * x); t(lambda: x in 'abc'); t(lambda: 'abc'[x]); t(lambda: 'a' < x); t('abc'.find, x); t('abc'.replace, x, 'b'); t('abc'.strip, x); t('abc'.split, x); t('abc'.center, x); t('abc'.center, 5, x); t('abc'.startswith, x); t('abc'.partition, x); t('abc'.removeprefix, x); t('abc'.encode, x); t('abc'.translate, x); t('abc'.expandtabs, x); t(str.maketrans, x); t(str.maketrans, x, 'a'); t(str.maketrans, 'a', x); t('abc'.find, 'a', x); t(str, x, 'utf-8'); t(str, b'a', x); t(bytes, x); t(bytearray, x); t(str, x); t('abc'.index, 'z'); t('abc'.format_map, x); t('abc'.zfill, x); t(str.join, ',', x); t(str.lower, x)
t('abc'.__getitem__, slice(0, 2)); t(lambda: 'abc'[10]); t(lambda: 'abc'[2**100]); t(lambda: 'abc'[::0])
t(str); t(str, 1, 2, 3, 4); t(str, object='x'); t(str, b'\xff', errors='replace'); t(str, foo=1); t(str, b'abc', encoding='ascii'); t(str, bytearray(b'abc'), 'utf8'); t(str, memoryview(b'abc'), 'utf8')
class MyStr(str):
    def __str__(self): return 'MS'
m = MyStr('hello'); print(m, repr(m), m.upper(), type(m.upper()).__name__, m == 'hello', m[1:], len(m), m + 'x', f'{m}', f'{m:>10}', '%s' % m, '{}'.format(m), hash(m) == hash('hello'), m in {'hello'}, list(m))
print(str.__doc__ is not None, 'a'.__class__, 'abc'.__hash__() == hash('abc'))
for a, b in [('a','b'),('a','a'),('abc','abd'),('a','語'),('\U0001F600','\uffff'),('','a'),('é','e')]: print(a<b,a<=b,a==b,a!=b,a>b,a>=b)
it = iter('aé'); print(next(it), it.__length_hint__(), list(it), list(it)); print(type(iter('a')).__name__, type(iter('é')).__name__)
