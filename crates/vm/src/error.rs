//! A Python exception as a Rust error.

use object::{Cx, Exception, Raised};
use runtime::text::str_of;

/// An exception that reached Rust code: its type, its message and its traceback as Python prints it.
#[derive(Debug, Clone)]
pub struct PythonError {
    /// Name of the exception's class.
    pub class: String,
    pub message: String,
}

impl PythonError {
    /// Take the exception that is set.
    pub fn take(cx: &mut Cx, raised: Raised) -> PythonError {
        let exception = cx.take_raised(raised);
        let class = runtime::error::type_name(cx, exception);
        let message = match str_of(cx, exception) {
            Ok(text) => text.to_string(),
            Err(raised) => {
                cx.take_raised(raised);
                "<exception str() failed>".to_owned()
            }
        };
        debug_assert!(exception.is_a::<Exception>());
        PythonError { class, message }
    }
}

impl std::fmt::Display for PythonError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.message.is_empty() { f.write_str(&self.class) } else { write!(f, "{}: {}", self.class, self.message) }
    }
}

impl std::error::Error for PythonError {}
