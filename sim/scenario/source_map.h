#ifndef BIOTOPE_SIM_SCENARIO_SOURCE_MAP_H_
#define BIOTOPE_SIM_SCENARIO_SOURCE_MAP_H_

#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "sim/scenario/source_text.h"

namespace biotope {

// Where each field of a message was written. Fields are named by path: "process[0].fio.bs".
class SourceMap {
 public:
  struct Origin {
    std::shared_ptr<const SourceText> source;
    Span span;
  };

  // Notes the places of all fields of `message`, as protobuf's reader has recorded them. The paths
  // begin with `prefix`.
  void AddParsed(const google::protobuf::Message& message,
                 const google::protobuf::TextFormat::ParseInfoTree& locations,
                 const std::shared_ptr<const SourceText>& source, const std::string& prefix = "");

  // `path` and all that lies below it were written at `origin`.
  void Replace(const std::string& path, const Origin& origin);

  // Notes the place of `path` alone, if it has none yet.
  void AddIfAbsent(const std::string& path, const Origin& origin);

  // Takes out `path` and all that lies below it; the paths of the result begin with `new_path`
  // instead.
  SourceMap Extract(const std::string& path, const std::string& new_path);

  // Takes over the places of `other` for paths that have none yet.
  void Merge(const SourceMap& other);

  // The place of `path`, or, if it was not written, of what surrounds it; null for the whole text.
  const Origin* Find(std::string_view path) const;

 private:
  std::map<std::string, Origin, std::less<>> origins_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_SOURCE_MAP_H_
