//! The tests that the published pages name, played by an administrator in four days.

use super::{Machine, at};
use crate::synthetic::Random;
use crate::synthetic::activity::shell;
use crate::synthetic::hosts::{FERDINAND, Process, SYSTEM};
use crate::synthetic::logon::Origin;
use crate::synthetic::scene::Scene;
use crate::synthetic::services::{Service, StartType};

const SC: &str = r"C:\Windows\System32\sc.exe";
const CMD: &str = r"C:\Windows\System32\cmd.exe";
const POWERSHELL: &str = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe";
const TEMP: &str = r"C:\Users\ferdinand\AppData\Local\Temp";

/// The tests, in the order of the pages.
pub(super) const STORIES: [&str; 8] = [
    "T1543 test 1: service made with sc.exe",
    "T1543 test 2: service made with New-Service",
    "T1543 test 3: service in a path that users can write",
    "T1543 test 4: path of an existing service changed",
    "T1569 test 1: service made and started with sc.exe",
    "T1569 test 2: service made on another machine",
    "T1569 test 3: systemd unit made and started",
    "T1569 test 4: New-Service in a script",
];

/// Plays the tests on Windows; the one on Linux has its own logs.
pub(super) fn play(ws01: &mut Machine, srv02: &mut Machine, random: &mut Random) {
    service_with_sc(&mut ws01.scene(random, at(0, 9, 12), Some(STORIES[0])));
    service_with_cmdlet(&mut ws01.scene(random, at(0, 13, 40), Some(STORIES[1])));
    service_in_temp(&mut ws01.scene(random, at(1, 8, 25), Some(STORIES[2])));
    service_hijacked(&mut ws01.scene(random, at(1, 14, 3), Some(STORIES[3])));
    service_started(&mut ws01.scene(random, at(2, 9, 47), Some(STORIES[4])));
    let arrives = remote_source(&mut ws01.scene(random, at(2, 15, 20), Some(STORIES[5])));
    remote_target(&mut srv02.scene(random, arrives, Some(STORIES[5])));
    service_in_script(&mut ws01.scene(random, at(3, 10, 31), Some(STORIES[7])));
}

