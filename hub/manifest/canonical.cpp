// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <Poco/DigestEngine.h>
#include <Poco/SHA2Engine.h>
#include <nlohmann/json.hpp>

#include "hub/manifest/describe.h"
#include "hub/manifest/digest.h"
#include "hub/manifest/model.h"

namespace concordat::manifest {

namespace {

using Json = nlohmann::json;

/// Writes what counts of a described value. Keys come out sorted, since nlohmann keeps objects so;
/// lists are sorted here, since their order means nothing.
class CanonicalShape final : public Shape {
 public:
    explicit CanonicalShape(bool notes) : notes_(notes) {}
    Json take() { return std::move(json_); }

    void position(Position&) override {}
    void shorthand(const char*) override {}
    void foreign(const char*, const char*) override {}
    void text(const char* key, std::string& value, unsigned traits, Codes) override {
        if (counts(traits) && !value.empty()) json_[key] = value;
    }
    void stated(const char* key, Text& value, unsigned traits, Codes) override {
        say(key, value, traits, value.value);
    }
    void texts(const char* key, std::vector<std::string>& values, unsigned traits, Codes) override {
        if (!counts(traits) || values.empty()) return;
        auto sorted = values;
        std::sort(sorted.begin(), sorted.end());
        json_[key] = sorted;
    }
    void date(const char* key, Date& value, unsigned traits) override {
        say(key, value, traits, toString(value.value));
    }
    void duration(const char* key, Duration& value, unsigned traits) override {
        say(key, value, traits, toString(value.value));
    }
    void flag(const char* key, Flag& value, unsigned traits) override {
        say(key, value, traits, value.value);
    }
    void number(const char* key, Number& value, unsigned traits) override {
        say(key, value, traits, value.value);
    }
    void localised(const char* key, Localised& value, unsigned traits) override {
        if (counts(traits) && !value.empty())
            json_[key] = {{"en", value.en}, {"fr", value.fr}, {"it", value.it}};
    }
    void names(const char* key,
               std::map<std::string, std::string>& values,
               unsigned traits) override {
        if (counts(traits) && !values.empty()) json_[key] = values;
    }
    void choice(const char* key, const Words& words, Choice& value, unsigned traits) override {
        if (!counts(traits) || value.saying == Saying::Absent) return;
        json_[key] = value.saying == Saying::Unknown ? "unknown" : words[value.index];
    }
    void choices(const char* key,
                 const Words& words,
                 std::vector<std::size_t>& values,
                 unsigned traits) override {
        std::vector<std::string> said;
        for (const std::size_t value : values) said.push_back(words[value]);
        texts(key, said, traits, Codes::Any);
    }
    void items(const char* key, Items& items, unsigned traits) override {
        if (!counts(traits) || items.size() == 0) return;
        std::vector<std::pair<std::string, Json>> all;
        for (std::size_t i = 0; i < items.size(); ++i) {
            CanonicalShape inner(notes_);
            items.describeItem(i, inner);
            Json json = inner.take();
            std::string text = json.dump();
            all.emplace_back(std::move(text), std::move(json));
        }
        std::sort(all.begin(), all.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
        Json& list = json_[key] = Json::array();
        for (auto& [text, json] : all) list.push_back(std::move(json));
    }
    void part(const char* key, Part& part, unsigned traits) override {
        if (!counts(traits) || !part.there()) return;
        CanonicalShape inner(notes_);
        part.describePart(inner);
        Json json = inner.take();
        if (!json.empty()) json_[key] = std::move(json);
    }

 private:
    bool counts(unsigned traits) const { return notes_ || (traits & kNote) == 0; }
    template <typename T, typename Value>
    void say(const char* key, const Stated<T>& stated, unsigned traits, const Value& value) {
        if (!counts(traits) || stated.isAbsent()) return;
        if (stated.isUnknown())
            json_[key] = "unknown";
        else
            json_[key] = value;
    }

    bool notes_;
    Json json_ = Json::object();
};

template <typename T>
Json canonicalOf(const T& value) {
    T copy = value;  // a Shape may write, this one does not
    CanonicalShape shape(false);
    describe(shape, copy);
    return shape.take();
}

/// The wiring that the map shows: which slots mean what, which identifiers match people.
Json slotsOf(const System& system) {
    std::vector<Json> all;
    for (const SlotMapping& slot : system.slots) {
        Json json{{"slot", slot.slot}, {"absence", slot.absence}, {"trusted", slot.trusted}};
        auto purposes = slot.purposes;
        auto channels = slot.channels;
        std::sort(purposes.begin(), purposes.end());
        std::sort(channels.begin(), channels.end());
        json["purposes"] = purposes;
        json["channels"] = channels;
        all.push_back(json);
    }
    std::sort(all.begin(), all.end());
    return all;
}

Json canonicalOf(const System& system) {
    Json json = canonicalOf<System>(system);
    if (!system.slots.empty()) json["slots"] = slotsOf(system);
    if (system.internalNetwork) json["internal"] = true;
    return json;
}

Json partyUnit(const Model& model, const Party& party) {
    PartyFile file{party, {}};
    for (const Engagement& engagement : model.engagements)
        if (engagement.party == party.id) file.engagements.push_back(engagement);
    return canonicalOf(file);
}

std::string named(const std::string& kind, const std::string& id) { return kind + "/" + id; }

/// Every unit with what it says, in the order of the model.
std::map<std::string, Json> units(const Model& model) {
    std::map<std::string, Json> all;
    all[named("organisation", "organisation")] = canonicalOf(model.organisation);
    for (const Activity& activity : model.activities)
        all[named("activity", activity.id)] = canonicalOf(activity);
    for (const Party& party : model.parties)
        all[named("party", party.id)] = partyUnit(model, party);
    for (const System& system : model.systems)
        all[named("integration", system.id)] = canonicalOf(system);
    if (model.hub) all[named("integration", "hub")] = canonicalOf(*model.hub);
    for (const ConnectorManifest& connector : model.connectors)
        all[named("connector", connector.id)] = canonicalOf(connector);
    for (const Inventory& inventory : model.inventories)
        all[inventory.unit] = canonicalOf(inventory);
    return all;
}

}  // namespace

std::string sha256Hex(const std::string& bytes) {
    Poco::SHA2Engine engine(Poco::SHA2Engine::SHA_256);
    engine.update(bytes);
    return Poco::DigestEngine::digestToHex(engine.digest());
}

std::string canonical(const Model& model, const std::string& unit) {
    const auto all = units(model);
    const auto found = all.find(unit);
    return found == all.end() ? "" : found->second.dump();
}

std::map<std::string, std::string> unitHashes(const Model& model) {
    std::map<std::string, std::string> hashes;
    for (const auto& [unit, json] : units(model)) hashes[unit] = sha256Hex(json.dump());
    return hashes;
}

std::string mapHash(const Model& model) {
    Json all = Json::array();
    for (const auto& [unit, hash] : unitHashes(model)) all.push_back({unit, hash});
    return sha256Hex(all.dump());
}

std::string factsOf(const Party& party) {
    Party copy = party;
    CanonicalShape shape(true);
    describe(shape, copy);
    return shape.take().dump();
}

}  // namespace concordat::manifest
