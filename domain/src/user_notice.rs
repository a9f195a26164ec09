use serde::{Deserialize, Serialize};

use crate::NoticeChannel;
use crate::account::words;

/// What a user is told about their own account. In the app all of it; by mail or Telegram what they choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserNoticeKind {
    /// A purchase was delivered.
    Delivered,
    /// A purchase failed; the money went back.
    Failed,
    /// A payment came into the balance.
    Credited,
    /// Somebody signed in with a browser that was not seen before.
    NewDevice,
}

words!(UserNoticeKind {
    Delivered = "delivered",
    Failed = "failed",
    Credited = "credited",
    NewDevice = "new_device",
});

impl UserNoticeKind {
    /// Whether users who have chosen nothing are told of it by this channel too.
    #[must_use]
    pub const fn is_usual_by(self, channel: NoticeChannel) -> bool {
        matches!((self, channel), (Self::NewDevice, NoticeChannel::Email))
    }
}
