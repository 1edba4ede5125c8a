//! Which part of an expression is to blame: the operator of a binary operation, the brackets of a subscript or a call.
//!
//! Works on the text of one expression, which compiled once: tokens and the precedence of operators outside of brackets are
//! enough to see what the outermost node is.

/// Positions (line, column in characters) of what is marked with `^`; the rest of the expression gets `~`.
#[derive(Debug, PartialEq, Eq)]
pub struct Anchors {
    pub left: (usize, usize),
    pub right: (usize, usize),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Name,
    /// A number, string or other atom.
    Atom,
    Operator,
    Open,
    Close,
}

#[derive(Clone, Debug)]
struct Token {
    kind: Kind,
    text: String,
    line: usize,
    column: usize,
    /// Brackets around it.
    depth: usize,
}

/// Where to put the marks in the expression; `None` for other kinds of expressions.
pub fn anchors(lines: &[String]) -> Option<Anchors> {
    let tokens = tokenize(lines)?;
    let end = lines.len().checked_sub(1).map(|last| (last, lines[last].chars().count()))?;
    match outermost(&tokens)? {
        Node::Binary(i) => {
            let token = &tokens[i];
            let width = token.text.chars().count().min(2);
            Some(Anchors { left: (token.line, token.column), right: (token.line, token.column + width) })
        }
        Node::Trailer(i) => Some(Anchors { left: (tokens[i].line, tokens[i].column), right: end }),
    }
}

/// Whether the expression is a call of a plain name that makes up a whole `return` or assignment: marks would say nothing.
pub fn spans_statement(before: &str, lines: &[String], after: &str) -> bool {
    let after = after.trim_start();
    if !after.is_empty() && !after.starts_with('#') && !after.starts_with(';') {
        return false;
    }
    let Some(tokens) = tokenize(lines) else { return false };
    let is_call_of_name =
        matches!(outermost(&tokens), Some(Node::Trailer(1))) && tokens[1].text == "(" && tokens[0].kind == Kind::Name;
    if !is_call_of_name {
        return false;
    }
    let head = before.trim_end();
    if head == "return" && before.len() > head.len() {
        return true;
    }
    let target = head.strip_suffix('=').map(str::trim_end);
    target.is_some_and(|target| is_identifier(target) && !is_keyword(target))
}

/// The outermost node, as far as it matters.
enum Node {
    /// A binary operation, by its operator.
    Binary(usize),
    /// A subscript or call, by its opening bracket.
    Trailer(usize),
}

/// Precedence of binary operators; higher binds tighter.
fn precedence(operator: &str) -> Option<u32> {
    Some(match operator {
        "|" => 1,
        "^" => 2,
        "&" => 3,
        "<<" | ">>" => 4,
        "+" | "-" => 5,
        "*" | "/" | "//" | "%" | "@" => 6,
        "**" => 8,
        _ => return None,
    })
}

const UNARY: u32 = 7;

fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "lambda"
            | "if"
            | "else"
            | "or"
            | "and"
            | "not"
            | "in"
            | "is"
            | "yield"
            | "await"
            | "for"
            | "async"
            | "from"
            | "return"
            | "del"
            | "assert"
            | "raise"
            | "import"
            | "while"
            | "with"
    )
}

fn outermost(tokens: &[Token]) -> Option<Node> {
    let mut lowest: Option<(u32, usize)> = None;
    let mut expects_operand = true;
    let mut starts_unary = false;
    let mut last_open = None;
    for (i, token) in tokens.iter().enumerate() {
        if token.depth > 0 {
            continue;
        }
        match token.kind {
            Kind::Name if token.text == "await" => {
                starts_unary |= i == 0;
                expects_operand = true;
            }
            // Whatever has a lower precedence than the binary operators.
            Kind::Name if is_keyword(&token.text) => return None,
            Kind::Name | Kind::Atom => expects_operand = false,
            Kind::Open => last_open = Some((i, expects_operand)),
            Kind::Close => expects_operand = false,
            Kind::Operator if token.text == "." => {}
            Kind::Operator => match precedence(&token.text) {
                Some(_) if expects_operand => {
                    // A sign; at the very start it is looser than `**` alone.
                    starts_unary |= i == 0;
                }
                Some(level) => {
                    expects_operand = true;
                    let replaces = match lowest {
                        None => true,
                        // Powers group from the right, all others from the left.
                        Some((other, _)) => level < other || (level == other && level != 8),
                    };
                    if replaces {
                        lowest = Some((level, i));
                    }
                }
                None if token.text == "~" && expects_operand => starts_unary |= i == 0,
                None => return None,
            },
        }
    }
    match lowest {
        Some((level, _)) if starts_unary && level > UNARY => None,
        Some((_, i)) => Some(Node::Binary(i)),
        None if starts_unary => None,
        None => {
            let (open, is_group) = last_open?;
            let closes_last = tokens.last()?.kind == Kind::Close && tokens.last()?.depth == 0;
            let is_brace = tokens[open].text == "{";
            (closes_last && !is_group && !is_brace).then_some(Node::Trailer(open))
        }
    }
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_') && chars.all(|c| c.is_alphanumeric() || c == '_')
}

