// SPDX-License-Identifier: MIT
// What was read, what was found, what the exit status means, and what this page leaves out.

const STATUSES = [
	'Exit status 0: nothing at or above the severity that --fail-on names.',
	'Exit status 1: there are findings at or above the severity that --fail-on names, or stale entries in the '
		+ 'baseline.',
	'Exit status 2: the job could not be done, or not in full. Some input could not be read; what follows describes the rest.',
];

function verdictText(totals) {
	const counts = [[totals.errors, 'error'], [totals.warnings, 'warning'], [totals.notes, 'note']]
		.filter(([count]) => count > 0).map(([count, what]) => formatCount(count, what));
	return counts.length ? counts.join(', ') : 'No findings';
}

// Whether there is nothing that the verdict could be about; a page of that says so, as the command does.
function isUnjudged({files, events, notifications, calls, objects, unreadable}) {
	return files > 0 && events + notifications + calls + objects + unreadable === 0;
}

function buildVerdict() {
	const {totals, status} = data;
	const element = byId('verdict');
	const unjudged = isUnjudged(totals);
	element.dataset.status = status;
	element.dataset.found = totals.errors + totals.warnings > 0 || unjudged ? 'yes' : 'no';
	const sign = totals.errors || status === 2 ? '\u2716' : totals.warnings || status === 1 || unjudged ? '\u25b2' : '\u2714';
	element.append(
		make('strong', {}, `${sign} ${verdictText(totals)}`),
		` in ${formatCount(totals.incarnations, 'session')} of ${formatCount(totals.files, 'log')}.`,
		...(unjudged ? [make('p', {}, 'Nothing was judged: no record shows what a session did. Windows logs that in '
			+ 'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational.')] : []),
		make('p', {}, STATUSES[status] ?? `Exit status ${status}.`));
}

function buildOmitted() {
	const {omitted} = data;
	const found = [[omitted.errors, 'error'], [omitted.warnings, 'warning'], [omitted.notes, 'note'],
		[omitted.suppressed, 'suppressed finding'], [omitted.incarnations, 'session'], [omitted.annotations, 'annotation']]
		.filter(([count]) => count > 0).map(([count, what]) => formatCount(count, what));
	const cut = incarnations.omitted.reduce((sum, count) => sum + Number(count), 0);
	if (cut > 0) {
		found.push(`${formatCount(cut, 'step')} of shown sessions`);
	}
	if (data.unlisted.length > 0) {
		found.push(`the records that show ${formatCount(data.unlisted.length, 'step')}`);
	}
	if (found.length === 0) {
		return;
	}
	byId('omitted').append(make('p', {class: 'omitted', id: 'left-out'},
		make('strong', {}, 'This page is incomplete. '),
		`Left out: ${found.join(', ')}. Errors and sessions with findings are kept first. `,
		'The counts in this summary, the diagram and the coverage are complete; --format=json lists every finding.'));
}

function makeCounts(rows) {
	return make('dl', {}, ...rows.flatMap(([name, value]) =>
		[make('dt', {}, name), make('dd', {}, typeof value === 'number' ? formatNumber(value) : value)]));
}

function makeShare(parts) {
	const bar = make('div', {class: 'share', 'aria-hidden': 'true'});
	for (const [name, count] of parts) {
		if (count > 0) {
			const part = make('span', {class: name});
			part.style.flexGrow = count;
			bar.append(part);
		}
	}
	return bar;
}

function makeTile(title, ...children) {
	return make('div', {class: 'tile'}, make('h3', {}, title), ...children);
}

