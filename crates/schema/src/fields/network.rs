//! Addresses, ports, protocol, places.

use crate::Field;
use crate::Type::{Host, Integer, Mac, Port, Text};

pub(super) const ROWS: &[Field] = &[
    Field::built_in("sourceip", Host, "The address where the activity came from.")
        .called("source address")
        .also(&["Source IP", "src", "c-ip", "cs-ip", "ClientIP", "ClientAddress", "SourceIPAddress", "SourceAddr"])
        .from(&[("sysmon", "3 SourceIp"), ("security", "IpAddress"), ("leef", "src"), ("cef", "src")])
        .sigma(&["SourceIp", "IpAddress", "src_ip"]),
    Field::built_in("destinationip", Host, "The address that the activity went to.")
        .called("destination address")
        .also(&["Destination IP", "dst", "DestAddress", "DestinationIPAddress"])
        .from(&[("sysmon", "3 DestinationIp"), ("security", "5156 DestAddress"), ("leef", "dst"), ("cef", "dst")])
        .sigma(&["DestinationIp", "dst_ip"]),
    Field::built_in("sourceport", Port, "The port where the activity came from.")
        .called("source port")
        .also(&["Source Port", "srcPort", "IpPort", "spt"])
        .from(&[("sysmon", "3 SourcePort"), ("security", "IpPort")])
        .sigma(&["SourcePort", "src_port"]),
    Field::built_in("destinationport", Port, "The port that the activity went to.")
        .called("destination port")
        .also(&["Destination Port", "dstPort", "DestPort", "dpt"])
        .from(&[("sysmon", "3 DestinationPort"), ("security", "5156 DestPort")])
        .sigma(&["DestinationPort", "dst_port"]),
    // Not an alias of sourceip: QRadar has both columns. Sigma's SourceAddress (5156) is this one.
    Field::built_in("sourceaddress", Host, "The source address, of either version.").sigma(&["SourceAddress"]),
    Field::built_in("destinationaddress", Host, "The destination address, of either version."),
    Field::built_in("sourcev6", Host, "The source address if it is of version 6."),
    Field::built_in("destinationv6", Host, "The destination address if it is of version 6."),
    Field::built_in("sourcemac", Mac, "The hardware address of the source.")
        .called("source MAC address")
        .also(&["Source MAC", "srcMAC"]),
    Field::built_in("destinationmac", Mac, "The hardware address of the destination.")
        .called("destination MAC address")
        .also(&["Destination MAC", "dstMAC"]),
    Field::built_in("protocolid", Integer, "The number of the protocol above IP; PROTOCOLNAME() gives its name.")
        .called("protocol")
        .from(&[("sysmon", "3 Protocol"), ("security", "5156 Protocol"), ("leef", "proto")]),
    Field::built_in("eventdirection", Text, "From where to where: L2L, L2R, R2L or R2R, L local and R remote."),
    Field::built_in("geographiclocation", Text, "The place concerned."),
    Field::built_in("sourcegeographiclocation", Text, "The place of the source address."),
    Field::built_in("destinationgeographiclocation", Text, "The place of the destination address."),
    Field::built_in("prenatsourceip", Host, "The source address before translation."),
    Field::built_in("prenatsourceport", Port, "The source port before translation."),
    Field::built_in("prenatdestinationip", Host, "The destination address before translation."),
    Field::built_in("prenatdestinationport", Port, "The destination port before translation."),
    Field::built_in("postnatsourceip", Host, "The source address after translation."),
    Field::built_in("postnatsourceport", Port, "The source port after translation."),
    Field::built_in("postnatdestinationip", Host, "The destination address after translation."),
    Field::built_in("postnatdestinationport", Port, "The destination port after translation."),
    Field::property("Source Hostname", "The name of the source host.")
        .also(&["Source Host Name", "shost"])
        .from(&[("sysmon", "3 SourceHostname")])
        .sigma(&["SourceHostname"]),
    Field::property("Destination Hostname", "The name of the destination host.")
        .also(&["Destination Host Name", "dhost"])
        .from(&[("sysmon", "3 DestinationHostname")])
        .sigma(&["DestinationHostname"]),
    Field::property("Source Port Name", "The usual service of the source port.").sigma(&["SourcePortName"]),
    Field::property("Destination Port Name", "The usual service of the destination port.")
        .sigma(&["DestinationPortName"]),
    Field::property("Initiated", "Whether the process opened the connection: true or false.")
        .from(&[("sysmon", "3 Initiated")])
        .sigma(&["Initiated"]),
    Field::property("Protocol", "The protocol as the log names it.")
        .also(&["IPProtocol"])
        .from(&[("sysmon", "3 Protocol")])
        .sigma(&["Protocol"]),
    Field::property("Application", "The application concerned.").also(&["AppName"]).sigma(&["Application"]),
    Field::property("Source Interface UUID", "The RPC interface called.")
        .also(&["Interface UUID"])
        .sigma(&["InterfaceUuid"]),
];
