#ifndef BIOTOPE_SIM_CPU_COST_TABLE_H_
#define BIOTOPE_SIM_CPU_COST_TABLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "sim/core/units.h"

namespace biotope {

// What one kernel function, or one hardware event, costs on the declared processor: its own work
// without that of the functions it calls.
struct FunctionCost {
  uint32_t cycles = 0;                // for each execution
  uint32_t millicycles_per_unit = 0;  // and for each unit (byte, page, block) that it works on

  Cycles For(uint64_t units) const {
    return Cycles(cycles + (uint64_t{millicycles_per_unit} * units + 500) / 1000);
  }
};

// The costs of a scenario by the kernel's function names, from its kernel and CPU profiles. Layers
// look their functions up once, when they are built.
class CostTable {
 public:
  void Set(const std::string& function, FunctionCost cost) { costs_[function] = cost; }

  // Throws ScenarioError if the profiles have no such entry.
  FunctionCost Get(std::string_view function) const;

 private:
  std::map<std::string, FunctionCost, std::less<>> costs_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_CPU_COST_TABLE_H_
