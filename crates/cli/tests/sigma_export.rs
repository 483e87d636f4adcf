//! `prospero convert --to sigma`: pages and queries become files, and what Sigma cannot say is refused by name.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn prospero(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_prospero"))
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .output()
        .expect("the program starts")
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sigma-export").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("the folder is ours");
    }
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is UTF-8")
}

#[test]
fn a_query_becomes_a_rule_on_standard_output() {
    let file = folder("query").join("services_from_shares.aql");
    let query = r"SELECT * FROM events WHERE devicetype = 12 AND qideventcategory = 'System' AND EventID = 7045
        AND ImagePath ILIKE '\\%' LAST 1 DAYS";
    std::fs::write(&file, query).expect("the file can be written");
    let output = prospero(&["convert", "--to", "sigma", &file.display().to_string()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let rule = text(&output.stdout);
    for part in ["title: Services from shares\n", "service: system", r"ImagePath|startswith: '\\\\'", "level: medium"] {
        assert!(rule.contains(part), "{part} in\n{rule}");
    }
}

#[test]
fn what_sigma_cannot_say_is_refused_by_name_or_left_out() {
    let folder = folder("refused");
    let file = folder.join("long.aql");
    let query = "SELECT * FROM events WHERE devicetype = 12 AND (qideventcategory = 'System' AND EventID = 7045 \
        AND ImagePath ILIKE '%x%' OR qideventcategory = 'Security' AND EventID = 4697 AND STRLEN(ImagePath) > 300)";
    std::fs::write(&file, query).expect("the file can be written");
    let file = file.display().to_string();
    let refused = prospero(&["convert", "--to", "sigma", &file]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(text(&refused.stdout), "");
    let said = text(&refused.stderr);
    assert!(said.contains("error[not-in-sigma]: Sigma cannot say the function `STRLEN`"), "{said}");

    let output = folder.join("rules").display().to_string();
    let partial = prospero(&["convert", "--to", "sigma", "--partial", &file, "-o", &output]);
    assert_eq!(partial.status.code(), Some(0), "{}", text(&partial.stderr));
    let rule = std::fs::read_to_string(Path::new(&output).join("long.yml")).expect("the rule was written");
    assert!(rule.contains("Left out, since Sigma cannot say it: what the detection asks of security."), "{rule}");
}

#[test]
fn a_page_becomes_a_rule_for_each_log_source() {
    let output = folder("page").display().to_string();
    let page = "packs/t1543/service-installed-from-user-writable-path.md";
    let converted = prospero(&["convert", "--to", "sigma", page, "-o", &output]);
    assert_eq!(converted.status.code(), Some(0), "{}", text(&converted.stderr));
    let read = |name: &str| std::fs::read_to_string(Path::new(&output).join(name)).expect(name);
    let rule = read("service-installed-from-user-writable-path-registry-set.yml");
    for part in ["category: registry_set", "- attack.t1543.003", "level: ", "    - 'https://"] {
        assert!(rule.contains(part), "{part} in\n{rule}");
    }
    assert!(read("service-installed-from-user-writable-path-system.yml").contains("service: system"));
}
