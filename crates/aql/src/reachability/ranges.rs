//! Sets of numbers as ranges. A double stands for its place in the total order of doubles, by which comparisons order
//! them, so that both kinds of number are 64-bit integers here.

use std::cmp::Ordering;

use syntax::ast::CompareOperator;

use crate::bound::Literal;

/// Numbers as ranges, ascending and apart, ends included.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ranges(Vec<(i64, i64)>);

impl Ranges {
    pub(super) fn all() -> Self {
        Self(vec![(i64::MIN, i64::MAX)])
    }

    pub(super) const fn none() -> Self {
        Self(Vec::new())
    }

    pub(super) fn one(value: i64) -> Self {
        Self(vec![(value, value)])
    }

    /// From the first of two whole numbers to before the second, which may be one above the greatest.
    fn from_to(first: i128, end: i128) -> Self {
        if first < end { Self(vec![(first as i64, (end - 1) as i64)]) } else { Self::none() }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains(&self, value: i64) -> bool {
        let at = self.0.partition_point(|(_, last)| *last < value);
        self.0.get(at).is_some_and(|(first, _)| *first <= value)
    }

    pub(super) fn complement(&self) -> Self {
        let mut rest = Vec::with_capacity(self.0.len() + 1);
        let mut next = i128::from(i64::MIN);
        for (first, last) in &self.0 {
            if next < i128::from(*first) {
                rest.push((next as i64, first - 1));
            }
            next = i128::from(*last) + 1;
        }
        if next <= i128::from(i64::MAX) {
            rest.push((next as i64, i64::MAX));
        }
        Self(rest)
    }

    pub(super) fn intersection(&self, other: &Self) -> Self {
        let mut both = Vec::new();
        let (mut left, mut right) = (0, 0);
        while let (Some(one), Some(two)) = (self.0.get(left), other.0.get(right)) {
            let (first, last) = (one.0.max(two.0), one.1.min(two.1));
            if first <= last {
                both.push((first, last));
            }
            if one.1 < two.1 { left += 1 } else { right += 1 }
        }
        Self(both)
    }

    pub(super) fn union(&self, other: &Self) -> Self {
        let mut all: Vec<(i64, i64)> = self.0.iter().chain(&other.0).copied().collect();
        all.sort_unstable();
        let mut joined: Vec<(i64, i64)> = Vec::with_capacity(all.len());
        for (first, last) in all {
            match joined.last_mut() {
                Some(previous) if i128::from(first) <= i128::from(previous.1) + 1 => previous.1 = previous.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        Self(joined)
    }

    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.intersection(&other.complement()).is_empty()
    }

    /// A member that a reader likes to see: zero or near an end that is not the end of all numbers.
    pub(super) fn example(&self) -> Option<i64> {
        let bounded = self.0.iter().flat_map(|(first, last)| [*first, *last]);
        let near = bounded.filter(|it| *it != i64::MIN && *it != i64::MAX).find(|it| *it >= 0);
        if near.is_none() && self.contains(0) {
            return Some(0);
        }
        near.or_else(|| self.0.first().map(|(first, last)| if *first == i64::MIN { *last } else { *first }))
    }

    /// Some members, ends first.
    pub(super) fn examples(&self, count: usize) -> Vec<i64> {
        self.example().into_iter().chain(self.0.iter().flat_map(|(first, last)| [*first, *last])).take(count).collect()
    }
}

/// The place of a double in the total order.
pub(super) fn place(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// The double at a place.
pub(super) fn double_at(place: i64) -> f64 {
    f64::from_bits((place ^ (((place >> 63) as u64) >> 1) as i64) as u64)
}

/// The numbers that compare like this with a constant; none if it is no number. `is_double` says whether the compared
/// value is one; a whole number beside a double is compared as a double.
pub(super) fn compared(operator: CompareOperator, is_double: bool, constant: &Literal) -> Option<Ranges> {
    let order = |value: i64| -> Option<Ordering> {
        Some(match (is_double, constant) {
            (true, Literal::Double(other)) => double_at(value).total_cmp(other),
            (true, Literal::Integer(other)) => double_at(value).total_cmp(&(*other as f64)),
            (false, Literal::Integer(other)) => value.cmp(other),
            (false, Literal::Double(other)) => (value as f64).total_cmp(other),
            _ => return None,
        })
    };
    order(0)?;
    let equal_from = first(|it| order(it) != Some(Ordering::Less));
    let greater_from = first(|it| order(it) == Some(Ordering::Greater));
    let (low, high) = (i128::from(i64::MIN), i128::from(i64::MAX) + 1);
    Some(match operator {
        CompareOperator::Equal => Ranges::from_to(equal_from, greater_from),
        CompareOperator::NotEqual => Ranges::from_to(equal_from, greater_from).complement(),
        CompareOperator::Less => Ranges::from_to(low, equal_from),
        CompareOperator::LessOrEqual => Ranges::from_to(low, greater_from),
        CompareOperator::Greater => Ranges::from_to(greater_from, high),
        CompareOperator::GreaterOrEqual => Ranges::from_to(equal_from, high),
    })
}

/// The first number with a property that all above it have; one above the greatest if none has it.
fn first(mut holds: impl FnMut(i64) -> bool) -> i128 {
    let (mut low, mut high) = (i128::from(i64::MIN), i128::from(i64::MAX) + 1);
    while low < high {
        let middle = (low + high).div_euclid(2);
        if holds(middle as i64) { high = middle } else { low = middle + 1 }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_hold_for_just_the_numbers_in_their_ranges() {
        let operators = [
            CompareOperator::Equal,
            CompareOperator::NotEqual,
            CompareOperator::Less,
            CompareOperator::LessOrEqual,
            CompareOperator::Greater,
            CompareOperator::GreaterOrEqual,
        ];
        let holds = |operator, order: Ordering| match operator {
            CompareOperator::Equal => order.is_eq(),
            CompareOperator::NotEqual => order.is_ne(),
            CompareOperator::Less => order.is_lt(),
            CompareOperator::LessOrEqual => order.is_le(),
            CompareOperator::Greater => order.is_gt(),
            CompareOperator::GreaterOrEqual => order.is_ge(),
        };
        let whole = [i64::MIN, -3, -1, 0, 1, 2, 3, 1 << 53, (1 << 53) + 1, i64::MAX];
        for operator in operators {
            for other in whole {
                let ranges = compared(operator, false, &Literal::Integer(other)).expect("a number");
                assert!(whole.iter().all(|it| ranges.contains(*it) == holds(operator, it.cmp(&other))));
            }
            for other in [-2.5, 0.0, 1.0, 2.5, 9_007_199_254_740_992.0, f64::INFINITY] {
                let ranges = compared(operator, false, &Literal::Double(other)).expect("a number");
                assert!(whole.iter().all(|it| ranges.contains(*it) == holds(operator, (*it as f64).total_cmp(&other))));
                let ranges = compared(operator, true, &Literal::Double(other)).expect("a number");
                for it in [-2.5, -0.0, 0.0, 1.5, 2.5, f64::NAN, f64::NEG_INFINITY] {
                    assert_eq!(ranges.contains(place(it)), holds(operator, it.total_cmp(&other)), "{it} {other}");
                }
            }
        }
    }

    #[test]
    fn sets_of_numbers() {
        let set = Ranges::one(3).union(&Ranges::one(4)).union(&Ranges::one(9));
        assert_eq!(set, Ranges(vec![(3, 4), (9, 9)]));
        assert!(set.intersection(&set.complement()).is_empty());
        assert_eq!(set.union(&set.complement()), Ranges::all());
        assert!(Ranges::one(4).is_within(&set) && !Ranges::one(5).is_within(&set));
        assert_eq!(set.complement().example(), Some(2));
    }
}
