//! Which rule of an admin call strikes a request, in both dialects.

use crate::state::{Counters, Desk};
use crate::{Behaviour, Receipt, Rule};

/// A rule's `call` that means every call.
const ANY_CALL: &str = "any";

/// What a request is about, to be held against the rules.
pub(crate) struct Subject<'a> {
    /// The call's name: `transaction`, `packagepurchase`, `reqotp` and so on.
    pub(crate) call: &'a str,
    /// Whether the call buys. A rule that names no call strikes only these.
    pub(crate) is_order: bool,
    pub(crate) sku: &'a str,
    /// In 08 form.
    pub(crate) number: &'a str,
    pub(crate) ref_id: &'a str,
    /// Whether the order was never heard of before.
    pub(crate) is_first: bool,
}

impl Desk<'_> {
    /// The behaviour of the newest rule that strikes, which is then one time nearer to being used up.
    pub(crate) fn behaviour_by_rule(&mut self, subject: &Subject<'_>) -> Option<Behaviour> {
        let chance = &mut self.state.chance;
        let rule = self.state.rules.iter_mut().find(|rule: &&mut Rule| {
            subject.fits(rule) && rule.percent.is_none_or(|percent| chance.strikes(percent))
        })?;
        if let Some(times) = &mut rule.times {
            *times -= 1;
        }
        let behaviour = rule.behaviour.clone();
        self.state.rules.retain(|rule| rule.times != Some(0));
        Some(behaviour)
    }

    /// Counts a behaviour as having struck.
    pub(crate) fn count_behaviour(&mut self, behaviour: &Behaviour) {
        let counters = &mut self.state.counters;
        Counters::count(&mut counters.answers, behaviour.answer.name());
        Counters::count(&mut counters.fates, behaviour.order.name());
    }
}

impl Subject<'_> {
    fn fits(&self, rule: &Rule) -> bool {
        let is_meant =
            |wanted: &Option<String>, given: &str| wanted.as_deref().is_none_or(|wanted| wanted == given);
        let is_call = match rule.call.as_deref() {
            None => self.is_order,
            Some(call) => call == ANY_CALL || call == self.call,
        };
        is_call
            && is_meant(&rule.sku, self.sku)
            && is_meant(&rule.number, self.number)
            && is_meant(&rule.ref_id, self.ref_id)
            && rule.times != Some(0)
            && (rule.on == Receipt::Any || (rule.on == Receipt::First) == self.is_first)
    }
}
