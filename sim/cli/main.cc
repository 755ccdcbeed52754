// The command line of biotope. Only this file knows the argument parser.

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <string>

#include "sim/cli/options.h"
#include "sim/core/error.h"
#include "sim/scenario/suggest.h"

namespace biotope::cli {
namespace {

// One line for each command of `help`, with the option values that it fills and what it does.
class CommandLine {
 public:
  CommandLine();
  int Main(int argc, char** argv);

 private:
  CLI::App* Add(const char* name, const char* description, std::function<int()> action);
  void AddRun();
  void AddSweep();
  void AddValidate();
  void AddQuestions();
  void AddExports();
  void AddScore();
  void AddEntry();
  void AddVerify();
  int Usage(const CLI::ParseError& error, int argc, char** argv);
  void SuggestCommand(int argc, char** argv) const;
  const CLI::App* FindCommand(const std::string& name) const;

  CLI::App app_{"biotope simulates the Linux storage stack, from read() to the platter.",
                "biotope"};
  std::function<int()> action_;
  GlobalOptions global_;
  RunCommand run_;
  SweepCommand sweep_;
  MergeCommand merge_;
  ValidateCommand validate_;
  DescribeCommand describe_;
  ListCommand list_;
  TraceCommand trace_;
  PlotCommand plot_;
  ScoreCommand score_;
  VerifyCommand verify_;
  VersionCommand version_;
  EntryCommand entry_;
  MeasureCommand measure_;
  std::string help_topic_;
};

CommandLine::CommandLine() {
  app_.require_subcommand(1);
  app_.fallthrough();
  app_.add_flag_function(
      "-v,--verbose", [this](int64_t count) { global_.verbosity = static_cast<int>(count); },
      "Say more on standard error; -vv even more");
  app_.add_flag_function(
      "-q,--quiet", [this](int64_t) { global_.verbosity = -1; }, "Only errors on standard error");
  app_.add_option("--color", global_.color, "Colour on standard error: always, never or auto")
      ->check(CLI::IsMember({"always", "never", "auto"}));
  AddRun();
  AddSweep();
  AddValidate();
  AddQuestions();
  AddExports();
  AddScore();
  AddEntry();
  AddVerify();
  app_.footer(
      "Exit codes: 0 ok, 1 the simulation failed, 2 usage, 3 invalid scenario, 4 environment,\n"
      "5 a sweep with failed points, 130 interrupted. `biotope COMMAND --help` tells more about a "
      "command.");
}

CLI::App* CommandLine::Add(const char* name, const char* description, std::function<int()> action) {
  CLI::App* command = app_.add_subcommand(name, description);
  command->callback([this, action = std::move(action)] { action_ = action; });
  return command;
}

void CommandLine::AddRun() {
  CLI::App* run = Add("run", "Run a scenario and tell where the time goes",
                      [this] { return Run(run_, global_); });
  run->add_option("SCENARIO", run_.scenario, "Scenario file (.textproto)")->required();
  run->add_option("--set", run_.sets, "Override a field: PATH=VALUE; may be repeated")
      ->take_all()
      ->allow_extra_args(false);
  run->add_option("-o,--output", run_.output_dir, "Write the run directory DIR");
  run->add_option("--seed", run_.seed, "Seed of every random choice");
  run->add_option("--output-format", run_.output_format, "Of standard output: text or json")
      ->check(CLI::IsMember({"text", "json"}));
  run->add_option("--events", run_.events,
                  "Keep the event stream in the run directory: all or none")
      ->check(CLI::IsMember({"all", "none"}));
  run->add_option("--engine", run_.engine,
                  "Back end of the engine: fast-forward, shim or public. Results are the same")
      ->check(CLI::IsMember({"fast-forward", "shim", "public"}));
}

void CommandLine::AddSweep() {
  CLI::App* sweep = Add("sweep", "Run a scenario with many values of its fields",
                        [this] { return Sweep(sweep_, global_); });
  sweep->add_option("SWEEP", sweep_.sweep, "Sweep file (.textproto)")->required();
  sweep->add_option("-o,--output", sweep_.output_dir, "Directory of the points and the results")
      ->required();
  sweep->add_option("-j,--jobs", sweep_.jobs, "Worker processes. Default: one per processor")
      ->check(CLI::Range(1, 4096));
  sweep->add_flag("--resume", sweep_.resume, "Continue a sweep: run only what is missing");
  sweep->add_option("--shard", sweep_.shard,
                    "I/N: only every N-th point, from point I; I is 0 to N-1");
  sweep
      ->add_option("--executor", sweep_.executor,
                   "local, or slurm: as a job array of a Slurm cluster")
      ->check(CLI::IsMember({"local", "slurm"}));
  CLI::App* merge = Add("merge", "Join the shards of a sweep", [this] { return Merge(merge_); });
  merge->add_option("DIR", merge_.shards, "Directories of the shards")->required();
  merge->add_option("-o,--output", merge_.output_dir, "Directory of the whole sweep")->required();
}

void CommandLine::AddValidate() {
  CLI::App* validate = Add("validate", "Check scenarios without running them",
                           [this] { return Validate(validate_); });
  validate->alias("lint");
  validate->add_option("SCENARIO", validate_.scenarios, "Scenario files")->required();
  validate->add_option("--set", validate_.sets, "Override a field: PATH=VALUE; may be repeated")
      ->take_all()
      ->allow_extra_args(false);
}

void CommandLine::AddQuestions() {
  CLI::App* describe = Add("describe", "Explain a field of the scenario language",
                           [this] { return Describe(describe_); });
  describe->add_option("FIELD", describe_.field,
                       "Path of the field, such as process.fio.bs. Default: the whole scenario");
  CLI::App* list = Add("list", "List what scenarios can name", [this] { return List(list_); });
  list->add_option("WHAT", list_.what,
                   "kernels, cpus, devices, io-schedulers, layers, entries or plots")
      ->required();
  CLI::App* version = Add("version", "Print the version", [this] { return Version(version_); });
  version->add_flag("--json", version_.json, "As JSON");
  CLI::App* help = Add("help", "Explain a command", [this] {
    const CLI::App* topic = help_topic_.empty() ? &app_ : FindCommand(help_topic_);
    if (topic == nullptr) {
      throw Error(ExitCode::kUsage,
                  "no command \"" + help_topic_ + "\"; `biotope help` lists them");
    }
    std::fputs(topic->help().c_str(), stdout);
    return 0;
  });
  help->add_option("COMMAND", help_topic_, "The command");
}

// Null: there is none.
const CLI::App* CommandLine::FindCommand(const std::string& name) const {
  for (const CLI::App* command : app_.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == name) return command;
  }
  return nullptr;
}

void CommandLine::AddExports() {
  CLI::App* trace = Add("trace", "Export the events of a run", [this] { return Trace(trace_); });
  trace->add_option("DIR", trace_.run_dir, "Run directory")->required();
  trace->add_option("--format", trace_.format, "blktrace")
      ->required()
      ->check(CLI::IsMember({"blktrace"}));
  trace->add_option("-o,--output", trace_.output, "NAME: writes NAME.blktrace.0, …")->required();
  CLI::App* plot = Add("plot", "Draw results of runs", [this] { return Plot(plot_); });
  plot->add_option("KIND", plot_.kind, "percentiles")->required();
  plot->add_option("DIR", plot_.run_dirs, "Run directories, overlaid")->required();
  plot->add_option("-o,--output", plot_.output, "Figure: .svg, .png, .pdf or .tex")->required();
}

void CommandLine::AddEntry() {
  CLI::App* entry = Add("entry", "Price the way into the kernel and out of it, step by step",
                        [this] { return Entry(entry_); });
  entry->add_option("--cpu", entry_.cpus, "Processor profiles. Default: all that have the prices")
      ->delimiter(',');
  entry->add_option("--kernel", entry_.kernels, "Versions (6.8) or kernel profiles")
      ->delimiter(',');
  entry->add_option("--mechanism", entry_.mechanisms, "int80, sysenter, syscall, svc, break")
      ->delimiter(',');
  entry->add_option("--arch", entry_.architecture, "i386, x86_64, arm64 or ia64");
  entry
      ->add_option("--mitigations", entry_.mitigations,
                   "Flags that are on, a,b,c or none; repeated: one column for each")
      ->take_all()
      ->allow_extra_args(false);
  entry->add_option("--handler", entry_.handler, "The call: getppid, enosys, none, ...");
  entry->add_option("--state", entry_.state, "hot, or a cold start: l1, l2, llc, idle, first");
  entry->add_flag("--json", entry_.json, "As JSON");
  CLI::App* measure = Add("measure", "Measure null system calls here and print a CPU profile",
                          [this] { return Measure(measure_); });
  measure->add_option("--like", measure_.like, "Profile to take from what cannot be measured");
}

void CommandLine::AddScore() {
  CLI::App* score = Add("score", "Compare a disk model with a trace of measured response times",
                        [this] { return Score(score_); });
  score->add_option("TRACE", score_.trace, "Trace with measured response times")->required();
  score
      ->add_option("--device", score_.device,
                   "Shipped device profile, or a directory with the tables of a drive")
      ->required();
  score->add_option(
      "--format", score_.format,
      "Of the trace: validation, disksim, msr, fio or blktrace. Default: as it looks");
  score
      ->add_option("--caches", score_.caches,
                   "The cache of a drive given by its directory: on or off")
      ->check(CLI::IsMember({"on", "off"}));
  score->add_option("-o,--output", score_.output, "Figure: .svg, .png, .pdf or .tex");
}

void CommandLine::AddVerify() {
  CLI::App* verify = Add("verify", "Compare with recordings of a real kernel, request by request",
                         [this] { return Verify(verify_, global_); });
  verify->add_option("CASE_DIR", verify_.cases, "Recorded cases, or folders of them")->required();
  verify->add_option(
      "--images", verify_.images,
      "Where the file-system images are. Default: the images folder beside the cases");
}

int CommandLine::Usage(const CLI::ParseError& error, int argc, char** argv) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    return app_.exit(error);  // --help
  }
  std::fprintf(stderr, "biotope: %s\n", error.what());
  SuggestCommand(argc, argv);
  std::fputs("`biotope --help` lists commands and options.\n", stderr);
  return static_cast<int>(ExitCode::kUsage);
}

