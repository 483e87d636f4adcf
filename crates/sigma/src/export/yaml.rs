//! The little of YAML that a rule needs to be written.

/// A text as a scalar: plain where that is safe, else in single quotes; in double quotes when it has control characters.
pub(super) fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// A text as a quoted scalar.
pub(super) fn quoted(text: &str) -> String {
    if text.chars().any(|it| it.is_control() || matches!(it, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{85}')) {
        // JSON's strings are YAML's.
        return serde_json::Value::from(text).to_string();
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// A key.
pub(super) fn key(text: &str) -> String {
    let is_safe = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '|' | '.');
    let starts = text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
    if starts && text.chars().all(is_safe) && !is_word(text) { text.to_owned() } else { quoted(text) }
}

/// Text of several lines as a block, indented by `indent` blanks; of one line as a scalar.
pub(super) fn block(text: &str, indent: usize) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let is_block = lines.len() > 1 && !text.chars().any(|it| it.is_control() && !matches!(it, '\n' | '\r'));
    if !is_block {
        return scalar(&lines.join(" "));
    }
    let pad = " ".repeat(indent);
    let mut block = String::from("|-");
    for line in lines {
        block.push('\n');
        if !line.is_empty() {
            block.push_str(&pad);
            block.push_str(line.trim_start_matches('\t'));
        }
    }
    block
}

fn is_plain(text: &str) -> bool {
    let starts = text.starts_with(|it: char| it.is_ascii_alphabetic());
    let is_safe = |it: char| it.is_alphanumeric() || " _-./(),+;=".contains(it);
    starts && !text.ends_with(' ') && text.chars().all(is_safe) && !is_word(text)
}

/// Words that YAML takes for something else than text.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 12] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf", "infinity"];
    WORDS.iter().any(|it| it.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::{block, key, quoted, scalar};

    #[test]
    fn what_is_not_plain_is_quoted() {
        for (text, expected) in [
            ("System log", "System log"),
            ("yes", "'yes'"),
            ("a: b", "'a: b'"),
            ("it's", "'it''s'"),
            ("10", "'10'"),
            ("", "''"),
            ("a\tb", r#""a\tb""#),
        ] {
            assert_eq!(scalar(text), expected);
        }
        assert_eq!(quoted(r"C:\a"), r"'C:\a'");
        assert_eq!(key("Image|endswith"), "Image|endswith");
        assert_eq!(key("a b"), "'a b'");
        assert_eq!(block("one\n\ntwo", 4), "|-\n    one\n\n    two");
    }
}
