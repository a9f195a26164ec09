//! What reads give: plain values, ready to be shown.

use std::fmt;

use domain::{
    Ask, Category, Email, FailReason, HoldState, Lang, Msisdn, PayTo, PaymentAction, PaymentMethod,
    PersonName, Phone, Prices, PublicId, PurchaseState, Refusal, Role, Rupiah, Theme, TopupMethod,
    TopupState, UserState, Username, UtcMillis, Zone,
};
use serde::{Deserialize, Serialize};

/// A user's row number. Stays inside; [`User::public_id`] may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub i64);

/// Someone who can sign in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Row number, inside only.
    pub id: UserId,
    /// For addresses.
    pub public_id: PublicId,
    /// Name to sign in with.
    pub username: Username,
    /// E-mail address.
    pub email: Email,
    /// Own phone number.
    pub phone: Phone,
    /// How they want to be called.
    pub name: Option<PersonName>,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub state: UserState,
    /// Language of the interface.
    pub lang: Lang,
    /// Time zone of the interface.
    pub zone: Zone,
    /// Colours of the interface.
    pub theme: Theme,
    /// A session is valid while it carries this.
    pub auth_epoch: String,
    /// When they signed up.
    pub created_at: UtcMillis,
    /// Since when they wait for an admin to let them in.
    pub waiting_since: Option<UtcMillis>,
}

/// Logs must not name people, nor hold what opens a session.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

/// A user's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wallet {
    /// Can be spent.
    pub available: Rupiah,
    /// Held for open purchases.
    pub held: Rupiah,
    /// Owed to the shop (zero or below).
    pub receivable: Rupiah,
    /// Nothing can be bought until the shop has looked into it.
    pub frozen: bool,
    /// How many purchases are open.
    pub open_purchases: i64,
}

/// Something to buy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// For addresses.
    pub id: PublicId,
    /// As buyers know it.
    pub name: String,
    /// What is in it.
    pub description: String,
    /// Short: `10 GB`.
    pub quota: String,
    /// Days it runs.
    pub validity_days: i64,
    /// How long it runs, as buyers think of it.
    pub category: Category,
    /// `XL` or `AXIS`.
    pub brand: String,
    /// By role.
    pub prices: Prices,
    /// What the gateway takes for it.
    pub cost: Rupiah,
    /// Which gateway delivers it.
    pub gateway: String,
    /// Its code there.
    pub sku: String,
    /// Whether it can be bought.
    pub active: bool,
    /// Whether it often failed of late.
    pub disturbed: bool,
    /// Place in the list.
    pub sort: i64,
    /// What it belongs to, such as `Xtra Combo`; empty for none.
    pub family: String,
    /// What it contains, a line each ([`domain::Benefit`]).
    pub benefits: String,
    /// The number's owner pays for it, not the shop's deposit. The price is the shop's fee then.
    pub by_owner: bool,
    /// The least that the owner pays; nothing while no way of paying has a price.
    pub owner_from: Option<Rupiah>,
}

/// A purchase, as its buyer and admins see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    /// For addresses and for talking about it.
    pub id: PublicId,
    /// The package's name when it was bought.
    pub package_name: String,
    /// The package's quota when it was bought.
    pub quota: String,
    /// Days it runs.
    pub validity_days: i64,
    /// To whom.
    pub msisdn: Msisdn,
    /// What the buyer pays.
    pub price: Rupiah,
    /// Where it stands.
    pub state: PurchaseState,
    /// What became of the money.
    pub hold: HoldState,
    /// Why it failed.
    pub fail_reason: Option<FailReason>,
    /// The provider's serial number.
    pub serial_number: Option<String>,
    /// The buyer's balance right after the hold.
    pub balance_after: Rupiah,
    /// What the gateway really charged.
    pub cost: Option<Rupiah>,
    /// When it was accepted.
    pub created_at: UtcMillis,
    /// When it came to its present state.
    pub state_at: UtcMillis,
    /// The buyer's username.
    pub buyer: String,
    /// The package, to buy it again.
    pub package: PublicId,
    /// What the number's owner pays apart, where the shop's deposit does not pay.
    pub owner: Option<OwnerPayment>,
}

/// What the number's owner pays for a purchase. It never passes through the shop's books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerPayment {
    /// How.
    pub method: PaymentMethod,
    /// How much.
    pub price: Rupiah,
    /// What the owner has to do, once the gateway has said so.
    pub action: Option<PaymentAction>,
}

