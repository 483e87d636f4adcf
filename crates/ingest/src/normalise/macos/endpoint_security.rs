//! An event of Endpoint Security, as `eslogger` prints it.
//!
//! Of `exec` the fields describe the new program (`target`), and the parent is the process that called: on macOS as on
//! Linux that is the same process before, and its program is what a rule on parents means. `Event ID` and `EventType`
//! are the name of the event.

use serde_json::{Map, Value as Json};

use schema::tables::log_source_types::MACOS;

use super::super::json::flatten;
use super::super::{EventBuilder, Origin, columns, paths};
use crate::time;

/// Low-level categories of events by their names.
const CATEGORIES: [(&str, i64); 8] = [
    ("exec", 8110),
    ("exit", 8113),
    ("create", 8028),
    ("unlink", 8033),
    ("write", 8014),
    ("rename", 8014),
    ("btm_launch_item_add", 8030),
    ("btm_launch_item_remove", 8035),
];

/// Looks values up by paths with dots.
#[derive(Clone, Copy)]
struct Object<'a>(&'a Map<String, Json>);

impl<'a> Object<'a> {
    fn at(self, path: &str) -> Option<&'a Json> {
        let mut names = path.split('.');
        let first = self.0.get(names.next()?)?;
        names.try_fold(first, |it, name| it.get(name))
    }

    fn text(self, path: &str) -> &'a str {
        self.at(path).and_then(Json::as_str).unwrap_or_default()
    }

    fn number(self, path: &str) -> Option<i64> {
        self.at(path).and_then(Json::as_i64)
    }
}

pub(in crate::normalise) fn fill(object: &Map<String, Json>, event: &mut EventBuilder) -> Origin {
    let message = Object(object);
    let inner = object.get("event").and_then(Json::as_object);
    let name = inner.and_then(|it| it.keys().next()).map_or("", String::as_str);
    let details = inner.and_then(|it| it.get(name)).and_then(Json::as_object);
    let columns = columns();
    event.text(columns.event_id, name);
    event.text(columns.event_type, name);
    event.text(columns.provider_name, "EndpointSecurity");
    if let Some(details) = details.map(Object) {
        match name {
            "exec" => exec(details, event),
            "btm_launch_item_add" | "btm_launch_item_remove" => launch_item(details, event),
            "authentication" => event.text(columns.username, details.text("data.od.record_name")),
            _ => files(details, event),
        }
    }
    process(message, name == "exec", event);
    file_names(event);
    keep_the_rest(object, event);
    let host = ["host", "hostname"].iter().map(|it| message.text(it)).find(|it| !it.is_empty());
    Origin {
        device_type: MACOS,
        host: host.unwrap_or_default().to_owned(),
        time: time::parse(message.text("time")),
        category: CATEGORIES.iter().find(|it| it.0 == name).map(|it| it.1),
        unparsed: name.is_empty(),
        ..Origin::default()
    }
}

/// The process that acted; of `exec` it is the parent, with the user who runs the new program.
fn process(message: Object, is_exec: bool, event: &mut EventBuilder) {
    let columns = columns();
    let path = message.text("process.executable.path");
    let id = message.number("process.audit_token.pid");
    let (path_column, id_column) = if is_exec {
        (columns.parent_process_path, columns.parent_process_id)
    } else {
        (columns.process_path, columns.process_id)
    };
    event.text(path_column, path);
    if let Some(id) = id {
        event.integer(id_column, id);
    }
    if let Some(id) = message.number("process.ppid").filter(|_| !is_exec) {
        event.integer(columns.parent_process_id, id);
    }
    for user in ["process.audit_token.auid", "process.audit_token.euid"] {
        // 4294967295: nobody logged in.
        if let Some(id) = message.number(user).filter(|it| (0..4_294_967_295).contains(it)) {
            event.text(columns.username, user_name(id));
        }
    }
    if let Some(id) = message.number("process.audit_token.euid") {
        event.text(columns.user, user_name(id));
    }
}

fn user_name(id: i64) -> String {
    if id == 0 { "root".to_owned() } else { id.to_string() }
}

