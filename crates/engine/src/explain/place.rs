//! Finding an event by its place, and the text of a plan.

use std::sync::Arc;

use aql::bound::Query;
use aql::{Environment, LowerOptions};
use datafusion_physical_plan::displayable;
use ingest::Event;

use super::Explainer;
use crate::execute::physical_plan;
use crate::runtime::Runtime;
use crate::scan::{refused, wanted_of};
use crate::{Entry, EventSource, MEMORY_DEFAULT, MemoryTable, Result, Tables};

/// Records of the same number that are given back: a damaged or merged log may have several.
const SAME_NUMBER_MAX: usize = 16;

impl Explainer {
    /// The events of a file with this record number, as [`ingest::Locator`] has them, ready to be explained.
    pub fn events_at(&self, source: &Arc<dyn EventSource>, file: &str, record: u64) -> Vec<Event> {
        let wanted = wanted_of(self.query());
        let parts = (0..source.parts()).filter(|part| *source.name(*part) == *file);
        let events = parts.flat_map(|part| source.read(part, &wanted)).filter_map(|entry| match entry {
            Entry::Event(look) | Entry::Recovered(look) => Some(look.event),
            Entry::Damage(_) => None,
        });
        events.filter(|it| it.locator.record == record).take(SAME_NUMBER_MAX).collect()
    }
}

/// The plan that runs for a query, as text. Sub-selects in IN run before it, here over no events, so their values are
/// not in it.
pub fn physical_text(query: &Query, environment: &Environment) -> Result<String> {
    let runtime = Arc::new(Runtime::new(MEMORY_DEFAULT)?);
    let plan = query.lower(&LowerOptions::new(environment).with_newest_first()).map_err(refused)?;
    let events = MemoryTable::new(schema::EVENTS.arrow_schema(), Vec::new());
    let tables = Tables::without_events().with(schema::EVENTS.name, Arc::new(events));
    let plan = physical_plan(plan, &tables, &runtime)?;
    Ok(displayable(plan.as_ref()).indent(false).to_string())
}
