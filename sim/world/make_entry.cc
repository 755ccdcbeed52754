#include "sim/world/make_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/core/error.h"

namespace biotope {
namespace {

// Enums are closed here: a value that the schema has and this file has not does not compile.

Evidence EvidenceOf(schema::Evidence::Tag tag) {
  switch (tag) {
    case schema::Evidence::MEASURED:
      return Evidence::kMeasured;
    case schema::Evidence::PUBLISHED:
      return Evidence::kPublished;
    case schema::Evidence::RECALLED:
      return Evidence::kRecalled;
    case schema::Evidence::DERIVED:
      return Evidence::kDerived;
    case schema::Evidence::GUESS:
    case schema::Evidence::TAG_UNSPECIFIED:
    case schema::Evidence_Tag_Evidence_Tag_INT_MIN_SENTINEL_DO_NOT_USE_:
    case schema::Evidence_Tag_Evidence_Tag_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return Evidence::kGuess;
}

DispatchRule DispatchOf(const std::string& name, schema::EntryProgram::Dispatch rule) {
  switch (rule) {
    case schema::EntryProgram::DISPATCH_I386:
      return DispatchRule::kI386;
    case schema::EntryProgram::DISPATCH_X86_64_PRESET:
      return DispatchRule::kX8664Preset;
    case schema::EntryProgram::DISPATCH_X86_64_CLAMPED:
      return DispatchRule::kX8664Clamped;
    case schema::EntryProgram::DISPATCH_X86_64_NI:
      return DispatchRule::kX8664Ni;
    case schema::EntryProgram::DISPATCH_IA32_PRESET:
      return DispatchRule::kIa32Preset;
    case schema::EntryProgram::DISPATCH_IA32_NI:
      return DispatchRule::kIa32Ni;
    case schema::EntryProgram::DISPATCH_ARM64:
      return DispatchRule::kArm64;
    case schema::EntryProgram::DISPATCH_ARM64_CLAMPED:
      return DispatchRule::kArm64Clamped;
    case schema::EntryProgram::DISPATCH_IA64:
      return DispatchRule::kIa64;
    case schema::EntryProgram::DISPATCH_UNSPECIFIED:
    case schema::EntryProgram_Dispatch_EntryProgram_Dispatch_INT_MIN_SENTINEL_DO_NOT_USE_:
    case schema::EntryProgram_Dispatch_EntryProgram_Dispatch_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  throw ScenarioError(fmt::format("entry program {}: dispatch is missing", name));
}

ExitWorkRule ExitWorkOf(const std::string& name, schema::EntryProgram::ExitWork rule) {
  switch (rule) {
    case schema::EntryProgram::EXIT_WORK_RESCHED_THEN_NOTIFY:
      return ExitWorkRule::kReschedThenNotify;
    case schema::EntryProgram::EXIT_WORK_RESCHED_OR_NOTIFY:
      return ExitWorkRule::kReschedOrNotify;
    case schema::EntryProgram::EXIT_WORK_ALL:
      return ExitWorkRule::kAll;
    case schema::EntryProgram::EXIT_WORK_UNSPECIFIED:
    case schema::EntryProgram_ExitWork_EntryProgram_ExitWork_INT_MIN_SENTINEL_DO_NOT_USE_:
    case schema::EntryProgram_ExitWork_EntryProgram_ExitWork_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  throw ScenarioError(fmt::format("entry program {}: exit_work is missing", name));
}

EntryFlag::Kind KindOf(schema::EntryFlag::Kind kind) {
  switch (kind) {
    case schema::EntryFlag::CONFIGURATION:
      return EntryFlag::Kind::kConfiguration;
    case schema::EntryFlag::PATH:
      return EntryFlag::Kind::kPath;
    case schema::EntryFlag::MITIGATION:
    case schema::EntryFlag::KIND_UNSPECIFIED:
    case schema::EntryFlag_Kind_EntryFlag_Kind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case schema::EntryFlag_Kind_EntryFlag_Kind_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return EntryFlag::Kind::kMitigation;
}

EntryWork::When WhenOf(schema::EntryWork::When when) {
  switch (when) {
    case schema::EntryWork::ENTRY:
      return EntryWork::When::kEntry;
    case schema::EntryWork::EXIT:
      return EntryWork::When::kExit;
    case schema::EntryWork::LOOP:
    case schema::EntryWork::WHEN_UNSPECIFIED:
    case schema::EntryWork_When_EntryWork_When_INT_MIN_SENTINEL_DO_NOT_USE_:
    case schema::EntryWork_When_EntryWork_When_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return EntryWork::When::kLoop;
}

KernelVersion VersionOf(const std::string& where, const std::string& text) {
  const std::optional<KernelVersion> version = KernelVersion::Parse(text);
  if (version) return *version;
  throw ScenarioError(
      fmt::format("{}: \"{}\" is not a kernel version such as \"6.8\"", where, text));
}

template <class Conditions>
std::vector<EntryCondition> ConditionsOf(const Conditions& texts) {
  std::vector<EntryCondition> conditions;
  for (const std::string& text : texts) conditions.push_back(EntryCondition::Parse(text));
  return conditions;
}

EntryStep MakeStep(const std::string& where, const std::string& function,
                   const std::vector<EntryCondition>& when, const schema::EntryStep& config) {
  const bool counts =
      config.has_uops() || config.has_loads() || config.has_stores() || config.has_chain();
  if (config.has_class_() == counts || (config.has_count() && counts)) {
    throw ScenarioError(
        fmt::format("{}: step \"{}\" needs either a class, with a count, or numbers of operations",
                    where, config.name()));
  }
  EntryStep step;
  step.name = config.name();
  step.function = function;
  step.cls = config.class_();
  step.count = config.has_count() ? config.count() : 1;
  step.uops = config.uops();
  step.loads = config.loads();
  step.stores = config.stores();
  step.chain = config.chain();
  step.counts_guessed = config.counts() == schema::Evidence::GUESS;
  step.when = when;
  for (EntryCondition& condition : ConditionsOf(config.when())) {
    step.when.push_back(std::move(condition));
  }
  return step;
}

template <class Steps>
std::vector<EntryStep> MakeSteps(const std::string& where, const std::string& function,
                                 const Steps& configs) {
  std::vector<EntryStep> steps;
  for (const schema::EntryStep& config : configs) {
    steps.push_back(MakeStep(where, function, {}, config));
  }
  return steps;
}

// Conditions must name what the program has, or a misspelt one would never hold.
void CheckConditions(const EntryProgram& program, const std::vector<EntryStep>& steps) {
  for (const EntryStep& step : steps) {
    for (const EntryCondition& condition : step.when) {
      const bool known = condition.handler ? program.FindHandler(condition.name) != nullptr
                                           : program.FindFlag(condition.name) != nullptr;
      if (known) continue;
      throw ScenarioError(fmt::format(
          "entry program {}: step \"{}\" asks for the {} \"{}\", which "
          "the program does not have",
          program.name, step.name, condition.handler ? "handler" : "flag", condition.name));
    }
  }
}

void CheckPath(const EntryProgram& program, const std::string& of,
               const std::vector<std::string>& path) {
  for (const std::string& flag : path) {
    if (program.FindFlag(flag) != nullptr) continue;
    throw ScenarioError(
        fmt::format("entry program {}: {} switches on \"{}\", which the program does "
                    "not have",
                    program.name, of, flag));
  }
}

void AddHandlers(const schema::EntryProgram& config, const schema::HandlerSet& set,
                 EntryProgram* program) {
  const auto add = [&](const schema::EntryHandler& handler) {
    program->handlers.push_back({handler.name(),
                                 handler.summary(),
                                 MakeSteps(program->name, "sys_" + handler.name(), handler.step()),
                                 {handler.path().begin(), handler.path().end()}});
  };
  if (config.handler().empty()) {
    for (const schema::EntryHandler& handler : set.handler()) add(handler);
    return;
  }
  for (const std::string& name : config.handler()) {
    const auto found = std::find_if(set.handler().begin(), set.handler().end(),
                                    [&](const auto& handler) { return handler.name() == name; });
    if (found == set.handler().end()) {
      throw ScenarioError(fmt::format("entry program {}: there is no handler \"{}\" in {}",
                                      program->name, name, config.handlers()));
    }
    add(*found);
  }
}

void AddParts(const schema::EntryProgram& config, EntryProgram* program) {
  int handlers = 0;
  for (const schema::EntryPart& part : config.part()) {
    if (part.handler()) {
      ++handlers;
      continue;
    }
    std::vector<EntryStep>& steps = handlers == 0 ? program->entry : program->exit;
    const std::vector<EntryCondition> when = ConditionsOf(part.when());
    for (const schema::EntryStep& step : part.step()) {
      steps.push_back(MakeStep(program->name, part.function(), when, step));
    }
  }
  if (handlers != 1) {
    throw ScenarioError(fmt::format("entry program {}: it needs one part `handler: true`, not {}",
                                    program->name, handlers));
  }
}

void AddWork(const schema::EntryProgram& config, EntryProgram* program) {
  for (const schema::EntryWork& work : config.work()) {
    const std::optional<ThreadFlag> flag = ThreadFlagByName(work.flag());
    if (!flag) {
      throw ScenarioError(
          fmt::format("entry program {}: unknown thread flag \"{}\"", program->name, work.flag()));
    }
    program->work.push_back({*flag,
                             work.function(),
                             WhenOf(work.when()),
                             MakeSteps(program->name, work.function(), work.step()),
                             {work.path().begin(), work.path().end()}});
  }
}

EntryPrices::Status StatusOf(schema::EntryPrices::Status status) {
  switch (status) {
    case schema::EntryPrices::VALIDATED:
      return EntryPrices::Status::kValidated;
    case schema::EntryPrices::REPORTED:
      return EntryPrices::Status::kReported;
    case schema::EntryPrices::CALIBRATED:
      return EntryPrices::Status::kCalibrated;
    case schema::EntryPrices::UNVALIDATED:
    case schema::EntryPrices::STATUS_UNSPECIFIED:
    case schema::EntryPrices_Status_EntryPrices_Status_INT_MIN_SENTINEL_DO_NOT_USE_:
    case schema::EntryPrices_Status_EntryPrices_Status_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return EntryPrices::Status::kUnvalidated;
}

// The length of the table in `kernel`.
uint32_t EntriesOf(const std::string& name, const schema::SyscallTable& config,
                   KernelVersion kernel) {
  uint32_t entries = 0;
  KernelVersion latest;
  for (const schema::TableSize& size : config.size()) {
    const KernelVersion from = VersionOf(name, size.kernel());
    if (kernel < from || from < latest) continue;
    latest = from;
    entries = size.entries();
  }
  if (entries == 0) {
    throw ScenarioError(
        fmt::format("the system-call table {} does not say how long it is in this kernel", name));
  }
  return entries;
}

}  // namespace

EntryProgram MakeEntryProgram(const std::string& name, const schema::EntryProgram& config,
                              const schema::HandlerSet* handlers) {
  EntryProgram program;
  program.name = name;
  program.summary = config.summary();
  program.architecture = config.architecture();
  program.mechanism = config.mechanism();
  program.first_kernel = VersionOf(name, config.first_kernel());
  program.last_kernel = VersionOf(name, config.last_kernel());
  program.kernels = config.first_kernel() == config.last_kernel()
                        ? config.first_kernel()
                        : fmt::format("{} to {}", config.first_kernel(), config.last_kernel());
  program.dispatch = DispatchOf(name, config.dispatch());
  program.exit_work = ExitWorkOf(name, config.exit_work());
  program.unvalidated = config.unvalidated();
  program.source = config.source();
  for (const schema::EntryFlag& flag : config.flag()) {
    program.flags.push_back({flag.name(), flag.summary(), KindOf(flag.kind()), std::nullopt});
    if (flag.has_since()) program.flags.back().since = VersionOf(name, flag.since());
  }
  if (handlers != nullptr) AddHandlers(config, *handlers, &program);
  AddParts(config, &program);
  AddWork(config, &program);
  CheckConditions(program, program.entry);
  CheckConditions(program, program.exit);
  for (const EntryHandler& handler : program.handlers) {
    CheckPath(program, handler.name, handler.path);
  }
  for (const EntryWork& work : program.work) CheckPath(program, work.function, work.path);
  return program;
}

EntryPrices MakeEntryPrices(const std::string& name, const schema::EntryPrices& config) {
  if (!config.has_milliuops_per_cycle() || !config.has_loads_per_cycle() ||
      !config.has_stores_per_cycle() || !config.has_load_to_use_cycles()) {
    throw ScenarioError(
        fmt::format("processor {} has no prices for the way into the kernel: its `entry` needs "
                    "milliuops_per_cycle, loads_per_cycle, stores_per_cycle and load_to_use_cycles",
                    name));
  }
  EntryPrices prices;
  prices.processor = name;
  prices.status = StatusOf(config.status());
  prices.validation = config.validation();
  prices.milliuops_per_cycle = config.milliuops_per_cycle();
  prices.loads_per_cycle = config.loads_per_cycle();
  prices.stores_per_cycle = config.stores_per_cycle();
  prices.load_to_use_cycles = config.load_to_use_cycles();
  prices.uops_evidence = EvidenceOf(config.uops_evidence());
  prices.loads_evidence = EvidenceOf(config.loads_evidence());
  prices.stores_evidence = EvidenceOf(config.stores_evidence());
  prices.load_to_use_evidence = EvidenceOf(config.load_to_use_evidence());
  for (const schema::EntryPrice& price : config.price()) {
    prices.prices[price.class_()] = {Cycles(price.cycles()), EvidenceOf(price.evidence()),
                                     price.source()};
  }
  for (const schema::ColdPrice& cold : config.cold()) {
    prices.cold[cold.state()] = {Cycles(cold.cycles()), EvidenceOf(cold.evidence()), cold.source()};
  }
  return prices;
}

SystemCallTable MakeSystemCallTable(const std::string& name, const schema::SyscallTable& config,
                                    KernelVersion kernel, bool x32) {
  DispatchTable bounds;
  bounds.base = config.base();
  bounds.entries = EntriesOf(name, config, kernel);
  bounds.x32_bit = config.x32_bit();
  bounds.x32_entries = x32 ? config.x32_entries() : 0;
  SystemCallTable table(bounds);
  for (const schema::SyscallNumber& call : config.call()) {
    if (call.has_since() && kernel < VersionOf(name, call.since())) continue;
    table.Add(call.number(), call.name(), call.x32());
  }
  return table;
}

}  // namespace biotope
