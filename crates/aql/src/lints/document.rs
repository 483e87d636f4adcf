//! The documentation of a lint, read from the header of its file: five parts, of which examples are queries.

use std::sync::OnceLock;

use syntax::Safety;

use super::{LINTS, Lint};
use crate::{Environment, Escapes, Options};

impl Lint {
    /// The documentation: Markdown with the headings `What it does`, `Why`, `Example`, `Instead` and `Limits`.
    pub fn documentation(&self) -> &'static str {
        static TEXTS: OnceLock<Vec<String>> = OnceLock::new();
        let texts = TEXTS.get_or_init(|| LINTS.iter().map(|it| header(it.source)).collect());
        let index = LINTS.binary_search_by(|it| it.name.cmp(self.name)).ok();
        index.and_then(|it| texts.get(it)).map_or("", String::as_str)
    }

    /// What stands under a heading of the documentation.
    pub fn part(&self, heading: &str) -> &'static str {
        let start = format!("## {heading}\n");
        let rest = self.documentation().split_once(&start).map_or("", |it| it.1);
        rest.split("\n## ").next().unwrap_or_default().trim()
    }

    /// What it finds, in one sentence without line breaks.
    pub fn summary(&self) -> String {
        let text = self.part("What it does").split_whitespace().collect::<Vec<_>>().join(" ");
        let end = text.find(". ").map_or(text.len(), |it| it + 1);
        text[..end].to_owned()
    }

    /// The fix that its example gets; none when it has none.
    pub fn fix(&self) -> Option<Safety> {
        let example = self.part("Example");
        let mut lines = example.lines().skip_while(|it| !it.starts_with("```aql"));
        let attributes = lines.next()?;
        let query: Vec<&str> = lines.take_while(|it| *it != "```").collect();
        let mut options = Options::new(Environment::new(0));
        if attributes.contains("c-style") {
            options.escapes = Escapes::CStyle;
        }
        let said = crate::check(&query.join("\n"), &options);
        said.into_iter().filter(|it| it.id == self.name).find_map(|it| it.fix).map(|it| it.safety)
    }
}

/// The `//!` lines at the head of a file, without the marks.
fn header(source: &str) -> String {
    let lines = source.lines().map_while(|it| it.strip_prefix("//!")).map(|it| it.strip_prefix(' ').unwrap_or(it));
    lines.collect::<Vec<_>>().join("\n")
}
