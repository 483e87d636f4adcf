//! Text tests over command lines and paths: one value after the other, each pattern of a kind that detections use.

mod measure;

use aql::text::{Case, Pattern, TextMatcher};

/// What is tested, case, patterns of which any may match.
const TESTS: [(&str, Case, &[&str]); 11] = [
    ("like '%x%'", Case::Sensitive, &["%-EncodedCommand%"]),
    ("ilike '%x%'", Case::Insensitive, &["%-encodedcommand%"]),
    ("lower(x) like '%x%'", Case::Lowered, &["%-encodedcommand%"]),
    ("ilike '%x'", Case::Insensitive, &[r"%\powershell.exe"]),
    ("ilike 'x'", Case::Insensitive, &["whoami.exe"]),
    (
        "ilike, 12 of '%x%'",
        Case::Insensitive,
        &[
            "%\\temp\\%",
            "%\\appdata\\%",
            "%\\perflogs\\%",
            "%\\public\\%",
            "%\\downloads\\%",
            "%\\recycle%",
            "%http://%",
            "%invoke-%",
            "%downloadstring%",
            "% -enc %",
            "%frombase64%",
            "%bypass%",
        ],
    ),
    ("ilike '%x%y_%'", Case::Insensitive, &["%cmd%/c_echo%"]),
    ("ilike '%é%'", Case::Insensitive, &["%é%", "%ａ%"]),
    ("matches, alternation", Case::Sensitive, &[r"/\\(temp|users\\public|programdata)\\.*\.(exe|dll)"]),
    ("imatches, words", Case::Insensitive, &[r"/\bsc(\.exe)?\s.*\bcreate\b"]),
    ("imatches, inner text", Case::Insensitive, &[r"/.*[a-z]+\s+-e(nc|ncodedcommand)?\s+[a-z0-9+/=]{40,}.*"]),
];
const VALUES: usize = 100_000;

fn main() {
    let values: Vec<String> = (0..VALUES).map(value).collect();
    let bytes = values.iter().map(|it| it.len() as u64).sum();
    for (name, case, patterns) in TESTS {
        let pattern = |it: &&str| match it.strip_prefix('/') {
            Some(expression) => Pattern::Regex(expression.to_owned()),
            None => Pattern::Like((*it).to_owned()),
        };
        let patterns: Vec<_> = patterns.iter().map(pattern).collect();
        let matcher = TextMatcher::new(&patterns, case).expect("the patterns have a meaning");
        let found = values.iter().filter(|it| matcher.is_match(it)).count();
        measure::measure(&format!("{name} ({found})"), bytes, "values", || {
            assert_eq!(values.iter().filter(|it| matcher.is_match(it)).count(), found, "{name}");
            VALUES as u64
        });
    }
}

/// Mostly what is ordinary; one in a thousand is what the tests look for.
fn value(number: usize) -> String {
    match number % 1000 {
        0 => format!(
            r"C:\Windows\System32\WindowsPowerShell\v1.0\PowerShell.exe -NoP -EncodedCommand {}",
            "SQBFAFgA".repeat(9)
        ),
        1 => format!(r"cmd.exe /c sc.exe \\host{number} create svc binPath= C:\Users\Public\a.exe"),
        2 => "tool.exe «é»".to_owned(),
        _ => match number % 5 {
            0 => format!(
                r#""C:\Program Files\Google\Chrome\Application\chrome.exe" --type=renderer --lang=en-US --renderer-client-id={number} --mojo-platform-channel-handle=4711 /prefetch:1"#
            ),
            1 => r"C:\Windows\system32\svchost.exe -k LocalServiceNetworkRestricted -p -s EventLog".to_owned(),
            2 => r"C:\Windows\System32\wbem\WmiPrvSE.exe".to_owned(),
            3 => format!(
                r#""C:\Windows\Microsoft.NET\Framework64\v4.0.30319\csc.exe" /noconfig /fullpaths @"C:\Users\s\AppData\Local\build{number}.cmdline""#
            ),
            _ => format!(r"\??\C:\Windows\system32\conhost.exe 0x{number:08x} -ForceV1"),
        },
    }
}
