#pragma once

#include <cstddef>
#include <string>

namespace backtalk::importers {

/// Something in an imported file that was not as it should be. Never ends the import.
struct ImportProblem {
    enum class Kind {
        Mended,   ///< Something sensible was made of it.
        LeftOut,  ///< It did not come in.
    };

    std::size_t line = 0;  ///< Counted from 1, as an editor counts.
    Kind kind = Kind::Mended;
    std::string text;  ///< One sentence: what was there and what was made of it. Quotes at most 60 bytes of the file.

    bool operator==(ImportProblem const&) const = default;
};

}  // namespace backtalk::importers
