// SPDX-License-Identifier: MIT
// Which findings are shown, and in which order. The fragment of the address holds all of it.

const filter = {
	severities: new Set([ERROR, WARNING, NOTE]),
	rule: -1,
	host: '',
	session: '',
	log: '',
	text: '',
	cascades: true,
	suppressed: false,
	sort: 'severity',
	descending: false,
	open: new Set(),
};

// The findings shown, in their order; and whether each is among them.
let shown = new Int32Array(0);
const isShown = new Uint8Array(findings.count);

// Called when what is shown is another.
const filterListeners = [];

// ---- text ----

const lowerTexts = texts.map(text => text.toLowerCase());
const lowerRules = data.rules.map(rule => rule.name.toLowerCase());

// By number of text, which of the words it holds, a bit each.
function wordsIn(lowered, words) {
	return Int32Array.from(lowered, text => words.reduce((found, word, bit) => found | (text.includes(word) ? 1 << bit : 0), 0));
}

const WORDS_MAX = 30;

// Words are looked for in all text of a finding, its rule, its session and its line; each has to be somewhere.
function textMatcher() {
	const words = filter.text.toLowerCase().split(/\s+/).filter(word => word).slice(0, WORDS_MAX);
	const all = (1 << words.length) - 1;
	const matches = wordsIn(lowerTexts, words);
	const rules = wordsIn(lowerRules, words);
	const numbers = words.map((word, bit) => [/^\d+$/.test(word) ? Number(word) : -1, 1 << bit]).filter(([number]) => number >= 0);
	const {message, host, file, driver, io, reason, boot, rule, session, line} = findings;
	return i => {
		let found = matches[message[i]] | matches[host[i]] | matches[file[i]] | matches[driver[i]] | matches[io[i]] | matches[boot[i]]
			| matches[reason[i]] | rules[rule[i]];
		for (const [number, bit] of numbers) {
			found |= session[i] === number || Number(line[i]) === number ? bit : 0;
		}
		return found === all;
	};
}

// ---- what matches ----

function sessionNumber() {
	return /^\d+$/.test(filter.session.trim()) ? Number(filter.session) : -1;
}

// Whether an incarnation or a finding is of the host, session and log that are asked for.
function subjectMatcher(columns) {
	const host = filter.host.trim().toLowerCase();
	const log = filter.log.trim().toLowerCase();
	const session = sessionNumber();
	const hosts = host && wordsIn(lowerTexts, [host]);
	const logs = log && wordsIn(lowerTexts, [log]);
	const every = filter.session.trim() === '';
	return i => (!hosts || hosts[columns.host[i]] === 1) && (!logs || logs[columns.file[i]] === 1)
		&& (every || session >= 0 && columns.session[i] === session);
}

function findingMatcher() {
	const subject = subjectMatcher(findings);
	const text = filter.text.trim() === '' ? null : textMatcher();
	const severities = SEVERITIES.map((_, severity) => filter.severities.has(severity));
	const {rule, cascades, suppressed} = filter;
	return i => severities[findings.severity[i]]
		&& (rule < 0 || findings.rule[i] === rule)
		&& (cascades || !findings.cascade[i])
		&& (suppressed || !isSuppressed(i))
		&& subject(i)
		&& (text === null || text(i));
}

// ---- order ----

function textOrder(column) {
	const ranks = new Int32Array(texts.length);
	const order = Array.from(texts.keys()).sort((a, b) => lowerTexts[a] < lowerTexts[b] ? -1 : lowerTexts[a] > lowerTexts[b] ? 1 : a - b);
	order.forEach((text, rank) => {
		ranks[text] = rank;
	});
	return i => ranks[column[i]];
}

