"""Proxies of what can be called: attributes, methods and operators go to the object."""
import weakref


class Response:
    def __init__(self, *args, **keywords):
        self.args, self.keywords = args, keywords


class Application:
    response_class = Response

    def __init__(self):
        self.count = len

    def __call__(self, x):
        return x + 1

    def twice(self, x):
        return 2 * x

    def __divmod__(self, other):
        return "divmod", other

    def __rdivmod__(self, other):
        return "rdivmod", other


application = Application()
proxy = weakref.proxy(application)


def use(proxy):
    made = proxy.response_class(1, kind=2)
    return proxy(4), made.args, made.keywords, proxy.twice(4), proxy.count([1]), proxy.response_class is Response


for _ in range(50):
    result = use(proxy)
print(result, type(proxy).__name__)
proxy.extra = 5
print(application.extra, divmod(proxy, 3), divmod(3, proxy))
for call in (lambda: proxy.nothing, lambda: proxy.nothing(), lambda: hash(proxy)):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
print("__add__" in vars(weakref.CallableProxyType), "__call__" in vars(weakref.CallableProxyType))
print("__add__" in vars(weakref.ProxyType), "__call__" in vars(weakref.ProxyType))
del application
import gc
gc.collect()
