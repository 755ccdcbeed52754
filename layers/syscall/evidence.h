#ifndef BIOTOPE_LAYERS_SYSCALL_EVIDENCE_H_
#define BIOTOPE_LAYERS_SYSCALL_EVIDENCE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace biotope {

// What a figure rests on, from the best to the worst. schema.Evidence says more.
enum class Evidence : uint8_t { kMeasured, kPublished, kDerived, kRecalled, kGuess };

inline constexpr size_t kEvidenceCount = 5;

inline constexpr std::array<std::string_view, kEvidenceCount> kEvidenceNames = {
    "measured", "published", "derived", "recalled", "guess"};

constexpr std::string_view EvidenceName(Evidence evidence) {
  return kEvidenceNames[static_cast<size_t>(evidence)];
}

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_SYSCALL_EVIDENCE_H_
