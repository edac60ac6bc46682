#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a DLL exports, as a .def file: the functions that the map of symbols lists. Argument: the map."""

import re
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    listed = re.search(r"global:(.*?)local:", file.read(), re.S).group(1)
print("EXPORTS")
for name in re.findall(r"(\w+);", listed):
    print(f"\t{name}")
