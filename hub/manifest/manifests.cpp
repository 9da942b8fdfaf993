// SPDX-License-Identifier: Apache-2.0
#include "hub/manifest/manifests.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "hub/manifest/loader.h"
#include "hub/manifest/references.h"

namespace concordat::manifest {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> yamlFiles(const std::string& folder, std::vector<Problem>& problems) {
    std::vector<std::string> files;
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error))
        if (it->path().extension() == ".yaml" || it->path().extension() == ".yml")
            files.push_back(it->path().string());
    if (error)
        problems.push_back({folder, 0, 0,
                            "cannot be listed (" + error.message() +
                                "): check that the folder exists and may be read"});
    std::sort(files.begin(), files.end());
    return files;
}

/// What a folder may hold together; one file is bounded by parse().
constexpr std::uintmax_t kLargestFolder = 64U << 20U;

/// The well-formed files of a folder; each that is not is a problem.
void parseFolder(const std::string& folder, bool shipped, Manifests& all, std::vector<Parsed>& to) {
    std::uintmax_t total = 0;
    for (const std::string& file : yamlFiles(folder, all.problems)) {
        std::error_code error;
        const auto size = fs::file_size(file, error);
        total += error ? 0 : size;
        if (total > kLargestFolder) {
            all.problems.push_back({file, 0, 0,
                                    "the folder holds more than 64 MiB of manifests: this and the "
                                    "following files are not read"});
            return;
        }
        auto [root, problems] = load(file);
        all.problems.insert(all.problems.end(), problems.begin(), problems.end());
        if (problems.empty()) to.push_back({file, std::move(root), shipped});
    }
}

std::vector<Parsed> parseAll(const std::string& vocabularyFolder,
                             const std::string& folder,
                             Manifests& all) {
    std::vector<Parsed> files;
    parseFolder(vocabularyFolder, true, all, files);
    const fs::path named(vocabularyFolder);
    const fs::path shipped = (named.has_filename() ? named : named.parent_path()).parent_path();
    for (const char* name : {"parties", "connectors"})
        if (fs::is_directory(shipped / name))
            parseFolder((shipped / name).string(), true, all, files);
    parseFolder(folder, false, all, files);
    return files;
}

bool isOrganisation(const Parsed& parsed) {
    const std::string kind = kindOf(parsed.root);
    return kind == "company" || kind == "organisation";
}

void readAll(const std::vector<Parsed>& files, Manifests& all) {
    Loader loader(all);
    for (const Parsed& parsed : files)
        if (kindOf(parsed.root) == "vocabulary")
            readVocabulary(parsed.file, parsed.root, all.vocabulary, all.problems);
    loader.useCodes();
    for (const Parsed& parsed : files)
        if (isOrganisation(parsed)) loader.readOrganisation(parsed);
    loader.useCodes();
    for (const Parsed& parsed : files)
        if (kindOf(parsed.root) != "vocabulary" && !isOrganisation(parsed))
            loader.readOther(parsed);
}

std::vector<PurposeEntry> allPurposes(const Manifests& all) {
    std::vector<PurposeEntry> purposes = all.vocabulary.purposes;
    purposes.insert(purposes.end(), all.company.ownPurposes.begin(), all.company.ownPurposes.end());
    return purposes;
}

template <typename Entries>
std::vector<std::string> codesOf(const Entries& entries) {
    std::vector<std::string> codes;
    for (const auto& entry : entries) codes.push_back(entry.code);
    return codes;
}

/// Refuses words that the vocabulary does not have.
void checkWords(const std::string& file,
                const Node* place,
                const std::vector<std::string>& words,
                const std::vector<std::string>& known,
                const std::string& what,
                Manifests& all) {
    for (const std::string& word : words) {
        if (std::find(known.begin(), known.end(), word) != known.end()) continue;
        const auto near = nearest(word, known);
        all.problems.push_back({file, place == nullptr ? 0 : place->line,
                                place == nullptr ? 0 : place->column,
                                "unknown " + what + " '" + word + "'" +
                                    (near ? ": did you mean '" + *near + "'?" : "")});
    }
}

void checkSlots(const Integration& integration,
                const std::vector<std::string>& channels,
                Manifests& all) {
    std::vector<std::string> slotChannels = channels;
    slotChannels.push_back("any");
    std::vector<std::string> purposes = all.company.purposes;
    for (const SlotMapping& slot : integration.slots) {
        Node place;
        place.line = slot.line;
        place.column = slot.column;
        checkWords(integration.file, &place, slot.purposes, purposes,
                   "purpose (the company asks consent for)", all);
        checkWords(integration.file, &place, slot.channels, slotChannels, "channel", all);
    }
}

