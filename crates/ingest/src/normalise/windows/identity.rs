//! Who acted: `username` without the domain, `User` with it.

use schema::tables::windows_events::POWERSHELL_CHANNEL;

use super::KindOfEvent;
use crate::WindowsEvent;
use crate::normalise::{EventBuilder, columns};

/// Logons are acts of the account that logs on, which these events call the target.
const LOGONS: &[u32] = &[4624, 4625, 4634, 4647];

pub(super) fn fill(kind: KindOfEvent, windows: &WindowsEvent, event: &mut EventBuilder) {
    let actor = actor(kind, windows);
    let columns = columns();
    // The account that writes Sysmon's and the Security log's events is that of the sensor.
    let writer = windows.user_sid.as_deref().filter(|_| !kind.is_sysmon() && kind.channel != "Security");
    if let Some(sid) = writer {
        event.text(columns.subject_sid, sid);
    }
    let Some((domain, name)) = actor.or_else(|| writer.map(|sid| ("", well_known(sid)))) else { return };
    event.text(columns.username, name);
    if domain.is_empty() {
        event.text(columns.user, name);
    } else {
        event.replace(columns.user, crate::Value::Text(format!("{domain}\\{name}").into()));
        event.text(columns.account_domain, domain);
    }
}

/// Domain and name of the account that acted, as the event says.
fn actor(kind: KindOfEvent, windows: &WindowsEvent) -> Option<(&str, &str)> {
    let value = |name: &str| {
        let found = windows.data.iter().find(|it| it.0.eq_ignore_ascii_case(name));
        found.map(|it| it.1.trim()).filter(|it| !matches!(*it, "" | "-"))
    };
    let account = |name, domain| value(name).map(|it| (value(domain).unwrap_or_default(), it));
    let subject = || account("SubjectUserName", "SubjectDomainName");
    let target = || account("TargetUserName", "TargetDomainName");
    let found = if kind.is("Security", LOGONS) { target().or_else(subject) } else { subject() };
    let found = found.or_else(|| value("User").or_else(|| value("SourceUser")).map(split));
    let found = found.or_else(|| (kind.channel == "Security").then(target).flatten());
    found.or_else(|| {
        (kind.channel == POWERSHELL_CHANNEL).then(|| value("ContextInfo").and_then(user_of_context)).flatten()
    })
}

/// `DOMAIN\user` in two.
fn split(account: &str) -> (&str, &str) {
    account.rsplit_once('\\').unwrap_or(("", account))
}

/// The line `User = DOMAIN\user` of a PowerShell pipeline event.
fn user_of_context(context: &str) -> Option<(&str, &str)> {
    let line = context.lines().find_map(|it| it.trim().strip_prefix("User = "))?;
    Some(split(line.trim())).filter(|it| !it.1.is_empty())
}

/// The name of an account that is the same on every computer, else the identifier itself.
fn well_known(sid: &str) -> &str {
    match sid {
        "S-1-5-18" => "SYSTEM",
        "S-1-5-19" => "LOCAL SERVICE",
        "S-1-5-20" => "NETWORK SERVICE",
        other => other,
    }
}
