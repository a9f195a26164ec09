//! What one user may have open at the same time, counted in this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use store::UserId;

/// Counts what users have open.
#[derive(Clone, Debug)]
pub struct Shares {
    most_each: usize,
    open: Arc<Mutex<HashMap<UserId, usize>>>,
}

/// One of a user's share; given back when it is dropped.
#[derive(Debug)]
pub struct Share {
    user: UserId,
    open: Arc<Mutex<HashMap<UserId, usize>>>,
}

impl Shares {
    /// So many for each user.
    #[must_use]
    pub fn new(most_each: usize) -> Self {
        Self { most_each, open: Arc::default() }
    }

    /// One more for this user; `None` when they have all that they may.
    #[must_use]
    pub fn take(&self, user: UserId) -> Option<Share> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(user).or_default();
        if *count >= self.most_each {
            return None;
        }
        *count += 1;
        Some(Share { user, open: self.open.clone() })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let left = open.get(&self.user).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            open.remove(&self.user);
        } else {
            open.insert(self.user, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let shares = Shares::new(2);
        let (first, _second) = (shares.take(UserId(1)).unwrap(), shares.take(UserId(1)).unwrap());
        assert!(shares.take(UserId(1)).is_none());
        assert!(shares.take(UserId(2)).is_some(), "others are not concerned");
        drop(first);
        assert!(shares.take(UserId(1)).is_some());
        assert_eq!(shares.open.lock().unwrap().len(), 1, "nothing is kept of those who have nothing");
    }
}
