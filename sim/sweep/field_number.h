#ifndef BIOTOPE_SIM_SWEEP_FIELD_NUMBER_H_
#define BIOTOPE_SIM_SWEEP_FIELD_NUMBER_H_

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>

#include "sim/scenario/problem.h"

namespace biotope {

// The numbers of a field, in the notation of scenarios: whole ones, "4k", "10ms", or with a
// fraction.
class FieldNumber {
 public:
  // `field` of a scenario, or null. Throws ScenarioError if it holds no number.
  explicit FieldNumber(const google::protobuf::FieldDescriptor* field);

  // Whole numbers: bytes of a size, picoseconds of a time.
  bool is_whole() const { return kind_ != Kind::kReal; }

  // Throws ScenarioError if `text` is not in the field's notation.
  long double Parse(std::string_view text) const;
  // As a scenario says it: with the largest unit that leaves a whole number. Numbers with a
  // fraction have 12 digits.
  std::string Text(long double number) const;
  // As a table of results says it: bytes, seconds or microseconds (as the field's bare number
  // means), without a unit.
  std::string Plain(std::string_view text) const;

 private:
  enum class Kind { kUnsigned, kSigned, kReal, kSize, kSignedSize, kTimeS, kTimeUs };
  static Kind KindOf(const google::protobuf::FieldDescriptor* field);

  Kind kind_;
};

// Whether FieldNumber can be made of `field`.
bool HoldsNumber(const google::protobuf::FieldDescriptor* field);

// The field of a scenario that a path leads to; the entries that it chooses do not matter. Null if
// there is none; then `problem`, if given, receives why.
const google::protobuf::FieldDescriptor* FieldOfPath(std::string_view path,
                                                     Problem* problem = nullptr);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_FIELD_NUMBER_H_
