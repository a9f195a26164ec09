use domain::{Msisdn, OpeningDay, OpeningWeek, Refusal};
use leptos::prelude::*;
use store::{Rules, SettingsGroup, ShopSettings};

use crate::components::{
    Button, Card, Check, Choice, Field, Hidden, Input, Notice, PostForm, Select, ServerFn, TextArea, Tone,
    use_form,
};
use crate::context::use_t;
use crate::i18n::T;
use crate::pages::admin::parts::typed;
use crate::server_fns::admin::shop_settings::{
    APPROVAL, CLOSED, DAY_FIELDS, OPEN, SaveHours, SaveMargins, SavePrefixes, SaveSaleRules, SaveShop,
    SaveSignUp, SaveTopupRules,
};

/// What was before the admin's eyes when the form was first shown. It stays with a form that came back: what others have
/// saved since is not saved over unseen.
#[component]
fn Seen(now: String) -> AnyView {
    let form = use_form();
    let overtaken = (form.refusal() == Some(Refusal::StateChanged)).then(|| {
        let t = use_t();
        view! {
            <Notice tone=Tone::Wait>{t.settings_overtaken()}" "<a href="/admin/settings">{t.settings_reload()}</a></Notice>
        }
    });
    let seen = form.value("seen").unwrap_or(now);
    view! { {overtaken}<Hidden name="seen" value=seen/> }.into_any()
}

