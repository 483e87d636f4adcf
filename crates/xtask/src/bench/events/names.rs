//! The machines, users, programs and texts that the generated events speak of.

/// Domain of the fictional network.
const DOMAIN: &str = "naples.example";
const MACHINES: usize = 200;

static PEOPLE: [&str; 24] = [
    "miranda",
    "sebastian",
    "ferdinand",
    "gonzalo",
    "alonso",
    "antonio",
    "adrian",
    "francisco",
    "trinculo",
    "stephano",
    "iris",
    "ceres",
    "juno",
    "viola",
    "orsino",
    "olivia",
    "malvolio",
    "maria",
    "feste",
    "benedick",
    "beatrice",
    "hero",
    "claudio",
    "leonato",
];

static SYSTEM_PROGRAMS: [&str; 64] = [
    "svchost",
    "taskhostw",
    "conhost",
    "backgroundTaskHost",
    "RuntimeBroker",
    "dllhost",
    "SearchIndexer",
    "smartscreen",
    "wbem\\WmiPrvSE",
    "cmd",
    "lsass",
    "services",
    "winlogon",
    "dwm",
    "ctfmon",
    "sihost",
    "spoolsv",
    "wuauclt",
    "msiexec",
    "gpupdate",
    "tasklist",
    "whoami",
    "sc",
    "net",
    "net1",
    "reg",
    "notepad",
    "mmc",
    "WindowsPowerShell\\v1.0\\powershell",
    "rundll32",
    "regsvr32",
    "schtasks",
    "wevtutil",
    "ipconfig",
    "ping",
    "nslookup",
    "netstat",
    "route",
    "arp",
    "hostname",
    "systeminfo",
    "quser",
    "logonui",
    "userinit",
    "fontdrvhost",
    "csrss",
    "smss",
    "wininit",
    "audiodg",
    "UsoClient",
    "musNotification",
    "CompatTelRunner",
    "DeviceCensus",
    "cleanmgr",
    "defrag",
    "vssvc",
    "sppsvc",
    "WUDFHost",
    "SearchProtocolHost",
    "SearchFilterHost",
    "ApplicationFrameHost",
    "SystemSettings",
    "certutil",
    "robocopy",
];

static PRODUCTS: [(&str, &[&str]); 16] = [
    (r"Microsoft Office\root\Office16", &["WINWORD", "EXCEL", "POWERPNT", "OUTLOOK", "MSACCESS", "ONENOTE", "lync"]),
    (r"Google\Chrome\Application", &["chrome", "chrome_proxy", "elevation_service"]),
    (r"Microsoft\Edge\Application", &["msedge", "msedge_proxy", "identity_helper"]),
    (r"Microsoft VS Code", &["Code", "code-tunnel", "unins000"]),
    (r"Git\cmd", &["git", "git-gui", "gitk"]),
    (r"Git\usr\bin", &["bash", "ssh", "grep", "sed", "awk", "find"]),
    (r"dotnet", &["dotnet"]),
    (r"nodejs", &["node"]),
    (r"Python311", &["python", "pythonw"]),
    (r"7-Zip", &["7z", "7zFM", "7zG"]),
    (r"Adobe\Acrobat DC\Acrobat", &["Acrobat", "AcroCEF", "AdobeCollabSync"]),
    (r"Microsoft Visual Studio\2022\Common7\IDE", &["devenv", "PerfWatson2", "MSBuild", "VsHub", "StandardCollector"]),
    (r"Windows Defender", &["MsMpEng", "MpCmdRun", "NisSrv"]),
    (r"CMAgent", &["CcmExec", "ScNotification", "TSManager", "CmRcService"]),
    (r"BackupSuite", &["bkagent", "bkcore", "bkmount"]),
    (r"Monitoring\Agent", &["agent", "exporter", "watchdog"]),
];

