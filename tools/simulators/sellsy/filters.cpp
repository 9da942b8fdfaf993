// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "tools/simulators/sellsy/listing.h"
#include "tools/simulators/stage/paris_time.h"
#include "tools/simulators/sellsy/problem.h"
#include "tools/simulators/stage/http.h"

namespace concordat::simulators::sellsy {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& key, const std::string& why) {
    throw badField("filters." + key, why);
}

std::string textValue(const std::string& key, const json& value) {
    if (!value.is_string()) refuse(key, "Une chaîne est attendue.");
    return value.get<std::string>();
}

std::set<std::int64_t> idSet(const std::string& key, const json& value) {
    if (!value.is_array()) refuse(key, "Un tableau est attendu.");
    std::set<std::int64_t> ids;
    for (const auto& one : value) {
        if (!one.is_number_integer()) refuse(key, "Des entiers sont attendus.");
        ids.insert(one.get<std::int64_t>());
    }
    return ids;
}

std::optional<std::int64_t> moment(const std::string& key, const json& range, const char* end) {
    const auto found = range.find(end);
    if (found == range.end() || found->is_null()) return std::nullopt;
    const auto at = found->is_string() ? paris::parseIso(found->get<std::string>()) : std::nullopt;
    if (!at) refuse(key + "." + end, "Une date ISO 8601 est attendue.");
    return at;
}

/// Collects tests while it reads one key after the other.
class Reader {
 public:
    Reader(const Store& store, Kind kind) : store_(store), kind_(kind) {}

    Filter read(const json& filters) {
        if (!filters.is_object()) throw badField("filters", "Un objet est attendu.");
        for (const auto& [key, value] : filters.items()) readKey(key, value);
        filter_.plain = filter_.tests.size() <= 1 && (filter_.tests.empty() || filter_.plain);
        filter_.fingerprint = std::string(nameOf(kind_)) + filters.dump();
        return std::move(filter_);
    }

 private:
    void readKey(const std::string& key, const json& value) {
        const bool contact = kind_ == Kind::Contact;
        if (key == "id") return ids(idSet(key, value));
        if (key == "email") return email(textValue(key, value));
        if (key == "created") return range(key, value, &Party::created);
        if (key == (contact ? "updated" : "updated_at")) return changed(key, value);
        if (key == "country_code") return hasNoAddress(textValue(key, value));
        if (key == "postal_code") return postalCode(key, value);
        if (key == "favourite_filter") refuse(key, "Filtre favori inconnu.");
        if (contact ? contactKey(key, value) : thirdKey(key, value)) return;
        refuse(key, "Ce filtre n'existe pas.");
    }

    bool contactKey(const std::string& key, const json& value) {
        if (key == "last_name") return same(&Party::lastName, textValue(key, value)), true;
        if (key == "phone_number") return phone(&Party::phone, textValue(key, value)), true;
        if (key == "mobile_number") return phone(&Party::mobile, textValue(key, value)), true;
        if (key == "companies" || key == "individuals") return thirds(idSet(key, value)), true;
        if (key == "is_linked") return isLinked(value), true;
        if (key == "birth_date") return birthDate(key, value), true;
        return false;
    }

    bool thirdKey(const std::string& key, const json& value) {
        if (key == "name") return same(&Party::lastName, textValue(key, value)), true;
        if (key == "type") return types(value), true;
        if (key == "is_archived") return archived(value), true;
        if (key == "reference") return rareIn(key, "reference", value), true;
        if (kind_ != Kind::Company) return false;
        if (key == "contacts") return contacts(idSet(key, value)), true;
        if (key == "siret") return siret(textValue(key, value)), true;
        if (key == "number_of_employees") return employees(key, value), true;
        return false;
    }

    void test(std::function<bool(const Party&)> one) { filter_.tests.push_back(std::move(one)); }

    void narrow(std::vector<std::int64_t> ids) {
        if (!filter_.candidates) filter_.candidates = std::move(ids);
    }

    void ids(const std::set<std::int64_t>& wanted) {
        narrow({wanted.begin(), wanted.end()});
        test([wanted](const Party& party) { return wanted.count(party.id) > 0; });
    }

    void email(const std::string& wanted) {
        narrow(store_.withEmail(kind_, wanted));
        test([wanted](const Party& party) { return sameText(party.email, wanted); });
    }

    void phone(std::string Party::*member, const std::string& wanted) {
        narrow(store_.withPhone(kind_, wanted));
        same(member, wanted);
    }

