#include "judge/shipped_prior.h"

// The assembler reads the file: a table of a quarter of a million numbers would keep the compiler busy for seconds.
asm(".section .rodata\n"
    ".globl backtalk_prior_begin\n"
    ".globl backtalk_prior_end\n"
    "backtalk_prior_begin: .incbin \"" BACKTALK_PRIOR_FILE "\"\n"
    "backtalk_prior_end:\n"
    ".previous\n");

extern "C" {
extern char const backtalk_prior_begin[];
extern char const backtalk_prior_end[];
}

namespace backtalk::judge {

std::string_view shipped_prior() { return {backtalk_prior_begin, static_cast<std::size_t>(backtalk_prior_end - backtalk_prior_begin)}; }

}  // namespace backtalk::judge
