#ifndef BIOTOPE_SIM_SCENARIO_PROFILE_H_
#define BIOTOPE_SIM_SCENARIO_PROFILE_H_

#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/problem.h"
#include "sim/scenario/source_map.h"

namespace biotope {

// A file that a scenario was made from.
struct InputFile {
  std::string path;
  std::string contents;
};

// Where shipped profiles come from: the program carries them, a test brings its own.
class ProfileSource {
 public:
  virtual ~ProfileSource() = default;

  // All profiles, sorted by path. The path says what a file is:
  // "configs/kernels/linux-2.6.11.textproto" is the Kernel profile "linux-2.6.11".
  virtual std::vector<InputFile> Files() const = 0;
};

// A profile by its folder ("kernels") and its name.
struct ProfileFile {
  std::string folder;
  std::string name;
  InputFile file;
};

// The files of `source` that are profiles, in its order.
std::vector<ProfileFile> ListProfiles(const ProfileSource& source);

// Lays the profiles that a message names (`kernel { profile: "linux-2.6.11" }`) beneath what it
// says itself: its own scalars and lists win, messages are merged field by field, and entries of
// lists that have a key are merged by it.
class ProfileMerger {
 public:
  explicit ProfileMerger(const ProfileSource& source) : profiles_(ListProfiles(source)) {}

  // Merges all profiles in `message`. The origins of what comes from a profile are added to
  // `origins`. Throws ScenarioError if a profile itself is broken.
  void Merge(google::protobuf::Message* message, SourceMap* origins);

  // Unknown names, and keys that the profile does not have.
  const std::vector<Problem>& problems() const { return problems_; }

  // Paths of the messages whose profile is not known, so that what they lack cannot be said.
  const std::vector<std::string>& incomplete() const { return incomplete_; }

  // The profiles that were used.
  const std::vector<InputFile>& used() const { return used_; }

 private:
  void Visit(google::protobuf::Message* message, const std::string& path, SourceMap* origins);
  void MergeNamed(const std::string& name, google::protobuf::Message* message,
                  const std::string& path, SourceMap* origins);
  const ProfileFile* Find(const std::string& folder, const std::string& name) const;
  // Returns the paths of what the profile has and the message did not take.
  std::vector<std::string> MergeFields(const google::protobuf::Message& profile,
                                       const std::string& path, google::protobuf::Message* message,
                                       SourceMap* origins);
  void MergeByKey(const google::protobuf::Message& profile,
                  const google::protobuf::FieldDescriptor& field, const std::string& path,
                  google::protobuf::Message* message, SourceMap* origins);

  std::vector<ProfileFile> profiles_;
  std::vector<Problem> problems_;
  std::vector<std::string> incomplete_;
  std::vector<InputFile> used_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_PROFILE_H_
