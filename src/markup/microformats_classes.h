#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/text.h"

namespace backtalk::markup {

enum class MfPrefix : std::uint8_t { P, U, Dt, E };

/// One property that a class makes of an element.
struct MfPropertyName {
    MfPrefix prefix;
    std::string_view name;  ///< Without prefix.

    bool operator==(MfPropertyName const&) const = default;
};

/// "h-entry" and the like: a root class of version 2.
bool is_v2_root(std::string_view class_name);
/// "dt-published": prefix and name; nothing where the class is no property of version 2.
std::optional<MfPropertyName> v2_property(std::string_view class_name);

/// The classic roots, as a set of bits.
using ClassicRoots = std::uint16_t;
namespace classic {
inline constexpr ClassicRoots Adr = 1 << 0;
inline constexpr ClassicRoots Geo = 1 << 1;
inline constexpr ClassicRoots Hentry = 1 << 2;
inline constexpr ClassicRoots Hfeed = 1 << 3;
inline constexpr ClassicRoots Hproduct = 1 << 4;
inline constexpr ClassicRoots Hrecipe = 1 << 5;
inline constexpr ClassicRoots Hresume = 1 << 6;
inline constexpr ClassicRoots Hreview = 1 << 7;
inline constexpr ClassicRoots HreviewAggregate = 1 << 8;
inline constexpr ClassicRoots Vcard = 1 << 9;
inline constexpr ClassicRoots Vevent = 1 << 10;
inline constexpr ClassicRoots Item = 1 << 11;  ///< What a review is about. Has no root class of its own.
}  // namespace classic

/// The root that a class names; 0 for another class.
ClassicRoots classic_root(std::string_view class_name);
/// The type of one root in version 2: "h-card".
std::string_view type_of(ClassicRoots one_root);

/// What a class means inside items of these roots.
struct ClassicRule {
    std::string_view class_name;
    ClassicRoots inside;
    MfPropertyName property;
    ClassicRoots becomes;  ///< The element is an item of this root then, if it bears no root class itself.
};
/// The rules for a class, whatever the root.
std::span<ClassicRule const> classic_rules(std::string_view class_name);

/// Calls `visit` with each token of a class or rel attribute.
template <class Visit> void for_each_token(std::string_view tokens, Visit&& visit)
{
    std::size_t i = 0;
    while (i < tokens.size()) {
        while (i < tokens.size() && is_ascii_space(tokens[i]))
            ++i;
        std::size_t const start = i;
        while (i < tokens.size() && !is_ascii_space(tokens[i]))
            ++i;
        if (i > start)
            visit(tokens.substr(start, i - start));
    }
}

}  // namespace backtalk::markup
