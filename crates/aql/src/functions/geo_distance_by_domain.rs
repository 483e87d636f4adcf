//! `GEO::DISTANCE_BY_DOMAIN`: how far two addresses are from each other.

use schema::Type;

use crate::{ADDRESS, Category, Example, Function, Lower, Parameter, Provider, Returns, Standing, WHOLE};

/// `GEO::DISTANCE_BY_DOMAIN(address, domain, other, other_domain)`
pub(super) static GEO_DISTANCE_BY_DOMAIN: Function = Function {
    name: "GEO::DISTANCE_BY_DOMAIN",
    category: Category::Geography,
    parameters: &[
        Parameter::new("address", ADDRESS),
        Parameter::new("domain", WHOLE),
        Parameter::new("other", ADDRESS),
        Parameter::new("other_domain", WHOLE),
    ],
    variadic: false,
    returns: Returns::Type(Type::Double),
    summary: "The distance between the places of two addresses, in kilometres along the surface of the Earth. Domains have no data of their own. Null for null, for a private or unknown address and without geographic data.",
    examples: &[
        Example { call: "GEO::DISTANCE_BY_DOMAIN('192.0.2.7', 0, '192.0.2.7', 0)", value: "0.0" },
        Example { call: "GEO::DISTANCE_BY_DOMAIN(sourceip, 0, '192.0.2.7', 0)", value: "null" },
        Example { call: "GEO::DISTANCE_BY_DOMAIN(NULL, 0, '192.0.2.7', 0)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Provided(Provider::Geography, |environment, arguments| {
        Ok(super::geo_distance::distance("GEO::DISTANCE_BY_DOMAIN", 2, environment, arguments))
    }),
};
