//! What can go wrong while a plan runs.

use datafusion_common::DataFusionError;

/// A failure of the engine or of what it reads.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The plan cannot be made or run.
    #[error("{}", plain(.0))]
    Plan(Box<DataFusionError>),
    /// Sorting or grouping does not get on with the memory that it may use, though it wrote to disk what it could.
    #[error(
        "sorting and grouping may use {} MiB of memory{}, which is too little; allow more with `--memory` ({message})",
        memory >> 20,
        shared(*plans)
    )]
    Memory {
        /// The memory of all plans together, in bytes.
        memory: usize,
        /// How many plans share it.
        plans: usize,
        /// What DataFusion says.
        message: String,
    },
    /// The plan asks for something that the engine does not run.
    #[error("{0}")]
    Unsupported(String),
    /// Reading the input or writing the output failed.
    #[error("{context}: {source}")]
    Io {
        /// What was being done, with the name of the file.
        context: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A file of reference data cannot be understood.
    #[error("{file}:{line}: {message}")]
    ReferenceData {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// A database of places cannot be read.
    #[error("{file}: {message}")]
    Geography {
        /// The file.
        file: String,
        /// What is wrong with it.
        message: String,
    },
}

/// The result of what the engine does.
pub type Result<T, E = EngineError> = std::result::Result<T, E>;

impl From<DataFusionError> for EngineError {
    fn from(error: DataFusionError) -> Self {
        Self::Plan(Box::new(error))
    }
}

impl From<datafusion_common::arrow::error::ArrowError> for EngineError {
    fn from(error: datafusion_common::arrow::error::ArrowError) -> Self {
        DataFusionError::from(error).into()
    }
}

/// Who shares the memory, for a message.
fn shared(plans: usize) -> String {
    if plans > 1 { format!(", shared by {plans} detections that look at groups of events") } else { String::new() }
}

/// The message of the innermost error, without the names of the layers around it.
fn plain(error: &DataFusionError) -> String {
    match error.find_root() {
        DataFusionError::ResourcesExhausted(message) => {
            format!("not enough memory to sort or group ({message}); allow more memory")
        }
        DataFusionError::Execution(message) | DataFusionError::Plan(message) => message.clone(),
        other => other.strip_backtrace(),
    }
}
