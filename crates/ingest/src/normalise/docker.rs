//! An event of the Docker daemon. `Event ID` is type and action: `container/start`. The command of
//! `exec_create: sh -c id` stands in `Command`.

use serde_json::{Map, Value as Json};

use schema::tables::log_source_types::LINUX;

use super::json::flatten_all;
use super::{EventBuilder, Origin, columns, convert};

pub(super) fn fill(object: &Map<String, Json>, event: &mut EventBuilder) -> Origin {
    let pairs = flatten_all(object);
    let columns = columns();
    let (action, command) = pairs.text("Action").split_once(": ").unwrap_or((pairs.text("Action"), ""));
    event.text(columns.event_id, format!("{}/{action}", pairs.text("Type")));
    event.text(columns.event_category, "docker");
    event.text(columns.provider_name, "docker");
    event.text(columns.command, command.trim());
    pairs.keep(event);
    let time = ["timeNano", "time"].iter().find_map(|it| convert::time(pairs.text(it)));
    Origin { device_type: LINUX, time, ..Origin::default() }
}
