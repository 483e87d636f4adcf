//! The original text of an event: what changed in a field changes in it.

/// A value within JSON and within XML, before and after.
pub(super) fn encodings(before: &str, after: &str) -> Vec<(String, String)> {
    let json = |text: &str| serde_json::Value::from(text).to_string();
    let xml = |text: &str| {
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        (format!(">{text}<"), format!(">{}<", text.replace('"', "&quot;")))
    };
    let ((plain, quoted), (plain_after, quoted_after)) = (xml(before), xml(after));
    vec![(json(before), json(after)), (plain, plain_after), (quoted, quoted_after)]
}

/// The text with the first of each piece replaced.
pub(super) fn replaced(payload: &str, texts: &[(String, String)]) -> String {
    texts.iter().fold(payload.to_owned(), |text, (before, after)| text.replacen(before, after, 1))
}
