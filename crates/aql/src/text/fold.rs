//! Case: what is done to values and patterns before they are compared. ASCII takes a path without a table.

use std::ops::Range;

use super::Case;

/// The value as it is compared; `scratch` holds the text when it differs from the value.
pub(super) fn folded<'a>(case: Case, value: &'a str, scratch: &'a mut String) -> &'a str {
    if case == Case::Sensitive {
        return value;
    }
    scratch.clear();
    if value.is_ascii() {
        scratch.push_str(value);
        scratch.make_ascii_lowercase();
    } else if case == Case::Lowered {
        scratch.push_str(&value.to_lowercase());
    } else {
        scratch.extend(value.chars().map(fold_char));
    }
    scratch
}

/// The pattern text as it is compared with folded values.
pub(super) fn folded_pattern(case: Case, text: &str) -> String {
    match case {
        Case::Sensitive | Case::Lowered => text.to_owned(),
        Case::Insensitive => text.chars().map(fold_char).collect(),
    }
}

/// One character for all that differ only in case: Unicode simple case folding, up to the choice of the representative.
pub(super) fn fold_char(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    match character {
        // Without a simple folding: only the Turkic one joins them with `i`.
        'İ' | 'ı' => character,
        // Joined by CaseFolding.txt, although their upper case is a sequence.
        '\u{1fd3}' => '\u{390}',
        '\u{1fe3}' => '\u{3b0}',
        '\u{fb05}' => '\u{fb06}',
        _ => single(
            single(character, character.to_uppercase()),
            single(character, character.to_uppercase()).to_lowercase(),
        ),
    }
}

/// The only character of a mapping, or the original where the mapping is a sequence.
fn single(original: char, mut mapping: impl Iterator<Item = char>) -> char {
    match (mapping.next(), mapping.next()) {
        (Some(only), None) => only,
        _ => original,
    }
}

/// The range of the value for a range of its folded form.
pub(super) fn unfolded_range(case: Case, value: &str, folded: Range<usize>) -> Range<usize> {
    if case == Case::Sensitive || value.is_ascii() {
        return folded;
    }
    let (mut start, mut end) = (value.len(), value.len());
    let mut position = 0;
    for (offset, character) in value.char_indices() {
        if position <= folded.start {
            start = offset;
        }
        if position >= folded.end {
            end = offset;
            break;
        }
        position += folded_length(case, character);
    }
    if position <= folded.start {
        start = value.len();
    }
    start.min(end)..end
}

fn folded_length(case: Case, character: char) -> usize {
    match case {
        Case::Sensitive => character.len_utf8(),
        Case::Lowered => character.to_lowercase().map(char::len_utf8).sum(),
        Case::Insensitive => fold_char(character).len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

    use super::*;

    #[test]
    fn folding_is_unicode_simple_case_folding() {
        let unassigned = regex::Regex::new(r"\p{Cn}").expect("a known category");
        for character in '\0'..='\u{1ffff}' {
            let mut class = ClassUnicode::new([ClassUnicodeRange::new(character, character)]);
            class.case_fold_simple();
            for range in class.iter() {
                for other in range.start()..=range.end() {
                    assert_eq!(fold_char(character), fold_char(other), "{character:?} {other:?}");
                }
            }
            let folded = fold_char(character);
            // Rust's tables may be of a later version of Unicode than those of `regex-syntax`.
            if unassigned.is_match(&character.to_string()) {
                continue;
            }
            let known = class.iter().any(|range| range.start() <= folded && folded <= range.end());
            assert!(known, "{character:?} is folded to {folded:?}");
        }
    }

    #[test]
    fn ranges_of_folded_values_map_back() {
        // The Kelvin sign has three bytes, its folded form one.
        let value = "a\u{212a}b\u{212a}c";
        let mut scratch = String::new();
        assert_eq!(folded(Case::Insensitive, value, &mut scratch), "akbkc");
        for (range, text) in
            [(0..1, "a"), (1..2, "\u{212a}"), (2..4, "b\u{212a}"), (4..5, "c"), (5..5, ""), (0..5, value)]
        {
            assert_eq!(&value[unfolded_range(Case::Insensitive, value, range)], text);
        }
    }

    #[test]
    fn lowering_is_that_of_java() {
        let mut scratch = String::new();
        assert_eq!(folded(Case::Lowered, "C:\\TEMP", &mut scratch), "c:\\temp");
        assert_eq!(folded(Case::Lowered, "ΟΔΟΣ İ", &mut scratch), "οδος i\u{307}");
    }
}
