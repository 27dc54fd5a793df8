#include "web/admin_blocks.h"

#include <fmt/format.h>

#include "base/text.h"
#include "web/admin_desk.h"

namespace backtalk::web {

namespace {

std::string_view label_of(BlockKind kind)
{
    switch (kind) {
    case BlockKind::Host: return "Host, with all below it";
    case BlockKind::Author: return "Author, by name or address";
    case BlockKind::Word: break;
    }
    return "Word or phrase";
}

}  // namespace

void AdminBlocks::add_to(AdminTable& table)
{
    table.get("blocks", Action::ReadInbox, *this, &AdminBlocks::list);
    table.post("blocks", Action::Moderate, *this, &AdminBlocks::add);
    table.post("blocks/{id}/remove", Action::Moderate, *this, &AdminBlocks::remove);
}

http::Response AdminBlocks::list(AdminVisit const& visit)
{
    auto const& fields = schema<BlocksPageSchema>();
    auto const& block = schema<BlockSchema>();
    auto const& choice = schema<ChoiceSchema>();
    View view(fields);
    auto const sites = sites_.all();
    bool is_empty = true;
    for (auto const& site : sites) {
        view.add(fields.sites).set(choice.value, std::to_string(site->id.value)).set(choice.label, name_of(*site));
        Result<std::vector<Block>> const blocks = moderator_.blocks(site->id);
        if (!blocks)
            return frame_.out_of_order(visit, blocks.error());
        for (Block const& each : *blocks) {
            is_empty = false;
            View& shown = view.add(fields.blocks).set(block.kind, to_word(each.kind)).set(block.subject, each.subject);
            shown.set(block.actor, each.actor).set(block.made, shown_time(each.made)).set(block.made_iso, rfc3339(each.made));
            shown.set(block.site, name_of(*site)).set(block.remove_url, visit.place.at(fmt::format("blocks/{}/remove", each.id.value)));
        }
    }
    for (BlockKind const kind : {BlockKind::Host, BlockKind::Author, BlockKind::Word})
        view.add(fields.kinds).set(choice.value, to_word(kind)).set(choice.label, label_of(kind));
    view.set(fields.is_empty, is_empty).set(fields.has_sites, sites.size() > 1);
    view.set(fields.add_url, visit.place.at("blocks")).set(fields.inbox_url, visit.place.at("inbox"));
    return frame_.page(visit, std::move(view), "What is blocked");
}

Task<http::Response> AdminBlocks::add(AdminVisit visit)
{
    std::string const next = visit.place.at("blocks");
    auto const sites = sites_.all();
    auto const kind = block_kind_named(visit.field("kind"));
    SiteId site(parse_integer<std::int64_t>(visit.field("site")).value_or(0));
    if (sites.size() == 1)
        site = sites.front()->id;
    if (!kind || !sites_.find(site)) {
        Error const unclear(ErrorCode::Malformed, "say what is to be blocked, and for which site");
        co_return frame_.failed(visit, next, unclear);
    }
    std::string subject(visit.field("subject"));
    Result<BlockId> const done = co_await moderator_.block(site, *kind, subject, visit.user().name.str());
    if (!done)
        co_return frame_.failed(visit, next, done.error());
    Activity activity(visit.actor(), fmt::format("blocked the {}", to_word(*kind)), subject);
    Result<void> const noted = co_await people_.note(std::move(activity));
    if (!noted)
        co_return frame_.failed(visit, next, noted.error());
    co_return frame_.done(visit, next, fmt::format("“{}” is blocked: what comes in from now on is spam.", subject));
}

Task<http::Response> AdminBlocks::remove(AdminVisit visit)
{
    std::string const next = visit.place.at("blocks");
    Result<Block> const done = co_await moderator_.unblock(BlockId(visit.id()));
    if (!done)
        co_return frame_.failed(visit, next, done.error());
    Activity activity(visit.actor(), fmt::format("unblocked the {}", to_word(done->kind)), done->subject);
    Result<void> const noted = co_await people_.note(std::move(activity));
    if (!noted)
        co_return frame_.failed(visit, next, noted.error());
    co_return frame_.done(visit, next, "It is no longer blocked. What went to spam meanwhile is still there.");
}

}  // namespace backtalk::web
