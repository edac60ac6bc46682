// SPDX-License-Identifier: MIT
// The timeline on its canvas. Height and filling show what colour shows: what is connected is high, what is
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
let pen = canvas.getContext('2d');
const FONT = '12px system-ui, "Segoe UI", Arial, sans-serif';
const SMALL_FONT = '11px system-ui, "Segoe UI", Arial, sans-serif';

// What is drawn on: the canvas, or a sheet while the page is printed. It is measured once for each drawing, for that can take
// a layout of the page.
let frame = {width: 0, height: 0, isNarrow: false};

function measureCanvas() {
	frame = {width: canvas.clientWidth, height: canvas.clientHeight, isNarrow: narrow.matches};
}

function drawWidth() {
	return frame.width - gutter();
}

function gutter() {
	return frame.isNarrow ? 84 : GUTTER;
}

function toX(place) {
	return gutter() + (positionAt(place) - lanes.from) / (lanes.to - lanes.from) * drawWidth();
}

function toPosition(x) {
	return lanes.from + (x - gutter()) / drawWidth() * (lanes.to - lanes.from);
}

function toPlace(x) {
	return placeAt(toPosition(x));
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
	for (let at = Math.max(x, 0) - Math.max(x, 0) % 6 - LANE_HEIGHT; at < Math.min(x + width, frame.width); at += 6) {
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
	const right = Math.min(toX(to), frame.width + 20);
	if (right < gutter() || left > frame.width) {
		return;
	}
	drawBelief(belief, left, y, Math.max(right - left, 1));
	if (right - left > 40) {
		drawSliceText(belief, left, y, right - left);
	}
}

// An arrow toward an incarnation that is out of view.
function drawAside(text, x, y) {
	pen.font = FONT;
	pen.fillStyle = colors['--quiet'];
	pen.textBaseline = 'middle';
	pen.fillText(text, x, y + LANE_HEIGHT / 2);
}

// @until: where the next one in the lane begins.
function drawIncarnation(incarnation, y, isAlone, until) {
	if (positionAt(lowOf[incarnation]) > lanes.to) {
		if (isAlone) {
			drawAside('\u203a', frame.width - 12, y);
		}
	} else if (positionAt(Math.min(holdsTo[incarnation], until)) < lanes.from) {
		if (isAlone) {
			drawAside('\u2039', gutter() + 4, y);
		}
	} else {
		drawSlices(incarnation, y, until);
	}
}

// Where the clock ran backward: what comes next is to the left.
function drawTurn(x, y) {
	if (x > gutter() && x < frame.width - 12) {
		pen.font = SMALL_FONT;
		pen.fillStyle = colors['--warning'];
		pen.textBaseline = 'middle';
		pen.fillText('\u21b6', x + 3, y + LANE_HEIGHT * .3);
	}
}

function drawSlices(incarnation, y, until) {
	const first = incarnations.first[incarnation];
	const last = incarnations.first[incarnation + 1];
	if (Number(incarnations.omitted[incarnation]) && last > first) {
		drawHatch(toX(beginOf(incarnation)), y, toX(placeOfSlice(incarnation, first)) - toX(beginOf(incarnation)));
	}
	let before = NaN;
	for (let i = first; i < last; i++) {
		const from = placeOfSlice(incarnation, i);
		const pixel = Math.floor(toX(from));
		if (pixel === before && i + 1 < last && toX(endOfSlice(incarnation, i)) < pixel + 1) {
			continue;
		}
		before = pixel;
		if (slices.after[i] === 1 << TERMINATED - 1) {
			drawShape(STATE_SHAPES[TERMINATED], toX(from) - 1, y, 3, 1, 0);
		} else {
			drawSlice(slices.after[i], from, endOfSlice(incarnation, i), y);
		}
		if (i + 1 < last && toX(placeOfSlice(incarnation, i + 1)) < toX(from) - 8) {
			drawTurn(toX(from), y);
		}
	}
	const end = Math.min(holdsTo[incarnation], until);
	if (end > highOf[incarnation]) {
		pen.globalAlpha = .35;
		drawSlice(lastBelief(incarnation), highOf[incarnation], end, y);
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
		for (const finding of row.findings) {
			if (findings.severity[finding] !== severity || !isShown[finding] || finding === lanes.mark) {
				continue;
			}
			const x = Math.round(toX(placeOfFinding(finding)));
			if (Number.isNaN(x) || x === before || x < gutter() - 6 || x > frame.width + 6) {
				continue;
			}
			drawMark(finding, x, middle);
			before = x;
		}
	}
	if (lanes.mark >= 0 && isShown[lanes.mark] && lanes.rows[rowOfFinding(lanes.mark)] === row) {
		drawMark(lanes.mark, toX(placeOfFinding(lanes.mark)), middle);
	}
}

// ---- rows ----

function labelText(row) {
	return frame.isNarrow ? row.label.replace('session ', '').replace('not of a session', 'others') : row.label;
}

function drawLabel(row, y, height) {
	if (row.kind !== HEADING) {
		pen.fillStyle = colors['--paper'];
		pen.fillRect(0, y, gutter() - 4, height);
		pen.fillStyle = colors[row.kind === LOOSE ? '--quiet' : '--ink'];
		pen.font = FONT;
		pen.fillText(labelText(row), 18, y + height / 2, gutter() - 26);
		return;
	}
	const {block} = row;
	const max = frame.isNarrow ? 28 : 80;
	pen.font = `600 ${FONT}`;
	pen.fillStyle = colors['--ink'];
	const name = block.group ? headText(block.group, max) : shorten(block.name, max);
	pen.fillText(name, 8, y + height / 2);
	const {width} = pen.measureText(name);
	pen.font = SMALL_FONT;
	pen.fillStyle = colors['--quiet'];
	pen.fillText(`${shorten(block.note, 60)}, ${formatCount(block.incarnations.length, 'session')}`, 20 + width, y + height / 2);
}

// A frame around the incarnation that was picked out of several in its lane.
function drawPicked(incarnation, y) {
	const left = Math.max(toX(lowOf[incarnation]), gutter()) - 1.5;
	const right = Math.min(toX(highOf[incarnation]), frame.width) + 1.5;
	if (right > left) {
		pen.strokeStyle = colors['--focus'];
		pen.lineWidth = 2;
		pen.strokeRect(left, y + 1, right - left, LANE_HEIGHT - 2);
		pen.lineWidth = 1;
	}
}

// What is below the breaks of the axis.
function drawBars(index, y) {
	const row = lanes.rows[index];
	const height = row.kind === HEADING ? GROUP_HEIGHT : LANE_HEIGHT;
	pen.fillStyle = index === lanes.chosen ? colors['--chosen'] : 'transparent';
	pen.fillRect(0, y, frame.width, height);
	// of those that are in one pixel one is enough
	let before = NaN;
	row.incarnations.forEach((incarnation, i) => {
		const pixel = Math.floor(toX(lowOf[incarnation]));
		const until = lowOf[row.incarnations[i + 1]] ?? Infinity;
		if (pixel !== before || toX(Math.min(holdsTo[incarnation], until)) >= pixel + 1) {
			drawIncarnation(incarnation, y, row.incarnations.length === 1, until);
			before = pixel;
		}
	});
}

// What is above them.
function drawRow(index, y) {
	const row = lanes.rows[index];
	const height = row.kind === HEADING ? GROUP_HEIGHT : LANE_HEIGHT;
	if (row.kind === HEADING) {
		pen.fillStyle = colors[index === lanes.chosen ? '--chosen' : '--panel'];
		pen.fillRect(0, y, frame.width, height);
	}
	if (row.incarnations.length > 1 && row.incarnations.includes(lanes.picked)) {
		drawPicked(lanes.picked, y);
	}
	pen.textBaseline = 'middle';
	drawNotes(row, y);
	drawLabel(row, y, height);
	drawMarks(row, y + height / 2);
	if (index === lanes.chosen) {
		pen.fillStyle = colors['--focus'];
		pen.fillRect(0, y, 4, height);
	}
}

// The heading of the group that is in view stays in view.
function drawStuck(first, top) {
	const {block} = lanes.rows[first];
	let head = first;
	while (head > 0 && lanes.rows[head].kind !== HEADING) {
		head--;
	}
	if (lanes.rows[head].block === block && lanes.tops[head] < top) {
		const next = lanes.rows.findIndex((row, i) => i > first && row.kind === HEADING);
		const push = next >= 0 ? Math.min(0, lanes.tops[next] - top - GROUP_HEIGHT) : 0;
		drawRow(head, axisHeight() + push);
	}
}

function sizeCanvas(on, scale) {
	const {width, height} = frame;
	if (on.width !== Math.round(width * scale) || on.height !== Math.round(height * scale)) {
		on.width = Math.round(width * scale);
		on.height = Math.round(height * scale);
	}
	pen.setTransform(scale, 0, 0, scale, 0, 0);
}

// Rows from @top on.
function drawFrom(top) {
	const {width, height} = frame;
	pen.fillStyle = colors['--paper'];
	pen.fillRect(0, 0, width, height);
	drawAxis(width);
	if (lanes.rows.length === 0) {
		return;
	}
	pen.save();
	pen.beginPath();
	pen.rect(0, axisHeight(), width, height);
	pen.clip();
	const first = Math.max(0, rowAtTop(Math.max(0, top)));
	const yOf = at => axisHeight() + lanes.tops[at] - top;
	let last = first;
	for (; last < lanes.rows.length && yOf(last) < height; last++) {
		drawBars(last, yOf(last));
	}
	pen.restore();
	drawFolds(width, Math.min(height, axisHeight() + lanes.height - top));
	pen.save();
	pen.beginPath();
	pen.rect(0, axisHeight(), width, height);
	pen.clip();
	for (let at = first; at < last; at++) {
		drawRow(at, yOf(at));
	}
	drawStuck(first, top);
	pen.restore();
}

function drawLanes() {
	measureCanvas();
	sizeCanvas(canvas, devicePixelRatio || 1);
	drawFrom(byId('lanes').scrollTop);
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
