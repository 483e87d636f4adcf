//! Compiled regular expressions, shared by all who compile the same one: the checks of the binder, each plan, each
//! explanation of a match. Compiling is what costs, by far.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::{Case, JavaRegex, PatternError};

/// The most expressions that are kept; those in use stay alive beside.
const KEPT_MAX: usize = 4096;

/// By whether case matters and by text.
type Kept = HashMap<(bool, String), JavaRegex>;

static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

/// The compiled expression. For [`Case::Lowered`] it is that of [`Case::Sensitive`]: the values are folded, not it.
pub(super) fn regex(text: &str, case: Case) -> Result<JavaRegex, PatternError> {
    let insensitive = case == Case::Insensitive;
    let key = (insensitive, text.to_owned());
    if let Some(known) = KEPT.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(known.clone());
    }
    let regex = JavaRegex::new(text, if insensitive { Case::Insensitive } else { Case::Sensitive })?;
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= KEPT_MAX {
        kept.clear();
    }
    kept.insert(key, regex.clone());
    Ok(regex)
}
