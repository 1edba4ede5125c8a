//! Prints compiled code objects as JSON, one line a file: what `tests/compile/compare.py` reads.
//!
//! Arguments: files to compile, or `-` for a list of them on standard input. `-O` and `-OO` as for `python`. `--eval` and `--single`
//! choose the mode, `--incomplete` and `--keep-blocks-open` what the end of the source means. `--dis` prints a disassembly
//! instead.

use std::io::{BufRead, Write};

use bytecode::{CodeObject, Constant};
use compile::{Mode, Options, SyntaxError};

fn main() {
    let mut options = Options::default();
    let mut dis = false;
    let mut mode = Mode::Exec;
    let mut files = Vec::new();
    for arg in std::env::args().skip(1) {
        match &arg[..] {
            "-O" => options.optimize = 1,
            "-OO" => options.optimize = 2,
            "--dis" => dis = true,
            "--eval" => mode = Mode::Eval,
            "--single" => mode = Mode::Single,
            "--incomplete" => options.end.allow_incomplete = true,
            "--keep-blocks-open" => options.end.keep_blocks_open = true,
            "-" => files.extend(std::io::stdin().lock().lines().map_while(Result::ok)),
            _ => files.push(arg),
        }
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for file in files {
        let line = dump(&file, mode, options, dis);
        writeln!(out, "{line}").expect("standard output takes text");
    }
}

fn dump(file: &str, mode: Mode, options: Options, dis: bool) -> String {
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => return format!("{{\"unreadable\": {:?}}}", error.to_string()),
    };
    let source = match syntax::decode(&bytes) {
        Ok(source) => source,
        Err(problem) => return error(&problem.into_syntax_error(&bytes, None)),
    };
    match compile::compile(&source, "<dump>", mode, options) {
        Ok(compiled) if dis => bytecode::disassemble(&compiled.code),
        Ok(compiled) => {
            let mut out = format!("{{\"n_warnings\": {}, \"warnings\": [", compiled.warnings.len());
            for (i, warning) in compiled.warnings.iter().enumerate() {
                let comma = if i > 0 { ", " } else { "" };
                out += &format!("{comma}[{}, {}]", json(&warning.message), warning.loc.line);
            }
            out += "], \"code\": ";
            code(&mut out, &compiled.code);
            out + "}"
        }
        Err(problem) => error(&problem),
    }
}

fn error(error: &SyntaxError) -> String {
    format!(
        "{{\"error\": {}, \"kind\": \"{:?}\", \"text\": {}, \"at\": [{}, {}, {}, {}]}}",
        json(&error.message),
        error.kind,
        error.text.as_deref().map_or("null".to_owned(), json),
        error.lineno,
        error.offset,
        error.end_lineno,
        error.end_offset
    )
}

fn json(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if (c as u32) < 32 => out += &format!("\\u{:04x}", c as u32),
            c => out.push(c),
        }
    }
    out + "\""
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::from("\""), |out, byte| out + &format!("{byte:02x}")) + "\""
}

fn strings<'a>(strings: impl IntoIterator<Item = &'a Box<str>>) -> String {
    format!("[{}]", strings.into_iter().map(|s| json(s)).collect::<Vec<_>>().join(", "))
}

fn code(out: &mut String, code: &CodeObject) {
    let kinds: Vec<u8> = code.localspluskinds.iter().map(|kind| kind.0).collect();
    *out += &format!(
        "{{\"name\": {}, \"qualname\": {}, \"firstlineno\": {}, \"args\": [{}, {}, {}], \"stacksize\": {}, \"flags\": {}, \
         \"names\": {}, \"locals\": {}, \"kinds\": {}, \"code\": {}, \"linetable\": {}, \"exceptiontable\": {}, \"consts\": ",
        json(&code.name),
        json(&code.qualname),
        code.firstlineno,
        code.argcount,
        code.posonlyargcount,
        code.kwonlyargcount,
        code.stacksize,
        code.flags.0,
        strings(&code.names),
        strings(&code.localsplusnames),
        hex(&kinds),
        hex(&code.code),
        hex(&code.linetable),
        hex(&code.exceptiontable),
    );
    constants(out, &code.consts);
    out.push('}');
}

fn constants(out: &mut String, constants: &[Constant]) {
    out.push('[');
    for (i, value) in constants.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        constant(out, value);
    }
    out.push(']');
}

fn constant(out: &mut String, value: &Constant) {
    let list = |out: &mut String, tag: &str, items: &[Constant]| {
        *out += &format!("[\"{tag}\", ");
        constants(out, items);
        out.push(']');
    };
    match value {
        Constant::None => out.push_str("[\"None\"]"),
        Constant::Bool(value) => *out += &format!("[\"bool\", {value}]"),
        Constant::Ellipsis => out.push_str("[\"Ellipsis\"]"),
        Constant::Int(value) => *out += &format!("[\"int\", \"{value}\"]"),
        Constant::BigInt(_) => *out += &format!("[\"int\", \"{}\"]", value.repr()),
        Constant::Float(value) => *out += &format!("[\"float\", {}]", hex(&value.to_be_bytes())),
        Constant::Complex { real, imag } => {
            *out += &format!("[\"complex\", {}, {}]", hex(&real.to_be_bytes()), hex(&imag.to_be_bytes()));
        }
        Constant::Str(text) => *out += &format!("[\"str\", {}]", hex(text.as_bytes())),
        Constant::Bytes(bytes) => *out += &format!("[\"bytes\", {}]", hex(bytes)),
        Constant::Tuple(items) => list(out, "tuple", items),
        Constant::FrozenSet(items) => list(out, "frozenset", items),
        Constant::Slice(parts) => list(out, "slice", &parts[..]),
        Constant::Code(nested) => {
            out.push_str("[\"code\", ");
            code(out, nested);
            out.push(']');
        }
    }
}
