//! Any text is read as Sigma rules and imported without a panic: what is refused has a reason, what is said has its place,
//! and what was written as a page is read as the same page.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sigma::{Collection, Options, Outcome};

fuzz_target!(|text: &str| {
    let mut environment = aql::Environment::new(1_795_305_600_000);
    environment.log_sources = Some(std::sync::Arc::new(aql::NoLogSources));
    let mut options = Options::new(pack::Options::new(environment));
    options.placeholders.add("name", ["one".to_owned(), "t*o".to_owned()]);
    let mut collection = Collection::default();
    collection.add("rule.yml", text);
    for imported in collection.import(&options) {
        for diagnostic in &imported.diagnostics {
            let span = diagnostic.span;
            assert!(text.get(span.start..span.end).is_some(), "{span:?} lies in the text");
        }
        match &imported.outcome {
            Outcome::Refused => {
                assert!(imported.diagnostics.iter().any(syntax::Diagnostic::is_error), "what is refused has a reason");
            }
            Outcome::Detection { detection, .. } => {
                let written = pack::write_page(detection);
                let (again, _) = pack::read_page("rule.yml", &written, &options.pages);
                let again = again.expect("what was written is a page");
                assert_eq!(pack::Draft::of(detection), pack::Draft::of(&again));
            }
            Outcome::Part | Outcome::Filter => {}
        }
    }
});
