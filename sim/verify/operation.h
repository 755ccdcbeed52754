#ifndef BIOTOPE_SIM_VERIFY_OPERATION_H_
#define BIOTOPE_SIM_VERIFY_OPERATION_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace biotope {

// One line of ops.txt: what one process does next. docs/verify.md has the language.
struct Operation {
  enum class Kind : uint8_t {
    kOpen,
    kClose,
    kRead,
    kPread,
    kLseek,
    kBufoff,
    kFadvise,
    kReadahead,
    kMmap,
    kMunmap,
    kMadvise,
    kTouch,
    kSleepMs,
    kRepeatedRead,  // nread
    kStridedRead,   // nstride
    kJoin,
    kUnsupported,
  };
  Kind kind = Kind::kUnsupported;
  uint32_t process = 0;
  bool detached = false;    // "~": the next line does not wait for it
  std::string text;         // the line without its process
  std::string unsupported;  // what this program cannot simulate, such as "writing"

  uint32_t file = 0;     // number of the open file that it uses or makes
  uint32_t mapping = 0;  // of the memory mapping
  std::string path;
  int flags = 0;        // open: O_*
  uint64_t length = 0;  // bytes; sleepms: ms; bufoff: bytes
  int64_t offset = 0;   // bytes
  int advice = 0;       // POSIX_FADV_* or MADV_*
  uint64_t count = 0;   // repetitions of nread and nstride
  uint64_t stride = 0;  // bytes between two reads of nstride
  uint64_t think_ms = 0;
};

// The operations of an ops.txt in its order; its empty lines and comments are left out. `path`
// stands in messages. Throws ScenarioError, naming file and line, for a line that is wrong.
std::vector<Operation> ParseOperations(const std::string& path, std::string_view contents);

}  // namespace biotope

#endif  // BIOTOPE_SIM_VERIFY_OPERATION_H_
