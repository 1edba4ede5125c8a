//! `_tokenize`: the tokens of source text, as the module `tokenize` shows them.
//!
//! The compiler has a tokenizer of its own; this one keeps comments, blank lines and exact spellings. All lines are read
//! when the first token is asked for.

mod lexer;

use lexer::{Lexer, Token};
use macros::{Trace, native_class, native_module};
use runtime::native::{add_class, new_native};
use runtime::prelude::*;
use std::cell::Cell;

/// The tokens of a source, and how many were given out.
#[derive(Trace)]
pub struct TokenizerIter {
    readline: Slot,
    encoding: Slot,
    extra: Cell<bool>,
    #[trace(skip)]
    lexed: Opaque<Option<Lexer>>,
    given: Cell<usize>,
}

impl NativeData for TokenizerIter {
    const NAME: &'static str = "_tokenize.TokenizerIter";
}

type This = Gc<Native<TokenizerIter>>;

/// Call `readline` until it has no more.
fn read_lines(cx: &mut Cx, this: This) -> PyResult<Vec<Vec<char>>> {
    let mut lines = Vec::new();
    loop {
        let line = match call(cx, this.readline.get(), &[]) {
            Ok(line) => line,
            Err(raised) => {
                cx.catch(raised, cx.types().StopIteration)?;
                break;
            }
        };
        let text = match this.encoding.get().downcast::<Str>() {
            Some(encoding) => {
                if line.downcast::<Bytes>().is_none() {
                    let name = type_name(cx, line);
                    return Err(type_error(cx, format!("readline() returned a non-bytes object ({name})")));
                }
                let decode = cx.heap.intern("decode");
                let replace = cx.heap.str("replace");
                call_method(cx, line, decode, &[encoding.value(), replace])?
            }
            None => line,
        };
        let Some(text) = text.downcast::<Str>() else {
            return Err(type_error(cx, "readline() returned a non-string object"));
        };
        if text.is_empty() {
            break;
        }
        let text = text.to_string();
        // A line from a readline of one's own may hold several.
        text.split_inclusive('\n').for_each(|line| lines.push(line.chars().collect()));
    }
    Ok(lines)
}

fn token_value(cx: &mut Cx, token: &Token) -> Value {
    let place = |cx: &mut Cx, (row, column): (usize, usize)| {
        let column =
            if column == lexer::NOWHERE { Int::new(-1).expect("a small number") } else { Int::from_len(column) };
        cx.heap.tuple(&[Int::from_len(row).value(), column.value()]).value()
    };
    let kind = Int::from_len(token.kind as usize).value();
    let text = cx.heap.str(&token.text);
    let (start, end) = (place(cx, token.start), place(cx, token.end));
    let line = cx.heap.str(&token.line);
    cx.heap.tuple(&[kind, text, start, end, line]).value()
}

#[native_class(name = "TokenizerIter", module = "_tokenize", layout = Native<TokenizerIter>)]
pub mod class {
    use super::*;

    #[slot(new, "TokenizerIter(readline, /, *, encoding=None, extra_tokens=False)")]
    fn new(cx: &mut Cx, class: Gc<Class>, readline: Value, encoding: Value, extra_tokens: bool) -> Value {
        let data = TokenizerIter {
            readline: Slot::new(readline),
            encoding: Slot::new(encoding),
            extra: Cell::new(extra_tokens),
            lexed: Opaque::new(None),
            given: Cell::new(0),
        };
        new_native(cx, class, data).value()
    }

    #[slot]
    fn iter(this: This) -> Value {
        this.value()
    }

    #[slot]
    fn next(cx: &mut Cx, this: This) -> PyResult<Option<Value>> {
        if this.lexed.borrow().is_none() {
            let lines = read_lines(cx, this)?;
            *this.lexed.borrow_mut() = Some(Lexer::run(lines, this.extra.get()));
        }
        let i = this.given.get();
        this.given.set(i + 1);
        let (token, error) = match &*this.lexed.borrow() {
            Some(lexed) => (lexed.tokens.get(i).cloned(), lexed.error.clone()),
            None => (None, None),
        };
        if let Some(token) = token {
            return Ok(Some(token_value(cx, &token)));
        }
        let Some(error) = error else { return Ok(None) };
        let class = if error.indentation { cx.types().IndentationError } else { cx.types().SyntaxError };
        let (message, filename) = (cx.heap.str(error.message), cx.heap.str("<string>"));
        let line = cx.heap.str(&error.line);
        let row = Int::from_len(error.at.0).value();
        let column = Int::from_len(error.at.1 + 1).value();
        let details = cx.heap.tuple(&[filename, row, column, line, row, column]).value();
        let exception = call(cx, class.value(), &[message, details])?;
        Err(raise_object(cx, exception))
    }
}

#[native_module(name = "_tokenize")]
pub mod module {
    use super::*;

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        add_class(cx, module, &class::SPEC)?;
        Ok(())
    }
}
