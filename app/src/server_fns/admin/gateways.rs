//! Gateways: how to reach them, looking at them, taking over what they sell.

use domain::{Dialect, FieldCode, Fields, Refusal, Rupiah, UtcMillis};
use http::Uri;
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};
use store::{GatewayDraft, WhatToLookAt};

use super::{confirmed_admin, filled, short};
use crate::context::{SiteInfo, provided, require_admin, use_store};
use crate::error::AppError;
use crate::format::address;
use crate::server_fns::{AllTaken, all};

const NAME_MOST_CHARS: usize = 32;
const TEXT_MOST_CHARS: usize = 200;
/// A page of proposals is taken over in one go.
const SKUS_MOST: usize = 500;
const LIST: &str = "/admin/gateways";

/// A gateway as it is typed.
#[derive(Clone, Serialize, Deserialize)]
pub struct GatewayForm {
    /// Empty for a new one.
    seen: String,
    name: String,
    dialect: String,
    base_url: String,
    username: String,
    /// Named so that it is never kept in a draft.
    api_secret: String,
    webhook_secret: String,
    low_deposit: String,
    active: Option<String>,
}

/// Without the secrets.
impl std::fmt::Debug for GatewayForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GatewayForm").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Adds or changes a gateway.
#[server(prefix = "/api", endpoint = "save_gateway")]
pub async fn save_gateway(#[server(flatten)] form: GatewayForm) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let seen =
        if form.seen.is_empty() { None } else { Some(form.seen.parse().map_err(|_| Refusal::StateChanged)?) };
    let draft = form.parse(provided::<SiteInfo>()?.demo.is_some())?;
    let page = address(LIST, &[("done", "saved")]);
    use_store()?.run(store::SaveGateway { admin: admin.id, seen, draft }).await?;
    redirect(&page);
    Ok(())
}

/// Asks a gateway for the deposit or for its packages, as soon as it may be asked.
#[server(prefix = "/api", endpoint = "look_at_gateway")]
pub async fn look_at_gateway(gateway: String, what: String) -> Result<(), AppError> {
    let admin = require_admin()?;
    let (what, page) = match what.as_str() {
        "deposit" => (WhatToLookAt::Deposit, LIST.to_owned()),
        "offers" => (WhatToLookAt::Offers, offers_page(&gateway)),
        _ => return Err(AppError::Transport),
    };
    use_store()?.run(store::LookAtGateway { admin: admin.id, gateway, what }).await?;
    redirect(&page);
    Ok(())
}

/// Adds packages and sets prices as the comparison proposed them.
#[server(prefix = "/api", endpoint = "apply_offers")]
pub async fn apply_offers(gateway: String, seen_at: i64, skus: Option<Vec<String>>) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let skus = skus.unwrap_or_default();
    if skus.is_empty() {
        return Err(Refusal::field("skus", FieldCode::Required).into());
    }
    if skus.len() > SKUS_MOST {
        return Err(Refusal::field("skus", FieldCode::TooLong { max: SKUS_MOST }).into());
    }
    let store = use_store()?;
    store.reload_settings().await?;
    let rules = store.settings().margins;
    let page = address(&offers_page(&gateway), &[("done", "saved")]);
    let seen_at = UtcMillis(seen_at);
    store.run(store::ApplyOffers { admin: admin.id, gateway, skus, rules, seen_at }).await?;
    redirect(&page);
    Ok(())
}

/// A human has seen to an alarm.
#[server(prefix = "/api", endpoint = "close_alarm")]
pub async fn close_alarm(id: i64) -> Result<(), AppError> {
    let admin = require_admin()?;
    use_store()?.run(store::CloseAlarm { admin: admin.id, id }).await?;
    redirect("/admin?done=decided");
    Ok(())
}

/// The page that compares what a gateway sells with what the shop sells.
pub(crate) fn offers_page(gateway: &str) -> String {
    format!("{LIST}/{gateway}/offers")
}

impl GatewayForm {
    fn parse(self, demo: bool) -> Result<GatewayDraft, AppError> {
        let mut fields = Fields::new();
        let typed = (
            fields.take("name", filled(&self.name, NAME_MOST_CHARS)),
            fields.take("dialect", self.dialect.parse::<Dialect>()),
            fields.take("base_url", gateway_address(&self.base_url, demo)),
            fields.take("username", filled(&self.username, TEXT_MOST_CHARS)),
            fields.take("api_secret", short(&self.api_secret, TEXT_MOST_CHARS)),
            fields.take("webhook_secret", short(&self.webhook_secret, TEXT_MOST_CHARS)),
        );
        let low_deposit = fields.take("low_deposit", self.low_deposit.parse::<Rupiah>());
        if self.seen.is_empty() && self.api_secret.trim().is_empty() {
            fields.note("api_secret", FieldCode::Required);
        }
        let (typed, low_deposit) = all(fields, (typed.taken(), low_deposit))?;
        let (name, dialect, base_url, username, api_key, webhook_secret) = typed;
        let active = self.active.is_some();
        Ok(GatewayDraft { name, dialect, base_url, username, api_key, webhook_secret, active, low_deposit })
    }
}

/// The address of another service: over TLS, or on this very machine.
pub(super) fn service_address(typed: &str) -> Result<String, FieldCode> {
    gateway_address(typed, true)
}

/// An address over TLS, without anything that could hold a secret. A demo may also talk to its own machine.
pub(super) fn gateway_address(typed: &str, demo: bool) -> Result<String, FieldCode> {
    let typed = filled(typed, TEXT_MOST_CHARS)?;
    let uri: Uri = typed.parse().map_err(|_| FieldCode::BadAddress)?;
    let host = uri.host().unwrap_or_default();
    let secure = uri.scheme_str() == Some("https") || (demo && host == "127.0.0.1");
    let plain = uri.query().is_none() && !typed.contains(['@', '#']);
    if secure && plain && !host.is_empty() {
        Ok(typed.trim_end_matches('/').to_owned())
    } else {
        Err(FieldCode::BadAddress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_gateways() {
        let read = |typed: &str| gateway_address(typed, false);
        assert_eq!(read(" https://api.gateway.example/v1/ "), Ok("https://api.gateway.example/v1".into()));
        for typed in [
            "http://api.gateway.example/v1",
            "https://user:key@gateway.example/v1",
            "https://gateway.example/v1?api_key=x",
            "https://gateway.example/#x",
            "gateway.example",
            "https://",
        ] {
            assert_eq!(read(typed), Err(FieldCode::BadAddress), "{typed}");
        }
        assert_eq!(gateway_address("http://127.0.0.1:4000/v1", true), Ok("http://127.0.0.1:4000/v1".into()));
        assert_eq!(gateway_address("http://127.0.0.1:4000/v1", false), Err(FieldCode::BadAddress));
    }
}
