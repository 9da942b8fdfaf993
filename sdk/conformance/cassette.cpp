// SPDX-License-Identifier: Apache-2.0
#include "sdk/conformance/cassette.h"

#include <nlohmann/json.hpp>

#include "sdk/concordat/json.h"
#include "sdk/concordat/tree.h"

namespace concordat::sdk::conformance {
namespace {

using nlohmann::json;

/// Bodies are raw bytes, and JSON is not.
std::string packed(const std::string& bytes) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = byte >= 0x20 && byte < 0x7F && c != '%';
        if (plain)
            text += c;
        else
            (text += '%', text += kHex[byte >> 4U], text += kHex[byte & 15U]);
    }
    return text;
}

std::string unpacked(const std::string& text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%' || i + 2 >= text.size()) {
            bytes += text[i];
            continue;
        }
        bytes += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
        i += 2;
    }
    return bytes;
}

std::string questionOf(const HttpRequest& request) {
    auto copy = request;
    copy.body = packed(request.body);
    return json(copy).dump();
}

std::string textOf(const HttpReply& reply) {
    auto copy = reply;
    copy.body = packed(reply.body);
    return json(copy).dump(-1, ' ', false, json::error_handler_t::replace);
}

HttpReply replyOf(const std::string& text) {
    auto reply = json::parse(text).get<HttpReply>();
    reply.body = unpacked(reply.body);
    return reply;
}

}  // namespace

Cassette::Cassette(const std::string& file, const CassetteLabel& label)
    : label_(label), out_(file, std::ios::trunc) {
    out_ << json{{"settings", label.settingsJson},
                 {"seed", label.seed},
                 {"begun", label.begun},
                 {"stage", label.hasStage}}
         << std::endl;
    if (!out_) throw std::runtime_error("the cassette " + file + " cannot be written");
}

Cassette::Cassette(const std::string& file) : plays_(true) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("the cassette " + file + " cannot be read");
    std::string line;
    try {
        std::getline(in, line);
        const auto label = json::parse(line);
        label_ = {label.at("settings"), label.at("seed"), label.at("begun"), label.at("stage")};
        while (std::getline(in, line)) {
            const auto exchange = json::parse(line);
            answers_[exchange.at("asked")].push_back(exchange.at("answer"));
        }
    } catch (const json::exception&) {
        throw std::runtime_error("the cassette " + file + " is damaged; record it again");
    }
}

std::string Cassette::answerTo(const std::string& question,
                               const std::function<std::string()>& ask,
                               const std::string& otherwise) {
    if (!plays_) {
        const std::string answer = ask();
        const std::lock_guard lock(mutex_);
        out_ << json{{"asked", question}, {"answer", answer}} << std::endl;
        return answer;
    }
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(question);
    if (found == answers_.end()) return ++missed_, otherwise;
    // The last answer repeats.
    std::string answer = found->second.front();
    if (found->second.size() > 1) found->second.pop_front();
    return answer;
}

std::function<HttpReply(const HttpRequest&)> Cassette::vendor(
    std::function<HttpReply(const HttpRequest&)> inner) {
    static const HttpReply kUnknown{.error = "the cassette holds no such request"};
    return [this, inner = std::move(inner)](const HttpRequest& request) {
        return replyOf(answerTo(
            questionOf(request), [&] { return textOf(inner(request)); }, textOf(kUnknown)));
    };
}

Admin Cassette::admin(Admin inner) {
    return [this, inner = std::move(inner)](const std::string& method, const std::string& what,
                                            const std::string& body) {
        // An order that the simulator refuses is refused again.
        const std::string refused = "refused";
        const auto answer = answerTo(
            method + " " + what + " " + body,
            [&] {
                try {
                    return "ok " + inner(method, what, body);
                } catch (const std::runtime_error&) {
                    return refused;
                }
            },
            refused);
        if (answer == refused) throw std::runtime_error("the simulator refused " + what);
        return answer.substr(3);
    };
}

EpochMs Cassette::now() {
    const std::lock_guard lock(mutex_);
    return label_.begun + ++ticks_;
}

std::size_t Cassette::missed() const {
    const std::lock_guard lock(mutex_);
    return missed_;
}

}  // namespace concordat::sdk::conformance
