//! How much memory programs need at most: garbage outside the heap must not pile up.

use std::process::Command;

/// Peak of the resident memory of `program`, in megabytes.
fn peak(program: &str) -> usize {
    let program =
        format!("{program}\nprint([s for s in open('/proc/self/status') if s.startswith('VmHWM')][0].split()[1])");
    let output =
        Command::new(env!("CARGO_BIN_EXE_coachwhip")).args(["-I", "-c", &program]).output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().last().and_then(|line| line.parse::<usize>().ok());
    last.unwrap_or_else(|| panic!("{program}: {}", String::from_utf8_lossy(&output.stderr))) >> 10
}

#[test]
#[cfg(target_os = "linux")]
fn buffers_of_dead_objects_are_freed_in_time() {
    let start = peak("");
    // Each program makes 200 MB or more of garbage. The C library keeps some of what is freed.
    for (program, at_most) in [
        ("import array\nfor i in range(100): a = array.array('b', b'x') * 10_000_000", 120),
        ("import io\nfor i in range(1000): b = io.BytesIO(); b.write(b'x' * 1_000_000)", 120),
        ("import io\nfor i in range(1000): s = io.StringIO(); s.write('x' * 1_000_000)", 120),
        (
            "import array\na = [array.array('d', [0.0]) * 1000 for i in range(100)]\nfor i in range(50_000): a[i % 100] = a[i % 100] * 1",
            60,
        ),
        ("for i in range(100): b = bytearray(10_000_000)", 120),
        ("for i in range(300): b = 1 << 8_000_000", 60),
    ] {
        let needed = peak(program).saturating_sub(start);
        assert!(needed <= at_most, "{needed} MB, not {at_most}: {program}");
    }
}
