#include "sim/scenario/profile.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "sim/core/error.h"
#include "sim/scenario/quote.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/suggest.h"
#include "sim/scenario/text_parser.h"

namespace biotope {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::TextFormat;

constexpr std::string_view kExtension = ".textproto";
constexpr std::string_view kProfileField = "profile";

// The profile that `message` names, or "".
std::string ProfileName(const Message& message) {
  const FieldDescriptor* field =
      message.GetDescriptor()->FindFieldByName(std::string(kProfileField));
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

// A profile as it was read: a message of the type that it is for, and where its fields are written.
struct ParsedProfile {
  std::unique_ptr<Message> message;
  SourceMap origins;
};

ParsedProfile Read(const InputFile& file, const Message& prototype, const std::string& path) {
  const auto text = std::make_shared<const SourceText>(SourceText::File(file.path, file.contents));
  ParsedProfile profile{std::unique_ptr<Message>(prototype.New()), {}};
  TextFormat::ParseInfoTree locations;
  std::optional<Diagnostic> error = ParseText(*text, profile.message.get(), &locations);
  if (!error && !ProfileName(*profile.message).empty()) {
    error = Diagnostic{text->Where(0), "a profile cannot name a profile", "", {}};
  }
  if (error) throw ScenarioError(Render({*error}));
  profile.origins.AddParsed(*profile.message, locations, text, path);
  return profile;
}

// Whether `message` has chosen another arm of the oneof that `field` belongs to.
bool HasOtherArm(const Message& message, const FieldDescriptor& field) {
  if (!IsArm(field)) return false;
  const FieldDescriptor* arm =
      message.GetReflection()->GetOneofFieldDescriptor(message, field.containing_oneof());
  return arm != nullptr && arm != &field;
}

// Copies a scalar field, or all of a repeated one, by way of a message that has nothing else.
void CopyField(const Message& from, const FieldDescriptor& field, Message* to) {
  const std::unique_ptr<Message> only(from.New());
  only->CopyFrom(from);
  std::vector<const FieldDescriptor*> fields;
  only->GetReflection()->ListFields(*only, &fields);
  for (const FieldDescriptor* other : fields) {
    if (other != &field) only->GetReflection()->ClearField(only.get(), other);
  }
  to->MergeFrom(*only);
}

}  // namespace

std::vector<ProfileFile> ListProfiles(const ProfileSource& source) {
  std::vector<ProfileFile> profiles;
  for (InputFile& file : source.Files()) {
    if (!file.path.ends_with(kExtension)) continue;
    const size_t name = file.path.rfind('/') + 1;
    const size_t folder = name < 2 ? 0 : file.path.rfind('/', name - 2) + 1;
    if (name == 0) continue;
    profiles.push_back({file.path.substr(folder, name - 1 - folder),
                        file.path.substr(name, file.path.size() - name - kExtension.size()),
                        std::move(file)});
  }
  return profiles;
}

void ProfileMerger::Merge(Message* message, SourceMap* origins) { Visit(message, "", origins); }

void ProfileMerger::Visit(Message* message, const std::string& path, SourceMap* origins) {
  const std::string name = ProfileName(*message);
  if (!ProfilesOf(*message->GetDescriptor()).empty() && !name.empty()) {
    MergeNamed(name, message, path, origins);
  }
  const Reflection& reflection = *message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    // No repeated message has a profile.
    if (!IsMessage(*field) || field->is_repeated()) continue;
    Visit(reflection.MutableMessage(message, field), JoinPath(path, field->name()), origins);
  }
}

const ProfileFile* ProfileMerger::Find(const std::string& folder, const std::string& name) const {
  const auto found = std::find_if(
      profiles_.begin(), profiles_.end(),
      [&](const ProfileFile& profile) { return profile.folder == folder && profile.name == name; });
  return found == profiles_.end() ? nullptr : &*found;
}

