//! What becomes of an order once it is in the book, in both dialects.

use crate::state::Desk;
use crate::webhooks::Event;
use crate::{BookOrder, Ending, OrderFate, OrderState, Settling};

impl Desk<'_> {
    /// Starts the work on an order that is paid for. The caller saves it.
    pub(crate) fn begin(&mut self, order: &mut BookOrder, fate: OrderFate) {
        let processing_ms = self.inner.config.processing_ms;
        let serial = self.state.chance.next();
        match fate {
            OrderFate::AsUsual if processing_ms > 0 => {
                self.wait(order, Ending::Success, Settling::default());
            }
            OrderFate::Failed => order.give_back(&mut self.state.deposit_rupiah, OrderState::Failed),
            OrderFate::Pending { then, settling } => self.wait(order, then, settling),
            OrderFate::SuccessThenRefunded { settling } => {
                self.wait(order, Ending::Refunded, settling);
                order.succeed(serial, false);
            }
            // The last two never come here.
            OrderFate::AsUsual | OrderFate::Success | OrderFate::NotFormed | OrderFate::Refuse { .. } => {
                order.succeed(serial, true)
            }
        }
    }

    /// Brings an order to its end.
    pub(crate) fn finish(&mut self, mut order: BookOrder, ending: Ending) {
        let deposit = &mut self.state.deposit_rupiah;
        match ending {
            Ending::Success => order.succeed(self.state.chance.next(), true),
            Ending::Failed => order.give_back(deposit, OrderState::Failed),
            Ending::Refunded => order.give_back(deposit, OrderState::Refunded),
            Ending::Never => return,
        }
        order.stop_waiting();
        self.save(order, Some(Event::Update));
    }

    /// Somebody asked about an order; some end after a number of questions.
    pub(crate) fn queried(&mut self, mut order: BookOrder) {
        if let (Some(left), Some(ending)) = (order.settle_after_queries, order.ending) {
            let left = left.saturating_sub(1);
            if left == 0 {
                self.finish(order, ending);
            } else {
                order.settle_after_queries = Some(left);
                self.save(order, None);
            }
        }
    }

    /// Ends everything whose time has come.
    pub(crate) fn settle_due(&mut self) {
        while let Some(order) = self.state.book.one_due(self.now_ms).cloned() {
            // Only orders with an ending have a time; a broken journal line must not loop for ever.
            let ending = order.ending.filter(|ending| *ending != Ending::Never).unwrap_or(Ending::Failed);
            self.finish(order, ending);
        }
    }

    fn wait(&self, order: &mut BookOrder, ending: Ending, settling: Settling) {
        order.state = OrderState::Pending;
        order.ending = Some(ending);
        if ending == Ending::Never {
            return;
        }
        order.settle_after_queries = settling.after_queries;
        // Waiting for queries alone means that time alone changes nothing.
        let after_ms = match (settling.after_ms, settling.after_queries) {
            (None, Some(_)) => return,
            (None, None) => self.inner.config.processing_ms,
            (Some(after_ms), _) => after_ms,
        };
        order.settle_at_ms = Some(self.now_ms.saturating_add(after_ms));
    }
}
