//! The tokens of binary XML: what a template consists of, and the values that fill it.

use super::chunk::{CHUNK_SIZE, Chunk};
use super::values::{MAXIMUM_VALUE_SIZE, ValueType, push_utf16};

pub(super) const END_OF_STREAM: u8 = 0x00;
pub(super) const TEMPLATE_INSTANCE: u8 = 0x0c;
/// Token, major and minor version, flags.
pub(super) const FRAGMENT_HEADER: [u8; 4] = [0x0f, 1, 1, 0];

const OPEN_START_ELEMENT: u8 = 0x01;
const CLOSE_START_ELEMENT: u8 = 0x02;
const CLOSE_EMPTY_ELEMENT: u8 = 0x03;
const END_ELEMENT: u8 = 0x04;
const VALUE: u8 = 0x05;
const ATTRIBUTE: u8 = 0x06;
const SUBSTITUTION: u8 = 0x0d;
const OPTIONAL_SUBSTITUTION: u8 = 0x0e;
/// Added to a token: an element with attributes, an attribute that another one follows.
const MORE: u8 = 0x40;
/// An element that does not depend on a value.
const NO_DEPENDENCY: u16 = 0xffff;

/// What stands in an attribute or element of a template.
#[derive(Clone, Copy, Debug)]
pub(super) enum Content<'a> {
    /// Nothing.
    Empty,
    /// Text of the template itself.
    Text(&'a str),
    /// The value of this index; an attribute or element whose value is null is left out.
    Optional(u16, ValueType),
    /// The value of this index, also when it is empty.
    Value(u16, ValueType),
}

/// Writes an element that holds no element.
pub(super) fn leaf(
    chunk: &mut Chunk,
    name: &'static str,
    attributes: &[(&'static str, Content<'_>)],
    content: Content<'_>,
) -> Option<()> {
    // An element without attributes goes when its only value is null, as Windows writes it.
    let dependency = match content {
        Content::Optional(index, _) if attributes.is_empty() => index,
        _ => NO_DEPENDENCY,
    };
    if matches!(content, Content::Empty) {
        return element(chunk, name, dependency, attributes, None::<fn(&mut Chunk) -> Option<()>>);
    }
    element(chunk, name, dependency, attributes, Some(|chunk: &mut Chunk| write_content(chunk, content)))
}

/// Writes an element and, between its tags, what `inner` writes.
pub(super) fn parent(
    chunk: &mut Chunk,
    name: &'static str,
    attributes: &[(&'static str, Content<'_>)],
    inner: impl FnOnce(&mut Chunk) -> Option<()>,
) -> Option<()> {
    element(chunk, name, NO_DEPENDENCY, attributes, Some(inner))
}

fn element(
    chunk: &mut Chunk,
    name: &'static str,
    dependency: u16,
    attributes: &[(&'static str, Content<'_>)],
    inner: Option<impl FnOnce(&mut Chunk) -> Option<()>>,
) -> Option<()> {
    let more = if attributes.is_empty() { 0 } else { MORE };
    chunk.bytes().push(OPEN_START_ELEMENT | more);
    chunk.bytes().extend_from_slice(&dependency.to_le_bytes());
    let size = reserve_size(chunk);
    chunk.write_name(name);
    if !attributes.is_empty() {
        let list_size = reserve_size(chunk);
        for (position, (name, content)) in attributes.iter().enumerate() {
            let more = if position + 1 < attributes.len() { MORE } else { 0 };
            chunk.bytes().push(ATTRIBUTE | more);
            chunk.write_name(name);
            write_content(chunk, *content)?;
        }
        fill_size(chunk, list_size);
    }
    match inner {
        None => chunk.bytes().push(CLOSE_EMPTY_ELEMENT),
        Some(inner) => {
            chunk.bytes().push(CLOSE_START_ELEMENT);
            inner(chunk)?;
            chunk.bytes().push(END_ELEMENT);
        }
    }
    fill_size(chunk, size);
    Some(())
}

