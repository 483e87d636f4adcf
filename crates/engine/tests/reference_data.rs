//! Every form of reference data, and what is said about files that have none of them.

use std::path::PathBuf;

use aql::ReferenceData;
use engine::ReferenceFolder;

/// A folder with these files, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path = std::env::temp_dir().join(format!("prospero-reference-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("the folder can be made");
        for (file, text) in files {
            std::fs::write(path.join(file), text).expect("the file can be written");
        }
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).expect("the folder can be removed");
    }
}

#[test]
fn every_form_is_read() {
    let folder = Folder::new(
        "forms",
        &[
            (".hidden", "passed over"),
            ("Admin hosts.csv", "value\r\n10.0.0.1\r\n\"a, b\"\r\n"),
            ("list.txt", "one\n\n two \n"),
            ("owners.csv", "key,value\nhost1,\"ann \"\"a\"\"\"\n"),
            ("groups.csv", "key,element\nann,red\nann,blue\n"),
            ("people.csv", "key,dept,floor\nann,sales,3\nbob,,4\n"),
            ("cells.csv", "outer_key,inner_key,value\nann,dept,sales\n"),
            ("set.json", r#"["a", 5, true]"#),
            ("map.json", r#"{"a": 1}"#),
            ("sets.json", r#"{"a": ["x", "y"]}"#),
            ("table.json", r#"{"ann": {"dept": "sales"}}"#),
            ("exported.json", r#"{"name": "e", "element_type": "ALN", "data": [{"first_seen": 1, "value": "v"}]}"#),
        ],
    );
    let data = ReferenceFolder::load(&folder.0).expect("all files are understood");
    assert!(data.has_set("ADMIN HOSTS") && data.set_contains("admin hosts", "a, b"));
    assert!(!data.set_contains("admin hosts", "10.0.0.2") && !data.has_map("admin hosts"));
    assert!(data.set_contains("list", "two") && data.set_contains("set", "5") && data.set_contains("exported", "v"));
    assert_eq!(data.map_value("owners", "host1").as_deref(), Some("ann \"a\""));
    assert_eq!(data.map_value("map", "a").as_deref(), Some("1"));
    assert!(data.map_set_contains("groups", "ann", "blue") && data.map_set_contains("sets", "a", "y"));
    assert!(!data.map_set_contains("groups", "bob", "blue"));
    assert_eq!(data.table_value("people", "floor", "bob").as_deref(), Some("4"));
    assert_eq!(data.table_value("people", "dept", "bob"), None);
    assert_eq!(data.table_value("cells", "dept", "ann").as_deref(), Some("sales"));
    assert_eq!(data.table_value("table", "dept", "ann").as_deref(), Some("sales"));
    assert_eq!(data.collections().len(), 11);
}

#[test]
fn faults_name_file_and_line() {
    for (file, text, expected) in [
        ("a.csv", "", "a.csv:1: no header"),
        ("a.csv", "name\nx\n", "a.csv:1: header `name`"),
        ("a.csv", "key,value\na,1\n\"b\nc\",2\nd\n", "a.csv:5: 1 columns where the header has 2"),
        ("a.csv", "key,value\na,1\na,2\n", "a.csv:3: the key `a` stands twice"),
        ("a.csv", "value\n\"open\n", "a.csv:2: a quoted cell has no end"),
        ("a.json", "[1,\n2", "a.json:2: EOF while parsing"),
        ("a.json", "{\"a\": 1,\n\"b\": []}", "a.json:2: `b` is not a plain value"),
        ("a.json", "5", "a.json:1: expected an array or an object"),
        ("a.xml", "<a/>", "a.xml:1: not a `.csv`, `.json` or `.txt` file"),
    ] {
        let folder = Folder::new("faults", &[(file, text)]);
        let error = ReferenceFolder::load(&folder.0).expect_err(text).to_string();
        assert!(error.contains(expected), "{error} should contain {expected}");
    }
    let folder = Folder::new("twice", &[("a.txt", "x"), ("A.csv", "value\nx")]);
    let error = ReferenceFolder::load(&folder.0).expect_err("two files, one name").to_string();
    assert!(error.contains("a second collection is named `a`"), "{error}");
}
