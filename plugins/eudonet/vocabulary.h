// SPDX-License-Identifier: Apache-2.0
#pragma once
// How one base keeps consent: the settings, with tables and fields by number or by label. Pure, any
// thread.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "sdk/concordat/messages.h"

namespace concordat::plugins::eudonet {

/// Rows on one page at most. Source: a live base, read 2026-09 (README.md).
inline constexpr int kPageSize = 50;

enum class Layout { ContactFlags, AddressFlags, ConsentTable };

/// A field by its DescId, or by labels ("E-mail|Courriel") that MetaInfos turns into one.
struct FieldName {
    int descId = 0;
    std::string labels;
    bool required = false;  ///< a label that no field has is an error
};

/// What a flag of a slot is: ticked = refused, ticked = agreed, or a catalog of states.
enum class Polarity { OptOut, OptIn, Status };

/// A consent choice that stands in a field of the record.
struct Flag {
    std::string slot;
    Polarity polarity = Polarity::OptOut;
    FieldName field;
    std::vector<std::string> permit;  ///< DbValues, of a Status; the first is written
    std::vector<std::string> deny;
    FieldName date;
    FieldName source;
};

/// A table of people, or of their addresses.
struct People {
    std::string object;
    int tab = 0;
    int idField = 0;  ///< the field whose in-list takes FileIds
    FieldName email, mobile, phone, modified, created;
    std::map<std::string, FieldName> external;
};

/// A table with one row per person and choice.
struct Consents {
    int tab = 0;
    FieldName channel, status, date, source, key, purpose, modified;
    std::map<std::string, std::vector<std::string>>
        channels;  ///< our channel -> DbValues; the first is written
    std::vector<std::string> permit, deny;
    std::vector<std::string> purposes;  ///< rows with another purpose do not count
    bool append = false;                ///< a change is a new row
};

struct Settings {
    std::string baseUrl;
    std::string baseName;
    Layout layout = Layout::ContactFlags;
    People contact, address;
    std::vector<Flag> flags;
    Consents consents;
    std::int64_t sweepMs = 3'600'000;

    /// The table whose records carry the slots.
    const People& records() const { return layout == Layout::AddressFlags ? address : contact; }
    /// Where an address or a consent row names its person.
    int personLink() const { return contact.tab + 1; }
};

/// Throws sdk::CallError naming the setting.
Settings readSettings(const nlohmann::json& settings);

/// A name that may need a label looked up: which setting, in which table.
struct NamedField {
    std::string setting;
    int tab = 0;
    FieldName* name = nullptr;
};
std::vector<NamedField> namesOf(Settings& settings);

/// The slots that these settings map.
std::vector<sdk::SlotDescription> slotsOf(const Settings& settings);

sdk::Description describe();

}  // namespace concordat::plugins::eudonet
