// SPDX-License-Identifier: MIT
// The form of the filter: what it shows is the filter, and what is done to it changes the filter.

const OPTIONS_MAX = 500;

function changeFilter(change) {
	change();
	applyFilter();
	showFilter();
	writeFragment();
}

function severityBox(severity, count) {
	const name = SEVERITIES[severity];
	return make('label', {},
		make('input', {
			type: 'checkbox', id: `severity-${name}`,
			change: event => changeFilter(() => {
				filter.severities[event.target.checked ? 'add' : 'delete'](severity);
			}),
		}),
		severityMark(severity, make('span', {class: 'quiet'}, ` ${formatNumber(count)}`)));
}

// The texts of a column, those that come first to fill a list to choose from.
function fillOptions(list, columns, name) {
	const found = new Set();
	for (let i = 0; i < columns.count && found.size < OPTIONS_MAX; i++) {
		if (columns[name][i] !== 0) {
			found.add(columns[name][i]);
		}
	}
	list.append(...[...found].map(text => make('option', {value: texts[text]})));
}

function buildControls() {
	const count = severity => findings.severity.reduce((sum, value, i) => sum + (value === severity && !isSuppressed(i)), 0);
	byId('severities').append(...[ERROR, WARNING, NOTE].map(severity => severityBox(severity, count(severity))));
	byId('filter-rule').append(make('option', {value: '-1'}, 'all'));
	data.rules.forEach((rule, i) => {
		if (rule.explanation) {
			byId('filter-rule').append(make('option', {value: String(i)}, rule.name));
		}
	});
	fillOptions(byId('hosts'), findings.count ? findings : incarnations, 'host');
	fillOptions(byId('logs'), findings.count ? findings : incarnations, 'file');
	for (const key of ['text', 'host', 'session', 'log']) {
		byId(`filter-${key}`).addEventListener('input', event => changeFilter(() => {
			filter[key] = event.target.value;
		}));
	}
	byId('filter-rule').addEventListener('change', event => changeFilter(() => {
		filter.rule = Number(event.target.value);
	}));
	byId('filter-cascades').addEventListener('change', event => changeFilter(() => {
		filter.cascades = !event.target.checked;
	}));
	byId('filter-suppressed').addEventListener('change', event => changeFilter(() => {
		filter.suppressed = event.target.checked;
	}));
	byId('suppressed-label').hidden = !findings.suppression.some(value => value !== 0);
	byId('filter').addEventListener('submit', event => event.preventDefault());
	byId('filter').addEventListener('reset', event => {
		event.preventDefault();
		changeFilter(() => readFragment(''));
	});
}

function setValue(element, value) {
	if (element.value !== value) {
		element.value = value;
	}
}

function showFilter() {
	for (const severity of [ERROR, WARNING, NOTE]) {
		byId(`severity-${SEVERITIES[severity]}`).checked = filter.severities.has(severity);
	}
	for (const key of ['text', 'host', 'session', 'log']) {
		setValue(byId(`filter-${key}`), filter[key]);
	}
	setValue(byId('filter-rule'), String(filter.rule));
	byId('filter-cascades').checked = !filter.cascades;
	byId('filter-suppressed').checked = filter.suppressed;
	const all = findings.count;
	const {errors, warnings, notes, suppressed} = data.omitted;
	const left = errors + warnings + notes + suppressed;
	byId('result').textContent = (shown.length === all ? formatCount(all, 'finding')
		: `${formatNumber(shown.length)} of ${formatCount(all, 'finding')}`)
		+ (left ? ` (${formatNumber(left)} more ${isOrAre(left)} not on this page)` : '');
}
