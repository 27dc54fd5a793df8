#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace backtalk::web {

/// A file of a folder below themes/, compiled in by scripts/embed.py.
struct EmbeddedFile {
    EmbeddedFile(std::string_view the_name, unsigned char const* bytes, std::size_t size)
        : name(the_name), contents(reinterpret_cast<char const*>(bytes), size)
    {
    }

    std::string_view name;      ///< "entry.mustache"
    std::string_view contents;  ///< Valid for ever.
};

extern std::span<EmbeddedFile const> const theme_files;        ///< themes/default
extern std::span<EmbeddedFile const> const admin_theme_files;  ///< themes/admin, the owner's pages

}  // namespace backtalk::web
