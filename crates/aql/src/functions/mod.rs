//! The catalogue of AQL functions (`reference/aql.md` section 4): one file per function, one line per file here.

use crate::Function;

mod abs;
mod applicationname;
mod arielservers4epid;
mod arielservers4epname;
mod assethostname;
mod assetproperty;
mod assetuser;
mod avg;
mod base64;
mod categoryname;
mod coalesce;
mod codec_base64;
mod codec_url;
mod componentid;
mod concat;
mod count;
mod dateformat;
mod distinctcount;
mod domainname;
mod double;
mod example_rows;
mod first;
mod fullnetworkname;
mod geo_distance;
mod geo_distance_by_domain;
mod geo_lookup;
mod geo_lookup_by_domain;
mod geo_lookup_text;
mod geo_lookup_text_by_domain;
mod globalview;
mod hex;
mod hostname;
mod incidr;
mod inoffense;
mod last;
mod length;
mod logsourcegroupname;
mod logsourcename;
mod logsourcetypeid;
mod logsourcetypename;
mod long;
mod lower;
mod matchesassetsearch;
mod max;
mod min;
mod networkname;
mod now;
mod offense_time;
mod parsedatetime;
mod parsetimestamp;
mod pow;
mod processorname;
mod protocolname;
mod qiddescription;
mod qidname;
mod referencemap;
mod referencemapsetcontains;
mod referencesetcontains;
mod referencetable;
mod replaceall;
mod replacefirst;
mod round;
mod row;
mod rulename;
mod sqrt;
mod stdev;
mod stdevp;
mod str;
mod strlen;
mod strpos;
mod substring;
mod sum;
#[cfg(test)]
mod tests;
mod trim;
mod uniquecount;
mod upper;
mod utf8;
mod xforce_ip_category;
mod xforce_ip_confidence;
mod xforce_url_category;

pub(crate) use dateformat::zone::rules as time_zone_rules;
pub use example_rows::{EXAMPLE_NOW, EXAMPLE_ROWS, ExampleField};
pub use parsedatetime::parse_date_time;

/// All functions, sorted by name.
pub static FUNCTIONS: &[&Function] = &[
    &abs::ABS,
    &applicationname::APPLICATIONNAME,
    &arielservers4epid::ARIELSERVERS4EPID,
    &arielservers4epname::ARIELSERVERS4EPNAME,
    &assethostname::ASSETHOSTNAME,
    &assetproperty::ASSETPROPERTY,
    &assetuser::ASSETUSER,
    &avg::AVG,
    &base64::BASE64,
    &categoryname::CATEGORYNAME,
    &coalesce::COALESCE,
    &codec_base64::CODEC_BASE64,
    &codec_url::CODEC_URL,
    &componentid::COMPONENTID,
    &concat::CONCAT,
    &count::COUNT,
    &dateformat::DATEFORMAT,
    &distinctcount::DISTINCTCOUNT,
    &domainname::DOMAINNAME,
    &double::DOUBLE,
    &first::FIRST,
    &fullnetworkname::FULLNETWORKNAME,
    &geo_distance::GEO_DISTANCE,
    &geo_distance_by_domain::GEO_DISTANCE_BY_DOMAIN,
    &geo_lookup::GEO_LOOKUP,
    &geo_lookup_by_domain::GEO_LOOKUP_BY_DOMAIN,
    &geo_lookup_text::GEO_LOOKUP_TEXT,
    &geo_lookup_text_by_domain::GEO_LOOKUP_TEXT_BY_DOMAIN,
    &globalview::GLOBALVIEW,
    &hex::HEX,
    &hostname::HOSTNAME,
    &incidr::INCIDR,
    &inoffense::INOFFENSE,
    &last::LAST,
    &length::LENGTH,
    &logsourcegroupname::LOGSOURCEGROUPNAME,
    &logsourcename::LOGSOURCENAME,
    &logsourcetypeid::LOGSOURCETYPEID,
    &logsourcetypename::LOGSOURCETYPENAME,
    &long::LONG,
    &lower::LOWER,
    &matchesassetsearch::MATCHESASSETSEARCH,
    &max::MAX,
    &min::MIN,
    &networkname::NETWORKNAME,
    &now::NOW,
    &offense_time::OFFENSE_TIME,
    &parsedatetime::PARSEDATETIME,
    &parsetimestamp::PARSETIMESTAMP,
    &pow::POW,
    &processorname::PROCESSORNAME,
    &protocolname::PROTOCOLNAME,
    &qiddescription::QIDDESCRIPTION,
    &qidname::QIDNAME,
    &referencemap::REFERENCEMAP,
    &referencemapsetcontains::REFERENCEMAPSETCONTAINS,
    &referencesetcontains::REFERENCESETCONTAINS,
    &referencetable::REFERENCETABLE,
    &replaceall::REPLACEALL,
    &replacefirst::REPLACEFIRST,
    &round::ROUND,
    &rulename::RULENAME,
    &sqrt::SQRT,
    &stdev::STDEV,
    &stdevp::STDEVP,
    &str::STR,
    &strlen::STRLEN,
    &strpos::STRPOS,
    &substring::SUBSTRING,
    &sum::SUM,
    &trim::TRIM,
    &uniquecount::UNIQUECOUNT,
    &upper::UPPER,
    &utf8::UTF8,
    &xforce_ip_category::XFORCE_IP_CATEGORY,
    &xforce_ip_confidence::XFORCE_IP_CONFIDENCE,
    &xforce_url_category::XFORCE_URL_CATEGORY,
];

/// Names that pass for AQL functions elsewhere, with what to write instead.
pub static NOT_AQL: &[(&str, &str)] = &[
    ("DATE", "DATEFORMAT(starttime, 'yyyy-MM-dd') gives the date"),
    ("DAY", "DATEFORMAT(starttime, 'dd') gives the day of the month"),
    ("DAYNAME", "DATEFORMAT(starttime, 'EEEE') gives the name of the day"),
    ("DAYOFWEEK", "DATEFORMAT(starttime, 'u') gives the number of the day, Monday being 1"),
    ("HOUR", "DATEFORMAT(starttime, 'HH') gives the hour"),
    ("IFNULL", "IF a IS NULL THEN b ELSE a"),
    ("ISNULL", "IF a IS NULL THEN b ELSE a"),
    ("MINUTE", "DATEFORMAT(starttime, 'mm') gives the minute"),
    ("MONTH", "DATEFORMAT(starttime, 'MM') gives the month"),
    ("MONTHNAME", "DATEFORMAT(starttime, 'MMMM') gives the name of the month"),
    ("QUARTER", "CASE over DATEFORMAT(starttime, 'MM') gives the quarter"),
    ("REGEXP_LIKE", "write `field MATCHES 'pattern'`"),
    ("REPLACE", "REPLACEALL('pattern', text, 'replacement') replaces every match of a regular expression"),
    ("SUBSTR", "SUBSTRING(text, start, length) counts from 0"),
    ("WEEK", "DATEFORMAT(starttime, 'w') gives the week of the year"),
    ("YEAR", "DATEFORMAT(starttime, 'yyyy') gives the year"),
];

/// The function with this name, in any case; a namespace is part of the name (`GEO::LOOKUP`).
pub fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().copied().find(|it| it.name.eq_ignore_ascii_case(name))
}

/// What to write instead of a name that is not a function of AQL, where that is known.
pub fn help(name: &str) -> Option<&'static str> {
    NOT_AQL.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, help)| *help)
}
