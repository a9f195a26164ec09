use domain::{DAY_MS, Lang, MINUTE_MS, PublicId, Refusal, ResellerRequestState, Role, UserState};
use store::{
    ApproveReseller, AskReseller, BeginViewing, CreateUser, EndViewing, PackageDraft, RefuseReseller,
    RegisterUser, SavePackage, Saving, SetUserRole, SetUserState, Sweep, TakeResetLink, User, UserFilter,
    UserId, UserNeed,
};

use sqlx::{Connection, PgConnection, Row, SqliteConnection};
use store::DatabaseUrl;

use crate::shop::{Shop, draft, on_both, refusal};

/// How often something stands in the audit log.
async fn audited(shop: &Shop, action: &'static str) -> i64 {
    let text = "SELECT COUNT(*) AS n FROM audit WHERE action = $1";
    match &shop.database.url {
        DatabaseUrl::Sqlite(path) => {
            let mut conn = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap();
            sqlx::query(text).bind(action).fetch_one(&mut conn).await.unwrap().get("n")
        }
        DatabaseUrl::Postgres(url) => {
            let mut conn = PgConnection::connect(url).await.unwrap();
            sqlx::query(text).bind(action).fetch_one(&mut conn).await.unwrap().get("n")
        }
    }
}

async fn register(shop: &Shop, name: &str, role: Role) -> UserId {
    let number = name.bytes().fold(0_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 1_000_000);
    let register = RegisterUser {
        username: name.parse().unwrap(),
        email: format!("{name}@contoh.id").parse().unwrap(),
        phone: format!("081298{number:06}").parse().unwrap(),
        password_hash: "hash".into(),
        role,
        lang: Lang::Id,
    };
    shop.store.run(register).await.unwrap()
}

async fn user(shop: &Shop, id: UserId) -> User {
    shop.store.user(id).await.unwrap().unwrap()
}

async fn public(shop: &Shop, id: UserId) -> PublicId {
    user(shop, id).await.public_id
}

/// What two admins do to one another at the same moment.
async fn shut_out(shop: &Shop, admin: UserId, user: PublicId, demote: bool) -> Result<(), store::Error> {
    if demote {
        return shop.store.run(SetUserRole { admin, user, role: Role::Member }).await;
    }
    let (state, reason) = (UserState::Suspended, "a quarrel".into());
    shop.store.run(SetUserState { admin, user, state, reason }).await
}

