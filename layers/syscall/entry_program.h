#ifndef BIOTOPE_LAYERS_SYSCALL_ENTRY_PROGRAM_H_
#define BIOTOPE_LAYERS_SYSCALL_ENTRY_PROGRAM_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "layers/syscall/dispatch.h"
#include "layers/syscall/exit_work.h"
#include "layers/syscall/kernel_version.h"
#include "layers/syscall/thread_flags.h"

namespace biotope {

// What a program is asked for: which flags are on and what runs in its middle.
struct EntryQuery {
  // A handler of the program. Empty: one that is simulated elsewhere, which its own layers price.
  std::string handler;
  std::set<std::string> flags;
};

// "pti", "!pcid", "handler=enosys", "handler!=none".
struct EntryCondition {
  std::string name;  // of the flag or the handler
  bool handler = false;
  bool negated = false;

  // Throws ScenarioError if `text` is none of these.
  static EntryCondition Parse(const std::string& text);
  bool Holds(const EntryQuery& query) const;
};

// One step: a serialising instruction, or counted code. schema.EntryStep says more.
struct EntryStep {
  std::string name;
  std::string function;  // the kernel's symbol
  std::string cls;       // of a serialising instruction; empty: counted code
  uint32_t count = 1;
  uint32_t uops = 0;
  uint32_t loads = 0;
  uint32_t stores = 0;
  uint32_t chain = 0;
  bool counts_guessed = false;
  std::vector<EntryCondition> when;

  bool counted() const { return cls.empty(); }
};

struct EntryFlag {
  enum class Kind : uint8_t { kMitigation, kConfiguration, kPath };
  std::string name;
  std::string summary;
  Kind kind = Kind::kMitigation;
  std::optional<KernelVersion> since;  // kernels from here on have it on
};

struct EntryHandler {
  std::string name;
  std::string summary;
  std::vector<EntryStep> steps;
  std::vector<std::string> path;  // flags that the program then has
};

// What a thread flag asks for.
struct EntryWork {
  enum class When : uint8_t { kEntry, kExit, kLoop };
  ThreadFlag flag = ThreadFlag::kNeedResched;
  std::string function;
  When when = When::kLoop;
  std::vector<EntryStep> steps;
  std::vector<std::string> path;
};

// The steps from the user's instruction to the return to user mode. schema.EntryProgram says more.
struct EntryProgram {
  std::string name;
  std::string summary;
  std::string architecture;
  std::string mechanism;
  KernelVersion first_kernel;
  KernelVersion last_kernel;
  std::string kernels;  // "4.15 to 4.19"
  DispatchRule dispatch = DispatchRule::kI386;
  ExitWorkRule exit_work = ExitWorkRule::kAll;
  bool unvalidated = false;
  std::string source;
  std::vector<EntryFlag> flags;
  std::vector<EntryHandler> handlers;  // the first is the default
  std::vector<EntryStep> entry;        // before the handler
  std::vector<EntryStep> exit;         // after it
  std::vector<EntryWork> work;

  // The flags that `kernel` has on by its version alone.
  std::set<std::string> FlagsOf(KernelVersion kernel) const;
  const EntryFlag* FindFlag(const std::string& flag) const;
  const EntryHandler* FindHandler(const std::string& handler) const;
};

// Where in a call a step is.
enum class EntryPhase : uint8_t { kEntry, kHandler, kExit };

struct SelectedStep {
  const EntryStep* step = nullptr;
  EntryPhase phase = EntryPhase::kEntry;
};

// The steps that `query` executes, in order. Throws ScenarioError if the program does not have one
// of the flags or the handler.
std::vector<SelectedStep> SelectSteps(const EntryProgram& program, EntryQuery query);

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_SYSCALL_ENTRY_PROGRAM_H_
