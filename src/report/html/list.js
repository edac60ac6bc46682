// SPDX-License-Identifier: MIT
// The list of findings. Only the rows in sight are elements, whatever the number of findings.

const COLUMNS = [
	{sort: 'severity', name: 'Severity'},
	{sort: 'place', name: 'Place'},
	{sort: 'time', name: 'Time (UTC)'},
	{sort: 'subject', name: 'Subject'},
	{sort: 'rule', name: 'Rule'},
	{sort: 'message', name: 'Finding'},
];

const MARGIN_ROWS = 8;

const list = {
	rowHeight: 32,
	active: 0,           // the row that the keyboard is at, in the order shown
	rows: new Map(),     // elements by finding
	heights: new Map(),  // of what is open, by finding
	openAt: [],          // the rows that are open, in the order shown
	positions: new Int32Array(findings.count),
};

const narrow = matchMedia('(max-width: 760px)');

function scroller() {
	return byId('list-rows');
}

// ---- where rows are ----

function detailHeight(finding) {
	return list.heights.get(finding) ?? 320;
}

// How far down row @at begins.
function topOf(at) {
	let top = at * list.rowHeight;
	for (const open of list.openAt) {
		if (open >= at) {
			break;
		}
		top += detailHeight(shown[open]);
	}
	return top;
}

// The row that is @top down.
function rowAt(top) {
	let above = 0;
	for (const open of list.openAt) {
		const begin = open * list.rowHeight + above;
		const height = detailHeight(shown[open]);
		if (top < begin + list.rowHeight) {
			break;
		}
		if (top < begin + list.rowHeight + height) {
			return open;
		}
		above += height;
	}
	return Math.floor((top - above) / list.rowHeight);
}

function findOpen() {
	for (let at = 0; at < shown.length; at++) {
		list.positions[shown[at]] = at;
	}
	list.openAt = [...filter.open].filter(i => isShown[i]).map(i => list.positions[i]).sort((a, b) => a - b);
}

// ---- rows ----

function makeCell(name, ...content) {
	return make('div', {role: 'cell', class: `cell-${name}`}, ...content);
}

// The folder of a log is shortened first.
function placeParts(finding) {
	const name = logName(findings.file[finding]);
	const file = pathTail(name, 1);
	const title = texts[findings.file[finding]];
	const folder = name.slice(0, name.length - file.length);
	return [...(folder ? [make('span', {class: 'folder', title}, folder)] : []), make('span', {class: 'file', title}, file)];
}

function makeRow(finding) {
	const marks = [findings.cascade[finding] ? 'cascade' : '', isSuppressed(finding) ? 'suppressed' : '']
		.filter(mark => mark).map(mark => make('span', {class: 'tag'}, mark));
	const time = findings.time[finding];
	const button = make('button', {type: 'button', class: 'open', tabindex: '-1', 'aria-expanded': 'false'},
		texts[findings.message[finding]]);
	const row = make('div', {role: 'row', class: `row ${isSuppressed(finding) ? 'suppressed' : ''}`},
		makeCell('severity', severityMark(findings.severity[finding])),
		makeCell('place', ...placeParts(finding), lineText(finding)),
		makeCell('time', Number.isNaN(time) ? '' : formatTime(time).slice(0, 23)),
		makeCell('subject', make('span', {title: subjectText(finding)}, subjectText(finding))),
		makeCell('rule', ruleName(finding)),
		makeCell('message', button, ...marks));
	row.addEventListener('click', event => {
		if (!event.target.closest('.detail') && String(getSelection()) === '') {
			list.active = list.positions[finding];
			toggleFinding(finding);
			focusRow();
		}
	});
	return row;
}

const heightWatch = new ResizeObserver(entries => {
	let changed = false;
	for (const entry of entries) {
		const finding = Number(entry.target.dataset.finding);
		const height = entry.target.offsetHeight;
		if (height > 0 && list.heights.get(finding) !== height) {
			list.heights.set(finding, height);
			changed = true;
		}
	}
	if (changed) {
		drawList();
	}
});

// Gives a row its place, and its detail if it is open.
function placeRow(row, finding, at) {
	const open = filter.open.has(finding);
	const detail = row.querySelector('.detail');
	const button = row.querySelector('.open');
	row.setAttribute('aria-rowindex', String(at + 2));
	row.style.transform = `translateY(${topOf(at)}px)`;
	row.classList.toggle('active', at === list.active);
	button.tabIndex = at === list.active ? 0 : -1;
	button.setAttribute('aria-expanded', String(open));
	if (open && !detail) {
		const made = makeDetail(finding);
		made.dataset.finding = finding;
		row.append(made);
		heightWatch.observe(made);
	} else if (!open && detail) {
		heightWatch.unobserve(detail);
		detail.remove();
	}
}

function sizeList(view) {
	const height = topOf(shown.length);
	byId('list-space').style.height = `${height}px`;
	view.style.height = `${Math.min(height, Math.max(320, Math.round(innerHeight * .66)))}px`;
}

