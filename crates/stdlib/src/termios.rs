//! `termios`: attributes of terminals.

use crate::system::{descriptor, error_text};
use object::int::BigInt;
use object::system::{LineCall, Terminal, ioctl_bytes, terminal_line};
use runtime::prelude::*;

/// Where the local modes are in a terminal's modes, and the mode of line-wise input among them.
const LOCAL: usize = 3;
const ICANON: u32 = 2;
const VTIME: usize = 5;
const VMIN: usize = 6;
const TIOCGWINSZ: u64 = 0x5413;
const TIOCSWINSZ: u64 = 0x5414;

const CONSTANTS: [(&str, i64); 234] = [
    ("B0", 0),
    ("B1000000", 1000000),
    ("B110", 110),
    ("B115200", 115200),
    ("B1152000", 1152000),
    ("B1200", 1200),
    ("B134", 134),
    ("B14400", 14400),
    ("B150", 150),
    ("B1500000", 1500000),
    ("B1800", 1800),
    ("B19200", 19200),
    ("B200", 200),
    ("B2000000", 2000000),
    ("B230400", 230400),
    ("B2400", 2400),
    ("B2500000", 2500000),
    ("B28800", 28800),
    ("B300", 300),
    ("B3000000", 3000000),
    ("B3500000", 3500000),
    ("B38400", 38400),
    ("B4000000", 4000000),
    ("B460800", 460800),
    ("B4800", 4800),
    ("B50", 50),
    ("B500000", 500000),
    ("B57600", 57600),
    ("B576000", 576000),
    ("B600", 600),
    ("B7200", 7200),
    ("B75", 75),
    ("B76800", 76800),
    ("B921600", 921600),
    ("B9600", 9600),
    ("BRKINT", 2),
    ("BS0", 0),
    ("BS1", 8192),
    ("BSDLY", 8192),
    ("CBAUD", 4111),
    ("CBAUDEX", 4096),
    ("CDSUSP", 25),
    ("CEOF", 4),
    ("CEOL", 0),
    ("CEOT", 4),
    ("CERASE", 127),
    ("CFLUSH", 15),
    ("CIBAUD", 269418496),
    ("CINTR", 3),
    ("CKILL", 21),
    ("CLNEXT", 22),
    ("CLOCAL", 2048),
    ("CQUIT", 28),
    ("CR0", 0),
    ("CR1", 512),
    ("CR2", 1024),
    ("CR3", 1536),
    ("CRDLY", 1536),
    ("CREAD", 128),
    ("CRPRNT", 18),
    ("CRTSCTS", 2147483648),
    ("CS5", 0),
    ("CS6", 16),
    ("CS7", 32),
    ("CS8", 48),
    ("CSIZE", 48),
    ("CSTART", 17),
    ("CSTOP", 19),
    ("CSTOPB", 64),
    ("CSUSP", 26),
    ("CWERASE", 23),
    ("ECHO", 8),
    ("ECHOCTL", 512),
    ("ECHOE", 16),
    ("ECHOK", 32),
    ("ECHOKE", 2048),
    ("ECHONL", 64),
    ("ECHOPRT", 1024),
    ("EXTA", 19200),
    ("EXTB", 38400),
    ("EXTPROC", 65536),
    ("FF0", 0),
    ("FF1", 32768),
    ("FFDLY", 32768),
    ("FIOASYNC", 21586),
    ("FIOCLEX", 21585),
    ("FIONBIO", 21537),
    ("FIONCLEX", 21584),
    ("FIONREAD", 21531),
    ("FLUSHO", 4096),
    ("HUPCL", 1024),
    ("IBSHIFT", 16),
    ("ICANON", 2),
    ("ICRNL", 256),
    ("IEXTEN", 32768),
    ("IGNBRK", 1),
    ("IGNCR", 128),
    ("IGNPAR", 4),
    ("IMAXBEL", 8192),
    ("INLCR", 64),
    ("INPCK", 16),
    ("IOCSIZE_MASK", 1073676288),
    ("IOCSIZE_SHIFT", 16),
    ("ISIG", 1),
    ("ISTRIP", 32),
    ("IUCLC", 512),
    ("IUTF8", 16384),
    ("IXANY", 2048),
    ("IXOFF", 4096),
    ("IXON", 1024),
    ("NCCS", 32),
    ("NL0", 0),
    ("NL1", 256),
    ("NLDLY", 256),
    ("NOFLSH", 128),
    ("N_MOUSE", 2),
    ("N_PPP", 3),
    ("N_SLIP", 1),
    ("N_STRIP", 4),
    ("N_TTY", 0),
    ("OCRNL", 8),
    ("OFDEL", 128),
    ("OFILL", 64),
    ("OLCUC", 2),
    ("ONLCR", 4),
    ("ONLRET", 32),
    ("ONOCR", 16),
    ("OPOST", 1),
    ("PARENB", 256),
    ("PARMRK", 8),
    ("PARODD", 512),
    ("PENDIN", 16384),
    ("TAB0", 0),
    ("TAB1", 2048),
    ("TAB2", 4096),
    ("TAB3", 6144),
    ("TABDLY", 6144),
    ("TCFLSH", 21515),
    ("TCGETS", 21505),
    ("TCIFLUSH", 0),
    ("TCIOFF", 2),
    ("TCIOFLUSH", 2),
    ("TCION", 3),
    ("TCOFLUSH", 1),
    ("TCOOFF", 0),
    ("TCOON", 1),
    ("TCSADRAIN", 1),
    ("TCSAFLUSH", 2),
    ("TCSANOW", 0),
    ("TCSBRK", 21513),
    ("TCSBRKP", 21541),
    ("TCSETS", 21506),
    ("TCSETSF", 21508),
    ("TCSETSW", 21507),
    ("TCXONC", 21514),
    ("TIOCCONS", 21533),
    ("TIOCEXCL", 21516),
    ("TIOCGETD", 21540),
    ("TIOCGICOUNT", 21597),
    ("TIOCGLCKTRMIOS", 21590),
    ("TIOCGPGRP", 21519),
    ("TIOCGSERIAL", 21534),
    ("TIOCGSOFTCAR", 21529),
    ("TIOCGWINSZ", 21523),
    ("TIOCINQ", 21531),
    ("TIOCLINUX", 21532),
    ("TIOCMBIC", 21527),
    ("TIOCMBIS", 21526),
    ("TIOCMGET", 21525),
    ("TIOCMIWAIT", 21596),
    ("TIOCMSET", 21528),
    ("TIOCM_CAR", 64),
    ("TIOCM_CD", 64),
    ("TIOCM_CTS", 32),
    ("TIOCM_DSR", 256),
    ("TIOCM_DTR", 2),
    ("TIOCM_LE", 1),
    ("TIOCM_RI", 128),
    ("TIOCM_RNG", 128),
    ("TIOCM_RTS", 4),
    ("TIOCM_SR", 16),
    ("TIOCM_ST", 8),
    ("TIOCNOTTY", 21538),
    ("TIOCNXCL", 21517),
    ("TIOCOUTQ", 21521),
    ("TIOCPKT", 21536),
    ("TIOCPKT_DATA", 0),
    ("TIOCPKT_DOSTOP", 32),
    ("TIOCPKT_FLUSHREAD", 1),
    ("TIOCPKT_FLUSHWRITE", 2),
    ("TIOCPKT_NOSTOP", 16),
    ("TIOCPKT_START", 8),
    ("TIOCPKT_STOP", 4),
    ("TIOCSCTTY", 21518),
    ("TIOCSERCONFIG", 21587),
    ("TIOCSERGETLSR", 21593),
    ("TIOCSERGETMULTI", 21594),
    ("TIOCSERGSTRUCT", 21592),
    ("TIOCSERGWILD", 21588),
    ("TIOCSERSETMULTI", 21595),
    ("TIOCSERSWILD", 21589),
    ("TIOCSER_TEMT", 1),
    ("TIOCSETD", 21539),
    ("TIOCSLCKTRMIOS", 21591),
    ("TIOCSPGRP", 21520),
    ("TIOCSSERIAL", 21535),
    ("TIOCSSOFTCAR", 21530),
    ("TIOCSTI", 21522),
    ("TIOCSWINSZ", 21524),
    ("TOSTOP", 256),
    ("VDISCARD", 13),
    ("VEOF", 4),
    ("VEOL", 11),
    ("VEOL2", 16),
    ("VERASE", 2),
    ("VINTR", 0),
    ("VKILL", 3),
    ("VLNEXT", 15),
    ("VMIN", 6),
    ("VQUIT", 1),
    ("VREPRINT", 12),
    ("VSTART", 8),
    ("VSTOP", 9),
    ("VSUSP", 10),
    ("VSWTC", 7),
    ("VSWTCH", 7),
    ("VT0", 0),
    ("VT1", 16384),
    ("VTDLY", 16384),
    ("VTIME", 5),
    ("VWERASE", 14),
    ("XCASE", 4),
    ("XTABS", 6144),
    ("_POSIX_VDISABLE", 0),
];

