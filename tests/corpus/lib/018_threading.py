import threading
import queue

total = 0
lock = threading.Lock()


def work(n):
    global total
    for _ in range(n):
        with lock:
            total += 1


ts = [threading.Thread(target=work, args=(500,)) for _ in range(4)]
[t.start() for t in ts]
[t.join() for t in ts]
print(total, threading.current_thread().name, ts[0].is_alive())
q = queue.Queue()
out = []


def consumer():
    while (x := q.get()) is not None:
        out.append(x * 2)


t = threading.Thread(target=consumer)
t.start()
for i in range(5):
    q.put(i)
q.put(None)
t.join()
print(out)
loc = threading.local()
loc.x = 1
seen = []
t = threading.Thread(target=lambda: seen.append(hasattr(loc, "x")))
t.start()
t.join()
print(seen, loc.x)
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(3) as pool:
    print(list(pool.map(lambda x: x * x, range(6))), pool.submit(pow, 2, 5).result())
ev = threading.Event()
threading.Timer(0.01, ev.set).start()
print(ev.wait(5))
