//! Command-line options of the xtask commands.
//!
//! Every command takes its options out of an [`Args`] and calls [`Args::finish`], which refuses what is left over.

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

    /// Everything must have been taken by now.
    pub fn finish(self) -> Result<(), String> {
        match self.words.first() {
            None => Ok(()),
            Some(word) => Err(format!("unknown option `{word}`; see --help")),
        }
    }
}
