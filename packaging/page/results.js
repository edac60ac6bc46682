// SPDX-License-Identifier: MIT
// What a run found, as text: nothing that a log says becomes anything else.

const READ_MAX = 8 << 20;  // bytes of a result that are shown; all of it can be downloaded
const SHOWN_AT_ONCE = 500;

// The objects in the lines of a result, and whether there are more of them.
async function linesOf(blob) {
	const lines = (await blob.slice(0, READ_MAX).text()).split('\n');
	// the last one is empty, or cut
	lines.pop();
	return {items: lines.map(line => JSON.parse(line)), isCut: blob.size > READ_MAX};
}

// The last line, however long the result is.
async function summaryOf(blob) {
	const end = (await blob.slice(-(1 << 20)).text()).trimEnd();
	const line = end.slice(end.lastIndexOf('\n') + 1);
	return line ? JSON.parse(line).summary : undefined;
}

// ---- downloads ----

// URLs of the results that are shown; the next results take their place.
const urls = new Set();

function urlOf(blob) {
	const url = URL.createObjectURL(blob);
	urls.add(url);
	return url;
}

function forgetUrls() {
	urls.forEach(url => URL.revokeObjectURL(url));
	urls.clear();
}

function downloadLink(blob, name, type) {
	return make('a', {href: urlOf(new Blob([blob], {type})), download: name, class: 'download'}, `${name} (${sizeOf(blob.size)})`);
}

// ---- lists ----

// Items with a filter; some of them are shown, and more if they are asked for.
function makeList(panel, {items, isCut, noun, empty, frame, textOf, render, downloads}) {
	const field = make('input', {type: 'search', placeholder: 'words, all of them', autocomplete: 'off', spellcheck: 'false'});
	const count = make('output', {role: 'status', 'aria-live': 'polite'});
	const {outside, inside} = frame();
	const more = make('button', {type: 'button', click: () => show(inside.childElementCount)}, 'Show more');
	const texts = items.map(item => textOf(item).toLowerCase());
	let matching = items;

	function show(from) {
		inside.append(...matching.slice(from, from + SHOWN_AT_ONCE).map(render));
		more.hidden = inside.childElementCount >= matching.length;
	}

	function filter() {
		const words = field.value.toLowerCase().split(/\s+/).filter(word => word);
		matching = items.filter((_, i) => words.every(word => texts[i].includes(word)));
		count.textContent = words.length > 0 ? `${numberFormat.format(matching.length)} of ${countOf(items.length, noun)}` :
			`${isCut ? 'the first ' : ''}${countOf(items.length, noun)}`;
		inside.replaceChildren();
		show(0);
	}

	field.addEventListener('input', filter);
	panel.replaceChildren(make('div', {class: 'bar'}, make('label', {class: 'filter-label'}, 'Filter ', field), count,
		make('span', {class: 'downloads'}, ...downloads)), items.length > 0 ? outside : make('p', {class: 'empty'}, empty), more);
	filter();
}

// ---- findings ----

function placeOf({file, line, time}) {
	const where = /\.evtx$/i.test(file) ? ` record ${line}` : `:${line}`;
	return `${plain(file)}${where}${time ? `, ${time.replace('T', ' ').replace(/(\.\d{3})\d*Z?$|Z$/, '$1')} UTC` : ''}`;
}

function subjectOf({session, incarnation, host, user, address, driver}) {
	return [session !== null && `session ${session}${incarnation > 1 ? ` (incarnation ${incarnation})` : ''}`,
		user, address && `from ${address}`, host && `on ${host}`, driver].filter(part => part).map(plain).join(' ');
}

function historyText(history) {
	return history.map(({event, line, file, unseen}) => unseen ? `${event} (unseen)` : `${event} ${plain(file ?? '')}:${line}`).join(', ');
}

function detailsOf(finding) {
	const {belief, allowed, history, witnesses, repair, cascade, suppression} = finding;
	const rows = [
		['place', placeOf(finding)],
		['about', subjectOf(finding)],
		['state', belief?.join(' or ')],
		['allowed', allowed?.join(', ')],
		['history', history && historyText(history)],
		['records', witnesses?.map(({source, file, record}) => `${plain(file)}:${record} (${source})`).join('\n')],
		['repair', repair && (repair.action === 'drop' ? 'drop this event' : `insert ${repair.events.join(', ')} before it`)],
		['cascade', cascade && 'an earlier finding may have caused it'],
		['suppressed', suppression && plain(suppression.reason ?? suppression.kind)],
		['fingerprint', finding.fingerprint],
	].filter(([, value]) => value);
	return make('dl', {class: 'run'}, ...rows.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]));
}

function renderFinding(finding) {
	const body = make('div', {class: 'detail'});
	const item = make('details', {class: 'finding'}, make('summary', {},
		severityMark(SEVERITIES.indexOf(finding.severity)), make('span', {class: 'message'}, plain(finding.message)),
		make('span', {class: 'quiet subject'}, subjectOf(finding)), make('span', {class: 'quiet place'}, placeOf(finding))), body);
	item.addEventListener('toggle', () => {
		if (body.childElementCount === 0) {
			const explanation = make('pre', {hidden: true});
			body.append(detailsOf(finding), make('p', {}, make('code', {}, finding.rule), ' ',
				make('button', {type: 'button', class: 'plain', click: () => explain(finding.rule, explanation)}, 'What does this rule mean?')),
			explanation);
		}
	});
	return make('li', {}, item);
}

