//! Command-line options of the xtask commands: `--name value`, `--name=value` and flags.
//!
//! Every command takes its options out of an [`Args`] and calls [`Args::finish`], which refuses what is left over.

use std::str::FromStr;

pub struct Args {
    words: Vec<String>,
}

impl Args {
    /// Wrap the words after the command's name. Prints `usage` and exits when help is asked for.
    pub fn new(words: Vec<String>, usage: &str) -> Args {
        if words.iter().any(|word| word == "--help" || word == "-h") {
            print!("{usage}");
            std::process::exit(0);
        }
        Args { words }
    }

    /// Is the flag `--name` there?
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() != before
    }

    /// The value of `--name VALUE` or `--name=VALUE`; the last one wins.
    pub fn value(&mut self, name: &str) -> Result<Option<String>, String> {
        Ok(self.values(name)?.pop())
    }

    /// All values of an option that may be repeated.
    pub fn values(&mut self, name: &str) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        let mut left = Vec::new();
        let mut words = std::mem::take(&mut self.words).into_iter();
        while let Some(word) = words.next() {
            if word == name {
                found.push(words.next().ok_or_else(|| format!("{name} needs a value"))?);
            } else if let Some(value) = word.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
                found.push(value.to_string());
            } else {
                left.push(word);
            }
        }
        self.words = left;
        Ok(found)
    }

    /// The value of an option, parsed, or its default.
    pub fn parsed<T: FromStr>(&mut self, name: &str, default: T) -> Result<T, String> {
        match self.value(name)? {
            None => Ok(default),
            Some(text) => text.parse().map_err(|_| format!("{name}: `{text}` is not a value it takes")),
        }
    }

    /// Everything must have been taken by now.
    pub fn finish(self) -> Result<(), String> {
        match self.words.first() {
            None => Ok(()),
            Some(word) => Err(format!("unknown option `{word}`; see --help")),
        }
    }
}
