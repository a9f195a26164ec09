//! Plausible data at any size, for trying out and measuring.

/// How much.
#[derive(Clone, Copy, Debug)]
pub struct SeedSize {
    /// Users.
    pub users: i64,
    /// Packages.
    pub packages: i64,
    /// Purchases.
    pub purchases: i64,
}

/// Told after each batch: what is being made, and how many are done.
pub type SeedProgress<'p> = &'p (dyn Fn(&'static str, i64) + Send + Sync);
