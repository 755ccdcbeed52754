#include "layers/syscall/entry_cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "sim/core/error.h"

namespace biotope {
namespace {

uint64_t CeilDivide(uint64_t dividend, uint64_t divisor) {
  return (dividend + divisor - 1) / divisor;
}

struct Limit {
  uint64_t cycles = 0;
  Evidence evidence = Evidence::kGuess;
};

// What the scarcest resource allows for the steps from `first` on.
Limit Scarcest(std::vector<const EntryStep*>::const_iterator first,
               std::vector<const EntryStep*>::const_iterator last, const EntryPrices& prices) {
  uint64_t uops = 0;
  uint64_t loads = 0;
  uint64_t stores = 0;
  uint64_t chain = 0;
  for (; first != last; ++first) {
    uops += (*first)->uops;
    loads += (*first)->loads;
    stores += (*first)->stores;
    chain += (*first)->chain;
  }
  const std::array<Limit, 4> limits = {{
      {CeilDivide(uops * 1000, prices.milliuops_per_cycle), prices.uops_evidence},
      {CeilDivide(loads, prices.loads_per_cycle), prices.loads_evidence},
      {CeilDivide(stores, prices.stores_per_cycle), prices.stores_evidence},
      {chain * prices.load_to_use_cycles, prices.load_to_use_evidence},
  }};
  return *std::max_element(limits.begin(), limits.end(),
                           [](const Limit& a, const Limit& b) { return a.cycles < b.cycles; });
}

// `total` in proportion to `weights` by the largest remainder, the first of equals first.
std::vector<uint64_t> Share(uint64_t total, const std::vector<uint64_t>& weights) {
  const uint64_t sum = std::accumulate(weights.begin(), weights.end(), uint64_t{0});
  std::vector<uint64_t> shares(weights.size());
  if (sum == 0) {
    shares.front() = total;
    return shares;
  }
  uint64_t left = total;
  for (size_t i = 0; i < weights.size(); ++i) {
    shares[i] = total * weights[i] / sum;
    left -= shares[i];
  }
  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return total * weights[a] % sum > total * weights[b] % sum;
  });
  for (size_t i = 0; i < left; ++i) ++shares[order[i]];
  return shares;
}

// Collects counted steps until something serialising ends their overlap.
class Segments {
 public:
  Segments(const EntryPrices& prices, EntryCost* cost) : prices_(prices), cost_(cost) {}

  void Add(const EntryStep& step, EntryPhase phase) {
    steps_.push_back(&step);
    cost_->lines.push_back(LineOf(step, phase));
  }

  void Flush() {
    if (steps_.empty()) return;
    const Limit limit = Scarcest(steps_.begin(), steps_.end(), prices_);
    std::vector<uint64_t> weights;
    for (const EntryStep* step : steps_) weights.push_back(step->uops);
    const std::vector<uint64_t> shares = Share(limit.cycles, weights);
    const size_t first = cost_->lines.size() - steps_.size();
    for (size_t i = 0; i < steps_.size(); ++i) {
      EntryCostLine& line = cost_->lines[first + i];
      line.cycles = Cycles(shares[i]);
      // Operations that were counted times what one of them takes: derived at best.
      line.evidence = steps_[i]->counts_guessed ? Evidence::kGuess
                                                : std::max(Evidence::kDerived, limit.evidence);
    }
    steps_.clear();
  }

  void Serialise(const EntryStep& step, EntryPhase phase) {
    Flush();
    const auto price = prices_.prices.find(step.cls);
    if (price == prices_.prices.end()) {
      throw ScenarioError(fmt::format(
          "processor {} has no price for {} (step \"{}\" of {}): add `price {{ class: "
          "\"{}\" cycles: … evidence: … }}` to its `entry`, or choose another processor",
          prices_.processor, step.cls, step.name, step.function, step.cls));
    }
    EntryCostLine line = LineOf(step, phase);
    line.cycles = price->second.cycles * step.count;
    line.evidence = price->second.evidence;
    cost_->lines.push_back(line);
  }

 private:
  static EntryCostLine LineOf(const EntryStep& step, EntryPhase phase) {
    return {step.name, step.function, step.cls, phase, step.counted(), Cycles(0), Evidence::kGuess};
  }

  const EntryPrices& prices_;
  EntryCost* cost_;
  std::vector<const EntryStep*> steps_;
};

// `fence`: nothing overlaps from one phase to the next.
EntryCost EvaluateSteps(const std::vector<SelectedStep>& steps, const EntryPrices& prices,
                        bool fence) {
  EntryCost cost;
  Segments segments(prices, &cost);
  EntryPhase phase = EntryPhase::kEntry;
  for (const SelectedStep& selected : steps) {
    if (fence && selected.phase != phase) segments.Flush();
    phase = selected.phase;
    if (selected.step->counted()) {
      segments.Add(*selected.step, phase);
    } else {
      segments.Serialise(*selected.step, phase);
    }
  }
  segments.Flush();
  return cost;
}

}  // namespace

Cycles EntryCost::Total() const {
  Cycles total;
  for (const EntryCostLine& line : lines) total += line.cycles;
  return total;
}

Cycles EntryCost::Of(EntryPhase phase) const {
  Cycles total;
  for (const EntryCostLine& line : lines) {
    if (line.phase == phase) total += line.cycles;
  }
  return total;
}

std::array<Cycles, kEvidenceCount> EntryCost::ByEvidence() const {
  std::array<Cycles, kEvidenceCount> by_evidence{};
  for (const EntryCostLine& line : lines) {
    by_evidence[static_cast<size_t>(line.evidence)] += line.cycles;
  }
  return by_evidence;
}

Cycles EntryCost::Counted() const {
  Cycles total;
  for (const EntryCostLine& line : lines) {
    if (line.counted) total += line.cycles;
  }
  return total;
}

EntryCost Evaluate(const std::vector<SelectedStep>& steps, const EntryPrices& prices) {
  return EvaluateSteps(steps, prices, false);
}

EntryCost EvaluateProgram(const EntryProgram& program, const EntryQuery& query,
                          const EntryPrices& prices) {
  return EvaluateSteps(SelectSteps(program, query), prices, query.handler.empty());
}

void AddColdStart(const std::string& state, const EntryPrices& prices, EntryCost* cost) {
  const auto price = prices.cold.find(state);
  if (price == prices.cold.end()) {
    std::string known;
    for (const auto& [name, unused] : prices.cold) known += (known.empty() ? "" : ", ") + name;
    throw ScenarioError(fmt::format("processor {} does not know the state \"{}\"; it knows: {}",
                                    prices.processor, state, known.empty() ? "none" : known));
  }
  cost->lines.push_back({fmt::format("cold start ({})", state), "", "", EntryPhase::kExit, false,
                         price->second.cycles, price->second.evidence});
}

}  // namespace biotope
