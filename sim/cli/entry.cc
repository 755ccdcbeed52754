#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/cli/options.h"
#include "sim/core/error.h"
#include "sim/scenario/shipped_profiles.h"
#include "sim/world/entry_catalog.h"
#include "sim/world/entry_report.h"

namespace biotope::cli {
namespace {

// What is asked about when nothing is: the kernel of the first scenarios.
constexpr char kDefaultKernel[] = "linux-2.6.11";
constexpr size_t kMostColumns = 16;

// A program with the flags that are on unless others are asked for, and those of them that follow
// from the kernel's version and stay on.
struct Candidate {
  EntryProgram program;
  std::set<std::string> flags;
  std::set<std::string> version_flags;
};

std::set<std::string> SplitFlags(const std::string& text) {
  std::set<std::string> flags;
  size_t begin = 0;
  while (begin <= text.size()) {
    const size_t end = std::min(text.find(',', begin), text.size());
    const std::string flag = text.substr(begin, end - begin);
    if (!flag.empty() && flag != "none") flags.insert(flag);
    begin = end + 1;
  }
  return flags;
}

// A version ("6.8", "linux-6.8"), or else the name of a kernel profile.
KernelVersion VersionOf(const std::string& kernel) {
  const std::string text = kernel.starts_with("linux-") ? kernel.substr(6) : kernel;
  const std::optional<KernelVersion> version = KernelVersion::Parse(text);
  if (version) return *version;
  throw Error(
      ExitCode::kUsage,
      fmt::format("--kernel {}: neither a version such as 6.8 nor a kernel profile", kernel));
}

std::vector<Candidate> ProgramsOfKernel(const EntryCatalog& catalog, const EntryCommand& options,
                                        const std::string& kernel) {
  std::vector<Candidate> candidates;
  KernelEntryChoice choice;
  if (catalog.HasKernel(kernel)) choice = catalog.Kernel(kernel);
  if (!choice.program.empty() && options.mechanisms.empty()) {
    const EntryProgram program = catalog.Program(choice.program);
    candidates.push_back({program, {choice.flags.begin(), choice.flags.end()}, {}});
    return candidates;
  }
  const KernelVersion version = VersionOf(kernel);
  for (EntryProgram& program : catalog.ProgramsOf(options.architecture, version)) {
    std::set<std::string> flags = program.FlagsOf(version);
    candidates.push_back({std::move(program), flags, flags});
  }
  if (candidates.empty()) {
    std::string known;
    for (const std::string& name : catalog.ProgramNames()) {
      known += fmt::format("\n  {} ({})", name, catalog.Program(name).kernels);
    }
    throw ScenarioError(fmt::format("no entry program for kernel {}; there are:{}", kernel, known));
  }
  return candidates;
}

std::vector<Candidate> Candidates(const EntryCatalog& catalog, const EntryCommand& options) {
  std::vector<Candidate> candidates;
  std::vector<std::string> kernels = options.kernels;
  const bool nothing_asked =
      options.cpus.empty() && options.mechanisms.empty() && options.architecture.empty();
  if (kernels.empty() && nothing_asked) kernels.push_back(kDefaultKernel);
  for (const std::string& kernel : kernels) {
    for (Candidate& candidate : ProgramsOfKernel(catalog, options, kernel)) {
      candidates.push_back(std::move(candidate));
    }
  }
  if (kernels.empty()) {
    for (const std::string& name : catalog.ProgramNames()) {
      candidates.push_back({catalog.Program(name), {}, {}});
    }
  }
  std::erase_if(candidates, [&](const Candidate& candidate) {
    const auto& wanted = options.mechanisms;
    const bool mechanism = wanted.empty() || std::find(wanted.begin(), wanted.end(),
                                                       candidate.program.mechanism) != wanted.end();
    const bool architecture =
        options.architecture.empty() || candidate.program.architecture == options.architecture;
    return !mechanism || !architecture;
  });
  if (candidates.empty()) {
    throw ScenarioError(
        "no entry program has this kernel, architecture and mechanism; "
        "`biotope list entries` lists them");
  }
  return candidates;
}

// Collects the columns; combinations that do not go together are left out as long as others do.
class Columns {
 public:
  Columns(const EntryCatalog& catalog, const EntryCommand& options)
      : catalog_(catalog), options_(options) {}

  void Add(const Candidate& candidate) {
    std::vector<std::string> mitigations = options_.mitigations;
    if (mitigations.empty()) mitigations.emplace_back();
    for (const std::string& text : mitigations) {
      EntryQuery query{options_.handler, candidate.flags};
      if (!text.empty()) {
        query.flags = SplitFlags(text);
        query.flags.insert(candidate.version_flags.begin(), candidate.version_flags.end());
      }
      AddProcessors(candidate.program, query);
    }
  }

  std::vector<EntryColumn> Take() {
    if (columns_.empty()) throw ScenarioError(first_error_);
    if (columns_.size() > kMostColumns) {
      throw Error(
          ExitCode::kUsage,
          fmt::format("{} columns; at most {} stand side by side. Narrow it down with --cpu, "
                      "--kernel or --mechanism",
                      columns_.size(), kMostColumns));
    }
    return std::move(columns_);
  }

 private:
  void AddProcessors(const EntryProgram& program, const EntryQuery& query) {
    const std::vector<std::string> cpus =
        options_.cpus.empty() ? catalog_.ProcessorNames() : options_.cpus;
    const size_t before = columns_.size();
    for (const std::string& cpu : cpus) Try(program, query, catalog_.Processor(cpu));
    // A program that no processor prices is shown as a list.
    if (options_.cpus.empty() && columns_.size() == before) Try(program, query, std::nullopt);
  }

  void Try(const EntryProgram& program, const EntryQuery& query,
           std::optional<EntryProcessor> processor) {
    try {
      columns_.push_back(MakeEntryColumn(program, query, options_.state, std::move(processor)));
    } catch (const ScenarioError& error) {
      if (first_error_.empty()) first_error_ = error.what();
    }
  }

  const EntryCatalog& catalog_;
  const EntryCommand& options_;
  std::vector<EntryColumn> columns_;
  std::string first_error_;
};

}  // namespace

int Entry(const EntryCommand& options) {
  const EntryCatalog catalog{ShippedProfiles()};
  Columns columns(catalog, options);
  for (const Candidate& candidate : Candidates(catalog, options)) columns.Add(candidate);
  const std::vector<EntryColumn> taken = columns.Take();
  std::fputs((options.json ? EntryJson(taken) : EntryText(taken)).c_str(), stdout);
  return 0;
}

}  // namespace biotope::cli
