#ifndef BIOTOPE_LAYERS_SYSCALL_THREAD_FLAGS_H_
#define BIOTOPE_LAYERS_SYSCALL_THREAD_FLAGS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace biotope {

// What a thread has to do before it may go on in the kernel or back to user mode: the TIF_* bits of
// thread_info (include/asm-*/thread_info.h), those of them that the way in and out looks at. Newer
// kernels keep some as SYSCALL_WORK_*; the names here are the old ones.
enum class ThreadFlag : uint8_t {
  kSyscallTrace,
  kSyscallTracepoint,
  kSyscallAudit,
  kSeccomp,
  kNeedResched,
  kSigpending,
  kNotifyResume,
  kUprobe,
  kPatchPending,
  kUserReturnNotify,
  kForeignFpstate,  // arm64
  kNeedFpuLoad,     // x86
};

inline constexpr std::array<std::string_view, 12> kThreadFlagNames = {
    "TIF_SYSCALL_TRACE", "TIF_SYSCALL_TRACEPOINT", "TIF_SYSCALL_AUDIT",   "TIF_SECCOMP",
    "TIF_NEED_RESCHED",  "TIF_SIGPENDING",         "TIF_NOTIFY_RESUME",   "TIF_UPROBE",
    "TIF_PATCH_PENDING", "TIF_USER_RETURN_NOTIFY", "TIF_FOREIGN_FPSTATE", "TIF_NEED_FPU_LOAD",
};

constexpr std::string_view ThreadFlagName(ThreadFlag flag) {
  return kThreadFlagNames[static_cast<size_t>(flag)];
}

constexpr std::optional<ThreadFlag> ThreadFlagByName(std::string_view name) {
  for (size_t i = 0; i < kThreadFlagNames.size(); ++i) {
    if (kThreadFlagNames[i] == name) return static_cast<ThreadFlag>(i);
  }
  return std::nullopt;
}

// The flags of one thread.
class ThreadFlags {
 public:
  constexpr ThreadFlags() = default;
  constexpr bool Has(ThreadFlag flag) const { return (bits_ & Bit(flag)) != 0; }
  constexpr void Set(ThreadFlag flag) { bits_ |= Bit(flag); }
  constexpr void Clear(ThreadFlag flag) { bits_ &= ~Bit(flag); }
  constexpr bool None() const { return bits_ == 0; }

 private:
  static constexpr uint32_t Bit(ThreadFlag flag) {
    return uint32_t{1} << static_cast<uint8_t>(flag);
  }
  uint32_t bits_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_SYSCALL_THREAD_FLAGS_H_
