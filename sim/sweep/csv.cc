#include "sim/sweep/csv.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "sim/core/error.h"

namespace biotope {

std::string CsvCell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

CsvFile::CsvFile(const std::string& path) : path_(path), file_(path, std::ios::binary) {
  if (!file_) throw EnvironmentError(fmt::format("{}: {}", path_, std::strerror(errno)));
}

void CsvFile::Row(const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    line += CsvCell(cells[i]);
  }
  file_ << line << '\n';
}

void CsvFile::Finish() {
  file_.close();
  if (!file_) throw EnvironmentError(fmt::format("{}: {}", path_, std::strerror(errno)));
}

}  // namespace biotope
