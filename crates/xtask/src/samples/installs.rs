//! Services and drivers that are installed in the ordinary course of work.

use super::{Machine, at};
use crate::synthetic::Random;
use crate::synthetic::activity::shell;
use crate::synthetic::hosts::{DEPLOYMENT, SEBASTIAN, SYSTEM};
use crate::synthetic::logon::Origin;
use crate::synthetic::scene::Scene;
use crate::synthetic::services::{Service, StartType};

const MSIEXEC: &str = r"C:\Windows\System32\msiexec.exe";

const fn program(name: &'static str, path: &'static str) -> Service<'static> {
    Service { name, path, start: StartType::Automatic, driver: false }
}

/// Day, hour, what is installed by the Windows Installer.
static PACKAGES: [(i64, i64, Service<'static>); 5] = [
    (
        0,
        7,
        program("MozillaMaintenance", r#""C:\Program Files (x86)\Mozilla Maintenance Service\maintenanceservice.exe""#),
    ),
    (
        1,
        10,
        program(
            "GoogleUpdaterService126.0.6462.0",
            r#""C:\Program Files (x86)\Google\GoogleUpdater\126.0.6462.0\updater.exe" --system --windows-service --service=update"#,
        ),
    ),
    (2, 8, program("edgeupdate", r#""C:\Program Files (x86)\Microsoft\EdgeUpdate\MicrosoftEdgeUpdate.exe" /svc"#)),
    (
        2,
        12,
        program(
            "chocolatey-agent",
            r#""C:\ProgramData\chocolatey\lib\chocolatey-agent\tools\service\chocolatey-agent.exe""#,
        ),
    ),
    (
        3,
        7,
        program(
            "ZoomCptService",
            r#""C:\Program Files\Common Files\Zoom\Support\CptService.exe" -user_path "C:\Users\miranda\AppData\Roaming\Zoom""#,
        ),
    ),
];

static DRIVERS: [(i64, i64, Service<'static>, &str); 3] = [
    (
        0,
        6,
        Service {
            name: "MpKsl4f2a91c7",
            path: r"C:\ProgramData\Microsoft\Windows Defender\Definition Updates\{6C1E83B5-27A4-4D0F-9B1E-5D7C2A90E4F1}\MpKslDrv.sys",
            start: StartType::System,
            driver: true,
        },
        "Microsoft Windows",
    ),
    (
        1,
        6,
        Service {
            name: "vmxnet3ndis6",
            path: r"\SystemRoot\System32\drivers\vmxnet3.sys",
            start: StartType::Demand,
            driver: true,
        },
        "VMware, Inc.",
    ),
    (
        3,
        6,
        Service {
            name: "MpKsl9b03d7e1",
            path: r"C:\ProgramData\Microsoft\Windows Defender\Definition Updates\{0A9F44D2-8E3B-4C55-A6D7-1B2E93C07F68}\MpKslDrv.sys",
            start: StartType::System,
            driver: true,
        },
        "Microsoft Windows",
    ),
];

/// Plays all installations on a machine.
pub(super) fn play(machine: &mut Machine, random: &mut Random) {
    for (day, hour, service) in &PACKAGES {
        let time = at(*day, *hour, random.between(0, 59) as i64);
        package(&mut machine.scene(random, time, None), *service);
    }
    for (day, hour, service, signature) in &DRIVERS {
        let time = at(*day, *hour, random.between(0, 59) as i64);
        let mut scene = machine.scene(random, time, None);
        let client = scene.host.system_process(r"C:\Windows\System32\svchost.exe", "", SYSTEM);
        scene.install_service(&client, *service);
        scene.load_driver(service.path, signature);
    }
    let time = at(2, 6, random.between(30, 50) as i64);
    distribution(&mut machine.scene(random, time, None));
    let time = at(3, 11, random.between(0, 40) as i64);
    development(&mut machine.scene(random, time, None));
}

fn package(scene: &mut Scene<'_>, service: Service<'_>) {
    let manager = scene.service_manager();
    let installer = scene.start(&manager, SYSTEM, MSIEXEC, r"C:\Windows\system32\msiexec.exe /V");
    scene.service_state("msiserver", "Windows Installer", "running");
    let package = format!("C:\\Windows\\Installer\\{:x}.msi", scene.random.between(0x1_0000, 0xf_ffff));
    scene.create_file(&installer, &package);
    scene.install_service(&installer, service);
    scene.service_state(service.name, service.name, "running");
    scene.wait(90_000);
    scene.end(&installer);
}

/// Software distribution: a service made over the network, as an attacker would do it.
fn distribution(scene: &mut Scene<'_>) {
    let origin = Origin { address: "10.20.0.8", port: 51_204 };
    let session = scene.log_on(DEPLOYMENT, 3, Some(origin));
    let account = DEPLOYMENT.in_session(session);
    scene.open_share(
        account,
        session,
        origin,
        ("ADMIN$", r"\??\C:\Windows"),
        r"AdminArsenal\PDQDeployRunner\service-1",
    );
    scene.open_share(account, session, origin, ("IPC$", ""), "svcctl");
    let mut client = scene.service_manager();
    client.account = account;
    let name = "PDQDeployRunner-1";
    let path = r#""%windir%\AdminArsenal\PDQDeployRunner\service-1\PDQDeployRunner-1.exe""#;
    scene.install_service(&client, Service { name, path, start: StartType::Demand, driver: false });
    scene.service_state(name, name, "running");
    scene.wait(120_000);
    scene.service_state(name, name, "stopped");
    scene.delete_service(name);
    scene.log_off(account, 3, session);
}

/// A developer who looks at services and starts one of the machine's own.
fn development(scene: &mut Scene<'_>) {
    let explorer = shell(scene, SEBASTIAN);
    let console = scene.start(&explorer, SEBASTIAN, r"C:\Windows\System32\cmd.exe", "cmd.exe");
    for (image, command_line) in [
        (r"C:\Windows\System32\sc.exe", "sc  query type= service"),
        (r"C:\Windows\System32\sc.exe", "sc  qc Spooler"),
        (r"C:\Windows\System32\net.exe", "net  start"),
        (r"C:\Windows\System32\net.exe", "net  view \\\\srv02"),
    ] {
        scene.wait(15_000);
        let tool = scene.start(&console, SEBASTIAN, image, command_line);
        scene.end(&tool);
    }
}
