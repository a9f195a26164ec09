//! Looks after the gateways: their deposit, what they sell, and changes of their configuration.

use std::time::Duration;

use domain::Rupiah;
use store::{
    DueGateways, Error, KeepOffers, KeepReading, LedgerMark, News, NoteDeposit, NoteStock, Offer, OwnerTerms,
    TakeStockTurn, WhatToLookAt,
};
use xl::{CutOff, DailyLimit, Gateway, GatewayError, ListedPackage, SessionGateway};

use super::Engine;
use super::housekeeping::every;

/// How often it is looked whether something is due; an admin may be waiting for the answer.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How often it is looked whether stocks are to be asked for; they are every few minutes.
const STOCKS_EVERY: Duration = Duration::from_secs(10);

/// The longest text that is kept of a gateway's list; descriptions are shorter.
const TEXT_MOST_CHARS: usize = 2_000;

pub(super) fn start(engine: &Engine) {
    every(engine, "gateways", LOOK_EVERY, look);
    every(engine, "stocks", STOCKS_EVERY, stocks);
    engine.tasks.spawn(follow_configuration(engine.clone()));
}

/// Asks the gateways whatever is due. No transaction is open while they are asked.
async fn look(engine: Engine) -> Result<(), Error> {
    let names = engine.gateways.all().iter().map(|gateway| gateway.name().to_owned()).collect();
    for (name, what) in engine.store.run(DueGateways { names }).await? {
        if engine.shutdown.is_cancelled() {
            break;
        }
        let all = engine.gateways.all();
        let Some(gateway) = all.iter().find(|gateway| gateway.name() == name) else { continue };
        match what {
            WhatToLookAt::Deposit => {
                // Before the question: what our books know now had happened when the gateway reads its own.
                let mark = engine.store.mark_ledger(&name, gateway.account()).await;
                let heard = gateway.deposit().await.map_err(|error| words(&name, &error));
                let deposit = heard.clone().ok();
                noted(engine.store.run(NoteDeposit { gateway: name, heard }).await);
                noted(keep_reading(&engine, mark, deposit).await);
            }
            WhatToLookAt::Offers => {
                let heard = match engine.gateways.session(&name) {
                    Some(gateway) => session_offers(gateway.as_ref()).await,
                    None => offers(gateway.as_ref()).await,
                };
                let heard = heard.map_err(|error| words(&name, &error));
                noted(engine.store.run(KeepOffers { gateway: name, heard }).await);
            }
        }
    }
    Ok(())
}

/// The first reading of a day closes the one before. Without an answer the next minute's will.
async fn keep_reading(
    engine: &Engine,
    mark: Result<Option<LedgerMark>, Error>,
    deposit: Option<Rupiah>,
) -> Result<(), Error> {
    let (Some(mark), Some(deposit)) = (mark?, deposit) else { return Ok(()) };
    let open = engine.store.orders_around(&mark).await?;
    engine.store.run(KeepReading { mark, open, deposit }).await
}

/// One gateway's trouble must not keep the others from being looked at.
fn noted(outcome: Result<(), Error>) {
    if let Err(error) = outcome {
        tracing::error!(%error, "what a gateway said could not be kept");
    }
}

async fn offers(gateway: &dyn Gateway) -> Result<Vec<Offer>, GatewayError> {
    Ok(gateway.list_packages().await?.into_iter().map(offer).collect())
}

fn offer(listed: ListedPackage) -> Offer {
    Offer {
        sku: clean(listed.sku),
        name: clean(listed.name),
        category: clean(listed.category),
        brand: clean(listed.brand),
        kind: clean(listed.kind),
        cost: listed.price,
        description: clean(listed.description),
        active: listed.is_active && listed.stock != Some(0),
        stock: listed.stock.map(i64::from),
        cut_off: listed.cut_off.map(|(from, until)| (clean(from), clean(until))),
        owner: OwnerTerms::default(),
    }
}

async fn session_offers(gateway: &dyn SessionGateway) -> Result<Vec<Offer>, GatewayError> {
    Ok(gateway.list_offers().await?.into_iter().map(session_offer).collect())
}

/// A session gateway's list has no columns for category and brand.
fn session_offer(listed: xl::Offer) -> Offer {
    let hours = |minute: u16| format!("{}:{:02}", minute / 60, minute % 60);
    let cut_off = match listed.cut_off {
        CutOff::Between { from_minute, to_minute } => Some((hours(from_minute), hours(to_minute))),
        CutOff::None | CutOff::Unreadable => None,
    };
    let left_today = match listed.daily_limit {
        DailyLimit::Of { limit, sold } => Some(i64::from(limit.saturating_sub(sold))),
        DailyLimit::None | DailyLimit::Untold => None,
    };
    let brand = if listed.name.to_uppercase().contains("AXIS") { "AXIS" } else { "XL" };
    Offer {
        sku: clean(listed.code),
        name: clean(listed.name),
        category: "Data".to_owned(),
        brand: brand.to_owned(),
        kind: String::new(),
        cost: listed.price,
        description: clean(listed.description),
        active: true,
        stock: None,
        cut_off,
        owner: OwnerTerms {
            // What needs no session and takes all from the deposit has no owner who pays.
            methods: if listed.needs_session { listed.methods } else { Vec::new() },
            needs_session: listed.needs_session,
            asks_stock: listed.needs_stock_check,
            left_today,
        },
    }
}

/// Asks how many are left of what is on sale. A job of its own, as it asks for one after the other. What cannot be asked
/// now is asked at the next turn.
async fn stocks(engine: Engine) -> Result<(), Error> {
    for name in engine.gateways.session_names() {
        let codes = engine.store.run(TakeStockTurn { gateway: name.clone() }).await?;
        let Some(gateway) = engine.gateways.session(&name) else { continue };
        for sku in codes {
            let asked = engine.shutdown.run_until_cancelled(gateway.stock(&sku)).await;
            let stock = match asked {
                None => return Ok(()),
                Some(Ok(stock)) => stock,
                Some(Err(error)) => {
                    tracing::warn!(gateway = name, %error, "a stock could not be asked for");
                    continue;
                }
            };
            let left = if stock.is_out { Some(0) } else { stock.left.map(i64::from) };
            noted(engine.store.run(NoteStock { gateway: name.clone(), sku, left }).await);
        }
    }
    Ok(())
}

/// An error's words hold neither address nor key.
fn words(gateway: &str, error: &GatewayError) -> String {
    tracing::warn!(gateway, %error, "a gateway could not be asked");
    clean(error.to_string())
}

/// What a database can hold, and no more of it than makes sense.
fn clean(text: String) -> String {
    text.chars().filter(|c| *c != '\0').take(TEXT_MOST_CHARS).collect()
}

/// Keeps this process's adapters as the settings say.
async fn follow_configuration(engine: Engine) {
    let mut news = engine.store.news();
    while engine.wait_for(&mut news, |item| *item == News::Gateways).await {
        if let Err(error) = engine.gateways.reload(&engine.store).await {
            tracing::error!(%error, "the gateways' configuration could not be read");
        }
    }
}
