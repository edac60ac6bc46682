// SPDX-License-Identifier: MIT
// What is done to the timeline: by keys, by the filter, by its controls.

const lanesView = byId('lanes');

function tellChosen(text) {
	byId('lanes-chosen').textContent = text;
}

// ---- zoom ----

function setView(from, to) {
	const min = lanes.axis === 'time' ? 100 : 2;
	const whole = lanes.max - lanes.min;
	const span = Math.min(Math.max(to - from, Math.min(min, whole)), whole);
	const middle = (from + to) / 2;
	lanes.from = Math.min(Math.max(middle - span / 2, lanes.min), lanes.max - span);
	lanes.to = lanes.from + span;
	redrawLanes();
}

function zoom(factor, x) {
	const at = x === undefined ? (lanes.from + lanes.to) / 2 : toPosition(x);
	setView(at - (at - lanes.from) * factor, at + (lanes.to - at) * factor);
}

function pan(share) {
	const by = (lanes.to - lanes.from) * share;
	if (by > 0 ? lanes.to + by > lanes.max : lanes.from + by < lanes.min) {
		const span = lanes.to - lanes.from;
		setView(by > 0 ? lanes.max - span : lanes.min, by > 0 ? lanes.max : lanes.min + span);
	} else {
		setView(lanes.from + by, lanes.to + by);
	}
}

function fitAll() {
	setView(lanes.min, lanes.max);
}

// Shows what is between two places.
function fit(from, to) {
	const [left, right] = [positionAt(from), positionAt(to)];
	const margin = Math.max((right - left) * .05, lanes.axis === 'time' ? 1e6 : 1);
	setView(left - margin, right + margin);
}

// Where an incarnation is around @place while the clock runs forward.
function stretchAround(incarnation, place) {
	let found = [place, place];
	let away = Infinity;
	let begin = incarnations.first[incarnation];
	for (let i = begin; i < incarnations.first[incarnation + 1]; i++) {
		const end = endOfSlice(incarnation, i);
		const isLast = i + 1 === incarnations.first[incarnation + 1];
		if (!isLast && placeOfSlice(incarnation, i + 1) >= placeOfSlice(incarnation, i)) {
			continue;
		}
		const from = placeOfSlice(incarnation, begin);
		const distance = Math.max(from - place, place - end, 0);
		if (distance <= away) {
			[found, away] = [[Math.min(from, place), Math.max(end, place)], distance];
		}
		begin = i + 1;
	}
	return found;
}

// Shows the chosen finding with its session, or else the chosen session, or all of the lane.
function fitChosen() {
	const row = lanes.rows[lanes.chosen];
	const place = lanes.mark >= 0 ? placeOfFinding(lanes.mark) : NaN;
	if (!row || row.kind === HEADING && Number.isNaN(place)) {
		return;
	}
	const incarnation = lanes.mark >= 0 ? incarnationOfFinding[lanes.mark] : lanes.picked;
	if (!Number.isNaN(place)) {
		fit(...(incarnation >= 0 ? stretchAround(incarnation, place) : [place, place]));
		return;
	}
	const [from, to] = incarnation >= 0 ? [lowOf[incarnation], highOf[incarnation]] : extentOf([row], highOf);
	// not if nothing of it has a place
	if (from <= to) {
		fit(from, to);
	}
}

// ---- choosing ----

function scrollToRow(index) {
	const top = lanes.tops[index];
	const height = lanesView.clientHeight - axisHeight();
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
	const row = lanes.rows[lanes.chosen];
	lanes.mark = -1;
	lanes.picked = row.incarnations.length === 1 ? row.incarnations[0] : -1;
	lanes.note = null;
	scrollToRow(lanes.chosen);
	tellChosen(rowWords(row));
	redrawLanes();
}

// One of several in a lane.
function pickIncarnation(incarnation) {
	chooseRow(rowOfIncarnation[incarnation]);
	lanes.picked = incarnation;
	tellChosen(incarnationWords(incarnation));
}

