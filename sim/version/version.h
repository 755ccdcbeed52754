#ifndef BIOTOPE_SIM_VERSION_VERSION_H_
#define BIOTOPE_SIM_VERSION_VERSION_H_

#include <string_view>

namespace biotope {

// Which program this is. For `biotope version` and the manifest of a run, never for results: those
// must not change with the commit.

// "0.1.0": sim/version/VERSION.
std::string_view Version();

// The full hash of the git commit, or "unknown" when built from an archive.
std::string_view Commit();

// Whether the source differed from that commit. False when the commit is unknown.
bool Dirty();

// "opt" or "dbg" (Bazel's compilation mode), with "+asan" when built with the address sanitizer.
std::string_view BuildMode();

}  // namespace biotope

#endif  // BIOTOPE_SIM_VERSION_VERSION_H_
