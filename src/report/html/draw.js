// SPDX-License-Identifier: MIT
// The timeline on its canvas. Height and filling tell what colour tells: what is connected is high, what is
// disconnected low; what is logged on is filled, what is not has a frame alone. What never was connected is a line.

const GUTTER = 150;

// By number of state: from where to where in the lane, filled or not, and its colours by name.
const STATE_SHAPES = [
	null,
	{top: .62, bottom: .86, filled: true, color: '--state-created'},
	{top: .7, bottom: .78, filled: true, color: '--state-created'},
	{top: .1, bottom: .9, filled: false, color: '--state-on'},
	{top: .55, bottom: .9, filled: false, color: '--state-off'},
	{top: .55, bottom: .9, filled: true, color: '--state-off'},
	{top: .1, bottom: .9, filled: true, color: '--state-on'},
	{top: .1, bottom: .9, filled: false, color: '--state-out'},
	{top: .1, bottom: .9, filled: true, color: '--state-over'},
];

const COLORS = ['--paper', '--panel', '--ink', '--quiet', '--line', '--strong-line', '--chosen', '--focus', '--error',
	'--warning', '--note', '--state-created', '--state-on', '--state-off', '--state-out', '--state-over', '--on-state'];

let colors = {};

// A canvas knows no custom properties.
function readColors() {
	const probe = byId('probe');
	colors = {};
	for (const name of COLORS) {
		probe.style.color = `var(${name})`;
		colors[name] = getComputedStyle(probe).color;
	}
}

const canvas = byId('lanes-canvas');
const pen = canvas.getContext('2d');
const FONT = '12px system-ui, "Segoe UI", Arial, sans-serif';
const SMALL_FONT = '11px system-ui, "Segoe UI", Arial, sans-serif';

function drawWidth() {
	return canvas.clientWidth - gutter();
}

function gutter() {
	return narrow.matches ? 84 : GUTTER;
}

function toX(place) {
	return gutter() + (place - lanes.from) / (lanes.to - lanes.from) * drawWidth();
}

function toPlace(x) {
	return lanes.from + (x - gutter()) / drawWidth() * (lanes.to - lanes.from);
}

// ---- the axis ----

const SECOND = 1e7;
const DAY = 86400 * SECOND;
const TIME_STEPS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 5e6, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND, 60 * SECOND,
	120 * SECOND, 300 * SECOND, 600 * SECOND, 1800 * SECOND, 3600 * SECOND, 7200 * SECOND, 6 * 3600 * SECOND, 12 * 3600 * SECOND,
	DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 182 * DAY, 364 * DAY];

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
	return step >= 60 * SECOND ? text.slice(5, 16) : text.slice(11);
}

function drawAxis(width) {
	const step = stepOf(lanes.to - lanes.from, Math.max(2, drawWidth() / 110));
	// ticks are at whole units of the clock, not of the base
	const shift = lanes.axis === 'time' ? Number(base % BigInt(Math.round(step))) : 0;
	const first = Math.ceil((lanes.from + shift) / step) * step - shift;
	pen.fillStyle = colors['--panel'];
	pen.fillRect(0, 0, width, AXIS_HEIGHT);
	pen.font = SMALL_FONT;
	pen.textBaseline = 'middle';
	for (let place = first; place <= lanes.to; place += step) {
		const x = Math.round(toX(place)) + .5;
		if (x < gutter()) {
			continue;
		}
		pen.strokeStyle = colors['--line'];
		pen.beginPath();
		pen.moveTo(x, AXIS_HEIGHT - 5);
		pen.lineTo(x, canvas.clientHeight);
		pen.stroke();
		pen.fillStyle = colors['--quiet'];
		if (x + 3 + pen.measureText(tickText(place, step)).width < width) {
			pen.fillText(tickText(place, step), x + 3, AXIS_HEIGHT / 2);
		}
	}
	pen.fillStyle = colors['--quiet'];
	pen.fillText(lanes.axis === 'time' ? 'UTC' : 'line, record', 8, AXIS_HEIGHT / 2);
}

// ---- incarnations ----

function drawShape(shape, x, y, width, share, part) {
	const top = y + LANE_HEIGHT * (shape.top + (shape.bottom - shape.top) * part * share);
	const height = LANE_HEIGHT * (shape.bottom - shape.top) * share;
	if (shape.filled) {
		pen.fillStyle = colors[shape.color];
		pen.fillRect(x, top, Math.max(width, 1), height);
		return;
	}
	pen.strokeStyle = colors[shape.color];
	pen.lineWidth = 1.5;
	pen.strokeRect(x + .75, top + .75, Math.max(width - 1.5, .5), Math.max(height - 1.5, .5));
	pen.lineWidth = 1;
}

