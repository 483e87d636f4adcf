//! Reading real event logs, where the folder of samples stands (`PROSPERO_SAMPLES`).

use std::collections::HashMap;
use std::io::Cursor;
use std::path::PathBuf;

use evtx::{EvtxParser, ParserSettings};
use ingest::{Body, Input, InputFile, InputOptions, Item, ReadOptions, WindowsEvent};

/// Record counts by `evtx_dump` of crate evtx 0.15.1.
const COUNTS: [(&str, usize); 45] = [
    ("4624,4674,4688-_CrackMap_Exec_SMB_mimikatz.evtx", 63),
    ("974515da-6cc5-4c95-ae65-f97f9150ec7f.evtx", 1),
    ("DE_WinEventLogSvc_Crash_System_7036.evtx", 6),
    ("ID11,13-SMBexec_service_registration.evtx", 4),
    ("ID12-13_SIP_provider_registration.evtx", 27),
    ("ID13-New_service_for_Mimikatz.evtx", 2),
    ("ID13-WMIimplant_registry_crash_control.evtx", 18),
    ("ID4624,4688,5140,5145-Eternal_Romance_-_MS17_010_psexec_(GLOBAL).evtx", 46),
    ("ID4688,4674-DCOMexec_process_spawned.evtx", 12),
    ("ID4688-Defender_service_deactivation_attempt.evtx", 5),
    ("ID4688-Diskshadow_abuse.evtx", 4),
    ("ID4688-Encoded_PowerShell_MSF_payload_via_process_execution.evtx", 59),
    ("ID4688-Service_abuse_with_Failure_Command.evtx", 2),
    ("ID4688-Service_abuse_with_malicious_path.evtx", 3),
    ("ID4688-Service_permissions_modified_(registry).evtx", 2),
    ("ID4697-New_service_for_Mimikatz.evtx", 2),
    ("ID47x,4661-4662,5136,4688,4697-SAM_the_admin_(CVE-2021-42287).evtx", 40),
    ("ID5140-5145,4688,4697-Encrypted_payload_deployed_with_service_over_SMB_(GLOBAL).evtx", 64),
    ("ID5145-service_massive_remote_creation_via_named_pipe_-_Tchopper.evtx", 246),
    ("ID7045-4697-SMBexec_service_registration.evtx", 2),
    ("ID7045-7036_PSexec_service_installation.evtx", 4),
    ("ID800-4103-4104-LSASS_dump_with_LSASSY_(PowerShell).evtx", 56),
    ("ID800-4103-4104-Service_creation_(PowerShell).evtx", 8),
    ("LM_5145_4674_SVCCTL.evtx", 13),
    ("LM_Remote_Service01_5145_svcctl.evtx", 1),
    ("LM_add_new_namedpipe_tp_nullsession_registry_turla_like_ttp.evtx", 1),
    ("LM_regsvc_DirectoryServiceExtPt_Lsass_NTDS_AdamXpn.evtx", 6),
    ("LM_sysmon_psexec_smb_meterpreter.evtx", 10),
    ("PanacheSysmon_vs_AtomicRedTeam01.evtx", 565),
    ("Sysmon_13_1_UAC_Bypass_EventVwrBypass.evtx", 6),
    ("Sysmon_7_dllhijack_cdpsshims_CDPSvc.evtx", 13),
    ("T1210_Zerologon_Sysmon.evtx", 22),
    ("c7dcacd0-cc59-4004-b0a4-1d6cdebe6f3e.evtx", 2),
    ("d7662ff6-9e97-4596-a61d-9839e32dee8d.evtx", 1),
    ("eventlog-dac.evtx", 19),
    ("metasploit-psexec-powershell-target-system.evtx", 5),
    ("panache_sysmon_vs_EDRTestingScript.evtx", 122),
    ("persistence_sysmon_11_13_1_shime_appfix.evtx", 237),
    ("privesc_unquoted_svc_sysmon_1_11.evtx", 87),
    ("security-windows2012_4697.evtx", 1),
    ("smbmap_upload_exec_sysmon.evtx", 27),
    ("susp_explorer_exec_root_cmdline_rimpq_CyberRaiju.evtx", 10),
    ("sysmon.evtx", 358),
    ("sysmon_13_1_meterpreter_getsystem_NamedPipeImpersonation.evtx", 4),
    ("sysmon_13_rdp_settings_tampering.evtx", 20),
];

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn samples() -> Option<PathBuf> {
    let folder = std::env::var_os("PROSPERO_SAMPLES").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: PROSPERO_SAMPLES is not set");
    }
    folder
}