/// What follows a program on its command line: `#` is a number, `^` one of two digits, `@` a user, `~` eight
/// hexadecimal digits.
static ARGUMENTS: [&str; 28] = [
    "",
    "-k netsvcs -p -s BITS",
    "-k netsvcs -p -s Schedule",
    "-k LocalServiceNetworkRestricted -p -s EventLog",
    "-secured -Embedding",
    "-ServerName:App.AppX~.mca",
    "0xffffffff -ForceV1",
    "/V",
    "/svc",
    "/groups",
    "query wuauserv",
    "use Z: \\\\srv02\\projects",
    "/target:computer",
    "/n \"C:\\Users\\@\\Documents\\Report #.docx\"",
    "\"C:\\Users\\@\\Desktop\\plan #.xlsx\"",
    "--type=renderer --renderer-client-id=# --lang=en-US --device-scale-factor=1 --num-raster-threads=4",
    "--type=utility --mojo-platform-channel-handle=# --field-trial-handle=#,i,~~,262144 /prefetch:8",
    "--type=gpu-process --gpu-preferences=UAAAAAAAAADgAAAY~",
    "/c dir C:\\Build\\out\\# /s /b",
    "-NoProfile -ExecutionPolicy Bypass -File C:\\Scripts\\inventory-#.ps1",
    "-NoProfile -Command \"Get-Service | Where-Object Status -eq Running\"",
    "status --porcelain -z -uall",
    "build C:\\Build\\src\\project#.csproj /noconfig /nologo",
    "/noconfig /fullpaths @obj\\build#.rsp",
    "a -t7z D:\\archive\\~.7z D:\\data\\#",
    "-m pip list --format=json",
    "/Processid:{~-3C7B-4A5E-8E0A-~~}",
    "-pss -s # -p # -ip #",
];

static LIBRARIES: [&str; 40] = [
    "ntdll",
    "kernel32",
    "kernelbase",
    "advapi32",
    "user32",
    "gdi32",
    "gdi32full",
    "msvcrt",
    "combase",
    "rpcrt4",
    "sechost",
    "ole32",
    "oleaut32",
    "shell32",
    "shlwapi",
    "ws2_32",
    "crypt32",
    "bcrypt",
    "bcryptprimitives",
    "amsi",
    "wldp",
    "taskschd",
    "wbem\\wmiutils",
    "wbem\\fastprox",
    "dbghelp",
    "dbgcore",
    "samlib",
    "netapi32",
    "winhttp",
    "wininet",
    "urlmon",
    "iertutil",
    "propsys",
    "profapi",
    "clr",
    "mscoreei",
    "cryptsp",
    "vaultcli",
    "version",
    "uxtheme",
];

static REGISTRY_VALUES: [&str; 14] = [
    "HKU\\S-1-5-21-1406254710-2812905763-3340219856-11^\\Software\\Microsoft\\Office\\16.0\\Word\\File MRU\\Item #",
    "HKLM\\System\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\S-1-5-18\\SequenceNumber",
    "HKLM\\System\\CurrentControlSet\\Services\\W32Time\\Config\\LastKnownGoodTime",
    "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer\\Folders\\#",
    "HKLM\\System\\CurrentControlSet\\Services\\BITS\\Performance\\PerfMMFileName",
    "HKLM\\System\\CurrentControlSet\\Services\\BITS\\Start",
    "HKLM\\System\\CurrentControlSet\\Services\\edgeupdate\\ImagePath",
    "HKU\\S-1-5-21-1406254710-2812905763-3340219856-11^\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\RecentDocs\\#",
    "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tasks\\{~-92B1-4F5C-A0A5-~~}\\DynamicInfo",
    "HKLM\\System\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces\\{~-5C4C-4B5A-9E4C-~~}\\LeaseObtainedTime",
    "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\Results\\Detect\\LastSuccessTime",
    "HKLM\\System\\CurrentControlSet\\Control\\DeviceClasses\\{~-1A2B-4C3D-8E4F-~~}\\Control\\ReferenceCount",
    "HKCR\\VirtualStore\\MACHINE\\SOFTWARE\\Classes\\CLSID\\{~-0000-0000-C000-000000000046}\\InprocServer32",
    "HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\AuthRoot\\AutoUpdate\\LastSyncTime",
];

