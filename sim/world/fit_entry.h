#ifndef BIOTOPE_SIM_WORLD_FIT_ENTRY_H_
#define BIOTOPE_SIM_WORLD_FIT_ENTRY_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "layers/syscall/entry_prices.h"
#include "layers/syscall/entry_program.h"
#include "sim/core/units.h"
#include "sim/world/entry_catalog.h"

namespace biotope {

// A null system call as it was measured.
struct MeasuredCall {
  std::string handler;  // of the program
  Cycles cycles;        // core cycles of one
  uint64_t picoseconds = 0;
};

// Prices that meet a measured call.
struct EntryFit {
  EntryPrices prices;
  std::string program;
  std::set<std::string> flags;
  std::vector<std::string> fitted;  // classes whose price was fitted
  struct Check {
    MeasuredCall measured;
    Cycles model;
    bool used = false;  // for fitting, so that it says nothing about the model
  };
  std::vector<Check> checks;
};

// Fits the serialising instructions of `program` to measured calls, starting from the prices
// `like`: the first call fixes the sum of those that it executes, which are scaled together; if
// returns are thunks, the difference of the second call to the first fixes their price. The other
// calls are held out. The program must have the handlers; throws ScenarioError if `like` does not
// price it, or if the first call is shorter than its counted code.
EntryFit FitEntry(const EntryProgram& program, const std::set<std::string>& flags,
                  const EntryPrices& like, const std::vector<MeasuredCall>& calls);

// The fit as a CPU profile. The costs that were not measured are left for its user to fill in.
std::string FittedProfileText(const EntryFit& fit, const EntryProcessor& like,
                              const std::string& model, uint32_t frequency_khz);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_FIT_ENTRY_H_