#[test]
fn every_record_is_read_and_every_label_found() {
    let Some(folder) = samples() else { return };
    let folder = folder.join("evtx");
    let input = Input::open(&[&folder], &InputOptions::default()).expect("the folder exists");
    assert_eq!(input.damaged(), []);
    let mut records = HashMap::new();
    let mut counts = Vec::new();
    for file in input.files() {
        let name = file.name().rsplit('/').next().unwrap_or_default().to_owned();
        let mut count = 0;
        for item in file.read(&ReadOptions::default()) {
            let Item::Event(event) = item else { panic!("{name}: {item:?}") };
            let Body::Windows(windows) = event.body else { panic!("{name}: {:?}", event.body) };
            assert_eq!(Some(event.locator.record), windows.record_id, "{name}");
            records.insert((name.clone(), event.locator.record), windows);
            count += 1;
        }
        counts.push((name, count));
    }
    assert_eq!(counts, COUNTS.map(|(name, count)| (name.to_owned(), count)));
    let labels = std::fs::read_to_string(folder.join("labels.tsv")).expect("the labels stand beside the files");
    for label in labels.lines().skip(1) {
        let column: Vec<&str> = label.split('\t').collect();
        let [file, event_id, channel, record, time] = [3, 4, 5, 6, 7].map(|it| column[it]);
        let record = record.parse().expect("record numbers are numbers");
        let event = records.get(&(file.to_owned(), record)).unwrap_or_else(|| panic!("{file}: no record {record}"));
        assert_eq!(event.event_id.to_string(), event_id, "{file} {record}");
        assert_eq!(event.channel, channel, "{file} {record}");
        let time: jiff::Timestamp = time.parse().expect("times are in RFC 3339");
        assert_eq!(event.time, Some(time.as_millisecond()), "{file} {record}");
    }
}

#[test]
fn every_log_is_the_same_as_xml_and_as_json() {
    let Some(folder) = samples() else { return };
    let input = Input::open(&[folder.join("evtx")], &InputOptions::default()).expect("the folder exists");
    for file in input.files() {
        let expected = events(file);
        for (shape, text) in [("XML", export(file, false)), ("JSON", export(file, true))] {
            let exported = Input::from_stream(Cursor::new(text), &InputOptions::default()).expect("it can be listed");
            let events = events(&exported.files()[0]);
            assert_eq!(events.len(), expected.len(), "{} as {shape}", file.name());
            for (event, expected) in events.iter().zip(&expected) {
                assert_eq!(event, expected, "{} as {shape}", file.name());
            }
        }
    }
}

fn events(file: &InputFile) -> Vec<WindowsEvent> {
    let events = file.read(&ReadOptions::default()).map(|item| match item {
        Item::Event(event) => match event.body {
            Body::Windows(event) => *event,
            body => panic!("{}: {body:?}", file.name()),
        },
        item => panic!("{}: {item:?}", file.name()),
    });
    events.collect()
}

/// The log as crate `evtx` writes it, an event a line.
fn export(file: &InputFile, json: bool) -> Vec<u8> {
    let settings = ParserSettings::new().indent(false);
    let mut parser = EvtxParser::from_path(&**file.name()).expect("the file is a log").with_configuration(settings);
    let records: Vec<String> = if json {
        parser.records_json().flatten().map(|it| it.data).collect()
    } else {
        parser.records().flatten().map(|it| it.data).collect()
    };
    records.join("\n").into_bytes()
}
