//! `mac01`: Endpoint Security events as `eslogger` prints them.

use serde_json::{Value, json};

use super::table::Row;
use super::{MINUTE, at};
use crate::synthetic::Random;
use crate::synthetic::formats::rfc3339;

const STORY: &str = "Also on macOS: launch daemon made and started (T1543.004, T1569.001)";
/// The numbers of the event types in Apple's `es_event_type_t`.
const EXEC: u32 = 9;
const CREATE: u32 = 13;
const LAUNCH_ITEM_ADDED: u32 = 124;

const ZSH: &str = "/bin/zsh";
const LAUNCHCTL: &str = "/bin/launchctl";

struct Log {
    random: Random,
    lines: String,
    count: u64,
    time: i64,
    table: Vec<Row>,
}

/// The files of the machine.
pub(super) fn files(table: &mut Vec<Row>) -> Vec<(String, Vec<u8>)> {
    let mut log = Log { random: Random::new(4), lines: String::new(), count: 0, time: at(1, 8, 0), table: Vec::new() };
    for _ in 0..60 {
        log.ordinary();
        log.time += log.random.between(4, 9) as i64 * MINUTE;
        if log.count == 31 {
            log.launch_daemon();
        }
    }
    table.extend(log.table);
    vec![("macos/eslogger.jsonl".to_owned(), log.lines.into_bytes())]
}

impl Log {
    fn ordinary(&mut self) {
        let programs: [(&str, &[&str]); 6] = [
            ("/usr/libexec/xpcproxy", &["xpcproxy", "com.apple.photoanalysisd"]),
            ("/Applications/Safari.app/Contents/MacOS/Safari", &["/Applications/Safari.app/Contents/MacOS/Safari"]),
            ("/usr/bin/git", &["git", "status", "--short"]),
            ("/opt/homebrew/bin/brew", &["brew", "services", "list"]),
            (LAUNCHCTL, &["launchctl", "list"]),
            ("/usr/sbin/softwareupdate", &["softwareupdate", "--list"]),
        ];
        if self.random.below(4) == 0 {
            let file = format!("notes-{}.md", self.random.below(900));
            self.create("/usr/bin/touch", 501, "/Users/gonzalo/Documents", &file, None);
        } else {
            let (path, arguments) = *self.random.pick(&programs);
            self.execute(path, arguments, 501, None);
        }
    }

    fn launch_daemon(&mut self) {
        let plist = "com.atomic.test.plist";
        self.execute("/usr/bin/sudo", &["sudo", "cp", plist, "/Library/LaunchDaemons/"], 501, Some("sudo"));
        self.create("/bin/cp", 0, "/Library/LaunchDaemons", plist, Some("property list created"));
        let url = "file:///Library/LaunchDaemons/com.atomic.test.plist";
        let event = json!({"btm_launch_item_add": {
            "app": null, "executable_path": "/tmp/atomic-daemon.sh", "instigator": null,
            "item": {"app_url": null, "item_type": 4, "item_url": url, "legacy": true, "managed": false, "uid": 0},
        }});
        self.push(
            LAUNCH_ITEM_ADDED,
            "/usr/libexec/backgroundtaskmanagementd",
            0,
            &event,
            Some("launch item added"),
            url,
        );
        let load = ["launchctl", "bootstrap", "system", "/Library/LaunchDaemons/com.atomic.test.plist"];
        self.execute(LAUNCHCTL, &load, 0, Some("daemon loaded"));
        self.execute("/bin/bash", &["/bin/bash", "/tmp/atomic-daemon.sh"], 0, Some("daemon started"));
        let unload = ["launchctl", "bootout", "system/com.atomic.test"];
        self.execute(LAUNCHCTL, &unload, 0, Some("daemon unloaded"));
    }

    fn execute(&mut self, path: &str, arguments: &[&str], user: u32, step: Option<&'static str>) {
        let target = self.process(path, user);
        let event = json!({"exec": {
            "args": arguments, "cwd": {"path": "/Users/gonzalo", "path_truncated": false}, "dyld_exec_path": path,
            "env": [], "fds": [], "image_cpusubtype": -2_147_483_646, "image_cputype": 16_777_228,
            "script": null, "target": target,
        }});
        self.push(EXEC, ZSH, user, &event, step, &arguments.join(" "));
    }

    fn create(&mut self, program: &str, user: u32, folder: &str, file: &str, step: Option<&'static str>) {
        let event = json!({"create": {"acl": null, "destination_type": 1, "destination": {"new_path": {
            "dir": {"path": folder, "path_truncated": false}, "filename": file, "mode": 33_188,
        }}}});
        self.push(CREATE, program, user, &event, step, &format!("{folder}/{file}"));
    }

    fn process(&mut self, path: &str, user: u32) -> Value {
        let id = self.random.between(600, 40_000);
        json!({
            "audit_token": {"asid": 100_009, "auid": 501, "egid": 20, "euid": user, "pid": id, "pidversion": id * 2,
                "rgid": 20, "ruid": user},
            "codesigning_flags": 570_522_385, "executable": {"path": path, "path_truncated": false},
            "group_id": id, "is_es_client": false, "is_platform_binary": !path.starts_with("/opt"),
            "original_ppid": 1, "ppid": 1, "session_id": 1, "signing_id": path.rsplit('/').next(),
            "start_time": rfc3339(self.time - 5, 6), "team_id": null, "tty": null,
        })
    }

    fn push(&mut self, kind: u32, program: &str, user: u32, event: &Value, step: Option<&'static str>, value: &str) {
        self.time += self.random.between(20, 900) as i64;
        let process = self.process(program, user);
        let line = json!({
            "action": {"result": {"result": {"auth": 0}, "result_type": 0}}, "action_type": 1, "event": event,
            "event_type": kind, "global_seq_num": self.count, "mach_time": self.time * 24_000, "process": process,
            "schema_version": 1, "seq_num": self.count, "thread": {"thread_id": 81_000 + self.count},
            "time": rfc3339(self.time, 6), "version": 7,
        });
        self.count += 1;
        self.lines.push_str(&line.to_string());
        self.lines.push('\n');
        if let Some(step) = step {
            let place = ("macos/eslogger.jsonl", self.count);
            let name = event.as_object().and_then(|event| event.keys().next()).map_or("", String::as_str);
            self.table.push(Row::new((STORY, step), place, name, self.time, value));
        }
    }
}
