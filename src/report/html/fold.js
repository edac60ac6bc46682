// SPDX-License-Identifier: MIT
// Idle time on the axis. A place is a time or a line; a position is where that is on the axis. They only differ where
// time in which nothing was recorded is folded: each such break is as wide as the others, however long it was.

const FOLDS_MAX = 2000;
const FOLDS_MANY = 60;        // more are hard to read
const FOLD_SHARE = .35;       // of the axis, for all breaks together
const FOLD_WIDTH_MAX = .035;  // of the axis, for one
const FOLD_WORTH = .3;        // less of the time is not worth a break

const SECOND = 1e7;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// What is idle depends on how much there is to show: a break is longer than one of these.
const IDLE_TIMES = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 12 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY];
const IDLE_PARTS = 50;        // a break is longer than this part of what is not folded

const folds = {
	wanted: true,
	begins: [], ends: [],     // places
	positions: [],            // of the begins
	width: 0,                 // of each, as a difference of positions
	time: 0,                  // in all of them
	key: null,                // see foldsKey()
};

// How many of an ascending list are at most @value.
function countUpTo(list, value) {
	let low = 0;
	let high = list.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (list[middle] <= value) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

function positionAt(place) {
	const at = countUpTo(folds.begins, place) - 1;
	if (at < 0 || Number.isNaN(place)) {
		return place;
	}
	const {[at]: begin} = folds.begins;
	const {[at]: end} = folds.ends;
	return folds.positions[at] + (place < end ? (place - begin) / (end - begin) * folds.width : folds.width + place - end);
}

function placeAt(position) {
	const at = countUpTo(folds.positions, position) - 1;
	if (at < 0) {
		return position;
	}
	const {[at]: begin} = folds.begins;
	const {[at]: end} = folds.ends;
	const into = position - folds.positions[at];
	return into < folds.width ? begin + into / folds.width * (end - begin) : end + into - folds.width;
}

// The break at @position; -1: none.
function foldAt(position) {
	const at = countUpTo(folds.positions, position) - 1;
	return at >= 0 && position < folds.positions[at] + folds.width ? at : -1;
}

// ---- finding them ----

// All times at which something of the lanes was recorded.
function recordedTimes() {
	const found = new Float64Array(slices.time.length + 2 * incarnations.count + findings.count + annotations.count);
	let count = 0;
	const add = time => {
		if (!Number.isNaN(time)) {
			found[count++] = time;
		}
	};
	for (const row of lanes.rows) {
		for (const incarnation of row.incarnations) {
			add(incarnations.beginTime[incarnation]);
			add(incarnations.endTime[incarnation]);
			for (let i = incarnations.first[incarnation]; i < incarnations.first[incarnation + 1]; i++) {
				add(slices.time[i]);
			}
		}
		row.findings.forEach(finding => add(findings.time[finding]));
		row.annotations.forEach(annotation => add(annotations.time[annotation]));
	}
	return found.subarray(0, count);
}

// The same in order. Of each minute only the first and the last are needed, which takes no sorting: no break is as short.
function inOrder(times) {
	const begin = times.reduce((min, time) => Math.min(min, time), Infinity);
	const end = times.reduce((max, time) => Math.max(max, time), -Infinity);
	const minutes = Math.floor((end - begin) / MINUTE) + 1;
	if (times.length === 0 || minutes > times.length) {
		return times.sort();
	}
	const firsts = new Float64Array(minutes).fill(Infinity);
	const lasts = new Float64Array(minutes).fill(-Infinity);
	for (const time of times) {
		const minute = Math.floor((time - begin) / MINUTE);
		firsts[minute] = Math.min(firsts[minute], time);
		lasts[minute] = Math.max(lasts[minute], time);
	}
	const found = [];
	firsts.forEach((first, minute) => first <= lasts[minute] && found.push(first, lasts[minute]));
	return Float64Array.from(found);
}

// The minimum idle time: the shortest whose breaks are each worth their place; a longer one, if there are then fewer of
// many breaks and about as much to show.
function findIdle(gaps, whole) {
	let found = null;
	let long = gaps;
	for (const min of IDLE_TIMES) {
		long = long.filter(gap => gap > min);
		const rest = whole - long.reduce((sum, gap) => sum + gap, 0);
		if (long.length <= FOLDS_MAX && min * IDLE_PARTS >= rest && (found === null || found.count > FOLDS_MANY && rest <= found.maxRest)) {
			found = {min, count: long.length, rest, maxRest: found?.maxRest ?? 2 * rest};
		}
	}
	return found && whole - found.rest > whole * FOLD_WORTH ? found.min : Infinity;
}

// A hash of what the breaks depend on: most filters leave that as it is, and to find them takes a while.
function foldsKey() {
	let key = lanes.axis === 'time' && folds.wanted ? 1 : 2;
	const add = number => {
		key = Math.imul(key ^ number, 0x9e3779b1);
		key ^= key >>> 15;
	};
	for (const row of lanes.rows) {
		row.incarnations.forEach(add);
		add(-1);
		row.annotations.forEach(add);
		add(-2);
		if (row.kind === LOOSE) {
			row.findings.forEach(add);
		}
	}
	return key;
}

function findFolds() {
	const key = foldsKey();
	if (key !== folds.key) {
		folds.key = key;
		placeFolds();
	}
}

function placeFolds() {
	const times = lanes.axis === 'time' && folds.wanted ? inOrder(recordedTimes()) : new Float64Array(0);
	const whole = times.length ? times[times.length - 1] - times[0] : 0;
	const idle = findIdle(times.subarray(1).map((time, i) => time - times[i]), whole);
	const margin = idle / 10;
	Object.assign(folds, {begins: [], ends: [], positions: [], width: 0, time: 0});
	for (let i = 1; i < times.length; i++) {
		if (times[i] - times[i - 1] > idle) {
			folds.begins.push(times[i - 1] + margin);
			folds.ends.push(times[i] - margin);
			folds.time += times[i] - times[i - 1] - 2 * margin;
		}
	}
	const count = folds.begins.length;
	const share = Math.min(FOLD_WIDTH_MAX * count, FOLD_SHARE);
	folds.width = count ? (whole - folds.time) * share / (1 - share) / count : 0;
	let saved = 0;
	for (let i = 0; i < count; i++) {
		folds.positions.push(folds.begins[i] - saved);
		saved += folds.ends[i] - folds.begins[i] - folds.width;
	}
}

// ---- in words ----

function durationText(time) {
	const units = [[365.25 * DAY, 2, 'year', 1], [DAY, 2, 'day', 0], [HOUR, 2, 'hour', 0], [MINUTE, 2, 'minute', 0]];
	const [size, , name, digits] = units.find(([unit, min]) => time >= unit * min) ?? [SECOND, 0, 'second', 0];
	const number = Number((time / size).toFixed(digits));
	return `${formatNumber(number)} ${name}${number === 1 ? '' : 's'}`;
}

function foldLength(at) {
	return folds.ends[at] - folds.begins[at];
}

function foldWords(at) {
	return `${durationText(foldLength(at))} without a record, folded\n${formatTime(folds.begins[at]).slice(0, 19)} to ${formatTime(folds.ends[at]).slice(0, 19)}`;
}

function foldsWords() {
	const count = folds.begins.length;
	return count ? `; ${formatCount(count, 'break')} without a record, ${durationText(folds.time)} in all` : '';
}
