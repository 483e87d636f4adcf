//! Events of a fictional network, the same for the same seed: for the samples and the benchmarks.

pub(crate) mod activity;
pub(crate) mod formats;
pub(crate) mod hosts;
pub(crate) mod kinds;
pub(crate) mod logon;
mod programs;
mod random;
pub(crate) mod scene;
pub(crate) mod services;

pub(crate) use random::Random;
