#include "app/judge_ping.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "judge/memory.h"
#include "judge/words.h"
#include "url/host.h"
#include "url/url.h"

namespace backtalk {

namespace {

judge::PingEvidence ping_evidence(Mention const& mention, Origin origin)
{
    Listing const& listing = mention.listing();
    judge::PingEvidence evidence;
    evidence.title = listing.title;
    evidence.blog_name = listing.site_name;
    evidence.excerpt = listing.excerpt;
    evidence.host = std::string(without_root_dot(mention.url().host()));
    evidence.path = std::string(mention.url().path_and_query());
    evidence.origin = origin;
    return evidence;
}

judge::Features features_of(Mention const& mention)
{
    Listing const& listing = mention.listing();
    return judge::features_of({listing.title, listing.site_name, listing.excerpt, mention.url().host(), mention.url().path_and_query()});
}

/// Likes and the like say the same of everything.
bool has_words_of_its_own(Mention const& mention) { return mention.type() == MentionType::Mention || mention.type() == MentionType::Reply; }

judge::Arrival arrival_of(Mention const& mention, EntryId entry, PingId ping, Instant at)
{
    judge::Arrival arrival;
    arrival.text = has_words_of_its_own(mention) ? judge::text_fingerprint(mention.listing().excerpt) : 0;
    arrival.source = comparison_key(mention.url());  // under whichever of its addresses it was announced
    arrival.host = std::string(without_root_dot(mention.url().host()));
    arrival.domain = judge::registrable_domain(arrival.host);
    arrival.target = std::to_string(entry.value);
    arrival.at = at;
    arrival.token = ping.value;
    return arrival;
}

/// By what decisions are remembered. An empty subject is nobody.
struct Subjects {
    Subjects(Mention const& mention, std::string const& sender)
        : domain(judge::registrable_domain(mention.url().host())), network(judge::network_of(sender))
    {
        Listing const& listing = mention.listing();
        author = judge::author_subject(listing, mention.url());
        // An author's page below the host's own: others have theirs there too.
        Result<Url> const author_page = Url::parse(listing.author_url);
        domain_is_shared = author_page && judge::registrable_domain(author_page->host()) == domain && author_page->path().size() > 1;
    }
    std::string domain;
    std::string author;
    std::string network;
    bool domain_is_shared;
};

bool is_host_or_below(std::string_view host, std::string_view blocked)
{
    return host == blocked || (host.ends_with(blocked) && host[host.size() - blocked.size() - 1] == '.');
}

/// Whether the words of the phrase stand in the text one after the other. Both folded.
bool says(std::string const& text, std::string const& phrase)
{
    return !phrase.empty() && (" " + text + " ").find(" " + phrase + " ") != std::string::npos;
}

constexpr std::size_t words_read = 2000;

/// Looks a mention up in lists of what is not wanted.
class ListSearch {
public:
    explicit ListSearch(Mention const& mention) : mention_(mention)
    {
        Listing const& listing = mention.listing();
        text_ = judge::folded_words(
            listing.title + " . " + listing.site_name + " . " + listing.excerpt + " . " + listing.content_text, words_read);
        author_name_ = judge::folded_words(listing.author_name, words_read);
        author_url_ = ascii_lower(listing.author_url);
        author_ = judge::author_subject(listing, mention.url());
    }
    void host(std::string const& blocked)
    {
        if (is_host_or_below(without_root_dot(mention_.url().host()), blocked))
            found.host = blocked;
    }
    void author(std::string const& blocked)
    {
        if (blocked == author_ || (!author_url_.empty() && author_url_ == blocked) ||
            (!author_name_.empty() && author_name_ == judge::folded_words(blocked, words_read)))
            found.author = blocked;
    }
    void word(std::string const& blocked)
    {
        if (says(text_, judge::folded_words(blocked, words_read)))
            found.word = blocked;
    }
    judge::ListEvidence found;

private:
    Mention const& mention_;
    std::string text_;
    std::string author_name_;
    std::string author_url_;
    std::string author_;  ///< Empty: nobody; and nobody is blocked.
};

}  // namespace

PingJudge::PingJudge(Store& store, ModerationStore& decisions, Clock const& clock, Settings::Judge settings)
    : store_(store), decisions_(decisions), clock_(clock), settings_(std::move(settings))
{
}

void PingJudge::set(Settings::Judge settings)
{
    std::scoped_lock const lock(mutex_);
    settings_ = std::move(settings);
}

void PingJudge::learnt_anew()
{
    std::scoped_lock const lock(mutex_);
    ++lessons_;
    weights_.clear();
}

Result<PingJudge::Weights> PingJudge::weights_of(SiteId site)
{
    std::uint64_t lessons_before = 0;
    {
        std::scoped_lock const lock(mutex_);
        if (auto const known = weights_.find(site); known != weights_.end())
            return known->second;
        lessons_before = lessons_;
    }
    TRY(auto const learnt, decisions_.learnt(site));
    auto fresh = std::make_shared<judge::SiteWeights>();
    for (auto const& [bucket, weight] : learnt)
        fresh->add(bucket, weight);
    std::scoped_lock const lock(mutex_);
    if (lessons_ == lessons_before)
        weights_[site] = fresh;
    return fresh;
}

Result<judge::MemoryEvidence> PingJudge::memory_of(SiteId site, Mention const& mention, std::string const& sender)
{
    Subjects const subjects(mention, sender);
    Instant const now = clock_.now();
    auto const decisions = [&](std::string_view kind, std::string const& subject) -> Result<judge::MemoryEvidence::Decisions> {
        if (subject.empty())
            return judge::MemoryEvidence::Decisions{};
        TRY(ModerationStore::Memory const kept, decisions_.remembered(site, kind, subject));
        return judge::MemoryEvidence::Decisions{judge::remembered_at(kept.good, now), judge::remembered_at(kept.bad, now)};
    };
    judge::MemoryEvidence memory;
    TRY(memory.domain, decisions("domain", subjects.domain));
    TRY(memory.author, decisions("author", subjects.author));
    TRY(memory.network, decisions("network", subjects.network));
    memory.domain_is_shared = subjects.domain_is_shared;
    TRY(std::optional<Instant> const listed_since, decisions_.listed_since(mention.url().host()));
    if (listed_since && *listed_since < now)
        memory.listed_for = std::chrono::floor<std::chrono::days>(now - *listed_since);
    return memory;
}

Result<judge::ListEvidence> PingJudge::lists_of(SiteId site, Mention const& mention)
{
    TRY(std::vector<Block> const blocks, decisions_.blocks(site));
    ListSearch search(mention);
    for (Block const& block : blocks)
        switch (block.kind) {
        case BlockKind::Host: search.host(block.subject); break;
        case BlockKind::Author: search.author(block.subject); break;
        case BlockKind::Word: search.word(block.subject); break;
        }
    std::scoped_lock const lock(mutex_);
    std::ranges::for_each(settings_.hosts, [&](std::string const& host) { search.host(host); });
    std::ranges::for_each(settings_.authors, [&](std::string const& author) { search.author(author); });
    std::ranges::for_each(settings_.words, [&](std::string const& word) { search.word(word); });
    return search.found;
}

/// Of all that speaks against this ping only the crowd is the others' as well.
std::optional<judge::Verdict> Judgement::with_its_crowd(judge::CampaignWatch::Earlier const& ping, judge::Verdict before) const
{
    // Whose words others copied is not to blame for them.
    if (ping.may_be_copied && before.outcome == judge::Outcome::Published)
        return std::nullopt;
    judge::Verdict now = std::move(before);
    for (judge::Reason const& reason : verdict.reasons)
        if (judge::is_of_the_crowd(reason))
            now = judge::with_reason(std::move(now), reason, strictness);
    if (now.outcome == judge::Outcome::Published)
        return std::nullopt;
    return now;
}

Result<void> PingJudge::recall_arrivals()
{
    constexpr std::size_t pings_max = 50'000;  // more in a day are a flood that needs no memory to be seen
    if (has_recalled_)
        return {};
    TRY(auto const arrivals, decisions_.arrivals_since(clock_.now() - judge::CampaignWatch::window, pings_max));
    for (ModerationStore::PastArrival const& past : arrivals)
        watch_.note(arrival_of(past.mention, past.entry, past.ping, past.received));
    has_recalled_ = true;
    return {};
}

Result<Judgement> PingJudge::judged(CaseToJudge const& the_case)
{
    Mention const& mention = the_case.mention;
    SiteId const site = the_case.site;
    judge::Evidence evidence;
    evidence.ping = ping_evidence(mention, the_case.ping.origin);
    evidence.target = the_case.target;
    evidence.page = the_case.page;
    TRY(evidence.memory, memory_of(site, mention, the_case.ping.sender));
    TRY(evidence.lists, lists_of(site, mention));
    evidence.lists.dns_of_domain = the_case.dns.of_domain;
    evidence.lists.dns_of_sender = the_case.dns.of_sender;
    TRY(Weights const weights, weights_of(site));
    evidence.wording = judge::text_score(judge::Prior::shipped(), *weights, features_of(mention));

    Instant const now = clock_.now();
    Judgement judgement;
    std::scoped_lock const lock(mutex_);
    TRY_DONE(recall_arrivals());
    judge::CampaignWatch::Seen seen = watch_.note(arrival_of(mention, the_case.ping.entry, the_case.ping.id, now));
    evidence.crowd = seen.crowd;
    judgement.strictness = settings_.strictness;
    judgement.verdict = judge::judge(evidence, judgement.strictness);
    // What is welcome all the same is no campaign.
    if (judgement.verdict.outcome != judge::Outcome::Published) {
        judgement.campaign = seen.campaign;
        judgement.earlier = std::move(seen.earlier);
    }
    return judgement;
}

Result<std::string> PingJudge::sender_of(MentionId mention)
{
    PingQuery query;
    query.mention = mention;
    query.limit = 1;
    TRY(std::vector<Ping> const pings, store_.pings(query));
    return pings.empty() ? std::string() : pings.front().sender;
}

Result<std::vector<Lesson>> PingJudge::lessons(std::vector<MentionId> const& mentions, Decision decision)
{
    // What is not wanted here need not sound like spam; why something is taken away nobody knows.
    bool const teaches_words = decision == Decision::Approve || decision == Decision::Spam;
    double const good = decision == Decision::Approve ? 1 : 0;
    double const bad = decision == Decision::Spam ? 1 : decision == Decision::Reject ? 0.5 : 0;
    double const scale = judge::memory_weight(clock_.now());
    std::map<SiteId, judge::SiteWeights> learning;
    std::vector<Lesson> lessons;
    for (MentionId const id : mentions) {
        Lesson& lesson = lessons.emplace_back(id);
        TRY(std::optional<StoredMention> const known, store_.mention(id));
        if (!known)
            return failure(ErrorCode::NotFound, fmt::format("there is no mention {}: see backtalk mentions list", id.value));
        TRY(std::optional<Entry> const entry, store_.entry(known->entry));
        if (!entry || decision == Decision::Delete)
            continue;
        lesson.site = entry->site;
        TRY(std::string const sender, sender_of(id));
        Subjects const subjects(known->mention, sender);
        for (auto const& [kind, subject] :
            {std::pair("domain", subjects.domain), {"author", subjects.author}, {"network", subjects.network}})
            if (!subject.empty())
                lesson.remembered.emplace_back(kind, subject, good * scale, bad * scale);
        if (!teaches_words)
            continue;
        auto at = learning.find(entry->site);
        if (at == learning.end()) {
            TRY(Weights const weights, weights_of(entry->site));
            at = learning.emplace(entry->site, *weights).first;
        }
        // A contrary decision takes back what the earlier taught.
        TRY(std::optional<Lesson> const before, decisions_.lesson_in_force(id));
        if (before)
            for (std::uint32_t const bucket : before->buckets)
                at->second.add(bucket, -before->step);
        lesson.buckets = features_of(known->mention);
        double const score = judge::text_score(judge::Prior::shipped(), at->second, lesson.buckets);
        lesson.step = judge::learning_step(score, decision == Decision::Spam, lesson.buckets.size());
        for (std::uint32_t const bucket : lesson.buckets)
            at->second.add(bucket, lesson.step);
    }
    return lessons;
}

}  // namespace backtalk
