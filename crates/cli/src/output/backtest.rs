//! What a backtest found, for people and as JSON.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use engine::{Branches, Match, ScanSummary};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{Table, count_matches, time};
use crate::queries::NamedQuery;

/// The most hosts, users, days or branches that are told apart; what is further is counted together.
const NAMES_MAX: usize = 100_000;
/// How many hosts and users are named.
const NAMED_MAX: usize = 5;
/// What stands for a match without a branch.
const NO_BRANCH: &str = "-";

/// Counts by name.
#[derive(Default)]
struct Counts {
    of: HashMap<String, u64>,
    others: u64,
}

impl Counts {
    fn add(&mut self, name: &str) {
        if let Some(count) = self.of.get_mut(name) {
            *count += 1;
        } else if self.of.len() < NAMES_MAX {
            self.of.insert(name.to_owned(), 1);
        } else {
            self.others += 1;
        }
    }

    /// The most frequent first, then by name.
    fn sorted(&self) -> Vec<(&str, u64)> {
        let mut counts: Vec<_> = self.of.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        counts.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
        counts
    }

    fn text(&self) -> String {
        let sorted = self.sorted();
        let named: Vec<_> = sorted.iter().take(NAMED_MAX).map(|(name, count)| format!("{name} {count}")).collect();
        let more = sorted.len().saturating_sub(NAMED_MAX);
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        let others =
            if self.others > 0 { format!("; {} of further ones", count_matches(self.others)) } else { String::new() };
        format!("{}: {}{more}{others}", sorted.len(), named.join(", "))
    }

    fn json(&self) -> Value {
        self.sorted().into_iter().map(|(name, count)| json!({ "name": name, "matches": count })).collect()
    }
}

/// The matches of one branch.
#[derive(Default)]
struct Branch {
    matches: u64,
    /// First and last moment, in milliseconds since 1970 UTC.
    extent: Option<(i64, i64)>,
    hosts: Counts,
    users: Counts,
}

/// The matches of one query.
pub(crate) struct Tally {
    matches: u64,
    /// The branches of the query in its order, then those that were met beside them.
    branches: Vec<(String, Branch)>,
    /// For each day the matches of each branch; the empty day for matches without a time.
    days: BTreeMap<String, BTreeMap<usize, u64>>,
    hosts: Counts,
    users: Counts,
}

impl Tally {
    /// Without matches.
    pub(crate) fn new(branches: &Branches) -> Self {
        let branches = branches.labels.iter().map(|it| (it.clone(), Branch::default())).collect();
        Self { matches: 0, branches, days: BTreeMap::new(), hosts: Counts::default(), users: Counts::default() }
    }

    /// Adds a match; its day is that of the time zone.
    pub(crate) fn add(&mut self, found: &Match, branch: Option<String>, zone: &TimeZone) {
        self.matches += 1;
        let label = branch.unwrap_or_else(|| NO_BRANCH.to_owned());
        let known = self.branches.iter().position(|(it, _)| *it == label);
        let position = known.unwrap_or_else(|| {
            if self.branches.len() < NAMES_MAX {
                self.branches.push((label, Branch::default()));
            }
            self.branches.len() - 1
        });
        let branch = &mut self.branches[position].1;
        branch.matches += 1;
        if let Some(moment) = found.time {
            let (first, last) = branch.extent.unwrap_or((moment, moment));
            branch.extent = Some((first.min(moment), last.max(moment)));
        }
        if let Some(host) = &found.host {
            branch.hosts.add(host);
            self.hosts.add(host);
        }
        if let Some(user) = &found.user {
            branch.users.add(user);
            self.users.add(user);
        }
        let day = found.time.map(|it| time::day(it, zone)).unwrap_or_default();
        if self.days.len() < NAMES_MAX || self.days.contains_key(&day) {
            *self.days.entry(day).or_default().entry(position).or_default() += 1;
        }
    }
}

