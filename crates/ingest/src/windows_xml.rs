//! The XML of one Windows event (`<Event>...</Event>`) to a [`WindowsEvent`]: the one road of EVTX records, XML
//! exports, Splunk's raw events and Sysmon for Linux.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::{WindowsEvent, time};

/// Elements within elements that are read; deeper ones are damage.
const DEPTH_MAX: usize = 64;

/// Reads the first event of the text; what stands before it (declaration, comments) and behind it is passed over.
///
/// # Errors
///
/// A short phrase saying what is wrong with the text.
pub(crate) fn parse(xml: &str) -> Result<WindowsEvent, String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().allow_dangling_amp = true;
    let mut builder = Builder::default();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) => builder.open(&element)?,
            Event::Empty(element) => {
                builder.open(&element)?;
                builder.close();
            }
            Event::End(_) => builder.close(),
            Event::Text(text) => builder.text.push_str(&text),
            Event::CData(text) => builder.text.push_str(&text.into_inner()),
            Event::GeneralRef(name) => match name.resolve_char_ref() {
                Ok(Some(character)) => builder.text.push(character),
                _ => match resolve_predefined_entity(&name) {
                    Some(text) => builder.text.push_str(text),
                    None => builder.text.extend(["&", &name, ";"]),
                },
            },
            Event::Eof => return Err("the text ends inside an event".into()),
            _ => {}
        }
        if builder.done {
            return Ok(builder.event);
        }
    }
}

/// The children of `<Event>`.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Section {
    #[default]
    Other,
    System,
    EventData,
    UserData,
    RenderingInfo,
}

/// An element that is not closed yet.
struct Open {
    name: String,
    /// Holds other elements, so that its own text is only layout.
    parent: bool,
}

#[derive(Default)]
struct Builder {
    event: WindowsEvent,
    section: Section,
    open: Vec<Open>,
    /// Text since the last start tag.
    text: String,
    unnamed: usize,
    done: bool,
}

impl Builder {
    fn open(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        let name = element.local_name().as_ref().to_owned();
        match self.open.len() {
            0 if name != "Event" && name != "Events" => return Err(format!("`<{name}>` where `<Event>` is expected")),
            // The root of a document with many events.
            0 if name == "Events" => return Ok(()),
            1 => self.section = section(&name),
            DEPTH_MAX => return Err(format!("elements are nested more than {DEPTH_MAX} deep")),
            _ => {}
        }
        if let Some(parent) = self.open.last_mut() {
            parent.parent = true;
        }
        self.text.clear();
        let name = match self.section {
            _ if self.open.is_empty() => name,
            Section::System => self.system_attributes(name, element)?,
            Section::EventData | Section::UserData => self.data_name(name, element)?,
            Section::RenderingInfo | Section::Other => name,
        };
        self.open.push(Open { name, parent: false });
        Ok(())
    }

    fn close(&mut self) {
        let Some(element) = self.open.pop() else { return };
        let depth = self.open.len();
        if depth == 0 {
            self.done = true;
            return;
        }
        let text = std::mem::take(&mut self.text);
        match self.section {
            Section::System if depth == 2 => self.system_text(&element.name, &text),
            // An empty `<UserData><EventXML/></UserData>` names no field.
            Section::UserData if depth == 2 && text.trim().is_empty() => {}
            Section::EventData | Section::UserData if depth >= 2 && !element.parent => {
                self.event.data.push((element.name, text));
            }
            Section::RenderingInfo if depth == 2 && element.name == "Message" => self.event.message = Some(text),
            _ => {}
        }
    }

    /// The name of a field: `Name` of `<Data Name="...">`, `paramN` of a bare `<Data>`, else the element itself. Other
    /// attributes of elements in `UserData` are fields too.
    fn data_name(&mut self, name: String, element: &BytesStart<'_>) -> Result<String, String> {
        let mut field = None;
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let key = attribute.key.as_ref();
            if key.starts_with("xmlns") || key.starts_with("xml:") {
                continue;
            }
            let value =
                attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?.into_owned();
            match (key, self.open.len()) {
                ("Name", 2..) => field = Some(value),
                ("Type", 2..) if name == "Data" => {}
                _ => self.event.data.push((key.to_owned(), value)),
            }
        }
        Ok(match field {
            Some(field) => field,
            None if name == "Data" && self.section == Section::EventData => {
                self.unnamed += 1;
                format!("param{}", self.unnamed)
            }
            None => name,
        })
    }

    fn system_attributes(&mut self, name: String, element: &BytesStart<'_>) -> Result<String, String> {
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
            let value = value.as_ref();
            match (name.as_str(), attribute.key.as_ref()) {
                ("Provider", "Name") => value.clone_into(&mut self.event.provider),
                ("Provider", "EventSourceName") if self.event.provider.is_empty() => {
                    value.clone_into(&mut self.event.provider);
                }
                ("EventID", "Qualifiers") => self.event.qualifiers = value.parse().ok(),
                ("TimeCreated", "SystemTime") => self.event.time = time::parse(value),
                ("Correlation", "ActivityID") => self.event.activity_id = activity_id(value),
                ("Execution", "ProcessID") => self.event.process_id = value.parse().ok(),
                ("Execution", "ThreadID") => self.event.thread_id = value.parse().ok(),
                ("Security", "UserID") if !value.is_empty() => self.event.user_sid = Some(value.to_owned()),
                _ => {}
            }
        }
        Ok(name)
    }

    fn system_text(&mut self, name: &str, text: &str) {
        let event = &mut self.event;
        let text = text.trim();
        match name {
            "EventID" => event.event_id = text.parse().unwrap_or_default(),
            "Version" => event.version = text.parse().ok(),
            "Level" => event.level = text.parse().ok(),
            "Task" => event.task = text.parse().ok(),
            "Opcode" => event.opcode = text.parse().ok(),
            "Keywords" => event.keywords = keywords(text),
            "EventRecordID" => event.record_id = text.parse().ok(),
            "Channel" => text.clone_into(&mut event.channel),
            "Computer" => text.clone_into(&mut event.computer),
            _ => {}
        }
    }
}

fn section(name: &str) -> Section {
    match name {
        "System" => Section::System,
        "EventData" => Section::EventData,
        "UserData" | "ProcessingErrorData" | "DebugData" => Section::UserData,
        "RenderingInfo" => Section::RenderingInfo,
        _ => Section::Other,
    }
}

/// Reads `0x8000000000000000` or a decimal number, which may be the negative of the same bits.
pub(crate) fn keywords(text: &str) -> Option<u64> {
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    match hexadecimal {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok().or_else(|| text.parse::<i64>().ok().map(i64::cast_unsigned)),
    }
}

/// Writes an activity id as `{UPPER-CASE}`, whatever the log's spelling.
pub(crate) fn activity_id(text: &str) -> Option<String> {
    let id = text.trim().trim_start_matches('{').trim_end_matches('}');
    (!id.is_empty()).then(|| format!("{{{}}}", id.to_ascii_uppercase()))
}
