//! The kinds of Windows events: what their `System` holds and the names of their data, in order.

use ingest::WindowsEvent;

/// A kind of event.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) channel: &'static str,
    provider: &'static str,
    pub(crate) id: u32,
    version: u8,
    level: u8,
    task: u16,
    opcode: u8,
    keywords: u64,
    qualifiers: Option<u16>,
    /// The process and thread that write such events.
    writer: (u32, u32),
    fields: &'static [&'static str],
}

impl Kind {
    /// An event of this kind; `values` are those of the fields, in their order.
    pub(crate) fn event(&self, computer: &str, time: i64, values: Vec<String>) -> WindowsEvent {
        assert_eq!(values.len(), self.fields.len(), "values of event {} of {}", self.id, self.provider);
        let sysmon = self.channel == SYSMON;
        WindowsEvent {
            provider: self.provider.to_owned(),
            event_id: self.id,
            qualifiers: self.qualifiers,
            version: Some(self.version),
            level: Some(self.level),
            task: Some(self.task),
            opcode: Some(self.opcode),
            keywords: Some(self.keywords),
            time: Some(time),
            process_id: Some(self.writer.0),
            thread_id: Some(self.writer.1),
            channel: self.channel.to_owned(),
            computer: computer.to_owned(),
            user_sid: sysmon.then(|| "S-1-5-18".to_owned()),
            data: self.fields.iter().map(|name| (*name).to_owned()).zip(values).collect(),
            ..WindowsEvent::default()
        }
    }
}

pub(crate) const SYSMON: &str = "Microsoft-Windows-Sysmon/Operational";
pub(crate) const SECURITY: &str = "Security";
pub(crate) const SYSTEM: &str = "System";
pub(crate) const POWERSHELL: &str = "Microsoft-Windows-PowerShell/Operational";

const fn sysmon(id: u32, version: u8, fields: &'static [&'static str]) -> Kind {
    Kind {
        channel: SYSMON,
        provider: "Microsoft-Windows-Sysmon",
        id,
        version,
        level: 4,
        task: id as u16,
        opcode: 0,
        keywords: 0x8000_0000_0000_0000,
        qualifiers: None,
        writer: (3056, 4388),
        fields,
    }
}

const fn security(id: u32, version: u8, task: u16, writer: (u32, u32), fields: &'static [&'static str]) -> Kind {
    Kind {
        channel: SECURITY,
        provider: "Microsoft-Windows-Security-Auditing",
        id,
        version,
        level: 0,
        task,
        opcode: 0,
        keywords: 0x8020_0000_0000_0000,
        qualifiers: None,
        writer,
        fields,
    }
}

const fn service_control(id: u32, level: u8, qualifiers: u16, fields: &'static [&'static str]) -> Kind {
    Kind {
        channel: SYSTEM,
        provider: "Service Control Manager",
        id,
        version: 0,
        level,
        task: 0,
        opcode: 0,
        keywords: 0x8080_0000_0000_0000,
        qualifiers: Some(qualifiers),
        writer: (692, 7716),
        fields,
    }
}

const fn powershell(id: u32, level: u8, task: u16, opcode: u8, fields: &'static [&'static str]) -> Kind {
    Kind {
        channel: POWERSHELL,
        provider: "Microsoft-Windows-PowerShell",
        id,
        version: 1,
        level,
        task,
        opcode,
        keywords: 0,
        qualifiers: None,
        writer: (6120, 2604),
        fields,
    }
}

#[rustfmt::skip]
pub(crate) static PROCESS_CREATED: Kind = sysmon(1, 5, &[
    "RuleName", "UtcTime", "ProcessGuid", "ProcessId", "Image", "FileVersion", "Description", "Product", "Company",
    "OriginalFileName", "CommandLine", "CurrentDirectory", "User", "LogonGuid", "LogonId", "TerminalSessionId",
    "IntegrityLevel", "Hashes", "ParentProcessGuid", "ParentProcessId", "ParentImage", "ParentCommandLine", "ParentUser",
]);
#[rustfmt::skip]
pub(crate) static CONNECTED: Kind = sysmon(3, 5, &[
    "RuleName", "UtcTime", "ProcessGuid", "ProcessId", "Image", "User", "Protocol", "Initiated", "SourceIsIpv6",
    "SourceIp", "SourceHostname", "SourcePort", "SourcePortName", "DestinationIsIpv6", "DestinationIp",
    "DestinationHostname", "DestinationPort", "DestinationPortName",
]);
pub(crate) static PROCESS_ENDED: Kind =
    sysmon(5, 3, &["RuleName", "UtcTime", "ProcessGuid", "ProcessId", "Image", "User"]);
pub(crate) static DRIVER_LOADED: Kind =
    sysmon(6, 4, &["RuleName", "UtcTime", "ImageLoaded", "Hashes", "Signed", "Signature", "SignatureStatus"]);
