#ifndef BIOTOPE_SIM_SCENARIO_SET_FIELD_H_
#define BIOTOPE_SIM_SCENARIO_SET_FIELD_H_

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace biotope {

// Sets one field of `message`, for --set PATH=VALUE and for the axes of sweeps.
//
// A path is field names with dots. An entry of a repeated field is chosen by its index, by a field
// of its own, or made at the end: `process[0].fio.bs`, `process[name=reader].fio.bs`,
// `process[+].name`. Where entries have a key (kernel.cost: function), choosing an absent key makes
// the entry. Messages on the way are made, and the arm of a oneof is switched.
//
// A value is written as in a scenario, but without quotes. A repeated field takes a list with
// commas
// ("noop,deadline"). A message takes its text in braces, which replaces it, or the name of one of
// the arms of its oneof (`block_device.queue.scheduler=deadline`).
//
// Whether the value makes sense is for Validate to say. Returns the path with all entries as
// indices. Throws PathError, which names the wrong part; `message` is then unchanged.
std::string SetField(google::protobuf::Message& message, std::string_view path,
                     std::string_view value);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_SET_FIELD_H_
