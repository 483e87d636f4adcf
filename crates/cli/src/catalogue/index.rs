//! The lists of the catalogue: all detections, and grouped.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pack::{Detection, Level};

use super::{Entry, layout};
use crate::output::html::escape;

/// One way to group the detections.
pub(super) struct Grouping {
    /// The name of the file, without `.html`.
    pub(super) file: &'static str,
    /// In the navigation and as heading.
    pub(super) title: &'static str,
    /// The groups that a detection is in: what sorts them, and their headings.
    groups: fn(&Detection) -> Vec<(String, String)>,
}

/// All ways.
pub(super) static GROUPINGS: &[Grouping] = &[
    Grouping { file: "techniques", title: "By technique", groups: techniques },
    Grouping { file: "platforms", title: "By platform", groups: platforms },
    Grouping { file: "log-sources", title: "By log source", groups: log_sources },
    Grouping { file: "severities", title: "By severity", groups: severities },
];

fn techniques(detection: &Detection) -> Vec<(String, String)> {
    detection.techniques.iter().map(|it| (it.clone(), it.clone())).collect()
}

fn platforms(detection: &Detection) -> Vec<(String, String)> {
    detection.platforms.iter().map(|it| (it.clone(), it.clone())).collect()
}

/// The log without what stands in parentheses after it.
fn log_sources(detection: &Detection) -> Vec<(String, String)> {
    let name = |it: &String| it.split(" (").next().unwrap_or(it).trim().to_owned();
    let mut names: Vec<_> = detection.log_sources.iter().map(name).map(|it| (it.to_lowercase(), it)).collect();
    names.dedup();
    names
}

/// The most severe first.
fn severities(detection: &Detection) -> Vec<(String, String)> {
    let from_top = Level::ALL.len() - detection.severity as usize;
    vec![(from_top.to_string(), detection.severity.to_string())]
}

/// The first page: all detections, with a field that narrows them.
pub(super) fn all(entries: &[Entry<'_>]) -> String {
    let tests: usize = entries.iter().map(|it| it.verdicts.len()).sum();
    let holding: usize = entries.iter().map(Entry::holding).sum();
    let mut main = format!(
        "<h1>Detections</h1>\n<p>{} detections; {holding} of their {tests} tests hold.</p>\n\
         <p class=\"filter\" hidden><label for=\"filter\">Narrow the list: technique, platform, log, word</label>\n\
         <input id=\"filter\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\">\n\
         <span id=\"shown\" role=\"status\"></span></p>\n",
        entries.len()
    );
    let all: Vec<_> = entries.iter().collect();
    table(&mut main, &all, "All detections, the most severe first");
    layout::page("Detections", "", "index", &main)
}

/// A page of groups.
pub(super) fn grouped(grouping: &Grouping, entries: &[Entry<'_>]) -> String {
    let mut groups: BTreeMap<(String, String), Vec<&Entry<'_>>> = BTreeMap::new();
    for entry in entries {
        for group in (grouping.groups)(entry.detection) {
            groups.entry(group).or_default().push(entry);
        }
    }
    let mut main = format!("<h1>{}</h1>\n<ul class=\"groups\">\n", grouping.title);
    for ((_, name), members) in &groups {
        let anchor = layout::anchor(name);
        let _ = writeln!(main, "<li><a href=\"#{anchor}\">{}</a> ({})</li>", heading(name), members.len());
    }
    main.push_str("</ul>\n");
    for ((_, name), members) in &groups {
        let _ = writeln!(main, "<h2 id=\"{}\">{}</h2>", layout::anchor(name), heading(name));
        if schema::tables::attack::technique(name).is_some() {
            let _ = writeln!(main, "<p>Described at {}.</p>", layout::technique(name));
        }
        table(&mut main, members, &heading(name));
    }
    layout::page(grouping.title, "", grouping.file, &main)
}

fn heading(name: &str) -> String {
    match schema::tables::attack::technique(name) {
        Some(technique) => format!("{} {}", technique.id, escape(technique.name)),
        None => escape(name),
    }
}

fn table(text: &mut String, entries: &[&Entry<'_>], caption: &str) {
    let mut sorted = entries.to_vec();
    sorted.sort_by(|a, b| {
        let key = |it: &Entry<'_>| (std::cmp::Reverse(it.detection.severity), it.detection.title.clone());
        key(a).cmp(&key(b))
    });
    let _ = write!(
        text,
        "<table class=\"detections\">\n<caption>{caption}</caption>\n<thead><tr><th scope=\"col\">Severity</th>\
         <th scope=\"col\">Detection</th><th scope=\"col\">Techniques</th><th scope=\"col\">Platforms</th>\
         <th scope=\"col\">Log sources</th><th scope=\"col\">Tests</th></tr></thead>\n<tbody>\n"
    );
    for entry in sorted {
        let detection = entry.detection;
        let _ = writeln!(
            text,
            "<tr><td>{}</td><th scope=\"row\"><a href=\"detections/{}.html\">{}</a></th><td>{}</td><td>{}</td>\
             <td>{}</td><td>{}</td></tr>",
            layout::level(detection.severity),
            detection.id,
            escape(&detection.title),
            escape(&detection.techniques.join(", ")),
            escape(&detection.platforms.join(", ")),
            escape(&detection.log_sources.join("; ")),
            entry.tests(),
        );
    }
    text.push_str("</tbody>\n</table>\n");
}
