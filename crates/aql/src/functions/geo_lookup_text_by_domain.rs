//! `GEO::LOOKUP_TEXT_BY_DOMAIN`: where an address is, as text.

use schema::Type;

use crate::{ADDRESS, Category, Example, Function, Lower, Parameter, Provider, Returns, Standing, TEXT, WHOLE};

/// `GEO::LOOKUP_TEXT_BY_DOMAIN(address, domain, part)`
pub(super) static GEO_LOOKUP_TEXT_BY_DOMAIN: Function = Function {
    name: "GEO::LOOKUP_TEXT_BY_DOMAIN",
    category: Category::Geography,
    parameters: &[Parameter::new("address", ADDRESS), Parameter::new("domain", WHOLE), Parameter::new("part", TEXT)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "One part (`city`, `country`, `continent`, ...) of what the geographic data has on the address. Domains have no data of their own. Null for null, for a private or unknown address, for a part that is not there and without geographic data.",
    examples: &[
        Example { call: "GEO::LOOKUP_TEXT_BY_DOMAIN('192.0.2.7', 0, 'city')", value: "'Berlin'" },
        Example { call: "GEO::LOOKUP_TEXT_BY_DOMAIN(sourceip, 0, 'city')", value: "null" },
        Example { call: "GEO::LOOKUP_TEXT_BY_DOMAIN(NULL, 0, 'city')", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Provided(Provider::Geography, |environment, arguments| {
        Ok(super::geo_lookup_text::part("GEO::LOOKUP_TEXT_BY_DOMAIN", 2, environment, arguments))
    }),
};
