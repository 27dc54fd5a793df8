#pragma once

#include "cli/options.h"
#include "cli/streams.h"

namespace backtalk::cli {

/// `backtalk serve`: until SIGTERM or SIGINT. Returns the exit status.
int serve(Options const& options, Streams& streams);
/// `backtalk demo`.
int demo(Options const& options, Streams& streams);

/// Blocks the signals that end or reload the program in this thread and those it starts; call it before any is started.
void block_signals();
enum class Signal { End, Reload };
/// Waits for one of them.
Signal wait_for_signal();

}  // namespace backtalk::cli
