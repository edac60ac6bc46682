// SPDX-License-Identifier: MIT
// What the report holds, as it is used: columns of numbers, with differences added up, and texts by number.
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);
const base = data.base === null ? 0n : BigInt(data.base);

const EXACT = 2 ** 53;
const ERROR = 3;
const WARNING = 2;
const NOTE = 1;
const SEVERITIES = ['off', 'note', 'warning', 'error'];
const SIGNS = ['', '\u25cf', '\u25b2', '\u25c6'];
const ANY_STATE = 255;
const TERMINATED = 8;

// As enum sessionlint_step_kind and enum sessionlint_verdict have them.
const STEP_LOST = 2;
const VERDICTS = ['', 'undocumented', 'implied', 'contradicts the model', 'illegal'];

// Numbers that are larger than a number can be exactly are text, and stand for themselves.
function places(column) {
	let at = 0;
	return column.map(value => typeof value === 'string' ? value : at += value);
}

// Times far from the others, of which a number is not all.
const exactTimes = new Map();

// In ticks of 100 ns since the base; NaN if unknown.
function times(column) {
	const found = new Float64Array(column.length);
	let at = 0;
	for (let i = 0; i < column.length; i++) {
		const value = column[i];
		if (value === null) {
			found[i] = NaN;
		} else if (typeof value === 'string') {
			found[i] = Number(BigInt(value) - base);
			exactTimes.set(found[i], BigInt(value));
		} else {
			found[i] = at += value;
		}
	}
	return found;
}

// All columns as arrays, of @count rows; those of one value for all rows are not written so.
function readTable(table, count) {
	const columns = {count};
	for (const [name, column] of Object.entries(table)) {
		columns[name] = Array.isArray(column) ? column : Array(count).fill(column.all);
	}
	return columns;
}

function readFindings(table) {
	const columns = readTable(table, table.line.length);
	const findings = {...columns};
	findings.time = times(columns.time);
	findings.line = places(columns.line);
	findings.offset = places(columns.offset);
	return findings;
}

function readIncarnations(table) {
	const columns = readTable(table, table.beginLine.length);
	const incarnations = {...columns, log: columns.file};
	incarnations.beginTime = times(columns.beginTime);
	incarnations.endTime = times(columns.endTime);
	incarnations.beginLine = places(columns.beginLine);
	incarnations.endLine = places(columns.endLine);
	incarnations.first = new Int32Array(incarnations.count + 1);
	for (let i = 0; i < incarnations.count; i++) {
		incarnations.first[i + 1] = incarnations.first[i] + columns.slices[i];
	}
	return incarnations;
}

function readSlices(table) {
	const columns = readTable(table, table.line.length);
	return {...columns, time: times(columns.time), line: places(columns.line).map(Number)};
}

const findings = readFindings(data.findings);
const incarnations = readIncarnations(data.incarnations);
const slices = readSlices(data.slices);
const texts = data.texts;

// Where the lines of each finding's history begin in the column of all; found when one is asked for.
let linesAt = null;

// The lines of a finding's history; the first is written as a difference from the finding's own.
function historyLines(finding) {
	if (linesAt === null) {
		linesAt = new Int32Array(findings.count + 1);
		for (let i = 0; i < findings.count; i++) {
			linesAt[i + 1] = linesAt[i] + findings.events[i].length;
		}
	}
	let at = typeof findings.line[finding] === 'string' ? 0 : findings.line[finding];
	return findings.lines.slice(linesAt[finding], linesAt[finding + 1]).map(value => typeof value === 'string' ? value : at += value);
}

function isSuppressed(finding) {
	return findings.suppression[finding] !== 0;
}

// ---- machines ----

// The names of the machine that an account is of, the last one at the end: a computer can be renamed. By the log, which is the
// whole account.
const machines = new Map();

// The logs of the machines by name, in small letters; undefined if several have had it.
const machineNamed = new Map();

function findMachines() {
	const account = data.sources.indexOf('account');
	incarnations.log.forEach((log, i) => incarnations.source[i] === account && machines.set(log, []));
	incarnations.log.forEach((log, i) => {
		const {[i]: host} = incarnations.host;
		if (host && machines.has(log)) {
			machines.set(log, [...machines.get(log).filter(name => name !== host), host]);
		}
	});
	for (const [log, names] of machines) {
		for (const name of names.map(host => texts[host].toLowerCase())) {
			machineNamed.set(name, machineNamed.has(name) && machineNamed.get(name) !== log ? undefined : log);
		}
	}
}

