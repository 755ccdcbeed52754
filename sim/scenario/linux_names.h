#ifndef BIOTOPE_SIM_SCENARIO_LINUX_NAMES_H_
#define BIOTOPE_SIM_SCENARIO_LINUX_NAMES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace biotope {

// The names that scripts of system calls use, and their numbers on x86 (asm-generic).

// The number of an error: 2 for "ENOENT".
std::optional<int> ErrnoByName(std::string_view name);

// The name of an error, "ENOENT" for 2; "" for a number that no error has.
std::string ErrnoName(int number);

// All names of errors, by number.
std::vector<std::string> ErrnoNames();

// The flags of open(2) that the simulated kernel knows.
struct OpenFlag {
  std::string_view name;
  uint32_t bits;
};
inline constexpr OpenFlag kOpenFlags[] = {
    {"O_RDONLY", 0},          {"O_WRONLY", 01},        {"O_RDWR", 02},
    {"O_NONBLOCK", 04000},    {"O_DIRECT", 040000},    {"O_LARGEFILE", 0100000},
    {"O_DIRECTORY", 0200000}, {"O_NOFOLLOW", 0400000}, {"O_NOATIME", 01000000},
};

// "O_RDONLY|O_DIRECT" as bits. Throws ScenarioError that lists the names.
uint32_t ParseOpenFlags(std::string_view text);

// What a call of a script is expected to return: "4096", "4k", or "-ENOENT" (then negative). Throws
// ScenarioError.
int64_t ParseExpectedResult(std::string_view text);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_LINUX_NAMES_H_
