//! Sigma rules to detections, and detections to Sigma rules.
//!
//! Sigma is an exchange format here, never a second rule language: a rule becomes a detection with AQL, and from then on
//! takes the one road from log to match. No input/output: rules come as text.
