#ifndef BIOTOPE_LAYERS_SYSCALL_ENTRY_PRICES_H_
#define BIOTOPE_LAYERS_SYSCALL_ENTRY_PRICES_H_

#include <cstdint>
#include <map>
#include <string>

#include "layers/syscall/evidence.h"
#include "sim/core/units.h"

namespace biotope {

// What a processor takes for the steps of entry programs. schema.EntryPrices says more.
struct EntryPrices {
  // How far the figures were compared with measured totals.
  enum class Status : uint8_t { kValidated, kReported, kCalibrated, kUnvalidated };

  struct Price {
    Cycles cycles;
    Evidence evidence = Evidence::kGuess;
    std::string source;
  };

  std::string processor;  // name of its profile
  Status status = Status::kUnvalidated;
  std::string validation;  // what `status` rests on

  // Counted code.
  uint32_t milliuops_per_cycle = 1000;
  uint32_t loads_per_cycle = 1;
  uint32_t stores_per_cycle = 1;
  uint32_t load_to_use_cycles = 1;
  Evidence uops_evidence = Evidence::kGuess;
  Evidence loads_evidence = Evidence::kGuess;
  Evidence stores_evidence = Evidence::kGuess;
  Evidence load_to_use_evidence = Evidence::kGuess;

  // Serialising instructions, by class.
  std::map<std::string, Price, std::less<>> prices;
  // In addition for a whole call in a cold state.
  std::map<std::string, Price, std::less<>> cold;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_SYSCALL_ENTRY_PRICES_H_
