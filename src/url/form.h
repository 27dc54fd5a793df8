#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "url/percent.h"  // percent_decoded() and percent_encoded(), which go with forms.

namespace backtalk {

using FormFields = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::size_t form_fields_max = 1000;

/// application/x-www-form-urlencoded, from a request's body or a query. Names and values are bytes as they were encoded: what
/// charset they are in is for the reader to find out. Fields keep their order; names may repeat. Never fails: whatever stands
/// between two "&" is a field.
///
/// Spec:   https://url.spec.whatwg.org/#urlencoded-parsing
/// Limits: fields after the first 1000 are left out (NB: ours).
FormFields parse_form(std::string_view text);
/// Spec: https://url.spec.whatwg.org/#urlencoded-serializing
std::string form_encoded(FormFields const& fields);

}  // namespace backtalk
