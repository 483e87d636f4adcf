//! A growing window over a stream of text: what readers of text formats look at.
//!
//! The window holds what was read and not yet consumed; its reader bounds it. UTF-16 becomes UTF-8 on the way, a byte
//! order mark is dropped.

use std::io::{self, Read};

use super::source::Stream;

/// Bytes asked of the stream at once.
const STEP_BYTES: usize = 64 << 10;

/// The unread part of a text, as far as it was looked at.
pub(crate) struct Window {
    stream: Stream,
    buffer: Vec<u8>,
    /// Where the unread bytes start in the buffer.
    start: usize,
    /// Where the unread bytes start in the text.
    offset: u64,
    encoding: Encoding,
    /// Bytes of UTF-16 that do not make a character yet.
    pending: Vec<u8>,
    ended: bool,
    failure: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16 { big_endian: bool },
}

impl Window {
    /// Opens a text whose encoding is told by its first bytes.
    pub(super) fn text(stream: Stream) -> Self {
        let mut window = Self {
            stream,
            buffer: Vec::new(),
            start: 0,
            offset: 0,
            encoding: Encoding::Utf8,
            pending: Vec::new(),
            ended: false,
            failure: None,
        };
        while window.buffer.len() < 4 && window.more() {}
        let (encoding, mark) = encoding(&window.buffer);
        window.encoding = encoding;
        if encoding == Encoding::Utf8 {
            window.consume(mark);
        } else {
            let raw = window.buffer.split_off(mark);
            window.buffer.clear();
            window.decode(&raw);
        }
        window
    }

    /// The unread bytes that are there.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Where the unread bytes start in the text (of a UTF-16 file: in its text as UTF-8).
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Why the text ends before its time.
    pub(crate) fn take_failure(&mut self) -> Option<String> {
        self.failure.take()
    }

    /// Passes over unread bytes.
    pub(crate) fn consume(&mut self, count: usize) {
        let count = count.min(self.buffer.len() - self.start);
        self.start += count;
        self.offset += count as u64;
    }

    /// Reads further; false at the end of the text.
    pub(crate) fn more(&mut self) -> bool {
        if self.start > self.buffer.len() / 2 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        while !self.ended {
            let length = self.buffer.len();
            let read = match self.encoding {
                Encoding::Utf8 => self.step(),
                Encoding::Utf16 { .. } => self.step_utf16(),
            };
            match read {
                Ok(0) => self.ended = true,
                Ok(_) if self.buffer.len() == length => {}
                Ok(_) => return true,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    self.failure = Some(error.to_string());
                }
            }
        }
        false
    }

    fn step(&mut self) -> io::Result<usize> {
        let length = self.buffer.len();
        self.buffer.resize(length + STEP_BYTES, 0);
        let read = self.stream.read(&mut self.buffer[length..]);
        self.buffer.truncate(length + read.as_ref().map_or(0, |it| *it));
        read
    }

    fn step_utf16(&mut self) -> io::Result<usize> {
        let mut raw = vec![0; STEP_BYTES];
        let count = self.stream.read(&mut raw)?;
        self.decode(&raw[..count]);
        Ok(count)
    }

    fn decode(&mut self, raw: &[u8]) {
        let Encoding::Utf16 { big_endian } = self.encoding else { return };
        self.pending.extend_from_slice(raw);
        let unit = |it: &[u8; 2]| if big_endian { u16::from_be_bytes(*it) } else { u16::from_le_bytes(*it) };
        let pairs = self.pending.as_chunks::<2>().0;
        // A high surrogate at the end waits for its other half.
        let ends_open = pairs.last().is_some_and(|it| (0xd800..0xdc00).contains(&unit(it)));
        let count = pairs.len() - usize::from(ends_open);
        let mut encoded = [0; 4];
        for character in char::decode_utf16(pairs[..count].iter().map(unit)) {
            let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.buffer.extend_from_slice(character.encode_utf8(&mut encoded).as_bytes());
        }
        self.pending.drain(..count * 2);
    }
}

/// The encoding of a text that begins so, and the length of its byte order mark.
fn encoding(head: &[u8]) -> (Encoding, usize) {
    match head {
        [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 3),
        [0xff, 0xfe, ..] => (Encoding::Utf16 { big_endian: false }, 2),
        [0xfe, 0xff, ..] => (Encoding::Utf16 { big_endian: true }, 2),
        [b'<' | b'{' | b'[', 0, _, 0, ..] => (Encoding::Utf16 { big_endian: false }, 0),
        [0, b'<' | b'{' | b'[', 0, _, ..] => (Encoding::Utf16 { big_endian: true }, 0),
        _ => (Encoding::Utf8, 0),
    }
}
