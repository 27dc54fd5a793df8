#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace backtalk {

/// The words of an enumeration, as the contract, the store and the JSON have them.
template <class Enum, std::size_t count> struct WordTable {
    std::array<std::pair<Enum, std::string_view>, count> words;

    constexpr std::string_view word(Enum value) const
    {
        for (auto const& [each, name] : words)
            if (each == value)
                return name;
        assert(false && "every enumerator has a word");
        return {};
    }
    constexpr std::optional<Enum> named(std::string_view name) const
    {
        for (auto const& [each, word_of_it] : words)
            if (word_of_it == name)
                return each;
        return std::nullopt;
    }
};

}  // namespace backtalk
