//! The admin's side of top-ups through the real router: settings, statements, cases, a gateway's day.

use axum::body::Body;
use domain::{PayCaseKind, PublicId, Role, Rupiah, TopupMethod, TopupState};
use http::{Method, StatusCode};
use store::{
    CaseFilter, LineFilter, NoteProbe, RequestTopup, SaveBankAccount, Saving, User, Viewer, source_of_bank,
};

use crate::shop::{Answer, HTML, ORIGIN, Setup, Shop, Visitor, on_each_database};

const BOUNDARY: &str = "----xlpm";
/// Of a shop that does not exist.
const CODE: &str = "00020101021126390016ID.CO.CONTOH.WWW021593600000000000151440014ID.CO.QRIS.WWW0215ID10200000000010303UMI5204481453033605802ID5911TOKO MELATI6007JAKARTA610510110630428D7";

async fn bank(shop: &Shop, admin: &User) -> i64 {
    let account = SaveBankAccount {
        admin: admin.id,
        id: Saving::fresh(&shop.store),
        bank: "BCA".into(),
        number: "123-456-7890".into(),
        holder: "Toko".into(),
        active: true,
    };
    shop.store.run(account).await.unwrap();
    shop.store.bank_accounts(true).await.unwrap()[0].id
}

async fn topup(shop: &Shop, buyer: &User, bank: i64, base: i64) -> (PublicId, Rupiah) {
    let request = RequestTopup {
        user: buyer.id,
        method: TopupMethod::Transfer,
        bank_account: Some(bank),
        base: Rupiah::new(base),
        key: base.to_string(),
    };
    let id = shop.store.run(request).await.unwrap();
    let payable = shop.store.topup(&id, Viewer::Admin).await.unwrap().payable;
    (id, payable)
}

/// Sends a multipart form.
async fn upload(visitor: &mut Visitor<'_>, path: &str, page: &str, fields: &[(&str, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, bytes) in fields {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let referer = format!("{ORIGIN}{page}");
    let headers =
        [("accept", HTML), ("content-type", kind.as_str()), ("origin", ORIGIN), ("referer", &referer)];
    visitor.send(Method::POST, path, &headers, Body::from(body)).await
}

/// The value of a hidden field on a page.
fn hidden(page: &Answer, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.body.split_once(&start).unwrap_or_else(|| panic!("no {name}: {}", page.body));
    rest.split('"').next().unwrap().to_owned()
}

/// Today as the operators write it.
fn today(shop: &Shop) -> String {
    app::wib_day::written(shop.store.now())
}

