#pragma once

#include <optional>
#include <string_view>

#include "xmlrpc/message.h"

namespace backtalk::pingback {

/// Why a ping is not accepted, as the specification numbers it.
///
/// Spec: http://www.hixie.ch/specs/pingback/pingback#TOC3
enum class FaultCode : int {
    Unknown = 0,             ///< Anything; always allowed (P11).
    SourceNotFound = 16,     ///< The source does not exist.
    NoLink = 17,             ///< The source has no link to the target.
    TargetNotFound = 32,     ///< The target does not exist; only where that is certain.
    TargetUnusable = 33,     ///< The target takes no pings, or is no page that could.
    AlreadyRegistered = 48,  ///< The ping is known, and nothing about it has changed.
    AccessDenied = 49,
    Upstream = 50,  ///< Another server, which has to be asked, answers wrongly or not at all.
};

/// The code of a fault; nothing for numbers that the specification does not know.
std::optional<FaultCode> fault_code_of(int code);
/// "The source has no link to the target."
std::string_view sentence(FaultCode code);
xmlrpc::Fault fault(FaultCode code);

}  // namespace backtalk::pingback
