// Measures null system calls on this machine and prints a CPU profile to start from. The one
// command that looks at the clock on the wall: what it prints is a measurement, not a simulation.

#include <fmt/format.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "sim/cli/options.h"
#include "sim/core/error.h"
#include "sim/scenario/shipped_profiles.h"
#include "sim/world/entry_catalog.h"
#include "sim/world/fit_entry.h"

namespace biotope::cli {
namespace {

constexpr long kPastTheTable = 9999;
constexpr int kCallsPerBatch = 512;
constexpr int kBatches = 2000;
constexpr uint64_t kChain = 64;  // additions that wait for each other, in one turn of the loop
constexpr uint64_t kTurns = 4000;

// The shortest of many runs of `body`: what disturbs a run only makes it longer. In ns.
template <class Body>
double Shortest(int runs, Body body) {
  double shortest = 0;
  for (int i = 0; i < runs; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    body();
    const std::chrono::duration<double, std::nano> span = std::chrono::steady_clock::now() - begin;
    if (i == 0 || span.count() < shortest) shortest = span.count();
  }
  return shortest;
}

// Core cycles per ns: a register addition takes one cycle, and a chain of them cannot be
// overlapped.
double CyclesPerNanosecond() {
  const double span = Shortest(200, [] {
    uint64_t sum = 1;
    uint64_t turns = kTurns;
#if defined(__x86_64__)
    asm volatile(
        "1:\n\t"
        ".rept 64\n\t"
        "add %0, %0\n\t"
        ".endr\n\t"
        "dec %1\n\t"
        "jnz 1b"
        : "+r"(sum), "+r"(turns)::"cc");
#elif defined(__aarch64__)
    asm volatile(
        "1:\n\t"
        ".rept 64\n\t"
        "add %0, %0, %0\n\t"
        ".endr\n\t"
        "subs %1, %1, #1\n\t"
        "b.ne 1b"
        : "+r"(sum), "+r"(turns)::"cc");
#endif
  });
  return static_cast<double>(kChain * kTurns) / span;
}

double CallNanoseconds(long number) {
  const auto batch = [number] {
    for (int i = 0; i < kCallsPerBatch; ++i) syscall(number);
  };
  return Shortest(kBatches, batch) / kCallsPerBatch;
}

std::string FirstLineOf(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string CpuInfo(const std::string& key) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    const size_t colon = line.find(": ");
    return colon == std::string::npos ? "" : line.substr(colon + 2);
  }
  return "";
}

// The mitigations that the kernel says are on, by the names of the entry programs.
std::set<std::string> Mitigations() {
  struct Sign {
    const char* file;
    const char* text;
    const char* flag;
  };
  constexpr Sign kSigns[] = {{"meltdown", "PTI", "pti"},
                             {"spectre_v2", "Retpolines", "retpoline"},
                             {"spectre_v2", "Mitigation: IBRS", "ibrs"},
                             {"spec_rstack_overflow", "Safe RET", "saferet"},
                             {"mds", "Clear CPU buffers", "verw"},
                             {"mmio_stale_data", "Clear CPU buffers", "verw"},
                             {"spectre_v2", "SW sequence", "bhb"}};
  std::set<std::string> flags;
  for (const Sign& sign : kSigns) {
    const std::string line =
        FirstLineOf(std::string("/sys/devices/system/cpu/vulnerabilities/") + sign.file);
    if (line.find(sign.text) != std::string::npos) flags.insert(sign.flag);
  }
  if (CpuInfo("flags").find(" pcid ") != std::string::npos && flags.count("pti") > 0) {
    flags.insert("pcid");
  }
  return flags;
}

std::string LikeProfile(const MeasureCommand& options) {
  if (!options.like.empty()) return options.like;
#if defined(__aarch64__)
  return "cortex-a72";
#else
  return CpuInfo("vendor_id") == "GenuineIntel" ? "skylake" : "zen5";
#endif
}

// The newest program of this machine's system-call instruction that is not newer than its kernel.
std::pair<EntryProgram, KernelVersion> ProgramOfThisKernel(const EntryCatalog& catalog) {
#if defined(__aarch64__)
  const std::string mechanism = "svc";
#else
  const std::string mechanism = "syscall";
#endif
  utsname name{};
  uname(&name);
  const std::string release = name.release;
  const KernelVersion running =
      KernelVersion::Parse(release.substr(0, release.find_first_not_of("0123456789.")))
          .value_or(KernelVersion{});
  std::optional<EntryProgram> best;
  for (const std::string& candidate : catalog.ProgramNames()) {
    EntryProgram program = catalog.Program(candidate);
    if (program.mechanism != mechanism || running < program.first_kernel) continue;
    if (!best || best->first_kernel < program.first_kernel) best = std::move(program);
  }
  if (!best) throw EnvironmentError("measure: there is no entry program for kernel " + release);
  return {*std::move(best), running};
}

constexpr std::pair<long, const char*> kCalls[] = {
    {-1, "none"},
    {kPastTheTable, "enosys"},
    {SYS_getuid, "getuid"},
    {SYS_getppid, "getppid"},
};

}  // namespace

int Measure(const MeasureCommand& options) {
#if !defined(__x86_64__) && !defined(__aarch64__)
  throw EnvironmentError("measure: only x86-64 and arm64 machines can be measured");
#endif
  const EntryCatalog catalog{ShippedProfiles()};
  const EntryProcessor like = catalog.Processor(LikeProfile(options));
  const auto& [program, running] = ProgramOfThisKernel(catalog);
  std::set<std::string> flags = program.FlagsOf(running);
  for (const std::string& flag : Mitigations()) {
    if (program.FindFlag(flag) != nullptr) flags.insert(flag);
  }

  const double ghz = CyclesPerNanosecond();
  std::vector<MeasuredCall> calls;
  for (const auto& [number, handler] : kCalls) {
    if (program.FindHandler(handler) == nullptr) continue;
    const double ns = CallNanoseconds(number);
    calls.push_back({handler, Cycles(static_cast<uint64_t>(ns * ghz + 0.5)),
                     static_cast<uint64_t>(ns * 1000 + 0.5)});
  }
  const EntryFit fit = FitEntry(program, flags, like.prices, calls);
  const uint32_t khz = static_cast<uint32_t>(ghz * 1e6 + 0.5);
  std::fputs(FittedProfileText(fit, like, CpuInfo("model name"), khz).c_str(), stdout);
  return 0;
}

}  // namespace biotope::cli
