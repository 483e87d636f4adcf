//! What happens on a Windows machine all day, and now and then what should not.

use super::Random;
use super::hosts::{Account, LOCAL_SERVICE, MIRANDA, NETWORK_SERVICE, Process, SEBASTIAN, SYSTEM};
use super::logon::Origin;
use super::scene::Scene;
use super::services::{Service, StartType};

type Action = fn(&mut Scene<'_>);

/// How often each action happens, of all weights together.
pub(crate) type Mix = [(u64, Action)];

/// A machine that logs much.
pub(crate) static FULL: [(u64, Action); 13] = [
    (56, run_program),
    (66, write_registry),
    (40, network_logon),
    (150, open_connection),
    (110, look_up_name),
    (200, load_library),
    (70, open_process),
    (130, write_file),
    (25, change_service_state),
    (35, read_share),
    (8, run_script),
    (4, change_start_type),
    (3, load_driver),
];

/// A machine that leaves out what is loud and says little.
pub(crate) static QUIET: [(u64, Action); 11] = [
    (60, run_program),
    (20, write_registry),
    (12, network_logon),
    (24, open_connection),
    (14, look_up_name),
    (24, write_file),
    (20, change_service_state),
    (8, read_share),
    (8, run_script),
    (6, change_start_type),
    (4, load_driver),
];

/// Lets one ordinary thing happen.
pub(crate) fn step(scene: &mut Scene<'_>, mix: &Mix) {
    let total = mix.iter().map(|(weight, _)| weight).sum();
    let mut drawn = scene.random.below(total);
    for (weight, action) in mix {
        if drawn < *weight {
            return action(scene);
        }
        drawn -= weight;
    }
}

const EXPLORER: &str = r"C:\Windows\explorer.exe";
const SVCHOST: &str = r"C:\Windows\System32\svchost.exe";
const SERVICE_GROUPS: [&str; 6] = [
    "netsvcs -p -s Schedule",
    "netsvcs -p -s wuauserv",
    "LocalServiceNetworkRestricted -p -s EventLog",
    "NetworkService -p -s Dnscache",
    "DcomLaunch -p",
    "UnistackSvcGroup -s CDPUserSvc",
];

/// Program, command line with `#` for a number, and whether a person starts it.
#[rustfmt::skip]
static PROGRAMS: [(&str, &str, bool); 22] = [
    (r"C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE",
        "\"C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE\" /n \"C:\\Users\\@\\Documents\\Report #.docx\"", true),
    (r"C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE",
        "\"C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE\"", true),
    (r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
        "\"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe\" --type=renderer --renderer-client-id=#", true),
    (r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        "\"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe\" --type=utility --mojo-platform-channel-handle=#", true),
    (r"C:\Windows\System32\notepad.exe", "\"C:\\Windows\\system32\\NOTEPAD.EXE\" C:\\Users\\@\\Desktop\\notes #.txt", true),
    (r"C:\Windows\System32\cmd.exe", "\"C:\\Windows\\system32\\cmd.exe\" ", true),
    (r"C:\Windows\System32\tasklist.exe", "tasklist  /svc", true),
    (r"C:\Windows\System32\whoami.exe", "whoami  /groups", true),
    (r"C:\Windows\System32\sc.exe", "sc  query wuauserv", true),
    (r"C:\Windows\System32\sc.exe", "sc  queryex type= service state= all", true),
    (r"C:\Windows\System32\net.exe", "net  use Z: \\\\srv02\\projects", true),
    (r"C:\Windows\System32\telnet.exe", "telnet.exe switch#.naples.example", true),
    (r"C:\Program Files\Microsoft VS Code\Code.exe", "\"C:\\Program Files\\Microsoft VS Code\\Code.exe\" --type=gpu-process --field-trial-handle=#", true),
    (r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\csc.exe",
        "\"C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\csc.exe\" /noconfig /fullpaths @\"C:\\Users\\@\\AppData\\Local\\Temp\\build#.cmdline\"", true),
    (r"C:\Windows\System32\conhost.exe", "\\??\\C:\\Windows\\system32\\conhost.exe 0xffffffff -ForceV1", false),
    (r"C:\Windows\System32\svchost.exe", "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s BITS", false),
    (r"C:\Windows\System32\taskhostw.exe", "taskhostw.exe SYSTEM", false),
    (r"C:\Windows\System32\backgroundTaskHost.exe", "\"C:\\Windows\\system32\\backgroundTaskHost.exe\" -ServerName:App.AppX#.mca", false),
    (r"C:\Windows\System32\wbem\WmiPrvSE.exe", "C:\\Windows\\system32\\wbem\\wmiprvse.exe -secured -Embedding", false),
    (r"C:\Windows\servicing\TrustedInstaller.exe", "C:\\Windows\\servicing\\TrustedInstaller.exe", false),
    (r"C:\Windows\System32\gpupdate.exe", "gpupdate.exe /target:computer", false),
    (r"C:\Windows\System32\msiexec.exe", "C:\\Windows\\system32\\msiexec.exe /V", false),
];

/// A person's account, or the other one's.
fn worker(random: &mut Random) -> Account {
    *random.pick(&[MIRANDA, MIRANDA, SEBASTIAN])
}

fn fill(pattern: &str, account: Account, random: &mut Random) -> String {
    pattern.replace('@', account.name).replace('#', &random.between(1, 99_999).to_string())
}

/// The shell that a person's programs come from.
pub(crate) fn shell(scene: &Scene<'_>, account: Account) -> Process {
    scene.host.system_process(EXPLORER, r"C:\Windows\Explorer.EXE", account)
}

fn service_host(scene: &mut Scene<'_>) -> Process {
    let group = *scene.random.pick(&SERVICE_GROUPS);
    let account = *scene.random.pick(&[SYSTEM, SYSTEM, LOCAL_SERVICE, NETWORK_SERVICE]);
    scene.host.system_process(SVCHOST, &format!("C:\\Windows\\system32\\svchost.exe -k {group}"), account)
}

fn any_process(scene: &mut Scene<'_>) -> Process {
    if scene.random.below(2) == 0 {
        return service_host(scene);
    }
    let account = worker(scene.random);
    let (image, command_line, _) = *scene.random.pick(&PROGRAMS[..5]);
    scene.host.system_process(image, command_line, account)
}

fn run_program(scene: &mut Scene<'_>) {
    let (image, pattern, by_person) = *scene.random.pick(&PROGRAMS);
    let account = if by_person { worker(scene.random) } else { SYSTEM };
    let parent = if by_person { shell(scene, account) } else { service_host(scene) };
    let command_line = fill(pattern, account, scene.random);
    let process = scene.start(&parent, account, image, &command_line);
    scene.wait(3000);
    scene.end(&process);
}

fn write_registry(scene: &mut Scene<'_>) {
    let process = any_process(scene);
    let number = scene.random.between(1, 9999);
    let user = process.account.sid();
    let (value, details) = match scene.random.below(6) {
        0 => (format!("HKU\\{user}\\Software\\Microsoft\\Office\\16.0\\Word\\File MRU\\Item {number}"), "[F00000000]"),
        1 => (r"HKLM\System\CurrentControlSet\Services\bam\State\UserSettings\S-1-5-18".to_owned(), "Binary Data"),
        2 => ("HKLM\\System\\CurrentControlSet\\Services\\W32Time\\Config\\LastKnownGoodTime".to_owned(), "QWORD"),
        3 => (format!("HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer\\Folders\\{number}"), "(Empty)"),
        4 => ("HKLM\\System\\CurrentControlSet\\Services\\BITS\\Performance\\PerfMMFileName".to_owned(), "Global"),
        _ => (
            format!("HKU\\{user}\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\RecentDocs\\{number}"),
            "Binary Data",
        ),
    };
    if scene.random.below(4) == 0 {
        scene.registry_key(&process, "CreateKey", value.rsplit_once('\\').map_or(&value, |(key, _)| key));
    } else {
        scene.registry_value(&process, &value, details);
    }
}

/// The address of another machine of the network.
fn origin_address(random: &mut Random) -> String {
    format!("10.20.0.{}", random.between(20, 250))
}

fn network_logon(scene: &mut Scene<'_>) {
    let account = if scene.random.below(4) == 0 { SYSTEM } else { worker(scene.random) };
    if account == SYSTEM {
        scene.log_on(SYSTEM, 5, None);
        return;
    }
    let address = origin_address(scene.random);
    let origin = Origin { address: &address, port: scene.random.between(49_700, 65_000) as u16 };
    let session = scene.log_on(account, 3, Some(origin));
    scene.wait(60_000);
    scene.log_off(account, 3, session);
}

static NAMES: [(&str, &str, u16); 7] = [
    ("dc01.naples.example", "10.20.0.5", 389),
    ("dc01.naples.example", "10.20.0.5", 135),
    ("srv02.naples.example", "10.20.0.12", 445),
    ("update.vendor.example", "203.0.113.24", 443),
    ("mail.naples.example", "10.20.0.9", 443),
    ("cdn.vendor.example", "198.51.100.77", 443),
    ("intranet.naples.example", "10.20.0.10", 80),
];

fn open_connection(scene: &mut Scene<'_>) {
    let process = any_process(scene);
    let (name, address, port) = *scene.random.pick(&NAMES);
    scene.connect(&process, address, name, port);
}

fn look_up_name(scene: &mut Scene<'_>) {
    let process = any_process(scene);
    let (name, address, _) = *scene.random.pick(&NAMES);
    scene.query_name(&process, name, address);
}

static LIBRARIES: [&str; 8] = [
    r"C:\Windows\System32\ntdll.dll",
    r"C:\Windows\System32\kernel32.dll",
    r"C:\Windows\System32\advapi32.dll",
    r"C:\Windows\System32\combase.dll",
    r"C:\Windows\System32\amsi.dll",
    r"C:\Windows\System32\wbem\wmiutils.dll",
    r"C:\Windows\System32\taskschd.dll",
    r"C:\Program Files\Microsoft Office\root\Office16\WWLIB.DLL",
];

fn load_library(scene: &mut Scene<'_>) {
    let process = any_process(scene);
    let library = *scene.random.pick(&LIBRARIES);
    scene.load_library(&process, library);
}

fn open_process(scene: &mut Scene<'_>) {
    let process = service_host(scene);
    let target = any_process(scene);
    scene.open_process(&process, &target);
}

fn write_file(scene: &mut Scene<'_>) {
    let process = any_process(scene);
    let name = if process.account.is_person() { process.account.name } else { "miranda" };
    let number = scene.random.between(1, 99_999);
    let path = match scene.random.below(5) {
        0 => format!("C:\\Users\\{name}\\AppData\\Local\\Temp\\~DF{number:05X}.TMP"),
        1 => format!("C:\\Users\\{name}\\Documents\\Report {number}.docx"),
        2 => format!("C:\\Windows\\Prefetch\\CHROME.EXE-{number:08X}.pf"),
        3 => format!("C:\\Users\\{name}\\Downloads\\invoice-{number}.pdf"),
        _ => format!("C:\\Windows\\SoftwareDistribution\\Download\\{number:x}\\package.cab"),
    };
    scene.create_file(&process, &path);
}

static SERVICES: [(&str, &str); 9] = [
    ("wuauserv", "Windows Update"),
    ("BITS", "Background Intelligent Transfer Service"),
    ("TrustedInstaller", "Windows Modules Installer"),
    ("msiserver", "Windows Installer"),
    ("WerSvc", "Windows Error Reporting Service"),
    ("edgeupdate", "Microsoft Edge Update Service (edgeupdate)"),
    ("gupdate", "Google Update Service (gupdate)"),
    ("WdiSystemHost", "Diagnostic System Host"),
    ("Appinfo", "Application Information"),
];

fn change_service_state(scene: &mut Scene<'_>) {
    let (name, display_name) = *scene.random.pick(&SERVICES);
    let state = *scene.random.pick(&["running", "stopped"]);
    scene.service_state(name, display_name, state);
}

fn read_share(scene: &mut Scene<'_>) {
    let account = worker(scene.random);
    let session = scene.random.between(0x10_0000, 0xff_ffff);
    let address = origin_address(scene.random);
    let origin = Origin { address: &address, port: scene.random.between(49_700, 65_000) as u16 };
    let (share, target) = match scene.random.below(3) {
        0 => (("IPC$", ""), "srvsvc".to_owned()),
        1 => (("SYSVOL", r"\??\C:\Windows\SYSVOL\sysvol"), r"naples.example\Policies\gpt.ini".to_owned()),
        _ => (("projects", r"\??\D:\projects"), format!("plans\\plan {}.xlsx", scene.random.between(1, 400))),
    };
    scene.open_share(account, session, origin, share, &target);
}

static SCRIPTS: [&str; 5] = [
    "Get-Service | Where-Object Status -eq 'Running' | Sort-Object DisplayName",
    "Get-ChildItem -Path C:\\Logs -Filter *.log | Where-Object LastWriteTime -lt (Get-Date).AddDays(-30) | Remove-Item",
    "Test-NetConnection -ComputerName srv02.naples.example -Port 445",
    "Restart-Service -Name Spooler",
    "prompt",
];

fn run_script(scene: &mut Scene<'_>) {
    let account = worker(scene.random);
    let image = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe";
    let process = scene.host.system_process(image, "powershell.exe", account);
    let script = *scene.random.pick(&SCRIPTS);
    scene.script_block(&process, &[script], "");
}

fn change_start_type(scene: &mut Scene<'_>) {
    let automatic = scene.random.below(2) == 0;
    scene.service_start_type(SYSTEM, "BITS", "Background Intelligent Transfer Service", automatic);
}

fn load_driver(scene: &mut Scene<'_>) {
    let driver = *scene.random.pick(&["condrv.sys", "mslldp.sys", "WdFilter.sys", "rasl2tp.sys"]);
    scene.load_driver(&format!("C:\\Windows\\System32\\drivers\\{driver}"), "Microsoft Windows");
}

/// What should not happen: a service that runs from where no service belongs.
pub(crate) fn suspicious(scene: &mut Scene<'_>) {
    let account = worker(scene.random);
    let parent = shell(scene, account);
    let console = scene.start(&parent, account, r"C:\Windows\System32\cmd.exe", "cmd.exe");
    let number = scene.random.between(100, 999);
    let (name, user) = (format!("updater{number}"), account.name);
    let path = match scene.random.below(3) {
        0 => format!("C:\\Users\\{user}\\AppData\\Local\\Temp\\u{number}.exe"),
        1 => format!("%COMSPEC% /Q /c echo {number} > C:\\Windows\\Temp\\out.txt"),
        _ => format!("\\\\10.20.0.66\\tools\\u{number}.exe"),
    };
    let command_line = format!("sc  create {name} binPath= \"{path}\" start= auto");
    let tool = scene.start(&console, account, r"C:\Windows\System32\sc.exe", &command_line);
    scene.install_service(&tool, Service { name: &name, path: &path, start: StartType::Automatic, driver: false });
}
