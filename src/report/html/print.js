// SPDX-License-Identifier: MIT
// The page on paper: a row for each finding that is shown, and all lanes.

const PRINTED_MAX = 1000;

function makePrinted() {
	const some = [...shown.subarray(0, PRINTED_MAX)];
	const left = shown.length - some.length;
	return make('div', {id: 'printed'},
		make('p', {}, `${byId('result').textContent}${left ? `; the first ${formatNumber(some.length)} are printed` : ''}.`),
		make('table', {},
			make('thead', {}, make('tr', {}, ...COLUMNS.map(({name}) => make('th', {}, name)))),
			make('tbody', {}, ...some.map(i => make('tr', {},
				make('td', {}, severityMark(findings.severity[i]), findings.cascade[i] ? ' (cascade)' : '', isSuppressed(i) ? ' (suppressed)' : ''),
				make('td', {}, placeText(i)),
				make('td', {}, Number.isNaN(findings.time[i]) ? '' : formatTime(findings.time[i])),
				make('td', {}, subjectText(i)), make('td', {}, ruleName(i)), make('td', {}, texts[findings.message[i]]))))));
}

// ---- lanes ----

const SHEET_WIDTH = 1000;
const SHEET_HEIGHT = 1050;    // as wide as paper, it fits on a page
const SHEET_SCALE = 2;

// Where sheets begin: at a heading, if one is not far above.
function sheetStarts(count) {
	const max = SHEET_HEIGHT - axisHeight() - GROUP_HEIGHT;
	const found = [];
	for (let at = 0; at < count;) {
		found.push(at);
		let next = at + 1;
		let heading = -1;
		while (next < count && lanes.tops[next] + LANE_HEIGHT - lanes.tops[at] <= max) {
			if (lanes.rows[next].kind === HEADING && lanes.tops[next] - lanes.tops[at] > max / 2) {
				heading = next;
			}
			next++;
		}
		at = next < count && heading > 0 ? heading : next;
	}
	return found;
}

// The rows from @from to before @to on a canvas of their own.
function makeSheet(from, to) {
	// what is not below its heading has room for it
	const room = lanes.rows[from].kind === HEADING ? 0 : GROUP_HEIGHT;
	const end = to < lanes.rows.length ? lanes.tops[to] : lanes.height;
	const element = make('canvas', {role: 'img', 'aria-label': 'Lanes of the timeline'});
	frame = {width: SHEET_WIDTH, height: axisHeight() + room + end - lanes.tops[from], isNarrow: false};
	pen = element.getContext('2d');
	sizeCanvas(element, SHEET_SCALE);
	drawFrom(lanes.tops[from] - room);
	return element;
}

// All of the lanes, whatever part of them is in view.
function makeSheets() {
	const {from, to, chosen, mark, picked, note} = lanes;
	const before = pen;
	const count = Math.min(lanes.rows.length, PRINTED_MAX);
	Object.assign(lanes, {from: lanes.min, to: lanes.max, chosen: -1, mark: -1, picked: -1, note: null});
	const starts = sheetStarts(count);
	const sheets = starts.map((start, i) => makeSheet(start, starts[i + 1] ?? count));
	const left = lanes.rows.length - count;
	Object.assign(lanes, {from, to, chosen, mark, picked, note});
	pen = before;
	measureCanvas();
	return make('div', {id: 'printed-lanes'}, ...sheets,
		make('p', {}, `${byId('lane-count').textContent}${left ? `; the first ${formatNumber(count)} lanes are printed` : ''}.`));
}

// ---- the page ----

const openedToPrint = [];

function beforePrint() {
	afterSheets();
	document.documentElement.dataset.theme = 'light';
	readColors();
	byId('findings').append(makePrinted());
	byId('lanes').after(makeSheets());
	for (const details of byId('summary').querySelectorAll('details:not([open])')) {
		details.open = true;
		openedToPrint.push(details);
	}
}

function afterSheets() {
	byId('printed')?.remove();
	byId('printed-lanes')?.remove();
}

function afterPrint() {
	afterSheets();
	openedToPrint.splice(0).forEach(details => {
		details.open = false;
	});
	setTheme(theme);
}
