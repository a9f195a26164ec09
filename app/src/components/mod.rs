//! The parts that pages are made of. They render on the server only.

mod card;
mod chart;
mod field;
mod form;
mod icon;
mod logo;
mod notice;
mod pill;
mod qr_code;
mod show;

pub use card::{Card, Empty, Fact, Facts, Kpi, Step, StepState, Steps};
pub use chart::{Bar, Chart};
pub use field::{Check, Choice, Field, Hidden, Input, PasswordField, PhoneInput, Select, TextArea};
pub(crate) use field::{OperatorBadge, data_prefixes};
pub use leptos::server_fn::ServerFn;

pub use form::{Button, FormState, IdempotencyKey, Look, PostForm, Sendable, came_back, use_form};
pub use icon::{Icon, icons};
pub use logo::{LOGO_PREFIX, ShopLogo, logo_address};
pub use notice::{DoneNotice, FormNotice, Notice};
pub use pill::{CorrectionPill, Pill, PurchasePill, Tone, TopupPill, UserPill};
pub use qr_code::QrCode;
pub use show::{Filter, Filters, Live, Money, Pager, TimeLeft, When};
