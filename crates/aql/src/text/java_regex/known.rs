//! Expressions that are in use, so that one that stands in the filter, in a column and in an explanation is compiled once.
//! Nothing is kept alive by being here.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use super::Inner;
use crate::text::Case;

/// The most expressions that are known at a time; further ones are compiled for each use.
const KNOWN_MAX: usize = 8_192;

/// By text and case.
type Known = HashMap<(String, Case), Weak<Inner>>;

static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

/// The expression, if it is in use.
pub(super) fn find(text: &str, case: Case) -> Option<Arc<Inner>> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner).get(&(text.to_owned(), case))?.upgrade()
}

/// Makes an expression known.
pub(super) fn add(inner: &Arc<Inner>) {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= KNOWN_MAX {
        known.retain(|_, it| it.strong_count() > 0);
    }
    if known.len() < KNOWN_MAX {
        known.insert((inner.text.clone(), inner.case), Arc::downgrade(inner));
    }
}

#[cfg(test)]
mod tests {
    use super::super::JavaRegex;
    use super::*;

    #[test]
    fn an_expression_in_use_is_shared_and_one_out_of_use_is_let_go() {
        let text = "known only to this test";
        let one = JavaRegex::new(text, Case::Sensitive).expect("compiles");
        let other = JavaRegex::new(text, Case::Sensitive).expect("compiles");
        let folded = JavaRegex::new(text, Case::Insensitive).expect("compiles");
        assert!(Arc::ptr_eq(&one.inner, &other.inner) && !Arc::ptr_eq(&one.inner, &folded.inner));
        drop((one, other));
        assert!(find(text, Case::Sensitive).is_none());
    }
}
