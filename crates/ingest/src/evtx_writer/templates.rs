//! The templates of an event and the values that fill them.
//!
//! As Windows writes it: one template for `Event` and `System`, whose last value is binary XML again, an instance of
//! the template for the `EventData` of this kind of event.

use crate::WindowsEvent;

use super::binxml::{
    Content, END_OF_STREAM, FRAGMENT_HEADER, TEMPLATE_INSTANCE, Values, fill_size, leaf, parent, write_content,
};
use super::chunk::Chunk;
use super::providers;
use super::values::{self, ValueType};

const NAMESPACE: &str = "http://schemas.microsoft.com/win/2004/08/events/event";

/// The values of the `System` template, by index.
mod slot {
    pub(super) const LEVEL: u16 = 0;
    pub(super) const OPCODE: u16 = 1;
    pub(super) const TASK: u16 = 2;
    pub(super) const EVENT_ID: u16 = 3;
    pub(super) const QUALIFIERS: u16 = 4;
    pub(super) const KEYWORDS: u16 = 5;
    pub(super) const TIME: u16 = 6;
    pub(super) const ACTIVITY_ID: u16 = 7;
    pub(super) const PROCESS_ID: u16 = 8;
    pub(super) const THREAD_ID: u16 = 9;
    pub(super) const RECORD_ID: u16 = 10;
    pub(super) const VERSION: u16 = 11;
    pub(super) const USER: u16 = 12;
    pub(super) const PROVIDER: u16 = 13;
    pub(super) const PROVIDER_GUID: u16 = 14;
    pub(super) const EVENT_SOURCE: u16 = 15;
    pub(super) const CHANNEL: u16 = 16;
    pub(super) const COMPUTER: u16 = 17;
    pub(super) const MESSAGE: u16 = 18;
    pub(super) const EVENT_DATA: u16 = 19;
    pub(super) const COUNT: usize = 20;
}

/// How the values of an event are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// `Data` with names.
    Named,
    /// `Data` without names: they are exactly `param1`, `param2`, ...
    Unnamed,
}

/// What an event has besides `System`. Not every reader takes a null value for an element, so each has its template.
#[derive(Clone, Copy, Debug)]
struct Parts {
    data: bool,
    message: bool,
}

/// Identity of a template: two events with the same shape use the same one. Scratch space, kept from event to event.
#[derive(Debug, Default)]
pub(super) struct Shape {
    key: Vec<u8>,
}

impl Shape {
    /// The shape of `Event` and `System`.
    fn set_system(&mut self, parts: Parts) {
        self.key.clear();
        self.key.extend_from_slice(&[0, u8::from(parts.data), u8::from(parts.message)]);
    }

    /// The shape of the event's data.
    fn set_data(&mut self, event: &WindowsEvent, layout: Layout, binary: bool) {
        self.key.clear();
        self.key.extend_from_slice(&[1, layout as u8, u8::from(binary), event.version.unwrap_or(u8::MAX)]);
        self.key.extend_from_slice(&event.event_id.to_le_bytes());
        for text in std::iter::once(&event.provider).chain(event.data.iter().map(|(name, _)| name)) {
            self.key.extend_from_slice(&(text.len() as u32).to_le_bytes());
            self.key.extend_from_slice(text.as_bytes());
        }
    }

    /// The identifier of the template: 128 bits of the key's FNV-1a hash.
    fn guid(&self) -> [u8; 16] {
        const OFFSET_BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
        const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
        let hash = self.key.iter().fold(OFFSET_BASIS, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME));
        hash.to_le_bytes()
    }
}

/// Writes the binary XML of a record; none if a value is longer than the format allows.
pub(super) fn write_event(chunk: &mut Chunk, event: &WindowsEvent, record_id: u64) -> Option<()> {
    let mut shape = chunk.take_shape();
    let parts = Parts { data: !event.data.is_empty(), message: event.message.is_some() };
    shape.set_system(parts);
    let written = instance(chunk, &shape, |chunk| system_template(chunk, parts))
        .and_then(|()| system_values(chunk, event, record_id, &mut shape));
    chunk.return_shape(shape);
    chunk.bytes().push(END_OF_STREAM);
    written
}

