//! Documents that are projections of tables. Each is written where it differs, and then the check fails.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use schema::Database;

/// The usage.
pub(crate) const HELP: &str = "docs                      writes the generated documents; fails where one was stale";

/// Path and maker.
type Document = (&'static str, fn() -> Result<String>);

/// Each generated file and what makes its text.
const DOCUMENTS: [Document; 15] = [
    ("docs/reference/fields.md", || Ok(fields())),
    ("docs/reference/functions.md", || Ok(functions())),
    ("docs/reference/commands.md", || Ok(commands())),
    ("docs/reference/detection-keys.md", || Ok(detection_keys())),
    ("docs/detection.schema.json", || Ok(detection_schema())),
    ("docs/reference/atomics.md", crate::atomics::document),
    ("docs/reference/evasion.md", crate::evasion::document),
    ("docs/reference/signals.md", crate::signals::document),
    ("docs/reference/mutation.md", || Ok(mutation())),
    ("docs/reference/tuning-keys.md", || Ok(tuning_keys())),
    ("docs/reference/sigma-log-sources.md", || Ok(sigma_log_sources())),
    ("editors/vscode/syntaxes/aql.tmLanguage.json", || Ok(crate::grammar::document())),
    ("docs/tuning.schema.json", || Ok(tuning_schema())),
    ("docs/reference/lints.md", || Ok(crate::lints::document())),
    ("docs/reference/settings.md", || Ok(settings())),
];

/// Writes what is stale; an error names it.
pub(crate) fn run(_: &[String]) -> Result<()> {
    let root = &crate::root();
    let mut stale = Vec::new();
    for (name, make) in &DOCUMENTS {
        let path = root.join(name);
        let text = make()?;
        if std::fs::read_to_string(&path).is_ok_and(|it| it == text) {
            continue;
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, text).with_context(|| format!("cannot write {name}"))?;
        stale.push(*name);
    }
    if stale.is_empty() { Ok(()) } else { bail!("was stale and is written anew: {}", stale.join(", ")) }
}

/// The changes that mutation testing makes.
fn mutation() -> String {
    let mut text = heading("Changes of mutation testing", "crates/engine/src/mutate/kinds");
    text.push_str("What `prospero mutate` does to the query of a page: [mutation.md](../mutation.md).\n\n");
    text.push_str("| change | what it does | what decides it |\n|---|---|---|\n");
    for kind in engine::MUTATION_KINDS {
        let (description, remedy) = (cell(kind.description), cell(kind.remedy));
        let _ = writeln!(text, "| `{}` | {description} | {remedy} |", kind.name);
    }
    text
}

pub(crate) fn heading(title: &str, source: &str) -> String {
    format!("# {title}\n\nMade from `{source}` by `cargo xtask docs`; change it there.\n\n")
}

/// Text that stands in a cell of a Markdown table.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// A link from a page of the reference to the page of a detection.
pub(crate) fn page_link(detection: &pack::Detection) -> String {
    format!("[{}](../../packs/{})", detection.id, detection.file)
}

fn fields() -> String {
    let mut text = heading("Fields", "crates/schema/src/fields");
    text.push_str("Names ignore case and blanks. What no row names is kept under the name that the log gives it.\n");
    for database in schema::DATABASES {
        text.push_str(&fields_of(database));
    }
    text
}

fn fields_of(database: &Database) -> String {
    let mut text =
        format!("\n## {}\n\n| field | type | other names | Sigma | meaning |\n|---|---|---|---|---|\n", database.name);
    for field in database.fields.iter().filter(|it| it.kind != schema::Kind::Locator) {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            cell(field.name),
            field.value_type.name(),
            cell(&field.aliases.join(", ")),
            cell(&field.sigma.join(", ")),
            cell(field.meaning),
        );
    }
    text
}

fn functions() -> String {
    let mut text = heading("Functions", "crates/aql/src/functions");
    text.push_str("An *extension* is not a function of QRadar.\n");
    for function in aql::functions::FUNCTIONS {
        let _ = writeln!(text, "\n## {}\n", function.name);
        let _ = writeln!(text, "`{}` returns {}.", function.signature(), function.returns);
        if let aql::Standing::Extension(portable) = function.standing {
            let portable = portable.map_or_else(String::new, |it| format!(" On QRadar write `{it}`."));
            let _ = writeln!(text, "An extension.{portable}");
        }
        let _ = writeln!(text, "\n{}", function.summary);
        if !function.examples.is_empty() {
            text.push_str("\n| call | value |\n|---|---|\n");
        }
        for example in function.examples {
            let _ = writeln!(text, "| `{}` | `{}` |", cell(example.call), cell(example.value));
        }
    }
    text
}

