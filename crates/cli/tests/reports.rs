//! What `-X stats` and `-X bytecode` print.

use std::process::Command;

const PROGRAM: &str = "
def total(items):
    n = 0
    for item in items:
        n += item
    return n
print(total(list(range(100))))
";

fn standard_error(option: &str) -> String {
    let file = std::env::temp_dir().join(format!("coachwhip-report-{option}-{}.py", std::process::id()));
    std::fs::write(&file, PROGRAM).expect("a writable folder for temporary files");
    let run = Command::new(env!("CARGO_BIN_EXE_coachwhip")).arg("-X").arg(option).arg(&file).output().expect("it runs");
    let _ = std::fs::remove_file(&file);
    assert!(run.status.success());
    assert_eq!(String::from_utf8_lossy(&run.stdout), "4950\n");
    String::from_utf8_lossy(&run.stderr).into_owned()
}

#[test]
fn statistics_tell_of_the_heap_and_of_specialised_families() {
    let text = standard_error("stats");
    assert!(text.starts_with("Heap: "), "{text}");
    let family = |name: &str| text.lines().any(|line| line.split_whitespace().next() == Some(name));
    assert!(family("FOR_ITER") && family("BINARY_OP"), "{text}");
}

#[test]
fn bytecode_is_shown_specialised() {
    let text = standard_error("bytecode");
    let (_, total) = text.split_once("\ntotal (").expect("the function that ran");
    assert!(total.contains("FOR_ITER_LIST") && total.contains("BINARY_OP_ADD_INT"), "{text}");
}
