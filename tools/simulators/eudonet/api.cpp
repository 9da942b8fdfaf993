// SPDX-License-Identifier: Apache-2.0
#include "tools/simulators/eudonet/api.h"

#include <algorithm>
#include <charconv>
#include <shared_mutex>

#include <nlohmann/json.hpp>

#include "tools/simulators/eudonet/refusal.h"
#include "tools/simulators/eudonet/replies.h"
#include "tools/simulators/stage/paris_time.h"

namespace concordat::simulators::eudonet {
namespace {

using nlohmann::json;

constexpr std::int64_t kDefaultQuota = 1000000;
constexpr std::size_t kMaxAnnex = 7 * 1024 * 1024;  // 5 MB in base64

json withLowerKeys(const json& value) {
    if (value.is_array()) {
        json out = json::array();
        for (const auto& one : value) out.push_back(withLowerKeys(one));
        return out;
    }
    if (!value.is_object()) return value;
    json out = json::object();
    for (const auto& [key, one] : value.items()) out[lowerText(key)] = withLowerKeys(one);
    return out;
}

/// The body with all keys in lower case: the vendor does not mind their case.
json bodyOf(const Request& request) {
    const json body = json::parse(request.body, nullptr, false);
    if (!body.is_object()) throw Refusal(ErrorNumber::badRequest, "Corps JSON attendu");
    return withLowerKeys(body);
}

int idOf(const std::string& text) {
    int id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size()) {
        throw Refusal(ErrorNumber::badRequest, "Identifiant invalide dans l'adresse");
    }
    return id;
}

Reply notFound() { return {404, "<html><body>404</body></html>", "text/html; charset=utf-8", {}}; }

/// "/Search/{id}/{id}" for the counters.
std::string templateOf(const std::vector<std::string>& path) {
    std::string out;
    for (std::size_t i = 1; i < path.size(); ++i) {
        const bool number = !path[i].empty() && path[i][0] >= '0' && path[i][0] <= '9';
        out += number ? "/{id}" : "/" + path[i];
    }
    return out;
}

/// "error_101" → 101; 0 for any other fault.
int orderedError(const Call& call) {
    if (!call.fault || call.fault->kind.compare(0, 6, "error_") != 0) return 0;
    return std::stoi(call.fault->kind.substr(6));
}

}  // namespace

Eudonet::Eudonet(Stage& stage, const BaseOptions& options)
    : stage_(stage),
      options_(options),
      base_(options.layout, options.modifiedOn),
      writer_(stage, base_, options.minutePrecision),
      dice_(stage.options.seed) {
    // Four hours, as the token seen in a public capture.
    stage.settings.token_lifetime_s = 4 * 3600;
}

Reply Eudonet::handle(const Request& request, Call& call) {
    Path path = request.segments();
    for (std::string& part : path) part = lowerText(part);
    if (path.size() < 3 && !(path.size() == 2 && path[1] == "metainfos")) return notFound();
    if (path[0] != "eudoapi") return notFound();
    call.name = templateOf(path);
    try {
        if (path[1] == "authenticate" && path[2] == "token") return authenticate(request);
        const std::int64_t remaining = spendCall();
        Reply reply;
        if (remaining < 0) {
            reply = limitReply();
        } else if (const int number = orderedError(call)) {
            reply = failureReply(static_cast<ErrorNumber>(number), "Erreur simulée");
        } else {
            try {
                reply = route(request, path, call);
            } catch (const Refusal& refusal) {
                reply = failureReply(refusal.number(), refusal.what());
            }
        }
        const std::int64_t max = quota();
        const std::string left = std::to_string(std::max<std::int64_t>(remaining, 0));
        reply.headers.emplace_back("X-CALL-MAX", std::to_string(max));
        reply.headers.emplace_back("X-CALL-REMAIN", left);
        reply.headers.emplace_back("X-CALL-BYIP-REMAIN", left);
        return reply;
    } catch (const Refusal& refusal) {
        return failureReply(refusal.number(), refusal.what());
    }
}

Reply Eudonet::route(const Request& request, const Path& path, Call& call) {
    const std::string token(request.header("x-auth"));
    sessions_.check(token, stage_.now() / 1000);
    const std::string& area = path[1];
    const std::string& method = request.method;
    if (area == "authenticate" && path[2] == "disconnect") {
        if (method != "GET" && method != "DELETE") return notFound();
        sessions_.close(token);
        return successReply("");
    }
    if (area == "metainfos" && path.size() == 2 && method == "POST") return metaInfos(request);
    if (area == "metainfos" && path.back() == "listtabs" && method == "GET") return listTabs();
    if (area == "search") return search(request, path, call);
    if (area == "cud") return change(request, path, call);
    if (area == "catalog" && path.size() == 3 && method == "GET") return catalog(idOf(path[2]));
    if (area == "annexes" && path[2] == "add" && method == "POST") return annex(request);
    return notFound();
}

