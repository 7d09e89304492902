#include "support/example_test.hpp"

#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>

namespace leaselock::cli_test {

ExampleTest::ExampleTest() { stand_in("leaselock", "exec " LEASELOCK_TOOL " \"$@\""); }

void ExampleTest::stand_in(const std::string& name, const std::string& script) const {
  std::ofstream(scratch(name)) << "#!/bin/sh\n" << script << '\n';
  chmod(scratch(name).c_str(), 0755);
}

std::string ExampleTest::text_of(const std::string& example, const std::string& lock_there,
                                 const std::string& lock_here) {
  std::string text = contents(LEASELOCK_EXAMPLES "/" + example);
  for (std::size_t at = 0; (at = text.find(lock_there, at)) != std::string::npos;) {
    text.replace(at, lock_there.size(), lock_here);
  }
  return text;
}

Result ExampleTest::shell(const std::string& script) const {
  std::ofstream(scratch("script")) << script;
  const std::string command =
      "cd " + directory().string() +
      " && env -i HOME=/ SHELL=/bin/sh SLURM_JOB_ID=17 PYTHONDONTWRITEBYTECODE=1 EXAMPLES=" LEASELOCK_EXAMPLES
      " PATH=" +
      scratch("") + ":/usr/bin:/bin /bin/sh " + scratch("script") + " > " + scratch("out") + " 2> " + scratch("err") +
      " < /dev/null";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, contents(scratch("out")), contents(scratch("err"))};
}

}  // namespace leaselock::cli_test
