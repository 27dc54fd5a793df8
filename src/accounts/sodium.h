#pragma once

#include <sodium.h>

#include <cstdlib>

namespace backtalk::accounts {

/// To be called before anything of libsodium is used; may be called often. Without a source of random numbers nothing here is
/// safe, so the program ends.
inline void start_sodium()
{
    if (::sodium_init() < 0)
        std::abort();
}

}  // namespace backtalk::accounts
