// SPDX-License-Identifier: Apache-2.0
#pragma once
// The bytes of one connection, taken apart into calls, however they are cut. Not synchronised.

#include <optional>
#include <string>
#include <string_view>

#include "hub/api/http.h"

namespace concordat::api {

/// Feed it with take(), then ask next() until it gives nothing.
class RequestReader {
 public:
    /// What the next byte belongs to.
    enum class Stage { Nothing, Head, Body };

    explicit RequestReader(std::size_t largestBody) : largestBody_(largestBody) {}

    void take(std::string_view bytes) { buffer_ += bytes; }
    /// The next call that is complete. Throws RequestError for what is no HTTP, or too large; what
    /// follows can then not be understood any more.
    std::optional<Call> next();
    Stage stage() const;
    /// Of the call given last: whether its connection goes on.
    bool keepsAlive() const { return keepsAlive_; }
    /// Whether the caller waits for "100 Continue" before it sends its body; asked once.
    bool awaitsContinue();
    /// Where the request under way goes, as far as it is known.
    const std::string& path() const { return call_.path; }

 private:
    bool readHead();
    void parseHead(std::string_view head);
    bool readBody();
    bool readChunkSize();
    bool readChunks();
    bool readTrailer();
    std::optional<std::string_view> line();
    void expectRoomFor(std::size_t bytes) const;
    void dropUsed();

    const std::size_t largestBody_;
    std::string buffer_;
    std::size_t at_ = 0;       ///< what is before it has been used
    std::size_t scanned_ = 0;  ///< of a head: no empty line ends before it
    bool isInBody_ = false;
    bool isChunked_ = false;
    bool isInTrailer_ = false;
    std::size_t left_ = 0;  ///< of the body, or of the chunk
    bool keepsAlive_ = true;
    bool awaitsContinue_ = false;
    Call call_;
};

}  // namespace concordat::api
