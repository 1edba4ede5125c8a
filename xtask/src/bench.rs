//! `cargo xtask bench`: pyperformance's programs on Coachwhip and on its peers, side by side.
//!
//! The implementations take turns program by program, so that a drift of the machine's speed hits all alike. The scripts
//! come from pyperformance's wheel, downloaded once into the cache; `tests/bench/shim` stands in for pyperf.

mod answers;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::args::Args;
use crate::process::{Ended, step, supervise};
use crate::{Outcome, paths};

const USAGE: &str = "\
Usage: cargo xtask bench [options]

Time start-up, then pyperformance's programs, on Coachwhip and its peers. A ratio over 1 says that Coachwhip
is that many times faster (steady, first) or smaller (memory) than the peer.

  --only a,b          Programs to run (default: those in pure Python that need the standard library alone)
  --python CMD        Coachwhip (default: a release build)
  --peer NAME=CMD     A peer (repeatable; default: cpython=$COACHWHIP_CPYTHON or python3.14)
  --warmup S          Seconds before samples count (default 2)
  --sample S          Seconds of samples (default 2)
  --limit S           Seconds for one program on one implementation (default 120)
  --json FILE         Also write all figures to FILE
  --check             Time nothing: compute small answers with each program's functions and compare them with
                      tests/bench/answers.txt, which CPython 3.14 made (--update writes it, by the first peer)

Examples:
  cargo xtask bench --check
  cargo xtask bench --python target/dist/coachwhip
  cargo xtask bench --only nbody,richards --peer cpython=python3.14 --peer pypy=pypy3
";

/// Work in pure Python that needs nothing outside the standard library.
const PROGRAMS: &str = "nbody,fannkuch,deltablue,richards,richards_super,spectral_norm,chaos,go,hexiom,pyflate,raytrace,\
    float,nqueens,generators,comprehensions,coroutines,async_generators,scimark,mdp,meteor_contest,pidigits,telco,deepcopy,\
    logging,json_dumps,json_loads,pickle_pure,regex_compile,typing_runtime_protocols,barnes_hut,pprint,pathlib,unpack_sequence";

/// Programs whose script has another name or needs arguments.
const SPECIAL: [(&str, &str, &[&str]); 1] = [("pickle_pure", "pickle", &["--pure-python", "pickle"])];

const STARTUP: [(&str, &str); 2] =
    [("start-up", "pass"), ("start-up, 5 imports", "import asyncio, json, re, dataclasses, argparse")];
const STARTUP_RUNS: usize = 15;
const PEAK: &str = "\nfor l in open('/proc/self/status'):\n    if l.startswith('VmHWM'): print(l.split()[1])";

struct Python {
    name: String,
    command: Vec<String>,
}

struct Options {
    suite: PathBuf,
    warmup: String,
    sample: String,
    limit: Duration,
}

/// What one program showed: name, first and steady seconds a round, peak memory.
struct Row {
    name: String,
    first: f64,
    steady: f64,
    peak_kb: f64,
}

pub fn run(words: Vec<String>) -> Outcome {
    let mut args = Args::new(words, USAGE);
    let only = args.value("--only")?.unwrap_or_else(|| PROGRAMS.to_string());
    let python = args.value("--python")?;
    let peers = args.values("--peer")?;
    let warmup = args.value("--warmup")?.unwrap_or_else(|| "2".to_string());
    let sample = args.value("--sample")?.unwrap_or_else(|| "2".to_string());
    let limit: u64 = args.parsed("--limit", 120)?;
    let json_file = args.value("--json")?;
    let (check, update) = (args.flag("--check"), args.flag("--update"));
    args.finish()?;

    let mut pythons = vec![Python { name: "coachwhip".to_string(), command: paths::interpreter(python)? }];
    for peer in &peers {
        let (name, command) = peer.split_once('=').ok_or("--peer takes NAME=COMMAND")?;
        let command = command.split_whitespace().map(str::to_string).collect();
        pythons.push(Python { name: name.to_string(), command });
    }
    if peers.is_empty() {
        pythons.push(Python { name: "cpython".to_string(), command: paths::cpython(None) });
    }
    if check || update {
        let python = pythons.swap_remove(if update { 1 } else { 0 });
        return answers::run(&python.command, &suite()?, &only, Duration::from_secs(limit), update);
    }
    let options = Options { suite: suite()?, warmup, sample, limit: Duration::from_secs(limit) };
    let mut table = Table::new(&pythons);
    for (name, code) in STARTUP {
        let results: Vec<_> = start_ups(&pythons, code, name);
        table.add_program(name, &results);
    }
    // Start-up is no program: the means are those of the programs alone.
    table.forget_ratios();
    for program in only.split(',') {
        let results: Vec<_> = pythons.iter().map(|python| run_program(python, program.trim(), &options)).collect();
        table.add_program(program.trim(), &results);
    }
    table.print_means();
    if let Some(file) = json_file {
        let text = serde_json::to_string_pretty(&Value::Object(table.figures)).map_err(|error| error.to_string())?;
        fs::write(&file, text + "\n").map_err(|error| format!("{file}: {error}"))?;
    }
    Ok(())
}

