// SPDX-License-Identifier: MIT
// The run itself: when, how, and what it read.

const DIGEST_WORDS = {
	unknown: 'not hashed: it was not read to its end',
	changed: 'no hash: the file changed while it was read',
};

const INPUTS_IN_SIGHT = 12;

function dateText(seconds) {
	const date = new Date(seconds * 1000);
	return Number.isNaN(date.getTime()) ? `${seconds} seconds since 1970` : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function buildRun() {
	const {command, configuration, seconds} = data.run;
	const row = (name, value) => value ? [make('dt', {}, name), make('dd', {class: name === 'Date' ? false : 'mono'}, value)] : [];
	byId('run').append(...row('Date', dateText(seconds)), ...row('Command', command), ...row('Configuration', configuration));
}

// By number of text: the findings of each file.
function countByFile() {
	const counts = new Map();
	for (let i = 0; i < findings.count; i++) {
		counts.set(findings.file[i], (counts.get(findings.file[i]) ?? 0) + 1);
	}
	return counts;
}

function digestCell(digest) {
	return digest in DIGEST_WORDS ? make('span', {class: digest === 'changed' ? 'severity warning' : 'quiet'}, DIGEST_WORDS[digest])
		: make('span', {class: 'hash'}, digest);
}

function makeInputs(label, rows) {
	return makeTable(label, ['Log', 'Size', 'Records', 'Findings', 'SHA-256'], rows, [1, 2, 3]);
}

function buildInputs() {
	const {inputs, inputsOmitted} = data.run;
	const counts = countByFile();
	const {errors, warnings, notes, suppressed} = data.omitted;
	const isCut = errors + warnings + notes + suppressed > 0;
	const rows = inputs.map(([file, size, records, digest]) => [
		make('span', {class: 'mono', title: texts[file]}, logName(file)),
		make('span', {title: formatCount(Number(size), 'byte')}, formatBytes(Number(size))),
		formatNumber(Number(records)),
		make('span', {}, counts.has(file) ? `${formatNumber(counts.get(file))}${isCut ? ' or more' : ''}` : isCut ? '?' : '0'),
		digestCell(digest),
	]);
	const place = byId('inputs');
	if (rows.length === 0) {
		place.append(make('p', {class: 'quiet'}, 'No log could be read.'));
		return;
	}
	place.append(makeInputs('Logs that were read', rows.slice(0, INPUTS_IN_SIGHT)));
	if (rows.length > INPUTS_IN_SIGHT) {
		place.append(make('details', {}, make('summary', {}, formatCount(rows.length - INPUTS_IN_SIGHT, 'more log')),
			makeInputs('Logs that were read, the rest', rows.slice(INPUTS_IN_SIGHT))));
	}
	if (inputsOmitted) {
		place.append(make('p', {}, `${formatCount(inputsOmitted, 'more log')} ${isOrAre(inputsOmitted)} not on this page.`));
	}
}