findMachines();

// The machine of a host: the log of its account; undefined if there is none.
function machineOf(log, host) {
	return machines.has(log) ? log : machineNamed.get(texts[host].toLowerCase());
}

// What is the same for all names of a host, and for no other one.
function hostKey(log, host) {
	const machine = machineOf(log, host);
	return machine === undefined ? texts[host].toLowerCase() : `\n${machine}`;
}

// The last name of a host, or none.
function hostName(log, host) {
	return texts[machines.get(machineOf(log, host))?.at(-1) ?? host];
}

// ---- groups and incarnations ----

function groupKey(columns, i) {
	return machines.has(columns.log[i]) ? `${columns.log[i]} ${columns.ordinal[i]}`
		: `${columns.log[i]} ${columns.host[i]} ${columns.boot[i]} ${columns.ordinal[i]}`;
}

// The hosts of each log in each of their boots: incarnations, and findings about none of them.
const groups = [];
const groupOfIncarnation = new Int32Array(incarnations.count);
const groupOfFinding = new Int32Array(findings.count);
const incarnationOfFinding = new Int32Array(findings.count).fill(-1);

function findGroup(known, columns, i) {
	const key = groupKey(columns, i);
	let group = known.get(key);
	if (group === undefined) {
		group = groups.length;
		known.set(key, group);
		groups.push({
			file: columns.log[i], host: columns.host[i], boot: columns.boot[i], ordinal: columns.ordinal[i],
			incarnations: [], findings: [],
		});
	}
	return group;
}

function joinFindings() {
	const known = new Map();
	const living = new Map();
	for (let i = 0; i < incarnations.count; i++) {
		const group = findGroup(known, incarnations, i);
		groupOfIncarnation[i] = group;
		groups[group].incarnations.push(i);
		// it can be renamed during a boot
		groups[group].host = incarnations.host[i] || groups[group].host;
		living.set(`${group} ${incarnations.source[i]} ${incarnations.session[i]} ${incarnations.incarnation[i]}`, i);
	}
	for (let i = 0; i < findings.count; i++) {
		const group = findGroup(known, findings, i);
		groupOfFinding[i] = group;
		const incarnation = findings.incarnation[i] === 0 ? undefined
			: living.get(`${group} ${findings.source[i]} ${findings.session[i]} ${findings.incarnation[i]}`);
		if (incarnation === undefined) {
			groups[group].findings.push(i);
		} else {
			incarnationOfFinding[i] = incarnation;
		}
	}
}

joinFindings();

// The findings of each incarnation: those of incarnation i are at foundAt[i] to foundAt[i + 1].
const foundAt = new Int32Array(incarnations.count + 1);
const foundIn = new Int32Array(findings.count);

function sortFindingsByIncarnation() {
	const next = new Int32Array(incarnations.count);
	for (let i = 0; i < findings.count; i++) {
		if (incarnationOfFinding[i] >= 0) {
			foundAt[incarnationOfFinding[i] + 1]++;
		}
	}
	for (let i = 0; i < incarnations.count; i++) {
		foundAt[i + 1] += foundAt[i];
		next[i] = foundAt[i];
	}
	for (let i = 0; i < findings.count; i++) {
		if (incarnationOfFinding[i] >= 0) {
			foundIn[next[incarnationOfFinding[i]]++] = i;
		}
	}
}

sortFindingsByIncarnation();

// ---- names ----

function stateName(state) {
	return data.states[state] ?? String(state);
}

function eventName(event) {
	return data.eventNames[event] ?? String(event);
}

// The states of a belief, or the events of a set of them.
function members(set, first) {
	const found = [];
	for (let bit = 0; bit < 8; bit++) {
		if (set & 1 << bit) {
			found.push(bit + first);
		}
	}
	return found;
}

function beliefText(belief) {
	if (belief === ANY_STATE) {
		return 'any state';
	}
	return members(belief, 1).map(stateName).join(' or ') || 'no state';
}
