//! Tests that are variants of another test: each object of the fence says what differs from the first event of that
//! test, or from another one (`of="name #2"`), as a merge patch (RFC 7396): a key with its new value, `null` for a key
//! that is gone.

use serde_json::Value;
use syntax::Diagnostic;

use crate::test::{Input, Test};

/// Puts whole events in the place of what differs. A test whose base cannot be used is said to be wrong and left out.
pub(crate) fn resolve(tests: Vec<Test>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Test> {
    let bases = tests.clone();
    let mut resolved = Vec::with_capacity(tests.len());
    for mut test in tests {
        let Some(name) = &test.of else {
            resolved.push(test);
            continue;
        };
        let named = |wanted: &str| bases.iter().find(|it| it.of.is_none() && it.name == wanted);
        let numbered = || name.rsplit_once(" #").and_then(|(name, number)| Some((named(name)?, number.parse().ok()?)));
        let base = named(name).map(|it| (it, 1)).or_else(numbered);
        let variants = |(base, number)| variants(base, number, &test);
        match base.ok_or("no test of its own events has this name").and_then(variants) {
            Ok(text) => {
                test.input = Input::Text(text);
                resolved.push(test);
            }
            Err(message) => {
                let diagnostic = Diagnostic::error("wrong-test", test.info_span, format!("`of=\"{name}\"`: {message}"));
                let help = "`of` names a test on this page that holds JSON; each object here says what differs from its \
                            first event, `null` for a key that is gone";
                diagnostics.push(diagnostic.with_help(help));
            }
        }
    }
    resolved
}

/// The events, one a line; `number` is that of the event of the base, from 1.
fn variants(base: &Test, number: usize, test: &Test) -> Result<String, &'static str> {
    let (Input::Text(base), Input::Text(patches)) = (&base.input, &test.input) else {
        return Err("variants are written for events that stand on the page");
    };
    let base = number.checked_sub(1).and_then(|it| objects(base).nth(it));
    let base = base.ok_or("that test has no such event, or its events are not JSON")?;
    let mut lines = String::new();
    for patch in objects(patches) {
        if !patch.is_object() {
            return Err("a variant is a JSON object");
        }
        let mut event = base.clone();
        merge(&mut event, patch);
        lines.push_str(&event.to_string());
        lines.push('\n');
    }
    if lines.is_empty() { Err("a variant is a JSON object") } else { Ok(lines) }
}

/// The objects of a text, as far as it is JSON.
fn objects(text: &str) -> impl Iterator<Item = Value> {
    serde_json::Deserializer::from_str(text).into_iter::<Value>().map_while(Result::ok)
}

/// Changes a value by a merge patch (RFC 7396): `null` takes a key away.
pub fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Some(object) = target.as_object_mut() else { return };
    for (key, value) in patch {
        if value.is_null() {
            object.shift_remove(&key);
        } else {
            merge(object.entry(key).or_insert(Value::Null), value);
        }
    }
}
