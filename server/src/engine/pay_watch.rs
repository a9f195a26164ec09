//! Looks after payment gateways: whether their keys are right, and their own lists of a day.

use std::time::Duration;

use domain::start_of_wib_day;
use payments::ListedPayment;
use store::{Error, ListJob, NewLine, NoteList, NoteProbe};

use super::Engine;
use super::housekeeping::every;

/// How often it is looked whether something is due; an admin may be waiting for the answer.
const LOOK_EVERY: Duration = Duration::from_secs(2);

pub(super) fn start(engine: &Engine) {
    every(engine, "pay-gateways", LOOK_EVERY, look);
}

/// Asks whatever is due. No transaction is open meanwhile.
async fn look(engine: Engine) -> Result<(), Error> {
    let due = engine.store.pay_gateways().await?.into_iter().filter(|setting| setting.probe_due);
    for setting in due {
        // This process may not have read the settings yet.
        engine.gateways.payments().reload(&engine.store).await?;
        let outcome = match engine.gateways.payments().get(&setting.name) {
            Some(gateway) => gateway.probe().await.map_err(|error| error.to_string()),
            None => Err("address or keys cannot be used".to_owned()),
        };
        let probe = NoteProbe { gateway: setting.name, access_revision: setting.access_revision, outcome };
        engine.store.run(probe).await?;
    }
    for job in engine.store.wanted_lists().await? {
        list(&engine, job).await?;
    }
    Ok(())
}

async fn list(engine: &Engine, job: ListJob) -> Result<(), Error> {
    let Some(gateway) = engine.gateways.payments().get(&job.gateway) else { return Ok(()) };
    let heard = match gateway.paid_between(job.day, job.until).await {
        Ok(Some(listed)) => Ok(listed.into_iter().map(line).collect()),
        Ok(None) => {
            Err("this gateway has no such list: take in the one that its dashboard exports".to_owned())
        }
        Err(error) => Err(error.to_string()),
    };
    engine.store.run(NoteList { gateway: job.gateway, day: job.day, heard }).await
}

fn line(listed: ListedPayment) -> NewLine {
    NewLine {
        day: start_of_wib_day(listed.paid_at),
        amount: listed.gross,
        reference: listed.order_id,
        description: listed.transaction_id,
    }
}
