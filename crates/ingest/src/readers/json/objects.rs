//! Cuts a stream of JSON into its objects.
//!
//! What stands between objects (commas, brackets of arrays, blanks) is passed over. Behind a broken object reading goes
//! on at the next line that begins an object at the same indentation.

use serde_json::{Map, Value};

use crate::input::Window;
use crate::readers::RECORD_BYTES_MAX;

/// Broken objects after which a line that begins an object ends an unfinished one, so that the text is not searched
/// far ahead again and again.
const PATIENCE: u32 = 16;
/// Bytes of a broken object in which the cause is looked for.
const CAUSE_BYTES_MAX: usize = 64 << 10;

/// The objects of a text.
pub(super) struct Objects {
    window: Window,
    /// Whether the text of the objects is asked for.
    with_text: bool,
    /// Characters before the unread bytes on their line.
    column: usize,
    broken: u32,
}

/// An object: where it starts, its text if asked for, itself.
pub(super) type Object = (u64, Option<String>, Map<String, Value>);

/// A scan for the end of the object at the start of the window.
#[derive(Default)]
struct Scan {
    position: usize,
    depth: usize,
    quoted: bool,
    escaped: bool,
}

enum Step {
    End(usize),
    Beyond,
    Broken,
}

impl Objects {
    pub(super) fn new(window: Window, with_text: bool) -> Self {
        Self { window, with_text, column: 0, broken: 0 }
    }

    /// The next object, or where one is broken and why.
    pub(super) fn next(&mut self) -> Option<Result<Object, (u64, String)>> {
        match self.find_start() {
            Some(true) => {}
            Some(false) => {
                let failed = (self.window.offset(), "text outside of any object".to_owned());
                self.resume();
                return Some(Err(failed));
            }
            None => return self.window.take_failure().map(|it| Err((self.window.offset(), it))),
        }
        let offset = self.window.offset();
        let object = self.find_end().and_then(|length| {
            let text = String::from_utf8_lossy(&self.window.bytes()[..length]);
            let object = serde_json::from_str(&text).map_err(|error| error.to_string())?;
            let text = self.with_text.then(|| text.into_owned());
            Ok((length, text, object))
        });
        match object {
            Ok((length, text, object)) => {
                self.consume(length);
                Some(Ok((offset, text, object)))
            }
            Err(reason) => {
                self.broken = self.broken.saturating_add(1);
                self.consume(1);
                self.resume();
                Some(Err((offset, reason)))
            }
        }
    }

    /// Moves to the next `{`; false where something else stands, nothing at the end of the text.
    fn find_start(&mut self) -> Option<bool> {
        loop {
            let separator = |it: &u8| !it.is_ascii_whitespace() && !matches!(it, b',' | b'[' | b']' | b'\x1e' | 0);
            if let Some(start) = self.window.bytes().iter().position(separator) {
                self.consume(start);
                return Some(self.window.bytes()[0] == b'{');
            }
            self.consume(self.window.bytes().len());
            if !self.window.more() {
                return None;
            }
        }
    }

    /// The length of the object at the start of the window.
    fn find_end(&mut self) -> Result<usize, String> {
        let mut scan = Scan::default();
        let strict = (self.broken >= PATIENCE).then_some(self.column);
        loop {
            match scan.run(self.window.bytes(), strict) {
                Step::End(length) if length <= RECORD_BYTES_MAX => return Ok(length),
                Step::Broken => return Err(self.with_cause("the line ends inside an object", scan.position)),
                Step::End(_) | Step::Beyond => {}
            }
            if self.window.bytes().len() > RECORD_BYTES_MAX {
                return Err(format!("the object is longer than {RECORD_BYTES_MAX} bytes"));
            }
            if !self.window.more() {
                let end = "the text ends inside an object";
                let failure = self.window.take_failure();
                return Err(failure.map_or_else(|| self.with_cause(end, scan.position), |it| format!("{end}: {it}")));
            }
        }
    }

    /// Adds where the object of this length at the start of the window first breaks the rules of JSON, when it does so
    /// before its end.
    fn with_cause(&self, reason: &str, length: usize) -> String {
        let bytes = &self.window.bytes()[..length.min(CAUSE_BYTES_MAX)];
        match serde_json::from_slice::<Map<String, Value>>(bytes) {
            Err(error) if !error.is_eof() => format!("{reason}: {error}"),
            _ => reason.to_owned(),
        }
    }

    /// Moves to the next line that begins an object no further to the right than the broken one.
    fn resume(&mut self) {
        let column = self.column;
        loop {
            let bytes = self.window.bytes();
            let next = memchr::memchr_iter(b'\n', bytes).find(|end| {
                let line = &bytes[end + 1..];
                begins_object(line, column) || (line.len() <= column + 1 && is_blank(line))
            });
            // The last line may be cut: it is looked at again when there is more.
            let whole = next.is_some_and(|it| begins_object(&bytes[it + 1..], column));
            let passed = next.unwrap_or(bytes.len());
            self.consume(if whole { passed + 1 } else { passed });
            if whole || !self.window.more() {
                if !whole {
                    self.consume(self.window.bytes().len());
                }
                return;
            }
        }
    }

    fn consume(&mut self, count: usize) {
        let passed = &self.window.bytes()[..count];
        self.column = memchr::memrchr(b'\n', passed).map_or(self.column + count, |it| count - it - 1);
        self.window.consume(count);
    }
}

impl Scan {
    fn run(&mut self, bytes: &[u8], strict: Option<usize>) -> Step {
        while let Some(byte) = bytes.get(self.position) {
            if self.quoted {
                match byte {
                    // Control characters do not stand in strings: the line was cut.
                    b'\n' => return Step::Broken,
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.quoted = false,
                    _ => {}
                }
                self.position += 1;
                continue;
            }
            match byte {
                b'"' => self.quoted = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth -= 1,
                b'\n' => {
                    if let Some(column) = strict {
                        let line = &bytes[self.position + 1..];
                        if line.len() <= column + 1 && is_blank(line) && line.len() < RECORD_BYTES_MAX {
                            return Step::Beyond;
                        }
                        if begins_object(line, column) {
                            return Step::Broken;
                        }
                    }
                }
                _ => {}
            }
            self.position += 1;
            if self.depth == 0 {
                return Step::End(self.position);
            }
        }
        Step::Beyond
    }
}

/// Whether a line begins an object after at most `column` blanks.
fn begins_object(line: &[u8], column: usize) -> bool {
    let blanks = line.iter().take_while(|it| matches!(it, b' ' | b'\t' | b'[' | b',')).count();
    blanks <= column && line.get(blanks) == Some(&b'{')
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|it| matches!(it, b' ' | b'\t' | b'[' | b','))
}
