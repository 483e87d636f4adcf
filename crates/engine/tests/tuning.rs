//! The built-in exclusions: each removes what its product does and nothing that only looks like it.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::sync::Arc;

use aql::{Environment, Options};
use engine::{EventSource, FileSource, MEMORY_DEFAULT, ReadSettings, ScanOptions, Subject};
use ingest::{Input, InputOptions, Recovery};
use pack::tuning::{Exclusion, read_tuning};
use serde_json::{Value, json};

/// Exclusion, service name (a `*` for any: the path decides alone), forms of its command.
const SERVICES: &[(&str, &str, &[&str])] = &[
    (
        "sccm-client-setup",
        "ccmsetup",
        &[
            r#""C:\WINDOWS\ccmsetup\ccmsetup.exe" /runservice /config:MobileClient.tcf"#,
            r"%windir%\ccmsetup\ccmsetup.exe /runservice",
            r"%SystemRoot%\ccmsetup\ccmsetup.exe",
            r"\??\C:\Windows\ccmsetup\ccmsetup.exe",
        ],
    ),
    ("sccm-client", "CcmExec", &[r"C:\Windows\CCM\CcmExec.exe", r#""D:\Windows\CCM\CcmExec.exe""#]),
    ("sccm-site-server", "SMS_SERVER_BOOTSTRAP_SRV01", &[r#""E:\SMS\bin\x64\srvboot.exe" SRV01"#]),
    ("sccm-remote-control", "CmRcService", &[r"C:\Windows\CCM\RemCtrl\CmRcService.exe"]),
    ("pdq-deploy-server", "PDQDeploy", &[r#""C:\Program Files (x86)\Admin Arsenal\PDQ Deploy\PDQDeployService.exe""#]),
    (
        "pdq-deploy-runner",
        "PDQDeployRunner-1",
        &[
            r#""%windir%\AdminArsenal\PDQDeployRunner\service-1\PDQDeployRunner-1.exe""#,
            r#""C:\Windows\AdminArsenal\PDQDeployRunner\service-12\PDQDeployRunner-12.exe""#,
        ],
    ),
    (
        "pdq-inventory-scanner",
        "PDQInventory-Scanner-1",
        &[r#""%windir%\AdminArsenal\PDQInventory-Scanner\service-1\PDQInventory-Scanner-1.exe""#],
    ),
    (
        "chocolatey-agent",
        "chocolatey-agent",
        &[r"C:\ProgramData\chocolatey\lib\chocolatey-agent\tools\service\chocolatey-agent.exe"],
    ),
    ("crowdstrike-installer", "*", &[r"%SystemRoot%\system32\Drivers\Crowdstrike\17706-CsInstallerService.exe"]),
    ("crowdstrike-falcon", "CSFalconService", &[r#""C:\Program Files\CrowdStrike\CSFalconService.exe""#]),
    ("cylance", "CylanceSvc", &[r#""C:\Program Files\Cylance\Desktop\CylanceSvc.exe""#]),
    ("carbon-black-cloud", "CbDefense", &[r#""C:\Program Files\Confer\RepMgr.exe""#]),
    ("carbon-black-edr", "CarbonBlack", &[r"C:\Windows\CarbonBlack\cb.exe"]),
    ("carbon-black-app-control", "Parity", &[r#""C:\Program Files (x86)\Bit9\Parity Agent\Parity.exe""#]),
    (
        "defender-definition-driver",
        "MpKsl1a2b3c4d",
        &[
            r"\??\C:\ProgramData\Microsoft\Windows Defender\Definition Updates\{0A1B2C3D-1111-2222-3333-444455556666}\MpKslDrv.sys",
        ],
    ),
    (
        "defender-platform",
        "WinDefend",
        &[r#""C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.26100.1-0\MsMpEng.exe""#],
    ),
    (
        "malwarebytes-installer",
        "MBAMInstallerService",
        &[r#""C:\Users\ann\AppData\Local\Temp\MBAMInstallerService.exe""#],
    ),
    (
        "zoom-sharing-service",
        "ZoomCptService",
        &[r#""C:\Program Files\Common Files\Zoom\Support\CptService.exe" -user_path "C:\Users\ann""#],
    ),
    ("thor-remote-scan", "*", &[r"C:\WINDOWS\TEMP\thor10-remote\thor64.exe --quick"]),
    (
        "veeam-guest-helpers",
        "*",
        &[
            r"C:\Windows\VeeamVssSupport\VeeamGuestHelper.exe",
            r"%SystemRoot%\VeeamLogShipper\VeeamLogShipper.exe",
            r"C:\Windows\Veeam\Backup\VeeamDeploymentSvc.exe",
        ],
    ),
    ("ivanti-scheduler", "*", &[r"C:\Windows\ProPatches\Scheduler\STSchedEx.exe"]),
    ("eset-remote-install", "*", &[r"C:\Windows\eset-remote-install-service.exe"]),
    ("psexec-sanctioned", "PSEXESVC", &[r"%SystemRoot%\PSEXESVC.exe", r"C:\Windows\PSEXESVC.exe"]),
];

/// Exclusion, parent, program: processes that the product starts.
const PROCESSES: &[(&str, &str, &str)] = &[
    ("chocolatey-client", r"C:\ProgramData\chocolatey\choco.exe", r"C:\Windows\System32\sc.exe"),
    ("dropbox-service-commands", r"C:\Program Files (x86)\Dropbox\Client\Dropbox.exe", r"C:\Windows\System32\sc.exe"),
];

fn exclusions() -> Vec<Exclusion> {
    let options = Options::new(Environment::new(0));
    let files = pack::builtin_tuning().iter();
    files.flat_map(|(file, text)| read_tuning(file, text, &options).0).collect()
}

/// Whether the exclusion removes the event.
fn removes(exclusion: &Exclusion, event: &Value) -> bool {
    let input = Input::from_stream(Cursor::new(event.to_string().into_bytes()), &InputOptions::default());
    let source: Arc<dyn EventSource> = Arc::new(FileSource::new(input.expect("it is read"), Recovery::Never));
    let query = aql::compile("SELECT qid FROM events", &Options::new(Environment::new(0))).query.expect("it is right");
    let subject = Subject { exclusions: vec![Arc::clone(&exclusion.bound)], ..Subject::new(Arc::new(query)) };
    let read = ReadSettings { threads: 1, ..ReadSettings::default() };
    let options = ScanOptions { read, memory: MEMORY_DEFAULT };
    let summary = engine::scan(&[subject], &Environment::new(0), &source, &options, &mut |_| Ok(()));
    let summary = summary.expect("the scan runs");
    assert_eq!(summary.matches[0] + summary.excluded[0][0], 1, "{event}");
    summary.excluded[0][0] == 1
}

fn installed(name: &str, command: &str) -> [Value; 3] {
    let registry = format!(r"HKLM\System\CurrentControlSet\Services\{name}\ImagePath");
    [
        json!({ "Channel": "System", "SourceName": "Service Control Manager", "EventID": 7045,
            "Hostname": "ws01", "ServiceName": name, "ImagePath": command }),
        json!({ "Channel": "Security", "SourceName": "Microsoft-Windows-Security-Auditing", "EventID": 4697,
            "Hostname": "ws01", "ServiceName": name, "ServiceFileName": command }),
        json!({ "Channel": "Microsoft-Windows-Sysmon/Operational", "SourceName": "Microsoft-Windows-Sysmon",
            "EventID": 13, "EventType": "SetValue", "Hostname": "ws01", "TargetObject": registry, "Details": command,
            "Image": r"C:\Windows\system32\services.exe" }),
    ]
}

/// The program of a command, without its folder.
fn program(command: &str) -> &str {
    let end = command.to_lowercase().find(".exe").map_or(command.len(), |it| it + 4);
    command[..end].rsplit('\\').next().unwrap_or_default()
}

#[test]
fn each_excludes_its_product_and_no_imitation() {
    let all = exclusions();
    let find = |id: &str| all.iter().find(|it| it.id == id).unwrap_or_else(|| panic!("no exclusion `{id}`"));
    for (id, name, commands) in SERVICES {
        let exclusion = find(id);
        let own_name = if *name == "*" { "AnyName" } else { name };
        for command in *commands {
            for event in installed(own_name, command) {
                assert!(removes(exclusion, &event), "{id} should exclude {event}");
            }
            let program = program(command);
            let mut imitations = vec![
                (own_name, format!(r"C:\Windows\Temp\{program}")),
                (own_name, format!(r"C:\Users\Public\{program}")),
                (own_name, format!(r"\\10.0.0.9\c$\{program}")),
                (own_name, format!(r"cmd.exe /c {command}")),
                (own_name, format!(r"C:\Users\Public\x.exe {command}")),
                (own_name, command.replace(program, &format!("x{program}"))),
                (own_name, command.replace(program, &format!("{program}.exe"))),
            ];
            if *name != "*" {
                imitations.push(("UpdateHelper", (*command).to_owned()));
            }
            for (name, command) in imitations {
                for event in installed(name, &command) {
                    assert!(!removes(exclusion, &event), "{id} should not exclude {event}");
                }
            }
        }
    }
    for (id, parent, path) in PROCESSES {
        let event = |parent: &str| {
            json!({ "Channel": "Microsoft-Windows-Sysmon/Operational", "SourceName": "Microsoft-Windows-Sysmon",
                "EventID": 1, "Hostname": "ws01", "Image": path, "CommandLine": "sc create x", "ParentImage": parent })
        };
        assert!(removes(find(id), &event(parent)), "{id}");
        let elsewhere = format!(r"C:\Users\Public\{}", program(parent));
        assert!(!removes(find(id), &event(&elsewhere)), "{id}");
        assert!(!removes(find(id), &event(&format!("{parent}.exe"))), "{id}");
    }
    let tested: BTreeSet<_> = SERVICES.iter().map(|it| it.0).chain(PROCESSES.iter().map(|it| it.0)).collect();
    let untested: Vec<_> = all.iter().filter(|it| !tested.contains(it.id.as_str())).map(|it| &it.id).collect();
    assert!(untested.is_empty(), "{untested:?}");
}
