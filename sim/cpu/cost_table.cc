#include "sim/cpu/cost_table.h"

#include <fmt/format.h>

#include "sim/core/error.h"

namespace biotope {

FunctionCost CostTable::Get(std::string_view function) const {
  const auto found = costs_.find(function);
  if (found != costs_.end()) return found->second;
  throw ScenarioError(
      fmt::format("no cost for \"{0}\" in the kernel and CPU profiles; add "
                  "`cost {{ function: \"{0}\" cycles: … source: … }}` to kernel or machine.cpu",
                  function));
}

}  // namespace biotope
