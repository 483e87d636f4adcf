//! What is read without error prints to a text that is read as the same tree.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (query, diagnostics) = syntax::parse_query(text);
    if diagnostics.iter().all(|it| !it.is_error()) {
        let printed = syntax::print_query(&query);
        let (again, diagnostics) = syntax::parse_query(&printed);
        assert!(diagnostics.is_empty(), "{printed}\n{diagnostics:?}");
        assert!(again == query, "{printed}");
    }
    let (filter, diagnostics) = syntax::parse_filter(text);
    if diagnostics.iter().all(|it| !it.is_error()) {
        let printed = syntax::print_expression(&filter);
        let (again, diagnostics) = syntax::parse_filter(&printed);
        assert!(diagnostics.is_empty(), "{printed}\n{diagnostics:?}");
        assert!(again == filter, "{printed}");
    }
});