/// Writes a substitution or text.
pub(super) fn write_content(chunk: &mut Chunk, content: Content<'_>) -> Option<()> {
    let bytes = chunk.bytes();
    match content {
        Content::Empty => {}
        Content::Text(text) => {
            bytes.extend_from_slice(&[VALUE, ValueType::String as u8, 0, 0]);
            let start = bytes.len();
            push_utf16(bytes, text)?;
            let units = ((bytes.len() - start) / 2) as u16;
            bytes[start - 2..start].copy_from_slice(&units.to_le_bytes());
        }
        Content::Optional(index, value_type) => {
            bytes.push(OPTIONAL_SUBSTITUTION);
            bytes.extend_from_slice(&index.to_le_bytes());
            bytes.push(value_type as u8);
        }
        Content::Value(index, value_type) => {
            bytes.push(SUBSTITUTION);
            bytes.extend_from_slice(&index.to_le_bytes());
            bytes.push(value_type as u8);
        }
    }
    Some(())
}

/// The values of a template instance: a count, a descriptor (size, type) for each, then their bytes.
#[derive(Debug)]
pub(super) struct Values {
    next_descriptor: usize,
    end_of_descriptors: usize,
}

impl Values {
    /// Starts the values of an instance, `count` of them; those not written are null.
    pub(super) fn start(chunk: &mut Chunk, count: usize) -> Self {
        let bytes = chunk.bytes();
        bytes.extend_from_slice(&(count as u32).to_le_bytes());
        let next_descriptor = bytes.len();
        let end_of_descriptors = next_descriptor + 4 * count;
        bytes.resize(end_of_descriptors, 0);
        Self { next_descriptor, end_of_descriptors }
    }

    /// Writes the next value; none if it is too long.
    pub(super) fn push(
        &mut self,
        chunk: &mut Chunk,
        value_type: ValueType,
        write: impl FnOnce(&mut Chunk) -> Option<()>,
    ) -> Option<()> {
        debug_assert!(self.next_descriptor < self.end_of_descriptors, "more values than announced");
        let start = chunk.bytes().len();
        write(chunk)?;
        let bytes = chunk.bytes();
        let size = bytes.len() - start;
        // The record is lost once it is longer than a chunk: stop before it takes much memory.
        if size > MAXIMUM_VALUE_SIZE || bytes.len() > CHUNK_SIZE {
            return None;
        }
        let [low, high] = (size as u16).to_le_bytes();
        bytes[self.next_descriptor..self.next_descriptor + 3].copy_from_slice(&[low, high, value_type as u8]);
        self.next_descriptor += 4;
        Some(())
    }

    /// Writes the bytes of the next value.
    pub(super) fn bytes(&mut self, chunk: &mut Chunk, value_type: ValueType, value: &[u8]) -> Option<()> {
        self.push(chunk, value_type, |chunk| {
            chunk.bytes().extend_from_slice(value);
            Some(())
        })
    }

    /// Writes the next value as text.
    pub(super) fn text(&mut self, chunk: &mut Chunk, value: &str) -> Option<()> {
        self.push(chunk, ValueType::String, |chunk| push_utf16(chunk.bytes(), value))
    }

    /// Makes the next value null.
    pub(super) fn null(&mut self) {
        self.next_descriptor += 4;
    }
}

fn reserve_size(chunk: &mut Chunk) -> usize {
    let place = chunk.bytes().len();
    chunk.bytes().extend_from_slice(&[0; 4]);
    place
}

/// Sets the size at `place` to the count of bytes that follow it.
pub(super) fn fill_size(chunk: &mut Chunk, place: usize) {
    let bytes = chunk.bytes();
    let size = (bytes.len() - place - 4) as u32;
    bytes[place..place + 4].copy_from_slice(&size.to_le_bytes());
}
