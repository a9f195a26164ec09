use crate::Store;

/// What a form saves: something new, or something that is there.
#[derive(Clone, Debug)]
pub enum Saving<I> {
    /// Something new. The same again under the same key adds nothing.
    New {
        /// Idempotency key, minted with the form.
        key: String,
    },
    /// The one with this id.
    Known(I),
}

impl<I> Saving<I> {
    /// Something new that no form has asked for.
    #[must_use]
    pub fn fresh(store: &Store) -> Self {
        Self::New { key: store.random_token() }
    }

    /// A form without an id is about something new.
    #[must_use]
    pub fn of(id: Option<I>, key: String) -> Self {
        id.map_or(Self::New { key }, Self::Known)
    }
}
