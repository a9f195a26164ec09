//! The one error of server functions and pages.

use domain::Refusal;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::context;

/// Why a page or a form was not answered as hoped. Nothing in it is free text: causes stay in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// An expected "no", with the facts that a person needs.
    Refused(Refusal),
    /// Our mistake or the machine's. The id finds the cause in the log.
    Fault {
        /// As in the log and in the `x-request-id` header.
        request_id: String,
    },
    /// The request did not have the fields that the form has.
    Transport,
}

impl AppError {
    /// Logs the cause, and keeps only the request's id.
    #[must_use]
    pub fn fault(cause: &dyn std::fmt::Display) -> Self {
        let request_id = context::request_id();
        tracing::error!(request_id, cause = %cause, "fault");
        Self::Fault { request_id }
    }

    /// The HTTP status that fits.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Refused(refusal) => refusal.status(),
            Self::Fault { .. } => 500,
            Self::Transport => 400,
        }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<store::Error> for AppError {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Refused(refusal) => Self::Refused(refusal),
            store::Error::Fault(fault) => Self::fault(&fault),
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Transport
    }
}

/// For logs; people read the interface's words instead.
impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for AppError {}
