// SPDX-License-Identifier: Apache-2.0
#include "hub/api/request_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <Poco/MemoryStream.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/NetException.h>
#include <Poco/String.h>
#include <Poco/URI.h>

#include "hub/consent/error.h"

namespace concordat::api {

namespace {

using Poco::Net::HTTPRequest;

constexpr std::size_t kLargestHead = 64 * 1024;
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kLongestLine = 4 * 1024;  ///< of a chunk's size, or of a trailer
/// Kept for the next request; larger bodies give their memory back.
constexpr std::size_t kKeptBuffer = 16 * 1024;

[[noreturn]] void refuse() {
    throw RequestError("this is not an HTTP request that can be understood");
}

/// The length of the body; nothing if it comes in chunks.
std::optional<std::size_t> lengthOf(const HTTPRequest& request) {
    const bool chunked = request.getChunkedTransferEncoding();
    if (!request.hasContentLength()) {
        if (chunked) return std::nullopt;
        if (request.getTransferEncoding() != Poco::Net::HTTPMessage::IDENTITY_TRANSFER_ENCODING)
            throw RequestError("the only transfer encoding known here is 'chunked'");
        return 0;
    }
    // Two lengths that may differ let a second request hide in the body of the first.
    if (chunked) throw RequestError("a body has a Content-Length or comes in chunks, not both");
    const std::string& text = request.get(HTTPRequest::CONTENT_LENGTH);
    std::size_t length = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (text.empty() || stop != text.data() + text.size() || error == std::errc::invalid_argument)
        throw RequestError("Content-Length is not a number");
    return error == std::errc() ? length : std::string::npos;
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

}  // namespace

std::optional<Call> RequestReader::next() {
    if (!isInBody_ && !readHead()) return std::nullopt;
    if (!readBody()) return std::nullopt;
    isInBody_ = isChunked_ = isInTrailer_ = awaitsContinue_ = false;
    dropUsed();
    if (buffer_.empty() && buffer_.capacity() > kKeptBuffer) buffer_.shrink_to_fit();
    std::optional<Call> whole(std::move(call_));
    call_ = {};
    return whole;
}

RequestReader::Stage RequestReader::stage() const {
    if (isInBody_) return Stage::Body;
    return buffer_.size() > at_ ? Stage::Head : Stage::Nothing;
}

bool RequestReader::awaitsContinue() { return std::exchange(awaitsContinue_, false); }

/// Up to the first empty line; empty lines before a request are passed over.
bool RequestReader::readHead() {
    while (at_ < buffer_.size() && (buffer_[at_] == '\r' || buffer_[at_] == '\n')) ++at_;
    if (at_ > 0) dropUsed();
    for (std::size_t end = 0; (end = buffer_.find('\n', scanned_)) != std::string::npos;) {
        scanned_ = end + 1;
        if (scanned_ > kLargestHead) refuse();
        const bool isEmpty =
            buffer_[end - 1] == '\n' || (buffer_[end - 1] == '\r' && buffer_[end - 2] == '\n');
        if (!isEmpty) continue;
        parseHead(std::string_view(buffer_).substr(0, scanned_));
        at_ = scanned_;
        isInBody_ = true;
        return true;
    }
    if (buffer_.size() > kLargestHead) refuse();
    scanned_ = buffer_.size();
    return false;
}

void RequestReader::parseHead(std::string_view head) {
    HTTPRequest request;
    Poco::MemoryInputStream stream(head.data(), static_cast<std::streamsize>(head.size()));
    try {
        request.read(stream);
    } catch (const Poco::Exception&) {
        refuse();
    }
    // Both must see the head end at the same byte.
    if (stream.peek() != std::char_traits<char>::eof()) refuse();
    keepsAlive_ = request.getKeepAlive();
    call_.method = request.getMethod();
    for (const auto& [name, value] : request) call_.headers[Poco::toLower(name)] = value;
    fillTarget(call_, request.getURI());
    const auto length = lengthOf(request);
    isChunked_ = !length;
    left_ = length.value_or(0);
    expectRoomFor(left_);
    call_.body.reserve(left_);
    awaitsContinue_ = request.getExpectContinue() && (isChunked_ || left_ > 0);
}

void RequestReader::expectRoomFor(std::size_t bytes) const {
    if (bytes > largestBody_ - call_.body.size())
        throw RequestError(
            "the body is larger than " + std::to_string(largestBody_) + " bytes: send less at once",
            413);
}

bool RequestReader::readBody() {
    if (isChunked_) return readChunks();
    const std::size_t there = std::min(left_, buffer_.size() - at_);
    call_.body.append(buffer_, at_, there);
    at_ += there;
    left_ -= there;
    if (left_ > 0) dropUsed();
    return left_ == 0;
}

void RequestReader::dropUsed() {
    buffer_.erase(0, at_);
    at_ = scanned_ = 0;
}

/// A line without its end, if it is all there.
std::optional<std::string_view> RequestReader::line() {
    const std::size_t end = buffer_.find('\n', at_);
    if (std::min(end, buffer_.size()) - at_ > kLongestLine) refuse();
    if (end == std::string::npos) return std::nullopt;
    std::string_view text = std::string_view(buffer_).substr(at_, end - at_);
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    at_ = end + 1;
    return text;
}

/// The size of the next chunk into `left_`, with the line end behind its data.
bool RequestReader::readChunkSize() {
    const auto text = line();
    if (!text) return false;
    const char* end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, left_, 16);
    if (error == std::errc::invalid_argument || (stop != end && *stop != ';' && *stop != ' '))
        refuse();
    expectRoomFor(error == std::errc() ? left_ : std::string::npos);
    isInTrailer_ = left_ == 0;
    if (left_ > 0) left_ += kLineEnd.size();
    return true;
}

bool RequestReader::readChunks() {
    while (!isInTrailer_) {
        if (left_ == 0 && !readChunkSize()) break;
        if (buffer_.size() - at_ < left_) break;
        if (left_ == 0) continue;
        const std::size_t data = left_ - kLineEnd.size();
        call_.body.append(buffer_, at_, data);
        if (buffer_.compare(at_ + data, kLineEnd.size(), kLineEnd) != 0) refuse();
        at_ += left_;
        left_ = 0;
    }
    if (isInTrailer_ && readTrailer()) return true;
    dropUsed();
    return false;
}

bool RequestReader::readTrailer() {
    while (const auto text = line())
        if (text->empty()) return true;
    return false;
}

}  // namespace concordat::api
