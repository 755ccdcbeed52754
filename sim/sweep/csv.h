#ifndef BIOTOPE_SIM_SWEEP_CSV_H_
#define BIOTOPE_SIM_SWEEP_CSV_H_

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace biotope {

// A cell as RFC 4180 writes it: in quotes if it has to be.
std::string CsvCell(std::string_view text);

// A table of comma separated values. Calls throw EnvironmentError.
class CsvFile {
 public:
  explicit CsvFile(const std::string& path);
  void Row(const std::vector<std::string>& cells);
  // Everything has been written.
  void Finish();

 private:
  std::string path_;
  std::ofstream file_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_CSV_H_
