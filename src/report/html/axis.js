// SPDX-License-Identifier: MIT
// The axis of the timeline: ticks where the clock has whole units, and breaks where idle time is folded.

const TIME_STEPS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 5e6, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND, MINUTE,
	2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY,
	28 * DAY, 91 * DAY, 182 * DAY, 364 * DAY];

function stepOf(span, count) {
	if (lanes.axis === 'time') {
		const step = TIME_STEPS.find(size => span / size <= count);
		return step ?? Math.ceil(span / count / (364 * DAY)) * 364 * DAY;
	}
	let step = 1;
	while (span / step > count) {
		step *= String(step)[0] === '2' ? 2.5 : 2;
	}
	return Math.max(1, Math.round(step));
}

function tickText(place, step) {
	if (lanes.axis !== 'time') {
		return place < 0 ? '' : formatNumber(Math.abs(place)); // of 0 there is a negative one
	}
	const text = formatTime(place);
	if (step >= DAY) {
		return text.slice(0, 10);
	}
	return step >= MINUTE ? text.slice(5, 16) : text.slice(11);
}

// The breaks in view: from the first to before the last.
function foldsInView() {
	const first = countUpTo(folds.positions, lanes.from - folds.width);
	return [first, Math.max(first, countUpTo(folds.positions, lanes.to))];
}

// What of the axis is in view, from place to place, without the breaks.
function segmentsInView() {
	const [first, last] = foldsInView();
	const found = [];
	let from = placeAt(lanes.from);
	for (let at = first; at < last; at++) {
		found.push([from, folds.begins[at], at - 1]);
		from = folds.ends[at];
	}
	found.push([from, placeAt(lanes.to), last - 1]);
	return found.filter(([begin, end]) => begin <= end);
}

// A row of labels: none over another.
function makeLabels(width) {
	const taken = [];
	return {
		put(text, x, y) {
			const end = x + pen.measureText(text).width;
			if (x < gutter() || end >= width || taken.some(([from, to]) => x < to + 6 && end > from - 6)) {
				return;
			}
			taken.push([x, end]);
			pen.fillText(text, x, y);
		},
	};
}

function drawTick(x) {
	pen.strokeStyle = colors['--line'];
	pen.beginPath();
	pen.moveTo(x, axisHeight() - 5);
	pen.lineTo(x, frame.height);
	pen.stroke();
}

// After a break the date is another one, so it comes first.
function drawDates(labels, segments) {
	let right = -Infinity;
	for (const [from, , fold] of segments) {
		const x = toX(from);
		if (fold >= 0 && folds.ends[fold] === from && x > right) {
			const text = formatTime(from).slice(0, 10);
			labels.put(text, x + 3, AXIS_HEIGHT / 2);
			right = x + pen.measureText(text).width;
		}
	}
}

const TICKS_MAX = 1000;

function drawTicks(labels, segments) {
	const span = segments.reduce((sum, [from, to]) => sum + to - from, 0);
	const step = stepOf(span, Math.max(2, drawWidth() / 110));
	// ticks are at whole units of the clock, not of the base
	const shift = lanes.axis === 'time' ? Number(base % BigInt(Math.round(step))) : 0;
	let count = 0;
	for (const [from, to] of segments) {
		for (let place = Math.ceil((from + shift) / step) * step - shift; place <= to && count < TICKS_MAX; place += step, count++) {
			const x = Math.round(toX(place)) + .5;
			if (x >= gutter()) {
				drawTick(x);
				pen.fillStyle = colors['--quiet'];
				labels.put(tickText(place, step), x + 3, AXIS_HEIGHT / 2);
			}
		}
	}
}

function drawAxis(width) {
	const segments = segmentsInView();
	const labels = makeLabels(width);
	pen.fillStyle = colors['--panel'];
	pen.fillRect(0, 0, width, axisHeight());
	pen.font = SMALL_FONT;
	pen.textBaseline = 'middle';
	pen.fillStyle = colors['--quiet'];
	pen.fillText(lanes.axis === 'time' ? 'UTC' : 'line, record', 8, AXIS_HEIGHT / 2);
	if (folds.begins.length) {
		pen.fillText('no record', 8, AXIS_HEIGHT + FOLD_HEIGHT / 2 - 3);
		drawDates(labels, segments);
	}
	drawTicks(labels, segments);
}

// ---- breaks ----

function drawZigzag(x, top, bottom) {
	pen.moveTo(x, top);
	for (let y = top, turn = 1; y < bottom; y += 5, turn = -turn) {
		pen.lineTo(x + 2 * turn, Math.min(y + 5, bottom));
	}
}

function drawFold(at, bottom) {
	const left = toX(folds.begins[at]);
	const right = toX(folds.ends[at]);
	const wide = right - left >= 14;
	if (right < gutter() || right - left < .5) {
		return;
	}
	const top = AXIS_HEIGHT + 2;
	pen.globalAlpha = .8;
	pen.fillStyle = colors['--panel'];
	pen.fillRect(left, top, right - left, bottom - top);
	pen.globalAlpha = 1;
	pen.strokeStyle = colors[right - left < 6 ? '--line' : '--strong-line'];
	pen.lineWidth = wide ? 1 : .5;
	pen.globalAlpha = wide ? .6 : 1;
	pen.beginPath();
	if (wide) {
		drawZigzag(left + 2, axisHeight(), bottom);
		drawZigzag(right - 2, axisHeight(), bottom);
	} else {
		pen.moveTo((left + right) / 2, axisHeight());
		pen.lineTo((left + right) / 2, bottom);
	}
	pen.stroke();
	pen.globalAlpha = 1;
	pen.lineWidth = 1;
}

// Breaks, and how long each was if there is room to say so.
function drawFolds(width, bottom) {
	const [first, last] = foldsInView();
	const labels = makeLabels(width);
	pen.save();
	pen.beginPath();
	pen.rect(gutter(), 0, width, bottom);
	pen.clip();
	for (let at = first; at < last; at++) {
		drawFold(at, bottom);
	}
	pen.font = SMALL_FONT;
	pen.textBaseline = 'middle';
	// long ones first, as there may not be room for all
	const order = Array.from({length: last - first}, (_, i) => first + i).sort((a, b) => foldLength(b) - foldLength(a));
	for (const at of order.slice(0, TICKS_MAX)) {
		const text = durationText(foldLength(at));
		pen.fillStyle = colors['--ink'];
		labels.put(text, (toX(folds.begins[at]) + toX(folds.ends[at]) - pen.measureText(text).width) / 2, AXIS_HEIGHT + FOLD_HEIGHT / 2 - 3);
	}
	pen.restore();
}
