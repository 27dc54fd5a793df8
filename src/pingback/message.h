#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "url/url.h"
#include "xmlrpc/introspection.h"
#include "xmlrpc/message.h"

namespace backtalk::pingback {

inline constexpr std::string_view method_name = "pingback.ping";

/// What a caller of pingback.ping says: that source has a link to target.
struct Claim {
    Claim(Url the_source, Url the_target) : source(std::move(the_source)), target(std::move(the_target)) { }

    Url source;
    Url target;
    std::string source_as_received;  ///< Without white space at its ends, like target_as_received.
    std::string target_as_received;
};

/// Reads the parameters of a call of pingback.ping; those after the second are ignored. Otherwise the fault to answer with:
/// invalid_params for what are not two strings, 16 for a source that can be no page, 33 for such a target or one that equals
/// the source but for the fragment, since neither is ever fetched to make certain (P11, P12).
///
/// A URL may have no blanks, quotes or controls inside, no credentials, and at most 2000 bytes.
std::expected<Claim, xmlrpc::Fault> read_ping(xmlrpc::Call const& call);

/// The body of a call, to be sent as xmlrpc::xml_content_type. `target`: as the source has it.
/// Spec: P10
std::string write_ping(std::string_view source, std::string_view target);

/// pingback.ping, for system.listMethods and its like.
xmlrpc::Method ping_method();
xmlrpc::Capability capability();

}  // namespace backtalk::pingback
