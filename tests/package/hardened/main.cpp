#include <cstring>

/// Has what the compiler guards: an array on the stack, and a copy of whose length it knows nothing.
int main(int argc, char** argv) {
  char name[16];
  std::strcpy(name, argv[argc - 1]);
  return name[0] == '\0' ? 1 : 0;
}
