#ifndef BIOTOPE_SIM_TRACE_LINE_READER_H_
#define BIOTOPE_SIM_TRACE_LINE_READER_H_

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace biotope {

// A text file of fields, plain or compressed by gzip, line by line. Memory does not grow with the
// file.
class LineReader {
 public:
  // Throws EnvironmentError if the file cannot be opened.
  explicit LineReader(const std::string& path);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // Goes to the next line that is not empty. False at the end of the file. Throws EnvironmentError
  // if the file cannot be read, and ScenarioError if the line has no end.
  bool Next();

  const std::string& line() const { return line_; }
  // Divides the present line at each `separator`, or at white space.
  void SplitAt(char separator);
  void SplitAtSpace();

  size_t nr_fields() const { return fields_.size(); }
  // Of the present line. Throws ScenarioError, naming file and line, if the field is not there or
  // not a number of this kind.
  std::string_view Text(size_t index) const;
  uint64_t Unsigned(size_t index) const;
  int64_t Signed(size_t index) const;
  double Number(size_t index) const;

  // For what is wrong with the present line.
  [[noreturn]] void Fail(const std::string& what) const;

 private:
  const std::string path_;
  gzFile file_;
  uint64_t line_number_ = 0;
  std::string line_;
  std::vector<std::string_view> fields_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_TRACE_LINE_READER_H_
