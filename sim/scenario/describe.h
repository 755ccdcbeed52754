#ifndef BIOTOPE_SIM_SCENARIO_DESCRIBE_H_
#define BIOTOPE_SIM_SCENARIO_DESCRIBE_H_

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>

namespace biotope {

// The documentation of the scenario language: the comments and rules of its .proto files.
class SchemaDocs {
 public:
  // `descriptor_set` is a serialized FileDescriptorSet with source info (protoc
  // --include_source_info
  // --include_imports --descriptor_set_out), `root` the message that paths begin in.
  explicit SchemaDocs(std::string_view descriptor_set,
                      const std::string& root = "biotope.Scenario");

  // What `path` ("block_device.queue.nr_requests") means: type, comment, default, allowed values,
  // fields. Indices ("process[0].fio") are ignored; "" is the scenario itself; a bare name such as
  // "iodepth" describes every field of that name. Throws Error (usage) for an unknown path.
  std::string Describe(std::string_view path) const;

 private:
  std::string DescribeField(const std::string& path,
                            const google::protobuf::FieldDescriptor& field) const;
  const google::protobuf::FieldDescriptor* Find(const std::string& path) const;

  google::protobuf::DescriptorPool pool_;
  const google::protobuf::Descriptor* root_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_DESCRIBE_H_
