//! The first bytes of a file, by which its format is recognised.

use std::io::{self, Read};

use super::window::Window;

/// The start of a file, decompressed.
pub(crate) struct Head {
    /// The first [`super::HEAD_BYTES`] bytes, as they are.
    pub(crate) bytes: Vec<u8>,
    /// The same as text without a byte order mark, when they are text.
    text: Option<String>,
}

impl Head {
    /// Takes the first bytes of the stream. What can be read before a failure is kept.
    pub(super) fn take(stream: &mut dyn Read) -> (Self, Option<io::Error>) {
        let mut bytes = Vec::new();
        let failure = stream.take(super::HEAD_BYTES as u64).read_to_end(&mut bytes).err();
        (Self::new(bytes), failure)
    }

    pub(super) fn new(bytes: Vec<u8>) -> Self {
        let mut window = Window::text(Box::new(io::Cursor::new(bytes.clone())));
        while window.more() {}
        let text = window.bytes();
        let text = (!text.contains(&0)).then(|| String::from_utf8_lossy(text).into_owned());
        Self { bytes, text }
    }

    /// The text from its first character that is not blank; empty for a binary file.
    pub(crate) fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default().trim_start()
    }

    /// The first lines that are not blank; the last one may be cut.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &str> {
        self.text().lines().map(str::trim_end).filter(|it| !it.is_empty())
    }

    /// Why no reader takes the file.
    pub(super) fn reason(&self) -> &'static str {
        if self.bytes.is_empty() {
            "empty file"
        } else if self.bytes.get(257..262) == Some(b"ustar") {
            "tar archives are not read"
        } else if self.text.is_none() {
            "binary file of no known log format"
        } else {
            "text of no known log format"
        }
    }
}
