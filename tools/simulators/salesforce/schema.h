// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace concordat::simulators::salesforce {

enum class Kind {
    id,
    string,
    boolean,
    email,
    phone,
    picklist,
    reference,
    dateTime,
    date,
    integer,
    number,
    address,
    textarea,
    url,
    time
};

/// Position of a field in its object. The first seven are the same in all objects.
using FieldIndex = std::uint16_t;
namespace system_field {
inline constexpr FieldIndex kId = 0, kIsDeleted = 1, kCreatedById = 2, kCreatedDate = 3,
                            kLastModifiedById = 4, kLastModifiedDate = 5, kSystemModstamp = 6,
                            kCount = 7;
}

/// One field with the flags that describe gives.
struct Field {
    std::string name, type;
    Kind kind = Kind::string;
    bool createable = false, updateable = false, nillable = false, defaulted = false;
    bool restricted = false, idLookup = false, autoNumber = false;
    bool required = false;  ///< an insert without it is refused
    bool externalId = false, unique = false, indexed = false;
    std::size_t length = 0;  ///< longest text in characters; 0: not a text
    std::vector<std::string> refersTo, picklist;
    std::string relationship;  ///< eg: "Individual" for IndividualId; empty when none
};

/// One object with its fields.
class ObjectType {
 public:
    ObjectType(std::string name, std::string prefix, std::string_view fields);

    const std::string& name() const { return name_; }
    const std::string& prefix() const { return prefix_; }
    const std::vector<Field>& fields() const { return fields_; }
    /// Position by name regardless of case; -1 when there is none.
    int find(std::string_view name) const;
    /// Position by relationship name regardless of case; -1 when there is none.
    int findRelationship(std::string_view name) const;
    /// Position of a field that is known to be there. Throws std::out_of_range when it is not.
    FieldIndex at(std::string_view name) const;
    bool mergeable() const { return name_ == "Contact" || name_ == "Lead" || name_ == "Account"; }

 private:
    void add(Field field);

    std::string name_, prefix_;
    std::vector<Field> fields_;
    std::unordered_map<std::string, int> byName_, byRelationship_;
};

/// All objects of the org. The order gives each its place in the database.
const std::vector<ObjectType>& schema();
/// Place of an object by name regardless of case; -1 when there is none.
int findObject(std::string_view name);
/// Place of the object with an id's key prefix; -1 when there is none.
int findPrefix(std::string_view id);

}  // namespace concordat::simulators::salesforce
