# SPDX-License-Identifier: MIT
"""The SVG with what traces did: colours of lines by what they say, and room for the words."""
def check_sketch(tap, command):
    pass