function markWords(finding) {
	return `${SEVERITIES[findings.severity[finding]]} at ${placeText(finding)}: ${texts[findings.message[finding]]} [${ruleName(finding)}]. `
		+ 'Enter opens it.';
}

function chooseMark(finding) {
	const row = rowOfFinding(finding);
	const position = positionAt(placeOfFinding(finding));
	lanes.mark = finding;
	if (row >= 0) {
		lanes.chosen = row;
		lanes.picked = incarnationOfFinding[finding];
		lanes.note = null;
		scrollToRow(row);
	}
	if (position < lanes.from || position > lanes.to) {
		const span = lanes.to - lanes.from;
		setView(position - span / 2, position + span / 2);
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
			const found = Array.from(row.findings).filter(finding => isShown[finding] && !Number.isNaN(placeOfFinding(finding)));
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
	if (Number.isNaN(placeOfFinding(finding))) {
		changeView(() => setAxis('line'));
	}
	if (rowOfFinding(finding) < 0 && lanes.onlyFound) {
		byId('lanes-found').click();
	}
	chooseMark(finding);
	fitChosen();
	goTo('timeline');
	lanesView.focus({preventScroll: true});
}

// ---- keys ----

// The first finding of what is chosen.
function firstOfChosen() {
	const list = lanes.picked >= 0 ? findingsOf([lanes.picked]) : lanes.rows[lanes.chosen].findings;
	return list.find(finding => isShown[finding]);
}

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
	f: () => fitChosen(),
	i: () => changeView(() => setFold(!folds.wanted)),
	n: () => stepMark(1),
	p: () => stepMark(-1),
	'.': () => stepNote(1),
	',': () => stepNote(-1),
	Enter: () => {
		const mark = lanes.mark >= 0 ? lanes.mark : lanes.chosen >= 0 ? firstOfChosen() : undefined;
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

function laneCountText() {
	const count = lanes.rows.reduce((sum, row) => sum + row.incarnations.length, 0);
	const unseen = data.totals.incarnations - data.omitted.incarnations - incarnations.count;
	return `${count === incarnations.count ? '' : `${formatNumber(count)} of `}${formatCount(incarnations.count, 'session')}`
		+ (unseen > 0 ? `; ${formatNumber(unseen)} more without a known step` : '')
		+ (lanes.untimed ? `; ${formatNumber(lanes.untimed)} without a time: choose the other axis` : '')
		+ foldsWords();
}

// Lays out the lanes again. If all was in view, it still is; otherwise the visible part stays in view if possible.
function layLanes(keepView) {
	const keep = keepView && (lanes.from > lanes.min || lanes.to < lanes.max);
	const [from, to] = [placeAt(lanes.from), placeAt(lanes.to)];
	lanes.marks = null;
	findRows();
	findFolds();
	findExtent();
	byId('lanes-space').style.height = `${lanes.height}px`;
	lanesView.style.height = `${Math.max(110, Math.min(lanes.height + axisHeight() + 4, Math.round(innerHeight * .55)))}px`;
	byId('lane-count').textContent = laneCountText();
	if (keep) {
		setView(positionAt(from), positionAt(to));
	} else {
		fitAll();
	}
}

// ---- how it is shown; the fragment has it ----

function setAxis(axis) {
	lanes.axis = axis;
	findHolds();
	layLanes(false);
}

function setFold(wanted) {
	folds.wanted = wanted;
	layLanes(true);
}

function setNotes(wanted) {
	lanes.notes = wanted;
	layLanes(true);
}

function setLanesBy(by) {
	lanes.by = by;
	layLanes(true);
}

function showView() {
	byId('axis').value = lanes.axis;
	byId('lanes-by').value = lanes.by;
	byId('fold').checked = folds.wanted;
	byId('notes').checked = lanes.notes;
	byId('fold').disabled = lanes.axis !== 'time';
}

function changeView(change) {
	change();
	showView();
	writeFragment();
}

let usualAxis = 'time';

function addViewTo(words) {
	if (lanes.axis !== usualAxis) {
		words.set('axis', lanes.axis);
	}
	if (lanes.by !== 'session') {
		words.set('lanes', lanes.by);
	}
	if (!folds.wanted) {
		words.set('fold', 'no');
	}
	if (!lanes.notes) {
		words.set('annotations', 'no');
	}
}

function readView(fragment) {
	const words = wordsOf(fragment);
	const axis = words.get('axis');
	lanes.axis = axis === 'line' || axis === 'time' && !byId('axis').options[0].disabled ? axis : usualAxis;
	lanes.by = Object.hasOwn(LANES_BY, words.get('lanes') ?? '') ? words.get('lanes') : 'session';
	lanes.notes = words.get('annotations') !== 'no';
	folds.wanted = words.get('fold') !== 'no';
	findHolds();
	showView();
}

const SWATCHES = [2, 1, 3, 6, 7, 4, 5, 8];

function buildLegend() {
	const swatch = name => make('span', {class: `swatch ${name}`, 'aria-hidden': 'true'});
	byId('legend').append(
		...SWATCHES.map(state => make('li', {}, swatch(`state-${state}`), stateName(state))),
		make('li', {}, swatch('several'), 'several states are possible'),
		make('li', {}, swatch('unknown'), incarnations.omitted.some(Number) ? 'any state, or steps that are not on this page' : 'any state'),
		make('li', {}, swatch('faint'), 'nothing recorded after this'),
		...(unseenSlices.size ? [make('li', {}, swatch('unseen'), 'after a step that no log shows')] : []),
		...(witnessesOf.size ? [make('li', {}, swatch('witness'), 'a step: the longer, the more records show it')] : []),
		...(annotations.count ? [make('li', {}, swatch('annotation'), 'annotation')] : []),
		...[ERROR, WARNING, NOTE].map(severity => make('li', {}, severityMark(severity))),
		make('li', {}, make('span', {class: 'severity quiet', 'aria-hidden': 'true'}, '\u25c7 '), 'cascade or suppressed'));
}

function buildTimeline() {
	const timed = incarnations.count ? incarnations.beginTime : findings.time;
	const count = timed.reduce((sum, time) => sum + !Number.isNaN(time), 0);
	usualAxis = count > 0 && count * 2 >= timed.length ? 'time' : 'line';
	byId('axis').options[0].disabled = count === 0;
	readView(location.hash.slice(1));
	readColors();
	buildLegend();
	lanesView.addEventListener('scroll', redrawLanes, {passive: true});
	lanesView.addEventListener('keydown', onLanesKey);
	watchPointer();
	byId('zoom-in').addEventListener('click', LANE_KEYS['+']);
	byId('zoom-out').addEventListener('click', LANE_KEYS['-']);
	byId('zoom-fit').addEventListener('click', fitAll);
	byId('mark-next').addEventListener('click', LANE_KEYS.n);
	byId('mark-previous').addEventListener('click', LANE_KEYS.p);
	byId('axis').addEventListener('change', event => changeView(() => setAxis(event.target.value)));
	byId('lanes-by').addEventListener('change', event => changeView(() => setLanesBy(event.target.value)));
	byId('notes-label').hidden = annotations.count === 0;
	byId('notes').addEventListener('change', event => changeView(() => setNotes(event.target.checked)));
	byId('fold').addEventListener('change', event => changeView(() => setFold(event.target.checked)));
	byId('lanes-found').addEventListener('change', event => {
		lanes.onlyFound = event.target.checked;
		layLanes(false);
	});
	new ResizeObserver(redrawLanes).observe(lanesView);
	// the first time as well, when the filter is first applied
	filterListeners.push(() => layLanes(true));
}
