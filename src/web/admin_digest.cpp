#include "web/admin_digest.h"

#include <fmt/format.h>

#include "app/sign_in.h"
#include "base/text.h"
#include "feed/feed.h"
#include "web/mention_models.h"

namespace backtalk::web {

namespace {

using accounts::TokenKind;

std::string_view label_of(DigestRhythm rhythm)
{
    switch (rhythm) {
    case DigestRhythm::Off: return "No mail";
    case DigestRhythm::Hourly: return "At most once an hour";
    case DigestRhythm::Daily: break;
    }
    return "At most once a day";
}

}  // namespace

void AdminDigest::add_to(AdminTable& table)
{
    table.get("account/digest", Action::OwnAccount, *this, &AdminDigest::show);
    table.post("account/digest", Action::OwnAccount, *this, &AdminDigest::choose);
    table.post("account/digest/feed", Action::OwnAccount, *this, &AdminDigest::change_feed);
    table.get_for_everybody("inbox.atom", *this, &AdminDigest::feed);
}

http::Response AdminDigest::show(AdminVisit const& visit)
{
    Result<DigestChoice> const choice = digests_.digest(visit.user().id);
    if (!choice)
        return frame_.out_of_order(visit, choice.error());
    auto const& fields = schema<DigestPageSchema>();
    auto const& option = schema<ChoiceSchema>();
    View view(fields);
    for (DigestRhythm const rhythm : {DigestRhythm::Off, DigestRhythm::Hourly, DigestRhythm::Daily}) {
        View& shown = view.add(fields.rhythms).set(option.value, to_word(rhythm)).set(option.label, label_of(rhythm));
        shown.set(option.is_chosen, rhythm == choice->rhythm);
    }
    view.set(fields.sends_mail, mailer_.sender().has_value()).set(fields.address, choice->address);
    if (choice->mailed)
        view.set(fields.mailed, shown_time(*choice->mailed)).set(fields.mailed_iso, rfc3339(*choice->mailed));
    view.set(fields.problem, choice->problem).set(fields.has_feed, choice->has_feed);
    view.set(fields.action, visit.place.at("account/digest")).set(fields.feed_url, visit.place.at("account/digest/feed"));
    view.set(fields.back_url, visit.place.at("account"));
    return frame_.page(visit, std::move(view), "Digest");
}

Task<http::Response> AdminDigest::choose(AdminVisit visit)
{
    std::string const next = visit.place.at("account/digest");
    auto const rhythm = digest_rhythm_named(visit.field("rhythm"));
    std::string const address(trimmed(visit.field("address")));
    if (!rhythm) {
        Error const unclear(ErrorCode::Malformed, "say how often");
        co_return frame_.failed(visit, next, unclear);
    }
    Result<MailAddress> const parsed = MailAddress::parse(address);
    bool const needs_none = *rhythm == DigestRhythm::Off && address.empty();
    if (!parsed && !needs_none)
        co_return frame_.failed(visit, next, parsed.error());
    DigestChoice choice(visit.user().id);
    choice.rhythm = *rhythm;
    choice.address = address;
    choice.admin_url = visit.place.origin + visit.place.at("");
    Result<void> const done = co_await digests_.choose_digest(std::move(choice));
    if (!done)
        co_return frame_.failed(visit, next, done.error());
    sender_.wake();
    co_return frame_.done(
        visit, next, *rhythm == DigestRhythm::Off ? "You get no mail." : fmt::format("What is new in the inbox is mailed to {}.", address));
}

Task<http::Response> AdminDigest::change_feed(AdminVisit visit)
{
    std::string const next = visit.place.at("account/digest");
    bool const makes = visit.field("do") != "none";
    SecretToken const key = SecretToken::random();
    std::string hash = makes ? key.hash(TokenKind::Feed) : "";
    Result<void> const done = co_await digests_.set_digest_feed(visit.user().id, std::move(hash));
    if (!done)
        co_return frame_.failed(visit, next, done.error());
    if (!makes)
        co_return frame_.done(visit, next, "The feed is gone: its address leads nowhere.");
    AdminMessage message(AdminMessage::Kind::Done,
        "This is the address of your feed. It is shown only now, whoever has it can read what waits, and an earlier one leads nowhere:");
    message.secret = fmt::format("{}{}?key={}", visit.place.origin, visit.place.at("inbox.atom"), key.str());
    co_return frame_.done(visit, next, std::move(message));
}

http::Response AdminDigest::feed(AdminVisit const& visit)
{
    auto const key = SecretToken::parse(visit.query("key"));
    Result<std::optional<User>> const owner =
        key ? digests_.digest_feed_owner(key->hash(TokenKind::Feed)) : Result<std::optional<User>>(std::nullopt);
    if (!owner)
        return frame_.out_of_order(visit, owner.error());
    if (!*owner || !accounts::may((*owner)->role, Action::ReadInbox))
        return frame_.not_found(visit);
    Result<std::string> text = feed_text(visit);
    if (!text)
        return frame_.out_of_order(visit, text.error());
    return http::Response(200, "application/atom+xml; charset=utf-8", *std::move(text));
}

Result<std::string> AdminDigest::feed_text(AdminVisit const& visit)
{
    InboxPart part;
    part.limit = feed_items;
    TRY(std::vector<InboxItem> const items, inbox_.inbox(MentionState::Held, {}, part));
    auto const address = [&](std::string_view path) { return visit.place.origin + visit.place.at(path); };
    feed::FeedInfo info;
    info.id = address("inbox");
    info.title = fmt::format("Waiting at {}", visit.place.site_title);
    info.home_url = address("inbox");
    info.self_url = address("inbox.atom");  // without its key: a feed that is passed on gives nothing away
    std::vector<feed::FeedEntry> entries;
    for (InboxItem const& item : items) {
        StoredMention const& stored = item.mention;
        TRY(std::optional<Entry> const about, store_.entry(stored.entry));
        Listing const& listing = stored.mention.listing();
        std::string const title = title_for_list(stored);
        std::string const page = address(fmt::format("inbox/{}", stored.id.value));
        feed::FeedEntry& entry = entries.emplace_back();
        entry.id = entry.url = page;
        entry.title = title.empty() ? stored.mention.url().str() : title;
        entry.author = listing.author_name;
        entry.published = entry.updated = stored.received;
        info.updated = std::max(info.updated, stored.received);
        entry.content_html = fmt::format("<p>{} at <a href=\"{}\">{}</a>, about “{}”.</p>", noun_of(stored.mention.type()),
            escaped(stored.mention.url().str()), escaped(stored.mention.url().str()), escaped(about ? about->title : ""));
        if (!listing.excerpt.empty())
            entry.content_html += fmt::format("<blockquote><p>{}</p></blockquote>", escaped(listing.excerpt));
        if (item.mentions > 1)
            entry.content_html +=
                fmt::format("<p>It is one of {} that look alike: they are approved or rejected together.</p>", item.mentions);
        entry.content_html += fmt::format("<p><a href=\"{0}/approve\">Approve</a> · <a href=\"{0}/reject\">Reject</a></p>", escaped(page));
    }
    return feed::atom_feed(info, entries);
}

}  // namespace backtalk::web
