//! An event of the Kubernetes audit log. `Event ID` is verb and resource: `create daemonsets`, `create pods/exec`.

use serde_json::{Map, Value as Json};

use schema::tables::log_source_types::KUBERNETES;

use super::json::{Pairs, flatten_all};
use super::{EventBuilder, Origin, columns, convert};

pub(super) fn fill(object: &Map<String, Json>, event: &mut EventBuilder) -> Origin {
    let pairs = flatten_all(object);
    let columns = columns();
    event.text(columns.event_id, event_id(&pairs));
    event.text(columns.event_category, "audit.k8s.io");
    event.text(columns.provider_name, "kubernetes");
    event.text(columns.username, pairs.text("user.username"));
    event.text(columns.target_username, pairs.text("impersonatedUser.username"));
    // The first address is that of the client, those behind it are proxies.
    event.converted(columns.source_ip, pairs.list("sourceIPs").first().map_or("", String::as_str));
    pairs.keep(event);
    let times = ["requestReceivedTimestamp", "stageTimestamp", "timestamp", "metadata.creationTimestamp"];
    let time = times.iter().find_map(|it| convert::time(pairs.text(it)));
    Origin { device_type: KUBERNETES, time, ..Origin::default() }
}

fn event_id(pairs: &Pairs) -> String {
    let (verb, resource) = (pairs.text("verb"), pairs.text("objectRef.resource"));
    let subresource = pairs.text("objectRef.subresource");
    match (resource, subresource) {
        ("", _) => verb.to_owned(),
        (resource, "") => format!("{verb} {resource}"),
        (resource, subresource) => format!("{verb} {resource}/{subresource}"),
    }
}
