// SPDX-License-Identifier: Apache-2.0
#pragma once
// The bytes of one connection, taken apart into calls, however they are cut. Not synchronised.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hub/api/http.h"

namespace concordat::api {

/// Feed it with take(), then ask next() until it gives nothing. Boost.Beast understands HTTP; here
/// stands what the hub accepts of it.
class RequestReader {
 public:
    /// What the next byte belongs to.
    enum class Stage { Nothing, Head, Body };

    explicit RequestReader(std::size_t largestBody);
    ~RequestReader();
    RequestReader(const RequestReader&) = delete;
    RequestReader& operator=(const RequestReader&) = delete;

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
    struct Parsing;

    bool begin();
    void parse();
    void takeHead();

    const std::size_t largestBody_;
    std::string buffer_;                ///< what is not parsed yet
    std::unique_ptr<Parsing> parsing_;  ///< the request under way, if one has begun
    bool isHeadTaken_ = false;
    bool keepsAlive_ = true;
    bool awaitsContinue_ = false;
    Call call_;
};

}  // namespace concordat::api
