//! Events of macOS: Endpoint Security, the unified log.

mod endpoint_security;
mod unified_log;

pub(super) use endpoint_security::fill as endpoint_security;
pub(super) use unified_log::fill as unified_log;
