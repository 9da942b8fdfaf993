// SPDX-License-Identifier: Apache-2.0
// The made-up people an account begins with.
#include <unordered_map>
#include <utility>

#include "tools/simulators/sellsy/store.h"

namespace concordat::simulators::sellsy {
namespace {

constexpr std::int64_t kSeedEnd = 1767222000;  // 2026-01-01T00:00:00+01:00
constexpr std::uint64_t kSeedYear = 365 * 86400;

std::uint8_t seedChannels(const World& world, std::uint64_t i) {
    if (world.chance(i, "all channels", 50)) return 31;
    return static_cast<std::uint8_t>(world.number(i, "channels") & 31U);
}

Party seedParty(const World& world, std::uint64_t i, const Person& person) {
    Party party;
    party.kind = world.chance(i, "individual", 30) ? Kind::Individual : Kind::Contact;
    if (party.kind == Kind::Individual) {
        party.type = world.chance(i, "client", 60) ? "client" : "prospect";
    }
    party.created = kSeedEnd - static_cast<std::int64_t>(world.number(i, "age") % kSeedYear);
    party.updated = party.created;
    party.civility = world.chance(i, "civility", 50) ? "mrs" : "mr";
    party.lastName = person.last;
    party.firstName = person.first;
    party.email = person.email;
    party.phone = person.landline;
    party.mobile = person.mobile;
    party.channels = seedChannels(world, i);
    party.archived = world.chance(i, "archived", 2);
    return party;
}

}  // namespace

void Store::populate(const World& world) {
    clear();
    std::unordered_map<std::string, std::int64_t> companies;
    for (std::uint64_t i = 0; i < world.size(); ++i) {
        const Person person = world.person(i);
        Party party = seedParty(world, i, person);
        party.id = nextId();
        const std::int64_t contact = party.kind == Kind::Contact ? party.id : 0;
        const std::int64_t created = party.created;
        add(std::move(party));
        if (contact == 0 || person.company.empty()) continue;
        const auto [known, isNew] = companies.try_emplace(person.company, nextId());
        if (isNew) {
            Party company;
            company.id = known->second;
            company.kind = Kind::Company;
            company.type = "client";
            company.lastName = person.company;
            company.created = company.updated = created;
            company.channels = 1;  // e-mail
            add(std::move(company));
        }
        link(known->second, contact);
    }
}

}  // namespace concordat::simulators::sellsy
