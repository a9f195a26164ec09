use super::texts;

texts! {
    admin_overview_title => "Ringkasan", "Overview";
}
