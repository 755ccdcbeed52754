#include "sim/world/entry_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "configs/schema/cpu.pb.h"
#include "configs/schema/entry.pb.h"
#include "configs/schema/kernel.pb.h"
#include "sim/core/error.h"
#include "sim/scenario/check_rules.h"
#include "sim/scenario/diagnostic.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/source_text.h"
#include "sim/scenario/suggest.h"
#include "sim/scenario/text_parser.h"
#include "sim/world/make_entry.h"

namespace biotope {
namespace {

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

}  // namespace

std::vector<std::string> EntryCatalog::Names(const std::string& folder) const {
  std::vector<std::string> names;
  for (const ProfileFile& file : files_) {
    if (file.folder == folder) names.push_back(file.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

const ProfileFile& EntryCatalog::File(const std::string& folder, const std::string& name,
                                      const std::string& what) const {
  const auto found = std::find_if(files_.begin(), files_.end(), [&](const ProfileFile& file) {
    return file.folder == folder && file.name == name;
  });
  if (found != files_.end()) return *found;
  const std::vector<std::string> names = Names(folder);
  throw ScenarioError(fmt::format("there is no {} \"{}\"{} ({})", what, name,
                                  DidYouMean(name, names), Joined(names)));
}

// A file as a message that obeys the rules of its schema.
template <class M>
M EntryCatalog::Read(const std::string& folder, const std::string& name,
                     const std::string& what) const {
  const InputFile& file = File(folder, name, what).file;
  M message;
  const std::optional<Diagnostic> error =
      ParseText(SourceText::File(file.path, file.contents), &message, nullptr);
  if (error) throw ScenarioError(Render({*error}));
  const std::vector<Problem> problems = CheckRules(message, "", {});
  if (!problems.empty()) {
    throw ScenarioError(fmt::format("{}: error: {}", file.path, problems.front().message));
  }
  return message;
}

EntryProgram EntryCatalog::Program(const std::string& name) const {
  const auto config = Read<schema::EntryProgram>("entries", name, "entry program");
  if (config.handlers().empty()) return MakeEntryProgram(name, config, nullptr);
  const auto handlers = Read<schema::HandlerSet>("handlers", config.handlers(), "handler set");
  return MakeEntryProgram(name, config, &handlers);
}

EntryProcessor EntryCatalog::Processor(const std::string& name) const {
  const auto config = Read<Cpu>("cpus", name, "processor");
  return {name, config.model(), config.frequency_khz(), MakeEntryPrices(name, config.entry())};
}

SystemCallTable EntryCatalog::Table(const std::string& architecture, KernelVersion kernel,
                                    bool x32) const {
  const auto config = Read<schema::SyscallTable>("syscalls", architecture, "system-call table of");
  return MakeSystemCallTable(architecture, config, kernel, x32);
}

bool EntryCatalog::HasKernel(const std::string& profile) const {
  const std::vector<std::string> names = Names("kernels");
  return std::find(names.begin(), names.end(), profile) != names.end();
}

KernelEntryChoice EntryCatalog::Kernel(const std::string& profile) const {
  const auto config = Read<biotope::Kernel>("kernels", profile, "kernel");
  return {config.entry().program(), {config.entry().flag().begin(), config.entry().flag().end()}};
}

std::vector<EntryProgram> EntryCatalog::ProgramsOf(const std::string& architecture,
                                                   KernelVersion kernel) const {
  std::vector<EntryProgram> programs;
  for (const std::string& name : ProgramNames()) {
    EntryProgram program = Program(name);
    if (!architecture.empty() && program.architecture != architecture) continue;
    if (kernel < program.first_kernel || program.last_kernel < kernel) continue;
    programs.push_back(std::move(program));
  }
  return programs;
}

}  // namespace biotope
