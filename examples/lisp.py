"""A small Lisp: reader, evaluator with proper tail calls, closures and macros.

Runs the programs at the end of the file and prints each form with its value.
"""


class Symbol(str):
    """A name, as opposed to a piece of text."""


class Environment(dict):
    def __init__(self, names=(), values=(), outer=None):
        super().__init__(zip(names, values))
        self.outer = outer

    def find(self, name):
        scope = self
        while scope is not None:
            if name in scope:
                return scope
            scope = scope.outer
        raise NameError(f"unbound: {name}")


class Lambda:
    def __init__(self, parameters, body, scope):
        self.parameters, self.body, self.scope = parameters, body, scope

    def bind(self, arguments):
        names, values = list(self.parameters), list(arguments)
        if "&" in names:
            at = names.index("&")
            names[at:] = names[at + 1:]
            values[at:] = [values[at:]]
        if len(names) != len(values):
            raise TypeError(f"expected {len(names)} arguments, got {len(values)}")
        return Environment(names, values, self.scope)

    def __call__(self, *arguments):
        return evaluate(self.body, self.bind(arguments))


class Macro(Lambda):
    pass


def tokens(text):
    for line in text.splitlines():
        line = line.partition(";")[0]
        for bracket in "()'":
            line = line.replace(bracket, f" {bracket} ")
        yield from line.split()


def read(source):
    """The next form of a stream of tokens."""
    token = next(source)
    if token == "'":
        return [Symbol("quote"), read(source)]
    if token == "(":
        form = []
        while (item := read(source)) is not CLOSE:
            form.append(item)
        return form
    if token == ")":
        return CLOSE
    try:
        return int(token)
    except ValueError:
        return {"#t": True, "#f": False}.get(token, Symbol(token))


CLOSE = object()


def forms(text):
    source = tokens(text)
    while True:
        try:
            yield read(source)
        except StopIteration:
            return


def show(value):
    match value:
        case True:
            return "#t"
        case False:
            return "#f"
        case list():
            return "(" + " ".join(map(show, value)) + ")"
        case Lambda():
            return f"<{type(value).__name__.lower()} of {len(value.parameters)}>"
        case _:
            return str(value)


def evaluate(form, scope):
    while True:
        match form:
            case Symbol():
                return scope.find(form)[form]
            case int() | bool():
                return form
            case ["quote", value]:
                return value
            case ["if", test, yes, no]:
                form = no if evaluate(test, scope) is False else yes
            case ["define", [name, *parameters], *body]:
                scope[name] = Lambda(parameters, [Symbol("begin"), *body], scope)
                return Symbol(name)
            case ["define", name, value]:
                scope[name] = evaluate(value, scope)
                return Symbol(name)
            case ["set!", name, value]:
                scope.find(name)[name] = evaluate(value, scope)
                return Symbol("ok")
            case ["lambda", parameters, *body]:
                return Lambda(parameters, [Symbol("begin"), *body], scope)
            case ["macro", name, parameters, *body]:
                scope[name] = Macro(parameters, [Symbol("begin"), *body], scope)
                return Symbol(name)
            case ["begin", *first, last]:
                for step in first:
                    evaluate(step, scope)
                form = last
            case [head, *rest]:
                function = evaluate(head, scope)
                if isinstance(function, Macro):
                    form = function(*rest)
                    continue
                arguments = [evaluate(argument, scope) for argument in rest]
                if isinstance(function, Lambda):
                    form, scope = function.body, function.bind(arguments)
                else:
                    return function(*arguments)
            case _:
                raise SyntaxError(f"cannot evaluate {show(form)}")


def subtract(first, *rest):
    return first - sum(rest) if rest else -first


def product(*numbers):
    result = 1
    for number in numbers:
        result *= number
    return result


GLOBALS = Environment()
GLOBALS.update({
    "+": lambda *numbers: sum(numbers),
    "-": subtract,
    "*": product,
    "quotient": lambda a, b: a // b,
    "remainder": lambda a, b: a % b,
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "list": lambda *items: list(items),
    "cons": lambda first, rest: [first, *rest],
    "first": lambda items: items[0],
    "rest": lambda items: items[1:],
    "empty?": lambda items: not items,
    "length": len,
})

PROGRAM = """
(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))
(fib 15)
(define (loop n total) (if (= n 0) total (loop (- n 1) (+ total n))))
(loop 20000 0)                          ; a tail call is no deeper call
(define (map f items)
  (if (empty? items) '() (cons (f (first items)) (map f (rest items)))))
(map (lambda (x) (* x x)) '(1 2 3 4 5))
(define (filter p items)
  (if (empty? items) '()
      (if (p (first items))
          (cons (first items) (filter p (rest items)))
          (filter p (rest items)))))
(define (range a b) (if (< a b) (cons a (range (+ a 1) b)) '()))
(define (sort items)
  (if (empty? items) '()
      (begin
        (define pivot (first items))
        (define (below x) (< x pivot))
        (define (others x) (if (< x pivot) #f #t))
        (append (sort (filter below (rest items)))
                (cons pivot (sort (filter others (rest items))))))))
(define (append a b) (if (empty? a) b (cons (first a) (append (rest a) b))))
(sort '(5 2 8 1 9 3 7 4 6 0))
(macro unless (test then) (list 'if test #f then))
(unless (= 1 2) 'different)
(define (counter) (define n 0) (lambda () (set! n (+ n 1)) n))
(define tick (counter))
(tick) (tick) (tick)
(define (many first & others) (length others))
(many 1 2 3 4)
(define (prime? n)
  (define (try d) (if (< n (* d d)) #t (if (= (remainder n d) 0) #f (try (+ d 1)))))
  (if (< n 2) #f (try 2)))
(filter prime? (range 0 60))
(define (power b n) (if (= n 0) 1 (* b (power b (- n 1)))))
(power 2 100)
(missing 1 2)
(tick 5)
(quotient 1 0)
"""


def main():
    for form in forms(PROGRAM):
        try:
            value = show(evaluate(form, GLOBALS))
        except (NameError, TypeError, ZeroDivisionError) as error:
            value = f"{type(error).__name__}: {error}"
        text = show(form)
        print(text if len(text) < 60 else text[:57] + "...", "=>", value)


if __name__ == "__main__":
    main()
