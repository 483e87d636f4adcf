//! Windows events as XML: one `<Event>`, an `<Events>` document, or any number of events after each other.
//!
//! Events are cut out of the stream one by one, so that a document of any size is read in bounded memory and a broken
//! event costs only itself.

use std::sync::Arc;

use memchr::{memchr, memmem};

use super::{Items, RECORD_BYTES_MAX, ReadOptions, Reader};
use crate::input::{Content, Head, Window};
use crate::{Body, Damage, Item, Kinds, Locator, RawEvent, windows_xml};

pub(super) static READER: Reader = Reader {
    names: &["xml", "windows-xml"],
    description: "Windows events as XML, as wevtutil and the Event Viewer export them",
    recognises,
    in_pieces: false,
    read,
};

/// The namespace of Windows events ends so.
const NAMESPACE: &[u8] = b"win/2004/08/events/event";
/// What may hide an event's tags, by its first and last bytes.
const OPAQUE: [(&[u8], &[u8]); 2] = [(b"<![CDATA[", b"]]>"), (b"<!--", b"-->")];

fn recognises(head: &Head) -> bool {
    let text = head.text();
    text.starts_with('<')
        && !text.starts_with("<!DOCTYPE")
        && (find_event(text.as_bytes(), 0).is_some() || text.contains("<Events"))
}

fn read(content: &Content, options: &ReadOptions) -> Result<Items, Damage> {
    Ok(Box::new(XmlReader {
        file: content.file.clone(),
        window: content.text()?,
        payload: options.payload,
        kinds: options.kinds.clone(),
        record: 0,
        settled: false,
        nested: true,
    }))
}

struct XmlReader {
    file: Arc<str>,
    window: Window,
    payload: bool,
    kinds: Option<Kinds>,
    record: u64,
    /// Whether an event or the start of a document of events was seen, or the lack of both was reported.
    settled: bool,
    /// Whether an `<Event>` without namespace within an event is a part of it. Once an event was cut off it is taken
    /// for the next event, so that the text is not searched to its end again and again.
    nested: bool,
}

/// Where an event ends.
enum End {
    At(usize),
    /// Not within the bytes that are there; the search goes on at this position.
    Beyond(usize),
    /// Another event begins before it.
    CutOff,
}

impl Iterator for XmlReader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if !self.find_start() {
            let nothing = (!self.settled).then(|| "the text holds no Windows event".to_owned());
            self.settled = true;
            let reason = self.window.take_failure().or(nothing)?;
            return Some(self.damage(reason));
        }
        self.settled = true;
        self.record += 1;
        let item = match self.find_end() {
            Ok(length) => {
                let item = self.event(length);
                self.window.consume(length);
                item
            }
            Err(reason) => {
                self.nested = false;
                let item = self.damage(reason);
                self.window.consume(b"<Event".len());
                item
            }
        };
        Some(item)
    }
}

impl XmlReader {
    /// Moves to the start of the next event; false at the end of the text.
    fn find_start(&mut self) -> bool {
        loop {
            if let Some(start) = find_event(self.window.bytes(), 0) {
                self.window.consume(start);
                return true;
            }
            // An exported log without events is a document all the same.
            self.settled |= memmem::find(self.window.bytes(), b"<Events").is_some();
            // The start tag may be cut by the end of the window.
            let passed = self.window.bytes().len().saturating_sub(b"<Event".len());
            self.window.consume(passed);
            if !self.window.more() {
                return false;
            }
        }
    }

    /// The length of the event at the start of the window.
    fn find_end(&mut self) -> Result<usize, String> {
        let mut position = b"<Event".len();
        let mut depth = 1;
        loop {
            match find_end(self.window.bytes(), position, &mut depth, self.nested) {
                End::At(end) if end <= RECORD_BYTES_MAX => return Ok(end),
                End::At(_) => {}
                End::CutOff => return Err("the event is cut off by the next one".into()),
                End::Beyond(next) => position = next,
            }
            if self.window.bytes().len() > RECORD_BYTES_MAX {
                return Err(format!("the event is longer than {RECORD_BYTES_MAX} bytes"));
            }
            if !self.window.more() {
                let end = "the text ends inside an event";
                return Err(self.window.take_failure().map_or(end.into(), |it| format!("{end}: {it}")));
            }
        }
    }

    fn event(&self, length: usize) -> Item {
        let xml = String::from_utf8_lossy(&self.window.bytes()[..length]);
        match windows_xml::parse(&xml, self.kinds.as_ref()) {
            Ok(event) => Item::Event(RawEvent {
                locator: Locator { file: self.file.clone(), record: self.record, offset: self.window.offset() },
                payload: self.payload.then(|| xml.as_ref().into()),
                body: Body::Windows(Box::new(event)),
            }),
            Err(reason) => self.damage(reason),
        }
    }

    fn damage(&self, reason: String) -> Item {
        let record = (self.record > 0).then_some(self.record);
        Item::Damage(Damage { file: self.file.clone(), offset: self.window.offset(), record, reason })
    }
}

/// The next `<Event` that is a whole name.
fn find_event(bytes: &[u8], from: usize) -> Option<usize> {
    let mut position = from;
    while let Some(found) = memmem::find(&bytes[position..], b"<Event") {
        position += found;
        if is_event_tag(&bytes[position..]) {
            return Some(position);
        }
        position += 1;
    }
    None
}

fn is_event_tag(bytes: &[u8]) -> bool {
    bytes.starts_with(b"<Event") && bytes.get(6).is_some_and(|it| matches!(it, b'>' | b'/') || it.is_ascii_whitespace())
}

fn find_end(bytes: &[u8], from: usize, depth: &mut usize, nested: bool) -> End {
    let mut position = from;
    while let Some(found) = memchr(b'<', &bytes[position..]) {
        position += found;
        let rest = &bytes[position..];
        if let Some((start, end)) = OPAQUE.iter().find(|(start, _)| rest.starts_with(start)) {
            let Some(length) = memmem::find(&rest[start.len()..], end) else { return End::Beyond(position) };
            position += start.len() + length + end.len();
            continue;
        }
        // The longest start that is looked at must be whole.
        if rest.len() < 16 && memchr(b'>', rest).is_none() {
            return End::Beyond(position);
        }
        if rest.starts_with(b"</Event") && matches!(rest[7], b'>' | b' ' | b'\t' | b'\r' | b'\n') {
            let Some(end) = memchr(b'>', rest) else { return End::Beyond(position) };
            *depth -= 1;
            if *depth == 0 {
                return End::At(position + end + 1);
            }
        } else if is_event_tag(rest) {
            let Some(end) = memchr(b'>', rest) else { return End::Beyond(position) };
            if !nested || memmem::find(&rest[..end], NAMESPACE).is_some() {
                return End::CutOff;
            }
            *depth += usize::from(rest[end - 1] != b'/');
        }
        position += 1;
    }
    End::Beyond(bytes.len())
}