/// One step in a purchase's life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseStep {
    /// When.
    pub at: UtcMillis,
    /// From where; nothing for the first.
    pub from: Option<PurchaseState>,
    /// To where.
    pub to: PurchaseState,
    /// A word from a closed set, such as a [`FailReason`]'s; an admin's reason when `actor` is there.
    pub note: String,
    /// The admin who did it.
    pub actor: Option<String>,
}

/// What was said between the shop and a gateway, redacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayMessage {
    /// When.
    pub at: UtcMillis,
    /// Of which attempt.
    pub attempt: i64,
    /// `answer`, `webhook`, or `quota` for what the number showed.
    pub kind: String,
    /// How it was asked.
    pub ask: Option<Ask>,
    /// HTTP status of the answer.
    pub http_status: Option<i64>,
    /// The provider's code.
    pub code: Option<String>,
    /// The text, secrets taken out.
    pub body: String,
    /// What we made of it.
    pub note: String,
}

/// A purchase with its story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseDetail {
    /// The purchase.
    pub purchase: Purchase,
    /// Its steps, oldest first.
    pub steps: Vec<PurchaseStep>,
    /// The gateway's evidence, oldest first; for admins only.
    pub messages: Vec<GatewayMessage>,
}

/// A bank account of the shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankAccount {
    /// Its number in the settings.
    pub id: i64,
    /// The bank's name.
    pub bank: String,
    /// The account's number.
    pub number: String,
    /// The account's holder.
    pub holder: String,
    /// Whether people may pay to it.
    pub active: bool,
}

/// A top-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topup {
    /// For addresses.
    pub id: PublicId,
    /// Whose, by username.
    pub buyer: String,
    /// How it is paid.
    pub method: TopupMethod,
    /// The payment gateway that collects it.
    pub gateway: Option<String>,
    /// Where a human looks for the money.
    pub bank: Option<BankAccount>,
    /// What the payer needs, once it is known.
    pub pay_to: Option<PayTo>,
    /// The amount that was asked for.
    pub base: Rupiah,
    /// The payer's fee in what is paid.
    pub fee: Rupiah,
    /// The exact amount to pay, unique code or fee included.
    pub payable: Rupiah,
    /// Where it stands.
    pub state: TopupState,
    /// When it was asked for.
    pub created_at: UtcMillis,
    /// Until when it should be paid.
    pub expires_at: UtcMillis,
    /// When an admin decided.
    pub decided_at: Option<UtcMillis>,
    /// Why it was rejected.
    pub reject_reason: Option<String>,
    /// The bank statement's reference of the payment.
    pub reference: Option<String>,
    /// What was credited.
    pub credited: Option<Rupiah>,
    /// Whether a picture was handed in.
    pub has_proof: bool,
    /// Whether the money came after it had expired or been called off.
    pub late: bool,
    /// What the first of two admins has found.
    pub first_look: Option<FirstLook>,
}

/// What the first of two admins has found on the statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstLook {
    /// Who, by username.
    pub by: String,
    /// When.
    pub at: UtcMillis,
    /// The line's reference.
    pub reference: String,
    /// What came.
    pub received: Rupiah,
}

/// One page of a list, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Hand it in as `after` to get the next page.
    pub next: Option<String>,
}

/// A user with their money, in the admin's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRow {
    /// Who.
    pub user: User,
    /// Their money.
    pub wallet: Wallet,
}

/// Where a user is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// The session's hashed id.
    pub id_hash: String,
    /// Since when.
    pub created_at: UtcMillis,
    /// Last used, to within five minutes.
    pub last_seen_at: UtcMillis,
    /// From which address.
    pub ip: String,
    /// With which browser.
    pub user_agent: String,
}

/// What is open in the shop now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminOverview {
    /// Purchases that are not settled, whenever accepted.
    pub open_now: i64,
    /// Users.
    pub users: i64,
}

/// Who is looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// A user, who sees only what is theirs.
    Owner(UserId),
    /// An admin, who sees everything.
    Admin,
}

/// What was typed into a form that was refused.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormDraft {
    /// Names and values; never a password's.
    pub values: Vec<(String, String)>,
    /// Why it was refused.
    pub refusal: Refusal,
}

/// What people type does not belong in a log.
impl fmt::Debug for FormDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormDraft").field("refusal", &self.refusal).finish_non_exhaustive()
    }
}
