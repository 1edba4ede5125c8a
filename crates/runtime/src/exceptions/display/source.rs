//! Lines of source text for reports: from files, and from text that was run without one.

use crate::prelude::*;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Source text by (file name, first line of a code object).
#[derive(Default)]
struct Registered {
    texts: RefCell<HashMap<String, Rc<Vec<String>>>>,
}

/// Files read for one report.
#[derive(Default)]
pub struct SourceCache {
    files: HashMap<String, Rc<Vec<String>>>,
}

/// Remember the text of a program that came from the command line, standard input or the console under this name.
pub fn register_source(cx: &Cx, name: &str, text: &str) {
    let lines = text.lines().map(str::to_owned).collect();
    cx.vm().extension(Registered::default).texts.borrow_mut().insert(name.to_owned(), Rc::new(lines));
}

impl SourceCache {
    /// Line `n` (from 1) of a file, without trailing blanks; empty when there is none.
    pub fn line(&mut self, cx: &mut Cx, name: &str, n: u32) -> String {
        let lines = match self.files.get(name) {
            Some(lines) => lines.clone(),
            None => {
                let lines = load(cx, name);
                self.files.insert(name.to_owned(), lines.clone());
                lines
            }
        };
        let line = (n as usize).checked_sub(1).and_then(|i| lines.get(i));
        line.map_or_else(String::new, |line| line.trim_end().to_owned())
    }
}

fn load(cx: &mut Cx, name: &str) -> Rc<Vec<String>> {
    let registered = cx.vm().extension(Registered::default).texts.borrow().get(name).cloned();
    if let Some(lines) = registered {
        return lines;
    }
    if name.is_empty() || (name.starts_with('<') && name.ends_with('>')) {
        return Rc::default();
    }
    let data = std::fs::read(name).ok();
    let data = data.or_else(|| crate::import::library_source(cx, name)).or_else(|| search(cx, name));
    let Some(data) = data else { return Rc::default() };
    Rc::new(split(&decode(&data)))
}

/// A relative file name is looked for in the directories of `sys.path`.
fn search(cx: &mut Cx, name: &str) -> Option<Vec<u8>> {
    let path = std::path::Path::new(name);
    if path.is_absolute() {
        return None;
    }
    let folders = crate::import::sys_attr(cx, "path")?.cast::<List>()?;
    let mut folders = folders.iter().filter_map(|folder| folder.downcast::<Str>());
    folders.find_map(|folder| std::fs::read(std::path::Path::new(&folder.to_string()).join(path)).ok())
}

/// Source bytes as text: UTF-8, unless one of the first two lines names Latin-1.
fn decode(data: &[u8]) -> String {
    let data = data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(data);
    let head: Vec<u8> = data.split(|&b| b == b'\n').take(2).flatten().copied().collect();
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let is_latin1 = ["latin-1", "latin1", "iso-8859-1", "iso8859-1"]
        .iter()
        .any(|codec| head.contains(&format!("coding: {codec}")) || head.contains(&format!("coding={codec}")));
    if is_latin1 {
        return data.iter().map(|&b| char::from(b)).collect();
    }
    String::from_utf8_lossy(data).into_owned()
}

/// Lines as the tokenizer counts them.
fn split(text: &str) -> Vec<String> {
    text.replace("\r\n", "\n").replace('\r', "\n").split('\n').map(str::to_owned).collect()
}
