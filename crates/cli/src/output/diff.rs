//! The difference of two queries, for people and as JSON.

use std::fmt::Write as _;

use engine::Verdict;
use serde_json::{Map, Value, json};

use super::table::printable;
use super::{Table, time};
use crate::difference::{Difference, Row};
use crate::queries::NamedQuery;

/// How much of a row is printed, in characters.
const ROW_MAX: usize = 400;

/// What there is to say.
pub(crate) struct Report<'a> {
    pub(crate) old: &'a NamedQuery,
    pub(crate) new: &'a NamedQuery,
    /// Of OLD and of NEW; nothing for a bare query.
    pub(crate) verdicts: &'a [Option<Vec<Verdict>>; 2],
    pub(crate) difference: &'a Difference,
    /// Whether rows are events.
    pub(crate) by_event: bool,
}

/// For people.
pub(crate) fn text(report: &Report<'_>) -> String {
    let difference = report.difference;
    let mut text = String::new();
    let sides = [("old", report.old), ("new", report.new)];
    let mut table = Table::new(["", "rows", "tests", "query"]);
    for ((side, query), (rows, verdicts)) in sides.iter().zip(difference.rows.iter().zip(report.verdicts)) {
        table.row([*side, &rows.to_string(), &tests_text(verdicts.as_deref()), &query.name]);
    }
    let _ = writeln!(text, "{table}");
    let total = difference.total();
    let _ = writeln!(text, "{} kept, {} gained, {} lost", total.kept, total.gained, total.lost);
    if !report.by_event {
        text.push_str("rows are compared by their columns, since a query looks at groups\n");
    }
    if difference.changed > 0 {
        let columns: Vec<_> =
            difference.changed_columns.iter().map(|(column, rows)| format!("{column} {rows}")).collect();
        let _ = writeln!(text, "{} of the kept have other values: {}", difference.changed, columns.join(", "));
    }
    let mut table = Table::new(["kept", "gained", "lost", "branch"]);
    for (branch, counts) in &difference.branches {
        let numbers = [counts.kept, counts.gained, counts.lost].map(|it| it.to_string());
        table.row(numbers.iter().chain([branch]));
    }
    if !difference.branches.is_empty() {
        let _ = write!(text, "\n{table}");
    }
    for ((old, new), rows) in &difference.moved {
        let _ = writeln!(text, "moved: {rows} from {old} to {new}");
    }
    examples(&mut text, "gained", total.gained, &difference.gained);
    examples(&mut text, "lost", total.lost, &difference.lost);
    failures(&mut text, report);
    text
}

fn tests_text(verdicts: Option<&[Verdict]>) -> String {
    match verdicts {
        None => "-".to_owned(),
        Some(verdicts) => {
            format!("{} of {} hold", verdicts.iter().filter(|it| it.passed()).count(), verdicts.len())
        }
    }
}

fn examples(text: &mut String, what: &str, count: u64, rows: &[Row]) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{what}, {} of {count}", rows.len());
    for row in rows {
        let found = &row.found;
        let moment = found.time.map_or_else(|| "-".to_owned(), time::rfc3339);
        let place = found.locator.as_ref().map(|it| format!("  {}:{}", it.file, it.record)).unwrap_or_default();
        let [host, user] = [&found.host, &found.user].map(|it| printable(it.as_deref().unwrap_or("-")));
        let branch = row.branch.as_deref().unwrap_or("-");
        let _ = writeln!(text, "  {moment}  {host}  {user}{}  [{branch}]", printable(&place));
        let columns = found.columns.iter().filter(|(_, value)| !value.is_null());
        let columns: Vec<_> = columns.map(|(name, value)| format!("{name}={}", plain(value))).collect();
        let columns: String = printable(&columns.join("  ")).chars().take(ROW_MAX).collect();
        let _ = writeln!(text, "      {columns}");
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn failures(text: &mut String, report: &Report<'_>) {
    for (side, query, verdicts) in sides(report) {
        for (kind, name, reason) in failed(query, verdicts) {
            let _ = writeln!(text, "\ntest of {side} fails: {kind} \"{name}\": {reason}");
        }
    }
}

fn sides<'a>(report: &'a Report<'_>) -> [(&'static str, &'a NamedQuery, Option<&'a Vec<Verdict>>); 2] {
    [("old", report.old, report.verdicts[0].as_ref()), ("new", report.new, report.verdicts[1].as_ref())]
}

/// Kind, name and reason of each test that fails.
fn failed<'a>(query: &'a NamedQuery, verdicts: Option<&'a Vec<Verdict>>) -> Vec<(&'static str, &'a str, String)> {
    let Some((detection, verdicts)) = query.detection.as_ref().zip(verdicts) else { return Vec::new() };
    let tests = verdicts.iter().filter_map(|it| Some((detection.tests.get(it.test)?, it.failure.as_ref()?)));
    tests.map(|(test, failure)| (test.kind.name(), test.name.as_str(), failure.to_string())).collect()
}

/// For machines.
pub(crate) fn json(report: &Report<'_>) -> Value {
    let difference = report.difference;
    let total = difference.total();
    let branches = difference.branches.iter().map(|(branch, counts)| {
        json!({ "branch": branch, "kept": counts.kept, "gained": counts.gained, "lost": counts.lost })
    });
    let moved = difference.moved.iter().map(|((old, new), rows)| json!({ "from": old, "to": new, "rows": rows }));
    let sides: Map<String, Value> = sides(report)
        .into_iter()
        .zip(difference.rows)
        .map(|((side, query, verdicts), rows)| {
            let failing: Vec<_> = failed(query, verdicts)
                .into_iter()
                .map(|(kind, name, reason)| json!({ "kind": kind, "name": name, "reason": reason }))
                .collect();
            let tests = verdicts.map(|it| json!({ "all": it.len(), "failing": failing }));
            (side.to_owned(), json!({ "query": query.name, "rows": rows, "tests": tests }))
        })
        .collect();
    json!({
        "old": sides["old"],
        "new": sides["new"],
        "compared_by": if report.by_event { "event" } else { "columns" },
        "kept": total.kept,
        "gained": total.gained,
        "lost": total.lost,
        "changed": difference.changed,
        "changed_columns": difference.changed_columns,
        "branches": branches.collect::<Vec<_>>(),
        "moved": moved.collect::<Vec<_>>(),
        "gained_examples": difference.gained.iter().map(row_json).collect::<Vec<_>>(),
        "lost_examples": difference.lost.iter().map(row_json).collect::<Vec<_>>(),
    })
}

fn row_json(row: &Row) -> Value {
    let found = &row.found;
    let columns: Map<String, Value> =
        found.columns.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
    json!({
        "branch": row.branch,
        "time": found.time.map(time::rfc3339),
        "host": found.host,
        "user": found.user,
        "source": found.locator.as_ref().map(|it| json!({ "file": *it.file, "record": it.record })),
        "columns": columns,
    })
}