void ProfileMerger::MergeNamed(const std::string& name, Message* message, const std::string& path,
                               SourceMap* origins) {
  const std::string folder = ProfilesOf(*message->GetDescriptor());
  const ProfileFile* profile = Find(folder, name);
  if (profile == nullptr) {
    std::vector<std::string> names;
    for (const ProfileFile& other : profiles_) {
      if (other.folder == folder) names.push_back(other.name);
    }
    const std::string field = JoinPath(path, kProfileField);
    problems_.push_back(
        {field,
         fmt::format("{}: there is no profile {}{}", field, Quote(name), DidYouMean(name, names)),
         {names.empty() ? "there are no such profiles"
                        : fmt::format("profiles: {}", JoinWords(names))}});
    incomplete_.push_back(path);
    return;
  }
  ParsedProfile parsed = Read(profile->file, *message, path);
  used_.push_back(profile->file);
  for (const std::string& dropped : MergeFields(*parsed.message, path, message, origins)) {
    parsed.origins.Extract(dropped, dropped);
  }
  origins->Merge(parsed.origins);
}

std::vector<std::string> ProfileMerger::MergeFields(const Message& profile, const std::string& path,
                                                    Message* message, SourceMap* origins) {
  std::vector<std::string> dropped;
  const Reflection& reflection = *message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(profile, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string field_path = JoinPath(path, field->name());
    const bool given = field->is_repeated() ? reflection.FieldSize(*message, field) > 0
                                            : reflection.HasField(*message, field);
    if (HasOtherArm(*message, *field)) {
      dropped.push_back(field_path);
    } else if (field->is_repeated() && !RuleOf(*field).key().empty()) {
      MergeByKey(profile, *field, field_path, message, origins);
    } else if (!field->is_repeated() && IsMessage(*field)) {
      const std::vector<std::string> below =
          MergeFields(reflection.GetMessage(profile, field), field_path,
                      reflection.MutableMessage(message, field), origins);
      dropped.insert(dropped.end(), below.begin(), below.end());
    } else if (given) {
      dropped.push_back(field_path);
    } else {
      CopyField(profile, *field, message);
    }
  }
  return dropped;
}

// The result has the profile's entries in their order, each overridden by the entry of `message`
// with the same key, and then those of `message` whose key the profile does not have.
void ProfileMerger::MergeByKey(const Message& profile, const FieldDescriptor& field,
                               const std::string& path, Message* message, SourceMap* origins) {
  const Reflection& reflection = *message->GetReflection();
  const FieldDescriptor& key = *field.message_type()->FindFieldByName(RuleOf(field).key());
  const std::unique_ptr<Message> own(message->New());
  own->CopyFrom(*message);
  const int own_count = reflection.FieldSize(*own, &field);
  const int profile_count = reflection.FieldSize(profile, &field);
  reflection.ClearField(message, &field);
  CopyField(profile, field, message);

  std::vector<std::string> keys;
  for (int i = 0; i < profile_count; ++i) {
    keys.push_back(ScalarText(reflection.GetRepeatedMessage(profile, &field, i), key));
  }
  SourceMap moved;
  std::set<size_t> overridden;
  for (int i = 0; i < own_count; ++i) {
    const Message& entry = reflection.GetRepeatedMessage(*own, &field, i);
    const std::string name = ScalarText(entry, key);
    const auto found = std::find(keys.begin(), keys.end(), name);
    auto index = static_cast<size_t>(found - keys.begin());
    if (found != keys.end() && overridden.insert(index).second) {
      // Field by field, as everywhere: a list of the entry replaces that of the profile.
      Message* merged = reflection.MutableRepeatedMessage(message, &field, static_cast<int>(index));
      const std::unique_ptr<Message> base(merged->New());
      base->CopyFrom(*merged);
      merged->CopyFrom(entry);
      MergeFields(*base, IndexPath(path, static_cast<int>(index)), merged, origins);
    } else {
      index = static_cast<size_t>(reflection.FieldSize(*message, &field));
      reflection.AddMessage(message, &field)->CopyFrom(entry);
    }
    const std::string new_path = IndexPath(path, static_cast<int>(index));
    moved.Merge(origins->Extract(IndexPath(path, i), new_path));
    if (found == keys.end() && !name.empty()) {
      const std::string key_path = JoinPath(new_path, key.name());
      problems_.push_back({key_path,
                           fmt::format("{}: the profile has no {} {}{}", key_path, key.name(),
                                       Quote(name), DidYouMean(name, keys)),
                           {}});
    }
  }
  origins->Merge(moved);
}

}  // namespace biotope