// Where nothing is known, or what is not in the page.
function drawHatch(x, y, width) {
	pen.save();
	pen.beginPath();
	pen.rect(x, y + 4, width, LANE_HEIGHT - 8);
	pen.clip();
	pen.strokeStyle = colors['--strong-line'];
	pen.beginPath();
	for (let at = Math.max(x, 0) - Math.max(x, 0) % 6 - LANE_HEIGHT; at < Math.min(x + width, canvas.clientWidth); at += 6) {
		pen.moveTo(at, y + LANE_HEIGHT);
		pen.lineTo(at + LANE_HEIGHT, y);
	}
	pen.stroke();
	pen.restore();
}

// A belief of several states shows all of them, one above the other.
function drawBelief(belief, x, y, width) {
	if (belief === ANY_STATE || belief === 0) {
		drawHatch(x, y, width);
		return;
	}
	const states = members(belief, 1);
	states.forEach((state, i) => {
		const shape = states.length === 1 ? STATE_SHAPES[state] : {...STATE_SHAPES[state], top: .1, bottom: .9};
		drawShape(shape, x, y, width, 1 / states.length, i);
	});
}

function drawSliceText(belief, x, y, width) {
	const states = members(belief, 1);
	const text = states.length === 1 ? stateName(states[0]) : belief === ANY_STATE ? 'any state' : `${states.length} states`;
	const begin = Math.max(x, gutter()) + 4;
	pen.font = SMALL_FONT;
	if (x + width - begin < pen.measureText(text).width + 4) {
		return;
	}
	const shape = states.length === 1 ? STATE_SHAPES[states[0]] : null;
	const low = shape && shape.top > .3;
	pen.fillStyle = shape && shape.filled && !low ? colors['--on-state'] : colors['--ink'];
	pen.textBaseline = 'middle';
	if (!shape) {
		pen.save();
		pen.fillStyle = colors['--paper'];
		pen.fillRect(begin - 2, y + 3, pen.measureText(text).width + 4, LANE_HEIGHT - 6);
		pen.restore();
		pen.fillStyle = colors['--ink'];
	}
	pen.fillText(text, begin, y + LANE_HEIGHT * (low ? .3 : .52));
}

function drawSlice(belief, from, to, y) {
	const left = Math.max(toX(from), gutter() - 20);
	const right = Math.min(toX(to), canvas.clientWidth + 20);
	if (right < gutter() || left > canvas.clientWidth) {
		return;
	}
	drawBelief(belief, left, y, Math.max(right - left, 1));
	if (right - left > 40) {
		drawSliceText(belief, left, y, right - left);
	}
}

// Where an incarnation lies that is out of sight.
function drawAside(text, x, y) {
	pen.font = FONT;
	pen.fillStyle = colors['--quiet'];
	pen.textBaseline = 'middle';
	pen.fillText(text, x, y + LANE_HEIGHT / 2);
}

function drawIncarnation(incarnation, y) {
	if (beginOf(incarnation) > lanes.to) {
		drawAside('\u203a', canvas.clientWidth - 12, y);
	} else if (holdsTo[incarnation] < lanes.from) {
		drawAside('\u2039', gutter() + 4, y);
	} else {
		drawSlices(incarnation, y);
	}
}

function drawSlices(incarnation, y) {
	const first = incarnations.first[incarnation];
	const last = incarnations.first[incarnation + 1];
	if (Number(incarnations.omitted[incarnation]) && last > first) {
		drawHatch(toX(beginOf(incarnation)), y, toX(placeOfSlice(incarnation, first)) - toX(beginOf(incarnation)));
	}
	let from = last > first ? placeOfSlice(incarnation, first) : beginOf(incarnation);
	for (let i = first; i < last; i++) {
		const to = i + 1 < last ? Math.max(placeOfSlice(incarnation, i + 1), from) : endOf(incarnation);
		if (slices.after[i] === 1 << TERMINATED - 1) {
			drawShape(STATE_SHAPES[TERMINATED], toX(from) - 1, y, 3, 1, 0);
		} else {
			drawSlice(slices.after[i], from, to, y);
		}
		from = to;
	}
	if (holdsTo[incarnation] > endOf(incarnation)) {
		pen.globalAlpha = .35;
		drawSlice(lastBelief(incarnation), endOf(incarnation), holdsTo[incarnation], y);
		pen.globalAlpha = 1;
	}
}

// ---- findings ----

function markPath(severity, x, y, size) {
	pen.beginPath();
	if (severity === ERROR) {
		pen.moveTo(x, y - size);
		pen.lineTo(x + size, y);
		pen.lineTo(x, y + size);
		pen.lineTo(x - size, y);
	} else if (severity === WARNING) {
		pen.moveTo(x, y - size);
		pen.lineTo(x + size, y + size * .8);
		pen.lineTo(x - size, y + size * .8);
	} else {
		pen.arc(x, y, size * .75, 0, 7);
	}
	pen.closePath();
}

