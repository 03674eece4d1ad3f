import { Command, InvalidArgumentError, Option } from 'commander';
import type { RunVerb } from '../command-line.js';
import { countArgument, periodOption } from './verb-options.js';

const load = (): Promise<typeof import('../commands/templates.js')> => import('../commands/templates.js');

/** `templates list|show|versions|save|preview|remove|restore`. */
export function addTemplateVerbs(program: Command, run: RunVerb): void {
  const templates = program
    .command('templates')
    .description('templates of journals and messages: saved in the program, in ./templates, or shipped');

  templates
    .command('list')
    .description('list the templates, and whose text counts')
    .option('--area <area>', 'only those of journal or mail', area)
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).listTemplates(session, command.opts())),
    );

  templates
    .command('show')
    .description('show the text of a template')
    .argument('<name>')
    .addOption(areaOption())
    .option('--version <number>', 'as it was saved with that version', version)
    .addOption(new Option('--file <where>', 'the file, also if something goes before it').choices(['folder', 'shipped']))
    .option('-o, --output <file>', 'write it there, byte for byte')
    .action((name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showTemplate(session, name, command.opts())),
    );

  templates
    .command('versions')
    .description('show who saved or removed a template, when, and why')
    .argument('<name>')
    .addOption(areaOption())
    .action((name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).templateVersions(session, name, command.opts())),
    );

  templates
    .command('save')
    .description('save a file as a version of a template; it counts from then on')
    .argument('<file>')
    .addOption(areaOption())
    .option('--name <name>', 'what the template is called (default: as the file)')
    .option('--note <text>', 'why, or what changed; kept in the log')
    .option('--expect <version>', 'refuse unless this is the version that is saved; 0 for none', countArgument)
    .addOption(periodOption('refuse it also if it can’t be filled in for this billing period'))
    .action((file: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).saveTemplate(session, file, command.opts())),
    );

  templates
    .command('preview')
    .description('show what a template writes for a billing period, or for sample entries; nothing is recorded')
    .argument('<name>')
    .addOption(areaOption())
    .option('--text <file>', 'try the text of this file')
    .addOption(periodOption('billing period'))
    .option('-o, --output <file>', 'write the result there')
    .action((name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).previewTemplate(session, name, command.opts())),
    );

  templates
    .command('remove')
    .description('take a saved template out of use: the file of that name counts again')
    .argument('<name>')
    .addOption(areaOption())
    .option('--reason <text>', 'why; kept in the log')
    .option('--expect <version>', 'refuse unless this is the version that is saved', countArgument)
    .action((name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).removeTemplate(session, name, command.opts())),
    );

  templates
    .command('restore')
    .description('save an older version of a template once more')
    .argument('<name>')
    .argument('<version>', 'as `templates versions` lists it', version)
    .addOption(areaOption())
    .option('--note <text>', 'why; kept in the log')
    .option('--expect <version>', 'refuse unless this is the version that is saved', countArgument)
    .action((name: string, number: number, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).restoreTemplate(session, name, number, command.opts())),
    );
}

function areaOption(): Option {
  return new Option('--area <area>', 'journal or mail').argParser(area).default('journal');
}

function area(text: string): string {
  if (text !== 'journal' && text !== 'mail') throw new InvalidArgumentError('Write journal or mail.');
  return text;
}

function version(text: string): number {
  const number = countArgument(text);
  if (number < 1) throw new InvalidArgumentError('Versions are counted from 1.');
  return number;
}
