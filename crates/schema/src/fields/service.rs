//! Services, scheduled tasks, WMI subscriptions.

use crate::Field;

pub(super) const ROWS: &[Field] = &[
    Field::property("Service Name", "The short name of the service.")
        .from(&[
            ("system", "7045 ServiceName, 7040 param4, 7000 param1, 7009 param2"),
            ("security", "4697 ServiceName"),
            ("auditd", "SERVICE_START unit"),
            ("journald", "UNIT"),
        ])
        .sigma(&["ServiceName", "Service"]),
    Field::property("Service Display Name", "The name of the service that people see.")
        .from(&[("system", "7036 and 7040 param1")]),
    // ImagePath: here the program of a service, as the published queries and Sigma's rules for 7045 mean it.
    // IBM's mapping of Sigma sends it to Process Path, which a service event does not have.
    Field::property("Service Filename", "The program of the service with its arguments.")
        .called("service program")
        .also(&["Service File Name", "Service FileName"])
        .from(&[
            ("system", "7045 ImagePath"),
            ("security", "4697 ServiceFileName"),
            ("sysmon", "13 Details when TargetObject ends in \\ImagePath"),
        ])
        .sigma(&["ServiceFileName", "ImagePath"]),
    Field::property("Service Type", "The type of the service in words: user mode service, kernel mode driver.")
        .from(&[("system", "7045 ServiceType"), ("security", "4697 ServiceType, put into words")])
        .sigma(&["ServiceType"]),
    Field::property("Service Type Code", "The type of the service in hexadecimal: 0x10, 0x1.")
        .from(&[("security", "4697 ServiceType"), ("system", "7045 ServiceType, put into a number")]),
    Field::property("Service Start Type", "When the service starts, in words: auto start, demand start, disabled.")
        .also(&["StartType", "Start Type"])
        .from(&[
            ("system", "7045 StartType, 7040 param3"),
            ("security", "4697 ServiceStartType, put into words"),
            ("sysmon", "13 Details when TargetObject ends in \\Start"),
        ])
        .sigma(&["ServiceStartType", "StartType"]),
    Field::property("Service Start Type Code", "When the service starts, 0-4: boot, system, auto, demand, disabled.")
        .from(&[("security", "4697 ServiceStartType"), ("system", "7045 StartType, put into a number")]),
    Field::property("Service Account", "The account that the service runs as; empty for a driver.")
        .from(&[("system", "7045 AccountName"), ("security", "4697 ServiceAccount")])
        .sigma(&["ServiceAccount"]),
    Field::property("Service State", "The state that the service has entered: running, stopped.")
        .from(&[("system", "7036 param2")]),
    Field::property("Task Name", "The scheduled task.")
        .from(&[("security", "4698-4702 TaskName")])
        .sigma(&["TaskName"]),
    Field::property("Task Content", "The definition of the scheduled task.")
        .also(&["TaskContentNew"])
        .sigma(&["TaskContent"]),
    Field::property("Operation", "The operation asked for.").sigma(&["Operation"]),
    Field::property("Query", "The query of a WMI event filter.").from(&[("sysmon", "19 Query")]).sigma(&["Query"]),
    Field::property("Consumer", "The WMI event consumer.").from(&[("sysmon", "21 Consumer")]).sigma(&["Consumer"]),
    Field::property("Destination", "The command or script of a WMI event consumer.")
        .from(&[("sysmon", "20 Destination")])
        .sigma(&["Destination"]),
];
