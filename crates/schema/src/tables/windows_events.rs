//! Kinds of Windows events with their category and severity, QID or not.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{number, rows};

/// The channel of Sysmon.
pub const SYSMON_CHANNEL: &str = "Microsoft-Windows-Sysmon/Operational";
/// The channel of Windows PowerShell 5.
pub const POWERSHELL_CHANNEL: &str = "Microsoft-Windows-PowerShell/Operational";

/// The channel of Microsoft Defender.
pub const DEFENDER_CHANNEL: &str = "Microsoft-Windows-Windows Defender/Operational";

/// A kind of Windows event.
#[derive(Clone, Copy, Debug)]
pub struct WindowsEventKind {
    /// The channel.
    pub channel: &'static str,
    /// The provider that must have written it; empty for any.
    pub provider: &'static str,
    /// The event id.
    pub event_id: u32,
    /// The low-level category.
    pub category: i64,
    /// Our default severity, 0-10.
    pub severity: i64,
}

struct Tables {
    rows: Vec<WindowsEventKind>,
    by_event: HashMap<(&'static str, u32), usize>,
}

static TABLE: LazyLock<Tables> = LazyLock::new(|| {
    let row = |[channel, provider, event_id, category, severity]: [&'static str; 5]| WindowsEventKind {
        channel,
        provider,
        event_id: number(event_id),
        category: number(category),
        severity: number(severity),
    };
    let rows: Vec<_> = rows(include_str!("../../data/windows_events.tsv")).map(row).collect();
    let by_event = rows.iter().enumerate().map(|(index, it)| ((it.channel, it.event_id), index)).collect();
    Tables { rows, by_event }
});

/// All kinds, sorted by channel, provider and event id.
pub fn all() -> &'static [WindowsEventKind] {
    &TABLE.rows
}

/// The kind of a Windows event: by channel and event id, and by provider where ids of several providers share a
/// channel. An empty channel is found by its provider.
pub fn event_of(channel: &str, provider: &str, event_id: u32) -> Option<&'static WindowsEventKind> {
    let row = &TABLE.rows[*TABLE.by_event.get(&(channel_of(channel, provider)?, event_id))?];
    (row.provider.is_empty() || row.provider.eq_ignore_ascii_case(provider)).then_some(row)
}

/// The low-level category of a Windows event, where it is known.
pub fn category_of(channel: &str, provider: &str, event_id: u32) -> Option<i64> {
    event_of(channel, provider, event_id).map(|it| it.category)
}

/// The channel as the tables spell it; when it is empty, the channel that the provider writes to.
pub fn channel_of(channel: &str, provider: &str) -> Option<&'static str> {
    const CHANNELS: [(&str, &str); 7] = [
        ("Security", "Microsoft-Windows-Security-Auditing"),
        ("System", "Service Control Manager"),
        (SYSMON_CHANNEL, "Microsoft-Windows-Sysmon"),
        (POWERSHELL_CHANNEL, "Microsoft-Windows-PowerShell"),
        (DEFENDER_CHANNEL, "Microsoft-Windows-Windows Defender"),
        // Sysmon for Linux has the events of Sysmon under a name of its own.
        (SYSMON_CHANNEL, "Linux-Sysmon"),
        ("Linux-Sysmon/Operational", ""),
    ];
    let by = |wanted: &str, name: fn(&(&'static str, &'static str)) -> &'static str| {
        CHANNELS.iter().find(|it| name(it).eq_ignore_ascii_case(wanted)).map(|it| it.0)
    };
    let found = if channel.is_empty() {
        by(provider, |it| it.1).filter(|_| !provider.is_empty())
    } else {
        by(channel, |it| it.0)
    };
    found.map(|it| if it == "Linux-Sysmon/Operational" { SYSMON_CHANNEL } else { it })
}
