//! Any other object: its keys are the names of properties.

use super::Shape;
use crate::{Body, JsonFamily};

pub(in crate::readers) static SHAPE: Shape =
    Shape { recognises: |_| true, event: |object| Ok(Body::Json(JsonFamily::Flat, Box::new(object))) };