function showFindings({output, results}, {items, isCut}) {
	const findings = items.filter(item => !item.summary);
	makeList(byId('panel-findings'), {
		items: findings, isCut, noun: 'finding', empty: 'Nothing was found.',
		frame() {
			const list = make('ol', {class: 'findings'});
			return {outside: list, inside: list};
		},
		textOf: finding => [finding.severity, finding.rule, finding.message, placeOf(finding), subjectOf(finding)].join(' '),
		render: renderFinding,
		downloads: [downloadLink(output, 'findings.json', 'application/x-ndjson'),
			downloadLink(results['/out/findings.txt'], 'findings.txt', 'text/plain')],
	});
}

// ---- timeline ----

const COLUMNS = [
	['time (UTC)', ({time}) => time?.replace('T', ' ').replace(/(\.\d{3})\d*Z$|Z$/, '$1') ?? ''],
	['session', ({session}) => session ?? ''],
	['what', ({event, name, kind, message, unseen}) => `${event ?? name ?? message ?? kind}${unseen ? ' (unseen)' : ''}`],
	['states', ({from, to}) => from ? `${from} \u2192 ${to}`.replaceAll('|', ' or ') : ''],
	['user', ({user, address, client}) => [user, (address ?? client) && `from ${address ?? client}`].filter(part => part).join(' ')],
	['host', ({host}) => host ?? ''],
	['records', ({witnesses}) => (witnesses ?? []).map(({file, record}) => `${file.replace(/^.*\//, '')}:${record}`).join(', ')],
	['verdict', ({verdict, severity, rule}) => severity ? rule : verdict === 'legal' ? '' : verdict ?? ''],
];

function renderRow(row) {
	return make('tr', {class: row.kind === 'annotation' ? 'annotation' : row.severity ?? false},
		...COLUMNS.map(([name, text]) => make('td', {class: row.severity && name === 'verdict' ? `severity ${row.severity}` : false},
			plain(String(text(row))))));
}

function showTimeline({output}, lines) {
	makeList(byId('panel-timeline'), {
		...lines, noun: 'row', empty: 'There is nothing in the timeline.',
		frame() {
			const body = make('tbody');
			return {inside: body, outside: make('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Timeline'},
				make('table', {class: 'timeline'}, make('thead', {}, make('tr', {}, ...COLUMNS.map(([name]) => make('th', {scope: 'col'}, name)))), body))};
		},
		textOf: row => COLUMNS.map(([, text]) => text(row)).join(' '),
		render: renderRow,
		downloads: [downloadLink(output, 'timeline.ndjson', 'application/x-ndjson')],
	});
}

// ---- pictures ----

function showDiagram({output}) {
	const image = make('img', {src: urlOf(new Blob([output], {type: 'image/svg+xml'})), class: 'diagram',
		alt: 'The states of a session, and how often each transition occurred: blue ones occurred, red ones are illegal'});
	byId('panel-diagram').replaceChildren(make('div', {class: 'bar'},
		make('span', {class: 'quiet'}, 'Blue transitions occurred, grey ones did not; red and dashed ones are illegal.'),
		make('span', {class: 'downloads'}, downloadLink(output, 'diagram.svg', 'image/svg+xml'))),
	make('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Diagram'}, image));
}

// The page of the command. It has a policy of its own, and this page lets no script but its run in it.
function showReport({results}) {
	const blob = results['/out/report.html'];
	const url = urlOf(new Blob([blob], {type: 'text/html'}));
	byId('panel-report').replaceChildren(make('div', {class: 'bar'},
		make('a', {href: url, target: '_blank', rel: 'noopener'}, 'Open in a new tab'),
		make('span', {class: 'downloads'}, downloadLink(blob, 'report.html', 'text/html'))),
	make('iframe', {src: url, title: 'Report of the command', class: 'report', sandbox: 'allow-scripts'}));
}

// ---- the verdict ----

function showVerdict(status, summary) {
	const element = byId('verdict');
	if (!summary) {
		element.dataset.status = '2';
		element.replaceChildren(make('strong', {}, 'Nothing could be checked'), make('p', {}, 'The messages say why.'));
		return;
	}
	const {severities, sessions} = summary, found = severities.error + severities.warning + severities.note;
	element.dataset.status = status;
	element.dataset.found = severities.error + severities.warning > 0 ? 'yes' : 'no';
	const words = found > 0 ? [countOf(severities.error, 'error'), countOf(severities.warning, 'warning'), countOf(severities.note, 'note')].join(', ') :
		'Nothing was found';
	element.replaceChildren(make('strong', {}, words),
		make('p', {}, `${countOf(summary.events, 'event')} of ${countOf(sessions.lives, 'session')} in ${countOf(summary.files, 'file')}, `
			+ `${sizeOf(summary.bytes)}: ${numberFormat.format(sessions.conforming)} conforming, ${numberFormat.format(sessions.violating)} violating, `
			+ `${numberFormat.format(sessions.undetermined)} undetermined.`),
		...status === 2 ? [make('p', {}, 'Not everything could be read; the messages say what.')] : []);
}
