#include "sim/world/fit_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include "layers/syscall/entry_cost.h"
#include "sim/core/check.h"
#include "sim/core/error.h"

namespace biotope {
namespace {

// Return thunks and retpolines stand in the code, not at the door: they are not part of its sum.
constexpr char kReturnThunk[] = "SAFERET";
constexpr char kRetpoline[] = "RETPOLINE";

bool AtTheDoor(const std::string& cls) {
  return !cls.empty() && cls != kReturnThunk && cls != kRetpoline;
}

EntryCost CostOf(const EntryProgram& program, const std::set<std::string>& flags,
                 const EntryPrices& prices, const std::string& handler) {
  return EvaluateProgram(program, {handler, flags}, prices);
}

// How often each class at the door is executed, with its price so far.
std::map<std::string, uint64_t> DoorCycles(const EntryCost& cost) {
  std::map<std::string, uint64_t> cycles;
  for (const EntryCostLine& line : cost.lines) {
    if (AtTheDoor(line.cls)) cycles[line.cls] += line.cycles.value();
  }
  return cycles;
}

// The price of a thunk, from a call that executes more of them than another.
void FitReturnThunk(const EntryProgram& program, const std::set<std::string>& flags,
                    const std::vector<MeasuredCall>& calls, EntryFit* fit) {
  const auto thunks = [&](const EntryCost& cost) {
    return static_cast<uint64_t>(
        std::count_if(cost.lines.begin(), cost.lines.end(),
                      [](const EntryCostLine& line) { return line.cls == kReturnThunk; }));
  };
  const EntryCost first = CostOf(program, flags, fit->prices, calls[0].handler);
  const EntryCost second = CostOf(program, flags, fit->prices, calls[1].handler);
  const uint64_t more = thunks(second) - std::min(thunks(second), thunks(first));
  if (more == 0 || calls[1].cycles <= calls[0].cycles) return;
  Cycles& price = fit->prices.prices[kReturnThunk].cycles;
  // What the second call executes in addition beside the thunks.
  const uint64_t other = second.Total().value() - first.Total().value() - more * price.value();
  const uint64_t difference = (calls[1].cycles - calls[0].cycles).value();
  if (difference <= other) return;
  price = Cycles((difference - other) / more);
  fit->prices.prices[kReturnThunk].evidence = Evidence::kDerived;
  fit->fitted.emplace_back(kReturnThunk);
  fit->checks[1].used = true;
}

void FitDoor(const EntryProgram& program, const std::set<std::string>& flags,
             const MeasuredCall& call, EntryFit* fit) {
  const EntryCost cost = CostOf(program, flags, fit->prices, call.handler);
  const std::map<std::string, uint64_t> door = DoorCycles(cost);
  uint64_t sum = 0;
  for (const auto& [cls, cycles] : door) sum += cycles;
  const uint64_t rest = cost.Total().value() - sum;
  if (call.cycles.value() <= rest || sum == 0) {
    throw ScenarioError(
        fmt::format("the measured {} cycles are less than the {} of the counted code: the clock or "
                    "the kernel's "
                    "program is not what it is taken for",
                    call.cycles.value(), rest));
  }
  const uint64_t target = call.cycles.value() - rest;
  for (const auto& [cls, cycles] : door) {
    EntryPrices::Price& price = fit->prices.prices[cls];
    price.cycles = Cycles((price.cycles.value() * target + sum / 2) / sum);
    price.evidence = Evidence::kDerived;
    price.source = "fitted together with the others to one null call; only the sum is evidence";
    fit->fitted.push_back(cls);
  }
  fit->checks[0].used = true;
}

std::string EvidenceWord(Evidence evidence) {
  std::string word(EvidenceName(evidence));
  for (char& c : word) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return word;
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

// Where a price that was not fitted comes from.
std::string SourceOf(const EntryFit& fit, const std::string& cls, const EntryPrices::Price& price,
                     const EntryProcessor& like) {
  if (std::find(fit.fitted.begin(), fit.fitted.end(), cls) != fit.fitted.end()) {
    return price.source.empty() || cls == kReturnThunk ? "difference of two null calls"
                                                       : price.source;
  }
  return fmt::format("guess: taken from {}", like.name);
}

std::string ChecksText(const EntryFit& fit) {
  std::string text =
      fmt::format("# {:<10} {:>10} {:>8} {:>8} {:>8}\n", "call", "ns", "cycles", "model", "error");
  for (const EntryFit::Check& check : fit.checks) {
    const double measured = static_cast<double>(check.measured.cycles.value());
    const double model = static_cast<double>(check.model.value());
    text += fmt::format("# {:<10} {:>10.1f} {:>8} {:>8} {:>+7.1f}%{}\n", check.measured.handler,
                        static_cast<double>(check.measured.picoseconds) / 1000,
                        check.measured.cycles.value(), check.model.value(),
                        (model - measured) * 100 / measured, check.used ? "  (fitted)" : "");
  }
  return text;
}

}  // namespace

EntryFit FitEntry(const EntryProgram& program, const std::set<std::string>& flags,
                  const EntryPrices& like, const std::vector<MeasuredCall>& calls) {
  BIOTOPE_CHECK(calls.size() >= 2, "a fit needs two calls");
  EntryFit fit;
  fit.prices = like;
  fit.program = program.name;
  fit.flags = flags;
  for (const MeasuredCall& call : calls) fit.checks.push_back({call, Cycles(0), false});
  FitReturnThunk(program, flags, calls, &fit);
  FitDoor(program, flags, calls[0], &fit);
  for (EntryFit::Check& check : fit.checks) {
    check.model = CostOf(program, flags, fit.prices, check.measured.handler).Total();
  }
  return fit;
}

std::string FittedProfileText(const EntryFit& fit, const EntryProcessor& like,
                              const std::string& model, uint32_t frequency_khz) {
  std::string flags;
  for (const std::string& flag : fit.flags) flags += (flags.empty() ? "" : ", ") + flag;
  std::string text = "# proto-file: configs/schema/cpu.proto\n# proto-message: biotope.Cpu\n#\n";
  text += "# Measured by `biotope measure`. What could not be measured is a guess, taken from " +
          like.name + ".\n# A scenario also needs the `cost` entries of a CPU profile; copy them " +
          "from the nearest one.\n#\n";
  text += fmt::format("# Program {}, flags {}.\n", fit.program, flags.empty() ? "none" : flags);
  text += ChecksText(fit) + "\n";
  text += fmt::format("model: {}\nfrequency_khz: {}\nsource: \"clock: measured under load\"\n\n",
                      Quoted(model), frequency_khz);
  const EntryPrices& prices = fit.prices;
  text += fmt::format(
      "entry {{\n  status: CALIBRATED\n  validation: \"fitted to null calls of this machine\"\n"
      "  milliuops_per_cycle: {}\n  loads_per_cycle: {}\n  stores_per_cycle: {}\n"
      "  load_to_use_cycles: {}\n  uops_evidence: GUESS\n  loads_evidence: GUESS\n"
      "  stores_evidence: GUESS\n  load_to_use_evidence: GUESS\n",
      prices.milliuops_per_cycle, prices.loads_per_cycle, prices.stores_per_cycle,
      prices.load_to_use_cycles);
  for (const auto& [cls, price] : prices.prices) {
    const std::string source = SourceOf(fit, cls, price, like);
    const bool guess = source.starts_with("guess");
    text += fmt::format(
        "  price {{\n    class: \"{}\"\n    cycles: {}\n    evidence: {}\n    source: {}\n  }}\n",
        cls, price.cycles.value(), EvidenceWord(guess ? Evidence::kGuess : price.evidence),
        Quoted(source));
  }
  return text + "}\n";
}

}  // namespace biotope
