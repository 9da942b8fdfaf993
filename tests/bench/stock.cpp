// SPDX-License-Identifier: Apache-2.0
// Fills a store through its own interface with people that three systems know, as a hub would have
// left it.
#include <iostream>

#include <CLI/CLI.hpp>

#include "hub/sync/standing.h"
#include "tests/bench/folder.h"

using namespace concordat;

namespace {

constexpr std::array<const char*, 3> kSystems{"salesforce", "sellsy", "eudonet"};
constexpr std::array<const char*, 3> kObjects{"Contact", "contact", "200"};
constexpr store::EpochMs kThen = 1'772'445'600'000;

/// One person with three records, an answer, and three targets that hold it.
void addPerson(store::Writer& writer, const store::Vault& vault, long n) {
    const std::string subject = writer.newSubject(kThen + n);
    const std::string email = "person" + std::to_string(n) + "@example.org";
    const consent::Point point{sdk::IdentifierKind::Email, "",
                               vault.hash(sdk::IdentifierKind::Email, "", email), email, false};
    for (std::size_t i = 0; i < kSystems.size(); ++i) {
        store::Record record;
        record.system = kSystems[i];
        record.ref = {kObjects[i], std::to_string(10'000'000 + n)};
        record.subject = subject;
        record.version = 1;
        record.askedAt = kThen;
        record.points = {point};
        consent::SlotShadow slot;
        slot.slot = "contact.email";
        slot.seenAt = kThen;
        record.slots = {slot};
        writer.put(record);
        store::Target target;
        target.subject = subject;
        target.system = kSystems[i];
        target.generation = 1;
        writer.put(target);
    }
    writer.putEffective(
        subject,
        {{{"lyon", "PROSPECTING", "email"},
          {consent::Answer::Unknown, 6, {}, {}, kThen, std::nullopt, "nothing is known"}}});
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Fills a store with people."};
    std::string folder;
    long people = 100'000;
    app.add_option("--folder", folder, "where hub.db, hub.key and the journal go")->required();
    app.add_option("--people", people, "how many");
    CLI11_PARSE(app, argc, argv);
    try {
        bench::StoreFolder stock(folder);
        constexpr long kPerUnit = 2'000;
        for (long done = 0; done < people; done += kPerUnit)
            stock.store().write([&](store::Writer& writer) {
                for (long n = done; n < std::min(people, done + kPerUnit); ++n)
                    addPerson(writer, stock.vault(), n);
            });
        stock.store().write([&](store::Writer& writer) {
            for (const char* system : kSystems) {
                sync::Standing standing;
                standing.system = system;
                standing.phase = sync::Phase::Open;
                sync::put(writer, standing);
            }
        });
    } catch (const std::exception& error) {
        std::cerr << "bench_stock: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
