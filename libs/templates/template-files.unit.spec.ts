import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderTemplate } from './render-template.js';
import { TemplateFiles } from './template-files.js';
import { isTemplateName, type TemplateSource, templateSource } from './template-source.js';

describe('TemplateFiles', () => {
  let folder: string;
  let files: TemplateFiles;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'templates-'));
    files = new TemplateFiles(folder);
  });
  afterEach(async () => rm(folder, { recursive: true }));
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);

  it('lists and reads the files of its folders, and finds none that is not there', async () => {
    await write('mail.html', '<b>');
    await write('.hidden', '');
    expect(await files.list()).toEqual([{ name: 'mail.html', origin: 'shipped' }]);
    expect(await files.find('mail.html')).toEqual({ text: '<b>', origin: 'shipped' });
    expect(await files.find('mail.html', 'folder')).toBeUndefined();
    expect(await files.find('nail.html')).toBeUndefined();
  });

  it('takes no path', async () => {
    for (const name of ['../package.json', '/etc/passwd', 'a/b', 'a\\b', '..', '.', '', 'a\u0000', 'a\nb']) {
      expect(isTemplateName(name)).toBe(false);
      expect(await files.find(name)).toBeUndefined();
    }
    for (const name of ['journal_gl.csv', 'Ärger 2.html.j2', 'a..b']) expect(isTemplateName(name)).toBe(true);
  });
});

describe('templateSource', () => {
  const read = (name: string, files: Readonly<Record<string, string>>): Promise<TemplateSource> =>
    templateSource(name, files[name] ?? '', (part) => Promise.resolve(files[part]));

  it('reads a template with all that it is made of', async () => {
    const found = await read('mail.html', {
      'mail.html':
        '{% extends "page.html" %}{% block body %}{%- include \'note.html\' %}{% include "gone.html" ignore missing %}{% endblock %}',
      'page.html': '<main>{% block body %}{% endblock %}</main>',
      'note.html': '{% from "macros.html" import show %}<i>{{ show(x) }}</i>',
      'macros.html': '{% macro show(v) %}{{ v }}{% endmacro %}',
      'other.html': '',
    });
    expect([...found.templates.keys()].sort()).toEqual(['macros.html', 'note.html', 'page.html']);
    expect(renderTemplate({ ...found, context: { x: '<&>' } })).toBe('<main><i>&lt;&amp;&gt;</i></main>');
  });

  it('ends with templates that include each other, and takes no path', async () => {
    const found = await read('a.txt', {
      'a.txt': '{% include "b.txt" %}',
      'b.txt': '{% include "a.txt" %}{% include "../c.txt" %}',
      '../c.txt': '',
    });
    expect([...found.templates.keys()]).toEqual(['b.txt']);
    const path = await read('d.txt', { 'd.txt': '{% include "../c.txt" %}', '../c.txt': 'secret' });
    expect(() => renderTemplate({ ...path, context: {} })).toThrow(/template not found/);
  });
});