#[tokio::test]
async fn a_statement_pays_what_it_fits_and_the_rest_becomes_a_case() {
    on_each_database(Setup::default(), async |shop| {
        let bos = shop.user(Role::Admin, "bos").await;
        let siti = shop.user(Role::Member, "siti").await;
        let bank = bank(&shop, &bos).await;
        let (fits, payable) = topup(&shop, &siti, bank, 50_000).await;
        let (large, much) = topup(&shop, &siti, bank, 3_000_000).await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let source = source_of_bank(bank);
        let page = "/admin/statements";
        let empty = upload(&mut admin, "/admin/statements/upload", page, &[("source", source.as_bytes())]).await;
        assert!(empty.location().contains("form="), "{empty:?}");
        assert!(admin.get(empty.location()).await.body.contains("aria-invalid=\"true\""));

        let day = today(&shop);
        let file = format!(
            "Tanggal,Keterangan,Debet,Kredit,Saldo\n{day},TRF SITI,,{}.00,1000000.00\n{day},TRF SITI BESAR,,{}.00,1000001.00\n\
             {day},ENTAH SIAPA,,77000.00,1077001.00\n{day},BIAYA,2500.00,,1074501.00\nrusak,X,,1000.00,0\n",
            payable.get(),
            much.get(),
        );
        let fields = [("source", source.as_bytes()), ("file", file.as_bytes()), ("text", b"".as_slice())];
        let sent = upload(&mut admin, "/admin/statements/upload", page, &fields).await;
        let read = sent.location().to_owned();
        assert!(read.starts_with("/admin/statements/read?source=bank%3A"), "{sent:?}");
        // Nobody else's session may read it.
        let mut other = shop.visitor();
        other.sign_in("bos").await;
        assert!(!other.get(&read).await.body.contains("TRF SITI"));

        let mapping = admin.get(&read).await;
        assert_eq!(mapping.status, StatusCode::OK);
        assert!(mapping.body.contains("TRF SITI") && mapping.body.contains("not a date in the chosen form"), "{}", mapping.body);
        let names = [
            "source", "kept", "skip_lines", "date", "date_format", "description", "amount_kind", "amount", "marker",
            "credit", "debit", "numbers", "reference", "balance",
        ];
        // The form to send is the one behind the choice of columns.
        let form = mapping.body.split("action=\"/api/take_in_statement\"").nth(1).unwrap().to_owned();
        let form = Answer { body: form, ..mapping };
        let values: Vec<(&str, String)> = names.iter().map(|name| (*name, hidden(&form, name))).collect();
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let taken = admin.post_form("/api/take_in_statement", &read, &values).await;
        assert!(taken.location().contains("added=3&known=0"), "{taken:?}");
        let again = admin.post_form("/api/take_in_statement", &read, &values).await;
        assert!(again.location().contains("added=0&known=3"), "{again:?}");

        let pairs = admin.get(taken.location()).await;
        assert!(pairs.body.contains("ENTAH SIAPA") && pairs.body.contains("A customer's money"), "{}", pairs.body);
        let filter = LineFilter { source: source.clone(), limit: 10, ..LineFilter::default() };
        let lines = shop.store.statement_lines(filter).await.unwrap();
        let line = |amount: Rupiah| lines.iter().find(|line| line.amount == amount).unwrap().id;
        let pair = |amount: Rupiah, topup: &PublicId| format!("{}:{}", line(amount), topup.as_str());
        let (first, second) = (pair(payable, &fits), pair(much, &large));
        assert!(pairs.body.contains(&first) && pairs.body.contains(&second), "{}", pairs.body);
        let both =
            [("source", source.as_str()), ("pairs[0]", first.as_str()), ("pairs[1]", second.as_str())];
        let approved = admin.post_form("/api/approve_pairs", page, &both).await;
        assert!(approved.location().ends_with("credited=1&second=1&refused=0"), "{approved:?}");
        assert!(admin.get(approved.location()).await.body.contains("wait for a second admin"));
        let state = async |id: &PublicId| shop.store.topup(id, Viewer::Admin).await.unwrap().state;
        assert_eq!((state(&fits).await, state(&large).await), (TopupState::Credited, TopupState::Pending));

        // The second admin sees what the first one has found, and agrees.
        shop.user(Role::Admin, "kedua").await;
        let mut second_admin = shop.visitor();
        second_admin.sign_in("kedua").await;
        let its_page = format!("/admin/topups/{}", large.as_str());
        let shown = second_admin.get(&its_page).await;
        assert!(shown.body.contains("bos found"), "{}", shown.body);
        let picked = format!("{its_page}?line={}", line(much));
        assert!(second_admin.get(&picked).await.body.contains("action=\"/api/approve_topup_line\""));
        let line_id = line(much).to_string();
        let fields = [("topup", large.as_str()), ("line", line_id.as_str())];
        let agreed = second_admin.post_form("/api/approve_topup_line", &picked, &fields).await;
        assert!(agreed.location().contains("done=decided"), "{agreed:?}");
        assert_eq!(state(&large).await, TopupState::Credited);

        // Nobody's money: a case, and then somebody's.
        let line_id = line(Rupiah::new(77_000)).to_string();
        let fields = [("source", source.as_str()), ("line", line_id.as_str()), ("is_a_customers", "true")];
        let ignored = admin.post_form("/api/ignore_line", page, &fields).await;
        assert!(ignored.location().contains("done=decided"), "{ignored:?}");
        let cases = shop.store.pay_cases(CaseFilter { limit: 10, ..CaseFilter::default() }).await.unwrap().items;
        assert_eq!(cases.iter().map(|case| case.kind).collect::<Vec<_>>(), [PayCaseKind::Unmatched]);
        let case = cases[0].id.as_str();
        assert!(admin.get("/admin/cases").await.body.contains(case));
        let case_page = format!("/admin/cases/{case}");
        let nobody = admin.post_form("/api/choose_case_user", &case_page, &[("case", case), ("user", "hantu")]).await;
        assert!(admin.get(nobody.location()).await.body.contains("aria-invalid=\"true\""));
        let chosen = admin.post_form("/api/choose_case_user", &case_page, &[("case", case), ("user", "siti")]).await;
        let confirm = admin.get(chosen.location()).await;
        let after = (payable.get() + much.get() + 77_000).to_string();
        assert!(confirm.body.replace('.', "").contains(&after), "{}", confirm.body);
        let fields = [("case", case), ("action", "credit"), ("user", "siti"), ("note", "bukti dari siti")];
        let credited = admin.post_form("/api/resolve_case", chosen.location(), &fields).await;
        assert!(credited.location().contains("done=decided"), "{credited:?}");
        let wallet = shop.store.wallet(siti.id).await.unwrap();
        assert_eq!(wallet.available.get().to_string(), after);
        assert_eq!(admin.get("/admin/cases?state=all&kind=unmatched").await.status, StatusCode::OK);

        // What was credited goes back by hand.
        let its_page = format!("/admin/topups/{}", fits.as_str());
        let shown = payable.get().to_string();
        let fields = [("topup", fits.as_str()), ("by_gateway", "no"), ("reason", "salah kirim"), ("shown", "1")];
        let stale = admin.post_form("/api/refund_topup", &its_page, &fields).await;
        assert!(stale.location().contains("form="), "{stale:?}");
        let fields =
            [("topup", fits.as_str()), ("by_gateway", "no"), ("reason", "salah kirim"), ("shown", shown.as_str())];
        admin.post_form("/api/refund_topup", &its_page, &fields).await;
        assert_eq!(state(&fits).await, TopupState::RefundPending);
        let page = admin.get(&its_page).await;
        let refund = hidden(&page, "refund");
        let bank = bank.to_string();
        let fields = [
            ("topup", fits.as_str()),
            ("refund", refund.as_str()),
            ("bank_account", bank.as_str()),
            ("reference", "TRF-9"),
        ];
        admin.post_form("/api/refund_transferred", &its_page, &fields).await;
        assert_eq!(state(&fits).await, TopupState::Refunded);
        shop.books_are_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn a_way_of_paying_is_tried_before_buyers_see_it() {
    on_each_database(Setup::default(), async |shop| {
        let bos = shop.user(Role::Admin, "bos").await;
        let bank = bank(&shop, &bos).await.to_string();
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let page = "/admin/payments";
        let edit = "/admin/payments?edit=%2B";
        let gateway = [
            ("seen", ""),
            ("name", "midtrans"),
            ("dialect", "midtrans"),
            ("base_url", "https://api.sandbox.midtrans.com"),
            ("merchant", "G123456789"),
            ("api_secret", "SB-rahasia"),
            ("private_secret", ""),
            ("active", "on"),
        ];
        let action = admin.action(edit, "save_pay_gateway").await;
        let saved = admin.post_form(&action, edit, &gateway).await;
        assert!(saved.location().contains("done=saved"), "{saved:?}");
        let shown = admin.get(page).await;
        for part in ["/hooks/pay/midtrans", "/events/payments", "sandbox"] {
            assert!(shown.body.contains(part), "{part} in {}", shown.body);
        }
        assert!(!shown.body.contains("SB-rahasia"), "a key is never shown");

        let way = |active: bool, seen: &'static str| {
            let mut fields = vec![
                ("_form", "save_pay_method-qris"),
                ("seen", seen),
                ("method", "qris"),
                ("gateway", "midtrans"),
                ("min", "10.000"),
                ("max", "10.000.000"),
                ("expiry_minutes", "15"),
                ("cost_flat", "0"),
                ("cost_percent", "0,70"),
                ("sort", "10"),
            ];
            fields.extend(active.then_some(("active", "on")));
            fields
        };
        let its_form = "/admin/payments?method=qris";
        let action = admin.action(its_form, "save_pay_method").await;
        let untried = admin.post_form(&action, its_form, &way(true, "")).await;
        let back = admin.get(untried.location()).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        let saved = admin.post_form(&action, its_form, &way(false, "")).await;
        assert!(saved.location().contains("done=saved"), "{saved:?}");
        let method = shop.store.pay_methods().await.unwrap();
        let method = method.iter().find(|method| method.method == TopupMethod::Qris).unwrap();
        assert_eq!((method.cost.basis_points, method.active), (70, false));
        let access_revision = shop.store.pay_gateways().await.unwrap()[0].access_revision;
        shop.store
            .run(NoteProbe { gateway: "midtrans".into(), access_revision, outcome: Ok(()) })
            .await
            .unwrap();
        let action = admin.action(page, "test_pay_method").await;
        admin.post_form(&action, page, &[("method", "qris")]).await;
        assert!(admin.get(page).await.body.contains("Being tried"));

        // The shop's own code.
        let qris = "/admin/payments/qris";
        let wrong = admin.post_form("/api/check_static_code", qris, &[("code", "000201")]).await;
        assert!(admin.get(wrong.location()).await.body.contains("aria-invalid=\"true\""));
        let looked = admin.post_form("/api/check_static_code", qris, &[("code", CODE)]).await;
        let shown = admin.get(looked.location()).await;
        for part in
            ["TOKO MELATI", "JAKARTA", "ID1020000000001", "class=\"qr\"", "action=\"/api/save_static_code\""]
        {
            assert!(shown.body.contains(part), "{part} in {}", shown.body);
        }
        let fields = [("code", CODE), ("bank_account", bank.as_str())];
        admin.post_form("/api/save_static_code", looked.location(), &fields).await;
        assert_eq!(shop.store.static_code().await.unwrap().unwrap().code.merchant(), "TOKO MELATI");
        let picture = "/admin/payments/qris/picture";
        let none = upload(&mut admin, picture, qris, &[("picture", b"<svg/>".as_slice())]).await;
        let back = admin.get(none.location()).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(back.body.contains("aria-invalid=\"true\""), "{}", back.body);

        // A day without anything, as a page and as a file.
        let day = today(&shop);
        let shown = admin.get(&format!("/admin/payments/midtrans/day?day={day}")).await;
        assert!(shown.body.contains("action=\"/api/record_payout\""), "{}", shown.body);
        let file = admin.get(&format!("/admin/payments/midtrans/day.csv?day={day}")).await;
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(file.body, "order_id,topup,ours_rupiah,theirs_rupiah,agrees\r\n");
        let fields = [
            ("key", "k1"),
            ("gateway", "midtrans"),
            ("direction", "add"),
            ("bank_account", bank.as_str()),
            ("amount", "500.000"),
            ("fee", "4.000"),
            ("note", "PO-1"),
        ];
        let paid_out = admin
            .post_form("/api/record_payout", &format!("/admin/payments/midtrans/day?day={day}"), &fields)
            .await;
        assert!(paid_out.location().contains("done=saved"), "{paid_out:?}");
        shop.books_are_in_order().await;

        // Others learn nothing.
        shop.user(Role::Member, "siti").await;
        let mut member = shop.visitor();
        member.sign_in("siti").await;
        for path in [
            page,
            qris,
            "/admin/payments/midtrans/day.csv?day=2026-01-05",
            "/admin/statements",
            "/admin/cases",
        ] {
            assert_eq!(member.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        for (path, field) in [(picture, "picture"), ("/admin/statements/upload", "file")] {
            let answer = upload(&mut member, path, page, &[(field, b"x".as_slice())]).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
        for function in
            ["save_pay_gateway", "approve_pairs", "resolve_case", "take_in_statement", "refund_back"]
        {
            let answer = member.post_for_json(&format!("/api/{function}"), &way(true, "")).await;
            assert!(answer.status.is_client_error(), "{function}: {answer:?}");
        }
    })
    .await;
}