/// The folder with pyperformance's `bm_*`, downloaded on first use.
fn suite() -> Result<PathBuf, String> {
    let folder = paths::cache().join("pyperformance");
    let suite = folder.join("pyperformance/data-files/benchmarks");
    if suite.is_dir() {
        return Ok(suite);
    }
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let place = folder.to_string_lossy().into_owned();
    step("python3", &["-m", "pip", "download", "--quiet", "--no-deps", "--dest", &place, "pyperformance"])?;
    let wheel = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|ending| ending == "whl"))
        .ok_or("pip brought no wheel of pyperformance")?;
    step("python3", &["-m", "zipfile", "-e", &wheel.to_string_lossy(), &place])?;
    if suite.is_dir() { Ok(suite) } else { Err("pyperformance's wheel has no data-files/benchmarks".to_string()) }
}

fn run_program(python: &Python, program: &str, options: &Options) -> Result<Vec<Row>, String> {
    let (folder, extra) = SPECIAL
        .iter()
        .find(|(name, ..)| *name == program)
        .map_or((program, &[] as &[&str]), |(_, folder, extra)| (folder, extra));
    let folder = options.suite.join(format!("bm_{folder}"));
    let script = folder.join("run_benchmark.py");
    if !script.exists() {
        return Err("no such program".to_string());
    }
    let scratch = std::env::temp_dir().join(format!("coachwhip-bench-{}", std::process::id()));
    fs::create_dir_all(&scratch).map_err(|error| error.to_string())?;
    let (out, err) = (scratch.join("out"), scratch.join("err"));
    let create = |path: &Path| fs::File::create(path).map_err(|error| error.to_string());
    let mut command = Command::new(&python.command[0]);
    command
        .args(&python.command[1..])
        .arg(&script)
        .args(extra)
        .current_dir(&folder)
        .env("PYTHONPATH", paths::root().join("tests/bench/shim"))
        .envs([("BENCH_WARMUP_S", &options.warmup), ("BENCH_SAMPLE_S", &options.sample)])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdout(create(&out)?)
        .stderr(create(&err)?);
    let ended = supervise(&mut command, |passed| passed < options.limit).map_err(|error| error.to_string())?;
    let text = |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned();
    let (out, err) = (text(&out), text(&err));
    let _ = fs::remove_dir_all(&scratch);
    match ended {
        Ended::Exited(status) if status.success() => {
            let rows: Vec<Row> =
                out.lines().filter(|line| line.starts_with("{\"name\"")).filter_map(parse_row).collect();
            if rows.is_empty() { Err("no figures printed".to_string()) } else { Ok(rows) }
        }
        Ended::Exited(status) => Err(err.trim().lines().last().map_or_else(|| status.to_string(), str::to_string)),
        Ended::Stopped => Err(format!("no end in {} s", options.limit.as_secs())),
        Ended::OutOfMemory => Err("over the memory limit".to_string()),
    }
}

fn parse_row(line: &str) -> Option<Row> {
    let row: Value = serde_json::from_str(line).ok()?;
    Some(Row {
        name: row["name"].as_str()?.to_string(),
        first: row["first_s"].as_f64()?,
        steady: row["steady_s"].as_f64()?,
        peak_kb: row["peak_kb"].as_f64()?,
    })
}

/// Time a whole process, in turns; the first start is the cold one.
fn start_ups(pythons: &[Python], code: &str, name: &str) -> Vec<Result<Vec<Row>, String>> {
    let mut times: Vec<Vec<f64>> = pythons.iter().map(|_| Vec::new()).collect();
    let mut errors: Vec<Option<String>> = pythons.iter().map(|_| None).collect();
    for _ in 0..STARTUP_RUNS {
        for (index, python) in pythons.iter().enumerate() {
            let begin = Instant::now();
            match output_of(python, code) {
                Ok(_) => times[index].push(begin.elapsed().as_secs_f64()),
                Err(error) => errors[index] = Some(error),
            }
        }
    }
    let rows = pythons.iter().zip(times).zip(errors);
    rows.map(|((python, times), error)| match error {
        Some(error) => Err(error),
        None => {
            let peak = output_of(python, &format!("{code}{PEAK}"))?.trim().parse().unwrap_or(0.0);
            let steady = times.iter().copied().fold(f64::INFINITY, f64::min);
            Ok(vec![Row { name: name.to_string(), first: times[0], steady, peak_kb: peak }])
        }
    })
    .collect()
}

