//! What small programs are compiled to. `UPDATE_EXPECT=1` rewrites the disassemblies.
//!
//! `tests/compile/compare.py` is the stronger test: it compares whole folders with CPython, byte for byte.

use std::path::Path;

use compile::{Mode, Options};

#[test]
fn programs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let mut n = 0;
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let source = std::fs::read_to_string(&path).expect("programs are text");
        let compiled = compile::compile(&source, "<test>", Mode::Exec, Options::default()).expect("programs compile");
        let text = bytecode::disassemble(&compiled.code);
        expect_test::expect_file![path.with_extension("dis")].assert_eq(&text);
        // What is written can be read again.
        let bytes = bytecode::write(&compiled.code);
        let read = bytecode::read(&bytes).expect("what was written is sound");
        assert_eq!(bytecode::disassemble(&read), text);
        assert_eq!(bytecode::write(&read), bytes);
        n += 1;
    }
    assert_eq!(n, 8);
}
