//! Prints what text tests cost, the best of some rounds: `cargo run --release -p aql --example text_speed`.
#![expect(clippy::print_stdout, reason = "a program that prints")]

use std::hint::black_box;
use std::time::Instant;

use aql::text::{Case, Pattern, TextMatcher};

const VALUES: usize = 20_000;
const ROUNDS: usize = 20;

/// Command lines and paths as they occur on Windows, from a fixed sequence.
fn values() -> Vec<String> {
    let programs =
        ["svchost.exe -k netsvcs -p -s Schedule", "sc.exe create upd binPath= C:\\Temp\\a.exe", "cmd.exe /c dir"];
    let folders =
        ["C:\\Windows\\System32\\", "C:\\Program Files\\Common Files\\Vendor\\", "C:\\Users\\anna\\AppData\\Local\\"];
    (0..VALUES).map(|row| format!("{}{} /id:{row}", folders[row % 3], programs[(row / 7) % 3])).collect()
}

fn patterns(kind: fn(String) -> Pattern, texts: &[&str]) -> Vec<Pattern> {
    texts.iter().map(|text| kind((*text).to_owned())).collect()
}

fn measure(name: &str, patterns: &[Pattern], case: Case, values: &[String]) {
    let matcher = TextMatcher::new(patterns, case).expect("valid patterns");
    let mut hits = values.iter().filter(|value| matcher.is_match(value)).count();
    let mut nanoseconds = f64::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        hits = values.iter().filter(|value| matcher.is_match(black_box(value))).count();
        nanoseconds = nanoseconds.min(start.elapsed().as_nanos() as f64 / values.len() as f64);
    }
    println!("{name:<44} {nanoseconds:>8.1} ns a value, {hits} of {} match", values.len());
}

fn measure_compilation() {
    let all: Vec<Pattern> = (0..40_000).map(|index| Pattern::Like(format!("%\\program{index}.exe%"))).collect();
    let start = Instant::now();
    for set in all.chunks(16) {
        black_box(TextMatcher::new(set, Case::Insensitive).expect("valid patterns"));
    }
    println!("40000 LIKE patterns in 2500 sets compile in {:?}", start.elapsed());
    let start = Instant::now();
    for index in 0..2_000 {
        let pattern = Pattern::Regex(format!(r"\\(temp|users|public{index})\\[^\\]+\.exe$"));
        black_box(TextMatcher::new(&[pattern], Case::Insensitive).expect("valid patterns"));
    }
    println!("2000 regular expressions are checked in {:?}", start.elapsed());
}

fn main() {
    let values = values();
    let many: Vec<Pattern> = (0..500).map(|index| Pattern::Like(format!("%\\program{index}.exe%"))).collect();
    let many_suffixes: Vec<Pattern> = (0..500).map(|index| Pattern::Like(format!("%\\program{index}.exe"))).collect();
    let (sensitive, insensitive) = (Case::Sensitive, Case::Insensitive);
    for (name, patterns, case) in [
        ("equal", patterns(Pattern::Equal, &["C:\\Windows\\System32\\cmd.exe"]), insensitive),
        ("suffix, ILIKE", patterns(Pattern::Like, &["%\\sc.exe"]), insensitive),
        ("contains, LIKE", patterns(Pattern::Like, &["%\\Temp\\%"]), sensitive),
        ("contains, ILIKE", patterns(Pattern::Like, &["%\\temp\\%"]), insensitive),
        (
            "5 contains, ILIKE",
            patterns(Pattern::Like, &["%\\temp\\%", "%psexec%", "%mimikatz%", "%-enc%", "%\\public\\%"]),
            insensitive,
        ),
        ("2 segments, ILIKE", patterns(Pattern::Like, &["%sc.exe%binpath=%"]), insensitive),
        ("500 contains, ILIKE", many, insensitive),
        ("500 suffixes, ILIKE", many_suffixes, insensitive),
        ("regex, alternatives", patterns(Pattern::Regex, &[r"\\(Temp|Public|Tasks)\\"]), sensitive),
        ("regex, alternatives, IMATCHES", patterns(Pattern::Regex, &[r"\\(temp|public|tasks)\\"]), insensitive),
        ("regex, .*x.*", patterns(Pattern::Regex, &[r".*\\(Temp|Public|Tasks)\\.*"]), sensitive),
        ("regex, look-ahead", patterns(Pattern::Regex, &[r"sc\.exe(?!.*test).*binPath"]), sensitive),
    ] {
        measure(name, &patterns, case, &values);
    }
    measure_compilation();
}