/// Writes a fragment header and the head of a template instance, with the definition at its first use in the chunk.
fn instance(chunk: &mut Chunk, shape: &Shape, define: impl FnOnce(&mut Chunk) -> Option<()>) -> Option<()> {
    let guid = shape.guid();
    chunk.bytes().extend_from_slice(&FRAGMENT_HEADER);
    chunk.bytes().extend_from_slice(&[TEMPLATE_INSTANCE, 1]);
    chunk.bytes().extend_from_slice(&guid[..4]);
    if let Some(offset) = chunk.template(&shape.key) {
        chunk.bytes().extend_from_slice(&offset.to_le_bytes());
        return Some(());
    }
    let offset = chunk.bytes().len() as u32 + 4;
    let before = chunk.insert_template(&shape.key, &guid, offset);
    let bytes = chunk.bytes();
    bytes.extend_from_slice(&offset.to_le_bytes());
    bytes.extend_from_slice(&before.to_le_bytes());
    bytes.extend_from_slice(&guid);
    let size = bytes.len();
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(&FRAGMENT_HEADER);
    define(chunk)?;
    chunk.bytes().push(END_OF_STREAM);
    fill_size(chunk, size);
    Some(())
}

fn system_template(chunk: &mut Chunk, parts: Parts) -> Option<()> {
    use Content::Text;
    parent(chunk, "Event", &[("xmlns", Text(NAMESPACE))], |chunk| {
        parent(chunk, "System", &[], system_elements)?;
        if parts.data {
            write_content(chunk, Content::Optional(slot::EVENT_DATA, ValueType::BinXml))?;
        }
        if parts.message {
            let message = Content::Value(slot::MESSAGE, ValueType::String);
            parent(chunk, "RenderingInfo", &[("Culture", Text("en-US"))], |chunk| {
                leaf(chunk, "Message", &[], message)
            })?;
        }
        Some(())
    })
}

fn system_elements(chunk: &mut Chunk) -> Option<()> {
    use Content::{Empty, Optional, Value};
    use ValueType::{FileTime, Guid, HexInt64, Sid, String, UInt8, UInt16, UInt32, UInt64};
    let provider = [
        ("Name", Value(slot::PROVIDER, String)),
        ("Guid", Optional(slot::PROVIDER_GUID, Guid)),
        ("EventSourceName", Optional(slot::EVENT_SOURCE, String)),
    ];
    leaf(chunk, "Provider", &provider, Empty)?;
    let qualifiers = [("Qualifiers", Optional(slot::QUALIFIERS, UInt16))];
    leaf(chunk, "EventID", &qualifiers, Value(slot::EVENT_ID, UInt16))?;
    leaf(chunk, "Version", &[], Optional(slot::VERSION, UInt8))?;
    leaf(chunk, "Level", &[], Optional(slot::LEVEL, UInt8))?;
    leaf(chunk, "Task", &[], Optional(slot::TASK, UInt16))?;
    leaf(chunk, "Opcode", &[], Optional(slot::OPCODE, UInt8))?;
    leaf(chunk, "Keywords", &[], Optional(slot::KEYWORDS, HexInt64))?;
    leaf(chunk, "TimeCreated", &[("SystemTime", Optional(slot::TIME, FileTime))], Empty)?;
    leaf(chunk, "EventRecordID", &[], Optional(slot::RECORD_ID, UInt64))?;
    leaf(chunk, "Correlation", &[("ActivityID", Optional(slot::ACTIVITY_ID, Guid))], Empty)?;
    let process = [("ProcessID", Optional(slot::PROCESS_ID, UInt32)), ("ThreadID", Optional(slot::THREAD_ID, UInt32))];
    leaf(chunk, "Execution", &process, Empty)?;
    leaf(chunk, "Channel", &[], Value(slot::CHANNEL, String))?;
    leaf(chunk, "Computer", &[], Value(slot::COMPUTER, String))?;
    leaf(chunk, "Security", &[("UserID", Optional(slot::USER, Sid))], Empty)
}

