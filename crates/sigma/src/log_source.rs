//! What Sigma's log sources are on QRadar: one table, read in both directions.
//!
//! A row belongs to a product and a category or service of it. Its classes say which events are meant: any class is
//! enough, and within a class everything named must hold.

use crate::rule::LogSource;

/// A class of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// The values of `qideventcategory`; empty for any.
    pub channels: &'static [&'static str],
    /// The values of "Event ID"; empty for any.
    pub event_ids: &'static [u32],
    /// The values of `EventType`; empty for any.
    pub event_types: &'static [&'static str],
    /// The low-level categories; empty for any.
    pub categories: &'static [i64],
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// A category.
    Category(&'static str),
    /// A service.
    Service(&'static str),
}

/// A log source of Sigma.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The product.
    pub product: &'static str,
    /// The category or service of it.
    pub name: Name,
    /// The events.
    pub classes: &'static [Class],
}

/// A product of Sigma.
#[derive(Clone, Copy, Debug)]
pub struct Product {
    /// Sigma's name; empty for rules that name no product.
    pub name: &'static str,
    /// The service that it is about, where the product has several types; empty for all others.
    pub service: &'static str,
    /// The values of `devicetype`.
    pub device_types: &'static [i64],
    /// The platform of a detection page.
    pub platform: &'static str,
    /// In words.
    pub title: &'static str,
}

const SYSMON: &[&str] = &["Microsoft-Windows-Sysmon/Operational"];
const SECURITY: &[&str] = &["Security"];
const POWERSHELL: &[&str] = &["Microsoft-Windows-PowerShell/Operational", "PowerShellCore/Operational"];
const POWERSHELL_CLASSIC: &[&str] = &["Windows PowerShell"];
const KERNEL_FILE: &[&str] = &["Microsoft-Windows-Kernel-File/Analytic"];

const fn class(channels: &'static [&'static str], event_ids: &'static [u32]) -> Class {
    Class { channels, event_ids, event_types: &[], categories: &[] }
}

