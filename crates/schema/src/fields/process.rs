//! Processes, their parents, the images they load, scripts.

use crate::Field;

pub(super) const ROWS: &[Field] = &[
    Field::property("Command", "The command line of the process.")
        .called("process command line")
        .also(&["Process CommandLine", "Process Command Line", "Command Arguments"])
        .from(&[
            ("sysmon", "1 CommandLine"),
            ("security", "4688 CommandLine"),
            ("auditd", "EXECVE a0..aN, else PROCTITLE"),
            ("eslogger", "exec args"),
            ("journald", "_CMDLINE"),
        ])
        .sigma(&["CommandLine", "ProcessCommandLine", "event_data.CommandLine"]),
    Field::property("Encoded Argument", "The script that a PowerShell command line carries in Base64, decoded.")
        .also(&["Decoded Command"])
        .from(&[("windows", "decoded from the argument of -EncodedCommand")]),
    Field::property("Process Path", "The full path of the program.")
        .also(&["ProcessPath", "Image Path Name", "Process Image"])
        .from(&[
            ("sysmon", "Image"),
            ("security", "4688 NewProcessName, else ProcessName"),
            ("auditd", "exe"),
            ("eslogger", "process.executable.path"),
        ])
        // Sigma's ProcessName is the full path of Security events; in queries that name is QRadar's "Process Name".
        .sigma(&["Image", "NewProcessName", "ProcessName", "CallerProcessName", "exe"]),
    Field::property("Process Name", "The file name of the program.")
        .also(&["ImageName", "Image Name"])
        .from(&[("windows", "Process Path behind the last separator"), ("auditd", "comm")]),
    Field::property("Process ID", "The number of the process, in decimal.")
        .also(&["Process Id", "PID", "New Process ID", "NewProcessId"])
        .from(&[("sysmon", "ProcessId"), ("security", "4688 NewProcessId, else ProcessId"), ("auditd", "pid")])
        .sigma(&["ProcessId"]),
    Field::property("Process Guid", "The number of the process, unique over time.")
        .from(&[("sysmon", "ProcessGuid")])
        .sigma(&["ProcessGuid"]),
    Field::property("Thread ID", "The thread that acted.").also(&["SourceThreadId"]),
    Field::property("Parent Command", "The command line of the parent process.")
        .called("parent command line")
        .also(&["Parent CommandLine", "Parent Command Line"])
        .from(&[("sysmon", "1 ParentCommandLine")])
        .sigma(&["ParentCommandLine"]),
    Field::property("Parent Process Path", "The full path of the parent's program.")
        .from(&[("sysmon", "1 ParentImage"), ("security", "4688 ParentProcessName")])
        .also(&["ParentProcessPath"])
        .sigma(&["ParentImage", "ParentProcessName"]),
    Field::property("Parent Process Name", "The file name of the parent's program.")
        .also(&["ParentImageName", "Parent Image Name"])
        .from(&[("windows", "Parent Process Path behind the last separator")]),
    Field::property("Parent Process ID", "The number of the parent process, in decimal.")
        .also(&["PPID", "Creator Process ID"])
        .from(&[("sysmon", "1 ParentProcessId"), ("security", "4688 ProcessId"), ("auditd", "ppid")])
        .sigma(&["ParentProcessId"]),
    Field::property("Parent Process Guid", "The number of the parent process, unique over time.")
        .sigma(&["ParentProcessGuid"]),
    Field::property("Parent User", "The user of the parent process.").sigma(&["ParentUser"]),
    Field::property("Current Directory", "The working directory of the process.")
        .also(&["cwd"])
        .sigma(&["CurrentDirectory"]),
    Field::property("Integrity Level", "How far Windows trusts the process: Low, Medium, High, System.")
        .from(&[("sysmon", "1 IntegrityLevel"), ("security", "4688 MandatoryLabel")])
        .sigma(&["IntegrityLevel"]),
    Field::property("Token Elevation Type", "Whether the process got full rights, as a message number.")
        .sigma(&["TokenElevationType"]),
    Field::property("Source Process Path", "The program that opened or wrote to another process.")
        .from(&[("sysmon", "8, 10 SourceImage")])
        .sigma(&["SourceImage"]),
    Field::property("Source Process Name", "The file name of that program."),
    Field::property("Source Process ID", "The number of the process that acted on another.")
        .sigma(&["SourceProcessId"]),
    Field::property("Source Process Guid", "Its number, unique over time.").sigma(&["SourceProcessGuid"]),
    Field::property("Target Process Path", "The program of the process that was opened or written to.")
        .from(&[("sysmon", "8, 10 TargetImage")])
        .sigma(&["TargetImage"]),
    Field::property("Target Process Name", "The file name of that program.").also(&["Target Image Name"]),
    Field::property("Target Process ID", "The number of the process that was acted on.").sigma(&["TargetProcessId"]),
    Field::property("Target Process Guid", "Its number, unique over time.").sigma(&["TargetProcessGuid"]),
    Field::property("Granted Access", "The rights given to the opener of a process, in hexadecimal.")
        .from(&[("sysmon", "10 GrantedAccess")])
        .sigma(&["GrantedAccess"]),
    Field::property("Call Trace", "The stack of the call that opened a process.")
        .from(&[("sysmon", "10 CallTrace")])
        .sigma(&["CallTrace"]),
    Field::property("Start Address", "Where a remote thread starts.")
        .from(&[("sysmon", "8 StartAddress")])
        .sigma(&["StartAddress"]),
    Field::property("Start Function", "The function where a remote thread starts.")
        .from(&[("sysmon", "8 StartFunction")])
        .sigma(&["StartFunction"]),
    Field::property("Start Module", "The module where a remote thread starts.")
        .from(&[("sysmon", "8 StartModule")])
        .sigma(&["StartModule"]),
    Field::property("Loaded Image", "The driver or library that was loaded.")
        .from(&[("sysmon", "6, 7 ImageLoaded")])
        .sigma(&["ImageLoaded"]),
    Field::property("Signed", "Whether the image carries a signature: true or false.")
        .from(&[("sysmon", "6, 7 Signed")])
        .sigma(&["Signed"]),
    Field::property("Signature", "Who signed the image.").from(&[("sysmon", "6, 7 Signature")]).sigma(&["Signature"]),
    Field::property("Signature Status", "What checking the signature gave.")
        .from(&[("sysmon", "6, 7 SignatureStatus")])
        .sigma(&["SignatureStatus"]),
    Field::property("Original File Name", "The name that the program was built under, from its version resource.")
        .also(&["OriginalName"])
        .from(&[("sysmon", "1, 7 OriginalFileName")])
        .sigma(&["OriginalFileName"]),
    Field::property("File Version", "The version in the version resource.").sigma(&["FileVersion"]),
    Field::property("Description", "The description in the version resource.").sigma(&["Description"]),
    Field::property("Product", "The product in the version resource.").sigma(&["Product"]),
    Field::property("Company", "The company in the version resource.").sigma(&["Company"]),
    Field::property("Pipe Name", "The named pipe made or opened.")
        .from(&[("sysmon", "17, 18 PipeName")])
        .sigma(&["PipeName"]),
    // Sigma's name keeps its own column; `Message`, where IBM's mapping looks, gets the same text.
    Field::property("ScriptBlockText", "The text of a PowerShell script block, all of its parts joined.")
        .called("script block text")
        .also(&["Script Block Text"])
        .from(&[("powershell", "4104 ScriptBlockText")])
        .sigma(&["ScriptBlockText"]),
    Field::property("Script Block ID", "The number that the parts of a script block share.").sigma(&["ScriptBlockId"]),
    Field::property("Message Number", "Which part of a script block the event holds, from 1.")
        .from(&[("powershell", "4104 MessageNumber")]),
    Field::property("Message Total", "In how many parts a script block is logged.")
        .from(&[("powershell", "4104 MessageTotal")]),
    Field::property("Context Info", "What PowerShell says about the host, user and command of a pipeline.")
        .sigma(&["ContextInfo"]),
    Field::property("Host Application", "The command line that started the PowerShell host.")
        .sigma(&["HostApplication"]),
];
