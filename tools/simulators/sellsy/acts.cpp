// SPDX-License-Identifier: Apache-2.0
// What the admin endpoint asks of the account: persons' acts, records, counts, settings.
#include <shared_mutex>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tools/simulators/sellsy/api.h"
#include "tools/simulators/sellsy/bodies.h"
#include "tools/simulators/sellsy/problem.h"

namespace concordat::simulators::sellsy {
namespace {

using nlohmann::json;

Kind kindOf(const std::string& object) {
    const auto kind = kindNamed(object.empty() ? "contact" : object);
    if (!kind) throw std::invalid_argument("object: contact, individual or company");
    return *kind;
}

json asJson(const Party& party) { return json::parse(partyText(party, {})); }

}  // namespace

std::int64_t Sellsy::findRecord(Kind kind, const json& order) const {
    if (order.contains("id")) {
        const json& id = order["id"];
        return id.is_string() ? std::stoll(id.get<std::string>()) : id.get<std::int64_t>();
    }
    const std::string email = order.value("email", "");
    const std::shared_lock lock(account_.mutex);
    for (const std::int64_t id : account_.store.withEmail(kind, email)) {
        if (sameText(account_.store.find(kind, id)->email, email)) return id;
    }
    throw std::invalid_argument("no record has this id or e-mail");
}

json Sellsy::act(const json& order) {
    const std::string verb = order.value("do", "");
    const Kind kind = kindOf(order.value("object", ""));
    const Doer doer{"user:" + order.value("user", "demo"), "", "act"};
    try {
        json set = order.value("set", json::object());
        if (verb == "create") {
            checkBody(kind, set, true);
            return asJson(account_.create(kind, set, doer));
        }
        const std::int64_t id = findRecord(kind, order);
        if (verb == "delete") return account_.remove(kind, id, doer), json({{"id", id}});
        if (verb == "archive" || verb == "unarchive") set = {{"is_archived", verb == "archive"}};
        if (verb != "archive" && verb != "unarchive" && verb != "update") {
            throw std::invalid_argument("do: create, update, delete, archive or unarchive");
        }
        checkBody(kind, set, false);
        return asJson(account_.update(kind, id, set, doer));
    } catch (const Problem& problem) {
        throw std::invalid_argument(problem.what());
    }
}

json Sellsy::records(const RecordQuery& query) {
    const Kind kind = kindOf(query.object);
    const std::shared_lock lock(account_.mutex);
    const Store& store = account_.store;
    json out = json::array();
    if (!query.id.empty()) {
        if (const Party* party = store.find(kind, std::stoll(query.id)))
            out.push_back(asJson(*party));
    } else if (!query.email.empty()) {
        for (const std::int64_t id : store.withEmail(kind, query.email)) {
            out.push_back(asJson(*store.find(kind, id)));
        }
    } else {
        std::uint64_t skip = query.offset;
        for (const auto& [id, party] : store.all(kind)) {
            if (out.size() == query.limit) break;
            if (skip > 0) {
                --skip;
            } else {
                out.push_back(asJson(party));
            }
        }
    }
    return out;
}

json Sellsy::summary() {
    const std::shared_lock lock(account_.mutex);
    json out = {{"webhook_deliveries_pending", account_.pendingDeliveries()}};
    for (const Kind kind : kKinds) out[std::string(nameOf(kind))] = account_.store.count(kind);
    return out;
}

bool Sellsy::set(const std::string& name, const json& value) {
    Mishaps mishaps = account_.mishaps();
    if (name == "put_reply") return putGivesObject_ = value.get<int>() != 204, true;
    if (name == "default_consent") return account_.defaultConsent = value.get<bool>(), true;
    if (name == "batch_max") return batchMax_ = value.get<int>(), true;
    if (name == "v1") return v1_ = value.get<bool>(), true;
    if (name == "scopes") return oauth_.setScopes(value.get<std::string>()), true;
    if (name == "webhook_drop") {
        value.get_to(mishaps.drop);
    } else if (name == "webhook_twice") {
        value.get_to(mishaps.twice);
    } else if (name == "webhook_delay_ms") {
        value.get_to(mishaps.delay_ms);
    } else if (name == "webhook_reorder_ms") {
        value.get_to(mishaps.reorder_ms);
    } else {
        return value.is_number_integer() && quota_.set(name, value.get<std::int64_t>());
    }
    account_.setMishaps(mishaps);
    return true;
}

json Sellsy::settings() {
    const Mishaps mishaps = account_.mishaps();
    json out = {{"put_reply", putGivesObject_ ? 200 : 204},
                {"default_consent", account_.defaultConsent.load()},
                {"batch_max", batchMax_.load()},
                {"v1", v1_.load()},
                {"scopes", oauth_.scopes()},
                {"webhook_drop", mishaps.drop},
                {"webhook_twice", mishaps.twice},
                {"webhook_delay_ms", mishaps.delay_ms},
                {"webhook_reorder_ms", mishaps.reorder_ms}};
    for (const auto& window : quota_.windows()) out[window.setting] = window.limit;
    return out;
}

}  // namespace concordat::simulators::sellsy
