#pragma once

#include "markup/json_values.h"

namespace backtalk::markup {

/// What may still be kept: a value takes 136 bytes for the 3 that `"",` has in JSON.
class JsonBudget {
public:
    bool take_item() { return take(items_); }
    bool take_value() { return take(values_); }

private:
    static bool take(std::size_t& left)
    {
        bool const is_left = left > 0;
        left -= is_left ? 1 : 0;
        return is_left;
    }

    std::size_t items_ = 1000;
    std::size_t values_ = 20'000;
};

bool is_mf2_item(json::object const& object);

/// An item of mf2 JSON, as it stands. `object`: one of which is_mf2_item() is true, of bounded depth.
///
/// Spec: https://microformats.org/wiki/microformats2-parsing (canonical JSON)
MfItem mf2_item(json::object const& object, JsonBudget& budget);

/// rels of mf2 JSON, as far as authorship needs them.
void add_mf2_rels(json::object const& object, Microformats& microformats, JsonBudget& budget);

}  // namespace backtalk::markup
