#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace backtalk::web {

/// A file of themes/default, compiled in by scripts/embed.py.
struct EmbeddedFile {
    EmbeddedFile(std::string_view the_name, unsigned char const* bytes, std::size_t size)
        : name(the_name), contents(reinterpret_cast<char const*>(bytes), size)
    {
    }

    std::string_view name;      ///< "entry.mustache"
    std::string_view contents;  ///< Valid for ever.
};

extern std::span<EmbeddedFile const> const theme_files;

}  // namespace backtalk::web
