//! Where the bytes of a TOML string stand in its file, so that what is said of an AQL filter points at the file.

use std::ops::Range;

/// For each byte of the value of a string, and for its end, the byte of the file that it was written at. `span` is the
/// string with its quotes.
pub(super) fn places(file: &str, span: &Range<usize>, value: &str) -> Vec<usize> {
    let raw = file.get(span.clone()).unwrap_or_default();
    let quote = if raw.starts_with(r#"""""#) || raw.starts_with("'''") { 3 } else { 1 };
    let is_basic = raw.starts_with('"');
    let mut at = quote;
    if quote == 3 {
        at += newline(raw, at);
    }
    let mut places = Vec::with_capacity(value.len() + 1);
    for character in value.chars() {
        while is_basic && is_continuation(&raw[at.min(raw.len())..]) {
            at += 1;
            at += raw[at..].find(|it: char| !it.is_whitespace()).unwrap_or(raw.len() - at);
        }
        let written = match raw.get(at..).unwrap_or_default() {
            rest if is_basic && rest.starts_with('\\') => escape_length(rest),
            rest if character == '\n' => newline(rest, 0).max(1),
            _ => character.len_utf8(),
        };
        places.extend(std::iter::repeat_n(span.start + at, character.len_utf8()));
        at = (at + written).min(raw.len());
        while !raw.is_char_boundary(at) {
            at += 1;
        }
    }
    places.push(span.start + at);
    places
}

/// The length of the end of line at a byte; 0 where there is none.
fn newline(raw: &str, at: usize) -> usize {
    match raw.as_bytes().get(at..) {
        Some([b'\r', b'\n', ..]) => 2,
        Some([b'\n', ..]) => 1,
        _ => 0,
    }
}

/// Whether a backslash at the end of a line swallows the blanks that follow.
fn is_continuation(rest: &str) -> bool {
    rest.strip_prefix('\\').is_some_and(|it| it.starts_with(char::is_whitespace))
}

fn escape_length(rest: &str) -> usize {
    match rest.as_bytes().get(1) {
        Some(b'u') => 6,
        Some(b'U') => 10,
        Some(b'x') => 4,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::places;

    #[test]
    fn each_byte_of_a_string_is_found_in_the_file() {
        let files = [
            "f = 'a = Z'",
            "f = '''\r\na = Z'''",
            r#"f = "a = \\Z""#,
            "f = \"\"\"\n\\u00e9\\t\\\\ \\\n     Z\"\"\"",
            "f = '''é\r\n\r\nZ'''",
        ];
        for file in files {
            let table = DeTable::parse(file).expect("the file is TOML");
            let (_, value) = table.get_ref().iter().next().expect("it has a key");
            let text = value.get_ref().as_str().expect("it is a text");
            let places = places(file, &value.span(), text);
            assert_eq!(places.len(), text.len() + 1, "{file:?}");
            let at = text.find('Z').expect("it has the letter");
            assert_eq!(&file[places[at]..=places[at]], "Z", "{file:?}");
        }
    }
}
