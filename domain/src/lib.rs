//! What the shop is about, without any input or output: money, phone numbers, roles, prices, the states of a
//! purchase and of a top-up, and the rules for what people type. Compiles to WASM, so that the browser and the
//! server check with the same code.

mod accent;
mod account;
mod charge;
mod correction;
mod cut_off;
mod gateway;
mod id;
mod label;
mod mail;
mod margin;
mod msisdn;
mod notice;
mod opening_hours;
mod operator;
mod package;
mod pay_case;
mod payment;
mod price_formula;
mod purchase;
mod qris;
mod refusal;
mod rupiah;
mod sheet;
mod statement;
mod time;
mod topup;
mod verdict;
mod xl_account;

pub use accent::{Accent, Colour, Shades};
pub use account::{
    Email, Lang, PersonName, Phone, Role, Theme, UserState, Username, Zone, check_new_password,
};
pub use charge::{
    CancelVerdict, ChargeFacts, ChargeRefusal, ChargeState, ChargeVerdict, FeeRule, PayDialect, PayTo,
    ProviderState, RefundVerdict, StatusVerdict,
};
pub use correction::{CorrectionState, ResellerRequestState};
pub use cut_off::{CutOff, start_of_wib_day};
pub use gateway::{AlarmKind, DepositDayState, Dialect, WebhookOutcome};
pub use id::{IdParseError, PublicId};
pub use label::Label;
pub use mail::{MailKind, SignInOutcome};
pub use margin::{Margin, MarginRule, NameFacts};
pub use msisdn::Msisdn;
pub use notice::{NoticeChannel, NoticeKind, NoticeTrouble, Placeholder, Template};
pub use opening_hours::{OpeningDay, OpeningWeek, WEEK_DAYS};
pub use operator::{Operator, Prefixes};
pub use package::{Benefit, Category, Prices};
pub use pay_case::{PayCaseAction, PayCaseKind};
pub use payment::{Payment, PaymentAction, PaymentMethod, PaymentWay};
pub use price_formula::{
    BulkChange, BulkOutcome, BulkStop, PackageTerms, PriceFormula, PriceStep, PriceTarget, RoundUp,
};
pub use purchase::{AttemptState, HoldState, PurchaseState};
pub use qris::{Qris, QrisError, QrisKind, QrisWarning};
pub use refusal::{FieldCode, FieldError, Fields, Refusal};
pub use rupiah::{Rupiah, RupiahParseError};
pub use sheet::{Sheet, SheetError, SheetRow, SheetRowTrouble, SheetShape, harmless_cell, write_sheet};
pub use statement::{
    AmountColumns, Column, Delimiter, Expected, MatchFit, NumberStyle, Proposal, RowProblem, RowTrouble,
    Statement, StatementDateFormat, StatementError, StatementGuess, StatementLine, StatementProfile,
    StatementText, propose_matches,
};
pub use time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, UtcMillis};
pub use topup::{TopupLimits, TopupMethod, TopupState};
pub use verdict::{Ask, FailReason, ShopTrouble, Verdict};
pub use xl_account::{OtpStep, OtpTrouble, Quota, QuotaBenefit, XlAccountState, has_got_exactly};
