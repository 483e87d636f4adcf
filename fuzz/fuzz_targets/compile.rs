//! Any text is bound, checked and lowered without a panic: what is accepted has a plan, what is refused has a reason.

#![no_main]

use aql::bound::Window;
use aql::{Compiled, Environment, Escapes, LowerOptions, Options};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    // A moment in 2026, in a zone with summer time.
    let mut environment = Environment::new(1_795_305_600_000);
    environment.time_zone = "Europe/Rome".to_owned();
    let mut options = Options::new(environment);
    for escapes in [Escapes::Strict, Escapes::CStyle] {
        options.escapes = escapes;
        check(text, aql::compile(text, &options), &options, true);
        check(text, aql::compile_filter(text, &schema::EVENTS, &options), &options, false);
        check(text, aql::compile_expression(text, &schema::EVENTS, &options), &options, false);
    }
});

fn check(text: &str, compiled: Compiled, options: &Options, is_whole: bool) {
    for diagnostic in &compiled.diagnostics {
        let spans = diagnostic.labels.iter().map(|it| it.span).chain([diagnostic.span]);
        let edits = diagnostic.fix.iter().flat_map(|it| &it.edits).map(|it| it.0);
        for span in spans.chain(edits) {
            assert!(text.get(span.start..span.end).is_some(), "{span:?} lies in the text");
        }
    }
    let Some(query) = compiled.query else {
        assert!(compiled.diagnostics.iter().any(syntax::Diagnostic::is_error), "what is refused has a reason");
        return;
    };
    let resolve = |window: Option<&Window>| window.map(|it| it.resolve(options.environment.now, &|_| None));
    let lowering = LowerOptions::new(&options.environment).with_time(&resolve).with_newest_first();
    query.lower_filter(&lowering).expect("what was accepted can be lowered");
    if is_whole {
        query.lower(&lowering).expect("what was accepted has a plan");
    }
}
