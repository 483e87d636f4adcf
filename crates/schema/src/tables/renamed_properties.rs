//! Properties that the content packs of 7.4.3 gave another name, old and new: IBM's list of renames in its Linux pack,
//! and the older names in IBM's Windows and Sysmon packs, which Sigma backends and integrations still use.
//! `EventID` is not among them: packs of both generations have it.

/// Old and new name, sorted by the old one.
pub const RENAMED: &[(&str, &str)] = &[
    ("GroupID", "Group ID"),
    ("ImageName", "Process Name"),
    ("LoadedImage", "Loaded Image"),
    ("Machine ID", "Machine Identifier"),
    ("ParentCommandLine", "Parent Command"),
    ("ParentImageName", "Parent Process Name"),
    ("Process CommandLine", "Command"),
    ("ServiceFileName", "Service Filename"),
    ("UrlHost", "URL Host"),
];

/// The new name of a property, where it has another one since.
pub fn new_name(old: &str) -> Option<&'static str> {
    RENAMED.iter().find(|it| it.0 == old).map(|it| it.1)
}

/// The old name of a property that has another one since.
pub fn old_name(new: &str) -> Option<&'static str> {
    RENAMED.iter().find(|it| it.1.eq_ignore_ascii_case(new)).map(|it| it.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EVENTS;

    #[test]
    fn both_names_are_those_of_one_field() {
        assert!(RENAMED.is_sorted());
        for (old, new) in RENAMED {
            assert!(EVENTS.find(old).is_some() && EVENTS.find(old) == EVENTS.find(new), "{old}, {new}");
        }
    }
}
