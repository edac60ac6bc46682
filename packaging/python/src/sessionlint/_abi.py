# SPDX-License-Identifier: MIT
"""The structs and functions of sessionlint.h that this package uses, for ctypes."""

from __future__ import annotations

import ctypes
from ctypes import (POINTER, c_bool, c_char, c_char_p, c_int, c_int32, c_int64, c_size_t, c_uint, c_uint8, c_uint32, c_uint64,
                    c_void_p)

HISTORY = 8
NO_EVENT = 0xFFFFFFFF  # NO_STATE and NO_REASON, too
NO_TIME = 0xFFFFFFFFFFFFFFFF


class Text(ctypes.Structure):
    _fields_ = [("data", c_void_p), ("size", c_size_t)]


class History(ctypes.Structure):
    _fields_ = [("event", c_uint8), ("line", c_uint64), ("file", c_char_p)]


class Repair(ctypes.Structure):
    _fields_ = [("kind", c_uint), ("events", c_uint8 * 8), ("count", c_uint)]


class Witness(ctypes.Structure):
    _fields_ = [("source", c_uint), ("file", c_char_p), ("line", c_uint64), ("offset", c_uint64), ("time", c_uint64)]


class Finding(ctypes.Structure):
    _fields_ = [("rule", c_uint), ("severity", c_uint), ("message", Text), ("file", c_char_p), ("line", c_uint64),
                ("offset", c_uint64), ("time", c_uint64), ("log", c_char_p), ("log_line", c_uint64),
                ("cascade", c_bool), ("swapped", c_bool), ("has_session", c_bool), ("source", c_uint),
                ("session", c_uint32), ("incarnation", c_uint32), ("host", Text), ("boot", Text),
                ("boot_ordinal", c_uint64), ("user", Text), ("address", Text), ("driver", Text), ("io", Text),
                ("event", c_uint32), ("observed", c_uint32), ("belief", c_uint8), ("allowed", c_uint8),
                ("repair", Repair), ("history", History * HISTORY), ("history_count", c_uint),
                ("history_omitted", c_uint64), ("suppression", c_uint), ("reason", Text),
                ("witnesses", POINTER(Witness)), ("witness_count", c_uint), ("shown", c_bool)]


class Step(ctypes.Structure):
    _fields_ = [("kind", c_uint), ("verdict", c_uint), ("file", c_char_p), ("log", c_char_p), ("line", c_uint64),
                ("log_line", c_uint64), ("offset", c_uint64), ("time", c_uint64), ("source", c_uint), ("host", Text),
                ("boot", Text), ("boot_ordinal", c_uint64), ("host_number", c_uint32), ("session", c_uint32),
                ("incarnation", c_uint32), ("event", c_uint32), ("before", c_uint8), ("after", c_uint8),
                ("midway", c_bool), ("unseen", c_bool), ("renewed", c_bool), ("witnesses", POINTER(Witness)),
                ("witness_count", c_uint), ("inferred", c_bool), ("user", Text), ("address", Text), ("client", Text),
                ("reason", c_uint32), ("shown", c_bool)]


class Annotation(ctypes.Structure):
    _fields_ = [("kind", c_uint), ("file", c_char_p), ("line", c_uint64), ("offset", c_uint64), ("time", c_uint64),
                ("host", Text), ("boot_ordinal", c_uint64), ("has_session", c_bool), ("session", c_uint32),
                ("event_id", c_uint32), ("reason", c_uint32), ("logon_id", c_uint64), ("user", Text),
                ("domain", Text), ("address", Text), ("client", Text), ("shown", c_bool), ("log", c_char_p)]


class RuleInfo(ctypes.Structure):
    _fields_ = [("name", c_char_p), ("severity", c_uint), ("strict_severity", c_uint), ("summary", c_char_p),
                ("explanation", c_char_p), ("wrong", c_char_p), ("right", c_char_p)]


class BaselineError(ctypes.Structure):
    _fields_ = [("line", c_uint), ("column", c_uint), ("text", c_char * 200)]


class BaselineEntry(ctypes.Structure):
    _fields_ = [("stale", c_bool), ("expired", c_bool), ("line", c_uint), ("column", c_uint), ("fingerprint", Text),
                ("rule", Text), ("log", Text), ("subject", Text), ("message", Text), ("reason", Text), ("expires", Text)]


class Column(ctypes.Structure):
    _fields_ = [("key", c_char_p), ("data", c_void_p), ("offsets", c_void_p), ("valid", c_void_p), ("first", c_size_t)]