Reply Eudonet::search(const Request& request, const Path& path, Call& call) {
    if (path.size() == 4 && request.method == "GET") return file(idOf(path[2]), idOf(path[3]));
    if (path.size() == 3 && request.method == "POST") return page(idOf(path[2]), request, call);
    return notFound();
}

Reply Eudonet::change(const Request& request, const Path& path, Call& call) {
    call.items = 1;
    if (request.method == "DELETE" && path.size() == 5 && path[2] == "delete") {
        return remove(idOf(path[3]), idOf(path[4]));
    }
    if (request.method != "POST") return notFound();
    if (path.size() == 3) return create(idOf(path[2]), request);
    if (path.size() == 4) return update(idOf(path[2]), idOf(path[3]), request);
    return notFound();
}

Reply Eudonet::authenticate(const Request& request) {
    if (request.method != "POST") return notFound();
    checkCredentials(options_.credentials, bodyOf(request));
    const std::int64_t now = stage_.now() / 1000;
    const std::int64_t expires = now + stage_.settings.token_lifetime_s;
    const json data = {{"Token", sessions_.open(expires)},
                       {"ExpirationDate", paris::slashed(paris::wallSeconds(expires))},
                       {"ServerDate", paris::slashed(paris::wallSeconds(now))},
                       {"UserInfos",
                        {{"UserId", 943},
                         {"GroupId", 205},
                         {"UserDisplayName", "Utilisateur API"},
                         {"UserAvatarUrl", ""}}},
                       {"EudoFont", {{"Css", ""}, {"DateLastModified", "2020/02/18 11:51:55"}}}};
    return successReply(data.dump());
}

Reply Eudonet::listTabs() const {
    json tables = json::array();
    for (const Table& table : base_.schema().tables) {
        tables.push_back({{"DescId", table.descId}, {"EdnType", 0}, {"Label", table.label}});
    }
    return successReply("null", json({{"Tables", tables}}).dump());
}

Reply Eudonet::metaInfos(const Request& request) const {
    const json body = bodyOf(request);
    const json tables = body.value("tables", json());
    if (!tables.is_array()) throw Refusal(ErrorNumber::badRequest, "Tables obligatoire");
    std::string text = "{\"Tables\":[";
    for (const auto& one : tables) {
        const Table& table = base_.rows(one.value("descid", 0)).table();
        const bool all = one.value("allfields", false);
        if (text.back() == '}') text += ',';
        text += tableText(base_, knobs(), table,
                          all ? allColumns(table) : one.value("fields", std::vector<int>{}));
    }
    return successReply("null", text + "]}");
}

Reply Eudonet::file(int tab, int fileId) const {
    const Knobs knobs = this->knobs();
    const std::shared_lock lock(base_.mutex);
    const Rows& rows = base_.rows(tab);
    const auto columns = allColumns(rows.table());
    const std::string row =
        rows.find(fileId) ? rowText(base_, knobs, tab, fileId, columns) : std::string();
    return successReply("{\"Rows\":[" + row + "]}",
                        "{\"Tables\":[" + tableText(base_, knobs, rows.table(), columns) + "]}");
}

Reply Eudonet::page(int tab, const Request& request, Call& call) {
    const SearchQuery query = readSearch(base_, tab, bodyOf(request));
    const Knobs knobs = this->knobs();
    const bool ordered = call.fault && call.fault->kind == "empty_answer";
    const bool empty = ordered || answersEmpty(query);
    const std::shared_lock lock(base_.mutex);
    const Found found = empty ? Found{} : searcher_.find(base_, query);
    call.items = found.fileIds.size();
    std::string data = "{\"Rows\":[";
    for (const int fileId : found.fileIds) {
        if (data.back() == '}') data += ',';
        data += rowText(base_, knobs, tab, fileId, query.columns);
    }
    data += "]}";
    if (!query.metadata) return successReply(data);
    const auto perPage = static_cast<std::size_t>(query.rowsPerPage);
    const std::size_t pages = (found.total + perPage - 1) / perPage;
    return successReply(data,
                        "{\"NumPage\":" + std::to_string(query.page) + ",\"RowsByPage\":" +
                            std::to_string(perPage) + ",\"TotalPages\":" + std::to_string(pages) +
                            ",\"TotalRows\":" + std::to_string(found.total) + ",\"Tables\":[" +
                            tableText(base_, knobs, base_.rows(tab).table(), query.columns) + "]}");
}

