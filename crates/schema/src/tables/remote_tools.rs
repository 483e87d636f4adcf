//! Tools that run programs on other computers by a service: the client that the attacker starts, and the service that
//! then appears on the target.
//!
//! Sources: events 7045 in public samples, Sigma's and Elastic's rules on these tools.

/// A tool.
#[derive(Clone, Copy, Debug)]
pub struct RemoteTool {
    /// Its name.
    pub name: &'static str,
    /// The programs of the client.
    pub clients: &'static [&'static str],
    /// The program of the service as event 7045 has it.
    pub service: &'static str,
}

/// All tools, sorted by name.
pub const REMOTE_TOOLS: &[RemoteTool] = &[
    RemoteTool { name: "CSExec", clients: &["csexec.exe"], service: "csexecsvc.exe" },
    RemoteTool { name: "PAExec", clients: &["paexec.exe"], service: "PAExec-4808-WS01.exe" },
    RemoteTool { name: "PsExec", clients: &["psexec.exe", "psexec64.exe"], service: "PSEXESVC.exe" },
    RemoteTool { name: "RemCom", clients: &["remcom.exe"], service: "RemComSvc.exe" },
];

#[cfg(test)]
mod tests {
    use super::REMOTE_TOOLS;

    #[test]
    fn tools_are_sorted() {
        assert!(REMOTE_TOOLS.is_sorted_by(|left, right| left.name < right.name));
    }
}
