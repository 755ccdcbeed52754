#ifndef BIOTOPE_LAYERS_SYSCALL_ENTRY_COST_H_
#define BIOTOPE_LAYERS_SYSCALL_ENTRY_COST_H_

#include <array>
#include <string>
#include <vector>

#include "layers/syscall/entry_prices.h"
#include "layers/syscall/entry_program.h"
#include "layers/syscall/evidence.h"
#include "sim/core/units.h"

namespace biotope {

// The model: serialising instructions cost what the processor's profile says. The code between two
// of them overlaps: it takes as long as the scarcest of issue slots, load ports, store ports and
// the chain of dependent loads, and this time is shared among its steps by their micro-operations.
// Only integers, so that equal inputs give equal cycles everywhere, and the total is the sum of the
// steps.

// One step with its price.
struct EntryCostLine {
  std::string name;
  std::string function;
  std::string cls;  // of a serialising instruction; empty: counted code, or a cold start
  EntryPhase phase = EntryPhase::kEntry;
  bool counted = false;
  Cycles cycles;
  // What the cycles rest on: the price of the instruction; of counted code that of the resource
  // which was the scarcest, but derived at best, and a guess if the counts are.
  Evidence evidence = Evidence::kGuess;
};

struct EntryCost {
  std::vector<EntryCostLine> lines;

  Cycles Total() const;
  Cycles Of(EntryPhase phase) const;
  // The cycles that rest on each kind of evidence.
  std::array<Cycles, kEvidenceCount> ByEvidence() const;
  // Those of counted code.
  Cycles Counted() const;
};

// Prices `steps`. Throws ScenarioError if the processor has no price for one of the instructions.
EntryCost Evaluate(const std::vector<SelectedStep>& steps, const EntryPrices& prices);

// The program with `query`. With a handler that is simulated elsewhere nothing overlaps across it.
EntryCost EvaluateProgram(const EntryProgram& program, const EntryQuery& query,
                          const EntryPrices& prices);

// Adds what a cold start costs in addition, as a line of its own. Throws ScenarioError if the
// processor's profile does not know the state.
void AddColdStart(const std::string& state, const EntryPrices& prices, EntryCost* cost);

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_SYSCALL_ENTRY_COST_H_
