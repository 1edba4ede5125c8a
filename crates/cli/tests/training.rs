//! The programs that `cargo xtask dist` trains on give CPython's output, so that the profile is one of working programs.

use std::path::Path;
use std::process::Command;

#[test]
fn training_programs_work() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/training");
    let mut n_programs = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of training programs") {
        let program = entry.expect("a readable folder").path();
        if program.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        n_programs += 1;
        let run = Command::new(env!("CARGO_BIN_EXE_coachwhip")).arg(&program).output().expect("it runs");
        let expected = std::fs::read_to_string(program.with_extension("out")).expect("CPython's output beside it");
        let shown = program.display();
        assert!(run.status.success(), "{shown}: {}", String::from_utf8_lossy(&run.stderr));
        assert_eq!(String::from_utf8_lossy(&run.stdout), expected, "{shown}");
    }
    assert!(n_programs >= 6, "only {n_programs} programs");
}
