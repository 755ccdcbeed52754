#ifndef BIOTOPE_TESTS_LAYERS_IOSCHED_MUTANTS_H_
#define BIOTOPE_TESTS_LAYERS_IOSCHED_MUTANTS_H_

#include <string>
#include <vector>

#include "tests/layers/iosched/conformance.h"

namespace biotope {

// A scheduler with one defect, and what the conformance suite says about it.
struct Mutant {
  std::string name;
  SchedulerFactory factory;
  std::string finding;
};

std::vector<Mutant> AllMutants();

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_IOSCHED_MUTANTS_H_
