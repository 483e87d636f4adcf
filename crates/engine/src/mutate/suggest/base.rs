//! The events of a page's tests as texts that can be changed in one place.

use std::fmt;
use std::sync::Arc;

use ingest::{Event, UserProperties};
use pack::{Detection, Input};
use serde_json::{Map, Value};

use crate::page_tests::{PageTests, read_text};

/// An event of a test, as its log has it.
#[derive(Clone, Debug)]
pub(super) struct Base {
    /// The test, by its position.
    pub(super) test: usize,
    /// Which of its events.
    pub(super) position: usize,
    /// Whether it must match.
    pub(super) must_match: bool,
    /// What differs from the event of the test, as a merge patch.
    pub(super) patch: Option<Value>,
    pub(super) raw: Raw,
    pub(super) event: Event,
}

/// The text of an event.
#[derive(Clone, Debug)]
pub(super) enum Raw {
    /// One JSON object.
    Json(Value),
    /// Lines of a text log.
    Text(String),
}

impl fmt::Display for Raw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(object) => object.fmt(formatter),
            Self::Text(text) => formatter.write_str(text),
        }
    }
}

/// A change of the text of an event.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Patch {
    /// A merge patch.
    Json(Value),
    /// What is replaced by what, wherever it stands.
    Text(String, String),
}

/// The events that can be changed, those that must match first.
pub(super) fn bases(detection: &Detection, tests: &PageTests) -> Vec<Base> {
    let mut bases = Vec::new();
    for (position, test) in detection.tests.iter().enumerate().filter(|(_, it)| it.of.is_none()) {
        let Input::Text(text) = &test.input else { continue };
        let events = tests.events(position);
        let objects: Vec<Value> =
            serde_json::Deserializer::from_str(text).into_iter::<Value>().map_while(Result::ok).collect();
        let base = |number: usize, raw| {
            let event = events.get(number)?.clone();
            let must_match = test.kind.must_match();
            Some(Base { test: position, position: number, must_match, patch: None, raw, event })
        };
        if objects.len() == events.len() && objects.iter().all(Value::is_object) {
            bases.extend(objects.into_iter().enumerate().filter_map(|(number, it)| base(number, Raw::Json(it))));
        } else if events.len() == 1 {
            bases.extend(base(0, Raw::Text(text.clone())));
        }
    }
    bases.sort_by_key(|it| (!it.must_match, it.position, it.test));
    bases
}

impl Base {
    /// The changes of the text that may give a field another value, or none. `old` is the value it has.
    pub(super) fn patches(&self, names: &[&str], old: Option<&str>, new: Option<&str>) -> Vec<Patch> {
        match &self.raw {
            Raw::Json(object) => {
                let mut patches = Vec::new();
                match old {
                    Some(old) => patch_json(object, old, new, &mut |patch| patches.push(Patch::Json(patch))),
                    None => {
                        for name in names {
                            patches.push(Patch::Json(single(name, new.map_or(Value::Null, Value::from))));
                        }
                    }
                }
                patches
            }
            Raw::Text(text) => old.zip(new).and_then(|(old, new)| patch_text(text, old, new)).into_iter().collect(),
        }
    }

    /// The event after a change, to be changed further.
    pub(super) fn changed(&self, patch: &Patch, event: &Event, must_match: bool) -> Option<Self> {
        let raw = self.patched(patch)?;
        let patch = match patch {
            Patch::Json(patch) => Some(self.patch.clone().map_or_else(|| patch.clone(), |it| both(it, patch))),
            Patch::Text(..) => None,
        };
        Some(Self { patch, raw, event: event.clone(), must_match, ..*self })
    }

    /// What the log has after a change.
    fn patched(&self, patch: &Patch) -> Option<Raw> {
        match (&self.raw, patch) {
            (Raw::Json(object), Patch::Json(patch)) => {
                let mut object = object.clone();
                pack::merge(&mut object, patch.clone());
                Some(Raw::Json(object))
            }
            (Raw::Text(text), Patch::Text(old, new)) => Some(Raw::Text(text.replace(old.as_str(), new))),
            _ => None,
        }
    }

    /// The event after each change; nothing when it is no longer one.
    pub(super) fn read(&self, patches: &[&Patch]) -> Vec<Option<Event>> {
        let texts: Vec<Option<String>> = patches.iter().map(|it| self.patched(it).map(|it| it.to_string())).collect();
        if matches!(self.raw, Raw::Json(_)) && texts.iter().all(Option::is_some) {
            let together = texts.iter().flatten().map(String::as_str).collect::<Vec<_>>().join("\n");
            if let Ok(events) = read_events(&together)
                && events.len() == texts.len()
            {
                return events.into_iter().map(Some).collect();
            }
        }
        let one = |text: Option<String>| {
            let events = read_events(&text?).ok()?;
            <[Event; 1]>::try_from(events).ok().map(|[event]| event)
        };
        texts.into_iter().map(one).collect()
    }
}

fn read_events(text: &str) -> Result<Vec<Event>, String> {
    read_text(text, &Arc::<UserProperties>::default())
}

/// One merge patch that does what two do, one after the other.
fn both(first: Value, second: &Value) -> Value {
    match (first, second) {
        (Value::Object(mut first), Value::Object(second)) => {
            for (key, value) in second {
                let value = first.remove(key).map_or_else(|| value.clone(), |it| both(it, value));
                first.insert(key.clone(), value);
            }
            Value::Object(first)
        }
        (_, second) => second.clone(),
    }
}

/// An object of one key.
fn single(key: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(key.to_owned(), value)]))
}

/// Merge patches for each place of an object that holds the old value, or has it within.
fn patch_json(value: &Value, old: &str, new: Option<&str>, found: &mut dyn FnMut(Value)) {
    let Value::Object(object) = value else { return };
    for (key, value) in object {
        let replaced = match value {
            Value::String(text) if text == old => new.map_or(Value::Null, Value::from),
            Value::String(text) if old.len() > 2 && text.contains(old) => {
                new.map_or(Value::Null, |new| Value::from(text.replace(old, new)))
            }
            Value::Number(number) if number.to_string() == old => match new {
                Some(new) => new.parse::<i64>().map_or_else(|_| Value::from(new), Value::from),
                None => Value::Null,
            },
            Value::Object(_) => {
                patch_json(value, old, new, &mut |inner| found(single(key, inner)));
                continue;
            }
            _ => continue,
        };
        found(single(key, replaced));
    }
}

/// The words that differ, replaced in a text.
fn patch_text(text: &str, old: &str, new: &str) -> Option<Patch> {
    if text.contains(old) {
        return Some(Patch::Text(old.to_owned(), new.to_owned()));
    }
    // The log may write the value in pieces: the word that differs is enough.
    let (old_words, new_words): (Vec<&str>, Vec<&str>) = (old.split(' ').collect(), new.split(' ').collect());
    let differing: Vec<_> = old_words.iter().zip(&new_words).filter(|(old, new)| old != new).collect();
    match differing.as_slice() {
        [(old, new)] if old_words.len() == new_words.len() && old.len() > 2 && text.contains(**old) => {
            Some(Patch::Text((**old).to_owned(), (**new).to_owned()))
        }
        _ => None,
    }
}
