// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>
#include <utility>

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hub/gateway/address.h"
#include "hub/gateway/transport.h"
#include "hub/gateway/url.h"

namespace concordat::gateway {

namespace {

constexpr std::size_t kMaxHeaderBytes = 256 * 1024;
constexpr std::size_t kMaxHeaders = 256;
constexpr std::size_t kKeptHandles = 64;
constexpr long kKeptConnections = 64;
constexpr const char* kNotTrusted = "the host's certificate is not valid for it, or not trusted";

struct EasyCleanup {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListCleanup {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyCleanup>;
using List = std::unique_ptr<curl_slist, ListCleanup>;

// One attempt under way; curl's callbacks get its address.
struct Transfer {
    WireRequest request;
    WireReply reply;
    Easy easy;
    List headers;
    std::size_t headerBytes = 0;
    bool addressRefused = false;
    bool tooLarge = false;
    bool repeatRefused = false;
};

bool mayConnect(const Transfer& transfer, AddressKind kind) {
    return kind == AddressKind::Public ||
           (kind == AddressKind::Private && transfer.request.internal);
}

curl_socket_t openSocket(void* data, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(data);
    if (!mayConnect(transfer, kindOf(address->addr))) {
        transfer.addressRefused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// Called when a connection is there, also a kept one, and nothing of the request has been written.
int beforeRequest(void* data, char* remoteAddress, char*, int, int) {
    auto& transfer = *static_cast<Transfer*>(data);
    if (!mayConnect(transfer, kindOfText(remoteAddress))) {
        transfer.addressRefused = true;
        return CURL_PREREQFUNC_ABORT;
    }
    if (transfer.reply.sent && !transfer.request.mayRepeat) {
        transfer.repeatRefused = true;
        return CURL_PREREQFUNC_ABORT;
    }
    transfer.reply.sent = true;
    return CURL_PREREQFUNC_OK;
}

void addHeader(Headers& headers, std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return;
    std::string_view value = line.substr(colon + 1);
    const std::size_t first = value.find_first_not_of(" \t");
    value = first == std::string_view::npos ? std::string_view() : value.substr(first);
    value = value.substr(0, value.find_last_not_of(" \t\r\n") + 1);
    auto [it, isNew] = headers.try_emplace(lowerCase(line.substr(0, colon)), value);
    if (!isNew) it->second.append(", ").append(value);
}

std::size_t onHeader(char* text, std::size_t size, std::size_t count, void* data) {
    auto& transfer = *static_cast<Transfer*>(data);
    const std::string_view line(text, size * count);
    transfer.headerBytes += line.size();
    // An interim reply (100) may come first; only the last block counts.
    if (line.starts_with("HTTP/")) transfer.reply.headers.clear();
    addHeader(transfer.reply.headers, line);
    if (transfer.headerBytes > kMaxHeaderBytes || transfer.reply.headers.size() > kMaxHeaders) {
        transfer.tooLarge = true;
        return 0;
    }
    return line.size();
}

std::size_t onBody(char* text, std::size_t size, std::size_t count, void* data) {
    auto& transfer = *static_cast<Transfer*>(data);
    const std::size_t bytes = size * count;
    if (transfer.reply.body.size() + bytes > transfer.request.maxReplyBytes) {
        transfer.tooLarge = true;
        return 0;
    }
    transfer.reply.body.append(text, bytes);
    return bytes;
}

void setHeaders(Transfer& transfer) {
    curl_slist* list = nullptr;
    for (const auto& [name, value] : transfer.request.headers) {
        // Curl drops "name:" without a value, and sends "name;" as an empty header.
        const std::string line = value.empty() ? name + ";" : name + ": " + value;
        list = curl_slist_append(list, line.c_str());
    }
    list = curl_slist_append(list, "Expect:");
    if (!transfer.request.headers.contains("content-type"))
        list = curl_slist_append(list, "Content-Type:");
    transfer.headers.reset(list);
    curl_easy_setopt(transfer.easy.get(), CURLOPT_HTTPHEADER, list);
}

void setMethod(Transfer& transfer) {
    CURL* easy = transfer.easy.get();
    const WireRequest& request = transfer.request;
    const bool hasBody = !request.body.empty() || request.method == "POST" ||
                         request.method == "PUT" || request.method == "PATCH";
    if (hasBody) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(request.body.size()));
    } else if (request.method == "HEAD") {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void setConnection(Transfer& transfer) {
    CURL* easy = transfer.easy.get();
    const WireRequest& request = transfer.request;
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_PROXY,
                     "");  // the environment's proxy would resolve and connect for us
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!request.caFile.empty()) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, request.caFile.c_str());
        curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    }
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(request.connectTimeout.count()));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
}

void setCallbacks(Transfer& transfer) {
    CURL* easy = transfer.easy.get();
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, openSocket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, beforeRequest);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, onHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, onBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
}

struct Ending {
    WireEnd end;
    std::string error;
};

