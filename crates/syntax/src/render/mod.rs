//! Diagnostics to text.
