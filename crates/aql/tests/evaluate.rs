//! What expressions and filters are worth over three small events, one rule of AQL after the other.

mod events;

use aql::{Escapes, Options, Property, compile_expression, compile_filter};
use schema::{EVENTS, Type};

use events::{environment, evaluate};

fn options() -> Options {
    let count = Property { name: "Widget Count".to_owned(), value_type: Type::Integer };
    Options { properties: vec![count], ..Options::new(environment()) }
}

/// The truth of a filter for each event: `t`, `f` or `?` for unknown.
fn truth(text: &str, options: &Options) -> String {
    let compiled = compile_filter(text, &EVENTS, options);
    let Some(query) = compiled.query else { return format!("{:?}", compiled.diagnostics) };
    let lower = aql::LowerOptions::new(&options.environment);
    let filter = query.lower_filter(&lower).expect("the filter can be lowered").expect("there is a filter");
    let letter = |it: String| match it.as_str() {
        "true" => "t",
        "false" => "f",
        _ => "?",
    };
    evaluate(&filter, Type::Boolean).into_iter().map(letter).collect()
}

/// The value of an expression for each event, joined by `|`; `-` for null.
fn values(text: &str, options: &Options) -> String {
    let compiled = compile_expression(text, &EVENTS, options);
    let Some(query) = compiled.query else { return format!("{:?}", compiled.diagnostics) };
    let lower = aql::LowerOptions::new(&options.environment);
    let columns = query.lower_columns(&lower).expect("the columns can be lowered");
    evaluate(&columns[0].1, query.columns[0].expr.value_type).join("|")
}

fn check_truth(cases: &[(&str, &str)]) {
    let options = options();
    let found: Vec<String> = cases.iter().map(|(text, _)| format!("{text}  =>  {}", truth(text, &options))).collect();
    let expected: Vec<String> = cases.iter().map(|(text, expected)| format!("{text}  =>  {expected}")).collect();
    assert_eq!(found.join("\n"), expected.join("\n"));
}

fn check_values(cases: &[(&str, &str)]) {
    let options = options();
    let found: Vec<String> = cases.iter().map(|(text, _)| format!("{text}  =>  {}", values(text, &options))).collect();
    let expected: Vec<String> = cases.iter().map(|(text, expected)| format!("{text}  =>  {expected}")).collect();
    assert_eq!(found.join("\n"), expected.join("\n"));
}

#[test]
fn numbers_and_texts() {
    check_truth(&[
        ("sourceport = 445", "tf?"),
        ("sourceport = '445'", "tf?"),
        ("'445' = sourceport", "tf?"),
        ("sourceport IN ('445', 80)", "tt?"),
        ("sourceport NOT IN (445)", "ft?"),
        ("sourceport > '100'", "tf?"),
        ("sourceport BETWEEN 80 AND 445", "tt?"),
        ("sourceport NOT BETWEEN 100 AND 500", "ft?"),
        ("sourceport = 'many'", "???"),
        ("sourceport = 445.0", "tf?"),
        ("EventID = 7045", "tf?"),
        ("EventID = '7045'", "tf?"),
        ("EventID IN (7045, 4697)", "tf?"),
        ("EventID = 7", "ff?"),
        ("EventID = 0007", "ft?"),
        ("EventID > 100", "tf?"),
        ("EventID < '100'", "ft?"),
        ("100 < EventID", "tf?"),
        ("username > 5", "???"),
        ("username < 'Z'", "tf?"),
        ("starttime >= '2024-01-01 00:00:00'", "tf?"),
        ("starttime = 1704067200000", "tf?"),
        ("starttime > '1704000000000'", "tf?"),
    ]);
}

#[test]
fn booleans_addresses_and_lists() {
    check_truth(&[
        ("hasoffense", "tf?"),
        ("NOT hasoffense", "ft?"),
        ("hasoffense = 'True'", "tf?"),
        ("hasoffense = false", "ft?"),
        ("hasoffense = 1", "tf?"),
        ("sourceip = '10.0.0.1'", "tf?"),
        ("sourceip = '::ffff:10.0.0.1'", "tf?"),
        ("sourceip = '2001:DB8:0::1'", "ft?"),
        ("sourceip IN ('10.0.0.1', '10.0.0.2')", "tf?"),
        ("sourceip != '10.0.0.1'", "ft?"),
        ("sourceip = 'nowhere'", "???"),
        ("sourceip = destinationip", "tf?"),
        ("STR(sourceip) LIKE '10.%'", "tf?"),
        ("sourcemac = '00-1A-2B-3C-4D-5E'", "tf?"),
        ("creeventlist IN (100, 5)", "tf?"),
        ("creeventlist = '300'", "ft?"),
        ("creeventlist != 100", "ft?"),
        ("NOT creeventlist IN (100)", "ft?"),
    ]);
}