function buildTiles() {
	const {totals} = data;
	const verdicts = [['conforming', totals.conforming], ['violating', totals.violating], ['undetermined', totals.undetermined]];
	const read = [['logs', totals.files], ['size', formatBytes(totals.bytes)], ['records', totals.records],
		['events judged', totals.events], ['markers', totals.markers], ['noted, no transition', totals.noted],
		...(totals.annotations > 0 ? [['annotations, not judged', totals.annotations]] : []),
		['skipped, of other logs', totals.skipped], ['unreadable', totals.unreadable]];
	const forgotten = totals.forgotten > 0 ? [['forgotten (no room)', totals.forgotten]] : [];
	byId('tiles').append(
		makeTile(formatCount(totals.incarnations, 'session'), makeShare(verdicts),
			makeCounts([...verdicts, ['unfinished', totals.unfinished], ...forgotten,
				['alive at once, at most', totals.livePeak]])),
		makeTile(formatCount(totals.errors + totals.warnings + totals.notes, 'finding'), make('dl', {},
			...[[ERROR, totals.errors], [WARNING, totals.warnings], [NOTE, totals.notes]].flatMap(([severity, count]) =>
				[make('dt', {}, severityMark(severity)), make('dd', {}, formatNumber(count))])),
			makeCounts([['of them cascades', totals.cascades], ['suppressed, not counted', totals.suppressed]])),
		makeTile('What was read', makeCounts(read)));
	if (totals.calls + totals.notifications + totals.objects > 0) {
		byId('tiles').append(makeTile('Drivers', makeCounts([['notifications', totals.notifications],
			['calls', totals.calls], ['I/O objects', totals.objects], ['registrations', totals.registrations]])));
	}
}

// By rule, how many findings of each severity are in the page.
function severitiesOfRules() {
	const counts = data.rules.map(() => [0, 0, 0, 0, 0]);
	for (let i = 0; i < findings.count; i++) {
		counts[findings.rule[i]][isSuppressed(i) ? 4 : findings.severity[i]]++;
	}
	return counts;
}

const RULES_IN_SIGHT = 8;

function buildRules() {
	const counts = severitiesOfRules();
	const found = [...data.rules.keys()].filter(i => data.rules[i].count > 0)
		.sort((a, b) => gravestOf(counts[b]) - gravestOf(counts[a]) || data.rules[b].count - data.rules[a].count);
	if (found.length === 0) {
		return;
	}
	const rows = found.map(i => [
		gravestOf(counts[i]) ? severityMark(gravestOf(counts[i])) : '',
		make('button', {type: 'button', class: 'plain mono', click: () => {
			changeFilter(() => {
				readFragment('');
				filter.rule = i;
			});
			goTo('findings');
		}}, data.rules[i].name),
		formatNumber(data.rules[i].count),
		data.rules[i].summary.join(' '),
	]);
	byId('rules').append(makeRules('Findings by rule', rows.slice(0, RULES_IN_SIGHT)));
	if (rows.length > RULES_IN_SIGHT) {
		byId('rules').append(make('details', {}, make('summary', {}, `${formatCount(rows.length - RULES_IN_SIGHT, 'more rule')}`),
			makeRules('Findings by rule, the rest', rows.slice(RULES_IN_SIGHT))));
	}
}

function makeRules(label, rows) {
	return makeTable(label, ['Severity', 'Rule', 'Findings', 'What it says'], rows, [2]);
}

function gravestOf(counts) {
	return counts[ERROR] ? ERROR : counts[WARNING] ? WARNING : counts[NOTE] ? NOTE : 0;
}

function buildNoticesOf(heading, label, notices) {
	if (notices.length) {
		byId('rules').append(make('h3', {}, heading), makeTable(label, ['Severity', 'Place', 'What it is'],
			notices.map(notice => [severityMark(notice.severity), notice.line ? `${notice.place}:${notice.line}` : notice.place,
				notice.text]), []));
	}
}

// What could not be done, and entries of the baseline that are stale or have expired.
function buildNotices() {
	buildNoticesOf('The run', 'Problems of the run', data.notices.filter(notice => !notice.baseline));
	buildNoticesOf('Baseline', 'Entries of the baseline', data.notices.filter(notice => notice.baseline));
	if (data.noticesOmitted) {
		byId('rules').append(make('p', {}, `${formatNumber(data.noticesOmitted)} more ${isOrAre(data.noticesOmitted)} not on this page.`));
	}
}

function buildSummary() {
	byId('version').textContent = data.version;
	buildRun();
	buildInputs();
	buildVerdict();
	buildOmitted();
	buildTiles();
	buildRules();
	buildNotices();
}
