// SPDX-License-Identifier: MIT
// All that is known of one finding.

function chips(names) {
	return make('span', {class: 'chips'}, ...names.map(name => make('span', {class: 'chip'}, name)));
}

function beliefChips(belief) {
	return belief === ANY_STATE ? chips(['any state']) : chips(members(belief, 1).map(stateName));
}

function placeDetail(finding) {
	const file = findings.file[finding];
	const line = findings.line[finding];
	const parts = [make('span', {class: 'mono'}, texts[file])];
	if (line !== 0) {
		parts.push(`, ${lineWord(file)} ${line}`);
	}
	return make('span', {}, ...parts, make('span', {class: 'quiet'}, `, offset ${formatNumber(Number(findings.offset[finding]))}`));
}

function suppressionText(finding) {
	const by = findings.suppression[finding] === 1 ? 'by the trace itself' : 'by the baseline';
	const reason = texts[findings.reason[finding]];
	return `Suppressed, ${by}: it does not count${reason ? `. Reason: ${reason}` : ''}`;
}

function repairText(finding) {
	const repair = findings.repair[finding];
	if (repair === 0) {
		return '';
	}
	return repair === 'drop' ? 'Drop this event (1 change).'
		: `Insert ${[...repair].map(eventName).join(', ')} before it (${formatCount(repair.length, 'change')}).`;
}

// Event 7 stands for whatever lies outside the enumeration.
function pastName(event) {
	return event === 7 ? '(invalid)' : eventName(event);
}

function makeHistory(finding) {
	const events = [...findings.events[finding]].map(Number);
	const lines = historyLines(finding);
	const older = findings.older[finding];
	const word = lineWord(findings.file[finding]);
	return make('ol', {class: 'history'},
		Number(older) > 0 && make('li', {class: 'quiet'}, `${formatCount(Number(older), 'event')} before`),
		...events.map((event, i) => make('li', {class: i + 1 === events.length ? 'last' : false},
			make('span', {class: findings.unseen[finding] >> i & 1 ? 'unseen' : false}, pastName(event)), make('span', {class: 'quiet'},
				findings.unseen[finding] >> i & 1 ? ' unseen' : Number(lines[i]) === 0 ? ' in another file' : ` ${word} ${lines[i]}`))));
}

function makeWitnesses(finding) {
	const found = findings.witnesses[finding];
	const rows = [];
	for (let i = 0; i < found.length; i += 3) {
		rows.push(make('li', {}, make('span', {class: 'mono', title: texts[found[i]]}, logName(found[i])), `, ${lineWord(found[i])} ${found[i + 1]}`,
			make('span', {class: 'quiet'}, `, ${data.sources[found[i + 2]]}`)));
	}
	return make('ul', {class: 'witnesses'}, ...rows);
}

const AROUND = 10 * MINUTE;
const AROUND_MAX = 8;

// The annotations of its session, or else of its host, at about its time.
function annotationsAround(finding) {
	const incarnation = incarnationOfFinding[finding];
	const list = incarnation >= 0 ? annotationsOf[incarnation] : groups[groupOfFinding[finding]].annotations;
	const away = annotation => Math.abs(annotations.time[annotation] - findings.time[finding]);
	return list.filter(annotation => away(annotation) <= AROUND).sort((a, b) => away(a) - away(b)).slice(0, AROUND_MAX)
		.sort((a, b) => annotations.time[a] - annotations.time[b]);
}

function makeAround(finding) {
	return make('ul', {class: 'witnesses'}, ...annotationsAround(finding).map(annotation => make('li', {}, annotationWords(annotation))));
}

function ruleDetail(finding) {
	const rule = data.rules[findings.rule[finding]];
	const paragraphs = rule.explanation.join('\n').split('\n\n');
	return make('details', {class: 'rule'},
		make('summary', {}, make('span', {class: 'mono'}, rule.name), ` \u2013 ${rule.summary.join(' ')}`),
		...paragraphs.map(text => make('p', {}, text.replaceAll('\n', ' '))),
		make('div', {class: 'examples'},
			make('div', {}, make('h4', {}, 'A trace that breaks it'), make('pre', {}, rule.wrong.join('\n'))),
			make('div', {}, make('h4', {}, 'A trace that does not'), make('pre', {}, rule.right.join('\n')))));
}

function narrowButtons(finding) {
	const incarnation = incarnationOfFinding[finding];
	const action = (name, act) => make('button', {type: 'button', click: act}, name);
	return make('p', {class: 'actions'},
		action('Show in the timeline', () => showInTimeline(finding)),
		action('Only this rule', () => changeFilter(() => {
			filter.rule = findings.rule[finding];
		})),
		findings.session[finding] >= 0 && action('Only this session', () => changeFilter(() => {
			filter.session = String(findings.session[finding]);
			filter.host = texts[findings.host[finding]];
		})),
		incarnation < 0 && findings.incarnation[finding] > 0 && make('span', {class: 'quiet'}, 'The session is not on this page.'));
}

// Pairs of a name and what it is; without those that are nothing.
function detailRows(finding) {
	const time = findings.time[finding];
	const isOfSession = findings.session[finding] >= 0;
	const {event, observed, belief, allowed} = findings;
	const invalidEvent = ruleName(finding) === 'session/invalid-event' && event[finding] < 0;
	return [
		['Place', placeDetail(finding)],
		['Time', Number.isNaN(time) ? '' : `${formatTime(time)} UTC`],
		['Subject', subjectText(finding)],
		['User', texts[findings.user[finding]]],
		['Address', texts[findings.address[finding]]],
		['Source', isOfSession ? data.sources[findings.source[finding]] : ''],
		['Event', event[finding] >= 0 ? eventName(event[finding]) : invalidEvent ? '4294967295' : ''],
		['Before it in', isOfSession && belief[finding] ? beliefChips(belief[finding]) : ''],
		['Allowed there', isOfSession && belief[finding] ? chips(members(allowed[finding], 0).map(eventName)) : ''],
		['Observed', observed[finding] >= 0 ? stateName(observed[finding]) : ''],
		['Repair', repairText(finding)],
		['Cascade', findings.cascade[finding] ? 'It only follows from an earlier finding of the same session.' : ''],
		['Suppressed', isSuppressed(finding) ? suppressionText(finding) : ''],
		['Witnesses', findings.witnesses[finding].length > 0 ? makeWitnesses(finding) : ''],
		['Annotations', annotationsAround(finding).length > 0 ? makeAround(finding) : ''],
		['History', findings.events[finding] ? makeHistory(finding) : ''],
	].filter(([, value]) => value !== '');
}

function makeDetail(finding) {
	return make('div', {class: 'detail', role: 'cell'},
		make('p', {class: 'message'}, severityMark(findings.severity[finding]), `: ${texts[findings.message[finding]]}`),
		make('dl', {}, ...detailRows(finding).flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)])),
		narrowButtons(finding),
		ruleDetail(finding));
}
