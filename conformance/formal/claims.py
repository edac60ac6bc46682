# SPDX-License-Identifier: MIT
"""Claims about the model, each with the tool that checks it: ./dev formal makes a table of them."""


def claim(tap, holds, what, tool, of, *notes):
    """States a claim: a line of TAP, and one for the table."""
    tap.ok(holds, f"{what} ({tool}; {of})", *notes)
    print(f"# claim: {what} | {tool} | {of} | {'holds' if holds else 'FAILS'}")


def skipped(tap, what, tool, why):
    """A claim that this tool cannot check here."""
    tap.skip(f"{what} ({tool})", why)
    print(f"# claim: {what} | {tool} | - | skipped: {why}")
