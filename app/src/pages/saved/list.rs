use leptos::prelude::*;
use store::{SAVED_NUMBERS_MOST, SavedNumber};

use super::LIST;
use crate::components::{
    Button, Card, Empty, Field, Hidden, Icon, Look, PhoneInput, PostForm, ServerFn, came_back, icons,
};
use crate::context::use_prefixes;
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::islands::check::Kind;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::server_fns::saved_numbers::{RemoveNumber, SaveNumber};

/// All numbers that the user keeps, and a form for one more.
#[component]
pub fn SavedNumbersPage() -> impl IntoView {
    member_page(Tab::Packages, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let q = cx.query("q").to_owned();
    let numbers = cx.store.saved_numbers(cx.user.id, &q).await?;
    let searching = !q.is_empty();
    let search = (searching || !numbers.is_empty()).then(|| search(q, t));
    let count = (!searching && !numbers.is_empty())
        .then(|| view! { <p class="muted small num">{t.saved_numbers_count(numbers.len(), SAVED_NUMBERS_MOST)}</p> });
    let body = view! {
        <div class="columns">
            <div class="stack">
                {search}
                {list(numbers, searching, t)}
                {count}
            </div>
            <Card title=t.saved_number_add()>
                <PostForm action=SaveNumber::PATH checks=vec![Kind::Served]>
                    <PhoneInput name="msisdn" label=t.destination_number() hint=t.destination_hint()/>
                    <Field name="name" label=t.saved_number_name()/>
                    <Button class="wide">{t.save()}</Button>
                </PostForm>
            </Card>
        </div>
    };
    Ok(Screen::new(t.saved_numbers(), body).back("/packages"))
}

fn search(q: String, t: T) -> AnyView {
    view! {
        <form method="get" action=LIST role="search" class="search-row">
            <label class="visually-hidden" for="q">{t.saved_numbers_search()}</label>
            <input class="form-control grow" id="q" name="q" type="search" value=q autocomplete="off"
                placeholder=t.saved_numbers_search()/>
            <button type="submit" class="btn btn-ghost"><Icon icon=icons::SEARCH/><span class="visually-hidden">{t.search()}</span></button>
        </form>
    }
    .into_any()
}

fn list(numbers: Vec<SavedNumber>, searching: bool, t: T) -> AnyView {
    if numbers.is_empty() {
        return if searching {
            let action = (t.clear_search().to_owned(), LIST.to_owned());
            view! { <Empty icon=icons::SEARCH text=t.saved_numbers_no_fit() action/> }.into_any()
        } else {
            view! { <Empty icon=icons::USERS text=t.saved_numbers_none()/> }.into_any()
        };
    }
    let rows = numbers.into_iter().map(|number| row(number, t)).collect_view();
    view! { <section class="card"><ul class="rows" aria-label=t.saved_numbers()>{rows}</ul></section> }
        .into_any()
}

fn row(number: SavedNumber, t: T) -> AnyView {
    let SavedNumber { msisdn, name } = number;
    let name = name.map(|name| name.as_str().to_owned()).unwrap_or_default();
    let (local, shown) = (msisdn.local(), msisdn.display());
    let buy = address("/packages", &[("msisdn", &local)]);
    let operator = use_prefixes().operator(&msisdn).map(domain::Operator::name);
    let label = t.saved_number_buy(&name);
    let (rename_key, rename, remove_key, remove) =
        (local.clone(), local.clone(), local.clone(), local.clone());
    let open = came_back(SaveNumber::PATH, &local);
    view! {
        <li class="stack">
            <div class="row">
                <span class="grow">
                    <strong>{name.clone()}</strong>
                    <br/><small class="muted num">{shown} " · " {operator}</small>
                </span>
                <a class="btn btn-ghost btn-sm" href=buy aria-label=label>{t.saved_number_buy_short()}</a>
            </div>
            <details open=open>
                <summary class="small">{t.saved_number_change()}</summary>
                <div class="stack">
                    <PostForm action=SaveNumber::PATH key=rename_key>
                        <Hidden name="msisdn" value=rename/>
                        <Field name="name" label=t.saved_number_name() value=name/>
                        <Button look=Look::Ghost class="wide">{t.saved_number_rename()}</Button>
                    </PostForm>
                    <PostForm action=RemoveNumber::PATH key=remove_key>
                        <Hidden name="msisdn" value=remove/>
                        <Button look=Look::Danger class="wide">{t.saved_number_remove()}</Button>
                    </PostForm>
                </div>
            </details>
        </li>
    }
    .into_any()
}
