//! `prospero fields`

use anyhow::{Result, bail};
use schema::{Database, Field};
use serde_json::json;

use super::Outcome;
use crate::output::{self, CatalogueFormat, Table};

/// What `fields` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero fields
  prospero fields service
  prospero fields --database flows --format json")]
pub(crate) struct Arguments {
    /// Only fields of which a name or the meaning holds this text.
    #[arg(value_name = "TEXT")]
    search: Option<String>,
    /// The database: events, flows or simarc.
    #[arg(long, default_value = "events")]
    database: String,
    /// How to print them.
    #[arg(long, value_enum, default_value_t = CatalogueFormat::Table)]
    format: CatalogueFormat,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let Some(database) = schema::database(&arguments.database) else {
        let known: Vec<_> = schema::DATABASES.iter().map(|it| it.name).collect();
        bail!("no database `{}`; there are {}", arguments.database, known.join(", "));
    };
    let fields: Vec<&Field> = wanted(database, arguments.search.as_deref());
    if fields.is_empty() {
        output::note("no such field; a name that no row has is read from the properties of the log");
    }
    match arguments.format {
        CatalogueFormat::Table => {
            let mut table = Table::new(["field", "type", "other names", "meaning"]);
            for field in &fields {
                table.row([field.name, field.value_type.name(), &field.aliases.join(", "), field.meaning]);
            }
            output::write_all(table.to_string().as_bytes())?;
        }
        CatalogueFormat::Json => {
            let rows: Vec<_> = fields.iter().map(|field| to_json(field)).collect();
            output::write_json(&rows)?;
        }
    }
    Ok(Outcome::Done)
}

fn wanted(database: &Database, search: Option<&str>) -> Vec<&'static Field> {
    let search = search.map(schema::key);
    let holds = |text: &str, part: &str| schema::key(text).contains(part);
    let fields = database.fields.iter().filter(|it| it.kind != schema::Kind::Locator);
    fields
        .filter(|field| {
            search.as_ref().is_none_or(|part| {
                let mut names = field.names().chain(field.sigma.iter().copied());
                names.any(|it| holds(it, part)) || holds(field.meaning, part)
            })
        })
        .collect()
}

fn to_json(field: &Field) -> serde_json::Value {
    json!({
        "name": field.name,
        "type": field.value_type.name(),
        "aliases": field.aliases,
        "sigma": field.sigma,
        "meaning": field.meaning,
        "sources": field.sources.iter().map(|(family, place)| json!({ "family": family, "place": place })).collect::<Vec<_>>(),
    })
}
