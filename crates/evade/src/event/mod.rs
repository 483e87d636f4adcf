//! Actions read out of events and written back, so that all fields of an event that show an action agree.

mod audit;
mod macos;
mod payload;
mod sudo;
mod windows;

use std::sync::Arc;

use ingest::{Body, JsonFamily, RawEvent};

use crate::{Action, Transformation, VARIANTS_MAX};

/// What changed in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The field by the name of the log.
    pub field: String,
    /// Its text before.
    pub before: String,
    /// Its text now.
    pub after: String,
}

/// An event as the log would show it.
#[derive(Clone, Debug)]
pub struct Rewritten {
    /// The event.
    pub event: RawEvent,
    /// What differs, the most telling field first.
    pub changes: Vec<Change>,
}

/// What an event shows that somebody did.
pub fn actions(event: &RawEvent) -> Vec<Action> {
    match &event.body {
        Body::Windows(it) => windows::actions(it),
        Body::Audit(it) => audit::action(it).into_iter().collect(),
        Body::Syslog(it) => sudo::in_syslog(it).into_iter().collect(),
        Body::Json(JsonFamily::Journald, it) => sudo::in_journal(it).into_iter().collect(),
        Body::Json(JsonFamily::EndpointSecurity, it) => macos::action(it).into_iter().collect(),
        Body::Json(..) | Body::Stored(_) => Vec::new(),
    }
}

/// What the event would be, had it been done in the ways that the transformation knows: at most [`VARIANTS_MAX`], each
/// different from the event and from the others, always the same ones.
pub fn rewrite(event: &RawEvent, transformation: &Transformation) -> Vec<Rewritten> {
    let mut rewritten: Vec<Rewritten> = Vec::new();
    for action in actions(event) {
        for other in (transformation.rewrite)(&action) {
            let mut variant = event.clone();
            let changes = write(&mut variant, &action, &other);
            let is_new = !changes.is_empty() && rewritten.iter().all(|it| it.changes != changes);
            if is_new && rewritten.len() < VARIANTS_MAX {
                rewritten.push(Rewritten { event: variant, changes });
            }
        }
    }
    rewritten
}

/// Writes an action into the event that showed another one of the same kind; says what changed.
fn write(event: &mut RawEvent, before: &Action, after: &Action) -> Vec<Change> {
    let (changes, texts) = match &mut event.body {
        Body::Windows(it) => windows::write(it, before, after),
        Body::Audit(it) => {
            let changes = audit::write(it, after);
            if let Some(payload) = &event.payload
                && !changes.is_empty()
            {
                event.payload = Some(audit::payload(payload, it, &changes).into());
            }
            (changes, Vec::new())
        }
        Body::Syslog(it) => sudo::write_syslog(it, before, after),
        Body::Json(JsonFamily::Journald, it) => sudo::write_journal(it, before, after),
        Body::Json(JsonFamily::EndpointSecurity, it) => macos::write(it, after),
        Body::Json(..) | Body::Stored(_) => (Vec::new(), Vec::new()),
    };
    if let Some(payload) = event.payload.take() {
        event.payload = Some(if texts.is_empty() { payload } else { Arc::from(payload::replaced(&payload, &texts)) });
    }
    changes
}

/// Changes, and what changes in the original text.
type Written = (Vec<Change>, Vec<payload::Alternatives>);
