//! Any text is read without a panic, all spans lie in it, and what is said about it can be rendered.

#![no_main]

use libfuzzer_sys::fuzz_target;
use syntax::{Diagnostic, Span};

fuzz_target!(|text: &str| {
    for diagnostics in [syntax::parse_query(text).1, syntax::parse_filter(text).1, syntax::parse_expression(text).1] {
        check(text, &diagnostics);
    }
    for comment in syntax::comments(text) {
        check_span(text, comment);
    }
});

fn check(text: &str, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        check_span(text, diagnostic.span);
        diagnostic.labels.iter().for_each(|it| check_span(text, it.span));
        for (span, _) in diagnostic.fix.iter().flat_map(|it| &it.edits) {
            check_span(text, *span);
        }
    }
    syntax::render(diagnostics, "fuzz.aql", text, false);
}

fn check_span(text: &str, span: Span) {
    assert!(text.get(span.start..span.end).is_some(), "{span:?} lies in the text");
}
