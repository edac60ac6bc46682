// SPDX-License-Identifier: MIT
// The extension for Visual Studio Code: tasks that run sessionlint, and completion in .sessionlint. Colours and problem
// matchers are in package.json.
'use strict';

const vscode = require('vscode');
const { complete } = require('./completion.js');
const schema = require('./configuration.schema.json');

/** The task of a definition, which tasks.json can have, too. */
function task(definition, scope, name) {
    const command = vscode.workspace.getConfiguration('sessionlint').get('command') || 'sessionlint';
    const words = ['check', '--color=never', ...(definition.watch ? ['--watch'] : []), ...(definition.options ?? []),
        '--', ...definition.paths];
    // a process and no shell: names of files are not read by anybody
    const made = new vscode.Task(definition, scope, name, 'sessionlint', new vscode.ProcessExecution(command, words),
        definition.watch ? '$sessionlint-watch' : '$sessionlint');
    made.isBackground = Boolean(definition.watch);
    made.group = vscode.TaskGroup.Test;
    return made;
}

const tasks = {
    provideTasks() {
        const offered = [task({ type: 'sessionlint', paths: ['${file}'] }, vscode.TaskScope.Workspace, 'check the current file')];
        for (const folder of vscode.workspace.workspaceFolders ?? []) {
            const paths = ['${workspaceFolder}'];
            offered.push(task({ type: 'sessionlint', paths }, folder, 'check the folder'),
                task({ type: 'sessionlint', paths, watch: true }, folder, 'check the folder again whenever a file changes'));
        }
        return offered;
    },
    resolveTask(given) {
        // the definition has to stay the object that it is
        return Array.isArray(given.definition.paths) ? task(given.definition, given.scope, given.name) : undefined;
    },
};

const completions = {
    provideCompletionItems(document, position) {
        const lines = document.getText().split(/\r?\n/);
        const before = lines[position.line].slice(0, position.character);
        const { word, items } = complete(schema, before, lines.filter((_, at) => at !== position.line));
        const range = new vscode.Range(position.line, position.character - word.length, position.line, position.character);
        return items.map(({ label, insert, kind, detail }) => {
            const item = new vscode.CompletionItem(label, kind === 'key' ? vscode.CompletionItemKind.Property
                : vscode.CompletionItemKind.Value);
            Object.assign(item, { insertText: insert, range, detail });
            // a value comes next
            if (insert.endsWith('= ') || insert.endsWith('='))
                item.command = { command: 'editor.action.triggerSuggest', title: 'suggest' };
            return item;
        });
    },
};

function activate(context) {
    context.subscriptions.push(vscode.tasks.registerTaskProvider('sessionlint', tasks),
        vscode.languages.registerCompletionItemProvider('sessionlint-configuration', completions, '=', '/', ' '));
}

module.exports = { activate };
