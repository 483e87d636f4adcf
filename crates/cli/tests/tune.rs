//! `tune`: what it proposes, what it refuses to propose, and that its file does what it says.

mod support;

use serde_json::{Value, json};
use support::{file, folder, installed, json_of, log, page, prospero, stderr, stdout};

const AGENT: &str = r#""C:\Program Files\Contoso\Agent\agent.exe" --service"#;

/// Thirty installations of an agent, eight of different programs in temporary folders, under a name that all share.
fn events() -> Vec<Value> {
    let agents = (0..30_u8).map(|it| installed(10 + it % 5, &format!("ws{it:02}"), "ContosoAgent", AGENT));
    let others = (0..8_u8).map(|it| installed(15, "ws99", "Updater", &format!(r"C:\Users\u{it}\Downloads\{it}.exe")));
    agents.chain(others).collect()
}

const SINGLE: &str =
    "SELECT \"Service Name\", \"Service Filename\" FROM events WHERE devicetype = 12 AND EventID = 7045";
const GROUPED: &str = "SELECT \"Machine Identifier\" AS host, COUNT(*) AS installs FROM events \
                       WHERE devicetype = 12 AND EventID = 7045 GROUP BY \"Machine Identifier\" HAVING installs >= 1";

fn benign() -> Value {
    json!({ "Channel": "System", "SourceName": "Service Control Manager", "EventID": 7036, "param1": "x" })
}

#[test]
fn proposals_name_the_path_and_their_file_removes_what_they_say() {
    let folder = folder("tune-round-trip");
    let logs = file(&folder, "log.jsonl", &log(&events()));
    let attack = installed(1, "ws01", "Evil", r"C:\Windows\Temp\e.exe");
    let single = file(&folder, "single.md", &page("single", SINGLE, &attack, &benign()));
    let grouped = file(&folder, "grouped.md", &page("grouped", GROUPED, &attack, &benign()));
    let written = folder.join("tuning.toml").display().to_string();
    let arguments = ["tune", &logs, "--packs", &single, "--packs", &grouped, "--owner", "ann", "--format", "json"];
    let output = prospero(&[&arguments[..], &["--expires", "2099-12-31", "-o", &written]].concat());
    let found = json_of(&output, 0);
    let find = |id: &str| {
        let noisy = found.as_array().expect("a list").iter().find(|it| it["detection"] == id);
        noisy.unwrap_or_else(|| panic!("{id} is noisy: {found}"))
    };
    let single_found = find("single");
    assert_eq!(single_found["matches"], 38);
    assert_eq!(single_found["remaining"], 8, "{single_found}");
    assert_eq!(single_found["proposals"].as_array().map(Vec::len), Some(1), "{single_found}");
    let proposal = &single_found["proposals"][0];
    assert_eq!(proposal["removed"], 30);
    assert_eq!(proposal["examples"].as_array().map(Vec::len), Some(3));
    let filter = proposal["filter"].as_str().expect("a filter");
    assert!(filter.contains("\"Service Filename\" = '\"C:\\Program Files\\Contoso\\Agent\\agent.exe\""), "{filter}");
    assert!(filter.contains("\"Service Name\" = 'ContosoAgent'"), "{filter}");
    let grouped_found = find("grouped");
    assert_eq!(grouped_found["matches"], 31, "one row a host");
    assert_eq!(grouped_found["remaining"], 1, "{grouped_found}");

    let scan =
        prospero(&["scan", &logs, "--packs", &single, "--packs", &grouped, "--tuning", &written, "--format", "jsonl"]);
    assert_eq!(scan.status.code(), Some(0), "{}", stderr(&scan));
    let rows: Vec<Value> = stdout(&scan).lines().map(|it| serde_json::from_str(it).expect("JSON")).collect();
    for noisy in [single_found, grouped_found] {
        let left = rows.iter().filter(|it| it["detection"] == noisy["detection"]).count();
        assert_eq!(json!(left), noisy["remaining"], "{}", noisy["detection"]);
    }
    // With the file in use nothing more is to be proposed, and a further proposal would have a name of its own.
    let again =
        prospero(&["tune", &logs, "--packs", &single, "--tuning", &written, "--at-least", "1", "--format", "json"]);
    let again = json_of(&again, 0);
    assert_eq!((&again[0]["matches"], &again[0]["proposals"]), (&json!(8), &json!([])));

    let said = stderr(&scan);
    assert!(said.contains("tune-single-1: 30 matches"), "{said}");
    assert!(said.contains("tune-grouped-1: 0 matches, 30 events"), "{said}");
}

