#ifndef BIOTOPE_SIM_SCENARIO_ORDINAL_H_
#define BIOTOPE_SIM_SCENARIO_ORDINAL_H_

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace biotope {

// The value of a scalar field as something that can be compared with the limits of its rule,
// whatever its notation: a number, the bytes of "4k", the picoseconds of "10s". A text without
// order compares equal to everything.
class Ordinal {
 public:
  // Throws ScenarioError if `text` is not in the field's notation.
  static Ordinal Parse(const google::protobuf::FieldDescriptor& field, std::string_view text);

  bool operator<(const Ordinal& other) const;
  bool IsPowerOfTwo() const;
  bool IsFinite() const;

 private:
  using Value = std::variant<std::monostate, uint64_t, int64_t, double>;
  explicit Ordinal(Value value) : value_(value) {}

  Value value_;
};

// The limits of a field in words: "in [4, 65536]", "at least 1"; "finite" if it has none.
std::string DescribeRange(const google::protobuf::FieldDescriptor& field);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_ORDINAL_H_
