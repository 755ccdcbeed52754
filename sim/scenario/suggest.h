#ifndef BIOTOPE_SIM_SCENARIO_SUGGEST_H_
#define BIOTOPE_SIM_SCENARIO_SUGGEST_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace biotope {

// The number of letters to insert, remove, replace, or swap with their neighbour, that turns one
// word into the other. Case does not count, and '-' is the same as '_'.
size_t EditDistance(std::string_view a, std::string_view b);

// The candidate that `word` was probably meant to be; empty if none is near. The first of equals
// wins.
std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);

// `; did you mean "x"?`, or nothing.
std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_SUGGEST_H_
