// SPDX-License-Identifier: Apache-2.0
#pragma once
// Incidents told to people outside: by mail, by a webhook of the company's own.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "hub/store/store.h"

namespace concordat::api {

/// `webhook`: whether postAlert is to be used. Mail is sent if `mailServer` ("host:port") is set,
/// with TLS where the server offers it; user and password only with TLS, or on this machine.
struct AlertOptions {
    bool webhook = false;
    std::string mailServer;
    std::string mailFrom;
    std::string mailTo;  ///< several: with commas
    std::string mailUser;
    std::string mailPassword;
};

/// One message: an incident that began, or one that was resolved. Names nobody.
struct Alert {
    store::Incident incident;
    bool resolved = false;
};

/// One line, and a few.
std::string subjectOf(const Alert& alert);
std::string textOf(const Alert& alert);
std::string jsonOf(const Alert& alert);

/// Where alerts go. `send` says whether it was delivered; it may throw an Error instead.
struct AlertSink {
    std::string name;
    std::function<bool(const Alert&)> send;
};

/// Sends by SMTP. Throws ConfigError if the options cannot be used, from its `send` Poco's
/// exceptions.
AlertSink mailSink(const AlertOptions& options);

/// Tells each incident once when it began and once when it ended, at least once over crashes. What
/// was told is kept in the store. [any]
class Alerts {
 public:
    /// With a thread, if there is any sink.
    Alerts(store::Store& store,
           const AlertOptions& options,
           const std::function<bool(const std::string&)>& post);
    /// Without a thread: whoever made it calls look().
    Alerts(store::Store& store, std::vector<AlertSink> sinks);
    ~Alerts();
    Alerts(const Alerts&) = delete;
    Alerts& operator=(const Alerts&) = delete;

    /// Looks once, as the thread does every few seconds; false if some sink did not take all.
    bool look();

 private:
    void run(const std::stop_token& stop);
    bool tell(const AlertSink& sink);
    bool tellOne(const AlertSink& sink, const Alert& alert);
    std::vector<store::Incident> begun(const std::string& cursor);

    store::Store& store_;
    const std::vector<AlertSink> sinks_;
    std::mutex mutex_;  // guards one look at a time
    std::mutex waiting_;
    std::condition_variable_any wake_;
    std::jthread thread_;
};

}  // namespace concordat::api
