// SPDX-License-Identifier: MIT
// What is done to the timeline: by the pointer, by keys, by the filter.

const lanesView = byId('lanes');

function tellChosen(text) {
	byId('lanes-chosen').textContent = text;
}

// ---- zoom ----

function setView(from, to) {
	const least = lanes.axis === 'time' ? 100 : 2;
	const whole = lanes.most - lanes.least;
	const span = Math.min(Math.max(to - from, Math.min(least, whole)), whole);
	const middle = (from + to) / 2;
	lanes.from = Math.min(Math.max(middle - span / 2, lanes.least), lanes.most - span);
	lanes.to = lanes.from + span;
	redrawLanes();
}

function zoom(factor, x) {
	const place = x === undefined ? (lanes.from + lanes.to) / 2 : toPlace(x);
	setView(place - (place - lanes.from) * factor, place + (lanes.to - place) * factor);
}

function pan(share) {
	const by = (lanes.to - lanes.from) * share;
	if (by > 0 ? lanes.to + by > lanes.most : lanes.from + by < lanes.least) {
		const span = lanes.to - lanes.from;
		setView(by > 0 ? lanes.most - span : lanes.least, by > 0 ? lanes.most : lanes.least + span);
	} else {
		setView(lanes.from + by, lanes.to + by);
	}
}

function fitAll() {
	setView(lanes.least, lanes.most);
}

// Where an incarnation is, with the chosen finding: if the clock ran backward, it ends before it begins.
function extentOf(incarnation) {
	const all = [beginOf(incarnation), endOf(incarnation)];
	for (let i = incarnations.first[incarnation]; i < incarnations.first[incarnation + 1]; i++) {
		all.push(lanes.axis === 'time' ? slices.time[i] : slices.line[i]);
	}
	if (lanes.mark >= 0 && incarnationOfFinding[lanes.mark] === incarnation) {
		all.push(placeOfFinding(lanes.mark));
	}
	const known = all.filter(place => !Number.isNaN(place));
	return [Math.min(...known), Math.max(...known)];
}

function fitIncarnation() {
	const incarnation = lanes.chosen >= 0 ? lanes.rows[lanes.chosen].incarnation : -1;
	if (incarnation >= 0) {
		const [from, to] = extentOf(incarnation);
		const margin = Math.max((to - from) * .05, lanes.axis === 'time' ? 1e6 : 1);
		setView(from - margin, to + margin);
	}
}

// ---- choosing ----

function scrollToRow(index) {
	const top = lanes.tops[index];
	const height = lanesView.clientHeight - AXIS_HEIGHT;
	if (top < lanesView.scrollTop + GROUP_HEIGHT) {
		lanesView.scrollTop = Math.max(0, top - GROUP_HEIGHT);
	} else if (top + LANE_HEIGHT > lanesView.scrollTop + height) {
		lanesView.scrollTop = top + LANE_HEIGHT - height + 8;
	}
}

function chooseRow(index) {
	if (lanes.rows.length === 0) {
		return;
	}
	lanes.chosen = Math.max(0, Math.min(lanes.rows.length - 1, index));
	lanes.mark = -1;
	scrollToRow(lanes.chosen);
	tellChosen(rowWords(lanes.rows[lanes.chosen]));
	redrawLanes();
}

function rowOfFinding(finding) {
	return lanes.rows.findIndex(row => isRowOf(row, finding));
}

function markWords(finding) {
	return `${SEVERITIES[findings.severity[finding]]} at ${placeText(finding)}: ${texts[findings.message[finding]]} [${ruleName(finding)}]. `
		+ 'Enter opens it.';
}

function chooseMark(finding) {
	const row = rowOfFinding(finding);
	const place = placeOfFinding(finding);
	lanes.mark = finding;
	if (row >= 0) {
		lanes.chosen = row;
		scrollToRow(row);
	}
	if (place < lanes.from || place > lanes.to) {
		const span = lanes.to - lanes.from;
		setView(place - span / 2, place + span / 2);
	}
	tellChosen(markWords(finding));
	redrawLanes();
}

// The findings in the order of lanes, and of places in a lane; found when asked for.
function marksInOrder() {
	if (lanes.marks === null) {
		lanes.marks = [];
		lanes.marksAt = [];
		for (const row of lanes.rows) {
			lanes.marksAt.push(lanes.marks.length);
			const found = Array.from(findingsOfRow(row)).filter(finding => isShown[finding] && !Number.isNaN(placeOfFinding(finding)));
			found.sort((a, b) => placeOfFinding(a) - placeOfFinding(b));
			for (const finding of found) {
				lanes.marks.push(finding);
			}
		}
	}
	return lanes.marks;
}

