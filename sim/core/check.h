#ifndef BIOTOPE_SIM_CORE_CHECK_H_
#define BIOTOPE_SIM_CORE_CHECK_H_

#include <fmt/format.h>

#include <string>

namespace biotope::internal {

// Prints the failed condition and the message to standard error and aborts.
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition,
                              const std::string& message);

}  // namespace biotope::internal

// An invariant of ours, checked in release builds too. Never for bad input: that is an Error.
//   BIOTOPE_CHECK(bio.sector_count > 0, "bio {} is empty", bio.id);
#define BIOTOPE_CHECK(condition, ...)                                  \
  do {                                                                 \
    if (!(condition)) [[unlikely]] {                                   \
      ::biotope::internal::CheckFailed(__FILE__, __LINE__, #condition, \
                                       ::fmt::format(__VA_ARGS__));    \
    }                                                                  \
  } while (false)

#endif  // BIOTOPE_SIM_CORE_CHECK_H_
