use domain::{MINUTE_MS, Role, UserState};
use store::{
    AuditFilter, AuditRow, Breach, LastCheck, NoteCheck, SealEntries, SetUserRole, SetUserState, Store,
    UserId,
};

use crate::shop::{Shop, on_both};

fn all() -> AuditFilter {
    AuditFilter { limit: 100, ..AuditFilter::default() }
}

async fn rows(store: &Store, filter: AuditFilter) -> Vec<AuditRow> {
    store.audit_log(&filter).await.unwrap().items
}

async fn set_state(shop: &Shop, user: UserId, state: UserState) {
    let user = shop.store.user(user).await.unwrap().unwrap().public_id;
    shop.store.run(SetUserState { admin: shop.admin, user, state, reason: "spam".into() }).await.unwrap();
}

#[tokio::test]
async fn the_log_is_searched_by_all_that_stands_in_it() {
    on_both(|shop| async {
        let before = shop.store.now();
        shop.database.clock.advance_ms(MINUTE_MS);
        shop.give(shop.member, 5_000).await;
        shop.database.clock.advance_ms(MINUTE_MS);
        set_state(&shop, shop.member, UserState::Suspended).await;
        set_state(&shop, shop.reseller, UserState::Suspended).await;
        let reseller = shop.store.user(shop.reseller).await.unwrap().unwrap();
        let role = SetUserRole { admin: shop.admin, user: reseller.public_id.clone(), role: Role::Member };
        shop.store.run(role).await.unwrap();

        let actions = async |filter: AuditFilter| {
            rows(&shop.store, filter).await.into_iter().map(|row| row.action).collect::<Vec<_>>()
        };
        assert_eq!(
            actions(all()).await,
            ["set_role", "set_state", "set_state", "adjust_balance", "save_package"],
            "the newest first"
        );
        assert_eq!(actions(AuditFilter { action: "set_state".into(), ..all() }).await.len(), 2);
        assert_eq!(actions(AuditFilter { actor: Some(shop.admin), ..all() }).await.len(), 5);
        assert_eq!(actions(AuditFilter { actor: Some(shop.member), ..all() }).await.len(), 0);
        assert_eq!(actions(AuditFilter { kind: "package".into(), ..all() }).await, ["save_package"]);
        assert_eq!(
            actions(AuditFilter { kind: "pack".into(), ..all() }).await.len(),
            0,
            "a kind is a whole word"
        );
        let of_reseller = AuditFilter { object: format!("user:{}", shop.reseller.0), ..all() };
        assert_eq!(actions(of_reseller.clone()).await, ["set_role", "set_state"]);
        let both = AuditFilter { action: "set_role".into(), actor: Some(shop.admin), ..of_reseller.clone() };
        assert_eq!(actions(both).await, ["set_role"]);
        let moment = before.plus_ms(MINUTE_MS / 2);
        assert_eq!(actions(AuditFilter { to: Some(moment), ..all() }).await, ["save_package"]);
        let middle = AuditFilter { from: Some(moment), to: Some(moment.plus_ms(MINUTE_MS)), ..all() };
        assert_eq!(actions(middle).await, ["adjust_balance"]);

        let row = rows(&shop.store, of_reseller).await.remove(0);
        assert_eq!(row.actor.unwrap().username, "admin");
        let person = row.person.unwrap();
        assert_eq!((person.username.as_str(), person.id), ("reseller", reseller.public_id));
        shop
    })
    .await;
}

#[tokio::test]
async fn the_log_comes_in_pages_and_tells_what_is_sealed() {
    on_both(|shop| async {
        for n in 0..7 {
            shop.give(shop.member, 1_000 + n).await;
        }
        while shop.store.run(SealEntries).await.unwrap() > 0 {}
        shop.give(shop.member, 9_000).await;
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = shop.store.audit_log(&AuditFilter { after, limit: 3, ..all() }).await.unwrap();
            assert!(page.items.len() <= 3);
            seen.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        // One is not sealed yet; seven corrections and the package are.
        let sealed: Vec<bool> = seen.iter().map(|row| row.sealed).collect();
        assert_eq!(sealed, [vec![false], vec![true; 8]].concat());
        assert_eq!(rows(&shop.store, all()).await, seen, "pages leave nothing out and repeat nothing");
        let forged = AuditFilter { after: Some("99999999999999999-x".into()), ..all() };
        assert_eq!(rows(&shop.store, forged).await.len(), 9);
        shop
    })
    .await;
}

#[tokio::test]
async fn the_last_check_is_noted() {
    on_both(|shop| async {
        assert_eq!(shop.store.last_check().await.unwrap(), None);
        let breach =
            |invariant, object: &str| Breach { invariant, object: object.into(), detail: String::new() };
        let found = [breach(11, "audit:3"), breach(11, "seal"), breach(7, "purchase:X")];
        let at = shop.store.now();
        shop.store.run(NoteCheck::of(at, &found)).await.unwrap();
        let other = shop.database.open().await;
        let expected = LastCheck { at, breaches: 3, changed: 1 };
        assert_eq!(other.last_check().await.unwrap(), Some(expected), "a late sealer has changed nothing");
        shop.store.run(NoteCheck::of(at, &[])).await.unwrap();
        assert_eq!(other.last_check().await.unwrap(), Some(LastCheck { at, breaches: 0, changed: 0 }));
        shop
    })
    .await;
}