#[test]
fn nothing_is_proposed_that_would_hide_an_attack_or_rests_on_a_name() {
    let folder = folder("tune-refusals");
    let logs = file(&folder, "log.jsonl", &log(&events()));
    // The attack of the page; the matches that remain; what is said.
    let cases = [
        // The path alone would hide this attack: the proposal has to name more than the path.
        (installed(1, "ws01", "Evil", AGENT), 8, "\"Service Name\" = 'ContosoAgent'"),
        // On any host and under any name the agent itself is the attack.
        (installed(1, "ws07", "ContosoAgent", AGENT), 38, "would have hidden an attack"),
    ];
    for (attack, remaining, said) in cases {
        let page = file(&folder, "page.md", &page("page", SINGLE, &attack, &benign()));
        let output = prospero(&["tune", &logs, "--packs", &page]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let text = stdout(&output);
        assert!(text.contains(said), "{text}");
        let output = prospero(&["tune", &logs, "--packs", &page, "--format", "json"]);
        assert_eq!(json_of(&output, 0)[0]["remaining"], remaining, "{text}");
    }
    // A name that all share, and nothing else.
    let shared = file(&folder, "shared.jsonl", &log(&events()[30..]));
    let page = file(&folder, "page.md", &page("page", SINGLE, &installed(1, "a", "Evil", r"C:\e.exe"), &benign()));
    let output = prospero(&["tune", &shared, "--packs", &page, "--at-least", "5"]);
    let text = stdout(&output);
    assert!(text.contains("no path that an exclusion may rest on"), "{text}");
}

#[test]
fn arguments_that_differ_do_not_hide_a_program() {
    let folder = folder("tune-arguments");
    let program = r#""C:\Program Files\Contoso\Agent\agent.exe""#;
    let command = |number: u8| format!("{program} --user u{number}");
    let events: Vec<Value> = (0..12).map(|it| installed(10, "ws01", &format!("Agent{it}"), &command(it))).collect();
    let logs = file(&folder, "log.jsonl", &log(&events));
    let attack = installed(1, "ws01", "Evil", r"C:\Program Files\Contoso\Agent\agent.exe.exe");
    let page = file(&folder, "page.md", &page("page", SINGLE, &attack, &benign()));
    let found = json_of(&prospero(&["tune", &logs, "--packs", &page, "--format", "json"]), 0);
    assert_eq!(found[0]["remaining"], 0, "{found}");
    assert_eq!(found[0]["proposals"][0]["filter"], format!("\"Service Filename\" ILIKE '{program}%'"));
}

#[test]
fn without_an_owner_proposals_are_written_and_not_in_use() {
    let folder = folder("tune-owner");
    let logs = file(&folder, "log.jsonl", &log(&events()));
    let attack = installed(1, "ws01", "Evil", r"C:\Windows\Temp\e.exe");
    let page = file(&folder, "page.md", &page("page", SINGLE, &attack, &benign()));
    let written = folder.join("tuning.toml").display().to_string();
    let output = prospero(&["tune", &logs, "--packs", &page, "-o", &written]);
    assert!(stderr(&output).contains("enabled = false"), "{}", stderr(&output));
    let list = prospero(&["tuning", "--tuning", &written, "--format", "json"]);
    let list = json_of(&list, 0);
    let own = list.as_array().expect("a list").iter().find(|it| it["id"] == "tune-page-1").expect("it is listed");
    assert_eq!((&own["state"], &own["owner"]), (&json!("disabled"), &json!("nobody yet")));
    let piped = prospero(&["tune", "-"]);
    assert_eq!(piped.status.code(), Some(2));
    assert!(stderr(&piped).contains("only once"), "{}", stderr(&piped));
}
