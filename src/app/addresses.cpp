#include "app/addresses.h"

#include "base/text.h"
#include "url/form.h"
#include "weblog/path_key.h"

namespace backtalk {

namespace {

std::string field(FormFields const& fields, std::string_view name)
{
    for (auto const& [key, value] : fields)
        if (key == name)
            return value;
    return {};
}

bool has_field(FormFields const& fields, std::string_view name)
{
    return std::any_of(fields.begin(), fields.end(), [&](auto const& each) { return each.first == name; });
}

/// "2", "0002": digits, as Movable Type reads them.
std::optional<std::int64_t> id_of(std::string_view text)
{
    auto const id = parse_integer<std::int64_t>(trimmed(text));
    return id && *id > 0 ? id : std::nullopt;
}

/// "archives/000123.html" in any folder: how weblogs of 2003 named their pages by number.
std::optional<std::int64_t> numbered_archive(std::string_view key)
{
    auto const slash = key.rfind('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    std::string_view const folder = key.substr(0, slash);
    std::string_view const file = key.substr(slash + 1);
    auto const dot = file.find('.');
    std::string_view const digits = file.substr(0, dot);
    bool const in_archives = folder == "archives" || folder.ends_with("/archives");
    if (!in_archives || digits.size() < 6 || dot == std::string_view::npos)
        return std::nullopt;
    return id_of(digits);
}

Result<std::optional<AddressOwner>> owner_by_id(Store& store, Site const& site, std::int64_t id)
{
    TRY(std::optional<Entry> const entry, store.entry(EntryId(id)));
    if (!entry || entry->site != site.id)
        return std::nullopt;
    return AddressOwner{entry->id, entry->path, entry->status};
}

std::optional<PingDoor> door_of_script(std::string_view path, FormFields const& query)
{
    // NAME.cgi/ID/PASSPHRASE, wp-trackback.php/ID, in any folder.
    auto const parts = split(path, '/');
    for (std::size_t i = 0; i < parts.size(); ++i) {
        bool const wordpress = parts[i] == "wp-trackback.php";
        if (!parts[i].ends_with(".cgi") && !wordpress)
            continue;
        std::string id = i + 1 < parts.size() ? std::string(parts[i + 1]) : std::string();
        if (id.empty())
            id = field(query, wordpress ? "p" : "tb_id");
        return PingDoor{wordpress ? PingDoor::By::EntryNumber : PingDoor::By::TrackbackId, std::move(id)};
    }
    return std::nullopt;
}

}  // namespace

Result<std::optional<AddressOwner>> entry_at(Store& store, Site const& site, Url const& url)
{
    std::optional<std::string> const key = path_key(site.base, url);
    if (!key)
        return std::nullopt;
    TRY(std::optional<AddressOwner> owner, store.address_owner(site.id, *key));
    // What stands behind "?" on an external site means what that site wants it to mean.
    if (owner || site.kind == SiteKind::External)
        return owner;
    if (auto const query = url.query()) {
        FormFields const fields = parse_form(*query);
        if (auto const id = id_of(field(fields, "p")); id && path_key(site.base, url)->starts_with('?'))
            return owner_by_id(store, site, *id);
        // Whatever else somebody hung behind a permalink, it is still that page.
        if (auto const plain = key->find('?'); plain != std::string::npos && plain > 0) {
            TRY(owner, store.address_owner(site.id, std::string_view(*key).substr(0, plain)));
            if (owner)
                return owner;
        }
    }
    if (auto const id = numbered_archive(*key))
        return owner_by_id(store, site, *id);
    return std::nullopt;
}

std::optional<PingDoor> ping_door(std::string_view path, std::string_view query)
{
    FormFields const fields = parse_form(query);
    std::string_view const folded = path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
    if (folded == "trackback" || folded.starts_with("trackback/")) {
        std::string_view const rest = folded == "trackback" ? std::string_view() : folded.substr(10);
        return PingDoor{PingDoor::By::TrackbackId, rest.empty() ? field(fields, "tb_id") : std::string(rest.substr(0, rest.find('/')))};
    }
    if (auto door = door_of_script(folded, fields))
        return door;
    if (has_field(fields, "tb_id"))
        return PingDoor{PingDoor::By::TrackbackId, field(fields, "tb_id")};
    if (has_field(fields, "p") && has_field(fields, "tb"))
        return PingDoor{PingDoor::By::EntryNumber, field(fields, "p")};
    if (folded.ends_with("/trackback"))
        return PingDoor{PingDoor::By::Page, std::string(folded.substr(0, folded.size() - 9))};
    return std::nullopt;
}

std::optional<PingDoor> door_of_page(Site const& site, Url const& url)
{
    std::optional<std::string> path = site.base.relative(url);
    if (!path)
        return std::nullopt;
    if (auto const query = url.query())
        *path += "?" + std::string(*query);
    return PingDoor{PingDoor::By::Page, *std::move(path)};
}

Result<std::optional<Entry>> entry_behind(Store& store, Site const& site, PingDoor const& door)
{
    std::optional<EntryId> id;
    switch (door.by) {
    case PingDoor::By::TrackbackId:
        if (auto const number = id_of(door.subject)) {
            TRY(id, store.trackback_owner(site.id, *number));
        }
        break;
    case PingDoor::By::EntryNumber:
        if (auto const number = id_of(door.subject))
            id = EntryId(*number);
        break;
    case PingDoor::By::Page: {
        TRY(std::optional<AddressOwner> const owner, entry_at(store, site, site.base.at(door.subject)));
        if (owner)
            id = owner->entry;
        break;
    }
    }
    if (!id)
        return std::nullopt;
    TRY(std::optional<Entry> entry, store.entry(*id));
    bool const may_exist = entry && (has_page(entry->status) || (site.kind == SiteKind::External && entry->status == EntryStatus::Draft));
    if (!may_exist || entry->site != site.id)
        return std::nullopt;
    return entry;
}

Url canonical_address(Site const& site, Url const& found, std::optional<Url> const& canonical)
{
    auto const key = canonical ? path_key(site.base, *canonical) : std::nullopt;
    return key && !key->empty() ? canonical->without_fragment() : found;
}

}  // namespace backtalk