Ending endingOf(const Transfer& transfer, CURLcode code) {
    if (transfer.addressRefused) {
        return {
            WireEnd::Refused,
            "the host's address is private or reserved, and the system is not declared internal"};
    }
    if (transfer.tooLarge) return {WireEnd::TooLarge, "the reply is larger than the limit"};
    if (transfer.repeatRefused) {
        return {WireEnd::Interrupted, "the connection was closed before an answer came"};
    }
    switch (code) {
        case CURLE_OK:
            return {WireEnd::Answered, ""};
        case CURLE_COULDNT_RESOLVE_HOST:
            return {WireEnd::Unreachable, "the host's name was not found"};
        case CURLE_COULDNT_CONNECT:
            return {WireEnd::Unreachable, "the host did not accept a connection"};
        case CURLE_PEER_FAILED_VERIFICATION:
            return {WireEnd::Untrusted, kNotTrusted};
        case CURLE_SSL_CACERT_BADFILE:
            return {WireEnd::Untrusted, "the file of trusted certificates cannot be read"};
        case CURLE_SSL_CONNECT_ERROR: {
            // A forged signature ends here, and not as a failed verification.
            long verification = 0;
            curl_easy_getinfo(transfer.easy.get(), CURLINFO_SSL_VERIFYRESULT, &verification);
            if (verification != 0) return {WireEnd::Untrusted, kNotTrusted};
            return {transfer.reply.sent ? WireEnd::Interrupted : WireEnd::Unreachable,
                    "no TLS connection (1.2 or later) could be agreed with the host"};
        }
        case CURLE_OPERATION_TIMEDOUT:
            return {WireEnd::TimedOut, "the host did not answer in time"};
        case CURLE_PARTIAL_FILE:
            return {WireEnd::Interrupted, "the reply ended before its announced length"};
        case CURLE_BAD_CONTENT_ENCODING:
            return {WireEnd::Interrupted, "the reply's compression is damaged"};
        default:
            return {WireEnd::Interrupted,
                    std::string("the connection failed: ") + curl_easy_strerror(code)};
    }
}

class CurlTransport : public Transport {
 public:
    CurlTransport() : multi_(curl_multi_init()) {
        curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kKeptConnections);
        curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
    }
    ~CurlTransport() override {
        for (auto& [id, transfer] : transfers_)
            curl_multi_remove_handle(multi_, transfer->easy.get());
        transfers_.clear();
        spare_.clear();
        curl_multi_cleanup(multi_);
    }
    CurlTransport(const CurlTransport&) = delete;
    CurlTransport& operator=(const CurlTransport&) = delete;

    void start(WireRequest request) override;
    void abort(std::uint64_t id) override;
    std::vector<WireReply> poll(Milliseconds longest) override;
    void wake() override { curl_multi_wakeup(multi_); }

 private:
    void collect();
    WireReply finish(Transfer& transfer, Ending ending);

    CURLM* multi_;
    std::unordered_map<std::uint64_t, std::unique_ptr<Transfer>> transfers_;
    std::vector<Easy> spare_;
    std::vector<WireReply> ended_;
};

void CurlTransport::start(WireRequest request) {
    auto transfer = std::make_unique<Transfer>();
    transfer->request = std::move(request);
    transfer->reply.id = transfer->request.id;
    if (spare_.empty()) {
        transfer->easy.reset(curl_easy_init());
    } else {
        transfer->easy = std::move(spare_.back());
        spare_.pop_back();
    }
    setConnection(*transfer);
    setCallbacks(*transfer);
    setMethod(*transfer);
    setHeaders(*transfer);
    curl_multi_add_handle(multi_, transfer->easy.get());
    transfers_[transfer->request.id] = std::move(transfer);
}

WireReply CurlTransport::finish(Transfer& transfer, Ending ending) {
    CURL* easy = transfer.easy.get();
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_off_t bytes = 0;
    curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    curl_multi_remove_handle(multi_, easy);
    WireReply reply = std::move(transfer.reply);
    reply.end = ending.end;
    reply.error = std::move(ending.error);
    reply.status = static_cast<int>(status);
    reply.bytesIn = static_cast<long long>(transfer.headerBytes) + bytes;
    if (spare_.size() < kKeptHandles) {
        curl_easy_reset(easy);
        spare_.push_back(std::move(transfer.easy));
    }
    transfers_.erase(reply.id);
    return reply;
}

void CurlTransport::abort(std::uint64_t id) {
    const auto it = transfers_.find(id);
    if (it == transfers_.end()) return;
    ended_.push_back(finish(*it->second, {WireEnd::Aborted, "the request was ended"}));
}

void CurlTransport::collect() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        Transfer* transfer = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        const CURLcode code = message->data.result;
        ended_.push_back(finish(*transfer, endingOf(*transfer, code)));
    }
}

std::vector<WireReply> CurlTransport::poll(Milliseconds longest) {
    int running = 0;
    curl_multi_perform(multi_, &running);
    collect();
    if (ended_.empty()) {
        curl_multi_poll(multi_, nullptr, 0, static_cast<int>(longest.count()), nullptr);
        curl_multi_perform(multi_, &running);
        collect();
    }
    return std::exchange(ended_, {});
}

}  // namespace

std::unique_ptr<Transport> makeCurlTransport() { return std::make_unique<CurlTransport>(); }

}  // namespace concordat::gateway
