#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "url/form.h"
#include "url/url.h"

namespace backtalk::webmention {

/// What a sender tells a receiver: that source mentions target.
struct Notification {
    Notification(Url the_source, Url the_target) : source(std::move(the_source)), target(std::move(the_target)) { }

    Url source;
    Url target;
    std::optional<Url> vouch;        ///< Of the Vouch extension: a page that we may trust and that links to the sender.
    std::string source_as_received;  ///< Without white space at its ends, like target_as_received.
    std::string target_as_received;
};

/// Reads source, target and vouch, the first of each name; other fields are ignored. Source and target are refused as equal when
/// they are after normalisation, whatever their fragments: a page that mentions itself says nothing (NB: the Recommendation only
/// says "the same URL"; http and https, or a slash at the end, still differ here).
///
/// Spec:   R5, R6; Vouch
/// Errors: Malformed (missing, no URL, blanks, quotes or controls inside, credentials, over 2000 bytes), Refused (another
///         scheme; source equal to target). The texts are whole sentences in our own words, fit for the body of the answer 400.
Result<Notification> read_notification(FormFields const& form);

/// The body of a notification, to be sent as application/x-www-form-urlencoded. `target`: as the source has it, its fragment
/// too. `vouch`: may be empty.
///
/// Spec: S9
std::string form_of(std::string_view source, std::string_view target, std::string_view vouch = {});

}  // namespace backtalk::webmention
