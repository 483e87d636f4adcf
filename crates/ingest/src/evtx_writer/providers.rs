//! The GUIDs of well-known providers, which EVTX carries and most other formats do not.

/// A provider that Windows, Sysmon or PowerShell registers.
#[derive(Debug)]
pub(super) struct Provider {
    /// System/Provider@Name
    pub(super) name: &'static str,
    /// System/Provider@Guid
    pub(super) guid: &'static str,
    /// System/Provider@EventSourceName, of providers that began as classic event sources.
    pub(super) event_source: Option<&'static str>,
}

const fn provider(name: &'static str, guid: &'static str) -> Provider {
    Provider { name, guid, event_source: None }
}

const fn classic(name: &'static str, guid: &'static str, event_source: &'static str) -> Provider {
    Provider { name, guid, event_source: Some(event_source) }
}

/// All of them, sorted by name.
static PROVIDERS: [Provider; 11] = [
    provider("Linux-Sysmon", "ff032593-a8d3-4f13-b0d6-01fc615a0f97"),
    provider("Microsoft-Windows-Eventlog", "fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148"),
    provider("Microsoft-Windows-Kernel-General", "a68ca8b7-004f-d7b6-a698-07e2de0f1f5d"),
    provider("Microsoft-Windows-PowerShell", "a0c1853b-5c40-4b15-8766-3cf1c58f985a"),
    provider("Microsoft-Windows-Security-Auditing", "54849625-5478-4994-a5ba-3e3b0328c30d"),
    provider("Microsoft-Windows-Sysmon", "5770385f-c22a-43e0-bf4c-06f5698ffbd9"),
    provider("Microsoft-Windows-TaskScheduler", "de7b24ea-73c8-4a09-985d-5bdadcfa9017"),
    provider("Microsoft-Windows-WMI-Activity", "1418ef04-b0b4-4623-bf7e-d74ab47bbdaa"),
    provider("Microsoft-Windows-Windows Defender", "11cd958a-c507-4ef3-b3f2-5fd9dfbd2c78"),
    provider("Microsoft-Windows-WindowsUpdateClient", "945a8954-c147-4acd-923f-40c45405a658"),
    classic("Service Control Manager", "555908d1-a6d7-4695-8e1e-26931d2012f4", "Service Control Manager"),
];

/// The provider of this name.
pub(super) fn find(name: &str) -> Option<&'static Provider> {
    PROVIDERS.binary_search_by(|row| row.name.cmp(name)).ok().map(|index| &PROVIDERS[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_sorted_and_its_guids_parse() {
        assert!(PROVIDERS.windows(2).all(|pair| pair[0].name < pair[1].name));
        for row in &PROVIDERS {
            assert!(super::super::values::parse_guid(row.guid).is_some(), "{}", row.name);
        }
    }
}
