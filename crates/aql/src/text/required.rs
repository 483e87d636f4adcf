//! Texts without which a pattern finds nothing: pure ASCII, in lower case. They are looked for in any case of ASCII
//! letters, so that one search over a value serves all patterns; what is found is only a candidate.

use std::collections::HashSet;
use std::sync::LazyLock;

use memchr::memmem;

use super::{JavaRegex, Pattern};

/// Characters beyond ASCII that some test takes for an ASCII letter: the Kelvin sign, the long s, the capital I with a
/// dot. A value with one of them is a candidate whatever it contains.
pub const UNLIKE_ASCII: [char; 3] = ['\u{212a}', '\u{17f}', '\u{130}'];

/// Texts shorter than this say too little.
const BYTES_MIN: usize = 2;
/// The most texts that are worth looking for instead of one test.
const TEXTS_MAX: usize = 1000;
/// From this length on a longer text is no better.
pub(super) const BYTES_ENOUGH: usize = 16;
/// The lengths of the beginnings that are tried instead of many texts.
const BEGINNINGS: [usize; 5] = [2, 3, 4, 6, 8];

/// What the fields of logs hold every day, in lower case. A text that stands in it is found so often that a rarer one
/// is looked for instead.
const EVERYDAY: &str = r"c:\windows\system32\svchost.exe
c:\windows\system32\svchost.exe -k netsvcs -p -s schedule
c:\windows\system32\svchost.exe -k localservicenetworkrestricted -p
c:\windows\system32\services.exe
c:\windows\system32\lsass.exe
c:\windows\system32\cmd.exe
c:\windows\system32\cmd.exe /c
c:\windows\system32\conhost.exe 0xffffffff -forcev1
c:\windows\system32\windowspowershell\v1.0\powershell.exe
powershell.exe -noprofile -executionpolicy bypass -file
c:\windows\system32\rundll32.exe
c:\windows\system32\msiexec.exe /v
c:\windows\system32\taskhostw.exe
c:\windows\system32\wbem\wmiprvse.exe -secured -embedding
c:\windows\system32\drivers\
c:\windows\syswow64\
c:\windows\explorer.exe
c:\windows\system32\kernel32.dll
c:\windows\system32\ntdll.dll
c:\windows\temp\
c:\windows\microsoft.net\framework64\v4.0.30319\
c:\windows\softwaredistribution\download\
c:\windows\prefetch\
c:\program files\microsoft office\root\office16\outlook.exe
c:\program files\microsoft office\root\office16\winword.exe /n
c:\program files\google\chrome\application\chrome.exe --type=renderer
c:\program files (x86)\microsoft\edge\application\msedge.exe --type=utility
c:\program files\windows defender\msmpeng.exe
c:\programdata\microsoft\
c:\users\user\appdata\local\temp\x.tmp
c:\users\user\appdata\roaming\microsoft\
c:\users\user\documents\
c:\users\user\downloads\
hklm\system\currentcontrolset\services\bam\state\usersettings\
hklm\software\microsoft\windows\currentversion\
hklm\software\microsoft\windows nt\currentversion\
hku\s-1-5-21-1004\software\microsoft\windows\currentversion\explorer\
microsoft corporation
microsoft windows operating system
nt authority\system
setvalue
dword (0x00000001)
binary data
https://www.example.com/index.html
http/1.1
mozilla/5.0 (windows nt 10.0; win64; x64) applewebkit/537.36
/usr/bin/bash -c
/usr/sbin/sshd
/bin/sh -c
/etc/
root
";
/// How much a line of [`EVERYDAY`] with a text adds to the cost of that text: as much as having three letters alone.
const EVERYDAY_COST: f64 = 1.0 / 64.0;

/// Whether a value contains a required text, or may do so under another case.
pub fn is_candidate(value: &str, text: &str) -> bool {
    value.to_ascii_lowercase().contains(text) || value.contains(UNLIKE_ASCII)
}

/// The texts of which every value that matches the pattern contains one, in the sense of [`is_candidate`]. None where
/// there are no such texts.
///
/// ```
/// use aql::text::{Pattern, required_texts};
///
/// let pattern = Pattern::Like(r"%\Temp\%.exe".to_owned());
/// assert_eq!(required_texts(&pattern, None), Some(vec![r"\temp\".to_owned()]));
/// ```
pub fn required_texts(pattern: &Pattern, regex: Option<&JavaRegex>) -> Option<Vec<String>> {
    match pattern {
        Pattern::Equal(text) => Some(vec![ascii_part(text.as_bytes())?]),
        Pattern::Like(text) => cheapest(text.split(['%', '_']).filter_map(|it| Some(vec![ascii_part(it.as_bytes())?]))),
        Pattern::Regex(_) => regex?.required_literals(),
    }
}

