#include "sim/scenario/source_map.h"

#include <google/protobuf/descriptor.h>

#include <utility>
#include <vector>

#include "sim/scenario/schema.h"

namespace biotope {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::TextFormat;

// Whether `path` is `ancestor` or lies below it.
bool IsBelow(std::string_view path, std::string_view ancestor) {
  if (!path.starts_with(ancestor)) return false;
  if (path.size() == ancestor.size() || ancestor.empty()) return true;
  return path[ancestor.size()] == '.' || path[ancestor.size()] == '[';
}

// "a.b" of "a.b[3]" and of "a.b.c"; "" of "a".
std::string_view Parent(std::string_view path) {
  const size_t cut = path.find_last_of(".[");
  return cut == std::string_view::npos ? std::string_view() : path.substr(0, cut);
}

// The name of the field alone: protobuf's range reaches to the end of the value.
Span NameAt(const SourceText& source, TextFormat::ParseLocation location) {
  const size_t offset = source.Offset(location.line, location.column);
  const std::string_view text = source.contents();
  size_t end = offset;
  const auto in_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  while (end < text.size() && in_name(text[end])) ++end;
  return {offset, end - offset};
}

}  // namespace

void SourceMap::AddParsed(const Message& message, const TextFormat::ParseInfoTree& locations,
                          const std::shared_ptr<const SourceText>& source,
                          const std::string& prefix) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string path = JoinPath(prefix, field->name());
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const std::string item = field->is_repeated() ? IndexPath(path, i) : path;
      const int index = field->is_repeated() ? i : -1;
      const TextFormat::ParseLocation location = locations.GetLocation(field, index);
      if (location.line >= 0) {
        const Origin origin{source, NameAt(*source, location)};
        origins_.emplace(item, origin);
        // For the field as a whole, and for the entries of a list [a, b], which share one place.
        if (field->is_repeated()) origins_.emplace(path, origin);
      }
      const TextFormat::ParseInfoTree* nested =
          IsMessage(*field) ? locations.GetTreeForNested(field, index) : nullptr;
      if (nested == nullptr) continue;
      AddParsed(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                     : reflection.GetMessage(message, field),
                *nested, source, item);
    }
  }
}

void SourceMap::Replace(const std::string& path, const Origin& origin) {
  Extract(path, path);
  origins_[path] = origin;
}

void SourceMap::AddIfAbsent(const std::string& path, const Origin& origin) {
  origins_.emplace(path, origin);
}

SourceMap SourceMap::Extract(const std::string& path, const std::string& new_path) {
  SourceMap result;
  // In between lie only paths that have `path` as a prefix of their text.
  for (auto it = origins_.lower_bound(path); it != origins_.end() && it->first.starts_with(path);) {
    if (!IsBelow(it->first, path)) {
      ++it;
      continue;
    }
    result.origins_.emplace(new_path + it->first.substr(path.size()), std::move(it->second));
    it = origins_.erase(it);
  }
  return result;
}

void SourceMap::Merge(const SourceMap& other) {
  for (const auto& [path, origin] : other.origins_) origins_.emplace(path, origin);
}

const SourceMap::Origin* SourceMap::Find(std::string_view path) const {
  for (std::string_view at = path; !at.empty(); at = Parent(at)) {
    const auto found = origins_.find(at);
    if (found != origins_.end()) return &found->second;
  }
  return nullptr;
}

}  // namespace biotope
