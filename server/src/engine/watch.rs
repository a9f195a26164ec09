//! Looks after the gateways: their deposit, what they sell, and changes of their configuration.

use std::time::Duration;

use store::{DueGateways, Error, KeepOffers, News, NoteDeposit, Offer, WhatToLookAt};
use xl::{Gateway, GatewayError, ListedPackage};

use super::Engine;
use super::housekeeping::every;

/// How often it is looked whether something is due; an admin may be waiting for the answer.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The longest text that is kept of a gateway's list; descriptions are shorter.
const TEXT_MOST_CHARS: usize = 2_000;

pub(super) fn start(engine: &Engine) {
    every(engine, "gateways", LOOK_EVERY, look);
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
                let heard = gateway.deposit().await.map_err(|error| words(&name, &error));
                noted(engine.store.run(NoteDeposit { gateway: name, heard }).await);
            }
            WhatToLookAt::Offers if engine.gateways.get(&name).is_none() => {
                let heard = Err("the shop does not sell from session gateways yet".to_owned());
                noted(engine.store.run(KeepOffers { gateway: name, heard }).await);
            }
            WhatToLookAt::Offers => {
                let heard = offers(gateway.as_ref()).await.map_err(|error| words(&name, &error));
                noted(engine.store.run(KeepOffers { gateway: name, heard }).await);
            }
        }
    }
    Ok(())
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
    }
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