#[rustfmt::skip]
pub(crate) static IMAGE_LOADED: Kind = sysmon(7, 3, &[
    "RuleName", "UtcTime", "ProcessGuid", "ProcessId", "Image", "ImageLoaded", "FileVersion", "Description", "Product",
    "Company", "OriginalFileName", "Hashes", "Signed", "Signature", "SignatureStatus", "User",
]);
#[rustfmt::skip]
pub(crate) static PROCESS_OPENED: Kind = sysmon(10, 3, &[
    "RuleName", "UtcTime", "SourceProcessGUID", "SourceProcessId", "SourceThreadId", "SourceImage",
    "TargetProcessGUID", "TargetProcessId", "TargetImage", "GrantedAccess", "CallTrace", "SourceUser", "TargetUser",
]);
pub(crate) static FILE_CREATED: Kind = sysmon(
    11,
    2,
    &["RuleName", "UtcTime", "ProcessGuid", "ProcessId", "Image", "TargetFilename", "CreationUtcTime", "User"],
);
pub(crate) static REGISTRY_KEY: Kind =
    sysmon(12, 2, &["RuleName", "EventType", "UtcTime", "ProcessGuid", "ProcessId", "Image", "TargetObject", "User"]);
#[rustfmt::skip]
pub(crate) static REGISTRY_VALUE: Kind = sysmon(13, 2, &[
    "RuleName", "EventType", "UtcTime", "ProcessGuid", "ProcessId", "Image", "TargetObject", "Details", "User",
]);
#[rustfmt::skip]
pub(crate) static NAME_QUERIED: Kind = sysmon(22, 5, &[
    "RuleName", "UtcTime", "ProcessGuid", "ProcessId", "QueryName", "QueryStatus", "QueryResults", "Image", "User",
]);

const KERNEL: (u32, u32) = (4, 312);
const LSASS: (u32, u32) = (716, 2860);

#[rustfmt::skip]
pub(crate) static LOGON: Kind = security(4624, 2, 12544, LSASS, &[
    "SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "TargetUserSid", "TargetUserName",
    "TargetDomainName", "TargetLogonId", "LogonType", "LogonProcessName", "AuthenticationPackageName",
    "WorkstationName", "LogonGuid", "TransmittedServices", "LmPackageName", "KeyLength", "ProcessId", "ProcessName",
    "IpAddress", "IpPort", "ImpersonationLevel", "RestrictedAdminMode", "TargetOutboundUserName",
    "TargetOutboundDomainName", "VirtualAccount", "TargetLinkedLogonId", "ElevatedToken",
]);
#[rustfmt::skip]
pub(crate) static LOGOFF: Kind = security(4634, 0, 12545, LSASS, &[
    "TargetUserSid", "TargetUserName", "TargetDomainName", "TargetLogonId", "LogonType",
]);
#[rustfmt::skip]
pub(crate) static SPECIAL_LOGON: Kind = security(4672, 0, 12548, LSASS, &[
    "SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "PrivilegeList",
]);
#[rustfmt::skip]
pub(crate) static PROCESS_AUDITED: Kind = security(4688, 2, 13312, KERNEL, &[
    "SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "NewProcessId", "NewProcessName",
    "TokenElevationType", "ProcessId", "CommandLine", "TargetUserSid", "TargetUserName", "TargetDomainName",
    "TargetLogonId", "ParentProcessName", "MandatoryLabel",
]);
#[rustfmt::skip]
pub(crate) static SERVICE_AUDITED: Kind = security(4697, 1, 12289, LSASS, &[
    "SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "ServiceName", "ServiceFileName",
    "ServiceType", "ServiceStartType", "ServiceAccount", "ClientProcessStartKey", "ClientProcessId", "ParentProcessId",
]);
#[rustfmt::skip]
pub(crate) static SHARE_OPENED: Kind = security(5140, 1, 12808, KERNEL, &[
    "SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "ObjectType", "IpAddress", "IpPort",
    "ShareName", "ShareLocalPath", "AccessMask", "AccessList",
]);
#[rustfmt::skip]
pub(crate) static SHARE_CHECKED: Kind = security(5145, 0, 12811, KERNEL, &[
    "SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "ObjectType", "IpAddress", "IpPort",
    "ShareName", "ShareLocalPath", "RelativeTargetName", "AccessMask", "AccessList", "AccessReason",
]);

const INFORMATION: u16 = 16_384;
const ERROR: u16 = 49_152;

pub(crate) static SERVICE_INSTALLED: Kind =
    service_control(7045, 4, INFORMATION, &["ServiceName", "ImagePath", "ServiceType", "StartType", "AccountName"]);
pub(crate) static SERVICE_STATE: Kind = service_control(7036, 4, INFORMATION, &["param1", "param2", "Binary"]);
pub(crate) static SERVICE_START_TYPE: Kind =
    service_control(7040, 4, INFORMATION, &["param1", "param2", "param3", "param4"]);
pub(crate) static SERVICE_TIMEOUT: Kind = service_control(7009, 2, ERROR, &["param1", "param2", "Binary"]);
pub(crate) static SERVICE_FAILED: Kind = service_control(7000, 2, ERROR, &["param1", "param2", "Binary"]);

pub(crate) static COMMAND_RUN: Kind = powershell(4103, 4, 106, 20, &["ContextInfo", "UserData", "Payload"]);
pub(crate) static SCRIPT_BLOCK: Kind =
    powershell(4104, 5, 2, 15, &["MessageNumber", "MessageTotal", "ScriptBlockText", "ScriptBlockId", "Path"]);
