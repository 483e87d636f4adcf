//! Built-in columns about the event itself: time, log source, QID, category, rules, flags.

use crate::Type::{Boolean, Bytes, Integer, Integers, Structure, Text, Time};
use crate::{Field, Type};

pub(super) const ROWS: &[Field] = &[
    Field::built_in("starttime", Time, "When the event was received; for an event from a file the event's own time.")
        .called("start time")
        .also(&["Start Time"])
        .from(&[
            ("windows", "System/TimeCreated"),
            ("auditd", "msg=audit(time:serial)"),
            ("journald", "__REALTIME_TIMESTAMP"),
        ]),
    Field::built_in("endtime", Time, "When the event was stored or the last event was merged into it.")
        .called("end time")
        .also(&["End Time", "Storage Time"]),
    Field::built_in("devicetime", Time, "The time that the log source itself wrote into the event.")
        .called("time in the log")
        .also(&["Log Source Time", "Device Time", "TimeCreated", "EventTime"])
        .from(&[("windows", "System/TimeCreated"), ("leef", "devTime"), ("cef", "rt")]),
    Field::built_in("eventcount", Integer, "How many raw events the row stands for: their volume is SUM(eventcount).")
        .called("event count"),
    Field::built_in("qid", Integer, "The number of the kind of event; QIDNAME() gives its name.").called("QID"),
    // One column for the id of an event: a property on QRadar beside the built-in qideventid, with the same value.
    Field::property("Event ID", "The id that the log source gives this kind of event, such as 7045.")
        .also(&["EventID", "Event ID Code", "EventIDCode", "EventCode", "qideventid", "Event-ID", "Event_ID"])
        .from(&[
            ("windows", "System/EventID without qualifiers"),
            ("leef", "header EventID"),
            ("cef", "header class id"),
        ])
        .sigma(&["EventID", "event_id", "EventId"]),
    // Uncoder compares this column with texts such as `System_Information`; here it is the bare channel.
    Field::built_in(
        "qideventcategory",
        Text,
        "The category text that selects the QID together with the event id: for Windows the channel.",
    )
    .called("channel")
    .also(&["Channel", "AgentLogFile", "Log Name", "winlog.channel"])
    .from(&[("windows", "System/Channel"), ("wincollect", "AgentLogFile"), ("leef", "cat")])
    .sigma(&["Channel"]),
    Field::built_in("category", Integer, "The low-level category; CATEGORYNAME() gives its name.")
        .called("low-level category"),
    Field::built_in("highlevelcategory", Integer, "The high-level category; CATEGORYNAME() gives its name.")
        .called("high-level category"),
    Field::built_in(
        "devicetype",
        Integer,
        "The type of log source; 12 is Microsoft Windows Security Event Log, for all of its channels.",
    )
    .called("log source type"),
    Field::built_in("logsourceid", Integer, "The log source; LOGSOURCENAME() gives its name.").called("log source"),
    Field::built_in("logsourceidentifier", Text, "The host name or address by which the log source is known.")
        .called("log source identifier"),
    Field::built_in("devicegrouplist", Integers, "The groups of the log source.").called("list of log source groups"),
    Field::built_in("severity", Integer, "How grave the kind of event is, 0-10."),
    Field::built_in("credibility", Integer, "How far the log source is trusted, 0-10."),
    Field::built_in("relevance", Integer, "How much the network concerned matters, 0-10."),
    Field::built_in("magnitude", Integer, "The weighted mean of severity, credibility and relevance, 0-10."),
    Field::built_in("creeventlist", Integers, "The custom rules that matched; RULENAME() gives their names.")
        .called("list of matched rules"),
    Field::built_in("partialmatchlist", Integers, "The custom rules that matched in part."),
    Field::built_in("partialormatchlist", Integers, "The custom rules of which one alternative matched."),
    Field::built_in("payload", Bytes, "The original text of the event; UTF8(payload) makes text of it.")
        .called("original text"),
    Field::built_in("domainid", Integer, "The domain of the log source; 0 is the default domain."),
    Field::built_in("collectorid", Integer, "The event collector that received the event."),
    Field::built_in("processorid", Integer, "The event processor that stored the event."),
    Field::built_in("protocolconfigid", Integer, "The protocol configuration of the log source."),
    Field::built_in("duration", Integer, "How long what is reported took, in milliseconds."),
    Field::built_in("adekey", Text, "The key of the anomaly detection engine."),
    Field::built_in("adevalue", Text, "The value of the anomaly detection engine."),
    Field::built_in("hasidentity", Boolean, "Whether the event says who used an address."),
    Field::built_in("hasoffense", Boolean, "Whether the event belongs to an offense.")
        .called("flag of belonging to an offense"),
    Field::built_in("hastlv", Boolean, "Whether the event carries records of type, length and value."),
    Field::built_in("tlvs", Structure, "Records of type, length and value."),
    Field::built_in("iscreevent", Boolean, "Whether a custom rule made the event."),
    Field::built_in("isduplicate", Boolean, "Whether the event is a copy of another."),
    Field::built_in("islogonly", Boolean, "Whether the event is stored without analysis."),
    Field::built_in("istruncated", Boolean, "Whether the payload was cut."),
    Field::built_in("isunparsed", Boolean, "Whether nothing was understood of the event."),
    Field::built_in("storedforperformance", Boolean, "Whether the event passed the rules by to keep up with the load."),
    Field::built_in("pcappacket", Bytes, "The captured packet."),
    Field::property("CRE Name", "The name of the event that a custom rule made."),
    Field::property("CRE Description", "The description of the event that a custom rule made."),
    Field::property("Message", "The rendered message; for a script block its text.")
        .from(&[
            ("windows", "RenderingInfo/Message"),
            ("powershell", "4104 ScriptBlockText; 4103 ContextInfo and Payload"),
            ("syslog", "the text after the header"),
            ("journald", "MESSAGE"),
        ])
        .sigma(&["Message", "properties.message"]),
    Field::property("Provider Name", "The program that wrote the event.")
        .also(&["ProviderName", "SourceName", "winlog.provider_name"])
        .from(&[("windows", "System/Provider@Name"), ("syslog", "program"), ("journald", "SYSLOG_IDENTIFIER")])
        .sigma(&["Provider_Name"]),
    Field::property(
        "Event Level",
        "The level of the event as a number: 1 critical, 2 error, 3 warning, 4 information, 5 verbose.",
    )
    .also(&["Level"])
    .from(&[("windows", "System/Level")])
    .sigma(&["Level"]),
    Field::property("Event Task", "The task number within the provider.")
        .also(&["Task"])
        .from(&[("windows", "System/Task")]),
    Field::property("Event Opcode", "The operation number within the task.")
        .also(&["Opcode"])
        .from(&[("windows", "System/Opcode")]),
    Field::property("Event Keywords", "The keyword bits of the event in hexadecimal.")
        .also(&["Keywords"])
        .from(&[("windows", "System/Keywords")]),
    Field::property("Record Number", "The number of the record in its log.")
        .also(&["EventRecordID", "RecordNumber", "Record ID"])
        .from(&[("windows", "System/EventRecordID")]),
    Field::property("EventType", "What kind of operation the event reports: CreateKey, SetValue and so on.")
        .called("event type")
        .also(&["Event Type"])
        .from(&[("sysmon", "12, 13, 14, 19-21 EventType"), ("eslogger", "the name of the event")])
        .sigma(&["EventType"]),
    Field::property("Rule Name", "The rule of the sensor's configuration that let the event through.")
        .from(&[("sysmon", "RuleName")])
        .sigma(&["RuleName"]),
    // The names of QRadar's own health metrics, log source type 368.
    Field::property("Metric ID", "The health metric measured."),
    Field::property("Component Type", "The kind of component that a health metric is about."),
    Field::property("Element", "The component that a health metric is about."),
    Field::property("Value", "The value of a health metric.").of_type(Type::Double),
];