/// `termios.error(errno, text)`.
#[cold]
fn raise_errno(cx: &mut Cx, errno: i32) -> Raised {
    let class = match runtime::import::import_attr(cx, "termios", "error") {
        Ok(class) => class,
        Err(raised) => return raised,
    };
    let (number, text) = (Int::from_len(errno as usize).value(), cx.heap.str(&error_text(errno)));
    match call(cx, class, &[number, text]) {
        Ok(error) => raise_object(cx, error),
        Err(raised) => raised,
    }
}

fn checked<T>(cx: &mut Cx, result: Result<T, i32>) -> PyResult<T> {
    result.map_err(|errno| raise_errno(cx, errno))
}

fn line_call(cx: &mut Cx, fd: Value, which: LineCall, number: i32) -> PyResult<()> {
    let fd = descriptor(cx, fd)?;
    let result = cx.blocking(|| terminal_line(fd, which, number));
    checked(cx, result)
}

/// An int as the C type `unsigned int`.
fn mode(cx: &mut Cx, value: Value) -> PyResult<u32> {
    Ok(runtime::number::as_i64(cx, value)? as u32)
}

#[macros::native_module(
    name = "termios",
    doc = "This module provides an interface to the Posix calls for tty I/O control.\nFor a complete description of these calls, see the Posix or Unix manual\npages. It is only available for those Unix versions that support Posix\ntermios style tty I/O control.\n\nAll functions in this module take a file descriptor fd as their first\nargument. This can be an integer file descriptor, such as returned by\nsys.stdin.fileno(), or a file object, such as sys.stdin itself."
)]
pub mod module {
    use super::*;

