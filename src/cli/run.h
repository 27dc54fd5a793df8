#pragma once

#include <string>
#include <vector>

namespace backtalk::cli {

/// The whole program: its command line without the program's name, to its exit status (0 done, 1 failed, 2 wrong usage).
int run(std::vector<std::string> const& arguments);

}  // namespace backtalk::cli
