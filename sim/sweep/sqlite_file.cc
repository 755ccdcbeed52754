#include "sim/sweep/sqlite_file.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cstdio>

#include "sim/core/error.h"

namespace biotope {
namespace {

// A name as SQL quotes it.
std::string Quoted(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

SqliteFile::SqliteFile(const std::string& path) : path_(path) {
  std::remove(path.c_str());
  Check(sqlite3_open(path.c_str(), &database_));
  // It is renamed when it is whole; a journal would protect nothing.
  Execute("PRAGMA page_size = 4096");
  Execute("PRAGMA encoding = 'UTF-8'");
  Execute("PRAGMA journal_mode = OFF");
  Execute("PRAGMA synchronous = OFF");
  Execute("BEGIN");
}

SqliteFile::~SqliteFile() { sqlite3_close(database_); }

void SqliteFile::Finish() {
  Execute("COMMIT");
  const int result = sqlite3_close(database_);
  database_ = nullptr;
  Check(result);
}

void SqliteFile::Execute(const std::string& statement) {
  Check(sqlite3_exec(database_, statement.c_str(), nullptr, nullptr, nullptr));
}

void SqliteFile::Check(int result) {
  if (result == SQLITE_OK || result == SQLITE_DONE) return;
  throw EnvironmentError(fmt::format(
      "{}: {}", path_, database_ == nullptr ? sqlite3_errstr(result) : sqlite3_errmsg(database_)));
}

SqliteFile::Table::Table(SqliteFile& file, const std::string& name,
                         const std::vector<Column>& columns)
    : file_(file) {
  std::string declarations;
  std::string places;
  for (const Column& column : columns) {
    if (!declarations.empty()) declarations += ", ";
    declarations += fmt::format("{} {}", Quoted(column.name), column.type);
    places += places.empty() ? "?" : ", ?";
  }
  file_.Execute(fmt::format("CREATE TABLE {} ({})", Quoted(name), declarations));
  const std::string insert = fmt::format("INSERT INTO {} VALUES ({})", Quoted(name), places);
  file_.Check(sqlite3_prepare_v2(file_.database_, insert.c_str(), -1, &insert_, nullptr));
}

SqliteFile::Table::~Table() { sqlite3_finalize(insert_); }

void SqliteFile::Table::Insert(const std::vector<std::string>& cells) {
  for (size_t i = 0; i < cells.size(); ++i) {
    const int place = static_cast<int>(i) + 1;
    file_.Check(cells[i].empty()
                    ? sqlite3_bind_null(insert_, place)
                    : sqlite3_bind_text(insert_, place, cells[i].data(),
                                        static_cast<int>(cells[i].size()), SQLITE_STATIC));
  }
  file_.Check(sqlite3_step(insert_));
  file_.Check(sqlite3_reset(insert_));
}

}  // namespace biotope