#[test]
fn tests_of_text() {
    check_truth(&[
        ("username = 'Admin'", "tf?"),
        ("username = 'admin'", "ff?"),
        ("username != 'Admin'", "ft?"),
        ("NOT (username = 'Admin')", "ft?"),
        ("NOT (NOT (username = 'Admin'))", "tf?"),
        ("username LIKE 'A%'", "tf?"),
        ("username LIKE 'a%'", "ff?"),
        ("username NOT LIKE 'A%'", "ft?"),
        ("username ILIKE 'a_min'", "tf?"),
        ("LOWER(username) LIKE 'adm%'", "tf?"),
        ("LOWER(username) LIKE 'Adm%'", "ff?"),
        ("UPPER(username) = 'ADMIN'", "tf?"),
        ("UPPER(username) = 'Admin'", "ff?"),
        ("LOWER(username) ILIKE 'ADM%'", "tf?"),
        ("username MATCHES 'd.i'", "tf?"),
        ("username IMATCHES '^ADMIN$'", "tf?"),
        ("username IN ('bob', 'Admin')", "tt?"),
        ("username NOT IN ('bob')", "tf?"),
        ("username ILIKE ANY ('%min', '%ob')", "tt?"),
        ("NOT username ILIKE ANY ('%min')", "ft?"),
        (r"CommandLine LIKE 'C:\Windows\%'", "tf?"),
        (r"CommandLine LIKE 'C:\\Windows\\%'", "ff?"),
        (r"CommandLine MATCHES '\\(temp|windows)\\'", "ff?"),
        (r"CommandLine IMATCHES '\\(temp|windows)\\'", "tf?"),
        ("username LIKE 'A%' OR username LIKE 'b%'", "tt?"),
        ("username NOT LIKE 'A%' AND username NOT LIKE 'x%'", "ft?"),
        ("UTF8(payload) ILIKE '%service%'", "tf?"),
        ("TEXT SEARCH 'service AND NOT bob'", "tf?"),
        ("TEXT SEARCH '\"new service\" OR logon'", "tt?"),
        ("TEXT SEARCH 'serv'", "ff?"),
        ("TEXT SEARCH 'serv*'", "tf?"),
    ]);
}

#[test]
fn backslashes_under_c_style() {
    let options = Options { escapes: Escapes::CStyle, ..options() };
    let cases = [
        (r"CommandLine LIKE 'C:\\Windows\\%'", "tf?"),
        (r"CommandLine LIKE 'C:\Windows\%'", "tf?"),
        (r"CommandLine MATCHES 'sc\.exe'", "tf?"),
        (r"CommandLine IMATCHES '.*\\\\(temp|windows)\\\\.*'", "tf?"),
    ];
    for (text, expected) in cases {
        assert_eq!(truth(text, &options), expected, "{text}");
    }
}

#[test]
fn unknown_and_missing() {
    check_truth(&[
        ("username IS NULL", "fft"),
        ("username IS NOT NULL", "ttf"),
        ("NOT (username IS NULL)", "ttf"),
        ("username = NULL", "???"),
        ("username = 'Admin' OR qid > 0", "tt?"),
        ("username = 'Admin' AND sourceport = 445", "tf?"),
        ("username = 'Admin' OR username IS NULL", "tft"),
        ("username = 'x' AND username IS NOT NULL", "fff"),
        ("CASE WHEN username = 'Admin' THEN 1 ELSE 0 END = 0", "ftt"),
        ("Colour = 'red'", "tf?"),
        ("\"COLO UR\" ILIKE 'RED'", "tf?"),
        ("\"widgetcount\" > 500", "tf?"),
        ("no_such_property IS NULL", "ttt"),
    ]);
}

#[test]
fn arithmetic() {
    check_values(&[
        ("sourceport + 1", "446|81|-"),
        ("sourceport / 2", "222.5|40.0|-"),
        ("sourceport / 0", "-|-|-"),
        ("sourceport % 2", "1|0|-"),
        ("sourceport % 0", "-|-|-"),
        ("sourceport * '2'", "890|160|-"),
        ("2 ^ 10", "1024.0|1024.0|1024.0"),
        ("-sourceport", "-445|-80|-"),
        ("~sourceport", "-446|-81|-"),
        ("sourceport & 0x0f", "13|0|-"),
        ("sourceport | 1", "445|81|-"),
        ("sourceport # 1", "444|81|-"),
        ("1 << 4", "16|16|16"),
        ("-16 >> 2", "-4|-4|-4"),
        ("-1 >>> 60", "15|15|15"),
        ("LONG(sourceip) & 0xff000000", "167772160|-|-"),
        ("starttime - starttime % 60000", "1704067200000|946684800000|-"),
        ("starttime-starttime%60000", "1704067200000|946684800000|-"),
        ("Bytes * 2", "25.0|-|-"),
        ("10 - 2 - 3", "5|5|5"),
        ("2 * 3 + 4 % 3", "7|7|7"),
    ]);
}

#[test]
fn choices_and_conversions() {
    check_values(&[
        ("CASE username WHEN 'Admin' THEN 'a' WHEN 'bob' THEN 'b' ELSE 'other' END", "a|b|other"),
        ("CASE WHEN sourceport > 100 THEN 1 END", "1|-|-"),
        ("CASE WHEN sourceport > 100 THEN 1 ELSE 0.5 END", "1.0|0.5|0.5"),
        ("CASE WHEN sourceport > 100 THEN 'high' ELSE sourceport END", "high|80|-"),
        ("IF username = 'Admin' THEN 'ADMIN' ELSE username", "ADMIN|bob|-"),
        ("IF sourceip = '10.0.0.1' THEN sourceip ELSE username", "10.0.0.1|bob|-"),
        ("CONCAT(username, '@', sourceip)", "Admin@10.0.0.1|bob@2001:db8::1|@"),
        ("STRLEN(username)", "5|3|-"),
        ("LOGSOURCETYPEID(logsourceid)", "12|11|-"),
        ("LOGSOURCETYPEID", "12|11|-"),
        ("'it''s'", "it's|it's|it's"),
        ("\"Event ID\"", "7045|0007|-"),
        ("Blue-Coat-Host", "proxy|-|-"),
    ]);
}
