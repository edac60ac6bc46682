// SPDX-License-Identifier: MIT
// How numbers are written, and which words the command gets.

const SEVERITIES = ['off', 'note', 'warning', 'error'];
const SIGNS = ['', '\u25cf', '\u25b2', '\u25c6'];

const numberFormat = new Intl.NumberFormat('en');

function countOf(count, what) {
	return `${numberFormat.format(count)} ${what}${count === 1 ? '' : 's'}`;
}

function sizeOf(bytes) {
	return bytes < 1000 ? countOf(bytes, 'byte') : bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

// Text of a log or a name of a file, with what would turn, hide or break it written out, as the command does.
function plain(text) {
	return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, sign => {
		const number = sign.codePointAt(0).toString(16);
		return sign < '\x80' ? `\\x${number.padStart(2, '0')}` : `\\u{${number}}`;
	});
}

// ---- options ----

// What all commands that read logs accept, and what only those do that judge them.
const LOG_OPTIONS = /^--(start|source|pointer-size|reverse|recover|join|reorder|together|window|anonymize|no-config)(=|$)/;
const CHECK_OPTIONS = /^--(strict|rule|host|session|user|address|since|until|severity)(=|$)/;

// As on a command line, without quotes.
function otherWords() {
	return byId('other').value.split(/\s+/).filter(word => word !== '');
}

// All options that the page shows, for check.
function chosenWords(inputs) {
	const words = [];
	const together = byId('together').value, start = byId('start').value;
	const isMachine = together === 'auto' ? inputs.filter(({path}) => /\.evtx$/i.test(path)).length > 1 : together !== 'apart';
	if (isMachine) {
		words.push(together === 'auto' || together === 'machine' ? '--together' : `--together=${together}`);
	}
	if (start !== 'auto') {
		words.push(`--start=${start}`);
	}
	for (const name of ['strict', 'anonymize']) {
		if (byId(name).checked) {
			words.push(`--${name}`);
		}
	}
	return [...words, ...otherWords()];
}

// The part of a path that was given: files and folders at the top.
function operandsOf(inputs) {
	return [...new Set(inputs.map(({path}) => path.split('/')[0]))];
}

function wordsFor(command, inputs, more) {
	const words = chosenWords(inputs);
	const operands = operandsOf(inputs);
	if (command === 'diagram') {
		return ['diagram', ...words.filter(word => LOG_OPTIONS.test(word)), ...more, ...operands.map(path => `--trace=${path}`)];
	}
	const known = command === 'check' ? words : words.filter(word => LOG_OPTIONS.test(word) || CHECK_OPTIONS.test(word));
	return [command, ...known, ...more, '--', ...operands];
}

// The command that a reader can copy into a shell.
function commandLine(inputs) {
	const quoted = word => /^[\w%+,./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
	const words = wordsFor('check', inputs, []);
	const end = operandsOf(inputs).some(path => path.startsWith('-')) ? words : words.filter(word => word !== '--');
	return plain(['sessionlint', ...end].map(quoted).join(' '));
}
