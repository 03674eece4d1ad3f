import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderTemplate } from './render-template.js';
import { TemplateFiles } from './template-files.js';

describe('TemplateFiles', () => {
  let folder: string;
  let files: TemplateFiles;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'templates-'));
    files = new TemplateFiles('email.html_template', folder);
  });
  afterEach(async () => rm(folder, { recursive: true }));
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);

  it('reads a template with all that it is made of', async () => {
    await write('page.html', '<main>{% block body %}{% endblock %}</main>');
    await write('note.html', '<i>{{ x }}</i>');
    await write(
      'mail.html',
      '{% extends "page.html" %}{% block body %}{%- include \'note.html\' %}{% include "gone.html" ignore missing %}{% endblock %}',
    );
    const found = await files.read('mail.html');
    expect([...found.templates.keys()].sort()).toEqual(['note.html', 'page.html']);
    expect(renderTemplate({ ...found, context: { x: '<&>' } })).toBe('<main><i>&lt;&amp;&gt;</i></main>');
  });

  it('says where it looked, and which setting names the template', async () => {
    await write('mail.html', '');
    await expect(files.read('nail.html')).rejects.toMatchObject({
      code: 'template.unknown',
      detail: 'There is no template “nail.html” in ./templates and none is shipped; shipped are mail.html. Check email.html_template.',
    });
  });

  it('takes no path', async () => {
    for (const name of ['../package.json', '/etc/passwd', '..', '']) await expect(files.read(name)).rejects.toThrow(/is a path/);
    await write('mail.html', '{% include "../package.json" %}');
    const found = await files.read('mail.html');
    expect(() => renderTemplate({ ...found, context: {} })).toThrow(/template not found/);
  });
});
