// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <memory>
#include <unordered_set>

#include <libpsl.h>

#include "hub/manifest/references.h"

namespace concordat::manifest {

namespace {

// Debian's package `publicsuffix`; libpsl itself cannot list its entries.
constexpr const char* kSuffixList = "/usr/share/publicsuffix/public_suffix_list.dat";

struct PslFree {
    void operator()(psl_ctx_t* psl) const { psl_free(psl); }
};

/// The Public Suffix List, and the names that entries of it end in. Read when the first wildcard
/// asks, and again in every load, since the system may bring a newer one.
class Suffixes {
 public:
    /// What is wrong with "*." + name; empty if nothing is.
    std::string refusal(const std::string& name) {
        if (!read())
            return "the Public Suffix List cannot be read: install the package publicsuffix";
        if (psl_is_public_suffix(psl_.get(), name.c_str()) == 1 || parents_.contains(name))
            return "'*." + name + "' reaches other people's hosts, since '" + name +
                   "' is shared by many tenants (Public Suffix List): write the exact host names";
        return "";
    }

 private:
    bool read() {
        if (psl_) return true;
        std::ifstream file(kSuffixList);
        if (!file) return false;
        for (std::string line; std::getline(file, line);) {
            if (line.empty() || line.rfind("//", 0) == 0) continue;
            for (auto dot = line.find('.'); dot != std::string::npos; dot = line.find('.', dot + 1))
                parents_.insert(line.substr(dot + 1));
        }
        psl_.reset(psl_latest(nullptr));
        return psl_ != nullptr;
    }

    std::unique_ptr<psl_ctx_t, PslFree> psl_;
    std::unordered_set<std::string> parents_;
};

bool isHostName(const std::string& name) {
    if (name.empty() || name.size() > 253 || name.front() == '.' || name.back() == '.')
        return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
}

class HostCheck {
 public:
    HostCheck(const Model& model, std::vector<Problem>& problems)
        : model_(model), problems_(problems) {}

    void check(const std::vector<Host>& hosts) {
        for (const Host& host : hosts) {
            const std::string message = refusal(host);
            if (!message.empty())
                problems_.push_back({model_.files[host.at.file], static_cast<int>(host.at.line),
                                     static_cast<int>(host.at.column), message});
        }
    }

 private:
    std::string refusal(const Host& host) {
        const bool wildcard = host.name.rfind("*.", 0) == 0;
        const std::string name = wildcard ? host.name.substr(2) : host.name;
        if (!isHostName(name))
            return "'" + host.name +
                   "' is no host name: write a name in lower case such as api.example.com, without "
                   "scheme, port or path";
        return wildcard ? suffixes_.refusal(name) : "";
    }

    const Model& model_;
    std::vector<Problem>& problems_;
    Suffixes suffixes_;
};

}  // namespace

void checkHosts(const Model& model, std::vector<Problem>& problems) {
    HostCheck check(model, problems);
    for (const Party& party : model.parties) check.check(party.hosts);
    for (const ConnectorManifest& connector : model.connectors) check.check(connector.hosts);
    for (const System& system : model.systems) check.check(system.hosts);
    for (const Flow* flow : flowsOf(model)) check.check(flow->hosts);
}

}  // namespace concordat::manifest
