#pragma once

#include <string>
#include <string_view>

#include "base/date.h"
#include "judge/evidence.h"
#include "weblog/mention.h"

namespace backtalk::judge {

/// The registrable domain of a host, by the public suffix list: "shop.co.uk" of "www.shop.co.uk", "ann.github.io" of itself.
/// Of an address or a host without one (a suffix itself, a single label): the host as it is.
std::string registrable_domain(std::string_view host);

/// Who wrote it, as far as that can be believed. A page may claim any author: an address on another domain than its own, like a name,
/// is tied to the domain that claims it. In lower case; empty: nobody is named.
std::string author_subject(Listing const& listing, Url const& source);

/// Whether the host is a weblog of its own on a domain where everybody can have one: the private part of the public suffix list.
bool is_shared_host(std::string_view host);

/// The network that a sender's address is counted by, Address::network(). Empty of what is no address.
std::string network_of(std::string_view address);

/// Decisions fade: after this time they count half.
inline constexpr std::chrono::hours memory_half_life{24 * 180};

/// What a decision made at `made` adds to the memory. Growing with time instead of letting what is kept shrink, so that sums need
/// no rewriting and undoing is a subtraction.
double memory_weight(Instant made);
/// What a sum of such weights counts at `now`.
double remembered_at(double sum, Instant now);

}  // namespace backtalk::judge
