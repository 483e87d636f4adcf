//! What the elements of an event mean, whoever reads them.

use std::borrow::Cow;

use super::{activity_id, keywords};
use crate::{Kinds, WindowsEvent, time};

/// Elements within elements that are read; deeper ones are damage.
const DEPTH_MAX: usize = 64;

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
struct Open<'a> {
    name: Cow<'a, str>,
    /// Holds other elements, so that its own text is only layout.
    parent: bool,
}

/// An event in the making.
pub(super) struct Builder<'a> {
    event: WindowsEvent,
    kinds: Option<&'a Kinds>,
    section: Section,
    open: Vec<Open<'a>>,
    /// Text since the last start tag.
    text: String,
    unnamed: usize,
    done: bool,
}

impl<'a> Builder<'a> {
    /// Of an event of another kind than these only `System` is taken.
    pub(super) fn new(kinds: Option<&'a Kinds>) -> Self {
        Self {
            event: WindowsEvent::default(),
            kinds,
            section: Section::Other,
            open: Vec::with_capacity(8),
            text: String::new(),
            unnamed: 0,
            done: false,
        }
    }

    /// Whether the event has come to its end, or nothing more is wanted of it.
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    pub(super) fn finish(self) -> WindowsEvent {
        self.event
    }

    /// Takes text.
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Takes a start tag: its local name, and what gives the names and values of its attributes.
    pub(super) fn open<E: From<String>>(
        &mut self,
        name: Cow<'a, str>,
        attributes: impl FnOnce(&mut dyn FnMut(&str, &str)) -> Result<(), E>,
    ) -> Result<(), E> {
        match self.open.len() {
            0 if name != "Event" && name != "Events" => {
                return Err(format!("`<{name}>` where `<Event>` is expected").into());
            }
            // The root of a document with many events.
            0 if name == "Events" => return Ok(()),
            1 => self.section = section(&name),
            DEPTH_MAX => return Err(format!("elements are nested more than {DEPTH_MAX} deep").into()),
            _ => {}
        }
        if let Some(parent) = self.open.last_mut() {
            parent.parent = true;
        }
        self.text.clear();
        let name = match self.section {
            _ if self.open.is_empty() => name,
            Section::System => {
                attributes(&mut |key, value| self.system_attribute(&name, key, value))?;
                name
            }
            Section::EventData | Section::UserData => self.data_name(name, attributes)?,
            Section::RenderingInfo | Section::Other => name,
        };
        self.open.push(Open { name, parent: false });
        Ok(())
    }

    /// Takes an end tag.
    pub(super) fn close(&mut self) {
        let Some(element) = self.open.pop() else { return };
        let depth = self.open.len();
        if depth == 0 {
            self.done = true;
            return;
        }
        match self.section {
            Section::System if depth == 2 => self.system_text(&element.name),
            Section::System if depth == 1 => self.done = self.kinds.is_some_and(|it| !it.wants(&self.event)),
            // An empty `<UserData><EventXML/></UserData>` names no field.
            Section::UserData if depth == 2 && self.text.trim().is_empty() => {}
            Section::EventData | Section::UserData if depth >= 2 && !element.parent => {
                self.event.data.push((element.name.into_owned(), self.text.as_str().to_owned()));
            }
            Section::RenderingInfo if depth == 2 && element.name == "Message" => {
                self.event.message = Some(self.text.as_str().to_owned());
            }
            _ => {}
        }
        self.text.clear();
    }

    /// The name of a field: `Name` of `<Data Name="...">`, `paramN` of a bare `<Data>`, else the element itself. Other
    /// attributes of elements in `UserData` are fields too.
    fn data_name<E>(
        &mut self,
        name: Cow<'a, str>,
        attributes: impl FnOnce(&mut dyn FnMut(&str, &str)) -> Result<(), E>,
    ) -> Result<Cow<'a, str>, E> {
        let mut field = None;
        let is_inner = self.open.len() >= 2;
        let data = &mut self.event.data;
        attributes(&mut |key, value| match key {
            _ if key.starts_with("xmlns") || key.starts_with("xml:") => {}
            "Name" if is_inner => field = Some(value.to_owned()),
            "Type" if is_inner && name == "Data" => {}
            _ => data.push((key.to_owned(), value.to_owned())),
        })?;
        Ok(match field {
            Some(field) => Cow::Owned(field),
            None if name == "Data" && self.section == Section::EventData => {
                self.unnamed += 1;
                Cow::Owned(format!("param{}", self.unnamed))
            }
            None => name,
        })
    }

    fn system_attribute(&mut self, name: &str, key: &str, value: &str) {
        let event = &mut self.event;
        match (name, key) {
            ("Provider", "Name") => value.clone_into(&mut event.provider),
            ("Provider", "EventSourceName") if event.provider.is_empty() => {
                value.clone_into(&mut event.provider);
            }
            ("EventID", "Qualifiers") => event.qualifiers = value.parse().ok(),
            ("TimeCreated", "SystemTime") => event.time = time::parse(value),
            ("Correlation", "ActivityID") => event.activity_id = activity_id(value),
            ("Execution", "ProcessID") => event.process_id = value.parse().ok(),
            ("Execution", "ThreadID") => event.thread_id = value.parse().ok(),
            ("Security", "UserID") if !value.is_empty() => event.user_sid = Some(value.to_owned()),
            _ => {}
        }
    }

    fn system_text(&mut self, name: &str) {
        let event = &mut self.event;
        let text = self.text.trim();
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
