#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace backtalk::markup {

/// The first byte in [from, end) that is one of `wanted`, else `end`. Reads nothing outside the range. Sixteen bytes at
/// a time where the processor has SSE2, which every x86-64 has.
template <char... wanted> inline char const* find_byte(char const* from, char const* end)
{
#if defined(__SSE2__)
    for (; end - from >= 16; from += 16) {
        __m128i const block = _mm_loadu_si128(reinterpret_cast<__m128i const*>(from));
        __m128i const hits = (... | _mm_cmpeq_epi8(block, _mm_set1_epi8(wanted)));
        auto const mask = static_cast<std::uint32_t>(_mm_movemask_epi8(hits));
        if (mask != 0)
            return from + std::countr_zero(mask);
    }
#endif
    while (from < end && (... && (*from != wanted)))
        ++from;
    return from;
}

}  // namespace backtalk::markup