    /// Get the tty attributes for file descriptor fd.
    ///
    /// Returns a list [iflag, oflag, cflag, lflag, ispeed, ospeed, cc]
    /// where cc is a list of the tty special characters (each a string of
    /// length 1, except the items with indices VMIN and VTIME, which are
    /// integers when these fields are defined).  The interpretation of the
    /// flags and the speeds as well as the indexing in the cc array must be
    /// done using the symbolic constants defined in this module.
    #[function("tcgetattr(fd, /)")]
    fn tcgetattr(cx: &mut Cx, fd: Value) -> PyResult<Gc<List>> {
        let fd = descriptor(cx, fd)?;
        let terminal = checked(cx, Terminal::get(fd))?;
        let result = List::empty(&mut cx.heap);
        for number in terminal.modes.iter().chain(&terminal.speeds) {
            let number = BigInt::from_i64(&mut cx.heap, i64::from(*number));
            result.push(&mut cx.heap, number).or_raise(cx)?;
        }
        let characters = List::empty(&mut cx.heap);
        let by_line = terminal.modes[LOCAL] & ICANON != 0;
        for (i, &c) in terminal.control_characters.iter().enumerate() {
            let item = if !by_line && (i == VMIN || i == VTIME) {
                Int::from_len(usize::from(c)).value()
            } else {
                cx.heap.bytes(&[c]).or_raise(cx)?.value()
            };
            characters.push(&mut cx.heap, item).or_raise(cx)?;
        }
        result.push(&mut cx.heap, characters.value()).or_raise(cx)?;
        Ok(result)
    }

    /// Set the tty attributes for file descriptor fd.
    ///
    /// The attributes to be set are taken from the attributes argument, which
    /// is a list like the one returned by tcgetattr(). The when argument
    /// determines when the attributes are changed: termios.TCSANOW to
    /// change immediately, termios.TCSADRAIN to change after transmitting all
    /// queued output, or termios.TCSAFLUSH to change after transmitting all
    /// queued output and discarding all queued input.
    #[function("tcsetattr(fd, when, attributes, /)")]
    fn tcsetattr(cx: &mut Cx, fd: Value, when: i32, attributes: Value) -> PyResult<()> {
        let fd = descriptor(cx, fd)?;
        let Some(list) = attributes.downcast::<List>().filter(|list| list.len() == 7) else {
            return Err(type_error(cx, "tcsetattr, arg 3: must be 7 element list"));
        };
        let mut terminal = checked(cx, Terminal::get(fd))?;
        let mut numbers = [0; 6];
        for (i, number) in numbers.iter_mut().enumerate() {
            let item = list.get(i).unwrap_or(Value::NONE);
            *number = mode(cx, item)?;
        }
        terminal.modes.copy_from_slice(&numbers[..4]);
        terminal.speeds.copy_from_slice(&numbers[4..]);
        let n = terminal.control_characters.len();
        let characters = list.get(6).and_then(|item| item.downcast::<List>()).filter(|list| list.len() == n);
        let Some(characters) = characters else {
            return Err(type_error(cx, format_args!("tcsetattr: attributes[6] must be {n} element list")));
        };
        for i in 0..n {
            let item = characters.get(i).unwrap_or(Value::NONE);
            terminal.control_characters[i] = if let Some(bytes) = item.downcast::<Bytes>().filter(|b| b.len() == 1) {
                bytes.as_slice()[0]
            } else if runtime::number::int::is_int(item) {
                runtime::number::as_i64(cx, item)? as u8
            } else {
                let message = "tcsetattr: elements of attributes must be characters or integers";
                return Err(type_error(cx, message));
            };
        }
        let result = cx.blocking(|| terminal.set(fd, when));
        checked(cx, result)
    }

