// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/simulators/sellsy/party.h"
#include "tools/simulators/stage/people.h"

namespace concordat::simulators::sellsy {

/// One account's contacts, individuals and companies, with indexes by e-mail, phone and date of
/// change, and the links between contacts and their companies or individuals ("thirds"). Ids come
/// from one sequence, so no two parties of the account share one. The caller locks. [any]
class Store {
 public:
    Store();
    ~Store();

    /// Empties it and fills it with a world's people, dated in 2025. Same world, same store.
    void populate(const World& world);

    std::size_t count(Kind kind) const;
    /// Grows with every change; differs after populate() too.
    std::uint64_t version() const { return version_; }
    std::int64_t nextId() const { return lastId_ + 1; }

    /// Null when there is none. Valid until that party is removed.
    const Party* find(Kind kind, std::int64_t id) const;
    /// Adds a party under its id, which must be new.
    void add(Party party);
    /// Puts `party` in place of the one with its kind and id, which must exist.
    void replace(Party party);
    bool remove(Kind kind, std::int64_t id);

    /// All parties of a kind by id.
    const std::map<std::int64_t, Party>& all(Kind kind) const;
    /// Ids with this e-mail (any case) or this number as phone or mobile. May hold a few others,
    /// since only hashes are compared: the caller checks.
    std::vector<std::int64_t> withEmail(Kind kind, std::string_view email) const;
    std::vector<std::int64_t> withPhone(Kind kind, std::string_view number) const;
    /// How many were changed at `since` (UTC seconds) or later.
    std::size_t countChangedFrom(Kind kind, std::int64_t since) const;
    /// Ids in order of (date of change, id), starting behind the pair `after`.
    std::vector<std::int64_t> changedAfter(Kind kind,
                                           std::pair<std::int64_t, std::int64_t> after,
                                           std::size_t limit) const;

    /// Links; `third` is the id of a company or individual. True when something changed.
    bool link(std::int64_t third, std::int64_t contact);
    bool unlink(std::int64_t third, std::int64_t contact);
    bool linked(std::int64_t third, std::int64_t contact) const;
    std::vector<std::int64_t> contactsOf(std::int64_t third) const;
    std::vector<std::int64_t> thirdsOf(std::int64_t contact) const;

 private:
    struct Shelf;  // the parties of one kind and their indexes
    void clear();
    Shelf& shelf(Kind kind) const { return *shelves_[static_cast<std::size_t>(kind)]; }

    std::array<std::unique_ptr<Shelf>, 3> shelves_;
    std::set<std::pair<std::int64_t, std::int64_t>> contactsByThird_;
    std::set<std::pair<std::int64_t, std::int64_t>> thirdsByContact_;
    std::int64_t lastId_ = 0;
    std::uint64_t version_ = 0;
};

}  // namespace concordat::simulators::sellsy