const fn typed(event_ids: &'static [u32], event_types: &'static [&'static str]) -> Class {
    Class { channels: SYSMON, event_ids, event_types, categories: &[] }
}

const fn low_level(categories: &'static [i64]) -> Class {
    Class { channels: &[], event_ids: &[], event_types: &[], categories }
}

const fn windows(category: &'static str, classes: &'static [Class]) -> Row {
    Row { product: "windows", name: Name::Category(category), classes }
}

const fn service(service: &'static str, classes: &'static [Class]) -> Row {
    Row { product: "windows", name: Name::Service(service), classes }
}

const fn unix(product: &'static str, category: &'static str, classes: &'static [Class]) -> Row {
    Row { product, name: Name::Category(category), classes }
}

/// Kinds of events by the log that shows them best, and services by their channels.
pub static ROWS: &[Row] = &[
    windows("process_creation", &[class(SYSMON, &[1]), class(SECURITY, &[4688])]),
    windows("process_termination", &[class(SYSMON, &[5]), class(SECURITY, &[4689])]),
    windows("file_change", &[class(SYSMON, &[2])]),
    windows("network_connection", &[class(SYSMON, &[3])]),
    windows("sysmon_status", &[class(SYSMON, &[4, 16])]),
    windows("driver_load", &[class(SYSMON, &[6])]),
    windows("image_load", &[class(SYSMON, &[7])]),
    windows("create_remote_thread", &[class(SYSMON, &[8])]),
    windows("raw_access_thread", &[class(SYSMON, &[9])]),
    windows("process_access", &[class(SYSMON, &[10])]),
    windows("file_event", &[class(SYSMON, &[11])]),
    windows("registry_event", &[class(SYSMON, &[12, 13, 14]), class(SECURITY, &[4657])]),
    windows("registry_add", &[typed(&[12], &["CreateKey"]), class(SECURITY, &[4657])]),
    windows("registry_delete", &[typed(&[12], &["DeleteKey", "DeleteValue"])]),
    windows("registry_set", &[class(SYSMON, &[13]), class(SECURITY, &[4657])]),
    windows("registry_rename", &[class(SYSMON, &[14])]),
    windows("create_stream_hash", &[class(SYSMON, &[15])]),
    windows("pipe_created", &[class(SYSMON, &[17, 18])]),
    windows("wmi_event", &[class(SYSMON, &[19, 20, 21])]),
    windows("dns_query", &[class(SYSMON, &[22])]),
    windows("file_delete", &[class(SYSMON, &[23, 26])]),
    windows("clipboard_capture", &[class(SYSMON, &[24])]),
    windows("process_tampering", &[class(SYSMON, &[25])]),
    windows("file_delete_detected", &[class(SYSMON, &[26])]),
    windows("file_block_executable", &[class(SYSMON, &[27])]),
    windows("file_block_shredding", &[class(SYSMON, &[28])]),
    windows("file_executable_detected", &[class(SYSMON, &[29])]),
    windows("sysmon_error", &[class(SYSMON, &[255])]),
    windows("file_access", &[class(KERNEL_FILE, &[12])]),
    windows("file_rename", &[class(KERNEL_FILE, &[19, 27])]),
    windows("ps_module", &[class(POWERSHELL, &[4103])]),
    windows("ps_script", &[class(POWERSHELL, &[4104])]),
    windows("ps_classic_start", &[class(POWERSHELL_CLASSIC, &[400])]),
    windows("ps_classic_provider_start", &[class(POWERSHELL_CLASSIC, &[600])]),
    windows("ps_classic_script", &[class(POWERSHELL_CLASSIC, &[800])]),
    service("security", &[class(SECURITY, &[])]),
    service("system", &[class(&["System"], &[])]),
    service("application", &[class(&["Application"], &[])]),
    service("sysmon", &[class(SYSMON, &[])]),
    service("powershell", &[class(POWERSHELL, &[])]),
    service("powershell-classic", &[class(POWERSHELL_CLASSIC, &[])]),
    service("taskscheduler", &[class(&["Microsoft-Windows-TaskScheduler/Operational"], &[])]),
    service("wmi", &[class(&["Microsoft-Windows-WMI-Activity/Operational"], &[])]),
    service("windefend", &[class(&["Microsoft-Windows-Windows Defender/Operational"], &[])]),
    service("dns-server", &[class(&["DNS Server"], &[])]),
    service("dns-server-audit", &[class(&["Microsoft-Windows-DNS-Server/Audit"], &[])]),
    service("dns-server-analytic", &[class(&["Microsoft-Windows-DNS-Server/Analytical"], &[])]),
    service(
        "dns-client",
        &[class(&["Microsoft-Windows-DNS Client Events/Operational", "Microsoft-Windows-DNS-Client/Operational"], &[])],
    ),
    service("dhcp", &[class(&["Microsoft-Windows-DHCP-Server/Operational"], &[])]),
    service("driver-framework", &[class(&["Microsoft-Windows-DriverFrameworks-UserMode/Operational"], &[])]),
    service("ntlm", &[class(&["Microsoft-Windows-NTLM/Operational"], &[])]),
    service("ntfs", &[class(&["Microsoft-Windows-Ntfs/Operational"], &[])]),
    service("msexchange-management", &[class(&["MSExchange Management"], &[])]),
    service(
        "applocker",
        &[class(
            &[
                "Microsoft-Windows-AppLocker/MSI and Script",
                "Microsoft-Windows-AppLocker/EXE and DLL",
                "Microsoft-Windows-AppLocker/Packaged app-Deployment",
                "Microsoft-Windows-AppLocker/Packaged app-Execution",
            ],
            &[],
        )],
    ),
    service("printservice-admin", &[class(&["Microsoft-Windows-PrintService/Admin"], &[])]),
    service("printservice-operational", &[class(&["Microsoft-Windows-PrintService/Operational"], &[])]),
    service("codeintegrity-operational", &[class(&["Microsoft-Windows-CodeIntegrity/Operational"], &[])]),
    service("smbclient-security", &[class(&["Microsoft-Windows-SmbClient/Security"], &[])]),
    service("smbclient-connectivity", &[class(&["Microsoft-Windows-SmbClient/Connectivity"], &[])]),
    service("smbserver-connectivity", &[class(&["Microsoft-Windows-SMBServer/Connectivity"], &[])]),
    service("firewall-as", &[class(&["Microsoft-Windows-Windows Firewall With Advanced Security/Firewall"], &[])]),
    service("bits-client", &[class(&["Microsoft-Windows-Bits-Client/Operational"], &[])]),
    service(
        "terminalservices-localsessionmanager",
        &[class(&["Microsoft-Windows-TerminalServices-LocalSessionManager/Operational"], &[])],
    ),
    service("microsoft-servicebus-client", &[class(&["Microsoft-ServiceBus-Client"], &[])]),
    service("ldap", &[class(&["Microsoft-Windows-LDAP-Client/Debug"], &[])]),
    service("ldap_debug", &[class(&["Microsoft-Windows-LDAP-Client/Debug"], &[])]),
    service(
        "security-mitigations",
        &[class(
            &["Microsoft-Windows-Security-Mitigations/Kernel Mode", "Microsoft-Windows-Security-Mitigations/User Mode"],
            &[],
        )],
    ),
    service("diagnosis-scripted", &[class(&["Microsoft-Windows-Diagnosis-Scripted/Operational"], &[])]),
    service("shell-core", &[class(&["Microsoft-Windows-Shell-Core/Operational"], &[])]),
    service("openssh", &[class(&["OpenSSH/Operational"], &[])]),
    service("bitlocker", &[class(&["Microsoft-Windows-BitLocker/BitLocker Management"], &[])]),
    service("appxdeployment-server", &[class(&["Microsoft-Windows-AppXDeploymentServer/Operational"], &[])]),
    service("appxpackaging-om", &[class(&["Microsoft-Windows-AppxPackaging/Operational"], &[])]),
    service("appmodel-runtime", &[class(&["Microsoft-Windows-AppModel-Runtime/Admin"], &[])]),
    service("capi2", &[class(&["Microsoft-Windows-CAPI2/Operational"], &[])]),
    service(
        "certificateservicesclient-lifecycle-system",
        &[class(&["Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational"], &[])],
    ),
    service("iis-configuration", &[class(&["Microsoft-IIS-Configuration/Operational"], &[])]),
    service("lsa-server", &[class(&["Microsoft-Windows-LSA/Operational"], &[])]),
    service("sense", &[class(&["Microsoft-Windows-SENSE/Operational"], &[])]),
    service("vhdmp", &[class(&["Microsoft-Windows-VHDMP/Operational"], &[])]),
    service("hyper-v-worker", &[class(&["Microsoft-Windows-Hyper-V-Worker"], &[])]),
    service("kernel-event-tracing", &[class(&["Microsoft-Windows-Kernel-EventTracing"], &[])]),
    service(
        "kernel-shimengine",
        &[class(
            &["Microsoft-Windows-Kernel-ShimEngine/Operational", "Microsoft-Windows-Kernel-ShimEngine/Diagnostic"],
            &[],
        )],
    ),
    service(
        "application-experience",
        &[class(
            &[
                "Microsoft-Windows-Application-Experience/Program-Telemetry",
                "Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant",
            ],
            &[],
        )],
    ),
    unix("linux", "process_creation", &[low_level(&[8110])]),
    unix("linux", "process_termination", &[low_level(&[8113])]),
    unix("linux", "file_event", &[low_level(&[8028])]),
    unix("linux", "file_delete", &[low_level(&[8033])]),
    unix("linux", "network_connection", &[low_level(&[4012])]),
    Row { product: "linux", name: Name::Service("auditd"), classes: &[class(&["auditd"], &[])] },
    Row { product: "linux", name: Name::Service("sysmon"), classes: &[class(&["Linux-Sysmon/Operational"], &[])] },
    unix("macos", "process_creation", &[low_level(&[8110])]),
    unix("macos", "process_termination", &[low_level(&[8113])]),
    unix("macos", "file_event", &[low_level(&[8028, 8014])]),
    unix("macos", "file_delete", &[low_level(&[8033])]),
];

const fn product(
    name: &'static str,
    device_types: &'static [i64],
    platform: &'static str,
    title: &'static str,
) -> Product {
    Product { name, service: "", device_types, platform, title }
}

const fn part(mut product: Product, service: &'static str) -> Product {
    product.service = service;
    product
}

/// What can be recognised as the log of a product. A type of log source stands behind those that QRadar has one for.
pub static PRODUCTS: &[Product] = &[
    product("windows", &[12], "windows", "Windows"),
    product("linux", &[11], "linux", "Linux"),
    product("macos", &[102], "macos", "macOS"),
    product("aws", &[347], "cloud", "AWS"),
    part(product("azure", &[413, 445], "cloud", "Azure"), "signinlogs"),
    part(product("azure", &[413, 445], "cloud", "Azure"), "auditlogs"),
    product("azure", &[413, 445], "cloud", "Azure"),
    product("m365", &[397, 452, 515], "cloud", "Microsoft 365"),
    part(product("gcp", &[442], "cloud", "Google Workspace"), "google_workspace.admin"),
    part(product("gcp", &[442], "cloud", "Google Workspace"), "google_workspace.login"),
    product("gcp", &[449], "cloud", "Google Cloud"),
    product("okta", &[382], "cloud", "Okta"),
    product("kubernetes", &[], "containers", "Kubernetes"),
    product("github", &[], "cloud", "GitHub"),
    product("bitbucket", &[], "cloud", "Bitbucket"),
    product("onelogin", &[], "cloud", "OneLogin"),
    part(product("cisco", &[508], "network", "Cisco Duo"), "duo"),
    product("cisco", &[6, 20, 31, 41, 90, 94, 250, 316, 448], "network", "Cisco"),
    product("juniper", &[5, 64, 118, 122, 139, 150], "network", "Juniper"),
    product("huawei", &[269, 283], "network", "Huawei"),
    product("fortigate", &[], "network", "Fortinet FortiGate"),
    product("paloalto", &[], "network", "Palo Alto"),
    product("zeek", &[], "network", "Zeek"),
    product("rpc_firewall", &[], "applications", "RPC Firewall"),
    product("opencanary", &[], "applications", "OpenCanary"),
    product("django", &[], "applications", "Django"),
    product("jvm", &[], "applications", "Java"),
    product("nodejs", &[], "applications", "Node.js"),
    product("python", &[], "applications", "Python"),
    product("ruby_on_rails", &[], "applications", "Ruby on Rails"),
    product("spring", &[], "applications", "Spring"),
    product("sql", &[], "applications", "SQL databases"),
    part(product("", &[10], "network", "Apache"), "apache"),
    part(product("", &[], "network", "nginx"), "nginx"),
];

/// Categories that need no product.
const FREE_CATEGORIES: &[(&str, &str, &str)] = &[
    ("antivirus", "windows", "antivirus products"),
    ("database", "applications", "databases"),
    ("dns", "network", "DNS servers"),
    ("firewall", "network", "firewalls"),
    ("proxy", "network", "web proxies"),
    ("webserver", "network", "web servers"),
];

/// What a log source of a rule is on QRadar.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// The values of `devicetype`; empty for any.
    pub device_types: &'static [i64],
    /// For category and service each the classes of which one must hold.
    pub classes: Vec<&'static [Class]>,
    /// The platform of a detection page.
    pub platform: &'static str,
    /// In words.
    pub title: String,
    /// What of the rule's log source is not expressed: key, value.
    pub unknown: Vec<(&'static str, String)>,
}

/// The product of this name, of the service where the product has several types.
pub fn find_product(name: &str, service: Option<&str>) -> Option<&'static Product> {
    let of = |wanted: &str| PRODUCTS.iter().find(|it| it.name == name && it.service == wanted);
    service.filter(|it| !it.is_empty()).and_then(of).or_else(|| if name.is_empty() { None } else { of("") })
}

