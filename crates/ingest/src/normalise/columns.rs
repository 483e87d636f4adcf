//! The columns that the normaliser fills by name, each looked up once.

use std::sync::LazyLock;

use schema::EVENTS;

/// Declares [`Columns`]: the index of a field of `schema::EVENTS` for each name.
macro_rules! columns {
    ($($identifier:ident = $name:literal,)*) => {
        /// Indices of fields of `schema::EVENTS`, by the name of the field.
        #[derive(Debug)]
        pub struct Columns {
            $(#[doc = concat!("`", $name, "`")] pub $identifier: u16,)*
        }

        static COLUMNS: LazyLock<Columns> = LazyLock::new(|| Columns { $($identifier: index($name),)* });
    };
}

columns! {
    starttime = "starttime",
    endtime = "endtime",
    devicetime = "devicetime",
    eventcount = "eventcount",
    qid = "qid",
    event_id = "Event ID",
    event_category = "qideventcategory",
    category = "category",
    high_level_category = "highlevelcategory",
    device_type = "devicetype",
    log_source_id = "logsourceid",
    log_source_identifier = "logsourceidentifier",
    severity = "severity",
    credibility = "credibility",
    relevance = "relevance",
    magnitude = "magnitude",
    payload = "payload",
    domain_id = "domainid",
    has_identity = "hasidentity",
    has_offense = "hasoffense",
    has_records = "hastlv",
    is_rule_event = "iscreevent",
    is_duplicate = "isduplicate",
    is_log_only = "islogonly",
    is_truncated = "istruncated",
    is_unparsed = "isunparsed",
    stored_for_performance = "storedforperformance",
    message = "Message",
    provider_name = "Provider Name",
    level = "Event Level",
    task = "Event Task",
    opcode = "Event Opcode",
    keywords = "Event Keywords",
    record_number = "Record Number",
    event_type = "EventType",
    source_ip = "sourceip",
    destination_ip = "destinationip",
    source_port = "sourceport",
    destination_port = "destinationport",
    source_address = "sourceaddress",
    destination_address = "destinationaddress",
    source_v6 = "sourcev6",
    destination_v6 = "destinationv6",
    protocol_id = "protocolid",
    protocol = "Protocol",
    username = "username",
    user = "User",
    account_domain = "Account Domain",
    subject_account = "Subject Account Name",
    subject_sid = "Subject User SID",
    target_username = "Target Username",
    target_domain = "Target Domain",
    machine = "Machine Identifier",
    identity_ip = "identityip",
    command = "Command",
    encoded_argument = "Encoded Argument",
    process_path = "Process Path",
    process_name = "Process Name",
    process_id = "Process ID",
    process_guid = "Process Guid",
    parent_command = "Parent Command",
    parent_process_path = "Parent Process Path",
    parent_process_name = "Parent Process Name",
    parent_process_id = "Parent Process ID",
    parent_process_guid = "Parent Process Guid",
    current_directory = "Current Directory",
    integrity_level = "Integrity Level",
    source_process_path = "Source Process Path",
    source_process_name = "Source Process Name",
    source_process_id = "Source Process ID",
    target_process_path = "Target Process Path",
    target_process_name = "Target Process Name",
    target_process_id = "Target Process ID",
    loaded_image = "Loaded Image",
    original_file_name = "Original File Name",
    script_block_text = "ScriptBlockText",
    script_block_id = "Script Block ID",
    message_number = "Message Number",
    message_total = "Message Total",
    context_info = "Context Info",
    host_application = "Host Application",
    service_name = "Service Name",
    service_display_name = "Service Display Name",
    service_filename = "Service Filename",
    service_type = "Service Type",
    service_type_code = "Service Type Code",
    service_start_type = "Service Start Type",
    service_start_type_code = "Service Start Type Code",
    service_account = "Service Account",
    service_state = "Service State",
    registry_key = "Registry Key",
    registry_value_name = "Registry Value Name",
    target_details = "Target Details",
    old_value = "Old Value",
    new_value = "New Value",
    object_name = "Object Name",
    object_type = "Object Type",
    error_code = "Error Code",
    filename = "Filename",
    file_path = "File Path",
    source_filename = "Source Filename",
    file_directory = "File Directory",
    file_extension = "File Extension",
    file_hash = "File Hash",
    md5_hash = "MD5 Hash",
    sha1_hash = "SHA1 Hash",
    sha256_hash = "SHA256 Hash",
    import_hash = "IMP Hash",
    audit_type = "Audit Type",
    audit_key = "Audit Key",
    syscall = "Syscall",
    name_type = "Name Type",
}

/// The columns that the normaliser fills by name.
pub fn columns() -> &'static Columns {
    &COLUMNS
}

fn index(name: &str) -> u16 {
    let position =
        EVENTS.position(name).unwrap_or_else(|| panic!("the normaliser names a field `{name}` that is no row"));
    u16::try_from(position).expect("there are fewer than 65536 fields")
}

/// Columns whose value is made of others: whoever reads the first needs the rest filled.
pub(super) fn bases(column: u16) -> &'static [u16] {
    static BASES: LazyLock<Vec<(u16, Vec<u16>)>> = LazyLock::new(|| {
        let it = columns();
        vec![
            (it.source_address, vec![it.source_ip]),
            (it.destination_address, vec![it.destination_ip]),
            (it.source_v6, vec![it.source_ip]),
            (it.destination_v6, vec![it.destination_ip]),
            (it.process_name, vec![it.process_path]),
            (it.parent_process_name, vec![it.parent_process_path]),
            (it.source_process_name, vec![it.source_process_path]),
            (it.target_process_name, vec![it.target_process_path]),
            (it.md5_hash, vec![it.file_hash]),
            (it.sha1_hash, vec![it.file_hash]),
            (it.sha256_hash, vec![it.file_hash]),
            (it.import_hash, vec![it.file_hash]),
            (it.filename, vec![it.original_file_name, it.file_path]),
            (it.file_path, vec![it.filename]),
            (it.source_filename, vec![it.file_path]),
            (it.file_directory, vec![it.file_path, it.filename]),
            (it.file_extension, vec![it.file_path, it.filename]),
            (it.encoded_argument, vec![it.command, it.service_filename]),
            (it.message, vec![it.script_block_text]),
            (it.script_block_text, vec![it.script_block_id, it.message_number, it.message_total, it.machine]),
            (it.protocol_id, vec![it.protocol]),
            (it.registry_key, vec![it.object_name, it.object_type, it.registry_value_name]),
            (it.registry_value_name, vec![it.registry_key]),
            (it.service_type_code, vec![it.service_type]),
            (it.service_start_type_code, vec![it.service_start_type]),
            (it.service_name, vec![it.registry_key, it.target_details]),
            (it.service_filename, vec![it.registry_key, it.target_details]),
            (it.service_account, vec![it.registry_key, it.target_details]),
            (it.service_type, vec![it.registry_key, it.target_details]),
            (it.service_start_type, vec![it.registry_key, it.target_details]),
            (it.log_source_id, vec![it.machine, it.device_type]),
            (it.category, vec![it.service_state]),
            (it.high_level_category, vec![it.category]),
            (it.magnitude, vec![it.severity]),
            (it.log_source_identifier, vec![it.machine]),
        ]
    });
    BASES.iter().find(|it| it.0 == column).map_or(&[], |it| &it.1)
}
