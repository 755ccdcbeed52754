#ifndef BIOTOPE_SIM_VERIFY_BLOCK_EVENT_H_
#define BIOTOPE_SIM_VERIFY_BLOCK_EVENT_H_

#include <cstdint>
#include <optional>
#include <string>

namespace biotope {

// One event of the block layer, recorded or simulated, as far as the two can be compared.
struct BlockEvent {
  std::string kind;                   // blktrace's letters: Q, P, G, M, F, MM, X, I, U, UT, D, C
  std::string rw;                     // direction and flags: R, RA, RM, RS, W, ...
  std::optional<uint64_t> sector;     // none for P and U
  std::optional<uint64_t> sectors;    // of U: requests, where the recorder tells them
  std::optional<uint32_t> operation;  // the operation during which it happened
  bool in_task = false;               // in the context of a process of the case

  friend bool operator==(const BlockEvent&, const BlockEvent&) = default;
};

// "Q R 4424+80, operation 3".
std::string ToText(const BlockEvent& event);

}  // namespace biotope

#endif  // BIOTOPE_SIM_VERIFY_BLOCK_EVENT_H_
