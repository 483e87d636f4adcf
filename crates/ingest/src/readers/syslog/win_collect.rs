//! Windows events as WinCollect and MSRPC send them: `AgentDevice=WindowsLog`, pairs parted by tabs, the message last.

use crate::{WindowsEvent, time};

/// Labels of messages, of which each ends the value before it. Names that are fields or aliases of fields.
const LABELS: [&str; 14] = [
    "Service Name",
    "Service File Name",
    "Service Type",
    "Service Start Type",
    "Service Account",
    "New Process ID",
    "New Process Name",
    "Token Elevation Type",
    "Mandatory Label",
    "Creator Process ID",
    "Creator Process Name",
    "Process Command Line",
    "Process Information",
    "Service Information",
];
/// Levels by their names.
const LEVELS: [(&str, u8); 5] = [("Critical", 1), ("Error", 2), ("Warning", 3), ("Informational", 4), ("Verbose", 5)];

/// The event of a message; nothing when it is none.
pub(super) fn parse(message: &str) -> Option<WindowsEvent> {
    message.starts_with("AgentDevice=WindowsLog").then_some(())?;
    // Some relays write the tab out.
    let plain = message.replace("<tab>", "\t");
    let (head, text) = plain.split_once("\tMessage=").unwrap_or((&plain, ""));
    let pairs: Vec<(&str, &str)> = head.split('\t').filter_map(|it| it.split_once('=')).collect();
    let value = |name: &str| pairs.iter().find(|it| it.0 == name).map_or("", |it| it.1.trim());
    let number = |name: &str| value(name).parse::<u32>().ok();
    let event_time = ["TimeGenerated", "TimeWritten"].into_iter().find_map(|it| time::parse(value(it)));
    let mut data = labelled(text);
    if !value("User").is_empty() {
        data.push(("SubjectUserName".into(), value("User").into()));
        data.push(("SubjectDomainName".into(), value("Domain").into()));
    }
    Some(WindowsEvent {
        provider: value("Source").into(),
        channel: value("AgentLogFile").into(),
        // The upper half of EventID may hold the bits of the facility.
        event_id: number("EventIDCode").or_else(|| number("EventID").map(|it| it & 0xffff))?,
        level: LEVELS.iter().find(|it| it.0 == value("Level")).map(|it| it.1),
        task: value("EventCategory").parse().ok(),
        time: event_time,
        record_id: value("RecordNumber").parse().ok(),
        computer: value("Computer").into(),
        message: Some(text.trim().to_owned()).filter(|it| !it.is_empty()),
        data,
        ..WindowsEvent::default()
    })
}

/// The values behind known labels of a message that was made one line.
fn labelled(text: &str) -> Vec<(String, String)> {
    let mut places: Vec<(usize, &str)> = Vec::new();
    for label in LABELS {
        for (place, _) in text.match_indices(label) {
            let begins = text[..place].chars().next_back().is_none_or(char::is_whitespace);
            if begins && text[place + label.len()..].starts_with(':') {
                places.push((place, label));
            }
        }
    }
    places.sort_unstable();
    let ends = places.iter().skip(1).map(|it| it.0).chain([text.len()]);
    let value = |(&(place, label), end): (&(usize, &str), usize)| {
        let value = text[(place + label.len() + 1).min(end)..end].trim();
        (!value.is_empty() && value != "-").then(|| (label.to_owned(), value.to_owned()))
    };
    places.iter().zip(ends).filter_map(value).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn values_end_at_the_next_label() {
        let event = super::parse(
            "AgentDevice=WindowsLog\tAgentLogFile=System\tSource=Service Control Manager\tComputer=ws01\tUser=\tDomain=\t\
             EventID=1073748869\tEventIDCode=7045\tRecordNumber=5120\tTimeGenerated=1795255201\tLevel=Informational\t\
             Message=A service was installed in the system.  Service Name:  Demo Svc  Service File Name:  \
             C:\\a b\\d.exe -x  Service Type:  user mode service  Service Start Type:  auto start  Service Account:  LocalSystem",
        )
        .expect("it is an event");
        assert_eq!((event.event_id, event.time, event.level), (7045, Some(1_795_255_201_000), Some(4)));
        let pairs: Vec<_> = event.data.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
        assert_eq!(
            pairs,
            [
                ("Service Name", "Demo Svc"),
                ("Service File Name", "C:\\a b\\d.exe -x"),
                ("Service Type", "user mode service"),
                ("Service Start Type", "auto start"),
                ("Service Account", "LocalSystem"),
            ]
        );
        assert_eq!(super::parse("AgentDevice=WindowsLog\tEventID=x"), None);
        assert_eq!(super::parse("AgentDevice=Other\tEventID=1"), None);
    }
}
