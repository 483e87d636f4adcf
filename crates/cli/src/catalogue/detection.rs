//! The page of one detection.

use std::fmt::Write as _;

use pack::heading::Heading;
use pack::{Detection, Input, Score, Section};

use super::{Entry, evasion, layout, markdown};
use crate::output::count_matches;
use crate::output::html::escape;

/// The whole page.
pub(super) fn page(entry: &Entry<'_>, all: &[Entry<'_>]) -> String {
    let detection = entry.detection;
    let has_page = |id: &str| all.iter().any(|it| it.detection.id == id);
    let to_html = |text: &str| markdown::to_html(text, &has_page);
    let mut main = format!("<h1>{}</h1>\n", escape(&detection.title));
    facts(&mut main, entry);
    main.push_str(&to_html(&detection.description));
    for section in &detection.sections {
        let _ =
            writeln!(main, "<h2 id=\"{0}\">{1}</h2>", layout::anchor(section.heading.title()), section.heading.title());
        match section.heading {
            Heading::Tests => tests(&mut main, entry),
            Heading::Query => {
                main.push_str(&to_html(&section.text));
                fields(&mut main, detection);
            }
            _ => main.push_str(&to_html(&section.text)),
        }
        if section.heading == Heading::Query {
            platforms(&mut main, entry);
        }
        if section.heading == Heading::Tests {
            evasion::section(&mut main, entry, &has_page);
        }
    }
    layout::page(&detection.title, "../", "", &main)
}

fn facts(text: &mut String, entry: &Entry<'_>) {
    let detection = entry.detection;
    text.push_str("<dl class=\"facts\">\n");
    let mut fact = |name: &str, html: &str| {
        if !html.is_empty() {
            let _ = writeln!(text, "<dt>{name}</dt><dd>{html}</dd>");
        }
    };
    let list = |items: &[String]| escape(&items.join(", "));
    fact("Severity", &layout::level(detection.severity));
    fact("Confidence", detection.confidence.name());
    match &detection.score {
        Score::Constant(score) => fact("Risk score", &format!("{score} of 100")),
        Score::Column(column) => fact("Risk score", &format!("0-100, in the column <code>{}</code>", escape(column))),
    }
    fact("Status", detection.status.name());
    let techniques: Vec<_> = detection.techniques.iter().map(|it| layout::technique(it)).collect();
    fact("Techniques", &techniques.join("<br>"));
    fact("Tactics", &tactics(detection));
    fact("Detection strategies", &list(&detection.detection_strategies));
    fact("Data components", &list(&detection.data_components));
    fact("Platforms", &list(&detection.platforms));
    fact("Log sources", &list(&detection.log_sources));
    fact("Tests", &entry.tests());
    fact("Evasion", &evasion::score(&entry.evasions));
    let atomics = detection.atomics.iter().map(|it| format!("<code>{}</code>", escape(it)));
    fact("Atomic Red Team tests", &atomics.collect::<Vec<_>>().join("<br>"));
    fact("Id", &format!("<code>{}</code>", escape(&detection.id)));
    let sigma = match &entry.sigma {
        Ok(files) => {
            let link = |name| format!("<a href=\"../sigma/{name}\" download>Download {name}</a>");
            files.iter().map(|it| link(escape(&it.name))).collect::<Vec<_>>().join("<br>")
        }
        Err(reason) => format!("none: {}", escape(reason)),
    };
    fact("Sigma rules", &sigma);
    text.push_str("</dl>\n");
}

/// Names of the tactics of all its techniques, each once.
fn tactics(detection: &Detection) -> String {
    let techniques = detection.techniques.iter().filter_map(|it| schema::tables::attack::technique(it));
    let mut names: Vec<_> = techniques
        .flat_map(|it| it.tactics)
        .filter_map(|it| schema::tables::attack::tactic(it))
        .map(|it| it.name)
        .collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}

/// The fields that the query reads.
fn fields(text: &mut String, detection: &Detection) {
    text.push_str(
        "<h3>Fields needed</h3>\n<table>\n<caption>What the query reads of an event</caption>\n\
         <thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Other names</th><th scope=\"col\">Meaning</th></tr>\
         </thead>\n<tbody>\n",
    );
    let database = detection.bound.database();
    let read = detection.bound.fields_read();
    for field in read.into_iter().filter_map(|it| database?.fields.get(it)) {
        let _ = writeln!(
            text,
            "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td></tr>",
            escape(field.name),
            escape(&field.aliases.join(", ")),
            escape(field.meaning)
        );
    }
    text.push_str("</tbody>\n</table>\n");
}

/// Queries of other platforms.
fn platforms(text: &mut String, entry: &Entry<'_>) {
    if entry.platforms.is_empty() {
        return;
    }
    text.push_str("<h3>Other platforms</h3>\n<p>Made from the Sigma rules by sigma-cli.</p>\n");
    for platform in &entry.platforms {
        let _ = writeln!(text, "<details><summary>{}</summary>", escape(platform.name));
        match &platform.query {
            Ok(query) => text.push_str(&markdown::block("", query)),
            Err(reason) => {
                let _ = writeln!(text, "<p>Not converted: {}</p>", escape(reason));
            }
        }
        text.push_str("</details>\n");
    }
}

/// The tests with their verdicts; the events behind each.
fn tests(text: &mut String, entry: &Entry<'_>) {
    let detection = entry.detection;
    let prose = detection.sections.iter().find(|it| it.heading == Heading::Tests).map(|Section { text, .. }| text);
    let before = prose.and_then(|it| it.split("```").next()).unwrap_or_default();
    text.push_str(&markdown::to_html(before, &|_| false));
    for verdict in &entry.verdicts {
        let Some(case) = detection.tests.get(verdict.test) else { continue };
        let (class, word) = if verdict.passed() { ("holds", "holds") } else { ("fails", "FAILS") };
        let outcome = match &verdict.failure {
            Some(failure) => failure.to_string(),
            None if verdict.count > 0 => count_matches(verdict.count),
            None => "no match, as it must be".to_owned(),
        };
        let _ = write!(
            text,
            "<details><summary><span class=\"{class}\">{word}</span> · {} · {}</summary>\n<p>{}</p>\n",
            case.kind.name(),
            escape(&case.name),
            escape(&outcome),
        );
        match &case.input {
            Input::Text(events) => text.push_str(&markdown::block("", events)),
            Input::File(file) => {
                let _ =
                    writeln!(text, "<p>The events are in the file <code>{}</code> beside the page.</p>", escape(file));
            }
        }
        text.push_str("</details>\n");
    }
}
