//! The rows of the event model: unique names, all names of the reference, one column for each meaning.

use std::collections::HashMap;

use schema::{DATABASES, EVENTS, FLOWS, Kind, PROPERTIES, REFUSED, SIMARC, Type, database, key, refused};

#[test]
fn no_name_belongs_to_two_fields() {
    for database in DATABASES {
        let mut owner = HashMap::new();
        for field in database.fields {
            for name in field.names() {
                let before = owner.insert(key(name), field.name);
                assert!(
                    before.is_none_or(|it| it == field.name),
                    "{}: `{name}` is {before:?} and {}",
                    database.name,
                    field.name
                );
            }
        }
    }
}

#[test]
fn no_name_of_sigma_belongs_to_two_fields() {
    for database in DATABASES {
        let mut owner = HashMap::new();
        for field in database.fields {
            for name in field.sigma {
                assert_eq!(owner.insert(*name, field.name), None, "{}: `{name}`", database.name);
                assert!(database.find(name).is_some(), "{name}");
            }
        }
    }
}

#[test]
fn sigma_means_full_paths_where_qradar_means_file_names() {
    let name = |it: Option<usize>| it.map(|it| EVENTS.fields[it].name);
    for (sigma, meant, in_queries) in [
        ("ProcessName", "Process Path", "Process Name"),
        ("ParentProcessName", "Parent Process Path", "Parent Process Name"),
        ("TargetObject", "Registry Key", "Registry Key"),
        ("CommandLine", "Command", "Command"),
        ("commandline", "Command", "Command"),
    ] {
        assert_eq!(
            (name(EVENTS.find_sigma(sigma)), name(EVENTS.find(sigma))),
            (Some(meant), Some(in_queries)),
            "{sigma}"
        );
    }
}

#[test]
fn every_row_is_documented() {
    for database in DATABASES {
        for field in database.fields {
            let meaning = field.meaning;
            assert!(meaning.len() > 8 && meaning.ends_with('.'), "{}: `{meaning}`", field.name);
        }
    }
}

#[test]
fn names_of_one_meaning_find_one_column() {
    let groups: &[&[&str]] = &[
        &["Service Filename", "ServiceFileName", "Service File Name", "Service FileName", "ImagePath", "imagepath"],
        &["Command", "CommandLine", "Process CommandLine", "ProcessCommandLine", "Process Command Line"],
        &["Event ID", "EventID", "qidEventId", "eventid", "Event ID Code", "EventIDCode"],
        &["Machine Identifier", "hostname", "Computer", "ComputerName", "Computer Name", "Machine ID"],
        &["Process Path", "Image", "ProcessPath", "NewProcessName"],
        &["Parent Process Path", "ParentImage", "ParentProcessPath"],
        &["Registry Key", "TargetObject", "Target Object", "RegistryPath"],
        &["Target Details", "Details"],
        &["Service Account", "ServiceAccount"],
        &["Service Start Type", "StartType", "ServiceStartType"],
        &["qideventcategory", "Channel", "qidEventCategory"],
        &["sourceip", "SourceIP", "src_ip", "IpAddress"],
        &["File Hash", "Hashes"],
    ];
    for group in groups {
        let first = EVENTS.find(group[0]).expect("the first name is a field");
        assert_eq!(EVENTS.fields[first].name, group[0]);
        for name in *group {
            assert_eq!(EVENTS.find(name), Some(first), "{name}");
        }
    }
}

#[test]
fn names_that_look_alike_stay_apart() {
    for (left, right) in [
        ("username", "User"),
        ("sourceip", "sourceaddress"),
        ("Registry Key", "Object Name"),
        ("AccountName", "ServiceAccount"),
        ("Filename", "OriginalFileName"),
        ("ScriptBlockText", "Message"),
        ("Service Type", "Service Type Code"),
    ] {
        assert_ne!(EVENTS.find(left).expect(left), EVENTS.find(right).expect(right));
    }
}

#[test]
fn databases_hold_the_fields_of_the_reference() {
    let built_in = |it: &schema::Database| it.fields.iter().filter(|row| row.kind == Kind::BuiltIn).count();
    // 65 built-in fields, of which qideventid is an alias of the property Event ID.
    assert_eq!(built_in(&EVENTS), 64);
    assert_eq!(built_in(&FLOWS), 57);
    assert_eq!(built_in(&SIMARC), 21);
    assert!(std::ptr::eq(database("Events").expect("events"), &raw const EVENTS));
    assert!(database("offenses").is_none());
}

#[test]
fn locators_are_hidden_from_queries() {
    assert_eq!(EVENTS.find("$file"), None);
    let file = EVENTS.position("$file").expect("a column");
    assert_eq!(EVENTS.fields[file].kind, Kind::Locator);
}

#[test]
fn arrow_columns_follow_the_fields() {
    let columns = EVENTS.arrow_schema();
    assert_eq!(columns.fields().len(), EVENTS.fields.len() + 1);
    for (field, column) in EVENTS.fields.iter().zip(columns.fields()) {
        assert_eq!((field.name, &field.value_type.arrow()), (column.name().as_str(), column.data_type()));
    }
    assert_eq!(columns.field(EVENTS.properties_column()).name(), PROPERTIES);
    assert_eq!(EVENTS.field("starttime").map(|it| it.value_type), Some(Type::Time));
}

#[test]
fn refused_names_are_no_fields_and_their_replacements_are() {
    assert!(REFUSED.is_sorted_by_key(|it| it.name));
    for row in &REFUSED {
        assert_eq!(EVENTS.find(row.name), None, "{}", row.name);
        assert!(row.bound_to.is_none_or(|it| EVENTS.find(it).is_some()));
    }
    assert_eq!(refused("LOGSOURCETYPEID").and_then(|it| it.bound_to), Some("devicetype"));
}
