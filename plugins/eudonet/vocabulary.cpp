// SPDX-License-Identifier: Apache-2.0
#include "plugins/eudonet/vocabulary.h"

#include <algorithm>
#include <array>
#include <set>

#include "plugins/eudonet/schema.h"
#include "sdk/concordat/tree.h"

namespace concordat::plugins::eudonet {
namespace {

using nlohmann::json;
using sdk::CallError;
using sdk::setting;
using sdk::Shown;

constexpr std::array<std::string_view, 5> kChannels = {"email", "sms", "phone", "post", "fax"};
constexpr std::array<std::pair<std::string_view, Polarity>, 3> kPolarities = {
    std::pair{std::string_view("optout"), Polarity::OptOut},
    std::pair{std::string_view("optin"), Polarity::OptIn},
    std::pair{std::string_view("status"), Polarity::Status}};

json section(const json& settings, const char* name) {
    json tree = setting(settings, name, json::object());
    if (!tree.is_object()) throw CallError(std::string("setting ") + name + " must be an object");
    return tree;
}

/// A number is a DescId, a text one or more labels; what is not given is looked for under `usual`
/// labels.
FieldName field(const json& tree,
                const std::string& name,
                const std::string& path,
                const char* usual = "") {
    FieldName read;
    if (!tree.contains(name)) {
        read.labels = usual;
        return read;
    }
    read.required = true;
    if (tree.at(name).is_number_integer()) read.descId = setting(tree, name, 0, path);
    if (tree.at(name).is_string()) read.labels = setting(tree, name, std::string(), path);
    if (read.descId < 101 && read.labels.empty())
        throw CallError("setting " + path + name +
                        " must be a field's DescId (a number) or its label (a text)");
    return read;
}

FieldName mustHave(const json& tree, const std::string& name, const std::string& path) {
    if (!tree.contains(name)) throw CallError("setting " + path + name + " is missing");
    return field(tree, name, path);
}

People readPeople(const json& settings, const char* object, int tab) {
    const json tree = section(settings, object);
    const std::string path = std::string(object) + ".";
    People people;
    people.object = object;
    people.tab = setting(tree, "tab", tab, path);
    if (people.tab < 100 || people.tab % 100 != 0)
        throw CallError("setting " + path + "tab must be a table's DescId, a multiple of 100");
    people.idField = setting(tree, "id_field", people.tab + 1, path);
    people.email = field(tree, "email", path, "E-mail|Email|E mail|Courriel|Adresse e-mail|Mail");
    people.mobile =
        field(tree, "mobile", path, "Mobile|Portable|Téléphone portable|Téléphone mobile");
    people.phone = field(tree, "phone", path, "Téléphone|Tél.|Tel|Téléphone fixe");
    people.modified = field(tree, "modified", path, "Modifié le|Date de modification|Modified on");
    people.created = field(tree, "created", path, "Créé le|Date de création|Created on");
    const json external = section(tree, "external");
    for (const auto& [name, unused] : external.items())
        people.external[name] = field(external, name, path + "external.");
    return people;
}

Flag readFlag(const std::string& slot, const json& flags, const std::string& object) {
    const std::string path = "flags." + slot + ".";
    const auto dot = slot.find('.'), line = slot.rfind('_');
    Flag flag;
    flag.slot = slot;
    const auto known =
        std::find_if(kPolarities.begin(), kPolarities.end(), [&](const auto& polarity) {
            return line != std::string::npos && slot.substr(line + 1) == polarity.first;
        });
    const bool channel = dot != std::string::npos && line != std::string::npos && line > dot &&
                         std::find(kChannels.begin(), kChannels.end(),
                                   slot.substr(dot + 1, line - dot - 1)) != kChannels.end();
    if (!channel || known == kPolarities.end() || slot.substr(0, dot) != object)
        throw CallError("setting flags." + slot + " names no slot of this layout; they look like " +
                        object + ".email_optout");
    flag.polarity = known->second;
    if (!flags.at(slot).is_object()) {
        flag.field = field(flags, slot, "flags.");
    } else {
        const json& tree = flags.at(slot);
        flag.field = mustHave(tree, "field", path);
        flag.permit = setting(tree, "permit", flag.permit, path);
        flag.deny = setting(tree, "deny", flag.deny, path);
        flag.date = field(tree, "date", path);
        flag.source = field(tree, "source", path);
    }
    if (flag.polarity == Polarity::Status && (flag.permit.empty() || flag.deny.empty()))
        throw CallError("setting flags." + slot +
                        " needs permit and deny: lists of the catalog's DbValues");
    return flag;
}

Consents readConsents(const json& settings) {
    const json tree = section(settings, "consent");
    const std::string path = "consent.";
    Consents read;
    read.tab = setting(tree, "tab", 0, path);
    if (read.tab < 100 || read.tab % 100 != 0)
        throw CallError(
            "setting consent.tab must be the consent table's DescId, a multiple of 100");
    read.channel = mustHave(tree, "channel", path);
    read.status = mustHave(tree, "status", path);
    read.date = mustHave(tree, "date", path);
    read.source = field(tree, "source", path);
    read.key = field(tree, "key", path);
    read.purpose = field(tree, "purpose", path);
    read.modified = field(tree, "modified", path, "Modifié le|Date de modification|Modified on");
    read.channels = setting(tree, "channels", read.channels, path);
    read.permit = setting(tree, "permit", read.permit, path);
    read.deny = setting(tree, "deny", read.deny, path);
    read.purposes = setting(tree, "purpose_values", read.purposes, path);
    const auto write = setting(tree, "write", std::string("update"), path);
    read.append = write == "append";
    if (write != "append" && write != "update")
        throw CallError("setting consent.write must be update or append");
    if (read.channels.empty() || read.permit.empty() || read.deny.empty())
        throw CallError(
            "settings consent.channels, consent.permit and consent.deny must list the catalogs' "
            "DbValues");
    for (const auto& [channel, values] : read.channels)
        if (std::find(kChannels.begin(), kChannels.end(), channel) == kChannels.end() ||
            values.empty())
            throw CallError(
                "setting consent.channels: the channels are email, sms, phone, post, fax, each "
                "with a DbValue");
    if (read.append && !read.key.required)
        throw CallError(
            "setting consent.key is needed with write: append, so that no row is made twice");
    return read;
}

Layout readLayout(const json& settings) {
    const auto name = setting(settings, "layout", std::string());
    if (name == "contact_flags") return Layout::ContactFlags;
    if (name == "address_flags") return Layout::AddressFlags;
    if (name == "consent_table") return Layout::ConsentTable;
    throw CallError("setting layout must be contact_flags, address_flags or consent_table");
}

sdk::SlotDescription slot(const std::string& id,
                          const std::string& object,
                          std::string_view channel) {
    sdk::SlotDescription made;
    made.id = id;
    made.object = object;
    made.field = "named in the settings";
    made.purposes = {"PROSPECTING"};
    made.channels = {std::string(channel)};
    made.hasTime = true;
    made.timeEditable = true;
    made.carriesEvidence = true;
    made.lostUpdate = true;
    made.settleMs = 5'000;
    return made;
}

sdk::SlotDescription flagSlot(const std::string& object,
                              std::string_view channel,
                              std::string_view word,
                              Polarity polarity) {
    auto made =
        slot(object + "." + std::string(channel) + "_" + std::string(word), object, channel);
    made.recordTimeMoves = true;
    made.label = std::string(channel) + (polarity == Polarity::OptOut  ? ": refused, a box to tick"
                                         : polarity == Polarity::OptIn ? ": agreed, a box to tick"
                                                                       : ": a catalog of states");
    made.showsPermit = polarity == Polarity::OptOut ? Shown::None : Shown::Permit;
    made.showsDeny = polarity == Polarity::OptIn ? Shown::Absent : Shown::Deny;
    return made;
}

sdk::SlotDescription consentSlot(std::string_view channel) {
    auto made = slot("consent." + std::string(channel), "contact", channel);
    made.label = std::string(channel) + ": rows of the consent table";
    return made;
}

}  // namespace

Settings readSettings(const json& tree) {
    if (!tree.is_object()) throw CallError("the settings of eudonet must be an object");
    Settings settings;
    settings.baseUrl = setting(tree, "base_url", std::string());
    while (settings.baseUrl.ends_with("/")) settings.baseUrl.pop_back();
    if (!settings.baseUrl.starts_with("https://") && !settings.baseUrl.starts_with("http://"))
        throw CallError(
            "setting base_url must be the address of EudoAPI, such as "
            "https://xrm3.eudonet.com/EudoAPI");
    settings.baseName = setting(tree, "base_name", std::string());
    settings.layout = readLayout(tree);
    settings.contact = readPeople(tree, "contact", 200);
    settings.address = readPeople(tree, "address", 400);
    settings.sweepMs = setting(tree, "sweep_minutes", std::int64_t{60}) * 60'000;
    if (settings.sweepMs < 60'000) throw CallError("setting sweep_minutes must be at least 1");
    if (settings.layout == Layout::ConsentTable) {
        settings.consents = readConsents(tree);
        return settings;
    }
    const json flags = section(tree, "flags");
    for (const auto& [slotId, unused] : flags.items())
        settings.flags.push_back(readFlag(slotId, flags, settings.records().object));
    if (settings.flags.empty())
        throw CallError(
            "setting flags must name at least one slot and its field, such as "
            "contact.email_optout: 254");
    return settings;
}

std::vector<NamedField> namesOf(Settings& settings) {
    std::vector<NamedField> names;
    People& people = settings.layout == Layout::AddressFlags ? settings.address : settings.contact;
    const auto add = [&names](std::string name, int tab, FieldName& field) {
        names.push_back({std::move(name), tab, &field});
    };
    const std::string path = people.object + ".";
    add(path + "email", people.tab, people.email);
    add(path + "mobile", people.tab, people.mobile);
    add(path + "phone", people.tab, people.phone);
    add(path + "modified", people.tab, people.modified);
    add(path + "created", people.tab, people.created);
    for (auto& [name, field] : people.external) add(path + "external." + name, people.tab, field);
    for (auto& flag : settings.flags) {
        add("flags." + flag.slot, people.tab, flag.field);
        add("flags." + flag.slot + ".date", people.tab, flag.date);
        add("flags." + flag.slot + ".source", people.tab, flag.source);
    }
    if (settings.layout != Layout::ConsentTable) return names;
    Consents& rows = settings.consents;
    const std::array<std::pair<const char*, FieldName*>, 7> fields = {
        std::pair{"channel", &rows.channel},  std::pair{"status", &rows.status},
        std::pair{"date", &rows.date},        std::pair{"source", &rows.source},
        std::pair{"key", &rows.key},          std::pair{"purpose", &rows.purpose},
        std::pair{"modified", &rows.modified}};
    for (const auto& [name, field] : fields) add(std::string("consent.") + name, rows.tab, *field);
    return names;
}

std::vector<sdk::SlotDescription> slotsOf(const Settings& settings) {
    std::vector<sdk::SlotDescription> slots;
    for (auto& described : describe().slots) {
        const auto mapped =
            std::find_if(settings.flags.begin(), settings.flags.end(),
                         [&](const Flag& flag) { return flag.slot == described.id; });
        const bool row = settings.layout == Layout::ConsentTable &&
                         described.id.starts_with("consent.") &&
                         settings.consents.channels.contains(described.channels.front());
        if (mapped == settings.flags.end() && !row) continue;
        described.field = row ? "table " + std::to_string(settings.consents.tab)
                              : (mapped->field.descId != 0 ? std::to_string(mapped->field.descId)
                                                           : mapped->field.labels);
        slots.push_back(std::move(described));
    }
    return slots;
}

sdk::Description describe() {
    sdk::Description about;
    about.id = "eudonet";
    about.name = "Eudonet";
    about.vendor = "Eudonet SAS";
    about.version = "1.0.0";
    about.settingsSchemaJson = kSchema;
    for (const char* object : {"contact", "address"})
        for (const auto& channel : kChannels)
            for (const auto& [word, polarity] : kPolarities)
                about.slots.push_back(flagSlot(object, channel, word, polarity));
    for (const auto& channel : kChannels) about.slots.push_back(consentSlot(channel));
    about.identifiers = {"email", "phone", "external:NAME"};
    about.abilities = {"describe", "check", "discover", "pull",  "read",
                       "find",     "apply", "note",     "health"};
    about.readBatch = 200;
    about.findBatch = 50;
    about.applyBatch = 50;
    about.commitDelayMs = 60'000;
    about.auth = {{"exchange", kSignIn}};
    about.hosts = {
        {"{base_url}", {"POST"}, {"*/Authenticate/Token"}, "signs in"},
        {"{base_url}", {"POST", "GET"}, {"*/Search/*"}, "reads records"},
        {"{base_url}", {"POST", "GET"}, {"*/MetaInfos/*"}, "learns the base's tables and fields"},
        {"{base_url}", {"POST"}, {"*/CUD/*"}, "writes consent fields and rows"},
        {"{base_url}", {"POST"}, {"*/Annexes/Add"}, "leaves an explanation on a record"}};
    about.limits = {{"api", 10, 0, 4, "x-call-remain", ""}};
    for (const char* object : {"contact", "address"}) {
        for (const char* name : {"email", "mobile", "phone", "external"})
            about.fields.push_back({object, name, "finds the same person elsewhere", false});
        about.fields.push_back({object, "modified", "knows what changed", false});
        about.fields.push_back({object, "flags", "the consent choices", true});
    }
    about.fields.push_back({"consent", "channel, status, date, source, key, purpose",
                            "the consent choices and their proof", true});
    return about;
}

}  // namespace concordat::plugins::eudonet