fn commands() -> String {
    let mut text = heading("Commands", "crates/cli/src/commands");
    let mut command = cli::command().term_width(100);
    command.build();
    let mut pages = vec![command.render_long_help().to_string()];
    for verb in command.get_subcommands_mut().filter(|it| it.get_name() != "help") {
        pages.push(verb.render_long_help().to_string());
    }
    for page in pages {
        let page: Vec<_> = page.lines().map(str::trim_end).collect();
        let _ = writeln!(text, "```text\n{}\n```\n", page.join("\n").trim_end());
    }
    text
}

fn detection_keys() -> String {
    let mut text = heading("Keys and headings of a detection page", "crates/pack/src");
    text.push_str("The format as a whole: [detection-format.md](../detection-format.md).\n\n");
    text.push_str("| key | required | value | meaning |\n|---|---|---|---|\n");
    for key in pack::front_matter::KEYS {
        let required = if key.required { "yes" } else { "" };
        let _ =
            writeln!(text, "| `{}` | {required} | {} | {} |", key.name, cell(&key.shape.describe()), cell(key.meaning));
    }
    text.push_str("\n| heading | required | what stands under it |\n|---|---|---|\n");
    for row in pack::heading::HEADINGS {
        let required = if row.required { "yes" } else { "" };
        let _ = writeln!(text, "| `## {}` | {required} | {} |", row.title, cell(row.meaning));
    }
    text
}

fn sigma_log_sources() -> String {
    use sigma::log_source::{Name, PRODUCTS, ROWS};
    let mut text = heading("Log sources of Sigma", "crates/sigma/src/log_source.rs");
    text.push_str("How they are used: [sigma.md](../sigma.md).\n\n");
    text.push_str("| product | service | `devicetype` |\n|---|---|---|\n");
    for product in PRODUCTS {
        let types: Vec<_> = product.device_types.iter().map(i64::to_string).collect();
        let _ = writeln!(text, "| {} | {} | {} |", product.name, product.service, types.join(", "));
    }
    text.push_str("\n| product | category | service | events |\n|---|---|---|---|\n");
    for row in ROWS {
        let (category, service) = match row.name {
            Name::Category(it) => (it, ""),
            Name::Service(it) => ("", it),
        };
        let classes: Vec<_> = row.classes.iter().map(sigma_class).collect();
        let _ = writeln!(text, "| {} | {category} | {service} | {} |", row.product, cell(&classes.join("; or ")));
    }
    text
}

fn sigma_class(class: &sigma::log_source::Class) -> String {
    let numbers = |it: &[i64]| it.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let ids: Vec<i64> = class.event_ids.iter().map(|it| i64::from(*it)).collect();
    let parts = [
        ("", class.channels.join(", ")),
        ("event ", numbers(&ids)),
        ("type ", class.event_types.join(", ")),
        ("category ", numbers(class.categories)),
    ];
    let parts = parts.iter().filter(|it| !it.1.is_empty()).map(|(word, values)| format!("{word}{values}"));
    parts.collect::<Vec<_>>().join(": ")
}

fn detection_schema() -> String {
    format!("{:#}\n", pack::front_matter::json_schema())
}

fn tuning_keys() -> String {
    let mut text = heading("Keys of a tuning file, built-in exclusions", "crates/pack/src/tuning` and `tuning/");
    text.push_str("The format as a whole: [tuning.md](../tuning.md).\n\n");
    text.push_str("| key | required | value | meaning |\n|---|---|---|---|\n");
    for key in pack::tuning::KEYS {
        let required = if key.required { "yes" } else { "" };
        let _ =
            writeln!(text, "| `{}` | {required} | {} | {} |", key.name, cell(&key.shape.describe()), cell(key.meaning));
    }
    text.push_str("\n## Built-in exclusions\n\nOff until their product is chosen with `--exclude`.\n\n");
    text.push_str("| product | exclusion | why, and how that is known |\n|---|---|---|\n");
    let options = aql::Options::new(aql::Environment::new(0));
    for (file, source) in pack::builtin_tuning() {
        for it in pack::tuning::read_tuning(file, source, &options).0 {
            let product = it.product.unwrap_or_default();
            let _ = writeln!(text, "| `{product}` | `{}` | {} |", it.id, cell(&it.reason));
        }
    }
    text
}

fn settings() -> String {
    let mut text = heading("Keys of prospero.toml", "crates/cli/src/settings.rs");
    text.push_str("Which file holds, and what goes before it: [check.md](../check.md#settings).\n\n");
    text.push_str("| table | key | value | meaning |\n|---|---|---|---|\n");
    for key in cli::KEYS {
        let table = if key.table.is_empty() { String::new() } else { format!("`[{}]`", key.table) };
        let _ = writeln!(text, "| {table} | `{}` | {} | {} |", key.name, cell(key.value), cell(key.meaning));
    }
    text
}

fn tuning_schema() -> String {
    format!("{:#}\n", pack::tuning::json_schema())
}

#[cfg(test)]
mod tests {
    #[test]
    fn generated_documents_are_fresh() {
        super::run(&[]).expect("each document is as its table says");
    }
}
