// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/sellsy/listing.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <sstream>

#include <Poco/Base64Decoder.h>
#include <Poco/Base64Encoder.h>
#include <Poco/Exception.h>
#include <nlohmann/json.hpp>

#include "tools/simulators/sellsy/problem.h"
#include "tools/simulators/stage/http.h"

namespace concordat::simulators::sellsy {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxLimit = 100;
constexpr std::uint64_t kMaxNumeric = 100000;
constexpr std::size_t kKeptOrders = 8;
constexpr std::size_t kFewCandidates = 5000;

std::optional<std::uint64_t> wholeNumber(const std::string& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string encodeCursor(std::int64_t id) {
    std::ostringstream out;
    Poco::Base64Encoder encoder(out);
    encoder.rdbuf()->setLineLength(0);
    encoder << "[\"" << id << "\"]";
    encoder.close();
    return out.str();
}

std::int64_t decodeCursor(const std::string& text) {
    std::istringstream in(text);
    Poco::Base64Decoder decoder(in);
    std::string plain;
    try {
        plain.assign(std::istreambuf_iterator<char>(decoder), std::istreambuf_iterator<char>());
    } catch (const Poco::Exception&) {
        throw badField("offset", "Valeur invalide.");
    }
    const json array = json::parse(plain, nullptr, false);
    const bool shaped = array.is_array() && array.size() == 1 && array[0].is_string();
    const auto id = shaped ? wholeNumber(array[0].get<std::string>()) : std::nullopt;
    if (!id) throw badField("offset", "Valeur invalide.");
    return static_cast<std::int64_t>(*id);
}

bool isOrder(Kind kind, const std::string& order) {
    if (order == "id" || order == "name" || order == "created_at") return true;
    return order == "updated_at" && kind != Kind::Contact;
}

bool isEmbed(const std::string& embed) {
    return embed == "smart_tags" ||
           (embed.compare(0, 3, "cf.") == 0 && wholeNumber(embed.substr(3)));
}

void readOffset(const std::string& value, ListQuery& query) {
    if (value.empty()) return;
    query.numeric = wholeNumber(value);
    if (query.numeric) return;
    query.cursor = value;
    query.after = decodeCursor(value);
}

bool passes(const Party& party, const Filter& filter) {
    return std::all_of(filter.tests.begin(), filter.tests.end(),
                       [&](const auto& test) { return test(party); });
}

/// What parties are sorted by; equal keys go by id.
std::string sortKey(const Party& party, const std::string& order) {
    if (order == "name") return lowerText(party.lastName + " " + party.firstName);
    const std::int64_t at = order == "created_at" ? party.created : party.updated;
    std::string digits = std::to_string(at);
    return std::string(20 - digits.size(), '0') + digits;
}

void sortBy(const Store& store,
            Kind kind,
            const std::string& order,
            std::vector<std::int64_t>& ids) {
    std::sort(ids.begin(), ids.end());
    if (order == "id") return;
    std::vector<std::pair<std::string, std::int64_t>> keyed;
    keyed.reserve(ids.size());
    for (const std::int64_t id : ids) keyed.emplace_back(sortKey(*store.find(kind, id), order), id);
    std::sort(keyed.begin(), keyed.end());
    std::transform(keyed.begin(), keyed.end(), ids.begin(),
                   [](const auto& one) { return one.second; });
}

std::vector<std::int64_t> found(const Store& store, Kind kind, const Filter& filter) {
    std::vector<std::int64_t> ids;
    const auto keep = [&](const Party* party) {
        if (party && passes(*party, filter)) ids.push_back(party->id);
    };
    if (filter.candidates) {
        for (const std::int64_t id : *filter.candidates) keep(store.find(kind, id));
    } else if (filter.changedSince) {
        const auto since = store.changedAfter(kind, {*filter.changedSince, 0},
                                              store.countChangedFrom(kind, *filter.changedSince));
        for (const std::int64_t id : since) keep(store.find(kind, id));
    } else {
        for (const auto& [id, party] : store.all(kind)) keep(&party);
    }
    return ids;
}

/// A page of a long listing by id, walked from the cursor; only for filters whose total is known
/// without looking.
std::optional<Page> walk(const Store& store,
                         Kind kind,
                         const Filter& filter,
                         const ListQuery& query) {
    const bool unfiltered = filter.tests.empty();
    const bool simple = query.order == "id" && !query.descending && !query.numeric;
    if (!simple || !(unfiltered || filter.plain)) return std::nullopt;
    const std::size_t total =
        unfiltered ? store.count(kind) : store.countChangedFrom(kind, *filter.changedSince);
    if (!unfiltered && total < kFewCandidates) return std::nullopt;
    Page page{{}, total};
    const auto& all = store.all(kind);
    for (auto it = all.upper_bound(query.after); it != all.end(); ++it) {
        if (page.ids.size() == query.limit) break;
        if (passes(it->second, filter)) page.ids.push_back(it->first);
    }
    return page;
}

/// Where the page behind the cursor begins in an ordering.
std::size_t positionAfter(const std::vector<std::int64_t>& ids, const ListQuery& query) {
    if (query.cursor.empty()) return 0;
    if (query.order == "id") {
        const auto at = query.descending ? std::upper_bound(ids.begin(), ids.end(), query.after,
                                                            std::greater<>())
                                         : std::upper_bound(ids.begin(), ids.end(), query.after);
        return static_cast<std::size_t>(at - ids.begin());
    }
    const auto at = std::find(ids.begin(), ids.end(), query.after);
    if (at == ids.end()) throw badField("offset", "Valeur invalide.");
    return static_cast<std::size_t>(at - ids.begin()) + 1;
}

}  // namespace

View readView(Kind kind, const Params& params) {
    View view;
    for (const auto& [name, value] : params) {
        if (name == "field[]") {
            if (!isShown(kind, value)) throw badField("field", "Champ inconnu : " + value);
            view.fields.push_back(value);
        } else if (name == "embed[]") {
            if (!isEmbed(value)) throw badField("embed", "Valeur inconnue : " + value);
            view.embeds.push_back(value);
        }
    }
    return view;
}

ListQuery readListQuery(Kind kind, const Params& params) {
    ListQuery query;
    query.view = readView(kind, params);
    for (const auto& [name, value] : params) {
        if (name == "limit") {
            const auto limit = wholeNumber(value);
            if (!limit || *limit < 1 || *limit > kMaxLimit) {
                throw badField("limit", "Cette valeur doit être comprise entre 1 et 100.");
            }
            query.limit = *limit;
        } else if (name == "offset") {
            readOffset(value, query);
        } else if (name == "order") {
            if (!isOrder(kind, value)) throw badField("order", "Valeur inconnue.");
            query.order = value;
        } else if (name == "direction") {
            if (value != "asc" && value != "desc") throw badField("direction", "Valeur inconnue.");
            query.descending = value == "desc";
        }
    }
    if (query.numeric && *query.numeric + query.limit > kMaxNumeric) {
        throw badField("offset", "La pagination numérique est limitée à 100 000 résultats.");
    }
    return query;
}

std::string paginationText(const ListQuery& query,
                           std::size_t count,
                           std::size_t total,
                           std::int64_t last) {
    json offset;
    if (query.numeric) {
        offset = *query.numeric + count;
    } else if (count > 0) {
        offset = encodeCursor(last);
    } else if (!query.cursor.empty()) {
        offset = query.cursor;
    }
    return json({{"limit", query.limit}, {"count", count}, {"total", total}, {"offset", offset}})
        .dump();
}

Page Lister::find(const Store& store, Kind kind, const Filter& filter, const ListQuery& query) {
    if (auto page = walk(store, kind, filter, query)) return *page;
    const Ids ids = ordered(store, kind, filter, query);
    const std::size_t skip = query.numeric ? *query.numeric : positionAfter(*ids, query);
    Page page{{}, ids->size()};
    for (std::size_t i = skip; i < ids->size() && page.ids.size() < query.limit; ++i) {
        page.ids.push_back((*ids)[i]);
    }
    return page;
}

Lister::Ids Lister::ordered(const Store& store,
                            Kind kind,
                            const Filter& filter,
                            const ListQuery& query) {
    const std::string fingerprint =
        filter.fingerprint + query.order + (query.descending ? "-" : "");
    const std::uint64_t version = store.version();
    {
        const std::lock_guard lock(mutex_);
        for (const Kept& kept : kept_) {
            if (kept.version == version && kept.fingerprint == fingerprint) return kept.ids;
        }
    }
    auto ids = sellsy::found(store, kind, filter);
    sortBy(store, kind, query.order, ids);
    if (query.descending) std::reverse(ids.begin(), ids.end());
    auto shared = std::make_shared<const std::vector<std::int64_t>>(std::move(ids));
    const std::lock_guard lock(mutex_);
    kept_.push_front({fingerprint, version, shared});
    if (kept_.size() > kKeptOrders) kept_.pop_back();
    return shared;
}

}  // namespace concordat::simulators::sellsy
