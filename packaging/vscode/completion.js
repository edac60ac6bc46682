// SPDX-License-Identifier: MIT
// What can follow in a line of .sessionlint, by the schema of it. Knows nothing of the editor.
'use strict';

/** The part of a schema that $ref leads to. */
function resolve(schema, place) {
    return place.$ref ? schema.$defs[place.$ref.split('/').pop()] : place;
}

/** The rules that the pattern of the key `rule` lists, as scope/name. */
function rules(pattern) {
    return [...pattern.matchAll(/\(([a-z]+)\/\)\?\(([a-z|-]+)\)/g)]
        .flatMap(([, scope, names]) => names.split('|').map((name) => `${scope}/${name}`));
}

/** The words that end the pattern of the key `rule`: the severities. */
function severities(pattern) {
    return /=\(([a-z|]+)\)\$$/.exec(pattern)[1].split('|');
}

/**
 * The completions at the end of `before`, the line up to the cursor; `lines` are the others. Each has a label, the text
 * that it inserts in place of `word`, and what it is: a key or a value.
 */
function complete(schema, before, lines) {
    if (/^\s*#/.test(before))
        return { word: '', items: [] };
    const equals = before.indexOf('=');
    const word = /[^\s=]*$/.exec(before)[0];
    if (equals < 0) {
        if (before.trim() !== word)
            return { word, items: [] };
        const used = new Set(lines.map((line) => /^\s*([^\s=#]+)\s*=/.exec(line)?.[1]));
        return { word, items: Object.entries(schema.properties)
            .filter(([name, place]) => place.type === 'array' || !used.has(name))
            .map(([name, place]) => ({ label: name, insert: `${name} = `, kind: 'key', detail: place.description })) };
    }
    const named = schema.properties[before.slice(0, equals).trim()];
    if (!named)
        return { word, items: [] };
    const place = resolve(schema, named);
    const value = before.slice(equals + 1).trimStart();
    const values = (words, ending = '') => words.map((text) => ({ label: text, insert: text + ending, kind: 'value' }));
    if (place.type === 'array') {
        const pattern = place.items.pattern;
        return { word, items: value.includes('=') ? values(severities(pattern)) : values(rules(pattern), '=') };
    }
    return { word, items: values(place.enum ?? []) };
}

module.exports = { complete };
