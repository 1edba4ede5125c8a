"""TokenizerIter for `tokenize`, in Python: tokens of source lines as CPython's tokenizer gives them.

Replaces nothing of the library: `_tokenize` is a native module in CPython.
"""
import re
import token as _token

_NUMBER = re.compile(
    r"0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+"
    r"|(?:(?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*|[0-9](?:_?[0-9])*\.?)(?:[eE][-+]?[0-9](?:_?[0-9])*)?[jJ]?"
)
_PREFIX = re.compile(r"(?i:br|rb|fr|rf|tr|rt|[bfrtu])?(\"\"\"|'''|\"|')")
_OPERATORS = sorted(_token.EXACT_TOKEN_TYPES, key=len, reverse=True)
_CLOSING = {")": "(", "]": "[", "}": "{"}


class TokenizerIter:
    def __init__(self, readline, /, *, encoding=None, extra_tokens=False):
        self._readline = readline
        self._encoding = encoding
        self._extra = extra_tokens
        self._tokens = self._run()

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._tokens)

    def _next_line(self):
        try:
            line = self._readline()
        except StopIteration:
            return ""
        if isinstance(line, bytes):
            line = line.decode(self._encoding or "utf-8")
        return line

    def _error(self, message, row, column, line):
        raise SyntaxError(message, ("<string>", row, column + 1, line, row, column + 1))

    def _operator(self, text):
        return _token.OP if self._extra else _token.EXACT_TOKEN_TYPES[text]

    def _run(self):
        indents = [0]
        brackets = []
        row = 0
        continued = False
        line = ""
        while line := self._next_line():
            row += 1
            at, end = 0, len(line)
            if not brackets and not continued:
                column = 0
                while at < end and line[at] in " \t\f":
                    column = 0 if line[at] == "\f" else column + 1 if line[at] == " " else (column // 8 + 1) * 8
                    at += 1
                rest = line[at:]
                if not rest.strip() or rest.startswith("#"):
                    if self._extra:
                        if rest.startswith("#"):
                            comment = rest.rstrip("\r\n")
                            yield _token.COMMENT, comment, (row, at), (row, at + len(comment)), line
                            at += len(comment)
                        if at < end or rest:
                            yield _token.NL, line[at:], (row, at), (row, end), line
                    continue
                if column > indents[-1]:
                    indents.append(column)
                    yield _token.INDENT, line[:at], (row, 0), (row, at), line
                while column < indents[-1]:
                    if column not in indents:
                        raise IndentationError(
                            "unindent does not match any outer indentation level", ("<string>", row, at + 1, line, row, at + 1)
                        )
                    indents.pop()
                    yield _token.DEDENT, "", (row, at), (row, at), line
            continued = False
            while at < end:
                char = line[at]
                if char in " \t\f":
                    at += 1
                elif char in "\r\n":
                    kind = _token.NL if brackets else _token.NEWLINE
                    if kind == _token.NEWLINE or self._extra:
                        yield kind, line[at:] if self._extra else "", (row, at), (row, end), line
                    at = end
                elif char == "#":
                    comment = line[at:].rstrip("\r\n")
                    if self._extra:
                        yield _token.COMMENT, comment, (row, at), (row, at + len(comment)), line
                    at += len(comment)
                elif char == "\\" and line[at + 1 :].strip("\r\n") == "":
                    continued = True
                    at = end
                elif match := _PREFIX.match(line, at):
                    start, quote, prefix = (row, at), match.group(1), line[at : match.start(1)].lower()
                    if "f" in prefix or "t" in prefix:
                        line, row, at, end = yield from self._formatted(line, row, at, match, prefix)
                        continue
                    text, whole = line[at : match.end()], line
                    at = match.end()
                    while not line.startswith(quote, at):
                        if at >= len(line) or (len(quote) == 1 and line[at] in "\r\n"):
                            if len(quote) == 1:
                                self._error(f"unterminated string literal (detected at line {row})", *start, whole)
                            line = self._next_line()
                            if not line:
                                message = f"unterminated triple-quoted string literal (detected at line {row})"
                                self._error(message, *start, whole)
                            row, at, whole = row + 1, 0, whole + line
                            continue
                        step = 2 if line[at] == "\\" else 1
                        text += line[at : at + step]
                        at += step
                        if step == 2 and at >= len(line):
                            line = self._next_line()
                            row, at, whole = row + 1, 0, whole + line
                    text += quote
                    at += len(quote)
                    end = len(line)
                    yield _token.STRING, text, start, (row, at), whole
                elif char.isdigit() or (char == "." and line[at + 1 : at + 2].isdigit()):
                    text = _NUMBER.match(line, at).group()
                    yield _token.NUMBER, text, (row, at), (row, at + len(text)), line
                    at += len(text)
                elif char == "_" or char.isidentifier():
                    start = at
                    while at < end and (line[at] == "_" or ("a" + line[at]).isidentifier()):
                        at += 1
                    yield _token.NAME, line[start:at], (row, start), (row, at), line
                else:
                    for text in _OPERATORS:
                        if line.startswith(text, at):
                            break
                    else:
                        self._error(f"invalid character '{char}' (U+{ord(char):04X})", row, at, line)
                    self._track(brackets, text, row, at, line)
                    yield self._operator(text), text, (row, at), (row, at + len(text)), line
                    at += len(text)
            if not line.endswith(("\n", "\r")) and not brackets and not continued:
                yield _token.NEWLINE, "", (row, end), (row, end + 1), line
        if brackets:
            bracket, where, column, text = brackets[-1]
            self._error("unexpected EOF in multi-line statement", row, 0, text)
        row += 1
        for _ in indents[1:]:
            yield _token.DEDENT, "", (row, 0), (row, 0), ""
        yield _token.ENDMARKER, "", (row, 0), (row, 0), ""

    def _track(self, brackets, text, row, at, line):
        if text in "([{":
            brackets.append((text, row, at, line))
        elif text in _CLOSING:
            if not brackets:
                self._error(f"unmatched '{text}'", row, at, line)
            opened = brackets.pop()[0]
            if opened != _CLOSING[text]:
                message = f"closing parenthesis '{text}' does not match opening parenthesis '{opened}'"
                self._error(message, row, at, line)

    def _formatted(self, line, row, at, match, prefix):
        """The tokens of an f-string or t-string; gives back where it ends."""
        template = "t" in prefix
        start = _token.TSTRING_START if template else _token.FSTRING_START
        middle = _token.TSTRING_MIDDLE if template else _token.FSTRING_MIDDLE
        finish = _token.TSTRING_END if template else _token.FSTRING_END
        quote = match.group(1)
        yield start, line[at : match.end()], (row, at), (row, match.end()), line
        at = match.end()
        text, begin, fields = "", (row, at), []
        while True:
            if at >= len(line):
                line = self._next_line()
                if not line:
                    self._error(f"unterminated f-string literal (detected at line {row})", row, 0, line)
                row, at = row + 1, 0
                continue
            in_text = not fields or fields[-1] == "spec"
            if in_text:
                if not fields and line.startswith(quote, at):
                    if text:
                        yield middle, text, begin, (row, at), line
                    yield finish, quote, (row, at), (row, at + len(quote)), line
                    return line, row, at + len(quote), len(line)
                char = line[at]
                if not fields and line[at : at + 2] in ("{{", "}}"):
                    yield middle, text + char, begin, (row, at + 1), line
                    text, at = "", at + 2
                    begin = (row, at)
                    continue
                if char in "{}":
                    after_field = char == "}" and line[at - 1 : at] == "}"
                    if text or after_field:
                        yield middle, text, begin, (row, at), line
                    text = ""
                    yield self._operator(char), char, (row, at), (row, at + 1), line
                    at += 1
                    if char == "{":
                        fields.append("expression")
                    else:
                        fields.pop()
                    begin, depth = (row, at), 0
                    continue
                step = 2 if char == "\\" and "r" not in prefix else 1
                text, at = text + line[at : at + step], at + step
                continue
            char = line[at]
            if char in " \t\r\n":
                at += 1
            elif depth == 0 and char in ":}" or (depth == 0 and char == "!" and line[at + 1 : at + 2] != "="):
                yield self._operator(char), char, (row, at), (row, at + 1), line
                at += 1
                if char == ":":
                    fields[-1] = "spec"
                elif char == "}":
                    fields.pop()
                begin = (row, at)
            elif inner := _PREFIX.match(line, at):
                kind = line[at : inner.start(1)].lower()
                if "f" in kind or "t" in kind:
                    line, row, at, _ = yield from self._formatted(line, row, at, inner, kind)
                    continue
                close = line.find(inner.group(1), inner.end())
                if close < 0:
                    self._error(f"unterminated string literal (detected at line {row})", row, at, line)
                close += len(inner.group(1))
                yield _token.STRING, line[at:close], (row, at), (row, close), line
                at = close
            elif char.isdigit():
                number = _NUMBER.match(line, at).group()
                yield _token.NUMBER, number, (row, at), (row, at + len(number)), line
                at += len(number)
            elif char == "_" or char.isidentifier():
                first = at
                while at < len(line) and (line[at] == "_" or ("a" + line[at]).isidentifier()):
                    at += 1
                yield _token.NAME, line[first:at], (row, first), (row, at), line
            else:
                operator = next((o for o in _OPERATORS if line.startswith(o, at)), None)
                if operator is None:
                    self._error(f"invalid character '{char}' (U+{ord(char):04X})", row, at, line)
                depth += (operator in "([{") - (operator in ")]}")
                yield self._operator(operator), operator, (row, at), (row, at + len(operator)), line
                at += len(operator)
