// SPDX-License-Identifier: MIT
// The page: what the reader does, and which runs come of it.

const THEMES = ['system', 'light', 'dark'];
const FORMATS = {
	check: {sarif: 'sarif', junit: 'xml', csv: 'csv', markdown: 'md', gitlab: 'json', perfetto: 'json'},
	timeline: {text: 'txt', csv: 'csv', timesketch: 'csv', xes: 'xes', perfetto: 'json'},
	coverage: {text: 'txt', json: 'json', markdown: 'md'},
};
const VIEWS = ['findings', 'timeline', 'diagram', 'report'];

let given = null; // what was checked last
let theme = 0;

function say(text) {
	byId('status').textContent = text;
}

// ---- work ----

function showWork(isWorking) {
	byId('work').hidden = !isWorking;
	byId('progress').value = 0;
	byId('doing').textContent = '';
}

const DOING = {check: 'Checking', timeline: 'Making the timeline', diagram: 'Drawing the diagram'};

function onProgress({run, done, total, name}) {
	byId('progress').value = total > 0 ? done / total : 0;
	byId('doing').textContent = `${DOING[run] ?? 'Working'}: ${sizeOf(done)} of ${sizeOf(total)}, ${name}`;
}

function onFailed({name, message}) {
	byId('said').open = true;
	byId('messages').textContent += `${name}: the checker failed: ${message}\n`;
	say(`The checker failed: ${message}`);
}

async function onCheck(ran) {
	const summary = await summaryOf(ran.output), errors = await ran.errors.text();
	byId('results').hidden = false;
	byId('drop').dataset.compact = 'yes';
	showVerdict(ran.status, summary);
	byId('command').textContent = commandLine(given.inputs);
	byId('messages').textContent = [...given.unreadable.map(path => `${path}: the browser cannot read it\n`), errors].join('');
	byId('said').open = ran.status === 2 || given.unreadable.length > 0;
	await showFindings(ran);
	showReport(ran);
}

// An error of the command where a result should be.
async function onOther(ran, show) {
	if (ran.output.size > 0) {
		await show(ran);
	} else {
		byId(`panel-${ran.name}`).replaceChildren(make('pre', {}, await ran.errors.text()));
	}
}

const SHOWN_BY = {
	check: onCheck,
	timeline: ran => onOther(ran, showTimeline),
	diagram: ran => onOther(ran, showDiagram),
};

function checkInputs() {
	const {inputs} = given;
	const shown = [];
	delete document.documentElement.dataset.done;
	byId('results').hidden = true;
	forgetUrls();
	VIEWS.forEach(view => byId(`panel-${view}`).replaceChildren());
	byId('messages').textContent = '';
	say(`Checking ${countOf(inputs.length, 'file')}`);
	showWork(true);
	startChecker(inputs, [
		{name: 'check', wanted: ['/out/findings.txt', '/out/report.html'],
			words: wordsFor('check', inputs, ['--format=json', '--output=text:/out/findings.txt', '--output=html:/out/report.html'])},
		{name: 'timeline', wanted: [], words: wordsFor('timeline', inputs, ['--format=ndjson'])},
		{name: 'diagram', wanted: [], words: wordsFor('diagram', inputs, [])},
	], {
		progress: onProgress,
		ran: ran => shown.push(SHOWN_BY[ran.name](ran)),
		failed: onFailed,
		async done() {
			showWork(false);
			await Promise.all(shown);
			say('');
			document.documentElement.dataset.done = 'yes';
		},
	});
}

function cancel() {
	stopChecker();
	showWork(false);
	say('Cancelled.');
}

function take(found) {
	if (found.inputs.length === 0) {
		say('There are no files in it.');
		return;
	}
	given = found;
	checkInputs();
}

// Files instead of the text: what an example set goes with it.
function leaveEditor() {
	if (byId('example').value !== '') {
		byId('other').value = '';
	}
	byId('example').value = '';
	byId('editor').hidden = true;
}

function checkAgain() {
	if (given) {
		checkInputs();
	}
}

// ---- more of the command ----

function explain(rule, element) {
	startChecker([], [{name: 'explain', wanted: [], words: ['explain', rule]}], {
		async ran({output}) {
			element.textContent = await output.text();
			element.hidden = false;
		},
		failed: onFailed,
	});
}

