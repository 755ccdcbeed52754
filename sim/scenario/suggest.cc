#include "sim/scenario/suggest.h"

#include <fmt/format.h>

#include <algorithm>

namespace biotope {
namespace {

// Nobody means a longer word; this keeps the work small for whatever stands in a file.
constexpr size_t kLongestWord = 64;

// As many characters must a word have before a candidate that begins with it is taken for it.
constexpr size_t kShortestPrefix = 3;

char Fold(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return c == '-' ? '_' : c;
}

std::string Fold(std::string_view text) {
  std::string result;
  for (const char c : text) result.push_back(Fold(c));
  return result;
}

// Edits that are still a slip of the pen in a word of `length` characters.
size_t Tolerance(size_t length) { return std::max<size_t>(1, length / 3); }

}  // namespace

size_t EditDistance(std::string_view a, std::string_view b) {
  const std::string from = Fold(a);
  const std::string to = Fold(b);
  // Rows i-2, i-1 and i of the table whose (i, j) is the distance of the first i and j characters.
  std::vector<size_t> before_last(to.size() + 1);
  std::vector<size_t> last(to.size() + 1);
  std::vector<size_t> row(to.size() + 1);
  for (size_t j = 0; j <= to.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= from.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (size_t j = 1; j <= to.size(); ++j) {
      const size_t replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[to.size()];
}

std::string Nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > kLongestWord) return "";
  std::string best;
  size_t best_distance = Tolerance(word.size()) + 1;
  for (const std::string& candidate : candidates) {
    const size_t distance = EditDistance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  if (!best.empty() || word.size() < kShortestPrefix) return best;
  const auto begins = [&](const std::string& candidate) {
    return Fold(candidate).starts_with(Fold(word));
  };
  const auto found = std::find_if(candidates.begin(), candidates.end(), begins);
  return found == candidates.end() ? "" : *found;
}

std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string nearest = Nearest(word, candidates);
  return nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest);
}

}  // namespace biotope