    /// Send a break on file descriptor fd.
    ///
    /// A zero duration sends a break for 0.25-0.5 seconds; a nonzero duration
    /// has a system dependent meaning.
    #[function("tcsendbreak(fd, duration, /)")]
    fn tcsendbreak(cx: &mut Cx, fd: Value, duration: i32) -> PyResult<()> {
        line_call(cx, fd, LineCall::SendBreak, duration)
    }

    /// Wait until all output written to file descriptor fd has been transmitted.
    #[function("tcdrain(fd, /)")]
    fn tcdrain(cx: &mut Cx, fd: Value) -> PyResult<()> {
        line_call(cx, fd, LineCall::Drain, 0)
    }

    /// Discard queued data on file descriptor fd.
    ///
    /// The queue selector specifies which queue: termios.TCIFLUSH for the input
    /// queue, termios.TCOFLUSH for the output queue, or termios.TCIOFLUSH for
    /// both queues.
    #[function("tcflush(fd, queue, /)")]
    fn tcflush(cx: &mut Cx, fd: Value, queue: i32) -> PyResult<()> {
        line_call(cx, fd, LineCall::Flush, queue)
    }

    /// Suspend or resume input or output on file descriptor fd.
    ///
    /// The action argument can be termios.TCOOFF to suspend output,
    /// termios.TCOON to restart output, termios.TCIOFF to suspend input,
    /// or termios.TCION to restart input.
    #[function("tcflow(fd, action, /)")]
    fn tcflow(cx: &mut Cx, fd: Value, action: i32) -> PyResult<()> {
        line_call(cx, fd, LineCall::Flow, action)
    }

    /// Get the tty winsize for file descriptor fd.
    ///
    /// Returns a tuple (ws_row, ws_col).
    #[function("tcgetwinsize(fd, /)")]
    fn tcgetwinsize(cx: &mut Cx, fd: Value) -> PyResult<Gc<Tuple>> {
        let fd = descriptor(cx, fd)?;
        let mut size = [0; 8];
        checked(cx, ioctl_bytes(fd, TIOCGWINSZ, &mut size))?;
        let word = |i: usize| Int::from_len(usize::from(u16::from_ne_bytes([size[i], size[i + 1]]))).value();
        Ok(cx.heap.tuple(&[word(0), word(2)]))
    }

    /// Set the tty winsize for file descriptor fd.
    ///
    /// The winsize to be set is taken from the winsize argument, which
    /// is a two-item tuple (ws_row, ws_col) like the one returned by
    /// tcgetwinsize().
    #[function("tcsetwinsize(fd, winsize, /)")]
    fn tcsetwinsize(cx: &mut Cx, fd: Value, winsize: Value) -> PyResult<()> {
        let fd = descriptor(cx, fd)?;
        let is_pair = cx.class_of(winsize).slots.getitem.get().is_some() && winsize.downcast::<Dict>().is_none();
        if !is_pair || length(cx, winsize)? != 2 {
            return Err(type_error(cx, "tcsetwinsize, arg 2: must be a two-item sequence"));
        }
        let mut size = [0; 8];
        checked(cx, ioctl_bytes(fd, TIOCGWINSZ, &mut size))?;
        for i in 0..2 {
            let item = get_item(cx, winsize, Int::from_len(i).value())?;
            let number = runtime::number::as_i64(cx, item)?;
            let Ok(number) = u16::try_from(number) else {
                return Err(overflow_error(cx, "winsize value(s) out of range."));
            };
            size[2 * i..2 * i + 2].copy_from_slice(&number.to_ne_bytes());
        }
        checked(cx, ioctl_bytes(fd, TIOCSWINSZ, &mut size)).map(|_| ())
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for (name, value) in CONSTANTS {
            let value = BigInt::from_i64(&mut cx.heap, value);
            set_module_attr(cx, module, name, value)?;
        }
        let base = cx.types().Exception;
        let error = crate::classes::exception_class(cx, "termios", "error", &[base])?;
        set_module_attr(cx, module, "error", error)
    }
}
