//! What the last four digits of a number ask for in this dialect. Numbers are in 08 form.
//!
//! | digits | what happens on a purchase, once it is paid |
//! |---|---|
//! | 1230 … 1235 | as in the H2H dialect: success, failed, pending and then success, failed, or for ever |
//! | 1240 1241 1242 | bought, and the answer hangs, is HTTP 500, is half a JSON |
//! | 1243 | not bought, and the answer hangs |
//! | 1244 1245 | refused: deposit empty (436), out of stock although the stock call said otherwise (434) |
//! | 1246 1247 | bought, and the connection is reset, or the answer is an HTML 502 |
//! | 1248 1249 1250 | bought, and the answer has no `trx_id`, has texts for numbers, or comes byte by byte |
//! | 1251 | bought, and the answer says `status: false` (400) |
//! | 1252 1253 | not bought: HTTP 429, or maintenance (503) |
//! | 1254 1255 | "422 ipaas": bought and delivered, or not bought |
//! | 1256 | success, later refunded; nothing was delivered |
//! | 1257 1258 | refused: pulsa too low (402), price changed (417) |
//! | 1260 | refused: the access token has expired (401); good again once the session was prolonged |
//! | 1261 | refused: the session is revoked (419) |
//! | 1265 … 1269 | refused: stop a package first (424), area (432), daily limit (431), inactive (407), cut-off (435) |
//!
//! | digits | what happens on another call |
//! |---|---|
//! | 1262 | prolonging the session finds it revoked (419) |
//! | 1263 | the first prolonging is done, but its answer hangs: the old token is void, the new one unknown |
//! | 1264 | asking for an OTP finds the number locked (423) |

use super::Call;
use crate::{AnswerFate, Behaviour, OrderFate, Settling};

/// What a number asks for; `None` for an ordinary one. `is_fresh` tells of the session that the request names, if it
/// names one, whether it was never prolonged.
pub(super) fn by_number(call: Call, number: &str, is_fresh: Option<bool>) -> Option<Behaviour> {
    let digits = number.get(number.len().checked_sub(4)?..)?;
    match call {
        Call::PackagePurchase => {
            on_purchase(digits, is_fresh == Some(true)).or_else(|| Behaviour::by_number(number))
        }
        Call::Login => on_prolonging(digits, is_fresh?),
        Call::ReqOtp => (digits == "1264").then(|| refused("423")),
        _ => None,
    }
}

/// A package code of the form `RC402` asks for this code: every one on demand.
pub(super) fn by_package_code(package_code: &str) -> Option<Behaviour> {
    let code = package_code.strip_prefix("RC")?;
    (code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit())).then(|| refused(code))
}

fn on_purchase(digits: &str, is_fresh: bool) -> Option<Behaviour> {
    let delivered = |answer| Behaviour { order: OrderFate::Success, answer };
    let lost = |answer| Behaviour { order: OrderFate::NotFormed, answer };
    let code = |code: &str| AnswerFate::Code { rc: code.to_owned(), status: None };
    Some(match digits {
        "1244" => refused("436"),
        "1245" => refused("434"),
        "1246" => delivered(AnswerFate::Close),
        "1247" => delivered(AnswerFate::Html502),
        "1248" => delivered(AnswerFate::MissingTrxId),
        "1249" => delivered(AnswerFate::StringsForNumbers),
        "1250" => delivered(AnswerFate::Drip { ms: 20 }),
        "1251" => delivered(code("400")),
        "1252" => lost(AnswerFate::Http429),
        "1253" => refused("503"),
        "1254" => delivered(code("422")),
        "1255" => lost(code("422")),
        "1256" => honest(OrderFate::SuccessThenRefunded { settling: Settling::default() }),
        "1257" => refused("402"),
        "1258" => refused("417"),
        "1260" if is_fresh => refused("401"),
        "1261" => refused("419"),
        "1265" => refused("424"),
        "1266" => refused("432"),
        "1267" => refused("431"),
        "1268" => refused("407"),
        "1269" => refused("435"),
        _ => return None,
    })
}

fn on_prolonging(digits: &str, is_fresh: bool) -> Option<Behaviour> {
    match digits {
        "1262" => Some(refused("419")),
        "1263" if is_fresh => Some(Behaviour { order: OrderFate::AsUsual, answer: AnswerFate::Hang }),
        _ => None,
    }
}

fn refused(code: &str) -> Behaviour {
    honest(OrderFate::Refuse { rc: code.to_owned() })
}

const fn honest(order: OrderFate) -> Behaviour {
    Behaviour { order, answer: AnswerFate::Honest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ending;

    /// The shared digits keep their meaning in both dialects.
    #[test]
    fn no_shared_number_is_taken_twice() {
        for digits in ["1230", "1232", "1233", "1234", "1235", "1240", "1241", "1242", "1243"] {
            let number = format!("08780000{digits}");
            assert_eq!(
                by_number(Call::PackagePurchase, &number, Some(true)),
                Behaviour::by_number(&number),
                "{digits}"
            );
        }
        let never = honest(OrderFate::Pending { then: Ending::Never, settling: Settling::default() });
        assert_eq!(by_number(Call::PackagePurchase, "087800001235", None), Some(never));
        assert_eq!(by_number(Call::PackagePurchase, "087800001299", None), None);
    }
}
