#include "judge/campaign.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/text.h"
#include "judge/words.h"

namespace backtalk::judge {

namespace {

constexpr std::size_t characters_read = 2000;
constexpr int differing_bits_max = 3;  // so two fingerprints that are alike have one quarter in common

/// A quarter of a fingerprint and which one it is.
std::array<std::uint64_t, 4> quarters_of(std::uint64_t fingerprint)
{
    std::array<std::uint64_t, 4> quarters{};
    for (std::size_t i = 0; i < quarters.size(); ++i)
        quarters[i] = (fingerprint >> (16 * i) & 0xFFFF) | std::uint64_t(i) << 16;
    return quarters;
}

}  // namespace

std::uint64_t text_fingerprint(std::string_view text)
{
    constexpr std::size_t pieces_min = 4;
    // Scripts without blanks give their words as long runs: these are taken apart.
    std::vector<std::uint64_t> pieces;
    for (Word const& word : words_of(text, characters_read)) {
        std::size_t const step = word.unspaced ? 2 : word.letters.size();
        for (std::size_t i = 0; i < word.letters.size(); i += step) {
            std::u32string_view const piece = std::u32string_view(word.letters).substr(i, step);
            pieces.push_back(stable_hash(std::string_view(reinterpret_cast<char const*>(piece.data()), piece.size() * sizeof(char32_t))));
        }
    }
    if (pieces.size() < pieces_min)
        return 0;
    std::array<int, 64> votes{};
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        std::uint64_t const pair = (i == 0 ? 0 : std::rotl(pieces[i - 1], 1)) ^ pieces[i];
        std::uint64_t const mixed = (pair ^ pair >> 29) * 0x9E3779B97F4A7C15ULL;
        for (std::size_t bit = 0; bit < votes.size(); ++bit)
            votes[bit] += (mixed >> bit & 1) != 0 ? 1 : -1;
    }
    std::uint64_t fingerprint = 0;
    for (std::size_t bit = 0; bit < votes.size(); ++bit)
        fingerprint |= std::uint64_t(votes[bit] > 0) << bit;
    return fingerprint == 0 ? 1 : fingerprint;
}

CampaignWatch::Seen CampaignWatch::note(Arrival const& arrival)
{
    forget(arrival.at - window);
    Seen seen;
    auto const is_now = [&](Crowd& crowd, std::size_t size, std::size_t least, Number number) {
        if (size < least)
            return;
        seen.campaign = number;
        if (size == least)
            for (Earlier const& member : crowd.members)
                if (member.token != arrival.token)
                    seen.earlier.push_back({member.token, member.may_be_copied && crowd.first_stands_apart});
        crowd.members.clear();
    };
    if (!arrival.domain.empty()) {
        Number const number = crowd_of_domain(arrival);
        Crowd& crowd = joined(number, arrival);
        seen.crowd.same_source = crowd.targets.size();
        is_now(crowd, crowd.targets.size(), flood_min, number);
    }
    if (arrival.text != 0) {
        Number const number = crowd_with_text(arrival);
        Crowd& crowd = joined(number, arrival);
        if (crowd.first_stands_apart && crowd.first_source == stable_hash(arrival.source))
            return seen;
        seen.crowd.same_text = crowd.sources.size();
        seen.crowd.same_text_sources = crowd.hosts.size();
        seen.crowd.same_text_targets = std::min(crowd.sources.size(), crowd.targets.size());
        // What says the same is one thing to decide, whoever sent it.
        is_now(crowd, seen.crowd.same_text_targets, campaign_min, number);
    }
    return seen;
}

void CampaignWatch::forget(Instant before)
{
    while (!order_.empty() && (order_.size() > crowds_max || crowds_.at(order_.front()).last < before)) {
        Number const oldest = order_.front();
        order_.pop_front();
        // What is still going on goes to the end of the row.
        if (crowds_.at(oldest).last >= before && order_.size() < crowds_max)
            order_.push_back(oldest);
        else
            drop(oldest);
    }
}

void CampaignWatch::drop(Number number)
{
    Crowd const& crowd = crowds_.at(number);
    if (!crowd.domain.empty())
        by_domain_.erase(crowd.domain);
    else
        for (std::uint64_t const quarter : quarters_of(crowd.text)) {
            auto const found = by_quarter_.find(quarter);
            std::erase(found->second, number);
            if (found->second.empty())
                by_quarter_.erase(found);
        }
    crowds_.erase(number);
}

CampaignWatch::Crowd& CampaignWatch::joined(Number number, Arrival const& arrival)
{
    Crowd& crowd = crowds_[number];
    std::uint64_t const source = stable_hash(arrival.source);
    if (crowd.sources.empty()) {
        crowd.first_source = source;
        crowd.first_domain = arrival.domain;
        crowd.first = arrival.at;
    } else if (source != crowd.first_source) {
        bool const may_be_copy = arrival.domain != crowd.first_domain && arrival.at - crowd.first >= time_to_copy;
        crowd.first_stands_apart = crowd.first_stands_apart && may_be_copy;
    }
    if (crowd.sources.size() < members_max)
        crowd.sources.insert(source);
    crowd.last = std::max(crowd.last, arrival.at);
    if (crowd.hosts.size() < members_max)
        crowd.hosts.insert(arrival.host);
    if (crowd.targets.size() < members_max)
        crowd.targets.insert(arrival.target);
    if (crowd.members.size() < members_max)
        crowd.members.push_back({arrival.token, source == crowd.first_source && crowd.domain.empty()});
    return crowd;
}

CampaignWatch::Number CampaignWatch::crowd_of_domain(Arrival const& arrival)
{
    auto const [found, is_new] = by_domain_.try_emplace(arrival.domain, 0);
    if (is_new) {
        // The same after a restart, so that what came before and after it is one campaign.
        Number number = static_cast<Number>(stable_hash(arrival.domain) >> 2 | 1);
        while (crowds_.contains(number))
            number += 2;
        found->second = number;
        crowds_[found->second].domain = arrival.domain;
        order_.push_back(found->second);
    }
    return found->second;
}

CampaignWatch::Number CampaignWatch::crowd_with_text(Arrival const& arrival)
{
    constexpr std::size_t looked_at_max = 200;  // of one quarter: what many texts share says little
    for (std::uint64_t const quarter : quarters_of(arrival.text))
        if (auto const found = by_quarter_.find(quarter); found != by_quarter_.end()) {
            std::vector<Number> const& same = found->second;
            for (std::size_t i = same.size() - std::min(same.size(), looked_at_max); i < same.size(); ++i)
                if (std::popcount(crowds_.at(same[i]).text ^ arrival.text) <= differing_bits_max)
                    return same[i];
        }
    auto const number = static_cast<Number>(arrival.text >> 2 & ~std::uint64_t(1)) | 2;
    if (!crowds_.contains(number)) {
        crowds_[number].text = arrival.text;
        order_.push_back(number);
        for (std::uint64_t const quarter : quarters_of(arrival.text))
            by_quarter_[quarter].push_back(number);
    }
    return number;
}

}  // namespace backtalk::judge
