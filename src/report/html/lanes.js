// SPDX-License-Identifier: MIT
// The lanes of the timeline: which there are, from where to where they go, and what is in them.

const LANE_HEIGHT = 20;
const GROUP_HEIGHT = 24;
const AXIS_HEIGHT = 26;

// A line a row: a group's heading, an incarnation, or findings of the group that are about none.
const HEADING = -2;
const NO_INCARNATION = -1;

const lanes = {
	rows: [],            // {group, incarnation}
	tops: [],            // of each row
	height: 0,
	axis: 'time',        // or 'line'
	least: 0, most: 1,   // of all lanes, on the axis
	from: 0, to: 1,      // what is in view
	chosen: -1,          // a row
	mark: -1,            // a finding
	marks: null,         // all that are shown, in their order; null: not known yet
	marksAt: [],         // of each row, how many of them are above it
	untimed: 0,          // incarnations that have no place on the axis
	onlyFound: false,
};

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

function endOf(incarnation) {
	const end = lanes.axis === 'time' ? incarnations.endTime[incarnation] : Number(incarnations.endLine[incarnation]);
	return Math.max(Number.isNaN(end) ? beginOf(incarnation) : end, beginOf(incarnation));
}

function placeOfFinding(finding) {
	return lanes.axis === 'time' ? findings.time[finding] : logLine(finding);
}

// The possible states after the last step.
function lastBelief(incarnation) {
	const last = incarnations.first[incarnation + 1] - 1;
	return last >= incarnations.first[incarnation] ? slices.after[last] : 0;
}

// Until when the last known states of an incarnation can apply: until the next incarnation of the id, or the end of the group.
const holdsTo = new Float64Array(incarnations.count);

function findHolds() {
	for (const group of groups) {
		let end = -Infinity;
		for (const incarnation of group.incarnations) {
			end = Math.max(end, Number.isNaN(endOf(incarnation)) ? -Infinity : endOf(incarnation));
		}
		for (const finding of group.findings) {
			end = Math.max(end, Number.isNaN(placeOfFinding(finding)) ? -Infinity : placeOfFinding(finding));
		}
		const next = new Map();
		for (let i = group.incarnations.length - 1; i >= 0; i--) {
			const incarnation = group.incarnations[i];
			const key = `${incarnations.source[incarnation]} ${incarnations.session[incarnation]}`;
			const over = lastBelief(incarnation) === 1 << TERMINATED - 1;
			holdsTo[incarnation] = over ? endOf(incarnation) : Math.max(endOf(incarnation), Math.min(next.get(key) ?? Infinity, end));
			next.set(key, beginOf(incarnation));
		}
	}
}

// ---- which rows ----

function hasShownFinding(incarnation) {
	for (let at = foundAt[incarnation]; at < foundAt[incarnation + 1]; at++) {
		if (isShown[foundIn[at]]) {
			return true;
		}
	}
	return false;
}

function pushRow(group, incarnation) {
	lanes.tops.push(lanes.height);
	lanes.rows.push({group, incarnation});
	lanes.height += incarnation === HEADING ? GROUP_HEIGHT : LANE_HEIGHT;
}

function findRows() {
	const wanted = subjectMatcher(incarnations);
	const before = lanes.chosen >= 0 ? lanes.rows[lanes.chosen] : null;
	Object.assign(lanes, {rows: [], tops: [], height: 0, chosen: -1, untimed: 0});
	groups.forEach((group, g) => {
		const found = group.incarnations.filter(incarnation => wanted(incarnation) && (!lanes.onlyFound || hasShownFinding(incarnation)));
		const placed = found.filter(incarnation => !Number.isNaN(beginOf(incarnation)));
		lanes.untimed += found.length - placed.length;
		const loose = group.findings.some(finding => isShown[finding] && !Number.isNaN(placeOfFinding(finding)));
		if (placed.length === 0 && !loose) {
			return;
		}
		pushRow(g, HEADING);
		if (loose) {
			if (before && before.incarnation === NO_INCARNATION && before.group === g) {
				lanes.chosen = lanes.rows.length;
			}
			pushRow(g, NO_INCARNATION);
		}
		for (const incarnation of placed) {
			if (before && before.incarnation === incarnation) {
				lanes.chosen = lanes.rows.length;
			}
			pushRow(g, incarnation);
		}
	});
}

