//! The PARAMETERS clause: known names pass, nothing else happens with them here.

use syntax::Safety;
use syntax::ast::{Node, Parameter};

use super::Binder;
use crate::bound;

/// The names that QRadar is known to take (`reference/aql.md` section 2).
const KNOWN: [&str; 5] =
    ["EXCLUDESERVERS", "EXECUTIONTIMELIMIT", "PROGRESSDETAILSRESOLUTION", "REMOTESERVERS", "SNAPSHOTSIZE"];

impl Binder<'_, '_, '_> {
    pub(super) fn parameters(&mut self, parameters: &[Node<Parameter>]) -> Vec<bound::Parameter> {
        parameters.iter().map(|it| self.parameter(it)).collect()
    }

    fn parameter(&mut self, parameter: &Node<Parameter>) -> bound::Parameter {
        let name = parameter.value.name.to_uppercase();
        if !KNOWN.contains(&name.as_str()) {
            let message = format!("no parameter `{}`", parameter.value.name);
            let span = syntax::Span::new(parameter.span.start, parameter.span.start + parameter.value.name.len());
            let mut diagnostic =
                crate::lints::UNKNOWN_PARAMETER.at(span, message).with_help(format!("known are {}", KNOWN.join(", ")));
            if let Some(nearest) = syntax::suggest(&name, KNOWN) {
                diagnostic = diagnostic.with_fix(Safety::Unsafe, vec![(span, nearest.to_owned())]);
            }
            self.context.say(diagnostic);
        }
        bound::Parameter { name, value: self.context.source(parameter.value.value.span).to_owned() }
    }
}
