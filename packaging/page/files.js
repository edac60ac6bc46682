// SPDX-License-Identifier: MIT
// The files that a reader gives: dropped, or chosen. They are only looked at here; the worker reads them.

// Folders of a drop come as handles, or as entries, which Chromium cannot read in a page of the disk.

async function walkHandle(handle, path, found) {
	if (handle.kind === 'file') {
		try {
			found.inputs.push({path, blob: await handle.getFile()});
		} catch {
			found.unreadable.push(path);
		}
		return;
	}
	try {
		for await (const [name, each] of handle.entries()) {
			await walkHandle(each, `${path}/${name}`, found);
		}
	} catch {
		found.unreadable.push(path);
	}
}

async function walkEntry(entry, path, found) {
	try {
		if (entry.isFile) {
			found.inputs.push({path, blob: await new Promise((resolve, reject) => entry.file(resolve, reject))});
			return;
		}
		const reader = entry.createReader();
		const next = () => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
		// some at a time, until there are no more
		for (let some = await next(); some.length > 0; some = await next()) {
			for (const each of some) {
				await walkEntry(each, `${path}/${each.name}`, found);
			}
		}
	} catch {
		found.unreadable.push(path);
	}
}

// Two files of one name, from two folders, are two files.
function addInput(inputs, path, blob) {
	const [, stem, ending] = /^(.*?)(\.[^./]*)?$/s.exec(path);
	const taken = new Set(inputs.map(input => input.path));
	let free = path;
	for (let i = 2; taken.has(free); i++) {
		free = `${stem} (${i})${ending ?? ''}`;
	}
	inputs.push({path: free, blob});
}

function sorted(inputs) {
	return inputs.sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}

// What a drop brings. All of it must be asked for at once: later there is nothing.
async function inputsOfDrop(transfer) {
	const found = {inputs: [], unreadable: []};
	const folders = [];
	for (const item of [...transfer.items].filter(({kind}) => kind === 'file')) {
		const entry = item.webkitGetAsEntry?.(), file = item.getAsFile();
		if (entry?.isDirectory) {
			folders.push({entry, handle: item.getAsFileSystemHandle?.().catch(() => null)});
		} else if (file) {
			addInput(found.inputs, file.name, file);
		}
	}
	for (const {entry, handle} of folders) {
		const opened = await handle;
		await (opened ? walkHandle(opened, opened.name, found) : walkEntry(entry, entry.name, found));
	}
	return {...found, inputs: sorted(found.inputs)};
}

function inputsOfList(files) {
	const inputs = [];
	for (const file of files) {
		if (file.webkitRelativePath) {
			inputs.push({path: file.webkitRelativePath, blob: file});
		} else {
			addInput(inputs, file.name, file);
		}
	}
	return {inputs: sorted(inputs), unreadable: []};
}
