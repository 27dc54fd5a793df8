#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace backtalk::importers {

/// Remembers what was reported, for faults that every record of a file repeats. Keeps 64 names, of 64 bytes each.
class ReportedOnce {
public:
    /// True the first time; false afterwards, and for all that comes when the memory is full.
    bool first_time(std::string_view name)
    {
        name = name.substr(0, 64);
        if (names_.size() >= 64 || names_.contains(name))
            return false;
        names_.emplace(name);
        return true;
    }

private:
    std::set<std::string, std::less<>> names_;
};

}  // namespace backtalk::importers