void checkIntegrations(Manifests& all) {
    std::vector<std::string> channels = all.company.channels;
    channels.emplace_back("none");
    for (const Integration& integration : all.integrations) checkSlots(integration, channels, all);
}

void checkPurposes(Manifests& all) {
    std::map<std::string, std::string> parents;
    for (const PurposeEntry& purpose : allPurposes(all))
        if (!parents.emplace(purpose.code, purpose.parent).second)
            all.problems.push_back({all.company.file, 0, 0,
                                    "the purpose '" + purpose.code +
                                        "' is declared twice: a choice must have one key"});
    for (const auto& [code, parent] : parents) {
        std::set<std::string> path{code};
        for (std::string at = parent; !at.empty(); at = parents.contains(at) ? parents[at] : "")
            if (!path.insert(at).second) {
                all.problems.push_back(
                    {all.company.file, 0, 0, "the purpose '" + code + "' is its own ancestor"});
                break;
            }
        if (!parent.empty() && !parents.contains(parent))
            all.problems.push_back(
                {all.company.file, 0, 0,
                 "the purpose '" + code + "' has an unknown parent '" + parent + "'"});
    }
}

consent::Purpose purposeOf(const PurposeEntry& entry) {
    consent::Purpose purpose;
    purpose.code = entry.code;
    purpose.parent = entry.parent;
    purpose.directMarketing = entry.directMarketing;
    purpose.channelNone = entry.channelNone;
    purpose.version = entry.version;
    purpose.accepts = {entry.accepts.begin(), entry.accepts.end()};
    purpose.doubleOptIn = entry.doubleOptIn;
    if (entry.maximumAgeDays > 0) purpose.maximumAgeMs = entry.maximumAgeDays * 86'400'000;
    return purpose;
}

/// Hash of everything the answers depend on, so that a changed vocabulary is a new policy version.
std::string versionOf(const Manifests& all) {
    std::string text;
    for (const PurposeEntry& p : allPurposes(all))
        text += p.code + '|' + p.parent + '|' + p.version + '|' + std::to_string(p.maximumAgeDays) +
                (p.directMarketing ? "m" : "") + (p.doubleOptIn ? "d" : "") + ';';
    for (const Controller& c : all.company.controllers)
        text += c.id + '|' + c.spread + '|' + c.group + ';';
    std::uint64_t hash = 1469598103934665603ULL;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return std::to_string(hash);
}

}  // namespace

Manifests read(const std::string& vocabularyFolder, const std::string& folder) {
    Manifests all;
    all.vocabularies = readVocabularies(vocabularyFolder, all.problems);
    const auto files = parseAll(vocabularyFolder, folder, all);
    const bool wellFormed = all.problems.empty();
    readAll(files, all);
    // Where a file could not be read at all, what it names would only seem to be missing.
    if (wellFormed && !all.company.file.empty()) {
        checkReferences(all.model, all.problems);
        checkChains(all.model, all.problems);
        checkHosts(all.model, all.problems);
    }
    if (all.company.file.empty() && all.problems.empty())
        all.problems.push_back(
            {folder, 0, 0,
             "no manifest of kind company: add company.yaml (concordat init writes one)"});
    if (!all.problems.empty()) return all;
    checkPurposes(all);
    checkWords(all.company.file, nullptr, all.company.purposes, codesOf(allPurposes(all)),
               "purpose", all);
    checkWords(all.company.file, nullptr, all.company.channels, codesOf(all.vocabulary.channels),
               "channel", all);
    checkIntegrations(all);
    return all;
}

consent::Policy policyOf(const Manifests& manifests) {
    consent::Policy policy;
    policy.version = versionOf(manifests);
    const auto& wanted = manifests.company.purposes;
    const auto entries = allPurposes(manifests);
    for (const PurposeEntry& entry : entries)
        if (std::find(wanted.begin(), wanted.end(), entry.code) != wanted.end())
            policy.purposes[entry.code] = purposeOf(entry);
    policy.channels = {manifests.company.channels.begin(), manifests.company.channels.end()};
    for (const Controller& controller : manifests.company.controllers)
        policy.scopes[controller.id] = {
            controller.id,
            controller.spread == "group" ? consent::Spread::Group : consent::Spread::Own,
            controller.group};
    for (const Scope& scope : manifests.company.scopes)
        policy.scopes[scope.id] = {
            scope.id, scope.spread == "group" ? consent::Spread::Group : consent::Spread::Own,
            scope.group};
    policy.notices = {manifests.company.notices.begin(), manifests.company.notices.end()};
    return policy;
}

}  // namespace concordat::manifest
