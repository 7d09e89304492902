#!/usr/bin/env python3
"""Makes one C++ file of the C++ blocks of the documents: cpp_blocks.py OUTPUT.cpp. Each one is in a namespace of its own.
Whole programs are run, one after the other, in the working directory; fragments are only compiled."""
import re
import sys

import blocks


def main(output):
    includes, parts, programs = ["#include <boost/asio.hpp>", "#include <vector>", "#include <leaselock/async_lock.hpp>"], [], []
    for number, block in enumerate(b for b in blocks.all_blocks() if b.language == "cpp"):
        around = block.known_in(blocks.AROUND)
        lines = block.text.splitlines()
        includes += [line for line in lines if line.startswith("#include")]
        text = "\n".join(line for line in lines if not line.startswith("#include"))
        if around:
            text = (blocks.ROOT / "tests/docs/around" / around).read_text(encoding="utf-8").replace("// HERE", text)
        elif "int main()" in text:
            programs.append(number)
            text = text.replace("int main()", "int program()").replace("\n}\n", "\n  return 0;\n}\n") + "\n"
            text = re.sub(r"\n}\s*$", "\n  return 0;\n}", text)
        else:
            sys.exit(f"{block} is no whole program, and AROUND in blocks.py does not say what stands around it")
        parts.append(f'namespace block_{number} {{  // {block}\n#line {block.line} "{block.page}"\n{text}\n}}\n')
    calls = " ".join(f"if (block_{number}::program() != 0) return 1;" for number in programs)
    text = "\n".join(dict.fromkeys(includes)) + "\nnamespace {\n" + "\n".join(parts) + f"}}\nint main() {{ {calls} }}\n"
    with open(output, "w", encoding="utf-8") as file:
        file.write(text)


main(sys.argv[1])
