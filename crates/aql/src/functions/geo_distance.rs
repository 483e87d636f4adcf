//! `GEO::DISTANCE`: how far two addresses are from each other.

use datafusion_expr::Expr;
use schema::Type;

use super::row::RowFunction;
use crate::{
    ADDRESS, Argument, Category, Environment, Example, Function, Lower, Parameter, Provider, Returns, Standing,
};

/// `GEO::DISTANCE(address, other)`
pub(super) static GEO_DISTANCE: Function = Function {
    name: "GEO::DISTANCE",
    category: Category::Geography,
    parameters: &[Parameter::new("address", ADDRESS), Parameter::new("other", ADDRESS)],
    variadic: false,
    returns: Returns::Type(Type::Double),
    summary: "The distance between the places of two addresses, in kilometres along the surface of the Earth. Null for null, for a private or unknown address and without geographic data.",
    examples: &[
        Example { call: "GEO::DISTANCE('192.0.2.7', '192.0.2.7')", value: "0.0" },
        Example { call: "GEO::DISTANCE(sourceip, '192.0.2.7')", value: "null" },
        Example { call: "GEO::DISTANCE(NULL, '192.0.2.7')", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Provided(Provider::Geography, |environment, arguments| {
        Ok(distance("GEO::DISTANCE", 1, environment, arguments))
    }),
};

/// The call of a distance, with the second address in the argument `other_at`.
pub(super) fn distance(
    name: &'static str,
    other_at: usize,
    environment: &Environment,
    arguments: Vec<Argument>,
) -> Expr {
    let geography = environment.geography.clone();
    let distance = RowFunction::double(name, move |cells| {
        let geography = geography.as_ref()?;
        let here = geography.coordinates(cells[0].address()?)?;
        Some(kilometres(here, geography.coordinates(cells[other_at].address()?)?))
    });
    distance.call(arguments)
}

/// The haversine distance of two places, each latitude and longitude in degrees, on a sphere of the Earth's mean radius.
fn kilometres(here: (f64, f64), there: (f64, f64)) -> f64 {
    const EARTH_RADIUS: f64 = 6371.0088;
    let half = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
    let parallels = here.0.to_radians().cos() * there.0.to_radians().cos();
    let haversine = half(here.0, there.0) + parallels * half(here.1, there.1);
    2.0 * EARTH_RADIUS * haversine.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::kilometres;

    #[test]
    fn distances_between_cities() {
        let (berlin, sydney) = ((52.5200, 13.4050), (-33.8688, 151.2093));
        assert!((kilometres(berlin, sydney) - 16_090.0).abs() < 20.0);
        assert!((kilometres((0.0, 179.0), (0.0, -179.0)) - 222.39).abs() < 0.01);
    }
}