    void same(std::string Party::*member, const std::string& wanted) {
        test([=](const Party& party) { return sameText(party.*member, wanted); });
    }

    void range(const std::string& key, const json& value, std::int64_t Party::*member) {
        if (!value.is_object()) refuse(key, "Un objet start/end est attendu.");
        for (const auto& [name, ignored] : value.items()) {
            if (name != "start" && name != "end") refuse(key + "." + name, "Clé inconnue.");
        }
        const auto start = moment(key, value, "start");
        const auto end = moment(key, value, "end");
        test([=](const Party& party) {
            return (!start || party.*member >= *start) && (!end || party.*member <= *end);
        });
    }

    void changed(const std::string& key, const json& value) {
        range(key, value, &Party::updated);
        filter_.changedSince = moment(key, value, "start");
        filter_.plain = filter_.changedSince && !moment(key, value, "end");
    }

    // Nobody in this account has a postal address, so nobody lives anywhere.
    void hasNoAddress(const std::string&) {
        test([](const Party&) { return false; });
    }

    void postalCode(const std::string& key, const json& value) {
        if (!value.is_array()) refuse(key, "Un tableau est attendu.");
        hasNoAddress({});
    }

    void thirds(const std::set<std::int64_t>& wanted) {
        std::vector<std::int64_t> ids;
        for (const std::int64_t third : wanted) {
            const auto some = store_.contactsOf(third);
            ids.insert(ids.end(), some.begin(), some.end());
        }
        const std::set<std::int64_t> unique(ids.begin(), ids.end());
        this->ids(unique);
    }

    void contacts(const std::set<std::int64_t>& wanted) {
        std::set<std::int64_t> unique;
        for (const std::int64_t contact : wanted) {
            for (const std::int64_t third : store_.thirdsOf(contact)) unique.insert(third);
        }
        ids(unique);
    }

    void isLinked(const json& value) {
        if (!value.is_boolean()) refuse("is_linked", "Un booléen est attendu.");
        const bool wanted = value.get<bool>();
        test([this_store = &store_, wanted](const Party& party) {
            return !this_store->thirdsOf(party.id).empty() == wanted;
        });
    }

    void archived(const json& value) {
        if (!value.is_boolean()) refuse("is_archived", "Un booléen est attendu.");
        const bool wanted = value.get<bool>();
        test([wanted](const Party& party) { return party.archived == wanted; });
    }

    void types(const json& value) {
        const json list = value.is_array() ? value : json::array({value});
        std::set<std::string> wanted;
        for (const auto& one : list) {
            wanted.insert(textValue("type", one));
            const std::string& type = *wanted.rbegin();
            if (type.empty()) refuse("type", "Valeur inconnue.");
        }
        test([wanted](const Party& party) { return wanted.count(party.type) > 0; });
    }

    void birthDate(const std::string& key, const json& value) {
        if (!value.is_object()) refuse(key, "Un objet start/end est attendu.");
        const std::string start = value.value("start", "");
        const std::string end = value.value("end", "9999");
        test([=](const Party& party) {
            const json date = fieldValue(party, "birth_date");
            if (!date.is_string()) return false;
            const auto& text = date.get_ref<const std::string&>();
            return text >= start && text <= end;
        });
    }

    void rareIn(const std::string& key, const std::string& field, const json& value) {
        if (!value.is_array()) refuse(key, "Un tableau est attendu.");
        test([=](const Party& party) {
            return std::find(value.begin(), value.end(), fieldValue(party, field)) != value.end();
        });
    }

    void siret(const std::string& wanted) {
        test([wanted](const Party& party) {
            const json legal = fieldValue(party, "legal_france");
            return legal.is_object() && legal.value("siret", "") == wanted;
        });
    }

    void employees(const std::string& key, const json& value) {
        if (!value.is_object()) refuse(key, "Un objet min/max est attendu.");
        const int min = value.value("min", 0);
        const int max = value.value("max", 1 << 30);
        test([=](const Party& party) {
            const json count = fieldValue(party, "number_of_employees");
            return count.is_number_integer() && count.get<int>() >= min && count.get<int>() <= max;
        });
    }

    const Store& store_;
    Kind kind_;
    Filter filter_;
};

}  // namespace

Filter readFilter(const Store& store, Kind kind, const json& filters) {
    return Reader(store, kind).read(filters);
}

}  // namespace concordat::simulators::sellsy
