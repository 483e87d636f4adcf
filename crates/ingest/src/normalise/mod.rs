//! The normaliser: a raw event of any family becomes the fields of `schema::EVENTS`.
//!
//! A family fills the fields that its events carry; defaults that hold for every event are set afterwards, then the
//! properties that the user defined. What no field takes is kept as a property under the name of the log.

mod address;
mod builder;
mod columns;
mod convert;
mod defaults;
mod docker;
mod json;
mod kubernetes;
mod linux;
mod log_sources;
mod macos;
mod paths;
mod script_blocks;
mod stored;
mod windows;

use std::sync::Arc;

pub use builder::EventBuilder;
pub use columns::{Columns, columns};
pub(crate) use convert::value;
pub use log_sources::{LogSource, LogSources, MAXIMUM_LOG_SOURCES};
pub use script_blocks::{BLOCK_PARTS_MAX, ScriptBlocks, WAITING_BLOCKS_MAX, WAITING_BYTES_MAX};
pub(crate) use windows::log_source_type as windows_log_source_type;

use crate::properties::{Source, UserProperties};
use crate::{Body, Event, JsonFamily, RawEvent};

/// What normalising needs besides the event. Shared by all threads.
#[derive(Debug, Default)]
pub struct Normaliser {
    /// The log sources seen so far.
    pub log_sources: Arc<LogSources>,
    /// The properties that the user defined.
    pub user_properties: Arc<UserProperties>,
    wanted: Option<Box<[bool]>>,
}

impl Normaliser {
    /// A normaliser that fills every field.
    pub fn new(log_sources: Arc<LogSources>) -> Self {
        Self { log_sources, ..Self::default() }
    }

    /// With properties that the user defined.
    #[must_use]
    pub fn with(mut self, user_properties: Arc<UserProperties>) -> Self {
        self.user_properties = user_properties;
        self
    }

    /// Fills only these columns of `EVENTS.arrow_schema()`; the others stay empty and cost nothing.
    #[must_use]
    pub fn only(mut self, projection: &[usize]) -> Self {
        let mut wanted = vec![false; schema::EVENTS.fields.len() + 1];
        let mut waiting = projection.to_vec();
        // The filters of users' properties ask for these.
        waiting.extend([columns().event_id, columns().event_category].map(usize::from));
        while let Some(column) = waiting.pop() {
            if wanted.get(column) == Some(&false) {
                wanted[column] = true;
                let bases = u16::try_from(column).map_or(&[][..], columns::bases);
                waiting.extend(bases.iter().map(|it| usize::from(*it)));
            }
        }
        self.wanted = Some(wanted.into());
        self
    }
}

/// Makes an event of the event model of what a reader found.
pub fn normalise(raw: &RawEvent, normaliser: &Normaliser) -> Event {
    let mut event = EventBuilder::new(normaliser.wanted.as_deref());
    let origin = match &raw.body {
        Body::Windows(it) => windows::fill(it, &mut event),
        Body::Audit(it) => linux::audit(it, &mut event),
        Body::Syslog(it) => linux::syslog(it, &mut event),
        Body::Json(JsonFamily::Journald, it) => linux::journald(it, &mut event),
        Body::Json(JsonFamily::EndpointSecurity, it) => macos::endpoint_security(it, &mut event),
        Body::Json(JsonFamily::UnifiedLog, it) => macos::unified_log(it, &mut event),
        Body::Json(JsonFamily::Kubernetes, it) => kubernetes::fill(it, &mut event),
        Body::Json(JsonFamily::Docker, it) => docker::fill(it, &mut event),
        Body::Json(JsonFamily::Ecs, it) => linux::ecs(it, &mut event),
        Body::Json(JsonFamily::Forwarding, it) => json::forwarding(it, &mut event),
        Body::Json(JsonFamily::Flat, it) => json::flat(it, &mut event),
        Body::Stored(it) => stored::fill(it, &mut event, &normaliser.log_sources),
    };
    let source = Source::of(&raw.body, raw.payload.as_deref());
    normaliser.user_properties.fill(source, &origin, &mut event);
    if let Some(payload) = &raw.payload {
        event.text(columns().payload, Arc::clone(payload));
    }
    if !matches!(raw.body, Body::Stored(_)) {
        defaults::fill(&origin, &mut event, &normaliser.log_sources);
    }
    event.finish(raw.locator.clone())
}

/// What a family says about where and when its event arose, beside the fields that it filled.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The log source type; one of `schema::tables::log_source_types`.
    pub device_type: i64,
    /// The host or address that names the log source.
    pub host: String,
    /// The event's own time, milliseconds since 1970 UTC.
    pub time: Option<i64>,
    /// Low-level category, where the kind of event is known.
    pub category: Option<i64>,
    /// QID, where the kind of event is known.
    pub qid: Option<i64>,
    /// Severity of the kind of event, 0-10.
    pub severity: Option<i64>,
    /// Whether nothing was understood of the event.
    pub unparsed: bool,
}
