#ifndef BIOTOPE_SIM_SCENARIO_TEXT_PARSER_H_
#define BIOTOPE_SIM_SCENARIO_TEXT_PARSER_H_

#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <optional>

#include "sim/scenario/diagnostic.h"
#include "sim/scenario/source_text.h"

namespace biotope {

// Largest text that is read: a scenario is written by hand or by a small script.
inline constexpr size_t kLargestText = size_t{1} << 20;

// Reads protobuf text into `message`, which must be empty. `locations` (may be null) receives the
// place of every field. Returns the mistake that ended the reading, if there was one: with the
// caret under the very word, the allowed names, and the name that was probably meant.
std::optional<Diagnostic> ParseText(const SourceText& source, google::protobuf::Message* message,
                                    google::protobuf::TextFormat::ParseInfoTree* locations);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_TEXT_PARSER_H_
