#pragma once

#include "markup/json_values.h"

namespace backtalk::markup {

/// What may still be kept: a value takes 136 bytes for the 3 that `"",` has in JSON.
struct JsonBudget {
    std::size_t items = 1000;
    std::size_t values = 20'000;

    bool take_item() { return items > 0 && items-- > 0; }
    bool take_value() { return values > 0 && values-- > 0; }
};

bool is_mf2_item(json::object const& object);

/// An item of mf2 JSON, as it stands. `object`: one of which is_mf2_item() is true, of bounded depth.
///
/// Spec: https://microformats.org/wiki/microformats2-parsing (canonical JSON)
MfItem mf2_item(json::object const& object, JsonBudget& budget);

/// rels of mf2 JSON, as far as authorship needs them.
void add_mf2_rels(json::object const& object, Microformats& microformats, JsonBudget& budget);

}  // namespace backtalk::markup
