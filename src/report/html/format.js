// SPDX-License-Identifier: MIT
// How numbers, times and places are written.

const numberFormat = new Intl.NumberFormat('en');

function formatNumber(number) {
	return numberFormat.format(number);
}

function formatCount(count, what) {
	return `${formatNumber(count)} ${what}${count === 1 ? '' : 's'}`;
}

function isOrAre(count) {
	return count === 1 ? 'is' : 'are';
}

function formatBytes(bytes) {
	const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
	let unit = 0;
	while (bytes >= 1000 && unit + 1 < units.length) {
		bytes /= 1000;
		unit++;
	}
	return `${unit === 0 ? formatNumber(bytes) : bytes.toFixed(1)} ${units[unit]}`;
}

// ---- times ----

const TICKS_A_MILLISECOND = 10000n;
const MILLISECONDS_TO_1970 = 11644473600000n;

function ticksOf(time) {
	return exactTimes.get(time) ?? base + BigInt(Math.round(time));
}

// RFC 3339 without T and Z, in UTC, with as many digits as there are.
function formatTime(time) {
	const ticks = ticksOf(time);
	const date = new Date(Number(ticks / TICKS_A_MILLISECOND - MILLISECONDS_TO_1970));
	if (Number.isNaN(date.getTime())) {
		return `${ticks} ticks`;
	}
	const rest = String(ticks % 10000000n).padStart(7, '0').replace(/0+$/, '');
	return date.toISOString().slice(0, -5).replace('T', ' ') + (rest ? `.${rest}` : '');
}

// ---- places and subjects ----

// A binary log has numbers of records where others have lines.
function isBinary(file) {
	return texts[file].toLowerCase().endsWith('.evtx');
}

function lineWord(file) {
	return isBinary(file) ? 'record' : 'line';
}

// The names of logs by the number of their path: the last of it, with as many folders as tell it from the others.
const logNames = new Map();

function pathTail(path, parts) {
	let at = path.length;
	for (let i = 0; i < parts && at >= 0; i++) {
		at = Math.max(path.lastIndexOf('/', at - 1), path.lastIndexOf('\\', at - 1));
	}
	return at < 0 ? path : path.slice(at + 1) || path;
}

function nameLogs(files) {
	for (let parts = 1, left = files; left.length > 0; parts++) {
		const counts = new Map();
		for (const file of left) {
			const tail = pathTail(texts[file], parts);
			counts.set(tail, (counts.get(tail) ?? 0) + 1);
		}
		const [known, again] = [[], []];
		for (const file of left) {
			const tail = pathTail(texts[file], parts);
			(counts.get(tail) === 1 || tail === texts[file] ? known : again).push([file, tail]);
		}
		known.forEach(([file, tail]) => logNames.set(file, tail));
		left = again.map(([file]) => file);
	}
}

nameLogs([...new Set([...data.run.inputs.map(([file]) => file), ...findings.file, ...findings.log, ...incarnations.file, ...data.parts.map(([file]) => file),
	...findings.witnesses.flatMap(list => list.filter((_, i) => i % 3 === 0))])]);

function logName(file) {
	return logNames.get(file) ?? texts[file];
}

// Where a line of the log is: in which file of it, and on which line there.
function partOf(file, line) {
	let before = 0;
	for (const [name, first] of data.parts) {
		if (first < line) {
			[file, before] = [name, first];
		}
	}
	return [file, line - before];
}

// The line of a finding, counted on through the files of the log.
function logLine(finding) {
	const part = data.parts.find(([name]) => name === findings.file[finding]);
	return Number(findings.line[finding]) + (part ? part[1] : 0);
}

function lineText(finding) {
	return findings.line[finding] === 0 ? '' : `:${findings.line[finding]}`;
}

function placeText(finding) {
	return logName(findings.file[finding]) + lineText(finding);
}

function bootText(boot, ordinal) {
	if (boot !== 0) {
		return `boot ${texts[boot]}`;
	}
	return Number(ordinal) ? `boot ${ordinal}` : '';
}

function shorten(text, max) {
	return text.length > max ? `${text.slice(0, max)}...` : text;
}

// Those parts that are something, with commas between them.
function listed(...parts) {
	return parts.filter(part => part).join(', ');
}

function groupText(group) {
	return listed(texts[group.host], bootText(group.boot, group.ordinal)) || 'one host';
}

// The same in about @max characters: it is the host that is cut, so that its boots can be told apart.
function headText(group, max) {
	const boot = shorten(bootText(group.boot, group.ordinal), max / 2);
	return listed(shorten(texts[group.host], max - boot.length), boot) || 'one host';
}

// What the number of a session is of: in its own log, Winlogon is known by its process.
function sessionWord(source) {
	return data.sources[source] === 'winlogon-operational' ? 'winlogon' : 'session';
}

function incarnationText(incarnation) {
	return `${sessionWord(incarnations.source[incarnation])} ${incarnations.session[incarnation]}${incarnations.incarnation[incarnation] > 1 ? ` (incarnation ${incarnations.incarnation[incarnation]})` : ''}`;
}

// Who uses the session, and from where.
function whoText(finding) {
	const address = texts[findings.address[finding]];
	return [texts[findings.user[finding]], address && `from ${address}`].filter(part => part).join(' ');
}

function subjectText(finding) {
	const session = findings.session[finding];
	const incarnation = findings.incarnation[finding];
	const which = listed(incarnation > 1 ? `incarnation ${incarnation}` : '', whoText(finding));
	return listed(
		[session >= 0 ? `${sessionWord(findings.source[finding])} ${session}` : '', which && `(${which})`].filter(part => part).join(' '),
		findings.io[finding] ? `I/O object ${texts[findings.io[finding]]}` : '',
		findings.driver[finding] ? `driver ${texts[findings.driver[finding]]}` : '',
		texts[findings.host[finding]],
		bootText(findings.boot[finding], findings.ordinal[finding]));
}

function ruleName(finding) {
	return data.rules[findings.rule[finding]].name;
}
