//! Whole queries: what is said about each, its columns, tests of text, guards, and its plan. A case is a file in
//! `queries/`; its first line may be `-- c-style`.

use std::fmt::Write;
use std::path::Path;

use aql::bound::{Expr, ExprKind, Query, Window};
use aql::{Environment, Escapes, LowerOptions, Options, compile};

fn report(text: &str) -> String {
    let escapes = if text.starts_with("-- c-style") { Escapes::CStyle } else { Escapes::Strict };
    let options = Options { escapes, ..Options::new(Environment::new(1_704_067_200_000)) };
    let compiled = compile(text, &options);
    let mut report = syntax::render(&compiled.diagnostics, "query", text, false);
    if let Some(query) = &compiled.query {
        write_query(&mut report, text, query, &options).expect("a text takes what is written");
    }
    report
}

fn write_query(report: &mut String, text: &str, query: &Query, options: &Options) -> std::fmt::Result {
    writeln!(report, "columns:")?;
    for column in &query.columns {
        writeln!(report, "  {}: {:?}", column.name, column.expr.value_type)?;
    }
    let mut tests = String::new();
    query.visit(&mut |it| describe(&mut tests, text, it));
    write!(report, "tests of text:\n{tests}")?;
    for guard in query.class_guards() {
        let name = query.database().map_or("", |it| it.fields[guard.field].name);
        writeln!(report, "guard: {name} in {:?}", guard.values)?;
    }
    let resolve = |window: Option<&Window>| window.map(|it| it.resolve(options.environment.now, &|_| None));
    let lower = LowerOptions::new(&options.environment).with_time(&resolve).with_newest_first();
    let plan = query.lower(&lower).expect("a compiled query has a plan");
    write!(report, "plan:\n{}", plan.display_indent())
}

/// A line for a test of text.
fn describe(report: &mut String, source: &str, expr: &Expr) {
    let ExprKind::Text(found) = &expr.kind else { return };
    let span = |it: syntax::Span| source.get(it.start..it.end).unwrap_or("?");
    let not = if found.negated { "not " } else { "" };
    let patterns: Vec<String> =
        found.patterns.iter().map(|it| format!("{:?} {} from {}", it.kind, it.text, span(it.span))).collect();
    let (operand, patterns) = (span(found.operand.span), patterns.join(", "));
    writeln!(report, "  {not}{operand} {:?} {patterns}", found.case).expect("a text takes what is written");
}

#[test]
fn queries() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/queries");
    let files = std::fs::read_dir(&folder).expect("the folder of cases can be read");
    let mut names: Vec<_> = files.map(|it| it.expect("a case can be listed").path()).collect();
    names.sort();
    assert!(!names.is_empty(), "there are cases");
    for path in names {
        let text = std::fs::read_to_string(&path).expect("a case can be read");
        let name = path.file_stem().expect("a case has a name").to_string_lossy().into_owned();
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, report(text.trim_end()));
        });
    }
}
