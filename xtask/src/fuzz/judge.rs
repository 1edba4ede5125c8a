//! Running one program on both interpreters and saying how they differ.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::process::{Ended, supervise};

pub struct Judge {
    pub python: Vec<String>,
    pub cpython: Vec<String>,
    pub scratch: PathBuf,
    pub limit: Duration,
}

/// What is wrong with our answer. Two findings of the same signature are one.
pub struct Verdict {
    pub kind: &'static str,
    pub signature: String,
    pub expected: String,
    pub got: String,
}

struct Answer {
    stdout: String,
    stderr: String,
    code: Option<i32>,
    ended: Ended,
}

impl Judge {
    /// `None` when both answer alike, or when CPython's own answer says nothing (it hangs, or runs out of something).
    pub fn judge(&self, program: &str) -> Result<Option<Verdict>, String> {
        let file = self.scratch.join("program.py");
        fs::write(&file, program).map_err(|error| format!("{}: {error}", file.display()))?;
        let own = self.answer(&self.python, &file, self.limit * 3)?;
        if let Some((kind, signature)) = own.disaster() {
            let hangs = kind == "hang";
            if hangs && !matches!(self.answer(&self.cpython, &file, self.limit)?.ended, Ended::Exited(_)) {
                return Ok(None);
            }
            return Ok(Some(Verdict { kind, signature, expected: String::new(), got: own.stderr }));
        }
        let theirs = self.answer(&self.cpython, &file, self.limit)?;
        if !matches!(theirs.ended, Ended::Exited(_)) || theirs.code.is_none() || theirs.is_about_resources() {
            return Ok(None);
        }
        let (expected, got) = (theirs.comparable(), own.comparable());
        if expected == got {
            return Ok(None);
        }
        let signature = first_difference(&expected, &got);
        Ok(Some(Verdict { kind: "mismatch", signature, expected, got }))
    }

    fn answer(&self, command: &[String], file: &Path, limit: Duration) -> Result<Answer, String> {
        let (out, err) = (self.scratch.join("out"), self.scratch.join("err"));
        let create = |path: &Path| fs::File::create(path).map_err(|error| format!("{}: {error}", path.display()));
        let mut process = Command::new(&command[0]);
        process
            .args(&command[1..])
            .arg(file)
            .current_dir(&self.scratch)
            .envs([("PYTHONHASHSEED", "0"), ("PYTHONDONTWRITEBYTECODE", "1"), ("LC_ALL", "C.UTF-8"), ("TZ", "UTC")])
            .stdout(create(&out)?)
            .stderr(create(&err)?);
        let ended = supervise(&mut process, |passed| passed < limit)
            .map_err(|error| format!("cannot start `{}`: {error}", command.join(" ")))?;
        let code = if let Ended::Exited(status) = &ended { status.code() } else { None };
        let text = |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned();
        Ok(Answer { stdout: text(&out), stderr: text(&err), code, ended })
    }
}

impl Answer {
    /// Ends that no program may cause: a signal, a panic, a hang.
    fn disaster(&self) -> Option<(&'static str, String)> {
        match &self.ended {
            Ended::Stopped => return Some(("hang", "hang".to_string())),
            Ended::OutOfMemory => return Some(("memory", "memory".to_string())),
            Ended::Exited(status) if self.code.is_none() => return Some(("crash", status.to_string())),
            Ended::Exited(_) => {}
        }
        let panic = self.stderr.lines().find(|line| line.contains("panicked at"))?;
        Some(("panic", panic[panic.find("panicked at").unwrap_or(0)..].to_string()))
    }

    /// Where the limits of a machine show, answers may differ.
    fn is_about_resources(&self) -> bool {
        let all = [&self.stdout, &self.stderr];
        ["MemoryError", "RecursionError", "Fatal Python error"]
            .iter()
            .any(|word| all.iter().any(|text| text.contains(word)))
    }

    /// Standard output, exit status and the last line of standard error, with addresses taken out.
    fn comparable(&self) -> String {
        let ending = match self.code {
            Some(0) => String::new(),
            code => {
                format!("exit {}\n{}\n", code.unwrap_or(-1), self.stderr.trim_end().lines().last().unwrap_or_default())
            }
        };
        without_addresses(&(self.stdout.clone() + &ending))
    }
}

/// Replace `0x` and at least six hexadecimal digits by `0x…`.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split("0x");
    let mut result = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        result.push_str("0x");
        result.push_str(if digits >= 6 { "…" } else { &part[..digits] });
        result.push_str(&part[digits..]);
    }
    result
}

/// Both sides of the first line that differs, digits made alike: what tells one difference from another.
fn first_difference(expected: &str, got: &str) -> String {
    let (mut left, mut right) = (expected.lines(), got.lines());
    loop {
        match (left.next(), right.next()) {
            (None, None) => return "line ends".to_string(),
            (left, right) if left == right => {}
            (left, right) => {
                let both = format!("{} | {}", left.unwrap_or("(end)"), right.unwrap_or("(end)"));
                return both.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).take(200).collect();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_out() {
        assert_eq!(without_addresses("<f at 0x7f00aa11bb22> 0xff 0x"), "<f at 0x…> 0xff 0x");
    }
}