/// The row of a category or service.
pub fn find_row(product: &str, name: Name) -> Option<&'static Row> {
    ROWS.iter().find(|it| it.product == product && it.name == name)
}

/// What a log source of a rule is on QRadar.
pub fn resolve(log_source: &LogSource) -> Resolved {
    let text = |it: &Option<String>| it.clone().unwrap_or_default();
    let (product, service, category) =
        (text(&log_source.product), text(&log_source.service), text(&log_source.category));
    let mut resolved =
        Resolved { platform: "applications", title: title(&product, &service, &category), ..Resolved::default() };
    let free = FREE_CATEGORIES.iter().find(|it| it.0 == category);
    match find_product(&product, Some(&service)) {
        Some(it) => {
            resolved.device_types = it.device_types;
            resolved.platform = it.platform;
            if it.device_types.is_empty() {
                resolved.unknown.push(("product", it.name.to_owned()));
            }
        }
        None if product.is_empty() => {}
        None => resolved.unknown.push(("product", product.clone())),
    }
    if let (true, Some((_, platform, _))) = (product.is_empty(), free) {
        resolved.platform = platform;
    }
    let mut add = |key, value: &str, row: Option<&'static Row>| match row {
        Some(row) => resolved.classes.push(row.classes),
        None if value.is_empty() => {}
        None => resolved.unknown.push((key, value.to_owned())),
    };
    let row = |is: fn(&Name) -> Option<&'static str>, wanted: &str| {
        ROWS.iter().find(|it| it.product == product && is(&it.name) == Some(wanted))
    };
    add("category", &category, row(|it| if let Name::Category(it) = it { Some(it) } else { None }, &category));
    add("service", &service, row(|it| if let Name::Service(it) = it { Some(it) } else { None }, &service));
    resolved
}