pub(super) fn shop(settings: &ShopSettings, t: T) -> AnyView {
    let seen = settings.seen(SettingsGroup::Shop);
    let settings = settings.clone();
    let whatsapp = settings.whatsapp.parse::<Msisdn>();
    let whatsapp = whatsapp.map_or(settings.whatsapp, |number| number.display());
    let accent = if settings.accent.is_empty() { String::new() } else { format!("#{}", settings.accent) };
    view! {
        <Card title=t.admin_shop()>
            <PostForm action=SaveShop::PATH>
                <Seen now=seen/>
                <Field name="title" label=t.admin_title() value=settings.title/>
                <Field name="tagline" label=t.admin_tagline() value=settings.tagline optional=true/>
                <Field name="contact_name" label=t.admin_contact_name() value=settings.contact_name optional=true/>
                <Field name="whatsapp" label=t.admin_whatsapp() input=Input::Tel value=whatsapp optional=true/>
                <Field name="contact_email" label=t.admin_contact_email() input=Input::Email
                    value=settings.contact_email optional=true/>
                <Field name="accent" label=t.settings_accent() hint=t.settings_accent_hint() value=accent
                    placeholder="#3451e0".to_owned() optional=true/>
                <Button class="wide">{t.settings_save_shop()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

pub(super) fn selling(settings: &ShopSettings, t: T) -> AnyView {
    let seen = settings.seen(SettingsGroup::Selling);
    let settings = settings.clone();
    view! {
        <Card title=t.admin_sale_rules()>
            <PostForm action=SaveSaleRules::PATH>
                <Seen now=seen/>
                <TextArea name="banner" label=t.admin_banner() hint=t.admin_banner_hint() value=settings.banner
                    optional=true/>
                <Check name="sales_open" label=t.admin_sales_open() checked=settings.sales_open/>
                <Field name="repeat_window_min" label=t.admin_repeat() hint=t.admin_repeat_hint()
                    input=Input::Digits value=settings.repeat_window_min.to_string()/>
                <Check name="maintenance" label=t.settings_maintenance() checked=settings.maintenance/>
                <TextArea name="maintenance_note" label=t.settings_maintenance_note()
                    hint=t.settings_maintenance_hint() value=settings.maintenance_note optional=true/>
                <Button class="wide">{t.settings_save_selling()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

pub(super) fn hours(settings: &ShopSettings, t: T) -> AnyView {
    let seen = settings.seen(SettingsGroup::Hours);
    let hours = settings.hours;
    // Made inside of the form: a field looks there for what was typed.
    let day = move |(place, name): (usize, &'static str)| {
        let written = hours.days().get(place).map_or_else(String::new, |day| match day {
            OpeningDay::AllDay => String::new(),
            OpeningDay::Closed => t.settings_day_closed().to_owned(),
            OpeningDay::Hours { .. } => day.written(),
        });
        let placeholder = t.settings_day_open().to_owned();
        view! { <Field name=name label=t.week_day(place) value=written placeholder optional=true/> }
    };
    let open = hours == OpeningWeek::default();
    view! {
        <Card title=t.settings_hours()>
            <PostForm action=SaveHours::PATH>
                <Seen now=seen/>
                <p class="muted">{t.settings_hours_hint()}</p>
                {open.then(|| view! { <p class="muted small">{t.settings_hours_always()}</p> })}
                <div class="pair">{DAY_FIELDS.into_iter().enumerate().map(day).collect_view()}</div>
                <Button class="wide">{t.settings_save_hours()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

pub(super) fn numbers(settings: &ShopSettings, t: T) -> AnyView {
    let seen = settings.seen(SettingsGroup::Numbers);
    let (xl, axis) = (settings.prefixes.xl().to_owned(), settings.prefixes.axis().to_owned());
    view! {
        <Card title=t.settings_prefixes()>
            <PostForm action=SavePrefixes::PATH>
                <Seen now=seen/>
                <p class="muted">{t.settings_prefixes_hint()}</p>
                <TextArea name="xl" label="XL" value=xl optional=true/>
                <TextArea name="axis" label="AXIS" value=axis optional=true/>
                <Button class="wide">{t.settings_save_prefixes()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

pub(super) fn sign_up(settings: &ShopSettings, waiting: i64, t: T) -> AnyView {
    let seen = settings.seen(SettingsGroup::SignUp);
    let now = match (settings.signup_open, settings.signup_approval) {
        (false, _) => CLOSED,
        (true, false) => OPEN,
        (true, true) => APPROVAL,
    };
    let choices = vec![
        Choice::new(OPEN, t.settings_sign_up_open()),
        Choice::new(APPROVAL, t.settings_sign_up_approval()),
        Choice::new(CLOSED, t.settings_sign_up_closed()),
    ];
    let waiting = (waiting > 0).then(|| {
        view! { <a class="btn btn-ghost wide" href="/admin/users/waiting">{t.settings_sign_up_waiting(waiting)}</a> }
    });
    view! {
        <Card title=t.settings_sign_up() class="stack">
            <PostForm action=SaveSignUp::PATH>
                <Seen now=seen/>
                <Select name="sign_up" label=t.settings_sign_up_mode() value=now choices/>
                <Button class="wide">{t.settings_save_sign_up()}</Button>
            </PostForm>
            {waiting}
        </Card>
    }
    .into_any()
}

pub(super) fn top_ups(settings: &ShopSettings, t: T) -> AnyView {
    let seen = settings.seen(SettingsGroup::TopUps);
    let settings = settings.clone();
    view! {
        <Card title=t.admin_topup_rules()>
            <PostForm action=SaveTopupRules::PATH>
                <Seen now=seen/>
                <div class="pair">
                    <Field name="topup_min" label=t.admin_topup_min() input=Input::Digits value=typed(settings.topup_min)/>
                    <Field name="topup_max" label=t.admin_topup_max() input=Input::Digits value=typed(settings.topup_max)/>
                    <Field name="open_topups_most" label=t.admin_open_topups() hint=t.admin_open_topups_hint()
                        input=Input::Digits value=settings.open_topups_most.to_string()/>
                    <Field name="approve_alone_most" label=t.admin_approve_alone() hint=t.admin_approve_alone_hint()
                        input=Input::Digits value=typed(settings.approve_alone_most)/>
                    <Field name="approve_again_after_min" label=t.admin_approve_again() hint=t.admin_approve_again_hint()
                        input=Input::Digits value=settings.approve_again_after_min.to_string()/>
                </div>
                <p class="muted small">{t.admin_topup_ways()}" "<a href="/admin/payments">{t.payments()}</a></p>
                <Button class="wide">{t.settings_save_topups()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

pub(super) fn prices(settings: &ShopSettings, t: T) -> AnyView {
    let seen = settings.seen(SettingsGroup::Prices);
    let Rules { member, reseller } = settings.margins;
    view! {
        <div id="margins">
            <Card title=t.margin_title()>
                <PostForm action=SaveMargins::PATH>
                    <Seen now=seen/>
                    <p class="muted">{t.margin_lead()}</p>
                    <div class="pair">
                        <Field name="member_percent" label=t.margin_member_percent() input=Input::Digits
                            value=member.percent.to_string()/>
                        <Field name="member_least" label=t.margin_member_least() input=Input::Digits
                            value=typed(member.at_least)/>
                        <Field name="reseller_percent" label=t.margin_reseller_percent() input=Input::Digits
                            value=reseller.percent.to_string()/>
                        <Field name="reseller_least" label=t.margin_reseller_least() input=Input::Digits
                            value=typed(reseller.at_least)/>
                        <Field name="price_step" label=t.margin_step() input=Input::Digits value=typed(member.step)/>
                    </div>
                    <Button class="wide">{t.settings_save_prices()}</Button>
                </PostForm>
            </Card>
        </div>
    }
    .into_any()
}
