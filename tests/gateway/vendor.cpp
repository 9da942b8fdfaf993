// SPDX-License-Identifier: Apache-2.0
#include "tests/gateway/vendor.h"

#include <atomic>

#include <Poco/AutoPtr.h>
#include <Poco/File.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnection.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/TemporaryFile.h>
#include <Poco/ThreadPool.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace concordat::gateway::test {

namespace {

class CallHandler : public Poco::Net::HTTPRequestHandler {
 public:
    explicit CallHandler(const Handler& handler) : handler_(handler) {}
    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        handler_(request, response);
    }

 private:
    const Handler& handler_;
};

class CallFactory : public Poco::Net::HTTPRequestHandlerFactory {
 public:
    explicit CallFactory(Handler handler) : handler_(std::move(handler)) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest&) override {
        return std::make_unique<CallHandler>(handler_).release();
    }

 private:
    Handler handler_;
};

class RawConnection : public Poco::Net::TCPServerConnection {
 public:
    RawConnection(const Poco::Net::StreamSocket& socket, const RawHandler& handler)
        : TCPServerConnection(socket), handler_(handler) {}
    void run() override { handler_(socket()); }

 private:
    const RawHandler& handler_;
};

class RawFactory : public Poco::Net::TCPServerConnectionFactory {
 public:
    explicit RawFactory(RawHandler handler) : handler_(std::move(handler)) {}
    Poco::Net::TCPServerConnection* createConnection(
        const Poco::Net::StreamSocket& socket) override {
        return std::make_unique<RawConnection>(socket, handler_).release();
    }

 private:
    RawHandler handler_;
};

template <auto Free>
struct FreeBy {
    template <typename T>
    void operator()(T* object) const {
        Free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;
using File = std::unique_ptr<FILE, FreeBy<std::fclose>>;

void addExtension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate blank(EVP_PKEY* key, const std::string& name, int days) {
    static std::atomic<long> serial{1};
    constexpr long kDay = 24 * 3600;
    Certificate out(X509_new());
    X509_set_version(out.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(out.get()), -10 * kDay);
    X509_gmtime_adj(X509_getm_notAfter(out.get()), days * kDay);
    X509_set_pubkey(out.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return out;
}

void write(const std::string& file, X509* certificate) {
    PEM_write_X509(File(std::fopen(file.c_str(), "w")).get(), certificate);
}

}  // namespace

struct Authority::State {
    Poco::TemporaryFile folder;
    Key key{EVP_EC_gen("P-256")};
    Certificate certificate{blank(key.get(), "Test Authority", 30)};
};

Authority::Authority() : state_(std::make_unique<State>()) {
    state_->folder.createDirectories();
    X509* own = state_->certificate.get();
    X509_set_issuer_name(own, X509_get_subject_name(own));
    addExtension(own, own, NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(own, state_->key.get(), EVP_sha256());
    write(caFile(), own);
}

Authority::~Authority() = default;

std::string Authority::caFile() const { return state_->folder.path() + "/ca.pem"; }

Authority::Files Authority::issue(const std::string& name, int days) const {
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = blank(key.get(), name, days);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(state_->certificate.get()));
    addExtension(certificate.get(), state_->certificate.get(), NID_subject_alt_name, "DNS:" + name);
    X509_sign(certificate.get(), state_->key.get(), EVP_sha256());
    const std::string start = state_->folder.path() + "/" + name + std::to_string(days);
    write(start + ".pem", certificate.get());
    PEM_write_PrivateKey(File(std::fopen((start + ".key").c_str(), "w")).get(), key.get(), nullptr,
                         nullptr, 0, nullptr, nullptr);
    return {start + ".pem", start + ".key"};
}

struct Vendor::State {
    std::string scheme = "http";
    Poco::ThreadPool threads{2, 16};
    std::unique_ptr<Poco::Net::TCPServer> server;

    void serve(const Poco::Net::ServerSocket& socket, Handler handler) {
        auto parameters = Poco::makeAuto<Poco::Net::HTTPServerParams>();
        parameters->setMaxKeepAliveRequests(0);
        Poco::Net::HTTPRequestHandlerFactory::Ptr factory(
            std::make_unique<CallFactory>(std::move(handler)).release());
        server = std::make_unique<Poco::Net::HTTPServer>(factory, threads, socket, parameters);
        server->start();
    }
};

Vendor::Vendor(Handler handler) : state_(std::make_unique<State>()) {
    state_->serve(Poco::Net::ServerSocket(Poco::Net::SocketAddress("127.0.0.1", 0)),
                  std::move(handler));
}

Vendor::Vendor(Handler handler, const Authority::Files& certificate)
    : state_(std::make_unique<State>()) {
    state_->scheme = "https";
    Poco::Net::initializeSSL();
    const Poco::Net::Context::Ptr context = Poco::makeAuto<Poco::Net::Context>(
        Poco::Net::Context::TLS_SERVER_USE, certificate.key, certificate.certificate, "",
        Poco::Net::Context::VERIFY_NONE);
    state_->serve(
        Poco::Net::SecureServerSocket(Poco::Net::SocketAddress("127.0.0.1", 0), 64, context),
        std::move(handler));
}

Vendor::Vendor(RawHandler handler) : state_(std::make_unique<State>()) {
    Poco::Net::TCPServerConnectionFactory::Ptr factory(
        std::make_unique<RawFactory>(std::move(handler)).release());
    const Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", 0));
    state_->server = std::make_unique<Poco::Net::TCPServer>(factory, state_->threads, socket);
    state_->server->start();
}

Vendor::~Vendor() {
    state_->server->stop();
    state_->threads.stopAll();
}

int Vendor::port() const { return state_->server->port(); }

std::string Vendor::url(const std::string& path) const {
    return state_->scheme + "://localhost:" + std::to_string(port()) + path;
}

SystemAccess accessTo(const Vendor& vendor) {
    SystemAccess access;
    access.system = "crm";
    access.internal = true;
    access.hosts = {{"localhost:" + std::to_string(vendor.port()),
                     {"GET", "POST", "HEAD", "PUT", "DELETE"},
                     {"/*"},
                     {}}};
    access.pools = {{"default", 0, 0, 16, "", ""}};
    return access;
}

}  // namespace concordat::gateway::test
