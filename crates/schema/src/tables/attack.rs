//! MITRE ATT&CK: the techniques that our detections are about, and all tactics.
//!
//! Names and ids of ATT&CK Enterprise v18.1. © The MITRE Corporation; ATT&CK is its registered mark. A technique that
//! is not listed may still be named by a detection: the table says what is known, not what is allowed.

/// A tactic: why an adversary does something.
#[derive(Clone, Copy, Debug)]
pub struct Tactic {
    /// `TA0003`
    pub id: &'static str,
    /// `persistence`, as techniques and Sigma name it.
    pub short_name: &'static str,
    /// `Persistence`
    pub name: &'static str,
}

/// A technique or sub-technique: how an adversary does it.
#[derive(Clone, Copy, Debug)]
pub struct Technique {
    /// `T1543` or `T1543.003`
    pub id: &'static str,
    /// The name, without that of the parent.
    pub name: &'static str,
    /// Short names of its tactics.
    pub tactics: &'static [&'static str],
    /// Where it is seen.
    pub platforms: &'static [&'static str],
}

impl Technique {
    /// The technique above a sub-technique.
    pub fn parent(&self) -> Option<&'static Technique> {
        self.id.split_once('.').and_then(|(parent, _)| technique(parent))
    }

    /// The page that describes it.
    pub fn url(&self) -> String {
        format!("https://attack.mitre.org/techniques/{}/", self.id.replace('.', "/"))
    }
}

/// The tactic with this id or name, ignoring case, `-` and `_` counting as blanks.
pub fn tactic(name: &str) -> Option<&'static Tactic> {
    let same = |it: &str| it.eq_ignore_ascii_case(&name.replace([' ', '_'], "-"));
    TACTICS.iter().find(|it| same(it.id) || same(it.short_name))
}

/// The technique with this id, ignoring case.
pub fn technique(id: &str) -> Option<&'static Technique> {
    TECHNIQUES.iter().find(|it| it.id.eq_ignore_ascii_case(id))
}

const fn tactic_row(id: &'static str, short_name: &'static str, name: &'static str) -> Tactic {
    Tactic { id, short_name, name }
}

/// All tactics in the order of the matrix.
pub static TACTICS: [Tactic; 14] = [
    tactic_row("TA0043", "reconnaissance", "Reconnaissance"),
    tactic_row("TA0042", "resource-development", "Resource Development"),
    tactic_row("TA0001", "initial-access", "Initial Access"),
    tactic_row("TA0002", "execution", "Execution"),
    tactic_row("TA0003", "persistence", "Persistence"),
    tactic_row("TA0004", "privilege-escalation", "Privilege Escalation"),
    tactic_row("TA0005", "defense-evasion", "Defense Evasion"),
    tactic_row("TA0006", "credential-access", "Credential Access"),
    tactic_row("TA0007", "discovery", "Discovery"),
    tactic_row("TA0008", "lateral-movement", "Lateral Movement"),
    tactic_row("TA0009", "collection", "Collection"),
    tactic_row("TA0011", "command-and-control", "Command and Control"),
    tactic_row("TA0010", "exfiltration", "Exfiltration"),
    tactic_row("TA0040", "impact", "Impact"),
];

const SYSTEM_PROCESS: &[&str] = &["persistence", "privilege-escalation"];
const EXECUTION: &[&str] = &["execution"];

const fn row(
    id: &'static str,
    name: &'static str,
    tactics: &'static [&'static str],
    platforms: &'static [&'static str],
) -> Technique {
    Technique { id, name, tactics, platforms }
}

/// The techniques, sorted by id.
pub static TECHNIQUES: [Technique; 10] = [
    row("T1543", "Create or Modify System Process", SYSTEM_PROCESS, &["Windows", "macOS", "Linux", "Containers"]),
    row("T1543.001", "Launch Agent", SYSTEM_PROCESS, &["macOS"]),
    row("T1543.002", "Systemd Service", SYSTEM_PROCESS, &["Linux"]),
    row("T1543.003", "Windows Service", SYSTEM_PROCESS, &["Windows"]),
    row("T1543.004", "Launch Daemon", SYSTEM_PROCESS, &["macOS"]),
    row("T1543.005", "Container Service", SYSTEM_PROCESS, &["Containers"]),
    row("T1569", "System Services", EXECUTION, &["Windows", "macOS", "Linux"]),
    row("T1569.001", "Launchctl", EXECUTION, &["macOS"]),
    row("T1569.002", "Service Execution", EXECUTION, &["Windows"]),
    row("T1569.003", "Systemctl", EXECUTION, &["Linux"]),
];
