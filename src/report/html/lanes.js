// SPDX-License-Identifier: MIT
// The lanes of the timeline: where they are on the axis, and what is in them.

const LANE_HEIGHT = 20;
const GROUP_HEIGHT = 24;
const AXIS_HEIGHT = 26;
const FOLD_HEIGHT = 16;

const lanes = {
	rows: [],            // see rows.js
	tops: [],            // of each row
	height: 0,
	axis: 'time',        // or 'line'
	by: 'session',       // what a lane is of: see LANES_BY
	min: 0, max: 1,      // positions of all lanes on the axis
	from: 0, to: 1,      // what is in view
	chosen: -1,          // a row
	picked: -1,          // an incarnation in it
	mark: -1,            // a finding
	marks: null,         // all that are shown, in their order; null: not known yet
	marksAt: [],         // of each row, how many of them are above it
	untimed: 0,          // incarnations that have no place on the axis
	onlyFound: false,
	notes: true,         // annotations are shown
	note: null,          // the number of a step or annotation of what is chosen
	notePlace: NaN,
};

function axisHeight() {
	return AXIS_HEIGHT + (folds.begins.length ? FOLD_HEIGHT : 0);
}

// ---- the axis ----

function timeAt(incarnation, slice) {
	// a step without a time is where the one before it was
	for (let i = slice; i >= incarnations.first[incarnation]; i--) {
		if (!Number.isNaN(slices.time[i])) {
			return slices.time[i];
		}
	}
	return incarnations.beginTime[incarnation];
}

function placeOfSlice(incarnation, slice) {
	return lanes.axis === 'time' ? timeAt(incarnation, slice) : slices.line[slice];
}

function beginOf(incarnation) {
	return lanes.axis === 'time' ? incarnations.beginTime[incarnation] : Number(incarnations.beginLine[incarnation]);
}

// Before its beginning, if the clock ran backward.
function endOf(incarnation) {
	const end = lanes.axis === 'time' ? incarnations.endTime[incarnation] : Number(incarnations.endLine[incarnation]);
	return Number.isNaN(end) ? beginOf(incarnation) : end;
}

// Where a step ends: at the next one, or at once if the clock ran backward then.
function endOfSlice(incarnation, slice) {
	const last = slice + 1 === incarnations.first[incarnation + 1];
	const begin = placeOfSlice(incarnation, slice);
	return Math.max(begin, last ? endOf(incarnation) : placeOfSlice(incarnation, slice + 1));
}

function placeOfFinding(finding) {
	return lanes.axis === 'time' ? findings.time[finding] : logLine(finding);
}

// The possible states after the last step.
function lastBelief(incarnation) {
	const last = incarnations.first[incarnation + 1] - 1;
	return last >= incarnations.first[incarnation] ? slices.after[last] : 0;
}

// From where to where an incarnation goes, whichever way the clock ran; NaN: it has no place.
const lowOf = new Float64Array(incarnations.count);
const highOf = new Float64Array(incarnations.count);

// From where to where the findings of an incarnation go; NaN: none has a place.
const lowFound = new Float64Array(incarnations.count);
const highFound = new Float64Array(incarnations.count);

// Until when the last known states of an incarnation can apply: until the next incarnation of the id, or the end of the group.
const holdsTo = new Float64Array(incarnations.count);

function findExtents() {
	for (let incarnation = 0; incarnation < incarnations.count; incarnation++) {
		lowOf[incarnation] = Math.min(beginOf(incarnation), endOf(incarnation));
		highOf[incarnation] = Math.max(beginOf(incarnation), endOf(incarnation));
		for (let i = incarnations.first[incarnation]; i < incarnations.first[incarnation + 1]; i++) {
			const place = placeOfSlice(incarnation, i);
			lowOf[incarnation] = Math.min(lowOf[incarnation], place);
			highOf[incarnation] = Math.max(highOf[incarnation], place);
		}
		lowFound[incarnation] = highFound[incarnation] = NaN;
		for (let at = foundAt[incarnation]; at < foundAt[incarnation + 1]; at++) {
			const place = placeOfFinding(foundIn[at]);
			if (!Number.isNaN(place)) {
				lowFound[incarnation] = lowFound[incarnation] <= place ? lowFound[incarnation] : place;
				highFound[incarnation] = highFound[incarnation] >= place ? highFound[incarnation] : place;
			}
		}
	}
}

function endOfGroup(group) {
	let end = -Infinity;
	const take = place => {
		end = Number.isNaN(place) ? end : Math.max(end, place);
	};
	group.incarnations.forEach(incarnation => take(highOf[incarnation]));
	group.findings.forEach(finding => take(placeOfFinding(finding)));
	return end;
}

function findHolds() {
	findExtents();
	for (const group of groups) {
		const end = endOfGroup(group);
		const next = new Map();
		for (let i = group.incarnations.length - 1; i >= 0; i--) {
			const incarnation = group.incarnations[i];
			const key = `${incarnations.source[incarnation]} ${incarnations.session[incarnation]}`;
			// where the clock ran backward nobody knows
			const over = lastBelief(incarnation) === 1 << TERMINATED - 1 || endOf(incarnation) < highOf[incarnation];
			holdsTo[incarnation] = over ? highOf[incarnation] : Math.max(highOf[incarnation], Math.min(next.get(key) ?? Infinity, end));
			next.set(key, beginOf(incarnation));
		}
	}
}

function hasShownFinding(incarnation) {
	for (let at = foundAt[incarnation]; at < foundAt[incarnation + 1]; at++) {
		if (isShown[foundIn[at]]) {
			return true;
		}
	}
	return false;
}