function makeFormat() {
	const [command, format] = byId('format').value.split(' ');
	say('Making it');
	showWork(true);
	startChecker(given.inputs, [{name: command, wanted: [], words: wordsFor(command, given.inputs, [`--format=${format}`])}], {
		progress: onProgress,
		async ran({output, errors}) {
			if (output.size > 0) {
				downloadLink(output, `${command}-${format}.${FORMATS[command][format]}`, 'application/octet-stream').click();
				say('');
			} else {
				say(await errors.text());
			}
		},
		failed: onFailed,
		done: () => showWork(false),
	});
}

// ---- examples ----

function showEditor(text) {
	byId('editor').hidden = false;
	byId('trace').value = text;
}

function checkText() {
	const name = byId('example').value.replace(/^.*\//, '') || 'my.trace';
	take({inputs: [{path: name, blob: new Blob([byId('trace').value])}], unreadable: []});
}

function chooseExample(examples, name) {
	if (!Object.hasOwn(examples, name)) {
		return;
	}
	const [, options] = /^# options: (.*)$/m.exec(examples[name]) ?? [];
	byId('other').value = options?.replaceAll(/--(\S+) (?=[^-])/g, '--$1=') ?? '';
	showEditor(examples[name]);
	checkText();
}

function buildExamples() {
	const examples = JSON.parse(byId('examples').textContent), groups = new Map();
	for (const name of Object.keys(examples)) {
		const [folder, file] = name.split('/');
		groups.set(folder, [...groups.get(folder) ?? [], make('option', {value: name}, file)]);
	}
	byId('example').append(...[...groups].map(([folder, options]) => make('optgroup', {label: folder}, ...options)));
	byId('example').addEventListener('change', () => chooseExample(examples, byId('example').value));
	byId('write').addEventListener('click', () => {
		byId('example').value = '';
		showEditor('');
		byId('trace').focus();
	});
	byId('check').addEventListener('click', checkText);
	byId('trace').addEventListener('keydown', event => {
		if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
			event.preventDefault();
			checkText();
		}
	});
}

// ---- tabs ----

function chooseTab(view) {
	for (const each of VIEWS) {
		const tab = byId(`tab-${each}`), isChosen = each === view;
		tab.setAttribute('aria-selected', isChosen);
		tab.tabIndex = isChosen ? 0 : -1;
		byId(`panel-${each}`).dataset.chosen = isChosen;
	}
}

function buildTabs() {
	VIEWS.forEach((view, i) => {
		const steps = {ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: -1};
		byId(`tab-${view}`).addEventListener('click', () => chooseTab(view));
		byId(`tab-${view}`).addEventListener('keydown', event => {
			if (event.key in steps) {
				const next = VIEWS.at(steps[event.key] % VIEWS.length);
				chooseTab(next);
				byId(`tab-${next}`).focus();
				event.preventDefault();
			}
		});
	});
	chooseTab('findings');
}

// ---- start ----

function buildInputs() {
	for (const [button, field] of [['choose-files', 'files'], ['choose-folder', 'folder']]) {
		byId(button).addEventListener('click', () => byId(field).click());
		byId(field).addEventListener('change', () => {
			leaveEditor();
			take(inputsOfList(byId(field).files));
			// the same files may be chosen again
			byId(field).value = '';
		});
	}
	addEventListener('dragover', event => {
		event.preventDefault();
		byId('drop').dataset.over = 'yes';
	});
	addEventListener('dragleave', event => event.relatedTarget === null && delete byId('drop').dataset.over);
	addEventListener('drop', async event => {
		event.preventDefault();
		delete byId('drop').dataset.over;
		const inputs = inputsOfDrop(event.dataTransfer);
		leaveEditor();
		say('Looking at the files');
		take(await inputs);
	});
}

function buildFormats() {
	for (const [command, formats] of Object.entries(FORMATS)) {
		byId('format').append(make('optgroup', {label: command}, ...Object.keys(formats).map(format =>
			make('option', {value: `${command} ${format}`}, `${command}: ${format}`))));
	}
	byId('make').addEventListener('click', makeFormat);
}

function nextTheme() {
	theme = (theme + 1) % THEMES.length;
	document.documentElement.dataset.theme = THEMES[theme];
	byId('theme').textContent = `Theme: ${THEMES[theme]}`;
}

async function start() {
	buildTabs();
	buildFormats();
	buildInputs();
	byId('theme').addEventListener('click', nextTheme);
	byId('cancel').addEventListener('click', cancel);
	byId('options').addEventListener('change', checkAgain);
	byId('options').addEventListener('submit', event => event.preventDefault());
	try {
		await loadChecker();
		buildExamples();
	} catch (error) {
		say(`This browser cannot run the checker: ${error.message}`);
	}
	document.documentElement.dataset.ready = 'yes';
}

start();
