// SPDX-License-Identifier: Apache-2.0
#include "hub/api/request_reader.h"

#include <utility>

#include <Poco/String.h>
#include <Poco/URI.h>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "hub/consent/error.h"

namespace concordat::api {

namespace http = boost::beast::http;

struct RequestReader::Parsing {
    http::request_parser<http::string_body> parser;
};

namespace {

constexpr std::uint32_t kLargestHead = 64 * 1024;
/// Kept for the next request; larger bodies give their memory back.
constexpr std::size_t kKeptBuffer = 16 * 1024;

[[noreturn]] void refuse() {
    throw RequestError("this is not an HTTP request that can be understood");
}

void fillTarget(Call& call, const std::string& target) {
    const auto mark = target.find('?');
    call.path = target.substr(0, mark);
    if (call.path.empty() || call.path.front() != '/')
        throw RequestError("the address of a request begins with '/'");
    if (mark == std::string::npos) return;
    call.queryText = target.substr(mark + 1);
    try {
        for (auto& [name, value] : Poco::URI("/?" + call.queryText).getQueryParameters())
            call.query[name] = value;
    } catch (const Poco::SyntaxException&) {
        throw RequestError("the address is not a valid URL: look at its percent signs");
    }
}

/// A header that comes twice has both values, as RFC 9110 joins them.
void fillHeaders(Call& call, const http::request<http::string_body>& request) {
    for (const auto& field : request) {
        std::string& value = call.headers[Poco::toLower(std::string(field.name_string()))];
        if (!value.empty()) value += ", ";
        value += std::string_view(field.value().data(), field.value().size());
    }
}

}  // namespace

RequestReader::RequestReader(std::size_t largestBody) : largestBody_(largestBody) {}

RequestReader::~RequestReader() = default;

std::optional<Call> RequestReader::next() {
    if (!parsing_ && !begin()) return std::nullopt;
    parse();
    if (!parsing_->parser.is_done()) return std::nullopt;
    keepsAlive_ = parsing_->parser.keep_alive();
    std::optional<Call> whole(std::exchange(call_, {}));
    whole->body = std::move(parsing_->parser.get().body());
    parsing_.reset();
    isHeadTaken_ = awaitsContinue_ = false;
    if (buffer_.empty() && buffer_.capacity() > kKeptBuffer) buffer_.shrink_to_fit();
    return whole;
}

RequestReader::Stage RequestReader::stage() const {
    if (!parsing_) return Stage::Nothing;
    return isHeadTaken_ ? Stage::Body : Stage::Head;
}

bool RequestReader::awaitsContinue() { return std::exchange(awaitsContinue_, false); }

/// Empty lines before a request are passed over.
bool RequestReader::begin() {
    buffer_.erase(0, buffer_.find_first_not_of("\r\n"));
    if (buffer_.empty()) return false;
    parsing_ = std::make_unique<Parsing>();
    parsing_->parser.eager(true);
    parsing_->parser.header_limit(kLargestHead);
    parsing_->parser.body_limit(largestBody_);
    return true;
}

void RequestReader::parse() {
    boost::system::error_code problem;
    std::size_t used = 0;
    while (used < buffer_.size() && !problem && !parsing_->parser.is_done())
        used += parsing_->parser.put(
            boost::asio::const_buffer(buffer_.data() + used, buffer_.size() - used), problem);
    buffer_.erase(0, used);
    if (!isHeadTaken_ && parsing_->parser.is_header_done()) takeHead();
    if (problem == http::error::body_limit)
        throw RequestError(
            "the body is larger than " + std::to_string(largestBody_) + " bytes: send less at once",
            413);
    if (problem == http::error::bad_content_length || problem == http::error::bad_transfer_encoding)
        throw RequestError(
            "a body has one Content-Length, which is a number, or comes in chunks, not both");
    if (problem && problem != http::error::need_more) refuse();
}

void RequestReader::takeHead() {
    const auto& request = parsing_->parser.get();
    isHeadTaken_ = true;
    call_.method = std::string(request.method_string());
    fillHeaders(call_, request);
    fillTarget(call_, std::string(request.target()));
    if (call_.headers.contains("transfer-encoding") && !parsing_->parser.chunked())
        throw RequestError("the only transfer encoding known here is 'chunked'");
    awaitsContinue_ = !parsing_->parser.is_done() &&
                      Poco::icompare(call_.header("expect"), std::string("100-continue")) == 0;
}

}  // namespace concordat::api
