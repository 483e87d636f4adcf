//! Script blocks of several parts: event 4104 cuts a long PowerShell script into `MessageTotal` events.
//!
//! A stage behind the normaliser that sees the events of one file in order. Every event stays. The event that
//! completes a block gets the text of the whole block in `ScriptBlockText` and `Message`; the others keep their part.
//! So nothing waits and the order stays, and a pattern that spans two parts is found once, in the last of them.
//! Its own part stays a property.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::columns;
use crate::{Event, Value};

/// Blocks that wait for further parts at the same time; the one that has waited longest is given up.
pub const WAITING_BLOCKS_MAX: usize = 256;
/// Bytes of text that wait in all blocks together.
pub const WAITING_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Parts of one block.
pub const BLOCK_PARTS_MAX: usize = 4096;

type Name = (Option<Arc<str>>, Arc<str>);

/// The parts seen so far of the script blocks of one file.
#[derive(Debug, Default)]
pub struct ScriptBlocks {
    waiting: HashMap<Name, Vec<(usize, Arc<str>)>>,
    order: VecDeque<Name>,
    bytes: usize,
}

impl ScriptBlocks {
    /// Takes note of a part, and gives the event the whole text when it was the last one missing.
    /// Other events pass untouched.
    pub fn join(&mut self, event: &mut Event) {
        let Some(part) = Part::of(event) else { return };
        self.bytes += part.text.len();
        if !self.waiting.contains_key(&part.block) {
            self.order.push_back(part.block.clone());
        }
        let parts = self.waiting.entry(part.block.clone()).or_default();
        if parts.iter().any(|it| it.0 == part.number) {
            self.bytes -= part.text.len();
            return;
        }
        parts.push((part.number, Arc::clone(&part.text)));
        if parts.len() == part.total {
            let whole = self.take(&part.block);
            give(event, part.text, &whole);
        } else {
            self.give_up_the_oldest();
        }
    }

    /// Gives an event that was normalised anew the whole text that [`ScriptBlocks::join`] gave it before.
    pub fn join_again(joined: &Event, event: &mut Event) {
        let (whole, part) = (text_of(joined, columns().script_block_text), text_of(event, columns().script_block_text));
        if let (Some(whole), Some(part)) = (whole, part)
            && whole != part
        {
            give(event, part, &whole);
        }
    }

    /// The text of all parts of a block in order; the block waits no longer.
    fn take(&mut self, block: &Name) -> Arc<str> {
        self.order.retain(|it| it != block);
        let mut parts = self.waiting.remove(block).unwrap_or_default();
        parts.sort_by_key(|it| it.0);
        let whole: String = parts.iter().map(|it| &*it.1).collect();
        self.bytes -= whole.len();
        whole.into()
    }

    fn give_up_the_oldest(&mut self) {
        while self.order.len() > WAITING_BLOCKS_MAX || self.bytes > WAITING_BYTES_MAX {
            let Some(oldest) = self.order.front().cloned() else { return };
            self.take(&oldest);
        }
    }
}

/// One of several parts of a block.
struct Part {
    block: Name,
    number: usize,
    total: usize,
    text: Arc<str>,
}

impl Part {
    fn of(event: &Event) -> Option<Self> {
        let text = text_of(event, columns().script_block_text)?;
        let id = text_of(event, columns().script_block_id)?;
        let number = |column| text_of(event, column)?.parse::<usize>().ok();
        let (number, total) = (number(columns().message_number)?, number(columns().message_total)?);
        let several = (2..=BLOCK_PARTS_MAX).contains(&total) && (1..=total).contains(&number);
        several.then(|| Self { block: (text_of(event, columns().machine), id), number, total, text })
    }
}

fn text_of(event: &Event, column: u16) -> Option<Arc<str>> {
    let place = event.fields.binary_search_by_key(&column, |it| it.0).ok()?;
    match &event.fields[place].1 {
        Value::Text(it) => Some(Arc::clone(it)),
        _ => None,
    }
}

fn give(event: &mut Event, part: Arc<str>, whole: &Arc<str>) {
    for (column, value) in &mut event.fields {
        if *column == columns().script_block_text || *column == columns().message {
            *value = Value::Text(Arc::clone(whole));
        }
    }
    event.properties.push(("ScriptBlockText".into(), part));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, Locator, Normaliser, RawEvent, WindowsEvent, normalise};

    fn part(block: &str, number: usize, total: usize, text: &str) -> Event {
        let data = [
            ("MessageNumber", number.to_string()),
            ("MessageTotal", total.to_string()),
            ("ScriptBlockText", text.to_owned()),
            ("ScriptBlockId", block.to_owned()),
        ];
        let windows = WindowsEvent {
            provider: "Microsoft-Windows-PowerShell".into(),
            channel: "Microsoft-Windows-PowerShell/Operational".into(),
            event_id: 4104,
            computer: "ws01".into(),
            data: data.map(|(name, value)| (name.to_owned(), value)).into(),
            ..WindowsEvent::default()
        };
        let locator = Locator { file: "own".into(), record: 1, offset: 0 };
        let raw = RawEvent { locator, payload: None, body: Body::Windows(Box::new(windows)) };
        normalise(&raw, &Normaliser::default())
    }

    fn texts(parts: &[(&str, usize, usize, &str)]) -> Vec<String> {
        let mut blocks = ScriptBlocks::default();
        let join = |(block, number, total, text): &(&str, usize, usize, &str)| {
            let mut event = part(block, *number, *total, text);
            blocks.join(&mut event);
            text_of(&event, columns().script_block_text).expect("a text").to_string()
        };
        parts.iter().map(join).collect()
    }

    #[test]
    fn the_last_part_to_arrive_gets_the_whole_text() {
        let parts =
            [("a", 2, 3, "-Ser"), ("b", 1, 1, "whole"), ("a", 1, 3, "New"), ("c", 1, 2, "x"), ("a", 3, 3, "vice")];
        assert_eq!(texts(&parts), ["-Ser", "whole", "New", "x", "New-Service"]);
    }

    #[test]
    fn a_part_seen_twice_counts_once() {
        assert_eq!(texts(&[("a", 1, 2, "x"), ("a", 1, 2, "x"), ("a", 2, 2, "y")]), ["x", "x", "xy"]);
    }

    #[test]
    fn whole_text_goes_to_the_message_and_the_part_stays_a_property() {
        let mut blocks = ScriptBlocks::default();
        let (mut first, mut second) = (part("a", 1, 2, "x"), part("a", 2, 2, "y"));
        blocks.join(&mut first);
        blocks.join(&mut second);
        assert_eq!(text_of(&second, columns().message).as_deref(), Some("xy"));
        assert!(second.properties.iter().any(|it| &*it.0 == "ScriptBlockText" && &*it.1 == "y"));
        assert!(blocks.waiting.is_empty() && blocks.order.is_empty() && blocks.bytes == 0);
    }

    #[test]
    fn waiting_parts_are_bounded() {
        let mut blocks = ScriptBlocks::default();
        for number in 0..WAITING_BLOCKS_MAX + 10 {
            blocks.join(&mut part(&number.to_string(), 1, 2, "text"));
        }
        assert_eq!((blocks.waiting.len(), blocks.bytes), (WAITING_BLOCKS_MAX, WAITING_BLOCKS_MAX * 4));
        let large = "x".repeat(WAITING_BYTES_MAX / 2);
        for name in ["p", "q", "r"] {
            blocks.join(&mut part(name, 1, 2, &large));
        }
        assert!(blocks.bytes <= WAITING_BYTES_MAX);
    }
}
