# SPDX-License-Identifier: MIT
"""A search through the states of a module in TLA+, as far as the exports need the language, on the syntax tree of
tree-sitter-tlaplus. Values: str, int, bool, frozenset, tuple, and Function; a record is a function of strings."""

import dataclasses
import itertools
import re
import sys

from shared import outside

sys.path.insert(0, str(outside.FETCHED_FOR_FORMAL / "python"))

# What TLC reads beside a module.
KEYS = ("SPECIFICATION", "CONSTANT", "INVARIANT", "PROPERTY", "POSTCONDITION", "CHECK_DEADLOCK")


def parser():
    language, tree_sitter = outside.module("tree_sitter_tlaplus"), outside.module("tree_sitter")
    return tree_sitter.Parser(tree_sitter.Language(language.language()))


def is_well_formed(text):
    tree = parser().parse(text.encode())
    return not tree.root_node.has_error and [node.type for node in tree.root_node.children] == ["module"]


def configuration(text):
    """[(key, value)] of the last comment of a module."""
    return re.findall(rf"^\\\* ({'|'.join(KEYS)}) (.*)$", text, re.M)


class Function(frozenset):
    """A function, as the set of its pairs."""

    def __call__(self, argument):
        [found] = [value for key, value in self if key == argument]
        return found

    def changed(self, argument, value):
        return Function({(key, value if key == argument else old) for key, old in self})

    @property
    def domain(self):
        return frozenset(key for key, _ in self)


@dataclasses.dataclass(frozen=True)
class Functions:
    """The set of all functions from one set to another."""
    domain: frozenset
    range: frozenset

    def __contains__(self, value):
        return isinstance(value, Function) and value.domain == self.domain and all(each in self.range for _, each in value)


@dataclasses.dataclass(frozen=True)
class Scope:
    """What names mean: bound ones, variables in this state and in the next, and in EXCEPT the old value."""
    bound: dict
    now: dict
    next: dict
    old: object = None

    def bind(self, names, values):
        return dataclasses.replace(self, bound={**self.bound, **dict(zip(names, values))})


def named(node):
    return [child for child in node.named_children if "comment" not in child.type]


def text_of(node):
    return node.text.decode()


def parameters(node):
    return [child for child in node.children_by_field_name("parameter") if child.is_named]


INFIX = {"eq": lambda a, b: a == b, "in": lambda a, b: a in b, "notin": lambda a, b: a not in b, "cup": lambda a, b: a | b,
         "plus": lambda a, b: a + b, "minus": lambda a, b: a - b, "lt": lambda a, b: a < b, "iff": lambda a, b: a == b,
         "dots_2": lambda a, b: range(a, b + 1)}


