//! Settings are saved in groups, so that two admins who change different things do not undo each other's work.

use domain::{FieldCode, Refusal, Role};
use serde_json::{Map, Value};

use super::settings::{ShopSettings, lock, settings_in, write};
use crate::accounts::require_role;
use crate::backups::is_restored;
use crate::crypto::{digest, hex};
use crate::db::{Operation, Tx};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;

/// Settings that are shown on one card and saved together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsGroup {
    /// Name, contact, colour.
    Shop,
    /// When and how things are sold.
    Selling,
    /// Opening hours.
    Hours,
    /// Whose numbers are whose.
    Numbers,
    /// Who may join.
    SignUp,
    /// Limits of top-ups and of those who approve them.
    TopUps,
    /// How prices follow from a gateway's.
    Prices,
}

impl SettingsGroup {
    /// Every group.
    pub const ALL: [Self; 7] =
        [Self::Shop, Self::Selling, Self::Hours, Self::Numbers, Self::SignUp, Self::TopUps, Self::Prices];

    /// Names of its fields in [`ShopSettings`].
    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Shop => &["title", "tagline", "contact_name", "whatsapp", "contact_email", "accent"],
            Self::Selling => {
                &["banner", "sales_open", "repeat_window_min", "maintenance", "maintenance_note"]
            }
            Self::Hours => &["hours"],
            Self::Numbers => &["prefixes"],
            Self::SignUp => &["signup_open", "signup_approval"],
            Self::TopUps => &[
                "topup_min",
                "topup_max",
                "open_topups_most",
                "approve_alone_most",
                "approve_again_after_min",
            ],
            Self::Prices => &["margins"],
        }
    }

    /// The group's fields alone.
    fn of(self, settings: &ShopSettings) -> Result<Map<String, Value>, Error> {
        let all = map(settings)?;
        Ok(self
            .fields()
            .iter()
            .filter_map(|field| all.get(*field).map(|value| ((*field).to_owned(), value.clone())))
            .collect())
    }
}

impl ShopSettings {
    /// A mark of what a group holds. A form carries it, so that nobody saves over what they have not seen.
    #[must_use]
    pub fn seen(&self, group: SettingsGroup) -> String {
        let text = group.of(self).ok().and_then(|fields| serde_json::to_string(&fields).ok());
        let mut mark = hex(&digest(&[&text.unwrap_or_default()]));
        mark.truncate(16);
        mark
    }
}

/// Saves one group of the settings and leaves the others as they are; every process sees it within seconds.
#[derive(Clone, Debug)]
pub struct SaveSettings {
    /// Who.
    pub admin: UserId,
    /// Which group.
    pub group: SettingsGroup,
    /// [`ShopSettings::seen`] of the settings that the admin had before their eyes.
    pub seen: String,
    /// The settings; only the group's fields count.
    pub settings: ShopSettings,
}

impl SaveSettings {
    /// With one group changed in settings that were just read.
    #[must_use]
    pub fn changed(
        admin: UserId,
        group: SettingsGroup,
        settings: &ShopSettings,
        change: impl FnOnce(&mut ShopSettings),
    ) -> Self {
        let seen = settings.seen(group);
        let mut settings = settings.clone();
        change(&mut settings);
        Self { admin, group, seen, settings }
    }
}

impl Operation for SaveSettings {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        lock(tx).await?;
        let before = settings_in(tx).await?;
        if self.seen != before.seen(self.group) {
            return Err(Refusal::StateChanged.into());
        }
        let (old, new) = (self.group.of(&before)?, self.group.of(&self.settings)?);
        let detail = changes(&old, &new);
        if detail.is_empty() {
            return Ok(());
        }
        let mut merged = map(&before)?;
        merged.extend(new);
        let merged: ShopSettings = serde_json::from_value(Value::Object(merged)).map_err(Error::corrupt)?;
        if merged.sales_open && !before.sales_open && is_restored(tx).await? {
            return Err(Refusal::Restored.into());
        }
        if merged.topup_min > merged.topup_max {
            let max = merged.topup_max;
            return Err(Refusal::field("topup_min", FieldCode::AboveMax { max }).into());
        }
        write(tx, &merged, Some(self.admin)).await?;
        audit(tx, Some(self.admin), "save_settings", "setting:shop", &detail).await
    }
}

/// One line for each field that changes: `title: "A" -> "B"`.
fn changes(old: &Map<String, Value>, new: &Map<String, Value>) -> String {
    let changed = new.iter().filter(|(field, value)| old.get(*field) != Some(value));
    let line = |(field, value): (&String, &Value)| {
        format!("{field}: {} -> {value}", old.get(field).unwrap_or(&Value::Null))
    };
    changed.map(line).collect::<Vec<_>>().join("\n")
}

fn map(settings: &ShopSettings) -> Result<Map<String, Value>, Error> {
    match serde_json::to_value(settings).map_err(Error::corrupt)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(Error::corrupt("the settings are no object")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What no form saves: the mark of the last change, and the logo, which is a file.
    const OTHERS: [&str; 2] = ["logo", "revision"];

    #[test]
    fn every_setting_is_in_one_group() {
        let mut grouped: Vec<&str> =
            SettingsGroup::ALL.iter().flat_map(|group| group.fields()).copied().chain(OTHERS).collect();
        grouped.sort_unstable();
        let all = map(&ShopSettings::default()).unwrap();
        let mut all: Vec<&str> = all.keys().map(String::as_str).collect();
        all.sort_unstable();
        assert_eq!(grouped, all);
    }

    #[test]
    fn a_mark_tells_of_its_group_only() {
        let usual = ShopSettings::default();
        let renamed = ShopSettings { title: "Toko".into(), ..usual.clone() };
        assert_ne!(usual.seen(SettingsGroup::Shop), renamed.seen(SettingsGroup::Shop));
        assert_eq!(usual.seen(SettingsGroup::Selling), renamed.seen(SettingsGroup::Selling));
    }
}
