//! What is said of a page whose queries are written in the dialect `c-style`: one fix for all of them, which also changes
//! the dialect that the page declares.

use syntax::{Diagnostic, Span};

use crate::page;

/// The lint that is said of each query.
const LINT: &str = "c-style-escapes";

/// Joins what the lint says of the queries of a page into one, whose fix is whole.
pub(crate) fn join(text: &str, diagnostics: &mut Vec<Diagnostic>) {
    let (mut said, others): (Vec<_>, Vec<_>) = diagnostics.drain(..).partition(|it| it.id == LINT);
    *diagnostics = others;
    said.sort_by_key(|it| it.span.start);
    let mut said = said.into_iter();
    let Some(mut first) = said.next() else { return };
    let edits: Vec<_> = said.filter_map(|it| it.fix).flat_map(|it| it.edits).collect();
    match (&mut first.fix, declaration(text)) {
        (Some(fix), Some(place)) => {
            fix.edits.extend(edits);
            fix.edits.push((place, "strict".to_owned()));
        }
        _ => first.fix = None,
    }
    diagnostics.push(first);
}

/// Where the front matter says `c-style` behind `escapes`.
fn declaration(text: &str) -> Option<Span> {
    let front_matter = page::parse(text).0?.front_matter;
    let written = &text[front_matter.start..front_matter.end];
    let dialect = written.find("dialect:")?;
    let escapes = dialect + written[dialect..].find("escapes:")? + "escapes:".len();
    let start = escapes + written[escapes..].find("c-style")?;
    let between = written[escapes..start].trim_matches(|it: char| it.is_whitespace() || it == '"' || it == '\'');
    between.is_empty().then(|| Span::new(front_matter.start + start, front_matter.start + start + "c-style".len()))
}
