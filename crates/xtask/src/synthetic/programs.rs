//! What Windows programs say of themselves: Sysmon reads it from the version resource of the file.

/// The version resource of a program.
#[derive(Debug)]
pub(super) struct Program {
    /// The end of its path in lower case, with the backslash.
    file: &'static str,
    pub(super) version: &'static str,
    pub(super) description: &'static str,
    pub(super) product: &'static str,
    pub(super) company: &'static str,
    pub(super) original_name: &'static str,
}

const WINDOWS: &str = "Microsoft® Windows® Operating System";
const MICROSOFT: &str = "Microsoft Corporation";
const BUILD: &str = "10.0.19041.4522 (WinBuild.160101.0800)";

const fn windows(file: &'static str, description: &'static str, original_name: &'static str) -> Program {
    Program { file, version: BUILD, description, product: WINDOWS, company: MICROSOFT, original_name }
}

#[rustfmt::skip]
static PROGRAMS: [Program; 27] = [
    windows(r"\cmd.exe", "Windows Command Processor", "Cmd.Exe"),
    windows(r"\powershell.exe", "Windows PowerShell", "PowerShell.EXE"),
    windows(r"\sc.exe", "Service Control Manager Configuration Tool", "sc.exe"),
    windows(r"\net.exe", "Net Command", "net.exe"),
    windows(r"\net1.exe", "Net Command", "net1.exe"),
    windows(r"\svchost.exe", "Host Process for Windows Services", "svchost.exe"),
    windows(r"\svchost32.exe", "Windows Command Processor", "Cmd.Exe"),
    windows(r"\conhost.exe", "Console Window Host", "CONHOST.EXE"),
    windows(r"\taskhostw.exe", "Host Process for Windows Tasks", "taskhostw.exe"),
    windows(r"\backgroundtaskhost.exe", "Background Task Host", "backgroundTaskHost.exe"),
    windows(r"\runtimebroker.exe", "Runtime Broker", "RuntimeBroker.exe"),
    windows(r"\wmiprvse.exe", "WMI Provider Host", "Wmiprvse.exe"),
    windows(r"\msiexec.exe", "Windows® installer", "msiexec.exe"),
    windows(r"\trustedinstaller.exe", "Windows Modules Installer", "TrustedInstaller.exe"),
    windows(r"\tiworker.exe", "Windows Modules Installer Worker", "TiWorker.exe"),
    windows(r"\whoami.exe", "whoami - displays logged on user information", "whoami.exe"),
    windows(r"\tasklist.exe", "Lists the current running tasks", "tasklist.exe"),
    windows(r"\notepad.exe", "Notepad", "NOTEPAD.EXE"),
    windows(r"\explorer.exe", "Windows Explorer", "EXPLORER.EXE"),
    windows(r"\telnet.exe", "Microsoft Telnet Client", "telnet.exe"),
    windows(r"\gpupdate.exe", "Microsoft® Group Policy Update Utility", "gpupdate.exe"),
    Program { file: r"\csc.exe", version: "4.8.9037.0 built by: NET481REL1", description: "Visual C# Command Line Compiler",
        product: "Microsoft® .NET Framework", company: MICROSOFT, original_name: "csc.exe" },
    Program { file: r"\winword.exe", version: "16.0.17628.20144", description: "Microsoft Word",
        product: "Microsoft Office", company: MICROSOFT, original_name: "WinWord.exe" },
    Program { file: r"\outlook.exe", version: "16.0.17628.20144", description: "Microsoft Outlook",
        product: "Microsoft Outlook", company: MICROSOFT, original_name: "Outlook.exe" },
    Program { file: r"\msedge.exe", version: "126.0.2592.87", description: "Microsoft Edge",
        product: "Microsoft Edge", company: MICROSOFT, original_name: "msedge.exe" },
    Program { file: r"\chrome.exe", version: "126.0.6478.127", description: "Google Chrome",
        product: "Google Chrome", company: "Google LLC", original_name: "chrome.exe" },
    Program { file: r"\code.exe", version: "1.90.2", description: "Visual Studio Code",
        product: "Visual Studio Code", company: MICROSOFT, original_name: "electron.exe" },
];

static UNKNOWN: Program =
    Program { file: "", version: "-", description: "-", product: "-", company: "-", original_name: "-" };

/// What the program at this path says of itself; `-` where nothing is known.
pub(super) fn describe(path: &str) -> &'static Program {
    let path = path.to_ascii_lowercase();
    PROGRAMS.iter().find(|program| path.ends_with(program.file)).unwrap_or(&UNKNOWN)
}
