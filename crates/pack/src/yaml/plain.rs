//! The YAML that nearly all pages and rules are made of, straight from the events of the parser: maps and lists of texts,
//! whole numbers, `true` and `false`. Whatever else stands in a text, errors too, is left to the deserializer, which takes
//! four times as long.

use std::collections::HashSet;

use granit_parser::{Event, Parser, ScalarStyle, StrInput};
use syntax::Span;

use super::{Node, Value};

/// The longest text that is read here, in bytes.
const TEXT_BYTES_MAX: usize = 1 << 20;
/// How deep lists and maps may nest here.
const DEPTH_MAX: usize = super::DEPTH_MAX / 2;
/// The most values of a text here.
const NODES_MAX: usize = super::NODES_MAX / 4;
/// The longest whole number that is exact as a double, in digits.
const DIGITS_MAX: usize = 15;
/// From this many keys on they are looked up in a set.
const KEYS_COMPARED_MAX: usize = 24;

/// The documents of a text that starts at byte `offset` of what the places are meant for; none where any of them is
/// more than this knows of.
pub(super) fn read_all(text: &str, offset: usize) -> Option<Vec<Node>> {
    if text.len() > TEXT_BYTES_MAX || text.starts_with('\u{feff}') {
        return None;
    }
    let mut reader = Reader { parser: Parser::new_from_str(text), offset, nodes: 0 };
    let mut documents = Vec::new();
    loop {
        match reader.next()?.0 {
            Event::StreamStart | Event::DocumentEnd => {}
            Event::DocumentStart(_, None) if documents.len() < super::DOCUMENTS_MAX => {
                let (event, place) = reader.next()?;
                let node = reader.node(event, place, 0)?;
                // A document without content is left out, or is none.
                if !matches!(node.value, Value::List(_) | Value::Map(_)) {
                    return None;
                }
                documents.push(node);
            }
            Event::StreamEnd if !documents.is_empty() => return Some(documents),
            _ => return None,
        }
    }
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    offset: usize,
    nodes: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<(Event<'a>, Span)> {
        let (event, place) = self.parser.next_event()?.ok()?;
        let (start, end) = (place.start.byte_offset()?, place.end.byte_offset()?);
        Some((event, Span::new(self.offset + start, self.offset + end.max(start))))
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Option<Node> {
        self.nodes += 1;
        if self.nodes > NODES_MAX || depth > DEPTH_MAX {
            return None;
        }
        let value = match event {
            Event::Scalar(text, ScalarStyle::Plain, 0, None) => plain(&text)?,
            Event::Scalar(text, _, 0, None) => Value::Text(text.into_owned()),
            Event::SequenceStart(_, 0, None) => Value::List(self.list(depth + 1)?),
            Event::MappingStart(_, 0, None) => Value::Map(self.map(depth + 1)?),
            _ => return None,
        };
        Some(Node { value, span })
    }

    fn list(&mut self, depth: usize) -> Option<Vec<Node>> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Some(items),
                (event, place) => items.push(self.node(event, place, depth)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Option<Vec<((String, Span), Node)>> {
        let mut pairs: Vec<((String, Span), Node)> = Vec::new();
        loop {
            let (event, place) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                return is_each_once(&pairs).then_some(pairs);
            }
            let Value::Text(key) = self.node(event, place, depth)?.value else { return None };
            let (event, value_place) = self.next()?;
            let value = self.node(event, value_place, depth)?;
            // What `<<` stands before is merged.
            if key == "<<" {
                return None;
            }
            pairs.push(((key, place), value));
        }
    }
}

/// Whether no two keys are the same.
fn is_each_once(pairs: &[((String, Span), Node)]) -> bool {
    if pairs.len() > KEYS_COMPARED_MAX {
        let keys: HashSet<&str> = pairs.iter().map(|((key, _), _)| key.as_str()).collect();
        return keys.len() == pairs.len();
    }
    let key = |position: usize| &pairs[position].0.0;
    (0..pairs.len()).all(|one| (0..one).all(|other| key(one) != key(other)))
}

/// What a text without quotes is; none where it may be something else than a text, a whole number, `true` or `false`.
fn plain(text: &str) -> Option<Value> {
    let rest = text.trim_start_matches(['+', '-', '.']);
    let is_text = match rest.bytes().next()? {
        b'0'..=b'9' if rest.len() == text.len() && rest.bytes().all(|it| it.is_ascii_digit()) => {
            let is_exact = text.len() <= DIGITS_MAX && (text == "0" || !text.starts_with('0'));
            return if is_exact { text.parse().ok().map(Value::Number) } else { None };
        }
        b'0'..=b'9' => is_no_number(rest.as_bytes()),
        b'a'..=b'z' | b'A'..=b'Z' => !is_word_of_yaml(rest),
        b'\\' | b'/' | b'%' | b'(' | b'$' | b'<' | b'=' | b';' => true,
        other => !other.is_ascii(),
    };
    if is_text {
        return Some(Value::Text(text.to_owned()));
    }
    match text {
        "true" => Some(Value::Boolean(true)),
        "false" => Some(Value::Boolean(false)),
        _ => None,
    }
}

/// Whether a text that begins with a digit has what no number has: a day, an id, a path.
fn is_no_number(text: &[u8]) -> bool {
    let is_strange =
        |it: &u8| it.is_ascii_alphabetic() && !it.is_ascii_hexdigit() && !matches!(it, b'x' | b'X' | b'o' | b'O');
    let is_between = |it: &[u8]| it[1] == b'-' && !matches!(it[0], b'e' | b'E');
    text.iter().any(|it| is_strange(it) || matches!(it, b'/' | b'\\' | b' ' | b',' | b'*' | b'%'))
        || text.windows(2).any(is_between)
}

/// Whether some reader of YAML takes a word for something else than a text.
fn is_word_of_yaml(word: &str) -> bool {
    const WORDS: [&str; 6] = ["true", "false", "null", "nan", "inf", "infinity"];
    WORDS.iter().any(|it| word.eq_ignore_ascii_case(it))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;
    use crate::yaml;

    /// A node with all places.
    fn shown(nodes: &[Node]) -> String {
        let mut text = String::new();
        for node in nodes {
            write!(text, "{node:?}").expect("writing to a text does not fail");
        }
        text
    }

    /// What is read here is what the deserializer reads; whether it is read here.
    fn check(text: &str) -> bool {
        let Some(plain) = read_all(text, 7) else { return false };
        let slow = yaml::deserialized(text, 7).unwrap_or_else(|error| panic!("{text:?}: {error:?}"));
        assert_eq!(shown(&plain), shown(&slow), "{text:?}");
        true
    }

    #[test]
    fn common_yaml_is_read_here() {
        for text in [
            "title: A rule\nid: 0d894093-71bc-43c3-8c4d-ecfc28dcf5d9\ndate: 2021-08-09\nlevel: high\n",
            "detection:\n    selection:\n        Image|endswith:\n            - '\\a.exe'\n            - \"\\\\b\"\n        EventID: 4688\n    condition: 1 of sel* and not filter\n",
            "a: |\n    text\n    more\nb: >-\n    one\n    line\nc: [x, 0, true, -enc, .exe, \\pipe\\x, 2021/01/02]\n",
            "- é: ü\n  x: { y: 0/x }\n---\na: b\n...\n",
        ] {
            assert!(check(text), "{text:?}");
        }
    }

    #[test]
    fn the_rest_is_left_to_the_deserializer() {
        for text in [
            "",
            "a: 1\na: 2",
            "a: &x 1\nb: *x",
            "a: !!str 1",
            "a: ~",
            "a:",
            "a: 1.5",
            "a: 0x10",
            "a: 007",
            "a: .inf",
            "1: a",
            "<<: {a: 1}",
            "a: [",
            "text",
            "a: NULL",
            "a: 123456789012345678",
            "%YAML 1.2\n---\na: b",
            "a: 1e5",
            "a: -1",
            "? [a]\n: b",
            "a: 1_000",
            "a: 1:30",
        ] {
            assert!(!check(text), "{text:?}");
        }
    }

    const RULES: &[&str] = &[
        include_str!("../../../sigma/tests/rules/conditions.yml"),
        include_str!("../../../sigma/tests/rules/correlations.yml"),
        include_str!("../../../sigma/tests/rules/encoded.yml"),
        include_str!("../../../sigma/tests/rules/filters.yml"),
        include_str!("../../../sigma/tests/rules/log-sources.yml"),
        include_str!("../../../sigma/tests/rules/refused.yml"),
        include_str!("../../../sigma/tests/rules/text.yml"),
        include_str!("../../../sigma/tests/rules/values.yml"),
    ];

    /// Our own pages and rules, and what small changes make of them.
    #[test]
    fn both_ways_read_the_same() {
        let mut texts: Vec<String> = RULES.iter().map(|it| (*it).to_owned()).collect();
        texts.extend(
            crate::builtin_pages().iter().filter_map(|(_, page)| page.split("---\n").nth(1)).map(str::to_owned),
        );
        let read = texts.iter().filter(|it| check(it)).count();
        assert!(read * 2 > texts.len(), "{read} of {}", texts.len());
        let pieces = [
            "'", "\"", ":", "- ", "  ", "\n", "#", "~", "1", "-", "e", ".", "{", "]", "|", "&a ", "!", "\t", "é", ", ",
            "? ", "---\n",
        ];
        let mut state = 1_u64;
        let mut random = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        for _ in 0..2_000 {
            let text = &texts[random(texts.len())];
            let text: String = text.chars().skip(random(200)).take(400).collect();
            let at = random(text.chars().count() + 1);
            let byte = text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
            check(&format!("{}{}{}", &text[..byte], pieces[random(pieces.len())], &text[byte..]));
        }
    }
}
