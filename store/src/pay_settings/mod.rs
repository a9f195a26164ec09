//! How money for top-ups is collected: payment gateways, ways of paying, the shop's own QRIS code.

mod gateways;
mod health;
mod methods;
mod read;
mod static_code;

pub use gateways::{PayGatewayAccess, PayGatewayDraft, PayGatewaySetting, SavePayGateway};
pub use health::{NoteProbe, ProbePayGateway};
pub(crate) use health::{note_answer, note_silence};
pub use methods::{PayMethodDraft, SavePayMethod, TestPayMethod};
pub(crate) use read::{MethodInForce, method_in};
pub use read::{OpenMethod, PayMethod, TestState};
pub(crate) use static_code::static_code_in;
pub use static_code::{SaveStaticCode, StaticCode};
