# SPDX-License-Identifier: MIT
"""Calls of drivers: their names, what they answer, and what the pages of wdm.h say of their arguments.

Read from "IoRegisterContainerNotification function".
"""

SUCCESS, COMMITTED, RESOURCES = "STATUS_SUCCESS", "STATUS_ALREADY_COMMITTED", "STATUS_INSUFFICIENT_RESOURCES"
PARAMETER = "STATUS_INVALID_PARAMETER_"

CALL_REGISTER = "IoRegisterContainerNotification"
CALL_UNREGISTER = "IoUnregisterContainerNotification"
CALL_GET = "IoGetContainerInformation"


def register_faults(size_of, **given):
    """What is wrong with the arguments: the rules, and the answers that they deserve."""
    rules, answers = [], set()

    def fault(rule, answer):
        rules.append(f"registration/{rule}")
        answers.add(PARAMETER + answer)

    if given["class"] not in (None, "0", "IoSessionStateNotification"):
        fault("bad-argument", "1")
    if given["io"] in ("NULL", "0x0"):
        fault("bad-argument", "3")
    if given["size"] not in (None, size_of):
        fault("bad-size", "3")
    if given["length"] not in (None, size_of):
        if "registration/bad-size" in rules:
            answers.add(PARAMETER + "4")
        else:
            fault("bad-size", "4")
    if given["flags"] not in (None, "0"):
        fault("bad-flags", "3")
    if given["mask"] not in GOOD_MASKS:
        fault("bad-mask", "3")
    return rules, answers


GOOD_MASKS = ("0x1", "0x3f", "0xffffffff", "4294967295", "logon,logoff", "all", "IO_SESSION_STATE_CONNECT_EVENT|logon")


def register_rules(size_of, status, registered, **given):
    """All that has to be said of a call."""
    rules, answers = register_faults(size_of, **given)
    # errors that the page does not list: odd, and no breach
    if status in ("STATUS_UNSUCCESSFUL", PARAMETER + "2"):
        return [*rules, "registration/bad-status"]
    if registered:
        if status == COMMITTED:
            return rules
        if not rules or status == SUCCESS:
            return [*rules, "registration/duplicate"]
        right = answers | {RESOURCES}
    else:
        right = answers | {RESOURCES} if rules else {SUCCESS, RESOURCES}
    return rules if status in right else [*rules, "registration/bad-status"]
