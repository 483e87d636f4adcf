//! What a page declares and its query cannot see: platforms, and kinds of events under `log_sources`. Said only where it
//! is certain that no branch of the query or of its sub-selects lets such an event pass; a log source is held against the
//! event model when it names event ids, as `Sysmon (1, 13)` does. An atomic test is not held against its platform, since
//! one that runs on Linux may be seen on the Windows host that it attacks: a test of the page must show it.

use aql::Seen;
use aql::bound::Query;
use schema::tables::event_classes::{self, EventClass, short_channel};
use schema::tables::log_source_systems::System;
use syntax::{Diagnostic, Span};

use crate::front_matter::FrontMatter;
use crate::read::Options;

/// The name of the warning.
pub(crate) const NAME: &str = "declared-but-unseen";

/// All that the front matter declares in vain.
pub(crate) fn find(values: &FrontMatter, query: &Query, options: &Options) -> Vec<Diagnostic> {
    let Some(mut seen) = Seen::new(query, options) else { return Vec::new() };
    let platforms: Vec<_> = values.platforms.iter().filter_map(|it| platform(it, &mut seen)).collect();
    let log_sources = values.log_sources.iter().filter_map(|it| log_source(it, &mut seen));
    platforms.into_iter().chain(log_sources).collect()
}

fn platform((name, span): &(String, Span), seen: &mut Seen<'_>) -> Option<Diagnostic> {
    let system = System::from_name(name)?;
    let message = format!("no branch of the query can see events of the platform `{name}`");
    let help = format!("add a branch for its logs, or leave `{name}` out");
    (!seen.system(system)).then(|| unseen(*span, message).with_help(help))
}

fn log_source((words, span): &(String, Span), seen: &mut Seen<'_>) -> Option<Diagnostic> {
    let (family, ids) = words.strip_suffix(')')?.split_once('(')?;
    let is_unseen = |id: &&str| {
        let mut kinds = kinds(family.trim(), id).peekable();
        kinds.peek().is_some() && !kinds.any(|it| seen.kind(it))
    };
    let ids: Vec<&str> = ids.split(',').filter_map(number).filter(is_unseen).collect();
    let (last, others) = ids.split_last()?;
    let ids = if others.is_empty() { (*last).to_owned() } else { format!("{} and {last}", others.join(", ")) };
    let message = format!("no branch of the query can see {} {ids}", family.trim());
    Some(unseen(*span, message).with_help("add a branch for these events, or leave them out"))
}

fn unseen(span: Span, message: String) -> Diagnostic {
    Diagnostic::warning(NAME, span, message).with_label("every branch asks for other events")
}

/// The event id of an item such as `4688 with command lines`.
fn number(item: &str) -> Option<&str> {
    item.split_whitespace().next().filter(|it| it.bytes().all(|it| it.is_ascii_digit()))
}

/// The known kinds of events that a page calls by the name of their channel and an id: `Windows Security`, `Sysmon`.
fn kinds(family: &str, id: &str) -> impl Iterator<Item = &'static EventClass> {
    let channel = family.strip_prefix("Windows ").unwrap_or(family);
    event_classes::by_event_id(id).filter(move |it| {
        let short = short_channel(it.channel);
        short == channel || (channel == "PowerShell" && short == "PowerShellCore")
    })
}
