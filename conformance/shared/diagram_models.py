# SPDX-License-Identifier: MIT
"""The models and the masks of which the tests draw diagrams."""

MODELS = ("published", "observed", "wts", "sens", "lsm", "winlogon", "winlogon-operational", "profile", "rdp",
          "account", "registration")
MASKS = (0x00, 0x01, 0x02, 0x0c, 0x30, 0x33, 0x3b, 0x3f)
