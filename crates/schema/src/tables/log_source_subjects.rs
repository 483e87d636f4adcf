//! What log source types report that report nothing from within a host: a query that needs processes, services or the
//! registry finds nothing of these. Only types are listed of which that is certain.

/// What a type of log source reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Packets and connections; devices of this kind may also log the commands of their administrators.
    Network,
    /// Requests to a server or through a proxy.
    Requests,
    /// What users do in an application of the cloud.
    Cloud,
}

/// Log source type and subject, sorted.
pub const SUBJECTS: &[(i64, Subject)] = &[
    (3, Subject::Network),
    (5, Subject::Network),
    (6, Subject::Network),
    (10, Subject::Requests),
    (13, Subject::Requests),
    (14, Subject::Network),
    (15, Subject::Network),
    (41, Subject::Network),
    (46, Subject::Requests),
    (73, Subject::Network),
    (78, Subject::Network),
    (103, Subject::Requests),
    (206, Subject::Network),
    (384, Subject::Requests),
    (397, Subject::Cloud),
    (452, Subject::Cloud),
];

/// Fields about what happens within a host.
const HOST_FIELDS: &[&str] = &[
    "Encoded Argument",
    "Process Path",
    "Process Guid",
    "Parent Command",
    "Parent Process Path",
    "Parent Process Name",
    "Parent Process ID",
    "Parent Process Guid",
    "Integrity Level",
    "Granted Access",
    "Call Trace",
    "Loaded Image",
    "Pipe Name",
    "ScriptBlockText",
    "Service Filename",
    "Service Account",
    "Service Type",
    "Service Start Type",
    "Registry Key",
    "Registry Value Name",
    "Target Details",
];

/// The subject of a type; nothing where it is not certain.
pub fn subject_of(log_source_type: i64) -> Option<Subject> {
    let place = SUBJECTS.binary_search_by_key(&log_source_type, |it| it.0).ok()?;
    Some(SUBJECTS[place].1)
}

impl Subject {
    /// Whether events of this subject never have a field.
    pub fn lacks(self, field: &str) -> bool {
        HOST_FIELDS.contains(&field) || (self == Self::Requests && field == "Command")
    }

    /// In a few words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Network => "connections",
            Self::Requests => "requests",
            Self::Cloud => "the use of an application in the cloud",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_name_what_exists() {
        assert!(SUBJECTS.is_sorted_by(|left, right| left.0 < right.0));
        for (id, _) in SUBJECTS {
            assert!(crate::tables::log_source_types::by_id(*id).is_some(), "{id}");
        }
        for name in HOST_FIELDS {
            assert!(crate::EVENTS.position(name).is_some(), "{name}");
        }
    }
}
