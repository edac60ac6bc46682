// SPDX-License-Identifier: MIT
// The matrix of states and events with what the run exercised of it.

const CELLS = ['illegal', 'published', 'undocumented', 'reuse'];

// "12", or "12 to 15" where a source hides which transition it was.
function tallyText([certain, possible]) {
	return possible ? `${formatNumber(certain)} to ${formatNumber(certain + possible)}` : formatNumber(certain);
}

function isSeen([certain, possible]) {
	return certain + possible > 0;
}

function matrixCell(cell) {
	const legal = cell.kind !== 0;
	const tally = legal ? cell.taken : cell.refused;
	const kind = legal && !isSeen(tally) ? 'never' : CELLS[cell.kind];
	const element = make('td', {class: `cell ${kind}${!legal && isSeen(tally) ? ' broken' : ''}`});
	if (legal) {
		element.append(make('span', {class: 'to'}, `\u2192 ${stateName(cell.to)}`),
			make('span', {class: 'count'}, isSeen(tally) ? tallyText(tally) : cell.hidden ? 'hidden' : 'never'));
		if (cell.kind > 1) {
			element.append(make('span', {class: 'kind'}, CELLS[cell.kind]));
		}
		if (isSeen(cell.refused)) {
			element.append(make('span', {class: 'kind'}, `illegal ${tallyText(cell.refused)}`));
		}
		if (cell.stay) {
			element.append(make('span', {class: 'kind'}, `after ${cell.stay}`));
		}
	} else if (isSeen(tally)) {
		element.append(make('span', {class: 'to'}, '\u2716 illegal'), make('span', {class: 'count'}, tallyText(tally)));
	} else {
		element.append(make('span', {class: 'kind'}, 'illegal'));
	}
	return element;
}

function buildMatrix() {
	const events = [...new Set(data.model.cells.map(cell => cell.event))];
	const states = [...new Set(data.model.cells.map(cell => cell.state))];
	const find = (state, event) => data.model.cells.find(cell => cell.state === state && cell.event === event);
	byId('matrix').append(
		make('p', {class: 'help'}, 'Each cell shows where an event leads in a state, how often that happened, and after how long '
			+ '(median). Two numbers, minimum and maximum, mean that the source does not show which of several transitions it was; hidden means that no source of these logs shows it.'),
		make('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Matrix of states and events'},
			make('table', {class: 'matrix'},
				make('caption', {class: 'hidden'}, 'States by events, with counts'),
				make('thead', {}, make('tr', {}, make('th', {scope: 'col'}, 'in \\ on'),
					...events.map(event => make('th', {scope: 'col'}, eventName(event))))),
				make('tbody', {}, ...states.map(state => make('tr', {}, make('th', {scope: 'row'}, stateName(state)),
					...events.map(event => matrixCell(find(state, event)))))))));
}

// Rounded down, so that only all of it is 100 %.
function percent(covered, total) {
	return total === 0 ? '100.0 %' : `${(Math.floor(covered / total * 1000) / 10).toFixed(1)} %`;
}

function shareBar(covered, total) {
	const meter = make('meter', {min: '0', max: String(total), value: String(covered), 'aria-label': percent(covered, total)});
	return meter;
}

function buildShares() {
	byId('shares').append(makeTable('Coverage by group', ['What', 'Seen', 'Of', 'Share', 'Bar'],
		data.model.shares.map(({name, covered, total}) =>
			[name, formatNumber(covered), formatNumber(total), percent(covered, total), shareBar(covered, total)]), [1, 2, 3]));
}

function buildCoverage() {
	buildMatrix();
	buildShares();
	const style = byId('diagram-style');
	if (style) {
		// rules made by script are no inline style, so that the policy need not allow any
		const sheet = new CSSStyleSheet();
		sheet.replaceSync(style.textContent);
		document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
	}
}
