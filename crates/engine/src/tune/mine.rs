//! Sets of predicates that many matches fulfil, and on which an exclusion may rest.

use std::cmp::Reverse;

use super::PREDICATES_MAX;
use super::grade::Grade;
use super::items::{Item, Observations, Operation};

/// The most frequent predicates that are combined.
const COMBINED_MAX: usize = 40;

/// A set of predicates and the matches that fulfil all of them.
pub(super) struct Candidate {
    /// Predicates, by their positions.
    pub(super) items: Vec<u32>,
    /// Matches that are not yet covered, by their positions.
    pub(super) rows: Vec<usize>,
    /// Whether it rests on a weak path.
    pub(super) is_weak: bool,
}

/// A bit for each match.
type Bits = Vec<u64>;

/// The candidates that cover at least `support_min` matches not yet covered: those that cover most first, and of these
/// the narrowest that needs no user or host.
pub(super) fn candidates(observed: &Observations, covered: &[bool], support_min: usize) -> Vec<Candidate> {
    let frequent = frequent(observed, covered, support_min);
    let bits = bits(observed, covered, &frequent);
    let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
    let all = vec![u64::MAX; covered.len().div_ceil(64)];
    extend(observed, &frequent, &bits, support_min, &mut Vec::new(), &all, &mut found);
    let items = |set: &[usize]| set.iter().map(|it| observed.item(frequent[*it])).collect::<Vec<_>>();
    found.retain(|(_, set)| rests_on(&items(set)).is_some());
    found.sort_by_cached_key(|(support, set)| (Reverse(*support), preference(&items(set))));
    found.truncate(super::TRIES_MAX);
    let candidate = |(_, set): (usize, Vec<usize>)| {
        let is_weak = rests_on(&items(&set)) == Some(Grade::Weak);
        let rows = (0..covered.len()).filter(|row| set.iter().all(|it| bits[*it][row / 64] >> (row % 64) & 1 == 1));
        Candidate { rows: rows.collect(), items: set.into_iter().map(|it| frequent[it]).collect(), is_weak }
    };
    found.into_iter().map(candidate).collect()
}

/// The most frequent predicates among the matches not yet covered.
fn frequent(observed: &Observations, covered: &[bool], support_min: usize) -> Vec<u32> {
    let mut counts = vec![0_usize; observed.item_count()];
    for (row, _) in observed.rows().iter().zip(covered).filter(|(_, covered)| !**covered) {
        row.iter().for_each(|it| counts[*it as usize] += 1);
    }
    let mut frequent: Vec<u32> =
        (0_u32..).zip(&counts).filter(|(_, count)| **count >= support_min).map(|(it, _)| it).collect();
    // A path on which an exclusion may rest is worth more than what only narrows it.
    let rank = |it: &u32| {
        let item = observed.item(*it);
        (Reverse(counts[*it as usize]), item.grade() != Some(Grade::Specific), item.clone())
    };
    frequent.sort_by_cached_key(rank);
    frequent.truncate(COMBINED_MAX);
    frequent
}

fn bits(observed: &Observations, covered: &[bool], frequent: &[u32]) -> Vec<Bits> {
    let mut bits = vec![vec![0_u64; covered.len().div_ceil(64)]; frequent.len()];
    for (number, row) in observed.rows().iter().enumerate().filter(|(number, _)| !covered[*number]) {
        for (bits, _) in bits.iter_mut().zip(frequent).filter(|(_, item)| row.contains(item)) {
            bits[number / 64] |= 1 << (number % 64);
        }
    }
    bits
}

/// Adds all sets that begin with `set`, with the number of matches of each.
fn extend(
    observed: &Observations,
    frequent: &[u32],
    bits: &[Bits],
    support_min: usize,
    set: &mut Vec<usize>,
    rows: &Bits,
    found: &mut Vec<(usize, Vec<usize>)>,
) {
    let from = set.last().map_or(0, |it| it + 1);
    for next in from..frequent.len() {
        let field = observed.item(frequent[next]).field;
        if set.iter().any(|it| observed.item(frequent[*it]).field == field) {
            continue;
        }
        let rows: Bits = rows.iter().zip(&bits[next]).map(|(a, b)| a & b).collect();
        let support = rows.iter().map(|it| it.count_ones() as usize).sum();
        if support < support_min {
            continue;
        }
        set.push(next);
        found.push((support, set.clone()));
        if set.len() < PREDICATES_MAX {
            extend(observed, frequent, bits, support_min, set, &rows, found);
        }
        set.pop();
    }
}

/// The grade of the path that an exclusion rests on; nothing when it may not be proposed. A weak path needs another
/// path, the user or the host beside it; a name or a user alone is never enough.
fn rests_on(items: &[&Item]) -> Option<Grade> {
    let grades: Vec<Grade> = items.iter().filter_map(|it| it.grade()).collect();
    if grades.contains(&Grade::Specific) {
        return Some(Grade::Specific);
    }
    let weak = grades.iter().filter(|it| **it == Grade::Weak).count();
    let is_narrowed = weak > 1 || items.iter().any(|it| it.is_who());
    (weak > 0 && is_narrowed).then_some(Grade::Weak)
}

/// What makes one of two candidates that cover as much the better: a specific path, no user or host, the name of the
/// service beside its path, few predicates, whole values, long ones.
fn preference(items: &[&Item]) -> (bool, usize, bool, usize, usize, Reverse<usize>, String) {
    let is_weak = rests_on(items) == Some(Grade::Weak);
    let who = items.iter().filter(|it| it.is_who()).count();
    let is_service = items.iter().any(|it| it.field == "Service Filename");
    let lacks_name = is_service && !items.iter().any(|it| it.is_name());
    let prefixes = items.iter().filter(|it| it.operation == Operation::Prefix).count();
    let length = items.iter().map(|it| it.value.len()).sum();
    let text = items.iter().map(|it| it.filter()).collect();
    (is_weak, who, lacks_name, items.len(), prefixes, Reverse(length), text)
}