// From where to where all rows go.
function findExtent() {
	let least = Infinity;
	let most = -Infinity;
	const take = place => {
		if (!Number.isNaN(place)) {
			least = Math.min(least, place);
			most = Math.max(most, place);
		}
	};
	for (const {group, incarnation} of lanes.rows) {
		if (incarnation >= 0) {
			take(beginOf(incarnation));
			take(holdsTo[incarnation]);
		} else if (incarnation === NO_INCARNATION) {
			groups[group].findings.filter(finding => isShown[finding]).forEach(finding => take(placeOfFinding(finding)));
		}
	}
	if (least > most) {
		[least, most] = [0, 1];
	}
	const margin = Math.max((most - least) * .01, lanes.axis === 'time' ? 1e6 : .5);
	lanes.least = least - margin;
	lanes.most = most + margin;
}

// The row at @top, or -1.
function rowAtTop(top) {
	let low = 0;
	let high = lanes.rows.length - 1;
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if (lanes.tops[middle] <= top) {
			low = middle;
		} else {
			high = middle - 1;
		}
	}
	return high >= 0 && top >= 0 && top < lanes.height ? low : -1;
}

function findingsOfRow({group, incarnation}) {
	if (incarnation === HEADING) {
		return [];
	}
	return incarnation === NO_INCARNATION ? groups[group].findings : foundIn.subarray(foundAt[incarnation], foundAt[incarnation + 1]);
}

// Whether the finding is in the row; NO_INCARNATION is also used in incarnationOfFinding.
function isRowOf(row, finding) {
	return row.group === groupOfFinding[finding] && row.incarnation === incarnationOfFinding[finding];
}

// ---- in words ----

// The last slice of an incarnation at or before @place; -1: none.
function sliceAt(incarnation, place) {
	let found = -1;
	for (let i = incarnations.first[incarnation]; i < incarnations.first[incarnation + 1] && placeOfSlice(incarnation, i) <= place; i++) {
		found = i;
	}
	return found;
}

function placeWords(incarnation, place) {
	if (lanes.axis === 'time') {
		return formatTime(place);
	}
	const [file, line] = partOf(incarnations.file[incarnation], place);
	return `${lineWord(file)} ${formatNumber(line)}` + (data.parts.length > 0 ? ` of ${baseName(texts[file])}` : '');
}

function sliceWords(incarnation, slice) {
	const event = slices.event[slice];
	const what = event >= 0 ? eventName(event) : slices.kind[slice] === STEP_LOST ? 'records may be missing' : 'sample';
	const verdict = VERDICTS[slices.verdict[slice]];
	return `${what}${verdict ? `, ${verdict}` : ''} at ${placeWords(incarnation, placeOfSlice(incarnation, slice))}: `
		+ `${beliefText(slices.after[slice])} since then`;
}

function omittedWords(incarnation) {
	return `${formatCount(Number(incarnations.omitted[incarnation]), 'step')} before this are not on this page`;
}

function rowWords(row) {
	const group = groups[row.group];
	const log = baseName(texts[group.file]);
	if (row.incarnation < 0) {
		return `${groupText(group)} (${log}): ${formatCount(group.incarnations.length, 'session')}, `
			+ `${formatCount(group.findings.length, 'finding')} about no session`;
	}
	const {incarnation} = row;
	const found = foundAt[incarnation + 1] - foundAt[incarnation];
	const steps = incarnations.slices[incarnation];
	return `${incarnationText(incarnation)} on ${groupText(group)} (${log}), ${data.sources[incarnations.source[incarnation]]}: `
		+ `${formatCount(steps, 'step')}, ${formatCount(found, 'finding')}, from ${placeWords(incarnation, beginOf(incarnation))} `
		+ `to ${placeWords(incarnation, endOf(incarnation))}, at last ${beliefText(lastBelief(incarnation))}`
		+ (Number(incarnations.omitted[incarnation]) ? `; ${omittedWords(incarnation)}` : '')
		+ (incarnations.late[incarnation] ? '; its beginning may not be in this page' : '');
}
