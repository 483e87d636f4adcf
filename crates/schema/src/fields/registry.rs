//! The registry.

use crate::Field;

pub(super) const ROWS: &[Field] = &[
    // In one spelling of the roots. `Object Name` keeps the path as the log wrote it: Sigma's rules for Security
    // events test ObjectName for `\REGISTRY\MACHINE\...`, those for Sysmon test TargetObject for `HKLM\...`.
    Field::property(
        "Registry Key",
        "The registry key or value, from the root: `HKLM\\System\\CurrentControlSet\\...`.",
    )
    .also(&["Target Object", "RegistryPath", "Registry Path"])
    .from(&[
        ("sysmon", "12, 13, 14 TargetObject"),
        ("security", "4657 ObjectName and ObjectValueName; 4663 ObjectName of a key"),
    ])
    .sigma(&["TargetObject", "RegistryPath", "RegistryKey"]),
    Field::property("Registry Value Name", "The name of the registry value.")
        .also(&["RegistryValue"])
        .from(&[("sysmon", "13 TargetObject behind the last separator"), ("security", "4657 ObjectValueName")])
        .sigma(&["ObjectValueName"]),
    Field::property("Target Details", "The data written into the registry value.")
        .called("registry value data")
        .also(&["Registry Value Data"])
        .from(&[("sysmon", "13 Details"), ("security", "4657 NewValue")])
        .sigma(&["Details"]),
    Field::property("New Name", "The new name of a renamed registry key or value.")
        .from(&[("sysmon", "14 NewName")])
        .sigma(&["NewName"]),
    Field::property("New Value", "The value after the change.")
        .from(&[("security", "4657 NewValue"), ("defender", "5007 New Value")])
        .sigma(&["NewValue"]),
    Field::property("Old Value", "The value before the change.")
        .from(&[("security", "4657 OldValue"), ("defender", "5007 Old Value")])
        .sigma(&["OldValue"]),
];
