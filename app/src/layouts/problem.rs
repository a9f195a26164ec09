use domain::Refusal;
use leptos::prelude::*;

use crate::components::{Icon, icons};
use crate::context::use_t;
use crate::error::AppError;
use crate::page::Screen;

/// What is shown instead of a page that could not be loaded.
#[must_use]
pub fn problem(error: &AppError) -> Screen {
    let t = use_t();
    let (title, text) = match error {
        AppError::Fault { .. } => (t.fault_title(), t.fault_body().to_owned()),
        AppError::Transport => (t.stopped_title(), t.bad_request().to_owned()),
        AppError::Refused(Refusal::NotFound) => (t.not_found_title(), t.not_found().to_owned()),
        AppError::Refused(Refusal::NotAllowed) => (t.not_allowed_title(), t.not_allowed().to_owned()),
        AppError::Refused(refusal) => (t.stopped_title(), t.refusal(refusal)),
    };
    let code = match error {
        AppError::Fault { request_id } => Some(t.request_number(request_id)),
        _ => None,
    };
    Screen::new(
        title,
        view! {
            <div class="empty">
                <Icon icon=icons::ALERT/>
                <p>{text}</p>
                {code.map(|code| view! { <p class="muted num">{code}</p> })}
                <a class="btn btn-primary" href="/">{t.to_home()}</a>
            </div>
        },
    )
}
