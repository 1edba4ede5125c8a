import bisect
import heapq

h = []
for x in (5, 1, 4, 2, 3):
    heapq.heappush(h, x)
print(h, [heapq.heappop(h) for _ in range(5)], heapq.nlargest(2, [1, 5, 3]), heapq.nsmallest(2, "hello", key=ord), heapq.heappushpop([1, 2], 0), heapq.heapreplace([1, 2], 9), list(heapq.merge([1, 4], [2, 3])))
l = [(i * 37) % 50 for i in range(50)]
heapq.heapify(l)
print(l[0], all(l[i] <= l[2 * i + 1] for i in range(24)))
a = [1, 3, 3, 5]
print(bisect.bisect(a, 3), bisect.bisect_left(a, 3), bisect.bisect_right(a, 3), bisect.bisect_left(a, 5, key=lambda v: v), bisect.bisect(a, 10))
bisect.insort(a, 4)
print(a)


def dijkstra(graph, start):
    dist, queue = {start: 0}, [(0, start)]
    while queue:
        d, u = heapq.heappop(queue)
        if d > dist[u]:
            continue
        for v, w in graph[u]:
            if d + w < dist.get(v, float("inf")):
                dist[v] = d + w
                heapq.heappush(queue, (d + w, v))
    return dist


print(dijkstra({"a": [("b", 1), ("c", 4)], "b": [("c", 2), ("d", 5)], "c": [("d", 1)], "d": []}, "a"))
try:
    heapq.heappop([])
except IndexError as e:
    print(e)
