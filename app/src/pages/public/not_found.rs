use domain::Refusal;
use leptos::prelude::*;

use crate::page::{Visitor, public_page};

/// For every address that is none.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    public_page(async |_: Visitor| Err(Refusal::NotFound.into()))
}
