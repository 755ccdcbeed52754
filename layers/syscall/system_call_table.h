#ifndef BIOTOPE_LAYERS_SYSCALL_SYSTEM_CALL_TABLE_H_
#define BIOTOPE_LAYERS_SYSCALL_SYSTEM_CALL_TABLE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "layers/syscall/dispatch.h"

namespace biotope {

// The system-call table of one kernel: which number is which call (sys_call_table).
class SystemCallTable {
 public:
  // `bounds` says how long it is and from which number.
  explicit SystemCallTable(DispatchTable bounds) : bounds_(bounds) {}

  // A call; numbers at or past the end of the table are ignored, because this kernel does not have
  // them. `x32`: only the x32 ABI has it.
  void Add(uint32_t number, const std::string& name, bool x32 = false);

  const DispatchTable& bounds() const { return bounds_; }

  // The number of a call, as a program puts it into the register. Nothing if there is none, as for
  // open on arm64.
  std::optional<uint32_t> Number(std::string_view name) const;

  // What `number` runs: the name of a call, without "sys_", "ni_syscall" where there is none, or
  // nothing if the entry returns -ENOSYS without running anything.
  std::string_view Resolve(DispatchRule rule, uint64_t number) const;

 private:
  const DispatchTable bounds_;
  std::map<uint32_t, std::string> calls_;      // by index
  std::map<uint32_t, std::string> x32_calls_;  // those of x32 alone
  std::map<std::string, uint32_t, std::less<>> numbers_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_SYSCALL_SYSTEM_CALL_TABLE_H_
