// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/sellsy/store.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

#include <ext/pb_ds/assoc_container.hpp>
#include <ext/pb_ds/tree_policy.hpp>

#include "tools/simulators/stage/http.h"

namespace concordat::simulators::sellsy {
namespace {

using Hashes = std::unordered_multimap<std::size_t, std::int64_t>;

// A tree that knows ranks: "how many since" costs a walk down, not a scan.
using ChangeOrder = __gnu_pbds::tree<std::pair<std::int64_t, std::int64_t>,
                                     __gnu_pbds::null_type,
                                     std::less<>,
                                     __gnu_pbds::rb_tree_tag,
                                     __gnu_pbds::tree_order_statistics_node_update>;

std::size_t hashOf(std::string_view text) { return std::hash<std::string>{}(lowerText(text)); }

void learn(Hashes& hashes, const std::string& text, std::int64_t id) {
    if (!text.empty()) hashes.emplace(hashOf(text), id);
}

void forget(Hashes& hashes, const std::string& text, std::int64_t id) {
    if (text.empty()) return;
    const auto range = hashes.equal_range(hashOf(text));
    const auto found =
        std::find_if(range.first, range.second, [&](const auto& one) { return one.second == id; });
    if (found != range.second) hashes.erase(found);
}

std::vector<std::int64_t> lookUp(const Hashes& hashes, std::string_view text) {
    std::vector<std::int64_t> out;
    const auto range = hashes.equal_range(hashOf(text));
    for (auto it = range.first; it != range.second; ++it) out.push_back(it->second);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

std::vector<std::int64_t> secondsOf(const std::set<std::pair<std::int64_t, std::int64_t>>& pairs,
                                    std::int64_t first) {
    std::vector<std::int64_t> out;
    for (auto it = pairs.lower_bound({first, 0}); it != pairs.end() && it->first == first; ++it) {
        out.push_back(it->second);
    }
    return out;
}

}  // namespace

struct Store::Shelf {
    std::map<std::int64_t, Party> parties;
    Hashes emails;
    Hashes phones;
    ChangeOrder changes;

    void index(const Party& party) {
        learn(emails, party.email, party.id);
        learn(phones, party.phone, party.id);
        learn(phones, party.mobile, party.id);
        changes.insert({party.updated, party.id});
    }

    void unindex(const Party& party) {
        forget(emails, party.email, party.id);
        forget(phones, party.phone, party.id);
        forget(phones, party.mobile, party.id);
        changes.erase({party.updated, party.id});
    }
};

Store::Store() { clear(); }

Store::~Store() = default;

void Store::clear() {
    for (auto& one : shelves_) one = std::make_unique<Shelf>();
    contactsByThird_.clear();
    thirdsByContact_.clear();
    lastId_ = 0;
    ++version_;
}

std::size_t Store::count(Kind kind) const { return shelf(kind).parties.size(); }

const Party* Store::find(Kind kind, std::int64_t id) const {
    const auto found = shelf(kind).parties.find(id);
    return found == shelf(kind).parties.end() ? nullptr : &found->second;
}

void Store::add(Party party) {
    ++version_;
    lastId_ = std::max(lastId_, party.id);
    Shelf& into = shelf(party.kind);
    into.index(party);
    const std::int64_t id = party.id;
    into.parties.emplace_hint(into.parties.end(), id, std::move(party));
}

void Store::replace(Party party) {
    ++version_;
    Shelf& in = shelf(party.kind);
    Party& old = in.parties.at(party.id);
    in.unindex(old);
    in.index(party);
    old = std::move(party);
}

bool Store::remove(Kind kind, std::int64_t id) {
    Shelf& from = shelf(kind);
    const auto found = from.parties.find(id);
    if (found == from.parties.end()) return false;
    ++version_;
    from.unindex(found->second);
    from.parties.erase(found);
    for (const std::int64_t third : thirdsOf(id)) unlink(third, id);
    for (const std::int64_t contact : contactsOf(id)) unlink(id, contact);
    return true;
}

const std::map<std::int64_t, Party>& Store::all(Kind kind) const { return shelf(kind).parties; }

std::vector<std::int64_t> Store::withEmail(Kind kind, std::string_view email) const {
    return lookUp(shelf(kind).emails, email);
}

std::vector<std::int64_t> Store::withPhone(Kind kind, std::string_view number) const {
    return lookUp(shelf(kind).phones, number);
}

std::size_t Store::countChangedFrom(Kind kind, std::int64_t since) const {
    const ChangeOrder& changes = shelf(kind).changes;
    return changes.size() - changes.order_of_key({since, 0});
}

std::vector<std::int64_t> Store::changedAfter(Kind kind,
                                              std::pair<std::int64_t, std::int64_t> after,
                                              std::size_t limit) const {
    std::vector<std::int64_t> out;
    const ChangeOrder& changes = shelf(kind).changes;
    for (auto it = changes.upper_bound(after); it != changes.end() && out.size() < limit; ++it) {
        out.push_back(it->second);
    }
    return out;
}

bool Store::link(std::int64_t third, std::int64_t contact) {
    ++version_;
    thirdsByContact_.insert({contact, third});
    return contactsByThird_.insert({third, contact}).second;
}

bool Store::unlink(std::int64_t third, std::int64_t contact) {
    ++version_;
    thirdsByContact_.erase({contact, third});
    return contactsByThird_.erase({third, contact}) > 0;
}

bool Store::linked(std::int64_t third, std::int64_t contact) const {
    return contactsByThird_.count({third, contact}) > 0;
}

std::vector<std::int64_t> Store::contactsOf(std::int64_t third) const {
    return secondsOf(contactsByThird_, third);
}

std::vector<std::int64_t> Store::thirdsOf(std::int64_t contact) const {
    return secondsOf(thirdsByContact_, contact);
}

}  // namespace concordat::simulators::sellsy