fn output_of(python: &Python, code: &str) -> Result<String, String> {
    let output = Command::new(&python.command[0])
        .args(&python.command[1..])
        .args(["-c", code])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot start: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => {
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            Err(text.trim().lines().last().unwrap_or("failed").to_string())
        }
    }
}

/// The printed table, and the ratios behind its last lines.
struct Table {
    names: Vec<String>,
    /// For each peer: steady, first, memory.
    ratios: Vec<[Vec<f64>; 3]>,
    figures: Map<String, Value>,
}

impl Table {
    fn new(pythons: &[Python]) -> Table {
        let names: Vec<String> = pythons.iter().map(|python| python.name.clone()).collect();
        print!("{:32} {:>13}", "benchmark", names[0]);
        for peer in &names[1..] {
            print!(" {peer:>13} {:>8} {:>8} {:>8}", "steady", "first", "memory");
        }
        println!();
        let ratios = names[1..].iter().map(|_| [Vec::new(), Vec::new(), Vec::new()]).collect();
        Table { names, ratios, figures: Map::new() }
    }

    fn add_program(&mut self, program: &str, results: &[Result<Vec<Row>, String>]) {
        let known = results.iter().flatten().next();
        let benches: Vec<&str> =
            known.map_or_else(|| vec![program], |rows| rows.iter().map(|row| &*row.name).collect());
        for bench in benches {
            let rows: Vec<Option<&Row>> =
                results.iter().map(|result| result.as_ref().ok()?.iter().find(|row| row.name == bench)).collect();
            self.add_row(bench, &rows);
        }
        for (name, result) in self.names.iter().zip(results) {
            if let Err(error) = result {
                println!("    {name}: {}", error.chars().take(110).collect::<String>());
            }
        }
    }

    fn add_row(&mut self, bench: &str, rows: &[Option<&Row>]) {
        let time = |row: Option<&Row>| row.map_or("FAIL".to_string(), |row| milliseconds(row.steady));
        print!("{:32} {:>13}", bench.chars().take(32).collect::<String>(), time(rows[0]));
        for (index, peer) in rows[1..].iter().enumerate() {
            print!(" {:>13}", time(*peer));
            let pairs = rows[0]
                .zip(*peer)
                .map(|(own, peer)| [(own.steady, peer.steady), (own.first, peer.first), (own.peak_kb, peer.peak_kb)]);
            for column in 0..3 {
                match pairs.map(|pairs| pairs[column]) {
                    Some((own, peer)) if own > 0.0 && peer > 0.0 => {
                        self.ratios[index][column].push(peer / own);
                        print!(" {:>7.2}x", peer / own);
                    }
                    _ => print!(" {:>8}", "-"),
                }
            }
        }
        println!();
        let figures: Map<String, Value> = self
            .names
            .iter()
            .zip(rows)
            .filter_map(|(name, row)| {
                let row = (*row)?;
                let figures = json!({"first_s": row.first, "steady_s": row.steady, "peak_kb": row.peak_kb});
                Some((name.clone(), figures))
            })
            .collect();
        self.figures.insert(bench.to_string(), Value::Object(figures));
    }

    fn forget_ratios(&mut self) {
        self.ratios.iter_mut().flatten().for_each(Vec::clear);
    }

    fn print_means(&self) {
        for (peer, ratios) in self.names[1..].iter().zip(&self.ratios) {
            for (values, what) in ratios.iter().zip(["steady speed", "speed of the first round", "memory"]) {
                if !values.is_empty() {
                    let mean = (values.iter().map(|value| value.ln()).sum::<f64>() / values.len() as f64).exp();
                    println!("{what} against {peer}: {mean:.2}x (geometric mean of {})", values.len());
                }
            }
        }
    }
}

fn milliseconds(seconds: f64) -> String {
    let ms = seconds * 1e3;
    if ms < 1.0 { format!("{:.2} us", ms * 1e3) } else { format!("{ms:.2} ms") }
}
