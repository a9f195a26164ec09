//! Packages as a table: what would be done is told, and then done whole.

use domain::{FieldCode, Prices, Refusal, Rupiah, Sheet, StatementText, write_sheet};
use store::{
    ImportPackages, Imported, PACKAGE_SHEET, PackageDraft, PackageSearch, PlannedChange, PlannedRow,
    PriceSource, RowMistakeKind, SheetPlan, package_cells,
};

use crate::packages::{save, seen};
use crate::shop::{Shop, draft, on_both, refusal};

fn sheet(text: &str) -> Sheet {
    Sheet::read(&StatementText::from_bytes(text.as_bytes()).unwrap(), &PACKAGE_SHEET).unwrap()
}

async fn plan(shop: &Shop, text: &str) -> SheetPlan {
    shop.store.plan_import(&sheet(text)).await.unwrap()
}

async fn import(shop: &Shop, text: &str) -> ImportPackages {
    let fingerprint = plan(shop, text).await.fingerprint().unwrap();
    ImportPackages { admin: shop.admin, key: shop.store.random_token(), sheet: sheet(text), fingerprint }
}

fn mistakes(row: &PlannedRow) -> Vec<(Option<&'static str>, RowMistakeKind)> {
    match &row.change {
        PlannedChange::Wrong(mistakes) => {
            mistakes.iter().map(|mistake| (mistake.column, mistake.kind.clone())).collect()
        }
        other => panic!("line {} is not wrong: {other:?}", row.line_number),
    }
}

async fn export(shop: &Shop) -> String {
    let search = PackageSearch { limit: 100, ..PackageSearch::default() };
    let listed = shop.store.package_list(search).await.unwrap().items;
    let rows: Vec<Vec<String>> = listed.iter().map(|listed| package_cells(&listed.package)).collect();
    String::from_utf8(write_sheet(PACKAGE_SHEET.columns, rows.iter().map(Vec::as_slice)).unwrap()).unwrap()
}

#[tokio::test]
async fn what_was_exported_changes_nothing() {
    on_both(|shop| async {
        // Everything that is awkward in a table: lines, bars, signs, quotes, spaces, and two packages of one code.
        let awkward = PackageDraft {
            name: "=Paket \"hemat\", 5 GB".into(),
            description: "Satu\n  dua; 'tiga'\t|".into(),
            benefits: format!("+ Nelpon: 30 menit\nKuota | Malam: 1 GB\n{}", "x".repeat(940)),
            sku: "'a 1".into(),
            family: "@Akrab".into(),
            ..draft("")
        };
        save(&shop, awkward).await;
        for name in ["Kembar 1", "Kembar 2"] {
            save(&shop, PackageDraft { sku: "kembar".into(), ..draft(name) }).await;
        }
        let text = export(&shop).await;
        assert_eq!(plan(&shop, &text).await.counts(), [0, 0, 4, 0], "{text}");
        let semicolons = "SKU;Gateway;Price Member;active\nxld10;digiflazz;Rp 25.500;ya\n";
        assert_eq!(plan(&shop, semicolons).await.counts(), [0, 0, 1, 0]);
        // Which of the two is meant, nobody can tell.
        let one = plan(&shop, &text.replace("Kembar 2", "Kembar 3")).await;
        assert_eq!(one.counts(), [0, 0, 3, 1]);
        let nothing = import(&shop, &text).await;
        assert_eq!(refusal(shop.store.run(nothing).await), Refusal::StateChanged);
        shop
    })
    .await;
}

