#include "app/verdict_json.h"

#include <cmath>

#include <boost/json.hpp>

namespace backtalk {

namespace {

namespace json = boost::json;

double rounded(double weight) { return std::round(weight * 100) / 100; }

double number_at(json::object const& object, std::string_view name)
{
    json::value const* const value = object.if_contains(name);
    boost::system::error_code error;
    double const number = value ? value->to_number<double>(error) : 0;
    return error ? 0 : number;
}

std::string text_at(json::object const& object, std::string_view name)
{
    json::value const* const value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

std::string verdict_json(judge::Verdict const& verdict)
{
    json::array reasons;
    for (judge::Reason const& reason : verdict.reasons)
        reasons.push_back(json::object{{"name", reason.name}, {"weight", rounded(reason.weight)}, {"sentence", reason.sentence}});
    return json::serialize(
        json::object{{"outcome", to_word(verdict.outcome)}, {"score", rounded(verdict.score)}, {"reasons", std::move(reasons)}});
}

Result<judge::Verdict> read_verdict(std::string_view text)
{
    boost::system::error_code error;
    json::value const value = json::parse(text, error);
    if (error || !value.is_object())
        return failure(ErrorCode::Malformed, "this is no verdict");
    json::object const& object = value.get_object();
    auto const outcome = judge::outcome_named(text_at(object, "outcome"));
    if (!outcome)
        return failure(ErrorCode::Malformed, "this verdict has no outcome");
    judge::Verdict verdict;
    verdict.outcome = *outcome;
    verdict.score = number_at(object, "score");
    if (json::value const* const reasons = object.if_contains("reasons"); reasons && reasons->is_array())
        for (json::value const& each : reasons->get_array())
            if (each.is_object())
                verdict.reasons.emplace_back(
                    text_at(each.get_object(), "name"), number_at(each.get_object(), "weight"), text_at(each.get_object(), "sentence"));
    return verdict;
}

}  // namespace backtalk