fn console(scene: &mut Scene<'_>) -> Process {
    let explorer = shell(scene, FERDINAND);
    scene.start(&explorer, FERDINAND, CMD, r#""C:\Windows\System32\cmd.exe" "#)
}

/// A tool of the console: as typed there it has no `.exe`, and two blanks follow its name.
fn run(scene: &mut Scene<'_>, parent: &Process, image: &str, command_line: &str) -> Process {
    scene.wait(9000);
    let tool = scene.start(parent, FERDINAND, image, command_line);
    scene.time += 40;
    tool
}

fn service_with_sc(scene: &mut Scene<'_>) {
    let console = console(scene);
    let path = r"C:\Windows\System32\cmd.exe /c echo argus > C:\Windows\Temp\argus.txt";
    let command_line = format!("sc  create ArgusTestSvc binPath= \"{path}\" start= auto");
    let tool = run(scene, &console, SC, &command_line);
    scene.install_service(&tool, Service { name: "ArgusTestSvc", path, start: StartType::Automatic, driver: false });
    run(scene, &console, SC, "sc  query ArgusTestSvc");
    run(scene, &console, SC, "sc  start ArgusTestSvc");
    let manager = scene.service_manager();
    let program = scene.start(&manager, SYSTEM, CMD, path);
    scene.create_file(&program, r"C:\Windows\Temp\argus.txt");
    scene.service_timeout("ArgusTestSvc");
    run(scene, &console, SC, "sc  delete ArgusTestSvc");
    scene.delete_service("ArgusTestSvc");
}

fn service_with_cmdlet(scene: &mut Scene<'_>) {
    let console = console(scene);
    let path = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe -NoProfile -WindowStyle Hidden -Command Start-Sleep 60";
    let script = format!("New-Service -Name ArgusTestPSSvc -BinaryPathName '{path}' -StartupType Automatic");
    let command_line = format!("powershell  -NoProfile -Command \"{script}\"");
    let shell = run(scene, &console, POWERSHELL, &command_line);
    scene.script_block(&shell, &[&script], "");
    let parameters = [("Name", "ArgusTestPSSvc"), ("BinaryPathName", path), ("StartupType", "Automatic")];
    scene.install_service(&shell, Service { name: "ArgusTestPSSvc", path, start: StartType::Automatic, driver: false });
    scene.command_run(&shell, "New-Service", &parameters);
    run(scene, &console, SC, "sc  delete ArgusTestPSSvc");
    scene.delete_service("ArgusTestPSSvc");
}

fn service_in_temp(scene: &mut Scene<'_>) {
    let console = console(scene);
    scene.wait(8000);
    let path = format!("{TEMP}\\svchost32.exe");
    scene.create_file(&console, &path);
    let command_line = format!("sc  create ArgusTempSvc binPath= \"{path} /c whoami\" start= demand");
    let tool = run(scene, &console, SC, &command_line);
    let path = format!("{path} /c whoami");
    scene
        .install_service(&tool, Service { name: "ArgusTempSvc", path: &path, start: StartType::Demand, driver: false });
    run(scene, &console, SC, "sc  start ArgusTempSvc");
    let manager = scene.service_manager();
    let program = scene.start(&manager, SYSTEM, &format!("{TEMP}\\svchost32.exe"), &path);
    scene.start(&program, SYSTEM, r"C:\Windows\System32\whoami.exe", "whoami");
    scene.service_timeout("ArgusTempSvc");
    run(scene, &console, SC, "sc  delete ArgusTempSvc");
    scene.delete_service("ArgusTempSvc");
}

fn service_hijacked(scene: &mut Scene<'_>) {
    let console = console(scene);
    run(scene, &console, SC, "sc  qc wuauserv");
    let path = r"C:\Windows\System32\cmd.exe /c echo hijacked > C:\Windows\Temp\hijack.txt";
    run(scene, &console, SC, &format!("sc  config wuauserv binPath= \"{path}\""));
    scene.reconfigure_service("wuauserv", path);
    let path = r"C:\Windows\system32\svchost.exe -k netsvcs -p";
    run(scene, &console, SC, &format!("sc  config wuauserv binPath= \"{path}\""));
    scene.reconfigure_service("wuauserv", r"%systemroot%\system32\svchost.exe -k netsvcs -p");
}

fn service_started(scene: &mut Scene<'_>) {
    let explorer = shell(scene, FERDINAND);
    let console = scene.start(&explorer, FERDINAND, POWERSHELL, &format!("\"{POWERSHELL}\" "));
    let path = format!("{TEMP}\\AtomicService.exe");
    scene.wait(20_000);
    scene.create_file(&console, &path);
    let command_line = format!("\"{SC}\" create AtomicTestSvc binPath= {path} start= demand type= own");
    let tool = run(scene, &console, SC, &command_line);
    scene.install_service(
        &tool,
        Service { name: "AtomicTestSvc", path: &path, start: StartType::Demand, driver: false },
    );
    run(scene, &console, SC, &format!("\"{SC}\" start AtomicTestSvc"));
    let manager = scene.service_manager();
    let program = scene.start(&manager, SYSTEM, &path, &path);
    scene.service_state("AtomicTestSvc", "AtomicTestSvc", "running");
    scene.start(&program, SYSTEM, CMD, "cmd.exe /c whoami > C:\\Windows\\Temp\\atomic.txt");
    run(scene, &console, SC, &format!("\"{SC}\" stop AtomicTestSvc"));
    scene.service_state("AtomicTestSvc", "AtomicTestSvc", "stopped");
    run(scene, &console, SC, &format!("\"{SC}\" delete AtomicTestSvc"));
    scene.delete_service("AtomicTestSvc");
}

const REMOTE_PATH: &str = r"\\10.20.0.21\tools\atomic-remote.exe";

/// What the machine shows that reaches out; returns when the service is made on the other one.
fn remote_source(scene: &mut Scene<'_>) -> i64 {
    let console = console(scene);
    let create = format!("sc  \\\\srv02 create AtomicRemoteSvc binPath= \"{REMOTE_PATH}\" start= demand");
    let tool = run(scene, &console, SC, &create);
    let kernel = scene.host.system_process("System", "", SYSTEM);
    scene.connect(&kernel, "10.20.0.12", "srv02.naples.example", 445);
    scene.connect(&tool, "10.20.0.12", "srv02.naples.example", 135);
    let arrives = scene.time;
    run(scene, &console, SC, "sc  \\\\srv02 start AtomicRemoteSvc");
    run(scene, &console, SC, "sc  \\\\srv02 delete AtomicRemoteSvc");
    arrives
}

fn remote_target(scene: &mut Scene<'_>) {
    let origin = Origin { address: "10.20.0.21", port: 50_612 };
    let session = scene.log_on(FERDINAND, 3, Some(origin));
    let account = FERDINAND.in_session(session);
    scene.open_share(account, session, origin, ("IPC$", ""), "svcctl");
    let manager = scene.service_manager();
    // The client of the service manager is the session: the manager itself holds the pipe.
    let client = Process { account, ..manager.clone() };
    scene.install_service(
        &client,
        Service { name: "AtomicRemoteSvc", path: REMOTE_PATH, start: StartType::Demand, driver: false },
    );
    scene.wait(9000);
    scene.start(&manager, SYSTEM, REMOTE_PATH, REMOTE_PATH);
    scene.service_timeout("AtomicRemoteSvc");
    scene.delete_service("AtomicRemoteSvc");
    scene.wait(20_000);
    scene.log_off(account, 3, session);
}

fn service_in_script(scene: &mut Scene<'_>) {
    let console = console(scene);
    let script = r"C:\Users\ferdinand\Desktop\atomic-service.ps1";
    let command_line = format!("powershell.exe  -ExecutionPolicy Bypass -File {script}");
    let shell = run(scene, &console, POWERSHELL, &command_line);
    let parts = [
        "$name = 'PSAtomicTestSvc'\r\n$binary = Join-Path $env:TEMP 'PSAtomicService.exe'\r\n\
         Copy-Item -Path .\\AtomicService.exe -Destination $binary -Force\r\n\
         New-Service -Name $name -BinaryPathName $binary -Disp",
        "layName 'PS Atomic Test Service' -StartupType Manual\r\nStart-Service -Name $name\r\n\
         Stop-Service -Name $name\r\nsc.exe delete $name\r\n",
    ];
    scene.script_block(&shell, &parts, script);
    let path = format!("{TEMP}\\PSAtomicService.exe");
    scene.create_file(&shell, &path);
    scene.install_service(
        &shell,
        Service { name: "PSAtomicTestSvc", path: &path, start: StartType::Demand, driver: false },
    );
    let parameters = [("Name", "PSAtomicTestSvc"), ("BinaryPathName", path.as_str()), ("StartupType", "Manual")];
    scene.command_run(&shell, "New-Service", &parameters);
    let manager = scene.service_manager();
    scene.start(&manager, SYSTEM, &path, &path);
    scene.service_state("PSAtomicTestSvc", "PS Atomic Test Service", "running");
    scene.service_state("PSAtomicTestSvc", "PS Atomic Test Service", "stopped");
    run(scene, &shell, SC, &format!("\"{SC}\" delete PSAtomicTestSvc"));
    scene.delete_service("PSAtomicTestSvc");
}
