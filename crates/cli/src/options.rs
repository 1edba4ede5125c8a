//! The command line, read as CPython reads it: short options may be joined, `-c` and `-m` end the options.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// What to run.
#[derive(Clone, Debug, PartialEq)]
pub enum Main {
    /// A file, a folder or an archive.
    File(OsString),
    Command(OsString),
    Module(OsString),
    /// Standard input: a program, or a person when it is a terminal.
    StandardInput,
}

/// The options, before the environment has its say.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    pub main: Main,
    /// `sys.argv` without its first entry.
    pub arguments: Vec<OsString>,
    pub bytes_warning: i64,
    pub dont_write_bytecode: bool,
    pub ignore_environment: bool,
    pub inspect: bool,
    pub isolated: bool,
    pub optimize: i64,
    pub safe_path: bool,
    pub quiet: bool,
    pub no_user_site: bool,
    pub no_site: bool,
    pub unbuffered: bool,
    pub verbose: i64,
    pub skip_first_line: bool,
    pub warnings: Vec<String>,
    pub x_options: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            main: Main::StandardInput,
            arguments: Vec::new(),
            bytes_warning: 0,
            dont_write_bytecode: false,
            ignore_environment: false,
            inspect: false,
            isolated: false,
            optimize: 0,
            safe_path: false,
            quiet: false,
            no_user_site: false,
            no_site: false,
            unbuffered: false,
            verbose: 0,
            skip_first_line: false,
            warnings: Vec::new(),
            x_options: Vec::new(),
        }
    }
}

/// What the command line asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    Run(Box<Options>),
    Help,
    HelpX,
    HelpEnvironment,
    /// `-V` once or twice.
    Version(u32),
    /// A mistake: what to say on standard error (exit status 2).
    Mistake(String),
}

pub const HELP: &str = "\
usage: coachwhip [option] ... [-c cmd | -m mod | file | -] [arg] ...
Runs Python 3.14 programs.

What to run:
-c cmd : program passed in as string (terminates option list)
-m mod : run library module as a script (terminates option list)
file   : program read from script file
-      : program read from stdin (default; interactive mode if a tty)
arg ...: arguments passed to program in sys.argv[1:]

Options:
-b     : issue warnings about converting bytes to str and comparing them (-bb: errors)
-B     : don't write .pyc files on import; also PYTHONDONTWRITEBYTECODE=x
-E     : ignore PYTHON* environment variables
-h     : print this help message and exit (also --help, -?)
-i     : inspect interactively after running the script; also PYTHONINSPECT=x
-I     : isolate from the user's environment (implies -E, -P and -s)
-O     : remove assert and __debug__-dependent statements; -OO also docstrings
-P     : don't prepend a potentially unsafe path to sys.path
-q     : don't print version and copyright messages on interactive startup
-s     : don't add the user's site directory to sys.path
-S     : don't imply 'import site' on initialization
-u     : force the stdout and stderr streams to be unbuffered
-v     : trace import statements; can be given several times
-V     : print the version number and exit (also --version); -VV tells more
-W arg : warning control; arg is action:message:category:module:lineno
-X opt : set an implementation-specific option; -X help lists them

Examples:
  coachwhip app.py input.txt
  coachwhip -X stats -m json.tool data.json";

pub const HELP_X: &str = "\
Options of -X:
-X bytecode         : print the bytecode of what has run, with its specialised forms, at exit
-X stats            : print specialisation and heap statistics at exit
-X heap-limit=MB    : raise MemoryError beyond this much memory
-X gc-every=N       : collect at every Nth allocation (checks the runtime)
-X gc-poison        : overwrite freed memory and check that nobody writes to it
-X gc-verify        : verify the heap after every collection
-X dev              : enable additional runtime checks of Python programs
-X importtime       : show how long each import takes
-X int_max_str_digits=N : limit the size of int<->str conversions
-X pycache_prefix=PATH  : put .pyc files under this folder
-X utf8[=0|1]       : use UTF-8 for standard streams and file names (default)";

pub const HELP_ENVIRONMENT: &str = "\
Environment variables:
PYTHONPATH      : folders prefixed to the default module search path
PYTHONHOME      : the prefix of the library and of sys.prefix
PYTHONHASHSEED  : random, or the seed of the hashes of text (0 to 4294967295)
PYTHONWARNINGS=arg : warning control (-W arg)
PYTHONDONTWRITEBYTECODE, PYTHONINSPECT, PYTHONNOUSERSITE, PYTHONOPTIMIZE,
PYTHONSAFEPATH, PYTHONUNBUFFERED, PYTHONVERBOSE, PYTHONDEVMODE : as the options
PYTHONPYCACHEPREFIX, PYTHONINTMAXSTRDIGITS : as the options of -X
PYTHON_HISTORY  : the file that keeps the prompt's history";

