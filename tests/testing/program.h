#ifndef BIOTOPE_TESTS_TESTING_PROGRAM_H_
#define BIOTOPE_TESTS_TESTING_PROGRAM_H_

#include <string>
#include <vector>

namespace biotope {

// What became of a program that was started.
struct ProgramResult {
  int exit_code = -1;  // of a program that ended by itself
  int signal = 0;      // that ended it, 0: none
  std::string out;
  std::string err;

  bool crashed() const { return signal != 0; }
};

// Starts a program, found through PATH unless its name has a slash, and waits for its end. One that
// takes longer than a minute is killed (signal 9). Its standard input is empty.
ProgramResult RunProgram(const std::vector<std::string>& arguments);

// biotope itself: the one built with this test, which names //sim/cli:biotope in `data`.
ProgramResult RunBiotope(std::vector<std::string> arguments);

// A file below the test's own temporary directory, emptied for each run of the test program.
std::string TempPath(const std::string& name);

std::string ReadWholeFile(const std::string& path);
void WriteWholeFile(const std::string& path, const std::string& contents);

}  // namespace biotope

#endif  // BIOTOPE_TESTS_TESTING_PROGRAM_H_
