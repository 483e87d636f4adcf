//! The table `simarc`: counters. IBM's page of it was not to be seen; the types follow from the names.

use crate::Field;
use crate::Type::{Host, Integer, Port, Text, Time};

pub(super) const ROWS: &[Field] = &[
    Field::built_in("destinationport", Port, "The port of the destination.").called("destination port"),
    Field::built_in("destinationtype", Text, "What the destination is."),
    Field::built_in("deviceid", Integer, "The log source."),
    Field::built_in("direction", Text, "From where to where: L2L, L2R, R2L or R2R."),
    Field::built_in("eventcount", Integer, "How many events were counted.").called("event count"),
    Field::built_in("eventflag", Integer, "The flags of the events."),
    Field::built_in("applicationid", Integer, "The application; APPLICATIONNAME() gives its name."),
    Field::built_in("flowcount", Integer, "How many flows were counted."),
    Field::built_in("destinationbytes", Integer, "Bytes that the destination sent."),
    Field::built_in("flowsource", Text, "What reported the flow."),
    Field::built_in("sourcebytes", Integer, "Bytes that the source sent."),
    // The time of the table: the console calls the same key starttime in the other tables.
    Field::built_in("lastpackettime", Time, "When the last packet was seen.").also(&["starttime"]),
    Field::built_in("protocolid", Integer, "The number of the protocol above IP; PROTOCOLNAME() gives its name.")
        .called("protocol"),
    Field::built_in("source", Host, "The address of the source."),
    Field::built_in("sourcetype", Text, "What the source is."),
    Field::built_in("sourceremotenetwork", Text, "The remote network of the source."),
    Field::built_in("destinationremotenetwork", Text, "The remote network of the destination."),
    Field::built_in("sourcecountry", Text, "The country of the source."),
    Field::built_in("destinationcountry", Text, "The country of the destination."),
    Field::built_in("destination", Host, "The address of the destination."),
    Field::built_in("processorid", Integer, "The processor that counted."),
];
