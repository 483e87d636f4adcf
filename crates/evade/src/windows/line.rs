//! Words of a command line.
//!
//! Blanks and tabs outside of double quotes separate words; a quote behind an odd number of backslashes is an ordinary
//! character. <https://learn.microsoft.com/en-us/cpp/c-language/parsing-c-command-line-arguments>

use std::ops::Range;

/// The words of a command line, with their quotes, as places in it.
pub(crate) fn words(line: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quoted = false;
    let mut backslashes = 0;
    for (place, character) in line.char_indices() {
        let is_blank = matches!(character, ' ' | '\t' | '\r' | '\n') && !quoted;
        match (start, is_blank) {
            (None, false) => start = Some(place),
            (Some(from), true) => {
                words.push(from..place);
                start = None;
            }
            _ => {}
        }
        if character == '"' && backslashes % 2 == 0 {
            quoted = !quoted;
        }
        backslashes = if character == '\\' { backslashes + 1 } else { 0 };
    }
    if let Some(from) = start {
        words.push(from..line.len());
    }
    words
}

/// A word without the quotes round it.
pub(crate) fn unquoted(word: &str) -> &str {
    let word = word.trim();
    word.strip_prefix('"').map_or(word, |it| it.strip_suffix('"').unwrap_or(it))
}

/// The text with places replaced. The places are in order and apart.
pub(crate) fn replaced(text: &str, places: &[(Range<usize>, String)]) -> String {
    let mut result = String::with_capacity(text.len() + 16);
    let mut from = 0;
    for (place, new) in places {
        result.push_str(&text[from..place.start]);
        result.push_str(new);
        from = place.end;
    }
    result.push_str(&text[from..]);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_outside_of_quotes_separate() {
        let cut = |line: &str| words(line).into_iter().map(|it| line[it].to_owned()).collect::<Vec<_>>();
        assert_eq!(
            cut(r#"sc  create x	binPath= "C:\a b.exe" d"e f"g"#),
            ["sc", "create", "x", "binPath=", r#""C:\a b.exe""#, r#"d"e f"g"#]
        );
        assert_eq!(cut(r#"a "b \"c d\" e" f"#), ["a", r#""b \"c d\" e""#, "f"]);
        assert!(cut("  ").is_empty());
    }

    #[test]
    fn places_are_replaced() {
        assert_eq!(replaced("abc def", &[(0..1, "X".into()), (4..7, String::new())]), "Xbc ");
    }
}
