//! What all pages of the catalogue share.

use std::fmt::Write as _;

use pack::Level;

use super::index::GROUPINGS;
use crate::output::html::escape;

/// A whole page. `root` is the way to the folder of the site: empty, or `../`.
pub(super) fn page(title: &str, root: &str, current: &str, main: &str) -> String {
    let mut text = String::with_capacity(main.len() + 2048);
    let _ = write!(
        text,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{} · Prospero</title>\n<link rel=\"icon\" href=\"data:,\">\n\
         <link rel=\"stylesheet\" href=\"{root}style.css\">\n\
         <script src=\"{root}filter.js\" defer></script>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the content</a>\n<header>\n<nav aria-label=\"Catalogue\">\n",
        escape(title)
    );
    link(&mut text, &format!("{root}index.html"), "All detections", current == "index");
    for grouping in GROUPINGS {
        link(&mut text, &format!("{root}{}.html", grouping.file), grouping.title, current == grouping.file);
    }
    let _ = write!(
        text,
        "</nav>\n</header>\n<main id=\"main\">\n{main}</main>\n<footer>\n<p>Written by <code>prospero catalogue</code>. \
         MITRE ATT&amp;CK is a registered mark of The MITRE Corporation.</p>\n</footer>\n</body>\n</html>\n"
    );
    text
}

fn link(text: &mut String, target: &str, title: &str, is_current: bool) {
    let current = if is_current { " aria-current=\"page\"" } else { "" };
    let _ = writeln!(text, "<a href=\"{target}\"{current}>{title}</a>");
}

/// A severity: a word, with a colour beside it.
pub(super) fn level(level: Level) -> String {
    format!("<span class=\"level {level}\">{level}</span>")
}

/// A technique with its name, leading to the page that describes it.
pub(super) fn technique(id: &str) -> String {
    if let Some(known) = schema::tables::attack::technique(id) {
        return format!("<a href=\"{}\">{} {}</a>", known.url(), known.id, escape(known.name));
    }
    let path = id.replace('.', "/");
    format!("<a href=\"https://attack.mitre.org/techniques/{}/\">{}</a>", escape(&path), escape(id))
}

/// What an anchor may be called.
pub(super) fn anchor(text: &str) -> String {
    let characters = text.chars().map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' });
    characters.collect::<String>().trim_matches('-').to_owned()
}
