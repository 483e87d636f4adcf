//! Files, shares, hashes.

use crate::Field;

pub(super) const ROWS: &[Field] = &[
    // As IBM maps Sigma: the file that an event is about with its path, and for a started program, which has no such
    // file, the original file name of its version resource.
    Field::property("Filename", "The file that the event is about; of a started program its original file name.")
        .called("file name")
        .also(&["File Name", "fname", "Encoded Filename"])
        .from(&[
            ("sysmon", "11, 15, 23, 26 TargetFilename; 1 OriginalFileName"),
            ("auditd", "PATH name"),
            ("eslogger", "path of the file"),
        ])
        .sigma(&["TargetFilename", "FileName"]),
    Field::property("File Path", "The full path of the file that the event is about.")
        .also(&["Full Path"])
        .from(&[("sysmon", "11, 15, 23, 26 TargetFilename"), ("powershell", "4104 Path"), ("auditd", "PATH name")])
        .sigma(&["Path"]),
    Field::property("File Directory", "The folder of that file.")
        .from(&[("windows", "File Path before the last separator")]),
    Field::property("File Extension", "The extension of that file."),
    Field::property("File Size", "The size of the file in bytes.").also(&["fsize"]),
    Field::property("Source Filename", "The file that was copied or renamed.").sigma(&["SourceFilename"]),
    Field::property("File Hash", "All hashes of the file, as the log has them: `SHA1=...,MD5=...`.")
        .from(&[("sysmon", "Hashes")])
        .sigma(&["Hashes", "Hash"]),
    Field::property("MD5 Hash", "The MD5 hash of the file.")
        .also(&["MD5 File Hash"])
        .from(&[("sysmon", "Hashes MD5")])
        .sigma(&["md5"]),
    Field::property("SHA1 Hash", "The SHA-1 hash of the file.")
        .also(&["SHA1 File Hash"])
        .from(&[("sysmon", "Hashes SHA1")])
        .sigma(&["sha1"]),
    Field::property("SHA256 Hash", "The SHA-256 hash of the file.")
        .also(&["SHA256 File Hash"])
        .from(&[("sysmon", "Hashes SHA256")])
        .sigma(&["sha256"]),
    Field::property("IMP Hash", "The hash of the imports of the program.")
        .from(&[("sysmon", "Hashes IMPHASH")])
        .sigma(&["Imphash"]),
    Field::property("Contents", "The contents of a file stream.")
        .from(&[("sysmon", "15 Contents")])
        .sigma(&["Contents"]),
    Field::property("Creation Time", "When the file was made.").sigma(&["CreationUtcTime"]),
    Field::property("Previous Creation Time", "When the file was made, before someone changed that.")
        .sigma(&["PreviousCreationUtcTime"]),
    Field::property("Device Name", "The disk or device.").sigma(&["Device", "DeviceName"]),
    Field::property("Share Name", "The network share.")
        .from(&[("security", "5140, 5145 ShareName")])
        .sigma(&["ShareName"]),
    Field::property("Share Local Path", "The folder behind the network share.").sigma(&["ShareLocalPath"]),
    Field::property("Relative Target Name", "The file or pipe within the network share.")
        .from(&[("security", "5145 RelativeTargetName")])
        .sigma(&["RelativeTargetName"]),
    Field::property("Name Type", "What was done to a path: CREATE, DELETE, NORMAL, PARENT.")
        .from(&[("auditd", "PATH nametype")])
        .sigma(&["nametype"]),
];
