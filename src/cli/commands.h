#pragma once

#include "cli/home.h"
#include "cli/options.h"
#include "cli/streams.h"

namespace backtalk::cli {

// The commands that work on an open home: in this process, or in the server that has it open.

Result<void> run_site_command(Home& home, Options const& options, Streams& streams);
Result<void> run_entry_command(Home& home, Options const& options, Streams& streams);
Result<void> run_mentions_command(Home& home, Options const& options, Streams& streams);  ///< mentions, pings
Result<void> run_sending_command(Home& home, Options const& options, Streams& streams);   ///< sent, send, discover
Result<void> run_hooks_command(Home& home, Options const& options, Streams& streams);
Result<void> run_import_command(Home& home, Options const& options, Streams& streams);
Result<void> run_user_command(Home& home, Options const& options, Streams& streams);
Result<void> run_token_command(Home& home, Options const& options, Streams& streams);

/// `judge` without --site, which needs no home.
Result<void> run_judge_command(Options const& options, Streams& streams);
/// `judge` with what the site has learnt.
Result<void> run_judge_command(Home& home, Options const& options, Streams& streams);

/// Runs any of them; prints errors. Returns the exit status.
int run_home_command(Home& home, Options const& options, Streams& streams);

/// "backtalk: what went wrong: what to do about it", on standard error.
void print_error(Streams& streams, Error const& error);

/// The site that --site names, or the home's only one. Errors: NotFound.
Result<std::shared_ptr<Site const>> chosen_site(Home& home, Options const& options);

}  // namespace backtalk::cli
