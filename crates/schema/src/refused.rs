//! Names that people take for fields and QRadar refuses (`reference/aql.md` section 5).

use crate::key;

/// A name that is no field of QRadar, and what is meant by it.
#[derive(Debug)]
pub struct Refused {
    /// The name as people write it.
    pub name: &'static str,
    /// The AQL to write instead.
    pub instead: &'static str,
    /// The field that the name is bound to all the same, with a lint; nothing if the query is refused.
    pub bound_to: Option<&'static str>,
    /// Why the name does not work, one sentence.
    pub reason: &'static str,
}

/// All such names, sorted.
pub static REFUSED: [Refused; 7] = [
    Refused::new("devicetypeid", "devicetype", "The log source type is the field devicetype."),
    Refused::new("eventname", "QIDNAME(qid)", "The name of an event is looked up by its QID."),
    Refused::new("logsourceidname", "LOGSOURCENAME(logsourceid)", "The name of a log source is looked up by its id."),
    Refused {
        name: "logsourcetypeid",
        instead: "devicetype",
        bound_to: Some("devicetype"),
        reason: "QRadar has neither a field nor a function of this name; the log source type is devicetype.",
    },
    Refused::new(
        "offense_id",
        "INOFFENSE(id)",
        "Events do not carry offenses; the function asks whether one holds the event.",
    ),
    Refused::new("qidname", "QIDNAME(qid)", "QIDNAME is a function of the QID."),
    Refused::new("utf8_payload", "UTF8(payload)", "UTF8 is a function of the payload; this is the name of its result."),
];

impl Refused {
    const fn new(name: &'static str, instead: &'static str, reason: &'static str) -> Self {
        Self { name, instead, bound_to: None, reason }
    }
}

/// The row of a refused name, ignoring case and blanks.
pub fn refused(name: &str) -> Option<&'static Refused> {
    let wanted = key(name);
    REFUSED.iter().find(|it| it.name == wanted)
}
