// SPDX-License-Identifier: Apache-2.0
#include <Poco/Net/Context.h>
#include <Poco/Net/MailMessage.h>
#include <Poco/Net/MailRecipient.h>
#include <Poco/Net/SecureSMTPClientSession.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/NumberParser.h>
#include <Poco/StringTokenizer.h>

#include "hub/api/alerts.h"
#include "hub/consent/error.h"

namespace concordat::api {

namespace {

constexpr unsigned short kSubmissions = 465;  ///< TLS from the first byte
constexpr int kTimeoutSeconds = 30;

struct MailServer {
    std::string host;
    unsigned short port = 0;
};

MailServer serverOf(const AlertOptions& options) {
    const auto colon = options.mailServer.rfind(':');
    unsigned port = 0;
    if (colon == std::string::npos || colon == 0 ||
        !Poco::NumberParser::tryParseUnsigned(options.mailServer.substr(colon + 1), port) ||
        port == 0 || port > 65'535)
        throw ConfigError("alerts.mail.server must be host:port, such as smtp.example.com:587");
    return {options.mailServer.substr(0, colon), static_cast<unsigned short>(port)};
}

Poco::Net::Context::Ptr contextForTls() {
    return new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, "", "", "",
                                  Poco::Net::Context::VERIFY_STRICT, 9, true);  // Poco counts it
}

std::unique_ptr<Poco::Net::SecureSMTPClientSession> connect(const MailServer& server) {
    if (server.port != kSubmissions)
        return std::make_unique<Poco::Net::SecureSMTPClientSession>(server.host, server.port);
    const Poco::Net::SecureStreamSocket socket(Poco::Net::SocketAddress(server.host, server.port),
                                               server.host, contextForTls());
    return std::make_unique<Poco::Net::SecureSMTPClientSession>(socket);
}

void signIn(Poco::Net::SecureSMTPClientSession& session,
            const MailServer& server,
            const AlertOptions& options) {
    session.setTimeout(Poco::Timespan(kTimeoutSeconds, 0));
    session.login();
    const bool isSecret = server.port == kSubmissions || session.startTLS(contextForTls());
    const bool isHere = server.host == "localhost" || server.host.rfind("127.", 0) == 0;
    if (options.mailUser.empty()) {
        // What was said before TLS does not count behind it.
        if (isSecret && server.port != kSubmissions) session.login();
        return;
    }
    if (!isSecret && !isHere)
        throw ConfigError("the mail server offers no TLS: alerts.mail.password is not sent to it");
    session.login(Poco::Net::SMTPClientSession::AUTH_LOGIN, options.mailUser, options.mailPassword);
}

void send(const MailServer& server, const AlertOptions& options, const Alert& alert) {
    Poco::Net::MailMessage message;
    message.setSender(options.mailFrom);
    const Poco::StringTokenizer recipients(
        options.mailTo, ",",
        Poco::StringTokenizer::TOK_TRIM | Poco::StringTokenizer::TOK_IGNORE_EMPTY);
    for (const std::string& recipient : recipients)
        message.addRecipient({Poco::Net::MailRecipient::PRIMARY_RECIPIENT, recipient});
    message.setSubject(subjectOf(alert));
    message.setContentType("text/plain; charset=UTF-8");
    message.setContent(textOf(alert), Poco::Net::MailMessage::ENCODING_QUOTED_PRINTABLE);
    const auto session = connect(server);
    signIn(*session, server, options);
    session->sendMessage(message);
    session->close();
}

}  // namespace

AlertSink mailSink(const AlertOptions& options) {
    const MailServer server = serverOf(options);
    if (options.mailFrom.empty() || options.mailTo.empty())
        throw ConfigError("alerts.mail.server is set: set alerts.mail.from and alerts.mail.to too");
    return {"mail", [server, options](const Alert& alert) {
                send(server, options, alert);
                return true;
            }};
}

}  // namespace concordat::api
