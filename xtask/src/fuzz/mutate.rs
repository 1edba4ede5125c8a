//! Making new programs out of the corpus: changes of single tokens and of whole lines.
//!
//! Most results are still Python; those that are not test the parser's messages.

use super::random::Random;

/// Literals at which implementations like to differ.
const EDGES: [&str; 40] = [
    "0",
    "1",
    "-1",
    "2",
    "True",
    "None",
    "...",
    "2**61",
    "2**62 - 1",
    "2**62",
    "-2**62 - 1",
    "2**63",
    "2**64",
    "10**30",
    "0.0",
    "-0.0",
    "1.5",
    "1e308",
    "5e-324",
    "float('inf')",
    "float('nan')",
    "1j",
    "''",
    "'a'",
    "'é'",
    "'☃😀'",
    "b''",
    "b'\\xff'",
    "[]",
    "[[]]",
    "()",
    "(1,)",
    "{}",
    "{1: 2}",
    "set()",
    "range(3)",
    "slice(None)",
    "(lambda *a, **k: a)",
    "(x for x in ())",
    "int",
];
const NAMES: [&str; 24] = [
    "append",
    "pop",
    "get",
    "items",
    "join",
    "split",
    "index",
    "count",
    "sort",
    "update",
    "len",
    "sorted",
    "list",
    "str",
    "int",
    "repr",
    "type",
    "iter",
    "next",
    "hash",
    "sum",
    "tuple",
    "dict",
    "__class__",
];
const BINARY: [&str; 24] = [
    "+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@", "==", "!=", "<", "<=", ">", ">=", "and", "or",
    "in", "is", "not in",
];
const AUGMENTED: [&str; 8] = ["=", "+=", "-=", "*=", "//=", "%=", "|=", ">>="];

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Name,
    Number,
    Text,
    Operator,
    /// Blanks, comments, line ends, brackets: never changed.
    Fixed,
}

struct Token<'a> {
    kind: Kind,
    text: &'a str,
}

/// A new program: `base` after one to six changes, some with material from `other`.
pub fn mutate(base: &str, other: &str, random: &mut Random) -> String {
    let mut program = base.to_string();
    for _ in 0..1 + random.below(6) {
        program = match random.below(12) {
            0 => delete_line(&program, random),
            1 => duplicate_line(&program, random),
            2 => swap_lines(&program, random),
            3 => splice(&program, other, random),
            _ => change_token(&program, other, random),
        };
    }
    program
}

fn lines(program: &str) -> Vec<&str> {
    program.lines().collect()
}

fn joined(lines: &[&str]) -> String {
    lines.join("\n") + "\n"
}

fn delete_line(program: &str, random: &mut Random) -> String {
    let mut all = lines(program);
    if all.len() > 1 {
        all.remove(random.below(all.len()));
    }
    joined(&all)
}

fn duplicate_line(program: &str, random: &mut Random) -> String {
    let mut all = lines(program);
    if !all.is_empty() {
        let index = random.below(all.len());
        all.insert(index, all[index]);
    }
    joined(&all)
}

