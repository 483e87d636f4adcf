//! The stages of a query, from its text to the plan that runs, each as text.

use anyhow::Result;
use aql::LowerOptions;
use clap::ValueEnum;

use crate::output;

/// A stage that a query goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// The words and signs of the text, each with its place.
    Tokens,
    /// The syntax tree: names are names, nothing is decided.
    Syntax,
    /// The bound query as AQL: names are fields, aliases are replaced, text tests have one form.
    Bound,
    /// The plan, before it is fitted to the tables.
    Logical,
    /// The plan that runs.
    Physical,
}

impl Stage {
    /// The name, as the command line has it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Tokens => "tokens",
            Self::Syntax => "syntax",
            Self::Bound => "bound",
            Self::Logical => "logical",
            Self::Physical => "physical",
        }
    }
}

/// One stage of a text. None when the text cannot be understood so far: it was said why.
pub(crate) fn print(stage: Stage, name: &str, text: &str, options: &aql::Options) -> Result<Option<String>> {
    let mut printed = match stage {
        Stage::Tokens => tokens(text),
        Stage::Syntax => {
            let (query, diagnostics) = syntax::parse_query(text);
            if say(&diagnostics, name, text) {
                return Ok(None);
            }
            syntax::outline(&query)
        }
        Stage::Bound | Stage::Logical | Stage::Physical => {
            let compiled = aql::compile(text, options);
            say(&compiled.diagnostics, name, text);
            let Some(query) = compiled.query else { return Ok(None) };
            match stage {
                Stage::Bound => query.layout(),
                Stage::Logical => {
                    let plan = query.lower(&LowerOptions::new(&options.environment).with_newest_first());
                    plan.map_err(|error| anyhow::anyhow!("{error}"))?.display_indent().to_string()
                }
                _ => engine::explain::physical_text(&query, &options.environment)?,
            }
        }
    };
    if !printed.ends_with('\n') {
        printed.push('\n');
    }
    Ok(Some(printed))
}

/// Line and column, kind and text of each token.
fn tokens(text: &str) -> String {
    let row = |(span, kind): (syntax::Span, &'static str)| {
        let (line, column) = syntax::line_column(text, span.start);
        let place = format!("{line}:{column}");
        format!("{place:<8}{kind:<13}{}\n", text.get(span.start..span.end).unwrap_or_default())
    };
    syntax::named_tokens(text).into_iter().map(row).collect()
}

/// Says what is wrong; whether it is an error.
fn say(diagnostics: &[syntax::Diagnostic], name: &str, text: &str) -> bool {
    let errors: Vec<_> = diagnostics.iter().filter(|it| it.is_error()).cloned().collect();
    if !errors.is_empty() {
        output::note(syntax::render(&errors, name, text, output::colour(&std::io::stderr())).trim_end());
    }
    !errors.is_empty()
}