/// For people.
pub(crate) fn text(queries: &[NamedQuery], tallies: &[Tally], summary: &ScanSummary) -> String {
    let mut text = String::new();
    for (position, (query, tally)) in queries.iter().zip(tallies).enumerate() {
        let title = query.detection.as_ref().map_or(query.name.as_str(), |it| it.title.as_str());
        let excluded: u64 = summary.excluded[position].iter().sum();
        let excluded = if excluded > 0 { format!(", {excluded} excluded") } else { String::new() };
        let _ = writeln!(text, "{title}  {}{excluded}\n  {}\n", count_matches(tally.matches), query.name);
        if tally.matches > 0 {
            let _ = write!(text, "{}\n{}\n", branch_table(tally), day_table(tally));
            let _ = writeln!(text, "hosts  {}\nusers  {}", tally.hosts.text(), tally.users.text());
        }
        let _ = writeln!(text, "cost   {}\n", cost_text(position, summary));
    }
    text
}

fn branch_table(tally: &Tally) -> Table {
    let mut table = Table::new(["#", "matches", "hosts", "users", "first", "last", "branch"]);
    for (number, (label, branch)) in (1..).zip(&tally.branches) {
        let (first, last) =
            branch.extent.map_or_else(Default::default, |(first, last)| (time::rfc3339(first), time::rfc3339(last)));
        let numbers = [number, branch.matches, branch.hosts.of.len() as u64, branch.users.of.len() as u64];
        let [number, matches, hosts, users] = numbers.map(|it| it.to_string());
        table.row([number, matches, hosts, users, first, last, label.clone()]);
    }
    table
}

fn day_table(tally: &Tally) -> Table {
    let mut table = Table::new(["day", "matches", "by branch"]);
    for (day, branches) in &tally.days {
        let total: u64 = branches.values().sum();
        let by_branch: Vec<_> = branches.iter().map(|(branch, count)| format!("#{} {count}", branch + 1)).collect();
        let day = if day.is_empty() { "no time" } else { day };
        table.row([day, &total.to_string(), &by_branch.join(", ")]);
    }
    table
}

/// Events of the class of the query, time, events of the input for each second of it.
fn cost(position: usize, summary: &ScanSummary) -> (u64, f64, f64) {
    let cost = summary.costs[position];
    let seconds = cost.time.as_secs_f64();
    (cost.events, seconds, summary.statistics.events as f64 / seconds.max(1e-6))
}

fn cost_text(position: usize, summary: &ScanSummary) -> String {
    let (events, seconds, rate) = cost(position, summary);
    let all = summary.statistics.events + summary.statistics.recovered;
    let share = events as f64 * 100.0 / all.max(1) as f64;
    format!(
        "{seconds:.3} s, {rate:.0} events/s; {events} of {all} events are of a kind that it asks for ({share:.0} %)"
    )
}

/// For machines.
pub(crate) fn json(queries: &[NamedQuery], tallies: &[Tally], summary: &ScanSummary) -> Value {
    let one = |(position, (query, tally)): (usize, (&NamedQuery, &Tally))| {
        let branches = tally.branches.iter().map(|(label, it)| {
            json!({
                "branch": label,
                "matches": it.matches,
                "first": it.extent.map(|it| time::rfc3339(it.0)),
                "last": it.extent.map(|it| time::rfc3339(it.1)),
                "hosts": it.hosts.json(),
                "users": it.users.json(),
            })
        });
        let days = tally.days.iter().map(|(day, branches)| {
            let by_branch = branches.iter().map(|(branch, count)| (tally.branches[*branch].0.clone(), json!(count)));
            json!({
                "day": (!day.is_empty()).then_some(day),
                "matches": branches.values().sum::<u64>(),
                "branches": by_branch.collect::<serde_json::Map<_, _>>(),
            })
        });
        let (events, seconds, rate) = cost(position, summary);
        json!({
            "query": query.name,
            "detection": query.detection.as_ref().map(|it| &it.id),
            "matches": tally.matches,
            "excluded": summary.excluded[position].iter().sum::<u64>(),
            "branches": branches.collect::<Vec<_>>(),
            "days": days.collect::<Vec<_>>(),
            "hosts": tally.hosts.json(),
            "users": tally.users.json(),
            "cost": {
                "seconds": seconds,
                "events_of_its_kind": events,
                "events": summary.statistics.events,
                "events_per_second": rate.round(),
            },
        })
    };
    queries.iter().zip(tallies).enumerate().map(one).collect()
}