/// The longest part of a text that is ASCII, in lower case; none where that is too short.
pub(super) fn ascii_part(text: &[u8]) -> Option<String> {
    let longest = text.split(|it| !it.is_ascii()).max_by_key(|it| it.len())?;
    let text = std::str::from_utf8(longest).ok()?.to_ascii_lowercase();
    (text.len() >= BYTES_MIN).then_some(text)
}

/// Of several sets of which each is required the one that is found least. The beginnings of the texts of a set are
/// required too.
pub(super) fn cheapest(sets: impl Iterator<Item = Vec<String>>) -> Option<Vec<String>> {
    let mut best: Option<(f64, Vec<String>)> = None;
    let mut offer = |set: Vec<String>| {
        if set.is_empty() || set.len() > TEXTS_MAX {
            return;
        }
        let cost = cost(set.iter().map(String::as_str));
        if best.as_ref().is_none_or(|(least, _)| cost.total_cmp(least).is_lt()) {
            best = Some((cost, set));
        }
    };
    for set in sets {
        let set = reduced(set);
        // Of one text no beginning says more than the whole.
        if set.len() < 2 {
            offer(set);
            continue;
        }
        let shortened = BEGINNINGS.map(|length| beginnings(&set, length));
        offer(set);
        for beginnings in shortened {
            offer(reduced(beginnings));
        }
    }
    best.map(|(_, set)| set)
}

fn beginnings(texts: &[String], length: usize) -> Vec<String> {
    // All of it is ASCII. Most texts share their beginning with another one: each is made once.
    let mut beginnings: Vec<&str> = texts.iter().map(|it| it.get(..length).unwrap_or(it)).collect();
    beginnings.sort_unstable();
    beginnings.dedup();
    beginnings.into_iter().map(str::to_owned).collect()
}

/// A set without the texts that contain another one, by length.
pub(super) fn reduced(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_unstable_by(|one, other| one.len().cmp(&other.len()).then_with(|| one.cmp(other)));
    texts.dedup();
    let mut shorter = Shorter::default();
    texts.retain(|it| shorter.is_new(it));
    texts
}

/// Texts, none of which contains another one, to which longer ones are added.
#[derive(Default)]
pub(crate) struct Shorter {
    /// For each text which pairs of bytes it has, so that few are compared in full.
    texts: Vec<(u128, Box<str>)>,
}

impl Shorter {
    /// Adds a text that is no shorter than the last; false for one that contains a text, which is not added.
    pub(crate) fn is_new(&mut self, text: &str) -> bool {
        let pairs = pairs(text.as_bytes());
        let is_new = !self.texts.iter().any(|(held, it)| held & !pairs == 0 && text.contains(&**it));
        if is_new {
            self.texts.push((pairs, text.into()));
        }
        is_new
    }
}

/// The pairs of neighbouring bytes, as bits; two pairs may share one.
fn pairs(text: &[u8]) -> u128 {
    let bit = |pair: &[u8]| 1 << ((u32::from(pair[0]) * 31 + u32::from(pair[1])) % u128::BITS);
    text.windows(2).map(bit).fold(0, std::ops::BitOr::bitor)
}

/// How often one of some texts is found, roughly, at most 1: each further character makes a text rarer, and what is found
/// every day is dearer. Many texts are dearer than one that says as much.
pub(crate) fn cost<'t>(texts: impl Iterator<Item = &'t str>) -> f64 {
    let (mut count, mut rarities, mut everyday) = (0.0, 0.0, 0.0);
    for text in texts {
        count += 1.0;
        rarities += 4_f64.powi(-(text.len().min(BYTES_ENOUGH) as i32));
        everyday += everyday_lines(text.as_bytes()) as f64;
    }
    (rarities * count + everyday * EVERYDAY_COST).min(1.0)
}

/// In how many of some lines that logs hold every day a text stands, which is in lower case.
pub fn everyday_lines(text: &[u8]) -> usize {
    static BEGINNINGS: LazyLock<HashSet<[u8; 4]>> =
        LazyLock::new(|| EVERYDAY.as_bytes().windows(4).filter_map(|it| it.try_into().ok()).collect());
    // Most texts are none of every day, which their first bytes tell.
    match text.first_chunk() {
        Some(beginning) if !BEGINNINGS.contains(beginning) => 0,
        _ => memmem::find_iter(EVERYDAY.as_bytes(), text).count(),
    }
}