fn exec(details: Object, event: &mut EventBuilder) {
    let columns = columns();
    event.text(columns.process_path, details.text("target.executable.path"));
    if let Some(id) = details.number("target.audit_token.pid") {
        event.integer(columns.process_id, id);
    }
    if let Some(id) = details.number("target.ppid") {
        event.integer(columns.parent_process_id, id);
    }
    if let Some(id) = details.number("target.audit_token.euid") {
        event.text(columns.user, user_name(id));
    }
    event.text(columns.current_directory, details.text("cwd.path"));
    let arguments = details.at("args").and_then(Json::as_array);
    let texts: Vec<&str> = arguments.into_iter().flatten().filter_map(Json::as_str).collect();
    event.text(columns.command, texts.join(" "));
}

fn launch_item(details: Object, event: &mut EventBuilder) {
    let columns = columns();
    let url = details.text("item.item_url");
    let path = percent_decoded(url.strip_prefix("file://").unwrap_or(url));
    event.text(columns.service_name, paths::file_name(&path).trim_end_matches(".plist"));
    event.text(columns.file_path, path);
    event.text(columns.service_filename, details.text("executable_path"));
}

/// Text of a URL without `%20` and the like.
fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |place: usize| bytes.get(place).and_then(|it| char::from(*it).to_digit(16)).map(|it| it as u8);
    let mut plain = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while let Some(byte) = bytes.get(place) {
        if let (b'%', Some(high), Some(low)) = (byte, digit(place + 1), digit(place + 2)) {
            plain.push(high << 4 | low);
            place += 3;
        } else {
            plain.push(*byte);
            place += 1;
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// The file of an event, wherever its kind keeps it: the new one of several.
fn files(details: Object, event: &mut EventBuilder) {
    let joined = |folder: &str, name: &str| {
        let (folder, name) = (details.text(folder), details.text(name));
        if folder.is_empty() || name.is_empty() {
            String::new()
        } else {
            format!("{}/{name}", folder.trim_end_matches('/'))
        }
    };
    let columns = columns();
    event.text(columns.file_path, joined("destination.new_path.dir.path", "destination.new_path.filename"));
    // Of `link`; `clone` and `copyfile` say `target_name`.
    event.text(columns.file_path, joined("target_dir.path", "target_filename"));
    event.text(columns.file_path, joined("target_dir.path", "target_name"));
    event.text(columns.file_path, joined("destination.dir.path", "destination.filename"));
    for path in ["destination.existing_file.path", "target.path", "file.path", "path.path", "dest.path"] {
        event.text(columns.file_path, details.text(path));
    }
    if event.get_text(columns.file_path).is_some_and(|it| *it != *details.text("source.path")) {
        event.text(columns.source_filename, details.text("source.path"));
    }
    event.text(columns.file_path, details.text("source.path"));
    event.text(columns.target_process_path, details.text("target.executable.path"));
    if let Some(id) = details.number("target.audit_token.pid") {
        event.integer(columns.target_process_id, id);
    }
}

fn file_names(event: &mut EventBuilder) {
    let columns = columns();
    for (path, name) in [
        (columns.process_path, columns.process_name),
        (columns.parent_process_path, columns.parent_process_name),
        (columns.target_process_path, columns.target_process_name),
    ] {
        if let Some(path) = event.get_text(path) {
            event.text(name, paths::file_name(&path));
        }
    }
    if let Some(path) = event.get_text(columns.file_path) {
        event.text(columns.filename, std::sync::Arc::clone(&path));
        event.text(columns.file_directory, paths::directory(&path).unwrap_or_default());
        event.text(columns.file_extension, paths::extension(&path).unwrap_or_default());
    }
}

fn keep_the_rest(object: &Map<String, Json>, event: &mut EventBuilder) {
    if !event.wants_properties() {
        return;
    }
    let mut pairs = Vec::new();
    flatten(object, &mut String::new(), 0, &mut pairs);
    for (name, text) in pairs {
        event.property(name, text);
    }
}
