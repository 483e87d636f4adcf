//! Access to objects, Kerberos, the directory, policy, threats: what else the Security log and sensors name.

use crate::Field;

pub(super) const ROWS: &[Field] = &[
    Field::property("Object Name", "The object that was touched, as the log wrote it: a file, a key, a handle.")
        .also(&["MSFileObjectName", "ObjectName_Filename"])
        .from(&[("security", "4656, 4657, 4663 ObjectName"), ("sysmon", "12, 13, 14 TargetObject")])
        .sigma(&["ObjectName", "object_name"]),
    Field::property("Object Type", "The type of that object: File, Key, Process.").sigma(&["ObjectType"]),
    Field::property("Object Server", "The part of Windows that holds the object.").sigma(&["ObjectServer"]),
    Field::property("Object Class", "The class of a directory object.").sigma(&["ObjectClass"]),
    Field::property("Handle ID", "The handle of the object.").sigma(&["HandleId"]),
    Field::property("Access Mask", "The rights asked for, in hexadecimal.").sigma(&["AccessMask"]),
    Field::property("Access List", "The rights asked for, as message numbers.").sigma(&["AccessList"]),
    Field::property("Accesses", "The rights asked for, in words.").sigma(&["Accesses"]),
    Field::property("Access Reason", "Why each right was given.").sigma(&["AccessReason"]),
    Field::property("Privilege List", "The privileges used.").sigma(&["PrivilegeList"]),
    Field::property("Properties", "The properties of the directory object that were asked for.").sigma(&["Properties"]),
    Field::property("Error Code", "The error that was returned.").also(&["Result Code"]).sigma(&[
        "ErrorCode",
        "FailureCode",
        "ExceptionCode",
    ]),
    Field::property("Status", "The status that was returned.").sigma(&["Status"]),
    Field::property("Sub Status", "The finer status that was returned.").sigma(&["SubStatus"]),
    Field::property("Failure Reason", "Why the logon failed, as a message number.").sigma(&["FailureReason"]),
    Field::property("Ticket Encryption Type", "The cipher of the Kerberos ticket, in hexadecimal.")
        .sigma(&["TicketEncryptionType", "cipher"]),
    Field::property("Ticket Options", "The options of the Kerberos ticket, in hexadecimal.").sigma(&["TicketOptions"]),
    Field::property("Pre-Authentication Type", "How the client proved itself to Kerberos.")
        .also(&["Pre Auth Type"])
        .sigma(&["PreAuthType"]),
    Field::property("Attribute Name", "The attribute of a directory object that was changed.")
        .sigma(&["AttributeLDAPDisplayName"]),
    Field::property("Attribute New Value", "The value of the attribute after the change.").sigma(&["AttributeValue"]),
    Field::property("Attribute Old Value", "The value of the attribute before the change."),
    Field::property("Audit Policy Changes", "What was changed in the audit policy.").sigma(&["AuditPolicyChanges"]),
    Field::property("Subcategory GUID", "The part of the audit policy that was changed.").sigma(&["SubcategoryGuid"]),
    Field::property("Service Principal Names", "The service names of an account.").sigma(&["ServicePrincipalNames"]),
    Field::property("Threat Name", "The malware that was found.").also(&["Malware Name"]).sigma(&["ThreatName"]),
    Field::property("Detection Source", "The part of the sensor that found it, such as real-time protection.")
        .from(&[("defender", "Source Name")])
        .sigma(&["SourceName"]),
    Field::property("Changed Setting", "The setting of the sensor that someone tried to change, with its value.")
        .from(&[("defender", "5013 Value")])
        .sigma(&["Value"]),
    Field::property("Action", "What the device did.").also(&["act"]).sigma(&["Action"]),
    Field::property("Policy Name", "The policy that applied."),
    Field::property("Role Name", "The role concerned."),
    Field::property("Audit Key", "The key of the audit rule that matched.")
        .from(&[("auditd", "SYSCALL key")])
        .sigma(&["key"]),
    Field::property(
        "Audit Type",
        "The types of the records of an audit event, joined by blanks in the order of the log.",
    )
    .from(&[("auditd", "type")]),
    Field::property("Syscall", "The number or name of the system call.")
        .from(&[("auditd", "SYSCALL syscall")])
        .sigma(&["syscall"]),
];
