// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/recorder.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

#include "hub/gateway/access.h"
#include "hub/gateway/url.h"

namespace concordat::gateway {

using nlohmann::json;

namespace {

constexpr const char* kRedacted = "redacted";

std::string headerOf(const Headers& headers, const std::string& name) {
    const auto it = headers.find(name);
    return it == headers.end() ? "" : it->second;
}

void redactMembers(json& value, const Redaction& redaction) {
    if (!value.is_structured()) return;
    for (auto& [name, member] : value.items()) {
        const bool isHidden = value.is_object() && redaction.fields.contains(lowerCase(name));
        if (isHidden && !member.is_null()) {
            member = kRedacted;
        } else {
            redactMembers(member, redaction);
        }
    }
}

// Addresses and dates of a token reply are needed for replay, and tell nothing.
bool isHarmless(const std::string& text) {
    const bool isDate = text.size() <= 30 &&
                        text.find_first_not_of("0123456789/-:.TZ+ ") == std::string::npos &&
                        text.find_first_of("/-:") != std::string::npos;
    return isDate || text.starts_with("https://") || text.starts_with("http://");
}

void redactTexts(json& value) {
    if (value.is_string() && !isHarmless(value.get_ref<const std::string&>())) value = kRedacted;
    if (!value.is_structured()) return;
    for (json& member : value) redactTexts(member);
}

std::string redactQuery(const std::string& query, const Redaction& redaction) {
    std::string out;
    for (std::size_t at = 0; at < query.size();) {
        const std::size_t end = std::min(query.find('&', at), query.size());
        const std::string member = query.substr(at, end - at);
        const std::string name = member.substr(0, member.find('='));
        if (!out.empty()) out += '&';
        out += redaction.fields.contains(lowerCase(name)) ? name + "=" + kRedacted : member;
        at = end + 1;
    }
    return out;
}

std::string redactUrl(const std::string& url, const Redaction& redaction) {
    const std::size_t mark = url.find('?');
    if (mark == std::string::npos) return url;
    return url.substr(0, mark + 1) + redactQuery(url.substr(mark + 1), redaction);
}

std::string redactBody(const std::string& body,
                       const std::string& contentType,
                       const Redaction& redaction) {
    if (body.empty()) return "";
    if (contentType.find("x-www-form-urlencoded") != std::string::npos)
        return redactQuery(body, redaction);
    json value = json::parse(body, nullptr, false);
    if (value.is_discarded()) return "(not kept)";
    redactMembers(value, redaction);
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string redactSignIn(const std::string& body) {
    json value = json::parse(body, nullptr, false);
    if (value.is_discarded()) return "(not kept)";
    redactTexts(value);
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Headers keptHeaders(const Headers& headers) {
    Headers out = headers;
    for (const char* name :
         {"set-cookie", "www-authenticate", "proxy-authenticate", "authentication-info",
          "content-length", "content-encoding", "transfer-encoding"}) {
        out.erase(name);
    }
    return out;
}

// What an exchange is found by.
json keyOf(const WireRequest& request, const Redaction& redaction) {
    json key{{"method", request.method}, {"url", redactUrl(request.shownUrl, redaction)}};
    const std::string type = headerOf(request.headers, "content-type");
    key["request"] = request.signIn ? "(sign-in)" : redactBody(request.body, type, redaction);
    return key;
}

class Recorder : public Transport {
 public:
    Recorder(std::unique_ptr<Transport> inner, const std::string& file, Redaction redaction)
        : inner_(std::move(inner)), file_(file, std::ios::app), redaction_(std::move(redaction)) {
        if (!file_) throw AccessError("the cassette " + file + " cannot be written");
    }

    void start(WireRequest request) override {
        open_[request.id] = {keyOf(request, redaction_), request.signIn};
        inner_->start(std::move(request));
    }
    void abort(std::uint64_t id) override { inner_->abort(id); }
    void wake() override { inner_->wake(); }
    std::vector<WireReply> poll(Milliseconds longest) override {
        std::vector<WireReply> replies = inner_->poll(longest);
        for (const WireReply& reply : replies) write(reply);
        return replies;
    }

 private:
    struct Open {
        json line;
        bool signIn = false;
    };

    void write(const WireReply& reply) {
        auto open = open_.extract(reply.id);
        if (open.empty() || reply.end != WireEnd::Answered) return;
        json& line = open.mapped().line;
        line["status"] = reply.status;
        line["headers"] = keptHeaders(reply.headers);
        const std::string type = headerOf(reply.headers, "content-type");
        line["body"] = open.mapped().signIn ? redactSignIn(reply.body)
                                            : redactBody(reply.body, type, redaction_);
        file_ << line.dump(-1, ' ', false, json::error_handler_t::replace) << std::endl;
    }

    std::unique_ptr<Transport> inner_;
    std::ofstream file_;
    Redaction redaction_;
    std::unordered_map<std::uint64_t, Open> open_;
};

class Player : public Transport {
 public:
    Player(const std::string& file, Redaction redaction) : redaction_(std::move(redaction)) {
        std::ifstream in(file);
        if (!in) throw AccessError("the cassette " + file + " cannot be read");
        int number = 0;
        for (std::string line; std::getline(in, line);) {
            ++number;
            const json entry = json::parse(line, nullptr, false);
            if (!isEntry(entry)) {
                throw AccessError("the cassette " + file + " is damaged in line " +
                                  std::to_string(number));
            }
            const json key{
                {"method", entry["method"]}, {"url", entry["url"]}, {"request", entry["request"]}};
            answers_[key.dump()].push_back({entry["status"].get<int>(),
                                            entry["headers"].get<Headers>(),
                                            entry["body"].get<std::string>()});
        }
    }

    void start(WireRequest request) override { ended_.push_back(answer(request)); }
    void abort(std::uint64_t) override {}
    void wake() override {
        const std::lock_guard lock(mutex_);
        woken_ = true;
        changed_.notify_all();
    }
    std::vector<WireReply> poll(Milliseconds longest) override {
        std::unique_lock lock(mutex_);
        if (ended_.empty()) changed_.wait_for(lock, longest, [this] { return woken_; });
        woken_ = false;
        return std::exchange(ended_, {});
    }

 private:
    struct Answer {
        int status;
        Headers headers;
        std::string body;
    };

    static bool isEntry(const json& entry) {
        if (!entry.is_object()) return false;
        for (const char* name : {"method", "url", "request", "body"}) {
            if (!entry.contains(name) || !entry[name].is_string()) return false;
        }
        if (!entry.contains("status") || !entry["status"].is_number_integer()) return false;
        if (!entry.contains("headers") || !entry["headers"].is_object()) return false;
        const json& headers = entry["headers"];
        return std::all_of(headers.begin(), headers.end(),
                           [](const json& h) { return h.is_string(); });
    }

    WireReply answer(const WireRequest& request) {
        WireReply reply;
        reply.id = request.id;
        const auto it = answers_.find(keyOf(request, redaction_).dump());
        if (it == answers_.end()) {
            reply.end = WireEnd::Unreachable;
            reply.error = "the cassette holds no such " + request.method + " request";
            return reply;
        }
        std::deque<Answer>& answers = it->second;
        reply.end = WireEnd::Answered;
        reply.sent = true;
        reply.status = answers.front().status;
        reply.headers = answers.front().headers;
        reply.body = answers.front().body;
        if (answers.size() > 1) answers.pop_front();
        return reply;
    }

    Redaction redaction_;
    std::map<std::string, std::deque<Answer>> answers_;
    std::vector<WireReply> ended_;
    std::mutex mutex_;  // guards woken_
    std::condition_variable changed_;
    bool woken_ = false;
};

}  // namespace

std::unique_ptr<Transport> makeRecorder(std::unique_ptr<Transport> inner,
                                        const std::string& file,
                                        Redaction redaction) {
    return std::make_unique<Recorder>(std::move(inner), file, std::move(redaction));
}

std::unique_ptr<Transport> makePlayer(const std::string& file, Redaction redaction) {
    return std::make_unique<Player>(file, std::move(redaction));
}

}  // namespace concordat::gateway