fn title(product: &str, service: &str, category: &str) -> String {
    let known = find_product(product, Some(service)).map(|it| it.title);
    let free = FREE_CATEGORIES.iter().find(|it| it.0 == category && product.is_empty()).map(|it| it.2);
    let first = known.or(free).unwrap_or(product);
    let parts = [first, if free.is_some() { "" } else { category }, service];
    let parts: Vec<_> = parts.into_iter().filter(|it| !it.is_empty()).map(|it| it.replace('_', " ")).collect();
    if parts.is_empty() { "any log".to_owned() } else { parts.join(": ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_stands_twice_and_all_types_are_known() {
        for (index, row) in ROWS.iter().enumerate() {
            let same = |it: &&Row| it.product == row.product && it.name == row.name;
            assert!(ROWS[..index].iter().find(same).is_none(), "{} {:?}", row.product, row.name);
            assert!(find_product(row.product, None).is_some());
            assert!(!row.classes.is_empty());
            for id in row.classes.iter().flat_map(|it| it.categories) {
                assert!(schema::tables::categories::by_id(*id).is_some(), "{id}");
            }
        }
        for product in PRODUCTS {
            for id in product.device_types {
                assert!(schema::tables::log_source_types::by_id(*id).is_some(), "{}: {id}", product.name);
            }
        }
    }
}
