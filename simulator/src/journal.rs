//! The book on disk: one JSON line a change, synced before the shop gets its answer, so that a killed process cannot
//! have promised what it then forgets. A thread of its own syncs all waiting lines at once.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use crate::BookOrder;
use crate::PaymentOrder;
use crate::book::Book;
use crate::payments::PaymentBook;
use crate::session::{Phone, Phones};

/// Lines that may wait for the disk. A full queue makes the gateway wait, as a slow disk would.
const WAITING_LINES: usize = 1_024;

/// Writes the book's changes.
pub(crate) struct Journal {
    lines: Option<SyncSender<Waiting>>,
}

/// Resolves once a line is on disk; an error means that it is not.
pub(crate) type Synced = oneshot::Receiver<()>;

/// What a journal held.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) book: Book,
    pub(crate) phones: Phones,
    pub(crate) payments: PaymentBook,
    /// As it stood last, if it was ever written.
    pub(crate) deposit_rupiah: Option<i64>,
}

struct Waiting {
    line: Vec<u8>,
    synced: oneshot::Sender<()>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Order {
        order: BookOrder,
        deposit_rupiah: i64,
    },
    Deposit(i64),
    Phone(Phone),
    /// A charge at a payment gateway.
    Payment(Box<PaymentOrder>),
    Reset(i64),
}

impl Journal {
    /// A journal that keeps nothing.
    pub(crate) const fn none() -> Self {
        Self { lines: None }
    }

    /// Reads the file back, writes it anew without outdated lines, and opens it for appending. Gives what the
    /// file held.
    pub(crate) fn open(path: &Path) -> io::Result<(Self, Kept)> {
        let kept = read(path)?;
        let file = rewrite(path, &kept)?;
        let (sender, receiver) = sync_channel(WAITING_LINES);
        std::thread::Builder::new()
            .name("simulator-book".to_owned())
            .spawn(move || write_lines(file, &receiver))?;
        Ok((Self { lines: Some(sender) }, kept))
    }

    pub(crate) fn order(&self, order: &BookOrder, deposit_rupiah: i64) -> Synced {
        // The clone is only made when there is a file.
        self.write(|| Line::Order { order: order.clone(), deposit_rupiah })
    }

    pub(crate) fn deposit(&self, deposit_rupiah: i64) -> Synced {
        self.write(|| Line::Deposit(deposit_rupiah))
    }

    pub(crate) fn phone(&self, phone: &Phone) -> Synced {
        self.write(|| Line::Phone(phone.clone()))
    }

    pub(crate) fn payment(&self, order: &PaymentOrder) -> Synced {
        self.write(|| Line::Payment(Box::new(order.clone())))
    }

    pub(crate) fn reset(&self, deposit_rupiah: i64) -> Synced {
        self.write(|| Line::Reset(deposit_rupiah))
    }

    fn write(&self, line: impl FnOnce() -> Line) -> Synced {
        let (synced, receiver) = oneshot::channel();
        match &self.lines {
            None => {
                // The reader holds the other end, so this cannot fail in a way that matters.
                let _ = synced.send(());
            }
            Some(lines) => {
                if let Ok(mut line) = serde_json::to_vec(&line()) {
                    line.push(b'\n');
                    // A writer that has died drops `synced`, and the gateway answers nothing: as if it were killed.
                    let _ = lines.send(Waiting { line, synced });
                }
            }
        }
        receiver
    }
}

fn read(path: &Path) -> io::Result<Kept> {
    let mut kept = Kept::default();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(kept),
        Err(error) => return Err(error),
    };
    for line in BufReader::new(file).split(b'\n') {
        // The last line may be torn: its answer was never sent.
        match serde_json::from_slice(&line?) {
            Ok(Line::Order { order, deposit_rupiah }) => {
                kept.book.put(order);
                kept.deposit_rupiah = Some(deposit_rupiah);
            }
            Ok(Line::Deposit(rupiah)) => kept.deposit_rupiah = Some(rupiah),
            Ok(Line::Phone(phone)) => kept.phones.put(phone),
            Ok(Line::Payment(order)) => kept.payments.put(*order),
            Ok(Line::Reset(rupiah)) => {
                kept = Kept { deposit_rupiah: Some(rupiah), ..Kept::default() };
            }
            Err(error) => {
                tracing::warn!(%error, "the simulator's book ends with a torn line, left out");
                break;
            }
        }
    }
    Ok(kept)
}

/// Writes the whole book beside the old file and puts it in its place in one step.
fn rewrite(path: &Path, kept: &Kept) -> io::Result<File> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file = io::BufWriter::new(File::create(&beside)?);
    let deposit_rupiah = kept.deposit_rupiah;
    let orders = kept.book.iter().map(|order| Line::Order {
        order: order.clone(),
        deposit_rupiah: deposit_rupiah.unwrap_or_default(),
    });
    let phones = kept.phones.iter().map(|phone| Line::Phone(phone.clone()));
    let payments = kept.payments.iter().map(|order| Line::Payment(Box::new(order.clone())));
    for line in orders.chain(phones).chain(payments).chain(deposit_rupiah.map(Line::Deposit)) {
        serde_json::to_writer(&mut file, &line)?;
        file.write_all(b"\n")?;
    }
    file.flush()?;
    file.get_ref().sync_all()?;
    std::fs::rename(&beside, path)?;
    // The rename itself must be on disk too.
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    OpenOptions::new().append(true).open(path)
}

fn write_lines(mut file: File, lines: &Receiver<Waiting>) {
    while let Ok(first) = lines.recv() {
        let mut batch = vec![first];
        batch.extend(lines.try_iter().take(WAITING_LINES));
        let text: Vec<u8> = batch.iter().flat_map(|waiting| waiting.line.iter().copied()).collect();
        if let Err(error) = file.write_all(&text).and_then(|()| file.sync_data()) {
            tracing::error!(%error, "the simulator's book cannot be written; the gateway stops answering");
            return;
        }
        for waiting in batch {
            // Nobody waits any more when the shop has hung up.
            let _ = waiting.synced.send(());
        }
    }
}