class Module:
    """The definitions of modules, the later ones of which extend the others."""

    def __init__(self, *texts, **builtins):
        self.definitions, self.variables, self.builtins, self.sets = {}, [], builtins, {}
        for text in texts:
            for node in parser().parse(text.encode()).root_node.children[0].named_children:
                if node.type == "operator_definition":
                    self.definitions[text_of(node.child_by_field_name("name"))] = node
                elif node.type == "variable_declaration":
                    self.variables += [text_of(name) for name in named(node)]

    # ---- values ----

    def value(self, node, scope):
        return getattr(self, f"value_{node.type}")(node, scope)

    def values(self, nodes, scope):
        return [self.value(node, scope) for node in nodes]

    def value_string(self, node, _scope):
        return text_of(node)[1:-1]

    def value_nat_number(self, node, _scope):
        return int(text_of(node))

    def value_boolean(self, node, _scope):
        return text_of(node) == "TRUE"

    def value_boolean_set(self, _node, _scope):
        return frozenset({True, False})

    def value_parentheses(self, node, scope):
        return self.value(named(node)[0], scope)

    def value_finite_set_literal(self, node, scope):
        return frozenset(self.values(named(node), scope))

    def value_tuple_literal(self, node, scope):
        return tuple(self.values(named(node)[1:-1], scope))

    def value_set_of_functions(self, node, scope):
        domain, _, rng = named(node)
        return Functions(self.value(domain, scope), self.value(rng, scope))

    def value_set_map(self, node, scope):
        result = node.child_by_field_name("map")
        return frozenset(self.value(result, each) for each in self.bounds(node.children_by_field_name("generator"), scope))

    def value_function_literal(self, node, scope):
        bound, _, result = named(node)
        name = text_of(bound.child_by_field_name("intro"))
        return Function((each.bound[name], self.value(result, each)) for each in self.bounds([bound], scope))

    def value_function_evaluation(self, node, scope):
        function, argument = self.values(named(node), scope)
        return function[argument - 1] if isinstance(function, tuple) else function(argument)

    def value_record_value(self, node, scope):
        record, name = named(node)
        return self.value(record, scope)(text_of(name))

    def value_except(self, node, scope):
        function = self.value(node.child_by_field_name("expr_to_update"), scope)
        [update] = [child for child in named(node) if child.type == "except_update"]
        argument = self.value(named(named(named(update)[0])[0])[0], scope)
        old = dataclasses.replace(scope, old=function(argument))
        return function.changed(argument, self.value(update.child_by_field_name("new_val"), old))

    def value_prev_func_val(self, _node, scope):
        return scope.old

    def value_if_then_else(self, node, scope):
        part = "then" if self.value(node.child_by_field_name("if"), scope) else "else"
        return self.value(node.child_by_field_name(part), scope)

    def value_let_in(self, node, scope):
        for definition in node.children_by_field_name("definitions"):
            scope = scope.bind([text_of(definition.child_by_field_name("name"))], [self.operator(definition, scope)])
        return self.value(node.child_by_field_name("expression"), scope)

    def value_identifier_ref(self, node, scope):
        name = text_of(node)
        if name in scope.bound:
            found = scope.bound[name]
            return found() if callable(found) and not isinstance(found, Function) and found.arity == 0 else found
        if name in self.variables:
            return scope.now[name]
        if name in self.builtins:
            return self.builtins[name]
        if self.body(name).type != "finite_set_literal":
            return self.value(self.body(name), scope)
        # a list of names, which is the same in every state
        if name not in self.sets:
            self.sets[name] = self.value(self.body(name), scope)
        return self.sets[name]

    def operator(self, definition, scope):
        names = [text_of(each) for each in parameters(definition)]

        def call(*arguments):
            return self.value(definition.child_by_field_name("definition"), scope.bind(names, arguments))
        call.arity = len(names)
        return call

    def value_bound_op(self, node, scope):
        name, arguments = text_of(node.child_by_field_name("name")), self.values(parameters(node), scope)
        if name in self.builtins:
            return self.builtins[name](*arguments)
        return self.operator(self.definitions[name], scope)(*arguments)

    def value_conj_list(self, node, scope):
        return all(self.value(named(item)[-1], scope) for item in named(node))

    def value_bound_infix_op(self, node, scope):
        symbol = node.child_by_field_name("symbol").type
        left, right = node.child_by_field_name("lhs"), node.child_by_field_name("rhs")
        if symbol in ("land", "lor", "implies"):
            first = self.value(left, scope)
            if first == (symbol == "lor"):
                return symbol != "land"
            return self.value(right, scope)
        return INFIX[symbol](self.value(left, scope), self.value(right, scope))

    def value_bound_postfix_op(self, node, scope):
        return self.value(node.child_by_field_name("lhs"), dataclasses.replace(scope, now=scope.next))

    def value_bound_prefix_op(self, node, scope):
        symbol, right = node.child_by_field_name("symbol").type, node.child_by_field_name("rhs")
        if symbol == "unchanged":
            return self.value(right, scope) == self.value(right, dataclasses.replace(scope, now=scope.next))
        if symbol != "domain":
            raise ValueError(symbol)
        return self.value(right, scope).domain

    def value_bounded_quantification(self, node, scope):
        quantifier = {"forall": all, "exists": any}[node.child_by_field_name("quantifier").type]
        expression = node.child_by_field_name("expression")
        return quantifier(self.value(expression, each) for each in self.bounds(node.children_by_field_name("bound"), scope))

    def bounds(self, nodes, scope):
        """A scope for each value of the bound names."""
        nodes = [node for node in nodes if node.is_named]
        names = [text_of(node.child_by_field_name("intro")) for node in nodes]
        sets = [self.value(node.child_by_field_name("set"), scope) for node in nodes]
        for values in itertools.product(*(sorted(each, key=str) for each in sets)):
            yield scope.bind(names, values)

    # ---- actions ----

    def assigned(self, node, scope, primed):
        """The variable that an equation gives its first value, in the next state or at the start."""
        if node.type != "bound_infix_op" or node.child_by_field_name("symbol").type != "eq":
            return None
        left = node.child_by_field_name("lhs")
        if primed:
            left = left.child_by_field_name("lhs") if left.type == "bound_postfix_op" else None
        name = left and text_of(left)
        return name if name in self.variables and name not in scope.next else None

    def steps(self, node, scope, primed=True):
        """The values of variables that an action allows: {variable: value} each."""
        kind = node.type
        symbol = node.child_by_field_name("symbol") and node.child_by_field_name("symbol").type
        if kind == "conj_list" or symbol == "land":
            parts = [named(item)[-1] for item in named(node)] if kind == "conj_list" else \
                [node.child_by_field_name("lhs"), node.child_by_field_name("rhs")]
            yield from self.all_steps(parts, scope, primed)
        elif symbol == "lor":
            yield from self.steps(node.child_by_field_name("lhs"), scope, primed)
            yield from self.steps(node.child_by_field_name("rhs"), scope, primed)
        elif kind == "bounded_quantification" and node.child_by_field_name("quantifier").type == "exists":
            for each in self.bounds(node.children_by_field_name("bound"), scope):
                yield from self.steps(node.child_by_field_name("expression"), each, primed)
        elif kind == "bound_op" or kind == "identifier_ref" and text_of(node) in self.definitions:
            name = text_of(node.child_by_field_name("name") or node)
            names = [text_of(each) for each in parameters(self.definitions[name])]
            inner = scope.bind(names, self.values(parameters(node), scope))
            yield from self.steps(self.body(name), inner, primed)
        elif symbol == "unchanged" and not scope.next:
            yield dict(scope.now)
        elif name := self.assigned(node, scope, primed):
            # at the start the values that are given so far can be used
            yield {**scope.next, name: self.value(node.child_by_field_name("rhs"), scope)}
        elif self.value(node, scope):
            yield scope.next

    def all_steps(self, parts, scope, primed):
        if not parts:
            yield scope.next
            return
        for step in self.steps(parts[0], scope, primed):
            yield from self.all_steps(parts[1:], dataclasses.replace(scope, next=step), primed)

    # ---- the search ----

    def body(self, name):
        return self.definitions[name].child_by_field_name("definition")

    def parts(self, specification):
        """Init and Next of Init /\\ [][Next]_vars."""
        node = self.body(specification)
        return node.child_by_field_name("lhs"), self.action(node.child_by_field_name("rhs"))

    @staticmethod
    def action(always):
        """A of [][A]_vars."""
        return named(always.child_by_field_name("rhs"))[0]

    def search(self, specification, invariants, properties):
        """Which of the invariants and properties fail, whether a state has no successor, the states that a variable
        has, and the number of levels of states."""
        start, step = self.parts(specification)
        actions = {name: self.action(self.body(name)) for name in properties}
        level = [state for state in self.steps(start, Scope({}, {}, {}), False)]
        seen, failing, stuck, levels = {key(state) for state in level}, set(), False, 0
        while level:
            levels, after = levels + 1, []
            for state in level:
                failing |= {name for name in invariants if not self.value(self.body(name), Scope({}, state, {}))}
                successors = list(self.steps(step, Scope({}, state, {})))
                stuck |= not successors
                for successor in successors:
                    failing |= {name for name, action in actions.items()
                                if successor != state and not self.value(action, Scope({}, state, successor))}
                    if key(successor) not in seen:
                        seen.add(key(successor))
                        after.append(successor)
            level = after
        return failing, stuck, seen, levels


def key(state):
    return tuple(sorted(state.items()))


def records_of(trace):
    """What ndJsonDeserialize makes of the objects of a trace."""
    return tuple(Function(record.items()) for record in trace)


def trace_is_accepted(module, trace_module, trace):
    """What TLC would say of a trace: whether the postcondition holds, and what it prints otherwise."""
    printed = []

    def show(what, result):
        printed.append(what)
        return result
    levels = [0]
    both = Module(module, trace_module, Print=show, IOEnv=Function({("TRACE", "trace")}), Len=len,
                  SelectSeq=lambda sequence, test: tuple(filter(test, sequence)), ndJsonDeserialize=lambda path: records_of(trace),
                  TLCGet=lambda what: Function({("diameter", levels[0])}))
    settings = dict(configuration(trace_module))
    both.definitions["Sessions"] = both.definitions[settings["CONSTANT"].removeprefix("Sessions <- ")]
    failing, _, _, levels[0] = both.search(settings["SPECIFICATION"], [settings["INVARIANT"]], [])
    return not failing and both.value(both.body(settings["POSTCONDITION"]), Scope({}, {}, {})), printed