void CommandLine::SuggestCommand(int argc, char** argv) const {
  std::vector<std::string> names;
  for (const CLI::App* command : app_.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.starts_with("-")) continue;
    const std::string suggestion = Nearest(word, names);
    if (!suggestion.empty() && suggestion != word) {
      std::fprintf(stderr, "did you mean \"%s\"?\n", suggestion.c_str());
    }
    return;
  }
}

void SetUpLogging(const GlobalOptions& global) {
  const bool plain = global.color == "never" ||
                     (global.color == "auto" &&
                      (std::getenv("NO_COLOR") != nullptr || isatty(STDERR_FILENO) == 0));
  auto logger = spdlog::stderr_color_st(
      "biotope", plain ? spdlog::color_mode::never : spdlog::color_mode::always);
  logger->set_pattern("biotope: %^%l%$: %v");
  logger->set_level(global.verbosity < 0   ? spdlog::level::err
                    : global.verbosity > 0 ? spdlog::level::debug
                                           : spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

int CommandLine::Main(int argc, char** argv) {
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return Usage(error, argc, argv);
  }
  SetUpLogging(global_);
  try {
    const int code = action_();
    if (std::fflush(stdout) != 0) throw EnvironmentError("standard output: cannot be written");
    return code;
  } catch (const ScenarioError& error) {
    // Its message has the form of a compiler's, with file and line.
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.code());
  } catch (const Error& error) {
    std::fprintf(stderr, "biotope: error: %s\n", error.what());
    return static_cast<int>(error.code());
  } catch (const std::bad_alloc&) {
    std::fputs("biotope: error: out of memory\n", stderr);
    return static_cast<int>(ExitCode::kEnvironment);
  }
}

}  // namespace
}  // namespace biotope::cli

int main(int argc, char** argv) { return biotope::cli::CommandLine().Main(argc, argv); }
