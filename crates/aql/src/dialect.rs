//! What a backslash in a string literal means.

use std::borrow::Cow;

use crate::Escapes;

impl Escapes {
    /// The text of a literal whose quotes are already undoubled.
    pub fn read(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::CStyle if text.contains(r"\\") => Cow::Owned(text.replace(r"\\", r"\")),
            Self::CStyle | Self::Strict => Cow::Borrowed(text),
        }
    }
}

/// Whether a LIKE pattern, read strictly, looks for two backslashes in a row where its author probably meant one. Those
/// that may begin a network path do not count, and none where another shows that one is written as one.
pub(crate) fn has_doubled_backslash(pattern: &str) -> bool {
    let all: Vec<(usize, usize)> = runs(pattern).collect();
    let is_strict = all.iter().any(|it| it.1 == 1);
    let is_doubled = |(index, (start, length)): (usize, &(usize, usize))| {
        let is_last = index + 1 == all.len();
        *length > 2 || *length == 2 && !is_strict && !(is_last && may_begin_path(pattern, *start))
    };
    all.iter().enumerate().any(is_doubled)
}

/// Whether two backslashes of a LIKE pattern may begin a network path: nothing of a path stands before them, and they do
/// not begin its last name.
fn may_begin_path(pattern: &str, start: usize) -> bool {
    let (before, rest) = (&pattern[..start], &pattern[start + 2..]);
    let is_last_name = !before.is_empty() && !rest.is_empty() && !rest.ends_with('%');
    before.chars().next_back().is_none_or(|it| "% =\"'".contains(it)) && !is_last_name
}

/// The same for a regular expression, where a backslash is written as two: four in a row, or eight where a network path
/// may begin.
pub(crate) fn has_doubled_escape(pattern: &str) -> bool {
    runs(pattern).any(|(start, length)| length >= 4 && !(begins_path(&pattern[..start]) && length < 6))
}

/// Whether a network path may begin behind a part of a regular expression: behind nothing, the beginning of a group or an
/// alternative, a quote, or blanks, however many.
fn begins_path(before: &str) -> bool {
    if before.chars().next_back().is_none_or(|it| "^(|?\"'=".contains(it)) {
        return true;
    }
    let repeated = before.trim_end_matches(['+', '*', '?']);
    repeated.ends_with([' ', ']']) || repeated.ends_with(r"\s")
}

/// The runs of backslashes: where each starts, how long it is.
pub(crate) fn runs(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = text.as_bytes();
    let starts = (0..bytes.len()).filter(|&it| bytes[it] == b'\\' && (it == 0 || bytes[it - 1] != b'\\'));
    starts.map(|start| (start, bytes[start..].iter().take_while(|it| **it == b'\\').count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c_style_halves_backslashes_and_keeps_other_sequences() {
        let cases =
            [(r"\\Temp\\", r"\Temp\"), (r"sc\.exe", r"sc\.exe"), (r"^\\\\\\\\[0-9]{1,3}\\.", r"^\\\\[0-9]{1,3}\.")];
        for (text, expected) in cases {
            assert_eq!(Escapes::CStyle.read(text), expected);
            assert_eq!(Escapes::Strict.read(text), text);
        }
    }

    #[test]
    fn doubled_backslashes_are_seen_but_network_paths_are_not() {
        let like = [
            (r"%\\Temp\\%", true),
            (r"%\Temp\%", false),
            (r"\\server\share", false),
            (r"% \\server\c$\%", false),
            (r"\\\\server", true),
        ];
        for (pattern, expected) in like {
            assert_eq!(has_doubled_backslash(pattern), expected, "{pattern}");
        }
        let regex = [
            (r".*\\\\(temp|users)\\\\.*", true),
            (r"\\(temp|users)\\", false),
            (r"^\\\\[^\\]+\\", false),
            (r#"sc(\.exe)?["\s]+\\\\"#, false),
            (r"copy\s*\\\\", false),
            (r#"temp|^"?\\\\[^\\]+\\"#, false),
            (r"^\\\\\\\\[0-9]", true),
        ];
        for (pattern, expected) in regex {
            assert_eq!(has_doubled_escape(pattern), expected, "{pattern}");
        }
    }
}