#[tokio::test]
async fn mistakes_stand_beside_their_rows() {
    on_both(|shop| async {
        let text = "gateway,sku,name,quota,validity_days,category,brand,price_member,price_reseller,cost,active\n\
                    digiflazz,xld10,Xtra Combo 10 GB,10 GB,30,monthly,XL,\"25,500\",21.999,22.000,mungkin\n\
                    digiflazz,new1,Baru,1 GB,,weekly,Telkom,3.000,2.000,mahal,\n\
                    digiflaz,new2,Baru,1 GB,7,weekly,XL,3000,2000,1000,yes\n\
                    digiflazz,xld10,Xtra Combo 10 GB,10 GB,30,monthly,XL,25500,24000,22000,yes\n\
                    ,,x,,,,,,,,\n\
                    digiflazz,new3\n\
                    digiflazz,new4,Baru,1 GB,7,weekly,axis,3000,2000,1000,\n";
        let plan = plan(&shop, text).await;
        assert_eq!(plan.counts(), [1, 0, 0, 6]);
        let field = |column, code| (Some(column), RowMistakeKind::Field(code));
        assert_eq!(
            mistakes(&plan.rows[0]),
            [
                field("price_member", FieldCode::BadAmount),
                field("active", FieldCode::NotAChoice),
                field("price_reseller", FieldCode::BelowMin { min: Rupiah::new(22_000) }),
            ]
        );
        assert_eq!(
            mistakes(&plan.rows[1]),
            [
                field("validity_days", FieldCode::Required),
                field("cost", FieldCode::BadAmount),
                field("brand", FieldCode::NotAChoice),
            ]
        );
        assert_eq!(mistakes(&plan.rows[2]), [(Some("gateway"), RowMistakeKind::NoSuchGateway)]);
        assert_eq!(mistakes(&plan.rows[3]), [(None, RowMistakeKind::Twice { first_line: 2 })]);
        assert_eq!(
            mistakes(&plan.rows[4]),
            [field("gateway", FieldCode::Required), field("sku", FieldCode::Required)]
        );
        assert!(matches!(mistakes(&plan.rows[5])[..], [(None, RowMistakeKind::Cells(_))]));
        let PlannedChange::New(new) = &plan.rows[6].change else { panic!("{:?}", plan.rows[6]) };
        assert_eq!((new.brand.as_str(), new.active, new.sort), ("AXIS", false, 10_000));
        // All or nothing.
        let wrong = import(&shop, text).await;
        assert_eq!(refusal(shop.store.run(wrong).await), Refusal::StateChanged);
        assert_eq!(shop.store.packages(store::PackageFilter::default()).await.unwrap().len(), 1);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_table_is_taken_in_whole_and_only_as_it_was_shown() {
    on_both(|shop| async {
        let text = "gateway;sku;name;quota;validity_days;category;brand;benefits;price_member;price_reseller;cost\n\
                    digiflazz;baru1;Baru 1;1 GB;7;weekly;XL;'+ Nelpon: 5 menit|Kuota: 1 GB;3.000;2.000;1.000\n\
                    digiflazz;xld10;Xtra Combo 10 GB;10 GB;30;monthly;XL;;26.000;24.500;22.000\n";
        let by_member = ImportPackages { admin: shop.member, ..import(&shop, text).await };
        assert_eq!(refusal(shop.store.run(by_member).await), Refusal::NotAllowed);
        // Somebody else was quicker.
        let stale = import(&shop, text).await;
        let other = PackageDraft { quota: "11 GB".into(), ..draft("Xtra Combo 10 GB") };
        let id = store::Saving::Known(shop.package.clone());
        shop.store.run(store::SavePackage { admin: shop.admin, id, draft: other }).await.unwrap();
        assert_eq!(refusal(shop.store.run(stale).await), Refusal::StateChanged);
        assert_eq!(shop.store.packages(store::PackageFilter::default()).await.unwrap().len(), 1);

        let shown = plan(&shop, text).await;
        let PlannedChange::Changed(changed) = &shown.rows[1].change else { panic!("{:?}", shown.rows[1]) };
        let cells: Vec<_> =
            changed.cells.iter().map(|cell| (cell.column, cell.before.as_str(), cell.after.as_str())).collect();
        let expected = [
            ("quota", "11 GB", "10 GB"),
            ("price_member", "25500", "26.000"),
            ("price_reseller", "24000", "24.500"),
        ];
        assert_eq!(cells, expected);
        let take = import(&shop, text).await;
        let imported = Imported { added: 1, changed: 1 };
        assert_eq!(shop.store.run(take.clone()).await.unwrap(), imported);
        assert_eq!(shop.store.run(take).await.unwrap(), imported, "the same again changes nothing");
        let search = PackageSearch { q: "baru1".into(), limit: 9, ..PackageSearch::default() };
        let new = shop.store.package_list(search).await.unwrap().items.remove(0).package;
        assert_eq!((new.active, new.benefits.as_str()), (false, "+ Nelpon: 5 menit\nKuota: 1 GB"));
        let prices = Prices { member: Rupiah::new(26_000), reseller: Rupiah::new(24_500) };
        assert_eq!(seen(&shop, &shop.package).await.terms.prices, prices);
        for id in [&new.id, &shop.package] {
            let last = shop.store.price_history(id, None, 1).await.unwrap().items.remove(0);
            assert_eq!((last.source, last.actor.as_deref()), (Some(PriceSource::Import), Some("admin")));
        }
        assert_eq!(plan(&shop, &export(&shop).await).await.counts(), [0, 0, 2, 0]);
        shop
    })
    .await;
}
