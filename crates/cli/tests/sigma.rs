//! Sigma rules through the program: what they find, and what is said of those that cannot be used.

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use support::{file, folder, lines, prospero, stderr, stdout};

/// The section `detection` of a rule, the fields of events that it must match, and of events that it must not.
const CASES: &[(&str, &[&str], &[&str])] = &[
    // Case, wildcards, escapes.
    (
        r"selection: { CommandLine: 'Sc Create' }",
        &[r#""CommandLine": "sc create""#, r#""CommandLine": "SC CREATE""#],
        &[r#""CommandLine": "sc create x""#, r#""ServiceName": "sc create""#],
    ),
    (
        r"selection: { Image: 'C:\\*\prog?.exe' }",
        &[r#""Image": "c:\\a\\b\\progA.exe""#],
        &[r#""Image": "c:\\a\\prog.exe""#, r#""Image": "c:\\a\\progAB.exe""#],
    ),
    (r"selection: { CommandLine|contains: 'a_b' }", &[r#""CommandLine": "xA_By""#], &[r#""CommandLine": "xa-by""#]),
    (
        r"selection: { CommandLine|contains: '%temp%' }",
        &[r#""CommandLine": "del %TEMP%\\x""#],
        &[r#""CommandLine": "contemplate""#],
    ),
    (r"selection: { CommandLine: 'a\*b' }", &[r#""CommandLine": "a*b""#], &[r#""CommandLine": "axb""#]),
    (
        r"selection: { CommandLine|startswith: '\\\\srv\share\\' }",
        &[r#""CommandLine": "\\\\srv\\share\\x.exe""#],
        &[r#""CommandLine": "\\srv\\share\\x.exe""#],
    ),
    (
        r"selection: { CommandLine|contains: 'first*second' }",
        &[r#""CommandLine": "a first\nthen second b""#],
        &[r#""CommandLine": "second first""#],
    ),
    (
        r"selection: { CommandLine|contains|cased: 'Enc' }",
        &[r#""CommandLine": "-Encoded""#],
        &[r#""CommandLine": "-encoded""#],
    ),
    (
        r"selection: { CommandLine|contains|all: [' -a', ' -b'] }",
        &[r#""CommandLine": "x -b -a""#],
        &[r#""CommandLine": "x -a""#],
    ),
    // What is not there.
    (
        r"selection: { CommandLine: x, ParentImage: null }",
        &[r#""CommandLine": "x""#],
        &[r#""CommandLine": "x", "ParentImage": "y""#],
    ),
    (
        r"selection: { CommandLine: x, ParentImage: '' }",
        &[r#""CommandLine": "x", "ParentImage": """#],
        &[r#""CommandLine": "x", "ParentImage": "y""#],
    ),
    (
        r"selection: { CommandLine: x, IpAddress: '-' }",
        &[r#""CommandLine": "x", "IpAddress": "-""#],
        &[r#""CommandLine": "x", "IpAddress": "192.0.2.1""#],
    ),
    (
        "selection: { CommandLine: x }\n    filter: { ParentImage|endswith: '\\\\y', User: z }",
        &[
            r#""CommandLine": "x""#,
            r#""CommandLine": "x", "ParentImage": "a\\y""#,
            r#""CommandLine": "x", "ParentImage": "a\\y", "User": "other""#,
        ],
        &[r#""CommandLine": "x", "ParentImage": "a\\Y", "User": "Z""#],
    ),
    (
        r"selection: { CommandLine: x, LogonType|neq: 3 }",
        &[r#""CommandLine": "x""#, r#""CommandLine": "x", "LogonType": 2"#],
        &[r#""CommandLine": "x", "LogonType": 3"#],
    ),
    (
        r"selection: { CommandLine: x, ParentImage|exists: true }",
        &[r#""CommandLine": "x", "ParentImage": "y""#],
        &[r#""CommandLine": "x""#],
    ),
    // Numbers, addresses, times.
    (r"selection: { LogonType: [3, 10] }", &[r#""LogonType": 3"#, r#""LogonType": "10""#], &[r#""LogonType": 31"#]),
    (
        r"selection: { KeyLength|lt: 128 }",
        &[r#""KeyLength": "56""#],
        &[r#""KeyLength": "1000""#, r#""KeyLength": "none""#, r#""Other": "1""#],
    ),
    (
        "selection: { CommandLine: x }\n    filter: { KeyLength|gte: 128 }",
        &[r#""CommandLine": "x", "KeyLength": "56""#, r#""CommandLine": "x", "KeyLength": "none""#],
        &[r#""CommandLine": "x", "KeyLength": "128""#],
    ),
    (
        r"selection: { DestinationIp|cidr: ['10.0.0.0/8', '2001:db8::/32'] }",
        &[r#""DestinationIp": "10.9.8.7""#, r#""DestinationIp": "2001:db8::7""#],
        &[r#""DestinationIp": "11.0.0.1""#, r#""Other": "10.0.0.1""#],
    ),
    (
        "selection: { CommandLine: x }\n    filter: { ProxyAddress|cidr: '192.0.2.0/24' }",
        &[
            r#""CommandLine": "x", "ProxyAddress": "dc01""#,
            r#""CommandLine": "x", "ProxyAddress": "198.51.100.1""#,
            r#""CommandLine": "x""#,
        ],
        &[r#""CommandLine": "x", "ProxyAddress": "192.0.2.77""#],
    ),
    (
        r"selection: { UtcTime|hour: [22, 23], UtcTime|year: 2026 }",
        &[r#""UtcTime": "2026-11-21 22:15:00.123""#, r#""UtcTime": "2026-11-21T23:15:00Z""#],
        &[r#""UtcTime": "2026-11-21 21:15:00.123""#, r#""UtcTime": "2025-11-21 22:15:00.123""#],
    ),
    // Encodings.
    (
        r"selection: { CommandLine|base64offset|contains: 'whoami /all' }",
        &[
            r#""CommandLine": "echo d2hvYW1pIC9hbGw= | base64 -d""#,
            r#""CommandLine": "echo eHdob2FtaSAvYWxs | base64 -d""#,
            r#""CommandLine": "echo eHl3aG9hbWkgL2FsbA== | base64 -d""#,
        ],
        &[r#""CommandLine": "whoami /all""#],
    ),
    (
        r"selection: { CommandLine|wide|base64offset|contains: 'ping' }",
        &[r#""CommandLine": "powershell -enc cABpAG4AZwAgADEA""#],
        &[r#""CommandLine": "powershell ping""#],
    ),
    (
        r"selection: { CommandLine|contains|windash: ' -user-name ' }",
        &[r#""CommandLine": "x /user-name y""#, r#""CommandLine": "x –user-name y""#],
        &[r#""CommandLine": "x /user/name y""#],
    ),
    // Regular expressions, other fields, keywords.
    (
        r"selection: { CommandLine|re: 'a[0-9]+$' }",
        &[r#""CommandLine": "x a12""#],
        &[r#""CommandLine": "x A12""#, r#""CommandLine": "a12 x""#],
    ),
    (r"selection: { CommandLine|re|i: '^a' }", &[r#""CommandLine": "Abc""#], &[r#""CommandLine": "bAbc""#]),
    (
        r"selection: { Image|fieldref|endswith: OriginalFileName }",
        &[r#""Image": "C:\\x\\Sc.exe", "OriginalFileName": "sc.exe""#],
        &[r#""Image": "C:\\x\\renamed.exe", "OriginalFileName": "sc.exe""#, r#""Image": "C:\\x\\sc.exe""#],
    ),
    (
        "selection: ['needle & thread', 'never']",
        &[r#""Whatever": "a NEEDLE & thread b""#],
        &[r#""Whatever": "a needle""#],
    ),
    (
        "selection_1: { Image: a }\n    selection_2: { CommandLine: b }\n    selection_3: { User: c }",
        &[r#""Image": "a", "User": "c""#, r#""Image": "a", "CommandLine": "b", "User": "c""#],
        &[r#""Image": "a""#, r#""CommandLine": "b""#],
    ),
];

/// All rules in one folder and all events in one file: a number in each says what belongs together.
#[test]
fn rules_match_what_they_say() {
    let folder = folder("sigma-semantics");
    let (mut events, mut expected) = (String::new(), BTreeMap::new());
    let rules = folder.join("rules");
    std::fs::create_dir(&rules).expect("the folder can be made");
    for (number, (detection, attacks, benign)) in CASES.iter().enumerate() {
        let condition = match *detection {
            it if it.contains("selection_1") => "2 of selection_*",
            it if it.contains("filter:") => "selection and not filter",
            _ => "selection",
        };
        let text = format!(
            "title: Case {number}\nid: case-{number}\nlogsource: {{ product: windows }}\ndetection:\n    \
             case: {{ CaseNumber: {number} }}\n    {detection}\n    condition: case and ({condition})\n",
        );
        file(&rules, &format!("case-{number}.yml"), &text);
        for (fields, matches) in attacks.iter().map(|it| (it, true)).chain(benign.iter().map(|it| (it, false))) {
            let line = events.lines().count() + 1;
            let _ = writeln!(
                events,
                r#"{{"Channel": "Demo", "EventID": 1, "Computer": "ws01", "CaseNumber": {number}, {fields}}}"#
            );
            if matches {
                expected.insert(line as i64, (format!("case-{number}"), *fields));
            }
        }
    }
    let log = file(&folder, "events.jsonl", &events);
    let rules = rules.display().to_string();
    let output = prospero(&["scan", &log, "--sigma", &rules, "--format", "jsonl"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let mut found = BTreeMap::new();
    for it in lines(&output) {
        let record = it["source"]["record"].as_i64().expect("a match has a record");
        found.insert(record, it["detection"].as_str().expect("a match names its detection").to_owned());
    }
    for (record, (detection, fields)) in &expected {
        assert_eq!(found.get(record), Some(detection), "missed: {fields}");
    }
    let wrong: Vec<_> = found.iter().filter(|it| !expected.contains_key(it.0)).collect();
    let text = |record: i64| events.lines().nth(record as usize - 1).unwrap_or_default();
    assert!(wrong.is_empty(), "{:?}", wrong.iter().map(|it| (it.1, text(*it.0))).collect::<Vec<_>>());
}

const CORRELATIONS: &str = "
title: Failed
name: failed
logsource: { product: windows, service: security }
detection: { selection: { EventID: 4625 }, condition: selection }
---
title: Succeeded
name: succeeded
logsource: { product: windows, service: security }
detection: { selection: { EventID: 4624 }, condition: selection }
---
title: Many
id: many
correlation: { type: event_count, rules: [failed], group-by: [TargetUserName], timespan: 5m, condition: { gte: 3 } }
---
title: Values
id: values
correlation:
    type: value_count
    rules: [failed, succeeded]
    group-by: [Computer]
    timespan: 5m
    condition: { field: TargetUserName, gte: 3 }
---
title: Sum
id: sum
correlation:
    type: value_sum
    rules: [failed]
    group-by: [TargetUserName]
    timespan: 5m
    condition: { field: Weight, gt: 50 }
---
title: Average
id: average
correlation:
    type: value_avg
    rules: [failed]
    group-by: [TargetUserName]
    timespan: 5m
    condition: { field: Weight, gte: 40 }
---
title: Percentile
id: percentile
correlation:
    type: value_percentile
    rules: [failed]
    group-by: [TargetUserName]
    timespan: 5m
    condition: { field: Weight, percentile: 50, gte: 20 }
---
title: Both
id: both
correlation: { type: temporal, rules: [failed, succeeded], group-by: [TargetUserName], timespan: 5m }
---
title: Ordered
id: ordered
correlation: { type: temporal_ordered, rules: [failed, succeeded], group-by: [TargetUserName], timespan: 5m }
---
title: Only
id: only
correlation:
    type: temporal
    rules: [failed, succeeded]
    group-by: [TargetUserName]
    timespan: 5m
    condition: failed and not succeeded
---
title: Aliases
id: aliases
correlation:
    type: temporal
    rules: [failed, succeeded]
    aliases: { account: { failed: TargetUserName, succeeded: SubjectUserName } }
    group-by: [account]
    timespan: 5m
";

#[test]
fn correlations_group_what_belongs_together() {
    let folder = folder("sigma-correlations");
    let event = |time: &str, id: u32, rest: &str| {
        format!(
            r#"{{"@timestamp": "2026-11-21T{time}Z", "Channel": "Security", "EventID": {id}, "Computer": "ws01", {rest}}}"#
        )
    };
    let events = [
        // Anna: three failures and then a success.
        event("10:00:01", 4625, r#""TargetUserName": "anna", "Weight": 10"#),
        event("10:00:02", 4625, r#""TargetUserName": "anna", "Weight": 20"#),
        event("10:00:03", 4625, r#""TargetUserName": "anna", "Weight": 30"#),
        event("10:00:04", 4624, r#""TargetUserName": "anna""#),
        // Bert: a success and then a failure.
        event("10:01:00", 4624, r#""TargetUserName": "bert""#),
        event("10:01:01", 4625, r#""TargetUserName": "bert", "Weight": 40"#),
        // Carl: two failures in one window and one in the next.
        event("10:02:00", 4625, r#""TargetUserName": "carl", "Weight": 1"#),
        event("10:02:01", 4625, r#""TargetUserName": "carl", "Weight": 1"#),
        event("10:06:00", 4625, r#""TargetUserName": "carl", "Weight": 99"#),
        // Dora acts, and others are the target.
        event("10:20:00", 4625, r#""TargetUserName": "dora", "Weight": 1"#),
        event("10:20:01", 4624, r#""TargetUserName": "emil", "SubjectUserName": "dora""#),
    ];
    let log = file(&folder, "events.jsonl", &events.join("\n"));
    let rules = file(&folder, "rules.yml", CORRELATIONS);
    let output = prospero(&["scan", &log, "--sigma", &rules, "--format", "jsonl"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for it in lines(&output) {
        let columns = &it["columns"];
        let group = columns.get("Target Username").or(columns.get("account")).or(columns.get("Machine Identifier"));
        let group = group.and_then(Value::as_str).unwrap_or_default().to_owned();
        found.entry(it["detection"].as_str().unwrap_or_default().to_owned()).or_default().push(group);
    }
    for groups in found.values_mut() {
        groups.sort();
    }
    let expected = [
        ("aliases", vec!["dora"]),
        ("average", vec!["bert", "carl"]),
        ("both", vec!["anna", "bert"]),
        ("many", vec!["anna"]),
        ("only", vec!["carl", "carl", "dora"]),
        ("ordered", vec!["anna"]),
        ("percentile", vec!["anna", "bert", "carl"]),
        ("sum", vec!["anna", "carl"]),
        ("values", vec!["ws01"]),
    ];
    let expected = expected.map(|(name, groups)| (name.to_owned(), groups.into_iter().map(str::to_owned).collect()));
    assert_eq!(found, BTreeMap::from(expected));
}

#[test]
fn rules_are_converted_and_each_outcome_is_reported() {
    let folder = folder("sigma-convert");
    let rules = folder.join("rules");
    std::fs::create_dir(&rules).expect("the folder can be made");
    let rule = "title: Good\nid: good\nlogsource: { product: windows, service: system }\n\
                detection: { selection: { ServiceName|expand: '%names%' }, condition: selection }\n";
    file(&rules, "good.yml", rule);
    file(&rules, "bad.yml", "title: Bad\ndetection: { selection: { a|b: c }, condition: selection }\n");
    let names = file(&folder, "names.txt", "# a comment\none\n\ntwo\n");
    let rules = rules.display().to_string();
    let (pages, report) = (folder.join("pages"), folder.join("report.jsonl"));
    let (pages, report) = (pages.display().to_string(), report.display().to_string());
    let from = ["convert", "--from", "sigma", &rules, "--placeholders", &names];

    let output = prospero(&[&from[..], &["--to", "page", "-o", &pages, "--report", &report]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let said = stderr(&output);
    assert!(said.contains("no modifier `b`") && said.contains("bad.yml:2"), "{said}");
    assert!(said.contains("1 rules imported, 1 refused"), "{said}");
    let page = std::fs::read_to_string(Path::new(&pages).join("good.md")).expect("the page was written");
    assert!(page.contains("\"Service Name\" ILIKE 'one' OR \"Service Name\" ILIKE 'two'"), "{page}");
    let report = std::fs::read_to_string(report).expect("the report was written");
    let rows: Vec<Value> = report.lines().map(|it| serde_json::from_str(it).expect("each line is JSON")).collect();
    let outcomes: Vec<_> = rows.iter().map(|it| (it["title"].as_str(), it["outcome"].as_str())).collect();
    assert_eq!(outcomes, [(Some("Bad"), Some("refused")), (Some("Good"), Some("imported"))]);
    assert_eq!(rows[0]["diagnostics"][0]["line"], 2);

    let checked = prospero(&["check", &pages]);
    assert!(checked.status.success(), "{}", stderr(&checked));
    let query = stdout(&prospero(&[&from[..], &["--to", "aql"]].concat()));
    assert!(query.starts_with("SELECT starttime"), "{query}");
    let output = prospero(&["convert", "--from", "sigma", "--to", "evtx", &rules]);
    assert_eq!(output.status.code(), Some(2));
}

/// Reads the folder that the environment variable `PROSPERO_SAMPLES` names; skipped without it.
#[test]
fn rules_match_their_regression_data() {
    let Some(samples) = std::env::var_os("PROSPERO_SAMPLES") else {
        std::io::Write::write_all(&mut std::io::stderr(), b"skipped: PROSPERO_SAMPLES is not set\n").ok();
        return;
    };
    let sigma = Path::new(&samples).join("sigma");
    let mut arguments = vec!["scan".to_owned(), sigma.join("regression_data").display().to_string()];
    for rules in ["rules", "rules-emerging-threats", "rules-threat-hunting"] {
        arguments.extend(["--sigma".to_owned(), sigma.join(rules).display().to_string()]);
    }
    arguments.extend(["--format".to_owned(), "jsonl".to_owned()]);
    let output = prospero(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let mut found: BTreeMap<(String, String), u64> = BTreeMap::new();
    for it in lines(&output) {
        let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
        *found.entry((text(&it["detection"]), text(&it["source"]["file"]))).or_default() += 1;
    }
    let mut tests = Vec::new();
    regression_tests(&sigma.join("regression_data"), &sigma, &mut tests);
    assert!(tests.len() > 80, "{}: {}", tests.len(), stderr(&output));
    let wrong: Vec<_> = tests
        .iter()
        .map(|it| (it, found.get(&(it.rule.clone(), it.log.clone())).copied().unwrap_or(0)))
        .filter(|(test, count)| test.matches.map_or(*count == 0, |wanted| *count != wanted))
        .map(|(test, count)| format!("{} on {}: {count}, not {:?}", test.rule, test.log, test.matches))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), tests.len(), wrong.join("\n"));
}

/// Rules whose data states one match though each event of the log fulfils the rule: the events differ only in the value
/// set below the key, all of which the rule names or leaves open.
const CORRECTED: [(&str, u64); 2] =
    [("45e112d0-7759-4c2a-aa36-9f8fb79d3393", 3), ("c7dcacd0-cc59-4004-b0a4-1d6cdebe6f3e", 2)];

/// A rule, a log and how often the one matches in the other; at least once where that is not said.
struct RegressionTest {
    rule: String,
    log: String,
    matches: Option<u64>,
}

fn regression_tests(folder: &Path, root: &Path, tests: &mut Vec<RegressionTest>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            regression_tests(&path, root, tests);
        } else if path.file_name().is_some_and(|it| it == "info.yml") {
            let text = std::fs::read_to_string(&path).expect("the description is text");
            let value = |key: &str| {
                let line = text.lines().find_map(|it| it.trim().trim_start_matches("- ").strip_prefix(key));
                line.map(|it| it.trim().trim_matches(['\'', '"']).to_owned())
            };
            let rule = text.split("rule_metadata:").nth(1).unwrap_or_default();
            let rule = rule.lines().find_map(|it| it.trim().trim_start_matches("- ").strip_prefix("id:"));
            let rule = rule.expect("a test names its rule").trim().to_owned();
            let corrected = CORRECTED.iter().find(|it| it.0 == rule).map(|it| it.1);
            tests.push(RegressionTest {
                log: root.join(value("path:").expect("a test names its log")).display().to_string(),
                matches: corrected.or_else(|| value("match_count:").and_then(|it| it.parse().ok())),
                rule,
            });
        }
    }
}