/// A cursor over the lines.
struct Reader {
    lines: Vec<Vec<char>>,
    line: usize,
    column: usize,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.lines.get(self.line)?.get(self.column + ahead).copied()
    }

    fn at_end_of_line(&self) -> bool {
        self.column >= self.lines[self.line].len()
    }

    fn next_line(&mut self) -> bool {
        self.line += 1;
        self.column = 0;
        self.line < self.lines.len()
    }

    /// Skip a string, whose prefix is passed already; false when it does not end.
    fn skip_string(&mut self, raw: bool) -> bool {
        let Some(quote) = self.peek(0) else { return false };
        let triple = self.peek(1) == Some(quote) && self.peek(2) == Some(quote);
        self.column += if triple { 3 } else { 1 };
        loop {
            match self.peek(0) {
                None => {
                    if !triple && !self.lines[self.line].last().is_some_and(|&c| c == '\\') || !self.next_line() {
                        return false;
                    }
                }
                Some('\\') => self.column += if raw && !triple && self.peek(1).is_none() { 1 } else { 2 },
                Some(c) if c == quote => {
                    if !triple {
                        self.column += 1;
                        return true;
                    }
                    if self.peek(1) == Some(quote) && self.peek(2) == Some(quote) {
                        self.column += 3;
                        return true;
                    }
                    self.column += 1;
                }
                Some(_) => self.column += 1,
            }
        }
    }
}

const OPERATORS: [&str; 12] = ["**", "//", "<<", ">>", "<=", ">=", "==", "!=", ":=", "->", "...", "<>"];

/// The tokens of an expression; `None` when the text is no expression.
fn tokenize(lines: &[String]) -> Option<Vec<Token>> {
    let lines: Vec<Vec<char>> = lines.iter().map(|line| line.chars().collect()).collect();
    if lines.is_empty() {
        return None;
    }
    let mut reader = Reader { lines, line: 0, column: 0 };
    let mut tokens: Vec<Token> = Vec::new();
    let mut depth = 0usize;
    loop {
        if reader.at_end_of_line() {
            if !reader.next_line() {
                break;
            }
            continue;
        }
        let c = reader.peek(0)?;
        let (line, column) = (reader.line, reader.column);
        if c.is_whitespace() || c == '\\' {
            reader.column += 1;
            continue;
        }
        if c == '#' {
            reader.column = reader.lines[reader.line].len();
            continue;
        }
        let mut push = |kind: Kind, text: String, depth: usize| tokens.push(Token { kind, text, line, column, depth });
        if c.is_alphabetic() || c == '_' || !c.is_ascii() {
            let mut word = String::new();
            while let Some(c) = reader.peek(0).filter(|c| c.is_alphanumeric() || *c == '_' || !c.is_ascii()) {
                word.push(c);
                reader.column += 1;
            }
            if matches!(reader.peek(0), Some('\'' | '"')) && word.len() <= 2 {
                let raw = word.to_ascii_lowercase().contains('r');
                if !reader.skip_string(raw) {
                    return None;
                }
                push(Kind::Atom, String::new(), depth);
            } else {
                push(Kind::Name, word, depth);
            }
        } else if c == '\'' || c == '"' {
            if !reader.skip_string(false) {
                return None;
            }
            push(Kind::Atom, String::new(), depth);
        } else if c.is_ascii_digit() || (c == '.' && reader.peek(1).is_some_and(|d| d.is_ascii_digit())) {
            let mut last = c;
            while let Some(c) = reader.peek(0).filter(|c| {
                c.is_ascii_alphanumeric()
                    || matches!(c, '.' | '_')
                    || (matches!(c, '+' | '-') && matches!(last, 'e' | 'E'))
            }) {
                last = c;
                reader.column += 1;
            }
            push(Kind::Atom, String::new(), depth);
        } else if matches!(c, '(' | '[' | '{') {
            push(Kind::Open, c.to_string(), depth);
            depth += 1;
            reader.column += 1;
        } else if matches!(c, ')' | ']' | '}') {
            depth = depth.checked_sub(1)?;
            push(Kind::Close, c.to_string(), depth);
            reader.column += 1;
        } else {
            let rest: String = reader.lines[line][column..].iter().take(3).collect();
            let operator =
                OPERATORS.iter().find(|o| rest.starts_with(**o)).map_or_else(|| c.to_string(), |o| (*o).to_owned());
            reader.column += operator.chars().count();
            let kind = if operator == "..." { Kind::Atom } else { Kind::Operator };
            push(kind, operator, depth);
        }
    }
    (depth == 0 && !tokens.is_empty()).then_some(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str) -> Option<(usize, usize)> {
        anchors(&[text.to_owned()]).map(|a| (a.left.1, a.right.1))
    }

    #[test]
    fn binary_operators_by_precedence() {
        assert_eq!(marks("a + b * c"), Some((2, 3)));
        assert_eq!(marks("a * b + c"), Some((6, 7)));
        assert_eq!(marks("a - b - c"), Some((6, 7)));
        assert_eq!(marks("a ** b ** c"), Some((2, 4)));
        assert_eq!(marks("x // (y - 1)"), Some((2, 4)));
        assert_eq!(marks("-a ** b"), None);
        assert_eq!(marks("-a * b"), Some((3, 4)));
        assert_eq!(marks("a < b + c"), None);
    }

    #[test]
    fn subscripts_and_calls() {
        assert_eq!(marks("a.b[1]"), Some((3, 6)));
        assert_eq!(marks("f(1)(2)"), Some((4, 7)));
        assert_eq!(marks("a[0].b"), None);
        assert_eq!(marks("(a, b)"), None);
        assert_eq!(marks("f('(')"), Some((1, 6)));
        assert_eq!(marks("x.y"), None);
    }

    #[test]
    fn whole_statements_need_no_marks() {
        let call = ["f(1)".to_owned()];
        assert!(spans_statement("return ", &call, ""));
        assert!(spans_statement("x = ", &call, "  # why"));
        assert!(!spans_statement("x.y = ", &call, ""));
        assert!(!spans_statement("return ", &["a.f(1)".to_owned()], ""));
    }
}
