//! The page of the audit log, and its file.

use domain::{Role, UserState};
use http::StatusCode;
use store::{AdjustBalance, NoteCheck, SealEntries, SetUserState};

use crate::shop::{Setup, Shop, on_each_database};

async fn filled(shop: &Shop) {
    let admin = shop.user(Role::Admin, "bos").await;
    let siti = shop.user(Role::Member, "siti").await;
    let user = siti.public_id.clone();
    shop.store
        .run(SetUserState { admin: admin.id, user, state: UserState::Suspended, reason: "spam".into() })
        .await
        .unwrap();
    let gift = AdjustBalance {
        admin: admin.id,
        user: siti.id,
        amount: domain::Rupiah::new(5_000),
        reason: "=HYPERLINK(\"http://evil.example\")".into(),
        key: "k1".into(),
    };
    shop.store.run(gift).await.unwrap();
}

#[tokio::test]
async fn rows_are_found_and_read_in_plain_words() {
    on_each_database(Setup::default(), async |shop| {
        filled(&shop).await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let found = async |admin: &mut crate::shop::Visitor<'_>, query: &str| {
            let answer = admin.get(&format!("/admin/audit?{query}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{query}");
            answer.body
        };
        // The filter offers every action, so rows are told by their table.
        let rows = |body: &str| body.split("<tbody>").nth(1).unwrap_or_default().to_owned();
        let all = rows(&found(&mut admin, "").await);
        assert!(
            all.contains("Corrected a balance") && all.contains("Changed whether an account is in use"),
            "{all}"
        );
        assert!(all.contains(">siti<") && !all.contains("user:2"), "numbers of rows stay inside: {all}");
        for query in [
            "actor=bos&action=adjust_balance",
            "action=adjust_balance&kind=user&id=siti",
            "id=user:siti&action=adjust_balance",
        ] {
            let one = rows(&found(&mut admin, query).await);
            assert_eq!(one.matches("<tr>").count(), 1, "{query}: {one}");
        }
        for query in ["kind=purchase", "actor=siti", "kind=user&id=bos", "to=2020-01-01", "from=2199-01-01"] {
            assert!(found(&mut admin, query).await.contains("No row matches"), "{query}");
        }
        assert!(found(&mut admin, "actor=nobody").await.contains("Nobody is called so"));
        let hostile = found(&mut admin, "action=%3Cscript%3Ealert(1)%3C/script%3E&after=x").await;
        assert!(!hostile.contains("<script>alert"), "what stands in the address is shown as text");

        assert!(all.contains("Not yet"), "{all}");
        assert!(found(&mut admin, "").await.contains("It was not checked yet"));
        while shop.store.run(SealEntries).await.unwrap() > 0 {}
        shop.store.run(NoteCheck::of(shop.store.now(), &[])).await.unwrap();
        let body = found(&mut admin, "").await;
        assert!(
            !rows(&body).contains("Not yet") && body.contains("Whole") && body.contains("just now"),
            "{body}"
        );
    })
    .await;
}

#[tokio::test]
async fn the_file_holds_no_formulas_and_only_what_was_asked_for() {
    on_each_database(Setup::default(), async |shop| {
        filled(&shop).await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let answer = admin.get("/admin/audit.csv?action=adjust_balance").await;
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
        let lines: Vec<&str> = answer.body.trim_end().split("\r\n").collect();
        assert_eq!(lines.len(), 2, "{}", answer.body);
        assert_eq!(lines[0], "time,actor,action,object,detail,sealed");
        assert!(lines[1].contains(",bos,adjust_balance,user:siti,"), "{}", lines[1]);
        assert!(!lines[1].contains(",=") && !lines[1].contains(",\"="), "{}", lines[1]);
        let none = admin.get("/admin/audit.csv?actor=nobody").await;
        assert_eq!(none.body.trim_end().lines().count(), 1);
    })
    .await;
}
