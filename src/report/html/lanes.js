// SPDX-License-Identifier: MIT
// The lanes of the timeline: which there are, from where to where they go, and what is in them.

const LANE_HEIGHT = 20;
const GROUP_HEIGHT = 24;
const AXIS_HEIGHT = 26;

// A line a row: a group's heading, a life, or findings of the group that are about none.
const HEADING = -2;
const NO_LIFE = -1;

const lanes = {
	rows: [],            // {group, life}
	tops: [],            // of each row
	height: 0,
	axis: 'time',        // or 'line'
	least: 0, most: 1,   // of all lanes, on the axis
	from: 0, to: 1,      // what is in view
	chosen: -1,          // a row
	mark: -1,            // a finding
	marks: null,         // all that are shown, in their order; null: not known yet
	marksAt: [],         // of each row, how many of them are above it
	untimed: 0,          // lives that have no place on the axis
	onlyFound: false,
};

// ---- the axis ----

function timeAt(life, slice) {
	// a step without a time is where the one before it was
	for (let i = slice; i >= lives.first[life]; i--) {
		if (!Number.isNaN(slices.time[i])) {
			return slices.time[i];
		}
	}
	return lives.beginTime[life];
}

function placeOfSlice(life, slice) {
	return lanes.axis === 'time' ? timeAt(life, slice) : slices.line[slice];
}

function beginOf(life) {
	return lanes.axis === 'time' ? lives.beginTime[life] : Number(lives.beginLine[life]);
}

function endOf(life) {
	const end = lanes.axis === 'time' ? lives.endTime[life] : Number(lives.endLine[life]);
	return Math.max(Number.isNaN(end) ? beginOf(life) : end, beginOf(life));
}

function placeOfFinding(finding) {
	return lanes.axis === 'time' ? findings.time[finding] : logLine(finding);
}

// What a life's last step left it in.
function lastBelief(life) {
	const last = lives.first[life + 1] - 1;
	return last >= lives.first[life] ? slices.after[last] : 0;
}

// How far what is known last of a life can hold: up to the next life of the id, or the end of the group.
const holdsTo = new Float64Array(lives.count);

function findHolds() {
	for (const group of groups) {
		let end = -Infinity;
		for (const life of group.lives) {
			end = Math.max(end, Number.isNaN(endOf(life)) ? -Infinity : endOf(life));
		}
		for (const finding of group.findings) {
			end = Math.max(end, Number.isNaN(placeOfFinding(finding)) ? -Infinity : placeOfFinding(finding));
		}
		const next = new Map();
		for (let i = group.lives.length - 1; i >= 0; i--) {
			const life = group.lives[i];
			const key = `${lives.source[life]} ${lives.session[life]}`;
			const over = lastBelief(life) === 1 << TERMINATED - 1;
			holdsTo[life] = over ? endOf(life) : Math.max(endOf(life), Math.min(next.get(key) ?? Infinity, end));
			next.set(key, beginOf(life));
		}
	}
}

// ---- which rows ----

function hasShownFinding(life) {
	for (let at = foundAt[life]; at < foundAt[life + 1]; at++) {
		if (isShown[foundIn[at]]) {
			return true;
		}
	}
	return false;
}

function pushRow(group, life) {
	lanes.tops.push(lanes.height);
	lanes.rows.push({group, life});
	lanes.height += life === HEADING ? GROUP_HEIGHT : LANE_HEIGHT;
}

function findRows() {
	const wanted = subjectMatcher(lives);
	const before = lanes.chosen >= 0 ? lanes.rows[lanes.chosen] : null;
	Object.assign(lanes, {rows: [], tops: [], height: 0, chosen: -1, untimed: 0});
	groups.forEach((group, g) => {
		const found = group.lives.filter(life => wanted(life) && (!lanes.onlyFound || hasShownFinding(life)));
		const placed = found.filter(life => !Number.isNaN(beginOf(life)));
		lanes.untimed += found.length - placed.length;
		const loose = group.findings.some(finding => isShown[finding] && !Number.isNaN(placeOfFinding(finding)));
		if (placed.length === 0 && !loose) {
			return;
		}
		pushRow(g, HEADING);
		if (loose) {
			if (before && before.life === NO_LIFE && before.group === g) {
				lanes.chosen = lanes.rows.length;
			}
			pushRow(g, NO_LIFE);
		}
		for (const life of placed) {
			if (before && before.life === life) {
				lanes.chosen = lanes.rows.length;
			}
			pushRow(g, life);
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
	for (const {group, life} of lanes.rows) {
		if (life >= 0) {
			take(beginOf(life));
			take(holdsTo[life]);
		} else if (life === NO_LIFE) {
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

function findingsOfRow({group, life}) {
	if (life === HEADING) {
		return [];
	}
	return life === NO_LIFE ? groups[group].findings : foundIn.subarray(foundAt[life], foundAt[life + 1]);
}

// Whether the finding is in the row; NO_LIFE is what lifeOfFinding has, too.
function isRowOf(row, finding) {
	return row.group === groupOfFinding[finding] && row.life === lifeOfFinding[finding];
}

// ---- in words ----

// The last slice of a life at or before @place; -1: none.
function sliceAt(life, place) {
	let found = -1;
	for (let i = lives.first[life]; i < lives.first[life + 1] && placeOfSlice(life, i) <= place; i++) {
		found = i;
	}
	return found;
}

function placeWords(life, place) {
	if (lanes.axis === 'time') {
		return formatTime(place);
	}
	const [file, line] = partOf(lives.file[life], place);
	return `${lineWord(file)} ${formatNumber(line)}` + (data.parts.length > 0 ? ` of ${baseName(texts[file])}` : '');
}

function sliceWords(life, slice) {
	const event = slices.event[slice];
	const what = event >= 0 ? eventName(event) : slices.kind[slice] === STEP_LOST ? 'records may be missing' : 'sample';
	const verdict = VERDICTS[slices.verdict[slice]];
	return `${what}${verdict ? `, ${verdict}` : ''} at ${placeWords(life, placeOfSlice(life, slice))}: `
		+ `${beliefText(slices.after[slice])} since then`;
}

function omittedWords(life) {
	return `${formatCount(Number(lives.omitted[life]), 'step')} before this are not on this page`;
}

function rowWords(row) {
	const group = groups[row.group];
	const log = baseName(texts[group.file]);
	if (row.life < 0) {
		return `${groupText(group)} (${log}): ${formatCount(group.lives.length, 'session')}, `
			+ `${formatCount(group.findings.length, 'finding')} about no session`;
	}
	const {life} = row;
	const found = foundAt[life + 1] - foundAt[life];
	const steps = lives.slices[life];
	return `${lifeText(life)} on ${groupText(group)} (${log}), ${data.sources[lives.source[life]]}: `
		+ `${formatCount(steps, 'step')}, ${formatCount(found, 'finding')}, from ${placeWords(life, beginOf(life))} `
		+ `to ${placeWords(life, endOf(life))}, at last ${beliefText(lastBelief(life))}`
		+ (Number(lives.omitted[life]) ? `; ${omittedWords(life)}` : '')
		+ (lives.late[life] ? '; its beginning may not be in this page' : '');
}
