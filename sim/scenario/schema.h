#ifndef BIOTOPE_SIM_SCENARIO_SCHEMA_H_
#define BIOTOPE_SIM_SCENARIO_SCHEMA_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <vector>

#include "configs/schema/rule.pb.h"

namespace biotope {

// Questions about the language that its descriptors answer.

// The rule written beside a field in its .proto file; empty if there is none.
const schema::Rule& RuleOf(const google::protobuf::FieldDescriptor& field);

// Whether one arm of `oneof` must be given.
bool IsRequired(const google::protobuf::OneofDescriptor& oneof);

// The folder of shipped profiles of a message ("kernels"), or "" if it has none.
std::string ProfilesOf(const google::protobuf::Descriptor& message);

// Names of the fields of a message, in the order of the .proto file.
std::vector<std::string> FieldNames(const google::protobuf::Descriptor& message);

// Names of the arms of a oneof.
std::vector<std::string> ArmNames(const google::protobuf::OneofDescriptor& oneof);

// Names of the values that a user may choose: all but the unspecified one.
std::vector<std::string> ValueNames(const google::protobuf::EnumDescriptor& enumeration);

// What a value of `field` looks like: "a whole number from 0 to 4294967295", "a text in quotes".
std::string DescribeType(const google::protobuf::FieldDescriptor& field);

bool IsMessage(const google::protobuf::FieldDescriptor& field);

// Whether `field` belongs to a oneof that was written as such (an `optional` field does not).
bool IsArm(const google::protobuf::FieldDescriptor& field);

// The oneof of the I/O schedulers and the like that a message consists of, or null.
const google::protobuf::OneofDescriptor* OnlyOneof(const google::protobuf::Descriptor& message);

// The paths below `root` ("process.fio.iodepth") whose last component is `name`.
std::vector<std::string> PathsOfField(const google::protobuf::Descriptor& root,
                                      std::string_view name);

// Every path below `root`, in the order of the .proto files.
std::vector<std::string> AllPaths(const google::protobuf::Descriptor& root);

// "a.b" from "a" and "b", "b" from "" and "b"; "a[3]" from "a" and 3.
std::string JoinPath(std::string_view path, std::string_view field);
std::string IndexPath(std::string_view path, int index);

// The value of a singular or repeated (index >= 0) scalar field, as a user would write it without
// quotes.
std::string ScalarText(const google::protobuf::Message& message,
                       const google::protobuf::FieldDescriptor& field, int index = -1);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_SCHEMA_H_