async fn may_act(shop: &Shop, id: UserId) -> bool {
    let now = user(shop, id).await;
    now.role == Role::Admin && now.state == UserState::Active
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn admins_who_shut_each_other_out_leave_one() {
    on_both(|shop| async {
        for round in 0..8 {
            let one = register(&shop, &format!("one{round}"), Role::Admin).await;
            let other = register(&shop, &format!("other{round}"), Role::Admin).await;
            if round == 7 {
                // The last two of the shop.
                let id = public(&shop, shop.admin).await;
                shut_out(&shop, one, id, true).await.unwrap();
            }
            let (one_id, other_id) = (public(&shop, one).await, public(&shop, other).await);
            let (first, second) = tokio::join!(
                shut_out(&shop, one, other_id, round % 2 == 0),
                shut_out(&shop, other, one_id.clone(), round % 3 == 0),
            );
            assert!(may_act(&shop, one).await != may_act(&shop, other).await, "{first:?} {second:?}");
            // Whoever comes second is no admin any more.
            let late = if first.is_ok() { second } else { first };
            assert_eq!(refusal(late), Refusal::NotAllowed);
            if round < 7 {
                let last = if may_act(&shop, one).await { one_id } else { public(&shop, other).await };
                shut_out(&shop, shop.admin, last, true).await.unwrap();
            }
        }
        shop
    })
    .await;
}

#[tokio::test]
async fn a_suspension_has_a_reason_that_is_kept() {
    on_both(|shop| async {
        let member = public(&shop, shop.member).await;
        let set = |state, reason: &str| SetUserState {
            admin: shop.admin,
            user: member.clone(),
            state,
            reason: reason.into(),
        };
        assert!(shop.store.state_change(shop.member).await.unwrap().is_none());
        let silent = refusal(shop.store.run(set(UserState::Suspended, "  ")).await);
        assert!(matches!(silent, Refusal::Invalid { .. }));
        shop.store.run(set(UserState::Suspended, " resells stolen data ")).await.unwrap();
        let again = refusal(shop.store.run(set(UserState::Suspended, "another")).await);
        assert_eq!(again, Refusal::StateChanged, "the first reason stands");
        let change = shop.store.state_change(shop.member).await.unwrap().unwrap();
        assert_eq!((change.reason.as_str(), change.by.as_str()), ("resells stolen data", "admin"));
        shop.store.run(set(UserState::Active, "")).await.unwrap();
        assert_eq!(shop.store.state_change(shop.member).await.unwrap().unwrap().reason, "");
        let nobody = SetUserState { user: "7QK2M9DAX3TP".parse().unwrap(), ..set(UserState::Suspended, "x") };
        assert_eq!(refusal(shop.store.run(nobody).await), Refusal::NotFound);
        shop
    })
    .await;
}

fn ask(user: UserId) -> AskReseller {
    AskReseller {
        user,
        shop_name: " Konter Maju ".into(),
        sells_at: "Pasar Baru, Bandung".into(),
        note: String::new(),
    }
}

#[tokio::test]
async fn a_member_becomes_a_reseller_on_request() {
    on_both(|shop| async {
        for nothing in [
            AskReseller { shop_name: " ".into(), ..ask(shop.member) },
            AskReseller { sells_at: String::new(), ..ask(shop.member) },
            AskReseller { note: "x".repeat(301), ..ask(shop.member) },
        ] {
            assert!(matches!(refusal(shop.store.run(nothing).await), Refusal::Invalid { .. }));
        }
        assert_eq!(refusal(shop.store.run(ask(shop.reseller)).await), Refusal::NotAllowed);
        shop.store.run(ask(shop.member)).await.unwrap();
        assert_eq!(refusal(shop.store.run(ask(shop.member)).await), Refusal::StateChanged, "one at a time");
        let first = shop.store.reseller_request(shop.member).await.unwrap().unwrap();
        assert_eq!((first.shop_name.as_str(), first.state), ("Konter Maju", ResellerRequestState::Waiting));
        assert_eq!(shop.store.waiting_reseller_requests().await.unwrap(), 1);
        assert_eq!(shop.store.oldest_reseller_requests(5).await.unwrap().len(), 1);
        let asking = UserFilter { only: Some(UserNeed::Reseller), limit: 10, ..UserFilter::default() };
        let listed = shop.store.users(asking).await.unwrap().items;
        assert_eq!(listed.iter().map(|row| row.user.id).collect::<Vec<_>>(), [shop.member]);

        let refuse =
            |admin, reason: &str| RefuseReseller { admin, request: first.id.clone(), reason: reason.into() };
        assert_eq!(refusal(shop.store.run(refuse(shop.member, "x")).await), Refusal::NotAllowed);
        assert!(matches!(refusal(shop.store.run(refuse(shop.admin, "")).await), Refusal::Invalid { .. }));
        shop.store.run(refuse(shop.admin, "too few sales")).await.unwrap();
        assert_eq!(refusal(shop.store.run(refuse(shop.admin, "again")).await), Refusal::StateChanged);
        let early = refusal(shop.store.run(ask(shop.member)).await);
        assert!(matches!(early, Refusal::AskAgainAt { .. }), "{early:?}");
        let refused = shop.store.reseller_request(shop.member).await.unwrap().unwrap();
        assert_eq!(refused.reason.as_deref(), Some("too few sales"));
        assert!(refused.again_at().is_some());

        shop.database.clock.advance_ms(7 * DAY_MS);
        shop.store.run(ask(shop.member)).await.unwrap();
        let second = shop.store.reseller_request(shop.member).await.unwrap().unwrap();
        let epoch = user(&shop, shop.member).await.auth_epoch;
        let approve = |admin| ApproveReseller { admin, request: second.id.clone() };
        assert_eq!(refusal(shop.store.run(approve(shop.member)).await), Refusal::NotAllowed);
        shop.store.run(approve(shop.admin)).await.unwrap();
        let now = user(&shop, shop.member).await;
        assert_eq!(now.role, Role::Reseller);
        assert_ne!(now.auth_epoch, epoch, "signed in anew with the new prices");
        assert_eq!(refusal(shop.store.run(approve(shop.admin)).await), Refusal::StateChanged);
        assert_eq!(shop.store.waiting_reseller_requests().await.unwrap(), 0);
        shop
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_requests_are_one_and_a_role_given_by_hand_answers_it() {
    on_both(|shop| async {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (store, ask) = (shop.store.clone(), ask(shop.member));
            tasks.spawn(async move { store.run(ask).await.is_ok() });
        }
        assert_eq!(tasks.join_all().await.into_iter().filter(|ok| *ok).count(), 1);
        let member = public(&shop, shop.member).await;
        shop.store.run(SetUserRole { admin: shop.admin, user: member, role: Role::Reseller }).await.unwrap();
        let request = shop.store.reseller_request(shop.member).await.unwrap().unwrap();
        assert_eq!(request.state, ResellerRequestState::Approved);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_view_of_the_shop_as_a_user_ends() {
    on_both(|shop| async {
        let begin = |admin, user: &PublicId| BeginViewing { admin, user: user.clone() };
        let member = public(&shop, shop.member).await;
        let admin = public(&shop, shop.admin).await;
        assert_eq!(refusal(shop.store.run(begin(shop.member, &member)).await), Refusal::NotAllowed);
        assert_eq!(refusal(shop.store.run(begin(shop.admin, &admin)).await), Refusal::NotAllowed, "no admin");
        let first = shop.store.run(begin(shop.admin, &member)).await.unwrap();
        let seen = shop.store.viewing(&first, shop.admin).await.unwrap().unwrap();
        assert_eq!(seen.0.id, shop.member);
        assert!(shop.store.viewing(&first, shop.member).await.unwrap().is_none(), "its admin's alone");

        let second = shop.store.run(begin(shop.admin, &member)).await.unwrap();
        assert!(shop.store.viewing(&first, shop.admin).await.unwrap().is_none(), "one at a time");
        let end = |id: &str| EndViewing { admin: shop.admin, id: id.into() };
        assert_eq!(shop.store.run(end(&first)).await.unwrap(), None, "over already");
        assert_eq!(shop.store.run(end(&second)).await.unwrap(), Some(member.clone()));
        assert!(shop.store.viewing(&second, shop.admin).await.unwrap().is_none());

        let third = shop.store.run(begin(shop.admin, &member)).await.unwrap();
        shop.database.clock.advance_ms(29 * MINUTE_MS);
        assert!(shop.store.viewing(&third, shop.admin).await.unwrap().is_some());
        shop.database.clock.advance_ms(MINUTE_MS);
        assert!(shop.store.viewing(&third, shop.admin).await.unwrap().is_none(), "its time is over");
        shop.store.run(Sweep).await.unwrap();
        assert_eq!(shop.store.run(end(&third)).await.unwrap(), None, "its end is on record already");

        // Somebody who has become an admin is not looked at as one.
        let fourth = shop.store.run(begin(shop.admin, &member)).await.unwrap();
        shop.store.run(SetUserRole { admin: shop.admin, user: member, role: Role::Admin }).await.unwrap();
        assert!(shop.store.viewing(&fourth, shop.admin).await.unwrap().is_none());
        shop.database.clock.advance_ms(30 * MINUTE_MS);
        shop.store.run(Sweep).await.unwrap();
        assert_eq!((audited(&shop, "view_as").await, audited(&shop, "view_as_end").await), (4, 4));
        shop
    })
    .await;
}

#[tokio::test]
async fn a_store_for_reading_runs_nothing() {
    on_both(|shop| async {
        let reading = shop.store.reading();
        let wallet = reading.wallet(shop.member).await.unwrap();
        assert_eq!(wallet, shop.wallet(shop.member).await);
        assert_eq!(refusal(reading.run(ask(shop.member)).await), Refusal::ViewOnly);
        let draft = PackageDraft { ..draft("Another") };
        let save = SavePackage { admin: shop.admin, id: Saving::fresh(&reading), draft };
        assert_eq!(refusal(reading.clone().run(save).await), Refusal::ViewOnly);
        assert!(shop.store.reseller_request(shop.member).await.unwrap().is_none());
        shop
    })
    .await;
}

#[tokio::test]
async fn an_admin_makes_an_account() {
    on_both(|shop| async {
        let create = |admin, name: &str| CreateUser {
            admin,
            username: name.parse().unwrap(),
            email: format!("{name}@contoh.id").parse().unwrap(),
            phone: "081298000001".parse().unwrap(),
            password_hash: "hash".into(),
            role: Role::Reseller,
            lang: Lang::Id,
        };
        assert_eq!(refusal(shop.store.run(create(shop.member, "baru")).await), Refusal::NotAllowed);
        let id = shop.store.run(create(shop.admin, "baru")).await.unwrap();
        let made = shop.store.user_by_public_id(&id).await.unwrap().unwrap();
        assert_eq!((made.user.role, made.wallet.available.get()), (Role::Reseller, 0));
        let take = TakeResetLink { admin: shop.admin, user: made.user.id };
        assert!(shop.store.run(take).await.unwrap().is_some(), "the link for the first password");
        assert_eq!(shop.store.run(take).await.unwrap(), None, "given once");
        let taken = refusal(shop.store.run(create(shop.admin, "baru")).await);
        assert!(matches!(&taken, Refusal::Invalid { fields } if fields.len() == 3), "{taken:?}");
        shop
    })
    .await;
}

#[tokio::test]
async fn users_are_found_by_any_spelling_and_need() {
    on_both(|shop| async {
        let found = async |filter: UserFilter| {
            let page = shop.store.users(UserFilter { limit: 50, ..filter }).await.unwrap();
            page.items.into_iter().map(|row| row.user.id).collect::<Vec<_>>()
        };
        for q in ["0811-1111-0002", "+62 811 1111 0002", "62811.1111.0002", "MEMBER", "member@", "11110002"] {
            let ids = found(UserFilter { q: q.into(), ..UserFilter::default() }).await;
            assert_eq!(ids, [shop.member], "{q}");
        }
        let frozen = UserFilter { only: Some(UserNeed::Frozen), ..UserFilter::default() };
        assert_eq!(found(frozen).await, []);
        shop.store.run(ask(shop.member)).await.unwrap();
        let other = register(&shop, "other", Role::Member).await;
        shop.store.run(ask(other)).await.unwrap();
        let asking = UserFilter { only: Some(UserNeed::Reseller), ..UserFilter::default() };
        assert_eq!(found(asking.clone()).await, [other, shop.member]);
        let first = shop.store.users(UserFilter { limit: 1, ..asking.clone() }).await.unwrap();
        assert_eq!(found(UserFilter { after: first.next, ..asking.clone() }).await, [shop.member]);
        assert_eq!(found(UserFilter { q: "oth".into(), ..asking }).await, [other]);
        shop
    })
    .await;
}
