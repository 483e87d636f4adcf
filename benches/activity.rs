//! Windows events of an ordinary day, made in memory by the normaliser; the same at each run. Paths and names repeat as
//! they do in logs, numbers and documents do not.

use std::sync::Arc;

use ingest::{Body, Event, Locator, Normaliser, RawEvent, WindowsEvent, normalise};

const SYSMON: &str = "Microsoft-Windows-Sysmon/Operational";

/// A program and its command line, `#` a number.
type Program = (&'static str, &'static str);

const SERVICES: Program = (r"C:\Windows\System32\services.exe", r"C:\Windows\system32\services.exe");
const EXPLORER: Program = (r"C:\Windows\explorer.exe", r"C:\Windows\Explorer.EXE");
const SERVICE_HOST: Program = (r"C:\Windows\System32\svchost.exe", r"C:\Windows\system32\svchost.exe -k DcomLaunch -p");

/// What starts on a machine, each with what starts it.
#[rustfmt::skip]
const PROGRAMS: [(Program, Program); 20] = [
    ((r"C:\Windows\System32\svchost.exe", r"C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule"), SERVICES),
    ((r"C:\Windows\System32\svchost.exe", r"C:\Windows\system32\svchost.exe -k LocalServiceNetworkRestricted -p"), SERVICES),
    ((r"C:\Windows\System32\msiexec.exe", r"C:\Windows\system32\msiexec.exe /V"), SERVICES),
    ((r"C:\Windows\System32\SearchIndexer.exe", r"C:\Windows\system32\SearchIndexer.exe /Embedding"), SERVICES),
    ((r"C:\Windows\System32\RuntimeBroker.exe", r"C:\Windows\System32\RuntimeBroker.exe -Embedding"), SERVICE_HOST),
    ((r"C:\Windows\System32\backgroundTaskHost.exe", r#""C:\Windows\system32\backgroundTaskHost.exe" -ServerName:App#.mca"#), SERVICE_HOST),
    ((r"C:\Windows\System32\taskhostw.exe", "taskhostw.exe SYSTEM"), SERVICE_HOST),
    ((r"C:\Windows\System32\wbem\WmiPrvSE.exe", r"C:\Windows\system32\wbem\wmiprvse.exe -secured -Embedding"), SERVICE_HOST),
    ((r"C:\Windows\System32\SearchProtocolHost.exe", r#""C:\Windows\system32\SearchProtocolHost.exe" Global\UsGthrFltPipeMssGthrPipe#_"#),
        (r"C:\Windows\System32\SearchIndexer.exe", r"C:\Windows\system32\SearchIndexer.exe /Embedding")),
    ((r"C:\Windows\System32\conhost.exe", r"\??\C:\Windows\system32\conhost.exe 0xffffffff -ForceV1"),
        (r"C:\Windows\System32\cmd.exe", r#""C:\Windows\system32\cmd.exe""#)),
    ((r"C:\Windows\System32\gpupdate.exe", "gpupdate.exe /target:computer"), SERVICE_HOST),
    ((r"C:\Windows\System32\notepad.exe", r#""C:\Windows\system32\NOTEPAD.EXE" D:\projects\notes #.txt"#), EXPLORER),
    ((r"C:\Program Files\Google\Chrome\Application\chrome.exe", r#""C:\Program Files\Google\Chrome\Application\chrome.exe""#), EXPLORER),
    ((r"C:\Program Files\Google\Chrome\Application\chrome.exe", r#""C:\Program Files\Google\Chrome\Application\chrome.exe" --type=renderer --lang=en-US --renderer-client-id=# --mojo-platform-channel-handle=#"#),
        (r"C:\Program Files\Google\Chrome\Application\chrome.exe", r#""C:\Program Files\Google\Chrome\Application\chrome.exe""#)),
    ((r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe", r#""C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe" --type=utility --utility-sub-type=network.mojom.NetworkService --field-trial-handle=#"#),
        (r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe", r#""C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe" --profile-directory=Default"#)),
    ((r"C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE", r#""C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE""#), EXPLORER),
    ((r"C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE", r#""C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE" /n "D:\projects\Report #.docx""#), EXPLORER),
    ((r"C:\Program Files\Microsoft VS Code\Code.exe", r#""C:\Program Files\Microsoft VS Code\Code.exe" --type=gpu-process --field-trial-handle=#"#),
        (r"C:\Program Files\Microsoft VS Code\Code.exe", r#""C:\Program Files\Microsoft VS Code\Code.exe""#)),
    ((r"C:\Program Files\Git\mingw64\bin\git.exe", "git.exe rev-parse --short HEAD~#"),
        (r"C:\Program Files\Microsoft VS Code\Code.exe", r#""C:\Program Files\Microsoft VS Code\Code.exe""#)),
    ((r"C:\Windows\System32\cmd.exe", r#""C:\Windows\system32\cmd.exe""#), EXPLORER),
];
/// What administrators start now and then, from a console.
const ADMINISTRATION: [Program; 5] = [
    (r"C:\Windows\System32\net.exe", r"net  use Z: \\srv02\projects#"),
    (r"C:\Windows\System32\sc.exe", "sc  query wuauserv"),
    (r"C:\Windows\System32\whoami.exe", "whoami  /groups"),
    (r"C:\Windows\System32\tasklist.exe", "tasklist  /svc /fi \"PID eq #\""),
    (
        r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe",
        r"powershell.exe -NoProfile -File C:\Scripts\inventory#.ps1",
    ),
];
/// One in so many starts is of these.
const ADMINISTRATION_ONE_IN: usize = 50;
const LIBRARIES: [&str; 6] = ["kernel32.dll", "advapi32.dll", "combase.dll", "amsi.dll", "ntdll.dll", "bcrypt.dll"];
const NAMES: [&str; 5] = [
    "dc01.naples.example",
    "srv02.naples.example",
    "update.vendor.example",
    "cdn.vendor.example",
    "mail.naples.example",
];
const VALUES: [&str; 4] = [
    r"HKLM\System\CurrentControlSet\Services\bam\State\UserSettings\S-1-5-18\#",
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Installer\Folders\#",
    r"HKU\S-1-5-21-1004\Software\Microsoft\Office\16.0\Word\File MRU\Item #",
    r"HKLM\System\CurrentControlSet\Services\W32Time\Config\LastKnownGoodTime",
];
const FILES: [&str; 4] = [
    r"C:\Users\miranda\AppData\Local\Temp\~DF#.TMP",
    r"C:\Windows\Prefetch\CHROME.EXE-#.pf",
    r"C:\Users\sebastian\Downloads\invoice-#.pdf",
    r"C:\Windows\SoftwareDistribution\Download\#\package.cab",
];

/// A generator of events with only these columns of `EVENTS.arrow_schema()`.
pub(crate) struct Activity {
    state: u64,
    record: u64,
    normaliser: Normaliser,
    file: Arc<str>,
}

impl Activity {
    pub(crate) fn new(columns: &[usize]) -> Self {
        Self { state: 1, record: 0, normaliser: Normaliser::default().only(columns), file: "made".into() }
    }

    /// An event of a machine that logs much: one in ten starts a process.
    pub(crate) fn mixed(&mut self) -> Event {
        match self.below(100) {
            0..10 => self.process_creation(),
            10..16 => self.registry(),
            16..30 => self.connection(),
            30..42 => self.name_query(),
            42..65 => self.library(),
            65..80 => self.file(),
            80..92 => self.logon(),
            _ => self.service_state(),
        }
    }

    /// The start of a process, in the log of Sysmon or in the one of Windows.
    pub(crate) fn process_creation(&mut self) -> Event {
        let ((image, command), (parent, parent_command)) = if self.below(ADMINISTRATION_ONE_IN) == 0 {
            let program = ADMINISTRATION[self.below(ADMINISTRATION.len())];
            (program, (r"C:\Windows\System32\cmd.exe", r#""C:\Windows\system32\cmd.exe""#))
        } else {
            PROGRAMS[self.below(PROGRAMS.len())]
        };
        let command = self.filled(command);
        if self.below(2) == 0 {
            let data = [
                ("Image", image),
                ("CommandLine", &command),
                ("ParentImage", parent),
                ("ParentCommandLine", parent_command),
            ];
            return self.event(SYSMON, 1, &data);
        }
        let data = [("NewProcessName", image), ("CommandLine", &command), ("ParentProcessName", parent)];
        self.event("Security", 4688, &data)
    }

    fn registry(&mut self) -> Event {
        let (image, value) = (self.image(), self.pick(&VALUES));
        let value = self.filled(value);
        self.event(SYSMON, 13, &[("EventType", "SetValue"), ("Image", image), ("TargetObject", &value)])
    }

    fn connection(&mut self) -> Event {
        let (image, address) = (self.image(), format!("10.20.0.{}", self.below(250)));
        self.event(SYSMON, 3, &[("Image", image), ("DestinationIp", &address), ("DestinationPort", "443")])
    }

    fn name_query(&mut self) -> Event {
        let (image, name) = (self.image(), self.pick(&NAMES));
        self.event(SYSMON, 22, &[("Image", image), ("QueryName", name)])
    }

    fn library(&mut self) -> Event {
        let (image, library) = (self.image(), self.pick(&LIBRARIES));
        let library = format!(r"C:\Windows\System32\{library}");
        self.event(SYSMON, 7, &[("Image", image), ("ImageLoaded", &library)])
    }

    fn file(&mut self) -> Event {
        let (image, path) = (self.image(), self.pick(&FILES));
        let path = self.filled(path);
        self.event(SYSMON, 11, &[("Image", image), ("TargetFilename", &path)])
    }

    fn logon(&mut self) -> Event {
        let (user, address) =
            (self.pick(&["miranda", "sebastian", "svc-deploy"]), format!("10.20.0.{}", self.below(250)));
        self.event("Security", 4624, &[("TargetUserName", user), ("LogonType", "3"), ("IpAddress", &address)])
    }

    fn service_state(&mut self) -> Event {
        let name = self.pick(&["Windows Update", "Windows Installer", "Diagnostic System Host"]);
        self.event("System", 7036, &[("param1", name), ("param2", "running")])
    }

    fn event(&mut self, channel: &str, id: u32, data: &[(&str, &str)]) -> Event {
        self.record += 1;
        let provider = match channel {
            SYSMON => "Microsoft-Windows-Sysmon",
            "System" => "Service Control Manager",
            _ => "Microsoft-Windows-Security-Auditing",
        };
        let event = WindowsEvent {
            provider: provider.to_owned(),
            event_id: id,
            time: Some(1_772_431_260_000 + self.record as i64 * 20),
            channel: channel.to_owned(),
            computer: "ws07.naples.example".to_owned(),
            data: data.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            ..WindowsEvent::default()
        };
        let locator = Locator { file: Arc::clone(&self.file), record: self.record, offset: 0 };
        normalise(&RawEvent { locator, payload: None, body: Body::Windows(Box::new(event)) }, &self.normaliser)
    }

    fn image(&mut self) -> &'static str {
        PROGRAMS[self.below(PROGRAMS.len())].0.0
    }

    fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }

    fn filled(&mut self, pattern: &str) -> String {
        let number = self.below(100_000);
        pattern.replace('#', &number.to_string())
    }

    /// A number below a bound (xorshift).
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state % bound as u64) as usize
    }
}