function drawList() {
	const view = scroller();
	sizeList(view);
	const first = Math.max(0, rowAt(view.scrollTop) - MARGIN_ROWS);
	const last = Math.min(shown.length - 1, rowAt(view.scrollTop + view.clientHeight) + MARGIN_ROWS);
	const wanted = new Map();
	for (let at = first; at <= last; at++) {
		wanted.set(shown[at], at);
	}
	// the row that has the focus stays, even out of sight
	if (list.active < shown.length) {
		wanted.set(shown[list.active], list.active);
	}
	for (const [finding, row] of list.rows) {
		if (!wanted.has(finding)) {
			row.remove();
			list.rows.delete(finding);
		}
	}
	for (const [finding, at] of wanted) {
		let row = list.rows.get(finding);
		if (!row) {
			row = makeRow(finding);
			list.rows.set(finding, row);
			view.append(row);
		}
		placeRow(row, finding, at);
	}
}

// ---- what is done to it ----

function focusRow() {
	const finding = shown[list.active];
	if (finding === undefined) {
		return;
	}
	const view = scroller();
	const top = topOf(list.active);
	if (top < view.scrollTop) {
		view.scrollTop = top;
	} else if (top + list.rowHeight > view.scrollTop + view.clientHeight) {
		view.scrollTop = top + list.rowHeight - view.clientHeight;
	}
	drawList();
	list.rows.get(finding).querySelector('.open').focus({preventScroll: true});
}

function toggleFinding(finding) {
	if (!filter.open.delete(finding)) {
		filter.open.add(finding);
	}
	findOpen();
	drawList();
	writeFragment();
}

// Shows a finding wherever it is; takes the filter away if it hides it.
function showFinding(finding) {
	if (!isShown[finding]) {
		changeFilter(() => {
			readFragment('');
			filter.suppressed = isSuppressed(finding);
		});
	}
	filter.open.add(finding);
	findOpen();
	list.active = list.positions[finding];
	goTo('findings');
	scroller().scrollTop = topOf(list.active) - list.rowHeight;
	focusRow();
	writeFragment();
}

function moveActive(to) {
	list.active = Math.max(0, Math.min(shown.length - 1, to));
	focusRow();
}

const LIST_KEYS = {
	ArrowDown: page => moveActive(list.active + 1),
	ArrowUp: page => moveActive(list.active - 1),
	PageDown: page => moveActive(list.active + page),
	PageUp: page => moveActive(list.active - page),
	Home: () => moveActive(0),
	End: () => moveActive(shown.length - 1),
	f: () => showInTimeline(shown[list.active]),
};

function onListKey(event) {
	const act = LIST_KEYS[event.key];
	if (!act || event.ctrlKey || event.altKey || event.metaKey || !event.target.classList.contains('open')) {
		return;
	}
	event.preventDefault();
	act(Math.max(1, Math.floor(scroller().clientHeight / list.rowHeight) - 1));
}

// ---- heads ----

// One way, the other way, and back: to the most severe first, or from that to the order of the logs.
function sortBy(sort) {
	changeFilter(() => {
		if (filter.sort !== sort) {
			filter.sort = sort;
			filter.descending = false;
		} else if (!filter.descending) {
			filter.descending = true;
		} else {
			filter.sort = sort === 'severity' ? 'order' : 'severity';
			filter.descending = false;
		}
	});
}

function showSort() {
	for (const head of byId('list-head').querySelectorAll('[role="columnheader"]')) {
		const sorted = head.dataset.sort === filter.sort;
		head.setAttribute('aria-sort', !sorted ? 'none' : filter.descending ? 'descending' : 'ascending');
		head.querySelector('.arrow').textContent = !sorted ? '' : filter.descending ? ' \u25bc' : ' \u25b2';
	}
}

function onFiltered() {
	findOpen();
	list.active = 0;
	scroller().scrollTop = 0;
	byId('list').setAttribute('aria-rowcount', String(shown.length + 1));
	const empty = byId('list-empty');
	empty.hidden = shown.length > 0;
	empty.textContent = findings.count > 0 ? 'No finding matches the filter.' : 'No findings.';
	byId('list').hidden = shown.length === 0;
	showSort();
	drawList();
}

function onWidth() {
	list.rowHeight = narrow.matches ? 76 : 32;
	document.documentElement.style.setProperty('--row', `${list.rowHeight}px`);
	drawList();
}

function buildList() {
	byId('list-head').append(make('div', {role: 'row', class: 'row'}, ...COLUMNS.map(({sort, name}) =>
		make('div', {role: 'columnheader', 'data-sort': sort, class: `cell-${sort}`},
			make('button', {type: 'button', click: () => sortBy(sort)}, name, make('span', {class: 'arrow', 'aria-hidden': 'true'}))))));
	byId('list').classList.toggle('untimed', findings.time.every(Number.isNaN));
	scroller().addEventListener('scroll', drawList, {passive: true});
	scroller().addEventListener('keydown', onListKey);
	narrow.addEventListener('change', onWidth);
	new ResizeObserver(drawList).observe(scroller());
	onWidth();
	filterListeners.push(onFiltered);
}
