# SPDX-License-Identifier: MIT
"""Exports of the published table that are wrong in one place, by which a claim no longer holds."""

import re

from formal.checkers import BEGAN, GOES_ON, KEPT, OVER, REACHED


def replaced(text, pattern, to):
    changed, count = re.subn(pattern, to, text, flags=re.M | re.S)
    if count != 1:
        raise ValueError(f"{count} places for {pattern}")
    return changed


def redirect(language, text, state, event, to):
    """One cell of the table is another."""
    if language == "promela":
        return replaced(text, rf"(^(?:end_)?in_{state}:\n(?:(?!^(?:end_)?in_)[^\n]*\n)*?[^\n]*happens\[id\] \? event_{event} [^\n]*?"
                              rf"state\[id\] = )state_\w+; goto \w+", rf"\1state_{to}; goto in_{to}")
    if language == "murphi":
        return replaced(text, rf"(state = state_{state} ==> begin take\(event_{event}, state_)\w+", rf"\g<1>{to}")
    if language == "smv":
        return replaced(text, rf"(\(state = state_{state} & next\(last\) = event_{event} & next\(state\) = state_)\w+", rf"\g<1>{to}")
    return replaced(text, rf'(<< "{state}", "{event}", ")\w+', rf"\g<1>{to}")


def block(language, text, state):
    """No event is possible in a state."""
    if language == "promela":
        return replaced(text, rf"(^in_{state}:\n)\tif\n.*?\tfi;\n", r"\1\tfalse;\n")
    if language == "murphi":
        return re.sub(rf'^rule "\w+ in {state}".*?\n', "", text, flags=re.M)
    if language == "smv":
        return re.sub(rf"^  \(state = state_{state} & .*?\n", "", text, flags=re.M)
    return re.sub(rf'^  << "{state}", .*?\n', "", text, flags=re.M).replace(",\n}", "\n}")


# The claim, and what breaks it.
MUTANTS = {
    REACHED: lambda language, text: redirect(language, text, "Initialized", "Created", "Connected"),
    GOES_ON: lambda language, text: block(language, text, "LoggedOff"),
    OVER: lambda language, text: redirect(language, text, "Created", "Terminated", "Connected"),
    BEGAN: lambda language, text: redirect(language, text, "LoggedOn", "Logoff", "LoggedOn"),
    KEPT: lambda language, text: redirect(language, text, "LoggedOn", "Disconnected", "Disconnected"),
}
