use domain::{Qris, Rupiah};
use leptos::prelude::*;
use store::{BankAccount, StaticCode};

use crate::components::{
    Button, Card, Choice, Fact, Facts, Hidden, Look, Notice, PostForm, QrCode, Select, ServerFn, TextArea,
    Tone,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::islands::FormGuard;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::pages::shop::parts::page_refusal;
use crate::server_fns::admin::payments::{CheckStaticCode, PAGE, QRIS_PAGE, SaveStaticCode};

/// The field's name, as the server's upload route knows it.
const PICTURE: &str = "picture";
/// What the example asks for.
const EXAMPLE: Rupiah = Rupiah::new(50_000);

/// The shop's own QRIS code.
#[component]
pub fn AdminQrisPage() -> impl IntoView {
    admin_page(Section::Payments, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let kept = cx.store.static_code().await?;
    let banks = cx.store.bank_accounts(false).await?;
    // What was typed or read from a picture, and is looked at before it is saved.
    let looked_at = cx.query("code").parse::<Qris>().ok();
    let chosen = kept.as_ref().map(|kept| kept.bank_account);
    let save = looked_at.map(|code| save(&code, banks.clone(), chosen, t));
    let now = kept.map(|kept| now(&kept, &banks, t));
    let body = view! {
        <p class="muted">{t.shop_qris_lead()}</p>
        <div class="columns">
            <div class="stack">{save}{now}</div>
            <div class="stack">{paste(cx.query("code").to_owned(), t)}{picture(t)}</div>
        </div>
    };
    Ok(Screen::new(t.shop_qris(), body).back(PAGE))
}

fn paste(code: String, t: T) -> impl IntoView {
    view! {
        <Card title=t.shop_qris_paste()>
            <PostForm action=CheckStaticCode::PATH>
                <TextArea name="code" label=t.shop_qris_text() hint=t.shop_qris_text_hint() value=code/>
                <Button look=Look::Ghost class="wide">{t.shop_qris_check()}</Button>
            </PostForm>
        </Card>
    }
}

fn picture(t: T) -> AnyView {
    let error = page_refusal().and_then(|refusal| match refusal {
        domain::Refusal::Invalid { fields } => {
            fields.into_iter().find(|error| error.field == PICTURE).map(|error| t.field_code(&error.error))
        }
        _ => None,
    });
    let invalid = error.is_some().then_some("true");
    view! {
        <Card title=t.shop_qris_picture()>
            <FormGuard texts=Vec::new()>
                <form method="post" action=format!("{QRIS_PAGE}/picture") enctype="multipart/form-data" class="stack">
                    <div class="field">
                        <label for="picture">{t.shop_qris_picture_label()}</label>
                        <input class="form-control" id="picture" name=PICTURE type="file" required
                            accept="image/jpeg,image/png,image/webp" aria-describedby="picture-hint picture-error"
                            aria-invalid=invalid/>
                        <p class="hint" id="picture-hint">{t.shop_qris_picture_hint()}</p>
                        <p class="error" id="picture-error" aria-live="polite">{error}</p>
                    </div>
                    <button type="submit" class=format!("{} wide", Look::Ghost.class())>{t.shop_qris_read()}</button>
                </form>
            </FormGuard>
        </Card>
    }
    .into_any()
}

/// What a code says, and what a payer will see.
fn about(code: &Qris, t: T) -> AnyView {
    let warnings = code.warnings();
    let warnings = warnings.into_iter().map(|warning| {
        view! { <Notice tone=Tone::Wait>{t.qris_warning(warning)}</Notice> }
    });
    let warnings = warnings.collect_view();
    let (merchant, city) = (code.merchant().to_owned(), code.city().to_owned());
    let nmid = code.national_number().map(|nmid| view! { <Fact label=t.shop_qris_nmid()>{nmid}</Fact> });
    let example = code.with_amount(EXAMPLE, Rupiah::LARGEST_TYPED).ok().map(|example| {
        let text = example.to_string();
        view! {
            <h3 class="small">{t.shop_qris_example(EXAMPLE)}</h3>
            <QrCode content=text label=t.shop_qris_example(EXAMPLE)/>
            <p class="muted small">{t.shop_qris_example_note()}</p>
        }
    });
    view! {
        {warnings}
        <Facts>
            <Fact label=t.shop_qris_merchant()>{merchant}</Fact>
            <Fact label=t.shop_qris_city()>{city}</Fact>
            {nmid}
        </Facts>
        {example}
    }
    .into_any()
}

fn save(code: &Qris, banks: Vec<BankAccount>, chosen: Option<i64>, t: T) -> AnyView {
    let (about, text) = (about(code, t), code.to_string());
    if banks.is_empty() {
        return view! {
            <Card title=t.shop_qris_found() class="stack">
                {about}
                <Notice tone=Tone::Info>{t.shop_qris_no_bank()}</Notice>
                <a class="btn btn-ghost" href="/admin/settings?bank=new">{t.funding_no_bank_link()}</a>
            </Card>
        }
        .into_any();
    }
    let choices = banks
        .into_iter()
        .map(|bank| Choice::new(bank.id.to_string(), format!("{} {}", bank.bank, bank.number)))
        .collect();
    let chosen = chosen.map(|id| id.to_string()).unwrap_or_default();
    view! {
        <Card title=t.shop_qris_found() class="stack">
            {about}
            <PostForm action=SaveStaticCode::PATH>
                <Hidden name="code" value=text/>
                <Select name="bank_account" label=t.shop_qris_bank() hint=t.shop_qris_bank_hint() value=chosen choices/>
                <Button class="wide">{t.shop_qris_save()}</Button>
                <a class="btn btn-plain wide" href=QRIS_PAGE>{t.cancel()}</a>
            </PostForm>
        </Card>
    }
    .into_any()
}

/// The code that is in force.
fn now(kept: &StaticCode, banks: &[BankAccount], t: T) -> AnyView {
    let bank = banks.iter().find(|bank| bank.id == kept.bank_account);
    let bank = bank.map(|bank| format!("{} {}", bank.bank, bank.number)).unwrap_or_default();
    let about = about(&kept.code, t);
    view! {
        <Card title=t.shop_qris_now() class="stack">
            {about}
            <Facts><Fact label=t.shop_qris_bank()>{bank}</Fact></Facts>
        </Card>
    }
    .into_any()
}