# the second one is the address of a finding, a step, an annotation, an entry of a baseline
REPORT = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p)
OBSERVE = ctypes.CFUNCTYPE(None, c_void_p, c_void_p)
ANNOTATE = ctypes.CFUNCTYPE(None, c_void_p, c_void_p)
BASELINE = ctypes.CFUNCTYPE(None, c_void_p, c_void_p)
PROGRESS = ctypes.CFUNCTYPE(None, c_void_p, c_char_p, c_uint64, c_uint64)

RUN = c_void_p
PARTIAL = c_void_p
WHOLE, CONDENSED = 0, 1  # kinds of partials

# The result of each function, and its arguments.
FUNCTIONS = {
    "version": (c_char_p, []),
    "event_name": (c_char_p, [c_uint]),
    "state_name": (c_char_p, [c_uint]),
    "source_name": (c_char_p, [c_uint]),
    "severity_name": (c_char_p, [c_uint]),
    "annotation_name": (c_char_p, [c_uint]),
    "total_name": (c_char_p, [c_uint]),
    "reason_text": (c_char_p, [c_uint32]),
    "rule_count": (c_uint, []),
    "rule_info": (POINTER(RuleInfo), [c_uint]),
    "rule_parse": (c_int, [c_char_p, c_size_t, POINTER(c_uint)]),
    "severity_parse": (c_int, [c_char_p, c_size_t, POINTER(c_uint)]),
    "source_parse": (c_int, [c_char_p, c_size_t, POINTER(c_uint)]),
    "new": (c_int, [POINTER(c_void_p)]),
    "free": (c_int, [RUN]),
    "set_strict": (c_int, [RUN, c_bool]),
    "set_severity": (c_int, [RUN, c_uint, c_uint]),
    "set_start": (c_int, [RUN, c_uint]),
    "set_source": (c_int, [RUN, c_uint]),
    "set_pointer_size": (c_int, [RUN, c_uint]),
    "set_reorder": (c_int, [RUN, c_uint64]),
    "set_reverse": (c_int, [RUN, c_bool]),
    "set_recover": (c_int, [RUN, c_bool]),
    "set_anonymize": (c_int, [RUN, c_bool]),
    "set_together": (c_int, [RUN, c_uint]),
    "set_window": (c_int, [RUN, c_uint64]),
    "set_report": (c_int, [RUN, REPORT, c_void_p]),
    "set_observe": (c_int, [RUN, OBSERVE, c_void_p]),
    "set_annotate": (c_int, [RUN, ANNOTATE, c_void_p]),
    "set_baseline": (c_int, [RUN, c_char_p, c_size_t, c_int64, POINTER(BaselineError)]),
    "end_baseline": (c_int, [RUN, BASELINE, c_void_p]),
    "add_filter": (c_int, [RUN, c_uint, c_char_p, c_size_t]),
    "passes_filter": (c_bool, [RUN, c_uint, c_char_p, c_size_t]),
    "set_progress": (c_int, [RUN, PROGRESS, c_void_p]),
    "check_file": (c_int, [RUN, c_char_p]),
    "check_buffer": (c_int, [RUN, c_void_p, c_size_t, c_char_p]),
    "check_parts": (c_int, [RUN, POINTER(c_char_p), c_size_t, POINTER(c_size_t)]),
    "end_machine": (c_int, [RUN, c_char_p]),
    "feed_begin": (c_int, [RUN, c_char_p]),
    "feed_columns": (c_int, [RUN, POINTER(Column), c_size_t, c_size_t]),
    "feed_end": (c_int, [RUN]),
    "feed_partial": (c_int, [RUN, PARTIAL]),
    "partial_new": (c_int, [RUN, c_uint, POINTER(c_void_p)]),
    "partial_free": (None, [PARTIAL]),
    "partial_feed_columns": (c_int, [PARTIAL, POINTER(Column), c_size_t, c_size_t]),
    "partial_merge": (c_int, [PARTIAL, PARTIAL]),
    "partial_save": (c_int, [PARTIAL, POINTER(c_void_p), POINTER(c_size_t)]),
    "partial_load": (c_int, [c_char_p, c_size_t, POINTER(c_void_p)]),
    "recognize": (c_int, [c_char_p, POINTER(c_uint), POINTER(c_char_p)]),
    "continued": (c_bool, [RUN, POINTER(c_char_p), POINTER(c_char_p)]),
    "check_judged": (c_int, [RUN, c_char_p]),
    "not_a_log": (c_char_p, [RUN]),
    "total": (c_uint64, [RUN, c_uint]),
}

Offsets = c_int32