function stepMark(by) {
	const inLanes = marksInOrder();
	if (inLanes.length === 0) {
		tellChosen('No shown finding has a place on this axis.');
		return;
	}
	let at = inLanes.indexOf(lanes.mark);
	if (at < 0) {
		// between those above the lane that is chosen and those in it and below
		const first = lanes.marksAt[lanes.chosen] ?? 0;
		at = by > 0 ? first - 1 : first;
	}
	chooseMark(inLanes[(at + by + inLanes.length) % inLanes.length]);
}

// From the list of findings.
function showInTimeline(finding) {
	if (rowOfFinding(finding) < 0 || Number.isNaN(placeOfFinding(finding))) {
		setAxis('line');
	}
	chooseMark(finding);
	fitIncarnation();
	goTo('timeline');
	lanesView.focus({preventScroll: true});
}

// ---- the pointer ----

const pointers = new Map();
let dragged = false;
let pinch = 0;

function pointAt(event) {
	const box = canvas.getBoundingClientRect();
	return {x: event.clientX - box.left, y: event.clientY - box.top};
}

function rowUnder({y}) {
	return y < AXIS_HEIGHT ? -1 : rowAtTop(y - AXIS_HEIGHT + lanesView.scrollTop);
}

function markUnder({x}, row) {
	let found = -1;
	let nearest = 9;
	for (const finding of row < 0 ? [] : findingsOfRow(lanes.rows[row])) {
		const distance = Math.abs(toX(placeOfFinding(finding)) - x);
		if (isShown[finding] && distance <= nearest && (distance < nearest || findings.severity[finding] >= findings.severity[found])) {
			found = finding;
			nearest = distance;
		}
	}
	return found;
}