/// The values of the `System` template, in the order of [`slot`].
fn system_values(chunk: &mut Chunk, event: &WindowsEvent, record_id: u64, shape: &mut Shape) -> Option<()> {
    let mut values = Values::start(chunk, slot::COUNT);
    let provider = providers::find(&event.provider);
    number(&mut values, chunk, ValueType::UInt8, event.level.map(u8::to_le_bytes))?;
    number(&mut values, chunk, ValueType::UInt8, event.opcode.map(u8::to_le_bytes))?;
    number(&mut values, chunk, ValueType::UInt16, event.task.map(u16::to_le_bytes))?;
    match u16::try_from(event.event_id) {
        Ok(id) => number(&mut values, chunk, ValueType::UInt16, Some(id.to_le_bytes()))?,
        // No EVTX of Windows has such an identifier, other formats may.
        Err(_) => number(&mut values, chunk, ValueType::UInt32, Some(event.event_id.to_le_bytes()))?,
    }
    number(&mut values, chunk, ValueType::UInt16, event.qualifiers.map(u16::to_le_bytes))?;
    number(&mut values, chunk, ValueType::HexInt64, event.keywords.map(u64::to_le_bytes))?;
    let time = event.time.and_then(values::file_time);
    number(&mut values, chunk, ValueType::FileTime, time.map(u64::to_le_bytes))?;
    parsed(&mut values, chunk, ValueType::Guid, event.activity_id.as_deref(), values::parse_guid)?;
    number(&mut values, chunk, ValueType::UInt32, event.process_id.map(u32::to_le_bytes))?;
    number(&mut values, chunk, ValueType::UInt32, event.thread_id.map(u32::to_le_bytes))?;
    let own_id = event.record_id.unwrap_or(record_id);
    number(&mut values, chunk, ValueType::UInt64, Some(own_id.to_le_bytes()))?;
    number(&mut values, chunk, ValueType::UInt8, event.version.map(u8::to_le_bytes))?;
    parsed(&mut values, chunk, ValueType::Sid, event.user_sid.as_deref(), values::parse_sid)?;
    values.text(chunk, &event.provider)?;
    parsed(&mut values, chunk, ValueType::Guid, provider.map(|row| row.guid), values::parse_guid)?;
    optional_text(&mut values, chunk, provider.and_then(|row| row.event_source))?;
    values.text(chunk, &event.channel)?;
    values.text(chunk, &event.computer)?;
    optional_text(&mut values, chunk, event.message.as_deref())?;
    if !event.data.is_empty() {
        values.push(chunk, ValueType::BinXml, |chunk| event_data(chunk, event, shape))?;
    }
    Some(())
}

/// Writes the instance of the template for the event's data.
fn event_data(chunk: &mut Chunk, event: &WindowsEvent, shape: &mut Shape) -> Option<()> {
    let (binary, fields) = match event.data.split_last() {
        Some(((name, value), fields)) if name == "Binary" => (values::parse_binary(value), fields),
        _ => (None, event.data.as_slice()),
    };
    let fields = if binary.is_some() { fields } else { event.data.as_slice() };
    let layout = layout(fields);
    shape.set_data(event, layout, binary.is_some());
    instance(chunk, shape, |chunk| data_template(chunk, fields, layout, binary.is_some()))?;
    let mut values = Values::start(chunk, event.data.len());
    for (_, value) in fields {
        values.text(chunk, value)?;
    }
    if let Some(binary) = binary {
        values.bytes(chunk, ValueType::Binary, &binary)?;
    }
    chunk.bytes().push(END_OF_STREAM);
    Some(())
}

fn data_template(chunk: &mut Chunk, fields: &[(String, String)], layout: Layout, binary: bool) -> Option<()> {
    parent(chunk, "EventData", &[], |chunk| {
        for (index, (name, _)) in fields.iter().enumerate() {
            let value = Content::Value(u16::try_from(index).ok()?, ValueType::String);
            match layout {
                Layout::Named => leaf(chunk, "Data", &[("Name", Content::Text(name))], value)?,
                Layout::Unnamed => leaf(chunk, "Data", &[], value)?,
            }
        }
        if binary {
            let index = u16::try_from(fields.len()).ok()?;
            leaf(chunk, "Binary", &[], Content::Value(index, ValueType::Binary))?;
        }
        Some(())
    })
}

fn layout(fields: &[(String, String)]) -> Layout {
    let is_parameter = |(index, (name, _)): (usize, &(String, String))| {
        name.strip_prefix("param").is_some_and(|number| number == (index + 1).to_string())
    };
    if fields.iter().enumerate().all(is_parameter) { Layout::Unnamed } else { Layout::Named }
}

fn number<const SIZE: usize>(
    values: &mut Values,
    chunk: &mut Chunk,
    value_type: ValueType,
    number: Option<[u8; SIZE]>,
) -> Option<()> {
    if let Some(bytes) = number {
        return values.bytes(chunk, value_type, &bytes);
    }
    values.null();
    Some(())
}

fn optional_text(values: &mut Values, chunk: &mut Chunk, text: Option<&str>) -> Option<()> {
    if let Some(text) = text {
        return values.text(chunk, text);
    }
    values.null();
    Some(())
}

/// Writes a value in its own type, or as text where it cannot be one.
fn parsed<B: AsRef<[u8]>>(
    values: &mut Values,
    chunk: &mut Chunk,
    value_type: ValueType,
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Option<B>,
) -> Option<()> {
    match text.and_then(parse) {
        Some(bytes) => values.bytes(chunk, value_type, bytes.as_ref()),
        None => optional_text(values, chunk, text),
    }
}
