#ifndef BIOTOPE_SIM_VERIFY_CASE_CSV_H_
#define BIOTOPE_SIM_VERIFY_CASE_CSV_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace biotope {

// A table of a case: comma separated values whose first line names the columns. A value in double
// quotes may hold commas; a quote in it is doubled.
class CaseCsv {
 public:
  // `path` stands in messages. Throws ScenarioError, naming file and line, for a line that has
  // another number of values than the first one, or a quote without an end.
  CaseCsv(std::string path, std::string_view contents);

  size_t rows() const { return rows_.size(); }
  bool HasColumn(std::string_view column) const { return Find(column).has_value(); }
  // The value, "" where the table has no such column.
  std::string_view Text(size_t row, std::string_view column) const;
  // Throw ScenarioError for a value that is no such number.
  int64_t Integer(size_t row, std::string_view column) const;
  // Nothing where the value is empty.
  std::optional<uint64_t> OptionalUnsigned(size_t row, std::string_view column) const;
  [[noreturn]] void Fail(size_t row, const std::string& what) const;

 private:
  struct Row {
    size_t line;
    std::vector<std::string> values;
  };
  template <class T>
  T Number(size_t row, std::string_view column) const;
  std::optional<size_t> Find(std::string_view column) const;

  const std::string path_;
  std::vector<std::string> columns_;
  std::vector<Row> rows_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_VERIFY_CASE_CSV_H_