function showTip(event, text) {
	const tip = byId('tip');
	tip.hidden = text === '';
	tip.textContent = text;
	if (text !== '') {
		tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)}px`;
		tip.style.top = `${Math.min(event.clientY + 16, innerHeight - tip.offsetHeight - 8)}px`;
	}
}

function tipText(point) {
	const row = rowUnder(point);
	const mark = markUnder(point, row);
	if (mark >= 0) {
		return `${SEVERITIES[findings.severity[mark]]}: ${texts[findings.message[mark]]}\n${ruleName(mark)}, ${placeText(mark)}`;
	}
	if (row < 0 || lanes.rows[row].incarnation < 0 || point.x < gutter()) {
		return row < 0 ? '' : rowWords(lanes.rows[row]);
	}
	const {incarnation} = lanes.rows[row];
	const place = toPlace(point.x);
	const slice = sliceAt(incarnation, place);
	if (slice < 0 || place > holdsTo[incarnation]) {
		const isLeftOut = slice < 0 && place >= beginOf(incarnation) && Number(incarnations.omitted[incarnation]) > 0;
		return incarnationText(incarnation) + (isLeftOut ? `\n${omittedWords(incarnation)}` : '');
	}
	return `${incarnationText(incarnation)}\n${sliceWords(incarnation, slice)}${place > endOf(incarnation) ? '\nnothing recorded after this' : ''}`;
}

function onPointerDown(event) {
	if (event.button === 0) {
		pointers.set(event.pointerId, pointAt(event));
		dragged = false;
		pinch = 0;
		canvas.setPointerCapture(event.pointerId);
	}
}

function onPointerMove(event) {
	const before = pointers.get(event.pointerId);
	const now = pointAt(event);
	if (!before) {
		showTip(event, tipText(now));
		return;
	}
	if (pointers.size === 2) {
		pointers.set(event.pointerId, now);
		const [a, b] = [...pointers.values()];
		const distance = Math.max(Math.abs(a.x - b.x), 10);
		if (pinch) {
			zoom(pinch / distance, (a.x + b.x) / 2);
		}
		pinch = distance;
		dragged = true;
		return;
	}
	if (dragged || Math.abs(now.x - before.x) > 4) {
		dragged = true;
		showTip(event, '');
		pan((before.x - now.x) / drawWidth());
		pointers.set(event.pointerId, now);
	}
}

function onPointerUp(event) {
	if (!pointers.delete(event.pointerId) || dragged || event.type === 'pointercancel') {
		return;
	}
	const point = pointAt(event);
	const row = rowUnder(point);
	const mark = markUnder(point, row);
	if (mark >= 0) {
		chooseMark(mark);
		showFinding(mark);
	} else if (row >= 0) {
		chooseRow(row);
	}
}

function onWheel(event) {
	const sideways = event.shiftKey ? event.deltaY : event.deltaX;
	if (event.ctrlKey || event.metaKey) {
		event.preventDefault();
		zoom(Math.exp(Math.max(-50, Math.min(50, event.deltaY)) * .01), pointAt(event).x);
	} else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
		event.preventDefault();
		pan(sideways / 800);
	}
}

// ---- keys ----

const LANE_KEYS = {
	ArrowDown: () => chooseRow(lanes.chosen + 1),
	ArrowUp: () => chooseRow(lanes.chosen - 1),
	PageDown: () => chooseRow(lanes.chosen + 10),
	PageUp: () => chooseRow(lanes.chosen - 10),
	Home: () => chooseRow(0),
	End: () => chooseRow(lanes.rows.length - 1),
	ArrowLeft: () => pan(-.1),
	ArrowRight: () => pan(.1),
	'+': () => zoom(1 / 1.5),
	'=': () => zoom(1 / 1.5),
	'-': () => zoom(1.5),
	0: () => fitAll(),
	f: () => fitIncarnation(),
	n: () => stepMark(1),
	p: () => stepMark(-1),
	Enter: () => {
		const mark = lanes.mark >= 0 ? lanes.mark : lanes.chosen >= 0 ? findingsOfRow(lanes.rows[lanes.chosen]).find(i => isShown[i]) : undefined;
		if (mark !== undefined) {
			showFinding(mark);
		}
	},
};

function onLanesKey(event) {
	const act = LANE_KEYS[event.key];
	if (act && !event.ctrlKey && !event.altKey && !event.metaKey) {
		event.preventDefault();
		act();
	}
}

// ---- all of it ----

// Lays out the lanes again. If all was in view, it still is; otherwise the visible part stays in view if possible.
function layLanes(keepView) {
	const {from, to} = lanes;
	const keep = keepView && (from > lanes.least || to < lanes.most);
	lanes.marks = null;
	findRows();
	findExtent();
	byId('lanes-space').style.height = `${lanes.height}px`;
	lanesView.style.height = `${Math.max(110, Math.min(lanes.height + AXIS_HEIGHT + 4, Math.round(innerHeight * .55)))}px`;
	const count = lanes.rows.reduce((sum, row) => sum + (row.incarnation >= 0), 0);
	const unseen = data.totals.incarnations - data.omitted.incarnations - incarnations.count;
	byId('lane-count').textContent = `${count === incarnations.count ? '' : `${formatNumber(count)} of `}${formatCount(incarnations.count, 'session')}`
		+ (unseen > 0 ? `; ${formatNumber(unseen)} more without a known step` : '')
		+ (lanes.untimed ? `; ${formatNumber(lanes.untimed)} without a time: choose the other axis` : '');
	if (keep) {
		setView(from, to);
	} else {
		fitAll();
	}
}

function setAxis(axis) {
	lanes.axis = axis;
	byId('axis').value = axis;
	findHolds();
	layLanes(false);
}

const SWATCHES = [2, 1, 3, 6, 7, 4, 5, 8];

function buildLegend() {
	const swatch = name => make('span', {class: `swatch ${name}`, 'aria-hidden': 'true'});
	byId('legend').append(
		...SWATCHES.map(state => make('li', {}, swatch(`state-${state}`), stateName(state))),
		make('li', {}, swatch('several'), 'several states are possible'),
		make('li', {}, swatch('unknown'), incarnations.omitted.some(Number) ? 'any state, or steps that are not on this page' : 'any state'),
		make('li', {}, swatch('faint'), 'nothing recorded after this'),
		...[ERROR, WARNING, NOTE].map(severity => make('li', {}, severityMark(severity))),
		make('li', {}, make('span', {class: 'severity quiet', 'aria-hidden': 'true'}, '\u25c7 '), 'cascade or suppressed'));
}

function buildTimeline() {
	const timed = incarnations.count ? incarnations.beginTime : findings.time;
	const count = timed.reduce((sum, time) => sum + !Number.isNaN(time), 0);
	lanes.axis = count > 0 && count * 2 >= timed.length ? 'time' : 'line';
	findHolds();
	byId('axis').value = lanes.axis;
	byId('axis').options[0].disabled = count === 0;
	readColors();
	buildLegend();
	lanesView.addEventListener('scroll', redrawLanes, {passive: true});
	lanesView.addEventListener('keydown', onLanesKey);
	lanesView.addEventListener('wheel', onWheel, {passive: false});
	canvas.addEventListener('pointerdown', onPointerDown);
	canvas.addEventListener('pointermove', onPointerMove);
	canvas.addEventListener('pointerup', onPointerUp);
	canvas.addEventListener('pointercancel', onPointerUp);
	canvas.addEventListener('pointerleave', event => showTip(event, ''));
	canvas.addEventListener('dblclick', event => zoom(1 / 2, pointAt(event).x));
	byId('zoom-in').addEventListener('click', LANE_KEYS['+']);
	byId('zoom-out').addEventListener('click', LANE_KEYS['-']);
	byId('zoom-fit').addEventListener('click', fitAll);
	byId('mark-next').addEventListener('click', LANE_KEYS.n);
	byId('mark-previous').addEventListener('click', LANE_KEYS.p);
	byId('axis').addEventListener('change', event => setAxis(event.target.value));
	byId('lanes-found').addEventListener('change', event => {
		lanes.onlyFound = event.target.checked;
		layLanes(false);
	});
	new ResizeObserver(redrawLanes).observe(lanesView);
	layLanes(false);
	filterListeners.push(() => layLanes(true));
}
