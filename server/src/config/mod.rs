//! What the operator set, checked before anything starts. All mistakes are told at once, each with the variable's name,
//! what is wrong and an example, so that nobody has to start the server five times to hear of five mistakes.

mod backup;
mod gateway;
mod key_file;
mod problem;
mod proxies;
mod public_url;
mod serve;
mod storage;

pub use backup::{BackupConfig, BackupFlags, BackupPlace, MakeBackupFlags};
pub use gateway::{GatewayConfig, GatewayFlags, Secret};
pub use key_file::{add_key, key_path, parse_key, server_key};
pub use problem::{ConfigError, Problem, Problems};
pub use proxies::TrustedProxies;
pub use public_url::PublicUrl;
pub use serve::{DEFAULT_LISTEN, ServeConfig, ServeFlags};
pub use storage::{StorageConfig, StorageFlags};
