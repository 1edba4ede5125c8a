"""Values and messages of _csv, for every quoting and several dialects."""
import _csv, csv, io
def t(f):
    try: return repr(f())
    except BaseException as e: return f"{type(e).__module__}.{type(e).__name__}: {e}"
class D: pass
cases = {
 'pickle': lambda: __import__('pickle').dumps(_csv.Dialect()),
 'reduce': lambda: _csv.Dialect().__reduce__(),
 'deep': lambda: __import__('copy').copy(_csv.Dialect()),
 'reader0': lambda: _csv.reader(),
 'reader3': lambda: _csv.reader([], 'excel', 3),
 'reader_int': lambda: _csv.reader(5),
 'reader_badkw': lambda: _csv.reader([], bad=1),
 'dialect_badkw': lambda: _csv.Dialect(None, bad=1),
 'unknown': lambda: _csv.reader([], 'nope'),
 'get': lambda: _csv.get_dialect('nope'),
 'get2': lambda: _csv.get_dialect(),
 'get3': lambda: _csv.get_dialect([]),
 'unreg': lambda: _csv.unregister_dialect('nope'),
 'reg': lambda: _csv.register_dialect(5),
 'reg2': lambda: _csv.register_dialect('a', quoting=9),
 'q': lambda: _csv.Dialect(quoting='x'),
 'q2': lambda: _csv.Dialect(quoting=None),
 'q3': lambda: _csv.Dialect(quoting=1.0),
 'q4': lambda: _csv.Dialect(quoting=True),
 'd': lambda: _csv.Dialect(delimiter=None),
 'd1': lambda: _csv.Dialect(delimiter='xx'),
 'd2': lambda: _csv.Dialect(delimiter=''),
 'd3': lambda: _csv.Dialect(delimiter=5),
 'd4': lambda: _csv.Dialect(delimiter=b','),
 'e': lambda: _csv.Dialect(escapechar='xx'),
 'e2': lambda: _csv.Dialect(escapechar=5),
 'e3': lambda: _csv.Dialect(escapechar=''),
 'qc': lambda: _csv.Dialect(quotechar=None).quoting,
 'qc2': lambda: _csv.Dialect(quotechar=None, quoting=1),
 'qc3': lambda: _csv.Dialect(quotechar='xx'),
 'lt': lambda: _csv.Dialect(lineterminator=None),
 'lt2': lambda: _csv.Dialect(lineterminator=5),
 'same': lambda: _csv.Dialect(delimiter='"'),
 'same2': lambda: _csv.Dialect(escapechar='"'),
 'same3': lambda: _csv.Dialect(escapechar=','),
 'nl': lambda: _csv.Dialect(delimiter='\n'),
 'nl2': lambda: _csv.Dialect(delimiter='x', lineterminator='axb'),
 'sp': lambda: _csv.Dialect(escapechar=' ', skipinitialspace=True),
 'sp2': lambda: _csv.Dialect(delimiter=' ', skipinitialspace=True).delimiter,
 'sp3': lambda: _csv.Dialect(quotechar=' ', skipinitialspace=True),
 'limit': lambda: _csv.field_size_limit('a'),
 'limit2': lambda: _csv.field_size_limit(1.5),
 'limit3': lambda: _csv.field_size_limit(),
 'limit4': lambda: _csv.field_size_limit(2**70),
 'limit5': lambda: _csv.field_size_limit(None),
 'w0': lambda: _csv.writer(),
 'w1': lambda: _csv.writer(5),
 'w2': lambda: _csv.writer(io.StringIO()).writerow(5),
 'w3': lambda: _csv.writer(io.StringIO()).writerows(5),
 'w4': lambda: _csv.writer(io.StringIO(), quoting=3).writerow([]),
 'w5': lambda: _csv.writer(io.StringIO(), quoting=3).writerow(['']),
 'w6': lambda: _csv.writer(io.StringIO(), quoting=3).writerow(['a,b']),
 'w7': lambda: _csv.writer(io.StringIO(), delimiter=' ', skipinitialspace=True, quoting=3).writerow(['', 'a']),
 'w8': lambda: _csv.writer(io.StringIO(), quoting=4).writerow([None]),
 'tr': lambda: type(_csv.reader([])), 'ri': lambda: type(_csv.reader([]))(),
 'dl': lambda: setattr(_csv.Dialect(), 'delimiter', 'x'),
 'dl2': lambda: delattr(_csv.Dialect(), 'delimiter'),
 'dl4': lambda: setattr(_csv.Dialect(), 'foo', 1),
 'same obj': lambda: (lambda d: _csv.Dialect(d) is d)(_csv.Dialect()),
 'reg obj': lambda: (_csv.register_dialect('zz', _csv.Dialect(delimiter=';')), _csv.get_dialect('zz').delimiter, _csv.list_dialects()),
 'DC': lambda: _csv.Dialect(D).delimiter,
 'nul': lambda: list(_csv.reader(['a\0b,c'])),
 'bytes': lambda: list(_csv.reader([b'a'])),
 'limit row': lambda: (_csv.field_size_limit(3), list(_csv.reader(['abcd']))),
 'limit bk': lambda: _csv.field_size_limit(131072),
 'strict': lambda: list(_csv.reader(['"ab"c'], strict=True)),
 'strict2': lambda: list(_csv.reader(['"ab'], strict=True)),
 'nlin': lambda: list(_csv.reader(['a\rb'])),
 'nonnum': lambda: list(_csv.reader(['1,"2",a'], quoting=2)),
}
import itertools
fields=['', 'a', 'a b', ' a', 'a,b', 'a"b', 'a\nb', 'a\\b', None, 1, 1.5, '\r', "it's", ' ']
for q in range(6):
  for kw in ({}, {'escapechar':'\\'}, {'doublequote':False}, {'delimiter':' ','skipinitialspace':True}, {'skipinitialspace':True}, {'lineterminator':'!\n'}, {'quotechar':None,'escapechar':'\\'},{'quotechar':"'"}):
    for row in [[f] for f in fields]+[['x',f] for f in fields[:6]]+[[], [None,None], ['','']]:
        def w(q=q,kw=kw,row=row):
            s=io.StringIO(); r=_csv.writer(s,quoting=q,**kw).writerow(row); return r, s.getvalue()
        cases[f'W{q}{kw}{row}']=w
texts=['a,b\n','"a","b"\r\n','"a""b",c','a\\,b,c\n','"a\nb",c\n','a, "b"\n',' a , b','1,2.5,"3"\n','','\n','\r\n','a,\n',',','"",\n','"a"b,c\n',"'a,b',c\n",'a b  c\n','"a\\"b",c','a\\\nb,c\n','"a\\\nb",c','a"b"c,d', '"a" ,b', '""""','\\','"\\','1,,"",2']
for q in range(6):
  for kw in ({}, {'escapechar':'\\'}, {'doublequote':False,'escapechar':'\\'}, {'delimiter':' ','skipinitialspace':True}, {'skipinitialspace':True}, {'quotechar':"'"}, {'strict':True}, {'strict':True,'escapechar':'\\'}):
    for x in texts:
        cases[f'R{q}{kw}{x!r}']=lambda q=q,kw=kw,x=x: list(_csv.reader(x.splitlines(True),quoting=q,**kw))
for k,f in cases.items(): print(k, '=>', t(f))
