//! Who and where: users, accounts, logons, hosts.

use crate::Field;
use crate::Type::{Host, Text};

pub(super) const ROWS: &[Field] = &[
    Field::built_in("username", Text, "The user who acted, without domain.")
        .called("user name")
        .also(&["User Name", "usrName", "suser", "EventUserName", "cs-username"])
        .from(&[
            ("sysmon", "User"),
            ("security", "SubjectUserName; of a logon TargetUserName"),
            ("system", "System/Security@UserID when nothing else names a user"),
            ("auditd", "uid, auid"),
            ("leef", "usrName"),
        ])
        .sigma(&["UserName"]),
    // Sigma's `User` carries the domain (`NT AUTHORITY\SYSTEM`), QRadar's username does not: two columns.
    Field::property("User", "The user who acted with the domain where the log has it: `DOMAIN\\user`.")
        .from(&[("sysmon", "User"), ("security", "SubjectDomainName\\SubjectUserName")])
        .sigma(&["User"]),
    Field::property("Account Domain", "The domain of the user who acted.")
        .also(&["User Domain", "Domain", "SubjectDomainName", "Subject Domain"])
        .from(&[("security", "SubjectDomainName"), ("sysmon", "User before the backslash")])
        .sigma(&["SubjectDomainName"]),
    // AccountName: here the actor of IBM's packs. The AccountName of event 7045 is a service account and goes there.
    Field::property("Subject Account Name", "The account that asked for the operation.")
        .also(&["AccountName", "Account Name", "SubjectAccountName"])
        .from(&[("security", "SubjectUserName")])
        .sigma(&["SubjectUserName"]),
    Field::property("Subject User SID", "The security identifier of the account that asked for the operation.")
        .also(&["Security ID", "SecurityID", "User SID", "UserID"])
        .from(&[("security", "SubjectUserSid"), ("system", "System/Security@UserID")])
        .sigma(&["SubjectUserSid"]),
    Field::property("Logon ID", "The logon session of the actor, in hexadecimal.")
        .also(&["Subject Logon ID"])
        .from(&[("security", "SubjectLogonId"), ("sysmon", "LogonId")])
        .sigma(&["SubjectLogonId", "LogonId"]),
    Field::property("Logon GUID", "The logon session of the actor, unique across computers.").sigma(&["LogonGuid"]),
    Field::property("Target Username", "The account that the operation was done to, or that logged on.")
        .called("target user name")
        .also(&["Target User Name", "DestinationUserName", "duser"])
        .from(&[("security", "TargetUserName")])
        .sigma(&["TargetUserName"]),
    Field::property("Target Domain", "The domain of the target account.")
        .from(&[("security", "TargetDomainName")])
        .sigma(&["TargetDomainName"]),
    Field::property("Target User SID", "The security identifier of the target account.")
        .sigma(&["TargetUserSid", "TargetSid"]),
    Field::property("Target Logon ID", "The logon session of the target account, in hexadecimal.")
        .sigma(&["TargetLogonId"]),
    Field::property("New Target Username", "The new name of a renamed account.").sigma(&["NewTargetUserName"]),
    Field::property("SAM Account Name", "The account name in the security account manager.").sigma(&["SamAccountName"]),
    Field::property("Distinguished Name", "The name of an object in the directory.").also(&["DN"]).sigma(&["ObjectDN"]),
    Field::property("Group Name", "The group concerned.").also(&["GroupName"]).sigma(&["GroupMembership"]),
    Field::property("Group ID", "The identifier of the group concerned.").also(&["GroupID"]),
    Field::property("Member Name", "The member added to or removed from a group.").sigma(&["MemberName"]),
    Field::property("Member SID", "The security identifier of that member.").sigma(&["MemberSid"]),
    Field::property(
        "Logon Type",
        "How the session was opened, as a number: 2 interactive, 3 network, 5 service, 10 remote.",
    )
    .also(&["Login Type", "MSLogonType"])
    .from(&[("security", "4624, 4625 LogonType")])
    .sigma(&["LogonType"]),
    Field::property("Logon Process", "The trusted process of the logon.")
        .also(&["Logon Process Name"])
        .sigma(&["LogonProcessName"]),
    Field::property("Authentication Package", "The protocol that checked the credentials.")
        .sigma(&["AuthenticationPackageName"]),
    Field::property("Workstation Name", "The computer that a logon came from, by its own account.")
        .also(&["Workstation"])
        .from(&[("security", "4624 WorkstationName")])
        .sigma(&["WorkstationName", "Workstation"]),
    Field::property("Target Server Name", "The server that credentials were used on.").sigma(&["TargetServerName"]),
    Field::property("Elevated Token", "Whether the session runs with full rights.").sigma(&["ElevatedToken"]),
    Field::property("Terminal Session ID", "The terminal session of the process.").sigma(&["TerminalSessionId"]),
    // `hostname` of the published queries and of older mappings: the computer that the event is about.
    Field::property("Machine Identifier", "The computer that wrote the event.")
        .called("computer name")
        .also(&[
            "Machine ID",
            "Computer Name",
            "hostname",
            "Host Name",
            "MachineName",
            "Machine Name",
            "Host",
            "winlog.computer_name",
            "host.name",
        ])
        .from(&[
            ("windows", "System/Computer"),
            ("wincollect", "Computer"),
            ("syslog", "host of the header"),
            ("journald", "_HOSTNAME"),
        ])
        .sigma(&["Computer", "ComputerName", "HostName"]),
    Field::built_in("identityip", Host, "The address whose user the event tells; 0.0.0.0 when it tells none."),
    Field::built_in("identityhostname", Text, "The host whose user the event tells.").called("identity host name"),
];
