#ifndef BIOTOPE_SIM_SCENARIO_SCALAR_H_
#define BIOTOPE_SIM_SCENARIO_SCALAR_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace biotope {

// Sets a scalar field from text without quotes; of a repeated field entry `index`, or a new one at
// the end (index < 0). Returns what is wrong with the text ("takes a whole number from 0 to
// 4294967295, got "x""), or "".
std::string SetScalar(google::protobuf::Message* message,
                      const google::protobuf::FieldDescriptor& field, std::string_view text,
                      int index = -1);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_SCALAR_H_