Reply Eudonet::create(int tab, const Request& request) {
    const Changes changes = readChanges(base_, tab, bodyOf(request));
    checkAllowed(changes, 0);
    const Doer doer{actor(), "", "POST CUD/" + std::to_string(tab)};
    const int fileId = writer_.create(tab, changes, doer);
    return successReply("{\"FileId\":" + std::to_string(fileId) + "}");
}

Reply Eudonet::update(int tab, int fileId, const Request& request) {
    const Changes changes = readChanges(base_, tab, bodyOf(request));
    checkAllowed(changes, fileId);
    writer_.update(tab, fileId, changes, {actor(), "", "POST CUD/" + std::to_string(tab)});
    return successReply("{\"FileId\":" + std::to_string(fileId) + "}");
}

Reply Eudonet::remove(int tab, int fileId) {
    checkAllowed({}, fileId);
    writer_.remove(tab, fileId, {actor(), "", "DELETE CUD/Delete/" + std::to_string(tab)});
    return successReply("");
}

Reply Eudonet::catalog(int descId) const {
    const Catalog* catalog = base_.schema().catalog(descId);
    if (!catalog) throw Refusal(ErrorNumber::unknownField, "Catalogue inconnu");
    json values = json::array();
    for (const CatalogValue& value : catalog->values) {
        values.push_back({{"DbValue", std::to_string(value.dbValue)}, {"Label", value.label}});
    }
    return successReply(json({{"CatalogValues", values}}).dump());
}

Reply Eudonet::annex(const Request& request) {
    const json body = bodyOf(request);
    if (body.value("content", "").size() > kMaxAnnex) {
        throw Refusal(ErrorNumber::badValue, "Annexe trop volumineuse");
    }
    const std::string fileId = std::to_string(body.value("fileid", 0));
    const std::string tab = std::to_string(body.value("tabid", 0));
    const std::unique_lock lock(base_.mutex);
    if (!base_.rows(std::stoi(tab)).find(std::stoi(fileId))) {
        throw Refusal(ErrorNumber::unknownFile, "Fiche introuvable");
    }
    Write write;
    write.virtual_at = stage_.now();
    write.object = tab;
    write.id = fileId;
    write.field = "annex";
    write.before = "null";
    write.after = json(body.value("filename", "")).dump();
    stage_.journal.append({actor(), "", "POST Annexes/Add"}, {write});
    return successReply("{\"AnnexId\":" + std::to_string(++annexes_) + "}");
}

Knobs Eudonet::knobs() const {
    const std::lock_guard lock(mutex_);
    return knobs_;
}

bool Eudonet::answersEmpty(const SearchQuery& query) {
    const std::lock_guard lock(mutex_);
    if (knobs_.empty_answers <= 0) return false;
    const std::string question = query.fingerprint + " " + std::to_string(query.page);
    if (!askedBefore_.insert(question).second) return false;
    return std::uniform_real_distribution<>(0, 1)(dice_) < knobs_.empty_answers;
}

void Eudonet::checkAllowed(const Changes& changes, int fileId) const {
    const Knobs knobs = this->knobs();
    if (knobs.isLocked(fileId) && fileId > 0) {
        throw Refusal(ErrorNumber::notAllowed, "Fiche non modifiable");
    }
    for (const auto& [descId, value] : changes) {
        if (!knobs.mayWrite(descId)) {
            throw Refusal(ErrorNumber::notAllowed,
                          "Rubrique non modifiable : " + std::to_string(descId));
        }
    }
}

std::int64_t Eudonet::quota() const {
    const std::int64_t ordered = stage_.settings.quota;
    return ordered < 0 ? kDefaultQuota : ordered;
}

std::int64_t Eudonet::spendCall() {
    const std::lock_guard lock(mutex_);
    const std::int64_t now = realNow() / 1000;
    if (now - windowStart_ >= knobs_.quota_window_s) {
        windowStart_ = now;
        callsInWindow_ = 0;
    }
    return quota() - ++callsInWindow_;
}

Reply Eudonet::limitReply() {
    const int status = knobs().quota_http_429 ? 429 : 200;
    return failureReply(ErrorNumber::quotaReached, "Quota d'appels atteint", status);
}

Reply Eudonet::errorReply(int status) {
    return failureReply(ErrorNumber::badRequest, "Erreur du serveur", status);
}

std::vector<std::string> Eudonet::faultKinds() const {
    return {"error_100", "error_101", "error_102", "error_103",   "error_104",
            "error_204", "error_300", "error_701", "empty_answer"};
}

}  // namespace concordat::simulators::eudonet
