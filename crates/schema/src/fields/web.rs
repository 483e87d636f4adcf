//! Web, DNS, mail.

use crate::Field;

pub(super) const ROWS: &[Field] = &[
    Field::property("URL", "The address asked for.").also(&["resource.URL", "url.query"]).sigma(&[
        "c-uri",
        "cs-uri",
        "uri",
        "c-uri-extension",
    ]),
    Field::property("URL Host", "The host in that address.")
        .also(&["UrlHost", "URL Domain", "FQDN"])
        .sigma(&["cs-host", "r-dns"]),
    Field::property("URL Path", "The path in that address.").sigma(&["cs-uri-stem"]),
    Field::property("URL Query String", "The query in that address.")
        .also(&["uri_query"])
        .sigma(&["cs-uri-query", "c-uri-query"]),
    Field::property("URL Referrer", "The page that led to that address.")
        .also(&["Referrer URL", "HTTP Referrer"])
        .sigma(&["cs-referrer", "cs-referer"]),
    Field::property("URL Category", "The kind of site.").also(&["Web Category", "XForceCategoryByURL"]),
    Field::property("HTTP Host", "The host that the request names."),
    Field::property("HTTP Method", "The method of the request.").also(&["Method"]).sigma(&["cs-method"]),
    Field::property("HTTP Version", "The version of the protocol.").sigma(&["cs-version"]),
    Field::property("HTTP Response Code", "The status of the response.").also(&["Response Code"]).sigma(&["sc-status"]),
    Field::property("User Agent", "The program that sent the request, by its own account.")
        .also(&["HTTP User Agent", "user_agent", "user_agent.original"])
        .sigma(&["c-useragent", "cs-user-agent", "userAgent"]),
    Field::property("Content Type", "The type of the content."),
    Field::property("Bytes Sent", "The bytes that were sent.").sigma(&["cs-bytes"]),
    Field::property("Bytes Received", "The bytes that were received.").sigma(&["sc-bytes"]),
    Field::property("DNS Request Domain", "The name that was asked for.")
        .also(&["DNS Domain Name", "DNS Query"])
        .from(&[("sysmon", "22 QueryName")])
        .sigma(&["QueryName", "dns-query"]),
    Field::property("DNS Response", "The answer.").from(&[("sysmon", "22 QueryResults")]).sigma(&[
        "QueryResults",
        "answer",
        "dns-answer",
    ]),
    Field::property("DNS Response Code", "The status of the answer.").sigma(&["QueryStatus"]),
    Field::property("DNS Record Type", "The type of the record asked for.")
        .also(&["DNSRecordType"])
        .sigma(&["record_type", "dns-record-type"]),
    Field::property("Sender", "Who sent the message."),
    Field::property("Recipient", "Who received the message."),
    Field::property("Subject", "The subject of the message.").also(&["E-Mail Subject"]),
];
