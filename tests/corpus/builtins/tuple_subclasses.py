from collections import namedtuple
P = namedtuple('P','x y z w')
p = P(1,2,3,4); q = P(1,2,3,4)
print(p, p == q, hash(p)==hash((1,2,3,4)), p._replace(x=5), p[1:3], len(p), list(p), p+(1,), p*2, p<q, {p:1}[q])
class Q(P):
    __slots__=()
    def __eq__(self,o): return 'eq'
    __hash__=P.__hash__
r=Q(1,2,3,4)
print(r==p, p==r, r==r, type(r[:]), isinstance(r,tuple))
class D(tuple): pass
d=D((1,2)); d.a=3; print(d, d.a, d.__dict__, d==(1,2), (1,2)==d)
class E(tuple): __slots__=()
e=E((1,2)); print(e, type(e), e==(1,2), tuple(e), type(tuple(e)), e.__getnewargs__())
import copy,pickle
print(copy.copy(p), copy.deepcopy(p), pickle.loads(pickle.dumps((P,)))[0].__name__)
a,b,c,w=p; print(a,b,c,w); print(*p); print('%s %s %s %s' % p)
try: e.x=1
except AttributeError as ex: print(ex)
try: 
    class F(E): __slots__=('k',)
except TypeError as ex: print(ex)
class G(E): pass
g=G((7,)); g.k=2; print(g, g.k)
class H(P, E): __slots__=()
print(H(1,2,3,4))
try: e.__class__=P; print(type(e))
except TypeError as ex: print(ex)
try: e.__class__=G; print(type(e))
except TypeError as ex: print(ex)
import gc; gc.collect(); print(gc.is_tracked(p), p in gc.get_objects())
def f(*a, **k): return a,k
print(f(*p), max(p), sum(p), sorted(p, reverse=True), 3 in p, p.index(3), p.count(1))
match p:
    case P(x=1, y=yy): print('m', yy)
match p:
    case [aa,*bb]: print(aa,bb)
big=3**2000; bb=3**1999+5
print(big//bb, (-big)//bb, big//-bb, big%bb, (-big)%bb, big%-bb, divmod(-big,bb)==((-big)//bb,(-big)%bb), (big*7)//big, (-big*7)//big, (big*7)%big, (-big*7)%big)
assert all(divmod(x,y)[0]*y+divmod(x,y)[1]==x for x in (big,-big,big+1,-big-1,big*9,big*9-1) for y in (big,-big,bb,-bb,big-1,big+1))
assert big-big==0 and (big+1)-big==1 and big-(big-2**70)==2**70
import functools
@functools.lru_cache(maxsize=3)
def h(x): return x*2
for i in (1,2,3,1,4,2,3,1,5): h(i)
print(h.cache_info()); h.cache_clear(); h(1); print(h.cache_info())
