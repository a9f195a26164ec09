//! What the shop knows about its gateways beside the orders: how to reach them, their deposit, what they sell, what they
//! told us by webhook; and the alarms that call a human.

mod alarms;
mod calls;
mod compare;
mod config;
mod offers;
mod stock;
mod watch;

pub use alarms::{Alarm, CloseAlarm};
pub(crate) use alarms::{close_alarm, open_alarm};
pub use calls::{KeepWebhook, WebhookCall};
pub use compare::{ApplyOffers, OfferChange, OfferRow, OfferedPackage, Rules};
pub use config::{GatewayAccess, GatewayDraft, GatewaySetting, SaveGateway};
pub use offers::{KeepOffers, Offer, OwnerTerms};
pub(crate) use offers::{OFFER_COUNTS_MS, STOCK_COUNTS_MS};
pub use stock::{NoteStock, TakeStockTurn};
pub(crate) use watch::{DEPOSIT_COUNTS_MS, ensure_state};
pub use watch::{DueGateways, GatewayState, LookAtGateway, NoteDeposit, WhatToLookAt};
