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
let job = 0;      // its number
let theme = 0;

function say(text) {
	byId('status').textContent = text;
}

// ---- work ----

function showWork(isWorking) {
	byId('work').hidden = !isWorking;
	byId('make').disabled = isWorking;
	byId('progress').value = 0;
	byId('doing').textContent = '';
}

const DOING = {check: 'Checking', timeline: 'Making the timeline', diagram: 'Drawing the diagram', report: 'Writing the report page'};

function onProgress({run, done, total, name}) {
	byId('progress').value = total > 0 ? done / total : 0;
	byId('doing').textContent = `${DOING[run] ?? 'Working'}: ${sizeOf(done)} of ${sizeOf(total)}, ${plain(name)}`;
}

// The program ran out of memory, or there is a bug in it.
function onFailed({name, message}) {
	say(`${DOING[name] ?? 'The checker'} failed: ${message}`);
}

function showCheck(ran, {summary, errors, findings}) {
	byId('results').hidden = false;
	byId('drop').dataset.compact = 'yes';
	showVerdict(ran.status, summary);
	byId('command').textContent = commandLine(given.inputs);
	byId('messages').textContent = [...given.unreadable.map(path => `${plain(path)}: the browser cannot read it\n`), errors].join('');
	byId('said').open = ran.status === 2 || given.unreadable.length > 0;
	showFindings(ran, findings);
}

// How each result is read, which takes its time, and how it is shown then.
const RESULTS = {
	check: {show: showCheck, async read({output, errors}) {
		return {summary: await summaryOf(output), errors: await errors.text(), findings: await linesOf(output)};
	}},
	timeline: {show: showTimeline, read: ({output}) => linesOf(output)},
	diagram: {show: showDiagram, read: () => null},
	report: {show: showReport, read: () => null},
};

// A result, or what the command says where there is none.
async function onRan(ran, number) {
	const {read, show} = RESULTS[ran.name];
	const isThere = ran.name === 'check' || [ran.output, ...Object.values(ran.results)].some(({size}) => size > 0);
	const data = await (isThere ? read(ran) : ran.errors.text());
	if (number !== job) {
		return; // there are other files now
	}
	if (isThere) {
		show(ran, data);
	} else {
		byId(`panel-${ran.name}`).replaceChildren(make('pre', {}, data));
	}
}

// Ends what is being done: its results are not shown any more.
function supersede() {
	stopChecker();
	showWork(false);
	delete document.documentElement.dataset.done;
	return ++job;
}

function checkInputs() {
	const {inputs} = given;
	const shown = [], number = supersede();
	let hasFailed = false;
	byId('results').hidden = true;
	forgetUrls();
	VIEWS.forEach(view => byId(`panel-${view}`).replaceChildren(make('p', {class: 'empty'}, 'Not made yet.')));
	byId('messages').textContent = '';
	say(`Checking ${countOf(inputs.length, 'file')}`);
	showWork(true);
	// what takes long comes last: the report page has a digest of each file
	startChecker(inputs, [
		{name: 'check', wanted: ['/out/findings.txt'], words: wordsFor('check', inputs, ['--format=json', '--output=text:/out/findings.txt'])},
		{name: 'timeline', wanted: [], words: wordsFor('timeline', inputs, ['--format=ndjson'])},
		{name: 'diagram', wanted: [], words: wordsFor('diagram', inputs, [])},
		{name: 'report', wanted: ['/out/report.html'], words: wordsFor('check', inputs, ['--quiet', '--output=html:/out/report.html'])},
	], {
		progress: onProgress,
		ran: ran => shown.push(onRan(ran, number)),
		failed(why) {
			hasFailed = true;
			onFailed(why);
		},
		async done() {
			showWork(false);
			await Promise.all(shown);
			if (number === job) {
				if (!hasFailed) {
					say('');
				}
				document.documentElement.dataset.done = 'yes';
			}
		},
	});
}

function cancel() {
	supersede();
	say('Cancelled.');
}

function take(found) {
	if (found.inputs.length === 0) {
		say(found.unreadable.length > 0 ? `The browser keeps ${plain(found.unreadable[0])} from this page. Copy it, or use "Choose a folder".` :
			'There are no files in it.');
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
	startWorker([], [{name: 'explain', wanted: [], words: ['explain', rule]}], {
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
		const inputs = inputsOfDrop(event.dataTransfer), number = supersede();
		leaveEditor();
		say('Looking at the files');
		const found = await inputs;
		if (number === job) {
			take(found);
		}
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
