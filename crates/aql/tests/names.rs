//! What a name stands for in each clause, and what a time clause says: rules of AQL that plans show.

use aql::bound::{Moment, TimeRange, Window};
use aql::{Environment, LowerOptions, Options, Star, compile};

fn options() -> Options {
    Options::new(Environment::new(1_704_067_200_000))
}

/// The plan, its nodes from the outside in, joined by ` < `; or the names of the errors.
fn plan(text: &str) -> String {
    let options = options();
    let compiled = compile(text, &options);
    let Some(query) = compiled.query else {
        let errors = compiled.diagnostics.iter().filter(|it| it.is_error());
        return errors.map(|it| it.id).collect::<Vec<_>>().join(", ");
    };
    let plan = query.lower(&LowerOptions::new(&options.environment)).expect("a compiled query has a plan");
    plan.display_indent().to_string().lines().map(str::trim).collect::<Vec<_>>().join(" < ")
}

fn check(cases: &[(&str, &str)]) {
    for (text, part) in cases {
        let plan = plan(text);
        assert!(plan.contains(part), "{text}\n  has   {plan}\n  not   {part}");
    }
}

#[test]
fn fields_win_over_aliases_within_expressions() {
    check(&[
        ("SELECT sourceaddress AS sourceip FROM events WHERE sourceip = '10.0.0.1'", "Filter: sourceip ="),
        ("SELECT UTF8(payload) AS payload FROM events WHERE UTF8(payload) ILIKE '%a%'", "](payload)"),
        ("SELECT \"Process Path\" AS image_path FROM events WHERE image_path LIKE 'a'", "](Process Path)"),
        ("SELECT QIDNAME(qid) AS name FROM events WHERE name = 'a'", "](QIDNAME(qid))"),
        ("SELECT qid + 1 AS a, a * 2 AS b FROM events WHERE b = 4", "Filter: (qid + Int64(1)) * Int64(2) = Int64(4)"),
        ("SELECT foo AS foo FROM events WHERE foo = 'a'", "](property[foo]($properties))"),
        ("SELECT foo AS bar, bar AS baz FROM events WHERE baz = 'a'", "](property[foo]($properties))"),
        ("SELECT qid AS 'My Q' FROM events WHERE \"my q\" = 5", "Filter: qid = Int64(5)"),
    ]);
}

#[test]
fn aliases_win_as_whole_keys() {
    check(&[
        (
            "SELECT sourceip, MAX(qid) AS starttime FROM events GROUP BY sourceip ORDER BY starttime",
            "Sort: $aggregate0 ASC",
        ),
        (
            "SELECT sourceip, COUNT(*) AS eventcount FROM events GROUP BY sourceip HAVING eventcount > 5",
            "Filter: CAST($aggregate0",
        ),
        ("SELECT DATEFORMAT(starttime, 'HH') AS starttime FROM events GROUP BY starttime", "groupBy=[[DATEFORMAT("),
        ("SELECT COUNT(*) AS qid FROM events GROUP BY qid", "groupBy=[[qid AS $key0]]"),
        (
            "SELECT DATEFORMAT(starttime, 'HH') AS hour FROM events ORDER BY starttime DESC",
            "Sort: starttime DESC NULLS LAST",
        ),
        ("SELECT qid FROM events ORDER BY username", "Sort: username ASC NULLS FIRST"),
        ("SELECT qid, COUNT(*) FROM events GROUP BY qid ORDER BY COUNT(*) DESC", "DESC NULLS LAST"),
    ]);
}

#[test]
fn groups() {
    check(&[
        ("SELECT username FROM events GROUP BY sourceip", "first_value(username) IGNORE NULLS"),
        ("SELECT LOGSOURCENAME(logsourceid) FROM events GROUP BY logsourceid", "LOGSOURCENAME($key0)"),
        ("SELECT COUNT(*) FROM events", "groupBy=[[]]"),
        ("SELECT SUM(\"Bytes Sent\") FROM events", "sum("),
        ("SELECT username FROM events HAVING severity > 5", "Filter: severity > Int64(5)"),
        ("SELECT COUNT(*) AS n FROM events WHERE n > 5", "misplaced-aggregate"),
        ("SELECT COUNT(*) FROM events GROUP BY COUNT(*)", "misplaced-aggregate"),
        ("SELECT SUM(COUNT(*)) FROM events", "nested-aggregate"),
        ("SELECT a AS b, b AS a FROM events", "alias-cycle"),
    ]);
}

#[test]
fn hyphens_make_names_unless_every_piece_is_known() {
    check(&[
        ("SELECT Bluecoat-cs-host FROM events", "property[Bluecoat-cs-host]"),
        ("SELECT endtime-starttime FROM events", "endtime - starttime"),
        ("SELECT qid-1 FROM events", "qid - Int64(1)"),
        ("SELECT qid AS 'a-b', a-b FROM events", "qid AS a_b"),
    ]);
}

#[test]
fn star() {
    let names = |star: Star| {
        let query = compile("SELECT * FROM events", &Options { star, ..options() }).query.expect("it compiles");
        query.columns.iter().map(|it| it.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(Star::QRadar).len(), 13);
    let all = names(Star::Fields);
    assert!(all.len() > 50 && all.contains(&"username".to_owned()) && !all.contains(&"payload".to_owned()));
}

#[test]
fn time_clauses() {
    let window = |clause: &str, minute_rounding: bool| {
        let options = Options { minute_rounding, ..options() };
        compile(&format!("SELECT qid FROM events {clause}"), &options).query.expect("it compiles").window
    };
    let at = |millis| Some(Moment::Millis(millis));
    let nine = 1_483_261_200_000;
    let range = "START '2017-01-01 9:00' STOP '2017-01-01 09:01'";
    assert_eq!(window("", false), None);
    assert_eq!(window("LAST 2 DAYS", false), Some(Window::Last { length_ms: 172_800_000 }));
    assert_eq!(window(range, false), Some(Window::Range { start: at(nine), stop: at(nine + 60_000) }));
    assert_eq!(window(range, true), Some(Window::Range { start: at(nine), stop: at(nine + 59_999) }));
    let exact = "START '2017-01-01 09:00:20' STOP '2017-01-01 09:01:20'";
    assert_eq!(window(exact, true), Some(Window::Range { start: at(nine), stop: at(nine + 119_999) }));
    assert_eq!(window("START 5 STOP 7", true), Some(Window::Range { start: at(5), stop: at(7) }));
    let relative = window("START PARSEDATETIME('1 hour ago')", false).expect("there is a window");
    assert_eq!(relative.resolve(nine, &|_| None), TimeRange { start: nine - 3_600_000, stop: nine });
    assert_eq!(window("TIMES OFFENSE_TIME(42)", false), Some(Window::Offense { id: 42 }));
}
