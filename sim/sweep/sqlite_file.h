#ifndef BIOTOPE_SIM_SWEEP_SQLITE_FILE_H_
#define BIOTOPE_SIM_SWEEP_SQLITE_FILE_H_

#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace biotope {

// A new SQLite database that is written once, in one transaction. The same tables and rows in the
// same order give the same bytes. All calls throw EnvironmentError.
class SqliteFile {
 public:
  struct Column {
    std::string name;
    std::string type;  // "INTEGER", "REAL", "NUMERIC" or "TEXT"; with "PRIMARY KEY", if so
  };

  // Replaces what is at `path`.
  explicit SqliteFile(const std::string& path);
  ~SqliteFile();
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;

  // Rows of it can be inserted until the file is finished.
  class Table {
   public:
    Table(SqliteFile& file, const std::string& name, const std::vector<Column>& columns);
    ~Table();
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    // Texts become what the column's type says; "" is NULL.
    void Insert(const std::vector<std::string>& cells);

   private:
    SqliteFile& file_;
    sqlite3_stmt* insert_ = nullptr;
  };

  // After the last row, when no table is left.
  void Finish();

 private:
  void Execute(const std::string& statement);
  void Check(int result);

  std::string path_;
  sqlite3* database_ = nullptr;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_SQLITE_FILE_H_