// The numbers by which findings are sorted, one after the other. Combining them into one would not be exact.
const SORTS = {
	order: () => [],
	severity: () => [i => (4 - findings.severity[i]) * 2 + findings.cascade[i]],
	place: () => [textOrder(findings.file), i => Number(findings.line[i])],
	time: () => [i => Number.isNaN(findings.time[i]) ? Infinity : findings.time[i]],
	subject: () => [textOrder(findings.host), i => findings.session[i], i => findings.incarnation[i]],
	rule: () => [i => findings.rule[i]],
	message: () => [textOrder(findings.message)],
};

// Sorting takes longer than filtering, so an order is kept once it was asked for.
const orders = new Map();

function orderBy(sort) {
	if (!orders.has(sort)) {
		const keys = SORTS[sort]().map(key => Float64Array.from({length: findings.count}, (_, i) => key(i)));
		const compare = (a, b) => {
			const key = keys.find(key => key[a] !== key[b]);
			return key === undefined ? a - b : key[a] - key[b];
		};
		orders.set(sort, Int32Array.from({length: findings.count}, (_, i) => i).sort(compare));
	}
	return orders.get(sort);
}

// ---- doing it ----

function applyFilter() {
	const matches = findingMatcher();
	const order = orderBy(filter.sort);
	const found = new Int32Array(findings.count);
	let count = 0;
	for (let at = 0; at < order.length; at++) {
		const i = order[at];
		isShown[i] = matches(i) ? 1 : 0;
		if (isShown[i]) {
			found[count++] = i;
		}
	}
	shown = found.subarray(0, count);
	if (filter.descending) {
		shown.reverse();
	}
	for (const listener of filterListeners) {
		listener();
	}
}

// ---- the fragment ----

const OPEN_KEPT = 20;

function fragmentOfPage() {
	const words = new URLSearchParams();
	if (filter.severities.size < 3) {
		words.set('severity', [...filter.severities].sort().reverse().map(severity => SEVERITIES[severity]).join(' '));
	}
	if (filter.rule >= 0) {
		words.set('rule', data.rules[filter.rule].name);
	}
	for (const key of ['host', 'session', 'log', 'text']) {
		if (filter[key] !== '') {
			words.set(key, filter[key]);
		}
	}
	if (!filter.cascades) {
		words.set('cascades', 'no');
	}
	if (filter.suppressed) {
		words.set('suppressed', 'yes');
	}
	if (filter.sort !== 'severity' || filter.descending) {
		words.set('sort', filter.sort + (filter.descending ? ' down' : ''));
	}
	if (filter.open.size > 0) {
		words.set('open', [...filter.open].slice(-OPEN_KEPT).join(' '));
	}
	addViewTo(words);
	return words.toString();
}

function wordsOf(fragment) {
	return new URLSearchParams(fragment.includes('=') ? fragment : '');
}

// The filter alone; see readView().
function readFragment(fragment) {
	const words = wordsOf(fragment);
	const list = key => (words.get(key) ?? '').split(' ').filter(word => word);
	const [sort, down] = list('sort');
	filter.severities = words.has('severity')
		? new Set(list('severity').map(name => SEVERITIES.indexOf(name)).filter(severity => severity > 0))
		: new Set([ERROR, WARNING, NOTE]);
	filter.rule = data.rules.findIndex(rule => rule.name === words.get('rule'));
	for (const key of ['host', 'session', 'log', 'text']) {
		filter[key] = words.get(key) ?? '';
	}
	filter.cascades = words.get('cascades') !== 'no';
	filter.suppressed = words.get('suppressed') === 'yes';
	filter.sort = Object.hasOwn(SORTS, sort ?? '') ? sort : 'severity';
	filter.descending = down === 'down';
	filter.open = new Set(list('open').map(Number).filter(i => Number.isInteger(i) && i >= 0 && i < findings.count));
}

let fragmentWritten = '';

function writeFragment() {
	const fragment = fragmentOfPage();
	if (fragment === fragmentWritten) {
		return;
	}
	fragmentWritten = fragment;
	try {
		history.replaceState(null, '', `#${fragment}`);
	} catch {
		// where a page may not change its address, it works without
	}
}
