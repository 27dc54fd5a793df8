#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "xmlrpc/message.h"

namespace backtalk::xmlrpc {

/// What a server can do, for those who ask it.
struct Method {
    std::string name;
    /// Type names, the result's first; one list for each way to call it.
    std::vector<std::vector<std::string>> signatures;
    std::string help;  ///< Plain text.
};

struct Capability {
    std::string name;
    std::string spec_url;
    int spec_version = 1;
};

/// The methods of a server, and the answers of system.*, which it adds by itself. It calls nothing: whoever owns the methods does,
/// and may wait while doing so.
///
///     if (auto const answer = table.answer(call)) …                     // system.listMethods and its like, or an unknown method
///     if (is_multicall(call)) … calls_of_multicall(), then for each call its response, then multicall_result()
///     else …                                                            // one of the methods of the table
class MethodTable {
public:
    explicit MethodTable(std::vector<Method> methods, std::vector<Capability> capabilities = {});

    /// The response to system.listMethods, system.methodSignature, system.methodHelp and system.getCapabilities, and the fault for
    /// a method that is not in the table. Nothing for the table's own methods and system.multicall.
    ///
    /// Spec: http://xmlrpc-c.sourceforge.net/introspection.html; "getCapabilities" of 2001
    std::optional<Response> answer(Call const& call) const;

    Method const* find(std::string_view name) const;

private:
    std::vector<Method> methods_;
    std::vector<Capability> capabilities_;
};

inline constexpr std::size_t multicall_calls_max = 50;

bool is_multicall(Call const& call);
/// The calls of a system.multicall in their order; in place of one that is none, or is itself a multicall, the fault that answers it.
///
/// Errors: Refused (not one array), TooLarge (more than multicall_calls_max). fault_of() has the answer.
Result<std::vector<std::variant<Call, Fault>>> calls_of_multicall(Call const& call);
/// `responses`: one for each call.
Value multicall_result(std::vector<Response> const& responses);

}  // namespace backtalk::xmlrpc
