// SPDX-License-Identifier: Apache-2.0
#include "hub/gateway/verdict.h"

#include "hub/gateway/limits.h"

namespace concordat::gateway {

namespace {

bool isRedirectStatus(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string sentenceFor(ReplyClass kind, int status) {
    const std::string code = " (status " + std::to_string(status) + ")";
    switch (kind) {
        case ReplyClass::Ok:
            return "";
        case ReplyClass::Auth:
            return "the vendor refused the credentials" + code;
        case ReplyClass::RateLimited:
            return "the vendor's limit is reached" + code;
        case ReplyClass::Transient:
            return "the vendor could not answer now" + code;
        case ReplyClass::NotFound:
            return "the vendor has nothing at this address" + code;
        case ReplyClass::Conflict:
            return "the request conflicts with the vendor's present state" + code;
        case ReplyClass::Permanent:
            return "the vendor refused the request" + code;
        case ReplyClass::Cancelled:
            return "the request was cancelled";
    }
    return "";
}

Verdict unanswered(WireReply wire) {
    Verdict out;
    const bool isFinal = wire.end == WireEnd::Refused || wire.end == WireEnd::Untrusted ||
                         wire.end == WireEnd::TooLarge;
    out.reply =
        ownReply(isFinal ? ReplyClass::Permanent : ReplyClass::Transient, std::move(wire.error));
    out.reply.maybeSent = wire.sent;
    out.vendorFailed = wire.end != WireEnd::TooLarge && wire.end != WireEnd::Aborted;
    out.vendorIsBusy = wire.end == WireEnd::TimedOut;
    return out;
}

void applyRule(Verdict& verdict, const ReplyRule& rule) {
    verdict.reply.kind = rule.as;
    verdict.tokenExpired = rule.meaning == ReplyMeaning::TokenExpired;
    verdict.reply.retryAfter = std::max(verdict.reply.retryAfter, rule.retryAfter);
}

void readRetry(Verdict& verdict, SystemTime now) {
    const auto it = verdict.reply.headers.find("retry-after");
    if (it == verdict.reply.headers.end()) return;
    verdict.reply.retryAfter = readRetryAfter(it->second, now).value_or(Milliseconds(0));
}

void classify(Verdict& verdict, const AuthTemplate& auth, const Request& request) {
    Reply& reply = verdict.reply;
    reply.kind = classOf(reply.status);
    reply.error = sentenceFor(reply.kind, reply.status);
    if (const ReplyRule* rule = findRule(auth.replies, reply.status, reply.body)) {
        applyRule(verdict, *rule);
        reply.error = sentenceFor(reply.kind, reply.status);
    } else if (isRedirectStatus(reply.status) && reply.headers.contains("location")) {
        verdict.isRedirect = true;
        reply.error =
            "the vendor sends the request elsewhere (status " + std::to_string(reply.status) + ")";
    } else if (reply.kind == ReplyClass::Auth) {
        verdict.tokenExpired = true;
    } else if (reply.kind == ReplyClass::Ok &&
               isUnexpectedPage(request.headers, reply.headers, reply.body)) {
        reply.kind = ReplyClass::Transient;
        reply.error = "the vendor answered with a web page where JSON was asked for (status " +
                      std::to_string(reply.status) + "): a maintenance or sign-in page";
    }
}

}  // namespace

bool isSafe(const std::string& method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

Reply ownReply(ReplyClass kind, std::string error) {
    Reply out;
    out.kind = kind;
    out.error = std::move(error);
    return out;
}

Verdict judge(const AuthTemplate& auth, const Request& request, WireReply wire, SystemTime now) {
    if (wire.end != WireEnd::Answered) return unanswered(std::move(wire));
    Verdict out;
    out.reply.status = wire.status;
    out.reply.headers = std::move(wire.headers);
    out.reply.body = std::move(wire.body);
    readRetry(out, now);
    classify(out, auth, request);
    const ReplyClass kind = out.reply.kind;
    // A 5xx to a write may come from a proxy in front of a server that did it.
    out.reply.maybeSent = kind == ReplyClass::Transient && !isSafe(request.method);
    out.vendorIsBusy = kind == ReplyClass::RateLimited || wire.status == 503;
    out.vendorFailed = kind == ReplyClass::Transient;
    out.vendorAnswered =
        !out.vendorFailed && kind != ReplyClass::RateLimited && kind != ReplyClass::Auth;
    return out;
}

}  // namespace concordat::gateway
