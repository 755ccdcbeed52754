#include "sim/verify/block_event.h"

#include <fmt/format.h>

namespace biotope {

std::string ToText(const BlockEvent& event) {
  std::string text = event.kind;
  if (!event.rw.empty()) text += " " + event.rw;
  if (event.sector) {
    text += fmt::format(" {}+{}", *event.sector, event.sectors.value_or(0));
  } else if (event.sectors) {
    text += fmt::format(" ({})", *event.sectors);
  }
  if (event.operation) text += fmt::format(", operation {}", *event.operation);
  return text;
}

}  // namespace biotope