static FILES: [&str; 8] = [
    "C:\\Users\\@\\AppData\\Local\\Temp\\~DF~.TMP",
    "C:\\Users\\@\\Documents\\Report #.docx",
    "C:\\Windows\\Prefetch\\CHROME.EXE-~.pf",
    "C:\\Users\\@\\Downloads\\invoice-#.pdf",
    "C:\\Windows\\SoftwareDistribution\\Download\\~~\\package.cab",
    "C:\\ProgramData\\Microsoft\\Windows Defender\\Scans\\History\\Store\\~",
    "C:\\Users\\@\\AppData\\Local\\Microsoft\\Edge\\User Data\\Default\\Cache\\Cache_Data\\f_~",
    "D:\\Build\\out\\#\\obj\\Debug\\net8.0\\project.assets.cache",
];

static SERVICES: [(&str, &str); 8] = [
    ("edgeupdate", "\"C:\\Program Files (x86)\\Microsoft\\EdgeUpdate\\MicrosoftEdgeUpdate.exe\" /svc"),
    (
        "GoogleUpdaterService",
        "\"C:\\Program Files (x86)\\Google\\GoogleUpdater\\updater.exe\" --system --windows-service",
    ),
    ("WdFilter", "system32\\drivers\\wd\\WdFilter.sys"),
    ("MpKsl", "C:\\ProgramData\\Microsoft\\Windows Defender\\Definition Updates\\{~}\\MpKslDrv.sys"),
    ("bkagent", "\"C:\\Program Files\\BackupSuite\\bkagent.exe\" -service"),
    ("CcmExec", "C:\\Program Files\\CMAgent\\CcmExec.exe"),
    ("vmicvss", "C:\\Windows\\system32\\svchost.exe -k LocalSystemNetworkRestricted -p"),
    ("AdobeARMservice", "\"C:\\Program Files (x86)\\Common Files\\Adobe\\ARM\\1.0\\armsvc.exe\""),
];

/// The lists, with those that are combined from others made once.
pub(super) struct Names {
    pub(super) machines: Vec<String>,
    pub(super) people: &'static [&'static str],
    /// Paths of programs, the frequent ones first.
    pub(super) programs: Vec<String>,
    pub(super) libraries: Vec<String>,
    pub(super) arguments: &'static [&'static str],
    pub(super) registry_values: &'static [&'static str],
    pub(super) files: &'static [&'static str],
    /// Names and what they run.
    pub(super) services: &'static [(&'static str, &'static str)],
}

impl Names {
    pub(super) fn new() -> Self {
        let mut programs: Vec<_> =
            SYSTEM_PROGRAMS.iter().map(|name| format!("C:\\Windows\\System32\\{name}.exe")).collect();
        for (folder, files) in &PRODUCTS {
            programs.extend(files.iter().map(|file| format!("C:\\Program Files\\{folder}\\{file}.exe")));
        }
        for person in PEOPLE {
            for program in ["Teams\\current\\Teams", "OneDrive\\OneDrive", "Slack\\slack", "Postman\\Postman"] {
                programs.push(format!("C:\\Users\\{person}\\AppData\\Local\\Programs\\{program}.exe"));
            }
        }
        Self {
            machines: (1..=MACHINES).map(|number| format!("ws{number:03}.{DOMAIN}")).collect(),
            people: &PEOPLE,
            programs,
            libraries: LIBRARIES.iter().map(|name| format!("C:\\Windows\\System32\\{name}.dll")).collect(),
            arguments: &ARGUMENTS,
            registry_values: &REGISTRY_VALUES,
            files: &FILES,
            services: &SERVICES,
        }
    }
}