function drawMark(finding, x, y) {
	const severity = findings.severity[finding];
	markPath(severity, x, y, finding === lanes.mark ? 8 : 6);
	pen.fillStyle = findings.cascade[finding] || isSuppressed(finding) ? colors['--paper'] : colors[`--${SEVERITIES[severity]}`];
	pen.strokeStyle = isSuppressed(finding) ? colors['--quiet'] : findings.cascade[finding] ? colors[`--${SEVERITIES[severity]}`] : colors['--paper'];
	pen.lineWidth = 1.5;
	pen.fill();
	pen.stroke();
	if (finding === lanes.mark) {
		markPath(severity, x, y, 10.5);
		pen.strokeStyle = colors['--focus'];
		pen.lineWidth = 2;
		pen.stroke();
	}
	pen.lineWidth = 1;
}

// Graver ones last, so that they are on top; of those at one place one is enough.
function drawMarks(row, middle) {
	for (let severity = NOTE; severity <= ERROR; severity++) {
		let before = NaN;
		for (const finding of findingsOfRow(row)) {
			if (findings.severity[finding] !== severity || !isShown[finding] || finding === lanes.mark) {
				continue;
			}
			const x = Math.round(toX(placeOfFinding(finding)));
			if (Number.isNaN(x) || x === before || x < gutter() - 6 || x > canvas.clientWidth + 6) {
				continue;
			}
			drawMark(finding, x, middle);
			before = x;
		}
	}
	if (lanes.mark >= 0 && isShown[lanes.mark] && isRowOf(row, lanes.mark)) {
		drawMark(lanes.mark, toX(placeOfFinding(lanes.mark)), middle);
	}
}

// ---- rows ----

function drawLabel(row, y, height) {
	pen.fillStyle = colors['--paper'];
	if (row.incarnation !== HEADING) {
		const text = row.incarnation !== NO_INCARNATION ? incarnationText(row.incarnation) : narrow.matches ? 'others' : 'other findings';
		pen.fillRect(0, y, gutter() - 4, height);
		pen.fillStyle = colors[row.incarnation === NO_INCARNATION ? '--quiet' : '--ink'];
		pen.font = FONT;
		pen.fillText(narrow.matches ? text.replace('session ', '') : text, 18, y + height / 2, gutter() - 26);
		return;
	}
	const group = groups[row.group];
	pen.font = `600 ${FONT}`;
	pen.fillStyle = colors['--ink'];
	const name = headText(group, narrow.matches ? 28 : 80);
	pen.fillText(name, 8, y + height / 2);
	const {width} = pen.measureText(name);
	pen.font = SMALL_FONT;
	pen.fillStyle = colors['--quiet'];
	pen.fillText(`${shorten(baseName(texts[group.file]), 60)}, ${formatCount(group.incarnations.length, 'session')}`, 20 + width, y + height / 2);
}

function drawRow(index, y) {
	const row = lanes.rows[index];
	const height = row.incarnation === HEADING ? GROUP_HEIGHT : LANE_HEIGHT;
	pen.fillStyle = index === lanes.chosen ? colors['--chosen'] : row.incarnation === HEADING ? colors['--panel'] : 'transparent';
	pen.fillRect(0, y, canvas.clientWidth, height);
	pen.textBaseline = 'middle';
	if (row.incarnation >= 0) {
		drawIncarnation(row.incarnation, y);
	}
	drawLabel(row, y, height);
	drawMarks(row, y + height / 2);
	if (index === lanes.chosen) {
		pen.fillStyle = colors['--focus'];
		pen.fillRect(0, y, 4, height);
	}
}

// The heading of the group that is in view stays in view.
function drawStuck(first, top) {
	const {group} = lanes.rows[first];
	let head = first;
	while (head > 0 && lanes.rows[head].incarnation !== HEADING) {
		head--;
	}
	if (lanes.rows[head].group === group && lanes.tops[head] < top) {
		const next = lanes.rows.findIndex((row, i) => i > first && row.incarnation === HEADING);
		const push = next >= 0 ? Math.min(0, lanes.tops[next] - top - GROUP_HEIGHT) : 0;
		drawRow(head, AXIS_HEIGHT + push);
	}
}

function sizeCanvas(width, height) {
	const scale = devicePixelRatio || 1;
	if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
		canvas.width = Math.round(width * scale);
		canvas.height = Math.round(height * scale);
	}
	pen.setTransform(scale, 0, 0, scale, 0, 0);
}

function drawLanes() {
	const view = byId('lanes');
	const width = canvas.clientWidth;
	const height = canvas.clientHeight;
	const top = view.scrollTop;
	sizeCanvas(width, height);
	pen.fillStyle = colors['--paper'];
	pen.fillRect(0, 0, width, height);
	drawAxis(width);
	if (lanes.rows.length === 0) {
		return;
	}
	pen.save();
	pen.beginPath();
	pen.rect(0, AXIS_HEIGHT, width, height);
	pen.clip();
	const first = Math.max(0, rowAtTop(top));
	for (let i = first; i < lanes.rows.length && lanes.tops[i] - top < height; i++) {
		drawRow(i, AXIS_HEIGHT + lanes.tops[i] - top);
	}
	drawStuck(first, top);
	pen.restore();
}

let drawing = false;

function redrawLanes() {
	if (!drawing) {
		drawing = true;
		requestAnimationFrame(() => {
			drawing = false;
			drawLanes();
		});
	}
}
