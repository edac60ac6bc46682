// SPDX-License-Identifier: MIT
// Elements. Text goes in as text and in no other way: there is no innerHTML in this page, and its policy forbids it.

function byId(id) {
	return document.getElementById(id);
}

// Attributes by name; 'click' and the like are listeners; what is false is left out.
function make(tag, attributes, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes ?? {})) {
		if (typeof value === 'function') {
			element.addEventListener(name, value);
		} else if (value !== false && value !== undefined) {
			element.setAttribute(name, value === true ? '' : value);
		}
	}
	element.append(...children.filter(child => child !== null && child !== false));
	return element;
}

function severityMark(severity, extra) {
	const name = SEVERITIES[severity];
	return make('span', {class: `severity ${name}`}, make('span', {'aria-hidden': 'true'}, SIGNS[severity]),
		` ${name}`, extra ?? null);
}

// A table with a caption or a label, of rows of cells; a cell is text or an element.
function makeTable(label, heads, rows, numbers) {
	const cell = (tag, content, column) =>
		make(tag, {class: numbers.includes(column) ? 'number' : false, scope: tag === 'th' ? 'col' : false}, content);
	return make('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label},
		make('table', {'aria-label': label},
			make('thead', {}, make('tr', {}, ...heads.map((head, i) => cell('th', head, i)))),
			make('tbody', {}, ...rows.map(row => make('tr', {}, ...row.map((content, i) => cell('td', content, i)))))));
}
