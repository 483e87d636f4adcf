//! JSON: one object a line, arrays, pretty-printed or concatenated objects, in any mixture.
//!
//! Objects are cut out of the stream one by one; what an object is, its shape says, object by object. To add a shape:
//! write `json/<shape>.rs` with a `pub(in crate::readers) static SHAPE: Shape` and add one line to [`SHAPES`], where the
//! loose ones stand last.

mod docker;
mod ecs;
mod endpoint_security;
mod evtx_dump;
mod flat;
mod flat_windows;
mod forwarding;
mod journald;
mod kubernetes;
mod objects;
mod splunk;
mod unified_log;
mod value;
mod winlogbeat;

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::{Map, Value};

use self::objects::Objects;
use super::{Items, ReadOptions, Reader};
use crate::input::{Content, Head};
use crate::{Body, Damage, Item, Locator, RawEvent};

pub(super) static READER: Reader = Reader {
    names: &["json", "jsonl", "ndjson"],
    description: "JSON objects: evtx_dump, Winlogbeat, NXLog, Splunk exports, Security-Datasets, journald, eslogger, the log of macOS, plain flat objects",
    recognises,
    in_pieces: false,
    read: |content, options| read_as(content, options, None),
};

pub(super) static QRADAR: Reader = Reader {
    names: &["qradar"],
    description: "JSON objects as QRadar forwards them",
    recognises: |_| false,
    in_pieces: false,
    read: |content, options| read_as(content, options, Some(&forwarding::SHAPE)),
};

/// What an object of JSON may be.
pub(super) struct Shape {
    /// Whether an object is of this shape.
    pub(super) recognises: fn(&Map<String, Value>) -> bool,
    /// The event of the object, or a short phrase saying what is wrong.
    pub(super) event: fn(Map<String, Value>) -> Result<Body, String>,
}

/// All shapes, in order of recognition; the last takes every object.
static SHAPES: &[&Shape] = &[
    &evtx_dump::SHAPE,
    &winlogbeat::SHAPE,
    &splunk::SHAPE,
    &journald::SHAPE,
    &endpoint_security::SHAPE,
    &unified_log::SHAPE,
    &kubernetes::SHAPE,
    &docker::SHAPE,
    &forwarding::SHAPE,
    &flat_windows::SHAPE,
    &ecs::SHAPE,
    &flat::SHAPE,
];

/// Objects that only carry a list of others: the path to it.
const LISTS: [&[&str]; 7] =
    [&["hits", "hits"], &["events"], &["Events", "Event"], &["Events"], &["records"], &["Records"], &["value"]];
/// Objects that only carry another one: its name.
const ENVELOPES: [&[&str]; 2] = [&["_source"], &["result"]];
/// What a Splunk export writes beside `result`.
const SPLUNK: [&str; 4] = ["preview", "offset", "lastrow", "result"];
/// Wrappers within each other that are opened.
const WRAPPER_DEPTH_MAX: usize = 4;

fn recognises(head: &Head) -> bool {
    let text = head.text().trim_start_matches('\x1e');
    if text.trim_end() == "[]" {
        return true;
    }
    let text = text.strip_prefix('[').unwrap_or(text).trim_start();
    text.strip_prefix('{').is_some_and(|it| it.trim_start().starts_with(['"', '}']))
}

/// Reads a file whose objects are all of one shape, or of any shape.
pub(super) fn read_as(
    content: &Content,
    options: &ReadOptions,
    shape: Option<&'static Shape>,
) -> Result<Items, Damage> {
    Ok(Box::new(JsonReader {
        file: content.file.clone(),
        objects: Objects::new(content.text()?, options.payload),
        shape,
        payload: options.payload,
        record: 0,
        items: VecDeque::new(),
    }))
}

struct JsonReader {
    file: Arc<str>,
    objects: Objects,
    shape: Option<&'static Shape>,
    payload: bool,
    record: u64,
    /// The events of one wrapper.
    items: VecDeque<Item>,
}

impl Iterator for JsonReader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Some(item);
            }
            match self.objects.next()? {
                Ok((offset, text, object)) => {
                    self.unwrap(object, offset, text.map(Into::into), 0);
                }
                Err((offset, reason)) => {
                    self.record += 1;
                    self.damage(offset, reason);
                }
            }
        }
    }
}

impl JsonReader {
    /// Opens wrappers and turns what is inside into events.
    fn unwrap(&mut self, mut object: Map<String, Value>, offset: u64, payload: Option<Arc<str>>, depth: usize) {
        let shape = self.shape.or_else(|| SHAPES.iter().copied().find(|it| (it.recognises)(&object)));
        let known = shape.is_some_and(|it| !std::ptr::eq(it, &raw const flat::SHAPE));
        if let (false, Some(path)) = (known || depth == WRAPPER_DEPTH_MAX, wrapper(&object)) {
            match take(&mut object, path) {
                Value::Object(inner) => self.unwrap(inner, offset, payload, depth + 1),
                Value::Array(list) => {
                    for inner in list {
                        match inner {
                            Value::Object(inner) => {
                                let payload = self.payload.then(|| text(&inner).into());
                                self.unwrap(inner, offset, payload, depth + 1);
                            }
                            _ => self.damage(offset, format!("`{}` holds more than objects", path.join("."))),
                        }
                    }
                }
                _ => {}
            }
            return;
        }
        if unified_log::is_end(&object) {
            return;
        }
        self.record += 1;
        let Some(shape) = shape else { return };
        match (shape.event)(object) {
            Ok(body) => self.items.push_back(Item::Event(RawEvent {
                locator: Locator { file: self.file.clone(), record: self.record, offset },
                payload,
                body,
            })),
            Err(reason) => self.damage(offset, reason),
        }
    }

    fn damage(&mut self, offset: u64, reason: String) {
        let record = Some(self.record);
        self.items.push_back(Item::Damage(Damage { file: self.file.clone(), offset, record, reason }));
    }
}

/// The wrapper that the object is: the path to what is inside.
fn wrapper(object: &Map<String, Value>) -> Option<&'static [&'static str]> {
    let is_envelope = |path: &&[&str]| {
        object.get(path[0]).is_some_and(Value::is_object)
            && (path[0] != "result" || object.keys().all(|it| SPLUNK.contains(&it.as_str())))
    };
    let is_list = |path: &&[&str]| {
        let list = path[1..].iter().try_fold(object.get(path[0])?, |it, name| it.get(name));
        Some(list?.as_array()?.first()?.is_object())
    };
    ENVELOPES.into_iter().find(is_envelope).or_else(|| LISTS.into_iter().find(|it| is_list(it) == Some(true)))
}

fn take(object: &mut Map<String, Value>, path: &[&str]) -> Value {
    let mut value = object.get_mut(path[0]).map(Value::take).unwrap_or_default();
    for name in &path[1..] {
        value = value.get_mut(*name).map(Value::take).unwrap_or_default();
    }
    value
}

fn text(object: &Map<String, Value>) -> String {
    serde_json::to_string(object).unwrap_or_default()
}
