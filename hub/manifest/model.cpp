// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/model.h"

#include <algorithm>

namespace concordat::manifest {

namespace {

template <typename T>
const T* byId(const std::vector<T>& all, const std::string& id) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const T& one) { return one.id == id; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

const Party* Model::party(const std::string& id) const { return byId(parties, id); }

const System* Model::system(const std::string& id) const {
    return id == "hub" && hub ? &*hub : byId(systems, id);
}

const Activity* Model::activity(const std::string& id) const { return byId(activities, id); }

const ConnectorManifest* Model::connector(const std::string& id) const {
    return byId(connectors, id);
}

const Controller* Model::controller(const std::string& id) const {
    return byId(organisation.controllers, id);
}

std::vector<std::string> Model::controllersOf(const std::string& scope) const {
    if (controller(scope) != nullptr) return {scope};
    const Scope* found = byId(organisation.scopes, scope);
    return found == nullptr ? std::vector<std::string>{} : found->controllers;
}

std::string Model::where(const Position& at) const {
    const std::string file = at.file < files.size() ? files[at.file] : "";
    if (at.line == 0) return file;
    return file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

ExporterLaw lawOf(const std::string& country, const Vocabularies& vocabularies) {
    if (country == "GB") return ExporterLaw::Uk;
    if (country == "CH") return ExporterLaw::Switzerland;
    const Country* found = vocabularies.country(country);
    if (found == nullptr || !found->inEea) return ExporterLaw::Other;
    return found->inEu ? ExporterLaw::EuGdpr : ExporterLaw::EeaEfta;
}

}  // namespace concordat::manifest