// From where to where rows go, with @ends of their incarnations; [Infinity, -Infinity]: nothing of them has a place.
function extentOf(rows, ends) {
	let min = Infinity;
	let max = -Infinity;
	const take = place => {
		if (!Number.isNaN(place)) {
			min = Math.min(min, place);
			max = Math.max(max, place);
		}
	};
	for (const row of rows) {
		for (const incarnation of row.incarnations) {
			take(lowOf[incarnation]);
			take(ends[incarnation]);
			take(lowFound[incarnation]);
			take(highFound[incarnation]);
		}
		if (row.kind === LOOSE) {
			row.findings.forEach(finding => take(placeOfFinding(finding)));
		}
		row.annotations.forEach(annotation => take(placeOfAnnotation(annotation)));
	}
	return [min, max];
}

// From where to where all rows go; the breaks of the axis are found before.
function findExtent() {
	const extent = extentOf(lanes.rows, holdsTo);
	const [min, max] = (extent[0] <= extent[1] ? extent : [0, 1]).map(positionAt);
	const margin = Math.max((max - min) * .01, lanes.axis === 'time' ? 1e6 : .5);
	lanes.min = min - margin;
	lanes.max = max + margin;
}

// The row at @top, or -1.
function rowAtTop(top) {
	const at = countUpTo(lanes.tops, top) - 1;
	return top < lanes.height ? at : -1;
}

// ---- what is at a place ----

// The last step of an incarnation that is not over at @place; -1: none. Each part of a clock that ran backward counts.
function sliceAt(incarnation, place) {
	for (let i = incarnations.first[incarnation + 1] - 1; i >= incarnations.first[incarnation]; i--) {
		const isLast = i + 1 === incarnations.first[incarnation + 1];
		const end = endOfSlice(incarnation, i);
		const over = isLast && holdsTo[incarnation] > highOf[incarnation] ? holdsTo[incarnation] : end;
		if (placeOfSlice(incarnation, i) <= place && (isLast ? place <= over : place < over)) {
			return i;
		}
	}
	return -1;
}

// The incarnation of a row that is at @place, or near it by less than @reach; -1: none.
function incarnationAt(row, place, reach) {
	let found = -1;
	let nearest = reach;
	for (const incarnation of row.incarnations) {
		const away = positionAt(Math.max(lowOf[incarnation] - place, place - holdsTo[incarnation], 0) + place) - positionAt(place);
		if (away <= nearest) {
			found = incarnation;
			nearest = away;
		}
	}
	return found;
}

// ---- in words ----

function placeWords(incarnation, place) {
	if (lanes.axis === 'time') {
		return formatTime(place);
	}
	const [file, line] = partOf(incarnations.file[incarnation], place);
	return `${lineWord(file)} ${formatNumber(line)}` + (data.parts.length > 0 ? ` of ${logName(file)}` : '');
}

function sliceWords(incarnation, slice) {
	const event = slices.event[slice];
	const what = event >= 0 ? eventName(event) : slices.kind[slice] === STEP_LOST ? 'records may be missing' : 'sample';
	const verdict = VERDICTS[slices.verdict[slice]];
	return `${what}${verdict ? `, ${verdict}` : ''} at ${placeWords(incarnation, placeOfSlice(incarnation, slice))}: `
		+ `${beliefText(slices.after[slice])} since then`;
}

function omittedWords(incarnation) {
	const count = Number(incarnations.omitted[incarnation]);
	return `${formatCount(count, 'step')} before this ${isOrAre(count)} not on this page`;
}

// Who uses a session, and from where.
function userWords(incarnation) {
	const who = listed(texts[incarnations.user[incarnation]], incarnations.address[incarnation] && `from ${texts[incarnations.address[incarnation]]}`,
		incarnations.client[incarnation] && `client ${texts[incarnations.client[incarnation]]}`);
	return who && ` (${who})`;
}

function incarnationWords(incarnation) {
	const group = groups[groupOfIncarnation[incarnation]];
	const found = foundAt[incarnation + 1] - foundAt[incarnation];
	return `${incarnationText(incarnation)}${userWords(incarnation)} on ${groupText(group)} (${logName(group.file)}), ${data.sources[incarnations.source[incarnation]]}: `
		+ `${formatCount(incarnations.slices[incarnation], 'step')}, ${formatCount(found, 'finding')}, ${formatCount(annotationsOf[incarnation].length, 'annotation')}, from ${placeWords(incarnation, beginOf(incarnation))} `
		+ `to ${placeWords(incarnation, endOf(incarnation))}, at last ${beliefText(lastBelief(incarnation))}`
		+ (endOf(incarnation) < highOf[incarnation] ? '; the clock ran backward' : '')
		+ (Number(incarnations.omitted[incarnation]) ? `; ${omittedWords(incarnation)}` : '')
		+ (incarnations.late[incarnation] ? '; its beginning may not be in this page' : '');
}

function rowWords(row) {
	const {block} = row;
	if (row.kind !== LANE) {
		return `${block.name} (${block.note}): ${formatCount(block.incarnations.length, 'session')}, ${formatCount(block.findings.length, 'finding')} and ${formatCount(block.annotations.length, 'annotation')} about no session`;
	}
	if (row.incarnations.length === 1) {
		return incarnationWords(row.incarnations[0]);
	}
	return `${block.name}, ${row.label}: ${formatCount(row.incarnations.length, 'session')}, ${formatCount(row.findings.length, 'finding')}, `
		+ `from ${placeWords(row.incarnations[0], Math.min(...row.incarnations.map(i => lowOf[i])))} `
		+ `to ${placeWords(row.incarnations.at(-1), Math.max(...row.incarnations.map(i => highOf[i])))}`;
}