/// Swap two lines of the same indentation, so that blocks mostly stay blocks.
fn swap_lines(program: &str, random: &mut Random) -> String {
    let mut all = lines(program);
    if all.len() > 1 {
        let first = random.below(all.len());
        let same: Vec<usize> = (0..all.len()).filter(|&i| indent(all[i]) == indent(all[first])).collect();
        all.swap(first, same[random.below(same.len())]);
    }
    joined(&all)
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Put a block of the other program in front of a line of the same indentation.
fn splice(program: &str, other: &str, random: &mut Random) -> String {
    let (mut all, theirs) = (lines(program), lines(other));
    let starts: Vec<usize> = (0..theirs.len()).filter(|&i| indent(theirs[i]) == 0 && !theirs[i].is_empty()).collect();
    if starts.is_empty() || all.is_empty() {
        return program.to_string();
    }
    let begin = starts[random.below(starts.len())];
    let end =
        (begin + 1..theirs.len()).find(|&i| indent(theirs[i]) == 0 && !theirs[i].is_empty()).unwrap_or(theirs.len());
    let places: Vec<usize> = (0..all.len()).filter(|&i| indent(all[i]) == 0).collect();
    let at = if places.is_empty() { 0 } else { places[random.below(places.len())] };
    all.splice(at..at, theirs[begin..end].iter().copied());
    joined(&all)
}

fn change_token(program: &str, other: &str, random: &mut Random) -> String {
    let mut tokens = tokenize(program);
    let changeable: Vec<usize> = (0..tokens.len()).filter(|&i| tokens[i].kind != Kind::Fixed).collect();
    if changeable.is_empty() {
        return program.to_string();
    }
    let index = changeable[random.below(changeable.len())];
    let kind = tokens[index].kind;
    let theirs: Vec<&str> =
        tokenize(other).into_iter().filter(|token| token.kind == kind).map(|token| token.text).collect();
    let ours: Vec<&str> = tokens.iter().filter(|token| token.kind == kind).map(|token| token.text).collect();
    let text = match (kind, random.below(4)) {
        (Kind::Number | Kind::Text, 0 | 1) => random.pick(&EDGES),
        (Kind::Name, 0) => random.pick(&NAMES),
        (Kind::Name, 1) => random.pick(&EDGES),
        (Kind::Operator, 0 | 1) if tokens[index].text.ends_with('=') && !is_comparison(tokens[index].text) => {
            random.pick(&AUGMENTED)
        }
        (Kind::Operator, 0..=2) => random.pick(&BINARY),
        (_, 3) if !theirs.is_empty() => random.pick(&theirs),
        _ => random.pick(&ours),
    };
    tokens[index].text = text;
    tokens.iter().map(|token| token.text).collect()
}

fn is_comparison(operator: &str) -> bool {
    matches!(operator, "==" | "!=" | "<=" | ">=")
}

/// Cut a program into tokens that together are the program again. Knows as much of Python as it takes to leave strings
/// and comments whole.
fn tokenize(program: &str) -> Vec<Token<'_>> {
    let bytes = program.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let byte = bytes[at];
        let run = |mut end: usize, keep: &dyn Fn(u8) -> bool| {
            while end < bytes.len() && keep(bytes[end]) {
                end += 1;
            }
            end
        };
        let kind = match byte {
            b'#' => {
                at = run(at, &|b| b != b'\n');
                Kind::Fixed
            }
            b'"' | b'\'' => {
                at = string_end(bytes, at);
                Kind::Text
            }
            b'0'..=b'9' => {
                at = run(at, &|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'_');
                Kind::Number
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => {
                at = run(at, &|b| b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80);
                if at < bytes.len() && matches!(bytes[at], b'"' | b'\'') && at - start <= 2 {
                    at = string_end(bytes, at);
                    Kind::Text
                } else if is_keyword(&program[start..at]) {
                    Kind::Fixed
                } else {
                    Kind::Name
                }
            }
            b'+' | b'-' | b'*' | b'/' | b'%' | b'<' | b'>' | b'=' | b'!' | b'&' | b'|' | b'^' | b'@' | b'~' => {
                at = run(at, &|b| b"+-*/%<>=!&|^@~".contains(&b));
                Kind::Operator
            }
            _ => {
                at += 1;
                Kind::Fixed
            }
        };
        tokens.push(Token { kind, text: &program[start..at] });
    }
    tokens
}

/// The end of the string literal whose quote is at `at`, or of its line when it has none.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let quote = bytes[at];
    let triple = bytes[at..].starts_with(&[quote; 3]);
    let mut end = at + if triple { 3 } else { 1 };
    while end < bytes.len() {
        match bytes[end] {
            b'\\' => end += 2,
            b'\n' if !triple => return end,
            byte if byte == quote && !triple => return end + 1,
            byte if byte == quote && bytes[end..].starts_with(&[quote; 3]) => return end + 3,
            _ => end += 1,
        }
    }
    bytes.len()
}

fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "and"
            | "as"
            | "assert"
            | "async"
            | "await"
            | "class"
            | "def"
            | "del"
            | "elif"
            | "else"
            | "except"
            | "finally"
            | "for"
            | "from"
            | "global"
            | "if"
            | "import"
            | "in"
            | "is"
            | "lambda"
            | "nonlocal"
            | "not"
            | "or"
            | "pass"
            | "raise"
            | "return"
            | "try"
            | "while"
            | "with"
            | "yield"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_the_program_again() {
        let program = "x = f'a{b}' + \"\"\"q\n'\"\"\" # c 'd\nif x >= 0x1F: é('\\'') ; 'open\n";
        assert_eq!(tokenize(program).iter().map(|token| token.text).collect::<String>(), program);
        let texts: Vec<&str> = tokenize(program).iter().filter(|t| t.kind == Kind::Text).map(|t| t.text).collect();
        assert_eq!(texts, ["f'a{b}'", "\"\"\"q\n'\"\"\"", "'\\''", "'open"]);
    }

    #[test]
    fn the_same_seed_gives_the_same_program() {
        let make = || mutate("a = 1\nprint(a + 2)\n", "for i in range(3):\n    print(i)\n", &mut Random::new(7));
        assert_eq!(make(), make());
    }
}
