#ifndef BIOTOPE_SIM_WORLD_ENTRY_REPORT_H_
#define BIOTOPE_SIM_WORLD_ENTRY_REPORT_H_

#include <optional>
#include <string>
#include <vector>

#include "layers/syscall/entry_cost.h"
#include "layers/syscall/entry_program.h"
#include "sim/world/entry_catalog.h"

namespace biotope {

// A program with a choice of flags and handler on a processor: one column of the step table.
struct EntryColumn {
  EntryProgram program;
  EntryQuery query;                         // with a handler of the program
  std::string state;                        // "hot", or a cold start
  std::optional<EntryProcessor> processor;  // nothing: a list of steps without prices
  EntryCost cost;                           // if there is a processor
};

// Throws ScenarioError if the processor does not price the program, or the program does not have a
// flag or the handler.
EntryColumn MakeEntryColumn(EntryProgram program, EntryQuery query, const std::string& state,
                            std::optional<EntryProcessor> processor);

// The step table: every step with its cycles and what they rest on, the sums, and the share of them
// that rests on guesses. Several columns stand side by side, steps of the same name in one row.
std::string EntryText(const std::vector<EntryColumn>& columns);

// The same as JSON: an array with an object for each column.
std::string EntryJson(const std::vector<EntryColumn>& columns);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_ENTRY_REPORT_H_
