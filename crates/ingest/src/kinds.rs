//! Which kinds of Windows events somebody asks for, so that nothing but the header of the others is read.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crate::{WindowsEvent, normalise};

/// Kinds whose answer is remembered; for further ones it is asked again and again.
const REMEMBERED_MAX: usize = 20_000;

/// Says of a kind of event whether it is wanted: its log source type, its channel, its event id.
type Asked = dyn Fn(i64, &str, u32) -> bool + Send + Sync;

/// The kinds of Windows events that are wanted. Shared by all threads.
#[derive(Clone)]
pub struct Kinds(Arc<Inner>);

/// By log source type and event id: channels with their answers.
type Known = HashMap<(i64, u32), Vec<(Box<str>, bool)>>;

struct Inner {
    asked: Box<Asked>,
    known: RwLock<Known>,
}

impl Kinds {
    /// The kinds of which `asked` says so, by log source type, channel and event id; it must always say the same.
    pub fn new(asked: impl Fn(i64, &str, u32) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner { asked: Box::new(asked), known: RwLock::default() }))
    }

    /// Whether an event of which the header is read is wanted.
    pub(crate) fn wants(&self, event: &WindowsEvent) -> bool {
        let device_type = normalise::windows_log_source_type(event);
        let key = (device_type, event.event_id);
        let answer = |known: &Known| known.get(&key)?.iter().find(|it| *it.0 == *event.channel).map(|it| it.1);
        if let Some(answer) = answer(&self.0.known.read().unwrap_or_else(PoisonError::into_inner)) {
            return answer;
        }
        let wanted = (self.0.asked)(device_type, &event.channel, event.event_id);
        let mut known = self.0.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < REMEMBERED_MAX && answer(&known).is_none() {
            known.entry(key).or_default().push((event.channel.as_str().into(), wanted));
        }
        wanted
    }
}

impl fmt::Debug for Kinds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Kinds").finish_non_exhaustive()
    }
}