/// Read the arguments after the program's name.
pub fn parse(arguments: &[OsString]) -> Request {
    let mut options = Options::default();
    let mut rest = arguments.iter().cloned();
    let mut versions = 0;
    while let Some(argument) = rest.next() {
        let bytes = argument.as_bytes();
        if bytes == b"-" {
            options.arguments = rest.collect();
            return done(options, versions);
        }
        if !bytes.starts_with(b"-") {
            options.main = Main::File(argument);
            options.arguments = rest.collect();
            return done(options, versions);
        }
        match bytes {
            b"--" => match rest.next() {
                Some(file) => {
                    options.main = if file == "-" { Main::StandardInput } else { Main::File(file) };
                    options.arguments = rest.collect();
                    return done(options, versions);
                }
                None => return done(options, versions),
            },
            b"--help" | b"--help-all" => return Request::Help,
            b"--help-env" => return Request::HelpEnvironment,
            b"--help-xoptions" => return Request::HelpX,
            b"--version" => versions += 1,
            b"--check-hash-based-pycs" => {
                if rest.next().is_none() {
                    return mistake("Argument expected for the --check-hash-based-pycs option");
                }
            }
            _ if bytes.starts_with(b"--") => {
                return mistake(&format!("unknown option {}", argument.to_string_lossy()));
            }
            _ => {
                let mut at = 1;
                while at < bytes.len() {
                    let option = bytes[at];
                    at += 1;
                    if matches!(option, b'c' | b'm' | b'W' | b'X') {
                        let value =
                            if at < bytes.len() { Some(OsString::from_vec(bytes[at..].to_vec())) } else { rest.next() };
                        let Some(value) = value else {
                            return mistake(&format!("Argument expected for the -{} option", option as char));
                        };
                        match option {
                            b'W' => options.warnings.push(value.to_string_lossy().into_owned()),
                            b'X' if value == OsStr::new("help") => return Request::HelpX,
                            b'X' => options.x_options.push(value.to_string_lossy().into_owned()),
                            _ => {
                                options.main = if option == b'c' { Main::Command(value) } else { Main::Module(value) };
                                options.arguments = rest.collect();
                                return done(options, versions);
                            }
                        }
                        break;
                    }
                    match option {
                        b'b' => options.bytes_warning += 1,
                        b'B' => options.dont_write_bytecode = true,
                        b'd' => {}
                        b'E' => options.ignore_environment = true,
                        b'h' | b'?' => return Request::Help,
                        b'i' => options.inspect = true,
                        b'I' => {
                            options.isolated = true;
                            options.ignore_environment = true;
                            options.no_user_site = true;
                            options.safe_path = true;
                        }
                        b'O' => options.optimize += 1,
                        b'P' => options.safe_path = true,
                        b'q' => options.quiet = true,
                        b'R' => {}
                        b's' => options.no_user_site = true,
                        b'S' => options.no_site = true,
                        b'u' => options.unbuffered = true,
                        b'v' => options.verbose += 1,
                        b'V' => versions += 1,
                        b'x' => options.skip_first_line = true,
                        _ => return mistake(&format!("Unknown option: -{}", option as char)),
                    }
                }
            }
        }
    }
    done(options, versions)
}

fn done(options: Options, versions: u32) -> Request {
    if versions > 0 { Request::Version(versions) } else { Request::Run(Box::new(options)) }
}

fn mistake(what: &str) -> Request {
    Request::Mistake(format!(
        "{what}\nusage: coachwhip [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `coachwhip -h' for more information."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(line: &str) -> Options {
        match parse(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>()) {
            Request::Run(options) => *options,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn short_options_join_and_end_at_the_program() {
        let o = options("-Bu -OO -Wignore -X stats prog.py -v x");
        assert!(o.dont_write_bytecode && o.unbuffered && o.optimize == 2 && o.verbose == 0);
        assert_eq!(o.main, Main::File("prog.py".into()));
        assert_eq!(o.arguments, ["-v", "x"]);
        assert_eq!((o.warnings, o.x_options), (vec!["ignore".to_owned()], vec!["stats".to_owned()]));
        let o = options("-Ic pass -x");
        assert!(o.isolated && o.ignore_environment);
        assert_eq!((o.main, o.arguments), (Main::Command("pass".into()), vec![OsString::from("-x")]));
    }

    #[test]
    fn mistakes_are_told() {
        let mistake = |line: &str| parse(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>());
        assert!(matches!(mistake("-Z"), Request::Mistake(text) if text.starts_with("Unknown option: -Z")));
        assert!(matches!(mistake("-c"), Request::Mistake(text) if text.starts_with("Argument expected for the -c")));
        assert_eq!(mistake("-VV"), Request::Version(2));
    }
}
