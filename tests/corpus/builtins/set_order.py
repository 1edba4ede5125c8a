import random
r=random.Random(5)
st=set()
for i in range(2000):
    x=r.randrange(200)
    if r.random()<.6: st.add(x)
    else: st.discard(x)
    if i%50==0:
        t=frozenset(r.randrange(200) for _ in range(30))
        for n,v in dict(st=list(st),a=list(st&t),o=list(st|t),s=list(st-t),x=list(st^t),le=t<=st,ge=st>=t,dj=st.isdisjoint(t),cp=list(set(st)),mn=min(st,default=0),copy=list(st.copy())).items(): print(i,n,v)
        if st: print(str(st.pop()))
