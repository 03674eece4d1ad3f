import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RunVerb } from '../command-line.js';
import { PART_HELP, partArgument } from './part-argument.js';
import { periodOption } from './verb-options.js';

const load = (): Promise<typeof import('../commands/rules.js')> => import('../commands/rules.js');

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** `rules list|show|add|edit|move|disable|enable|test|apply`. */
export function addRuleVerbs(program: Command, run: RunVerb): void {
  const rules = program
    .command('rules')
    .description('attribution rules: who pays for charges of a source, account, service or resource, whatever their tags say');

  rules
    .command('list')
    .description('show the rules in their order; the first one that matches a charge counts')
    .action((_options: object, command: Command) => run(command.optsWithGlobals(), async (session) => (await load()).listRules(session)));

  rules
    .command('show')
    .description('show a rule, and every version of it')
    .argument('<rule>', 'its number, or with a version: R3.2', ruleOrVersion)
    .action((rule: RuleOrVersion, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).showRule(session, rule)),
    );

  withRuleOptions(rules.command('add').description('add a rule; it attributes charges from the next import on'))
    .addOption(new Option('--place <number>', 'where it stands (default: behind all others)').argParser(whole))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).addRule(session, command.opts())),
    );

  withRuleOptions(rules.command('edit').description('change a rule; what is left out stays, an empty text takes it back'))
    .argument('<rule>', 'its number', whole)
    .action((ruleId: number, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).editRule(session, ruleId, command.opts())),
    );

  rules
    .command('move')
    .description('give a rule another place; 1 comes first')
    .argument('<rule>', 'its number', whole)
    .argument('<place>', 'from 1', whole)
    .action((ruleId: number, place: number, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).moveRule(session, ruleId, place)),
    );

  rules
    .command('disable')
    .description('let a rule attribute no charge any more')
    .argument('<rule>', 'its number', whole)
    .option('--reason <text>', 'why; kept in the log')
    .action((ruleId: number, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).disableRule(session, ruleId, command.opts())),
    );

  rules
    .command('enable')
    .description('let a rule that was disabled attribute charges again')
    .argument('<rule>', 'its number', whole)
    .action((ruleId: number, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).enableRule(session, ruleId)),
    );

  withScope(
    withRuleOptions(
      rules.command('test').description('show what a rule would make of the charges of open periods: a new one, or a saved one as changed'),
    ),
  )
    .argument('[rule]', 'its number; left out: a new one', whole)
    .addOption(new Option('--place <number>', 'where it would stand').argParser(whole))
    .action((ruleId: number | undefined, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).testRule(session, ruleId ?? null, command.opts())),
    );

  withScope(rules.command('apply').description('reattribute the charges of open periods that a rule attributes otherwise'))
    .argument('<rule>', 'its number', whole)
    .option('--note <text>', 'kept in the review log, behind the name of the rule')
    .option('--dry-run', 'say what would change, and change nothing')
    .action((ruleId: number, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await load()).applyRule(session, ruleId, command.opts())),
    );
}

function withRuleOptions(command: Command): Command {
  return command
    .option('--name <text>', 'by which people know it')
    .option('--source <text>', 'matches the source; * stands for any characters, here and below')
    .option('--sub-account <text>', 'matches SubAccountId')
    .option('--service <text>', 'matches the service')
    .option('--resource-id <text>', 'matches ResourceId')
    .option('--resource-name <text>', 'matches ResourceName')
    .addOption(new Option('--valid-from <day>', 'first day of charges; an empty text: open').argParser(dayOrNone))
    .addOption(new Option('--valid-to <day>', 'last day of charges, included; an empty text: open').argParser(dayOrNone))
    .option('--pi <email>', 'sets the PI')
    .option('--project <text>', 'sets the project')
    .option('--fund-org <text>', 'sets the fund/org')
    .option('--cost-center <text>', 'sets the cost centre')
    .option('--account <text>', 'sets the account')
    .addOption(new Option('--part <part>', `divides each charge: ${PART_HELP}`).argParser(partArgument))
    .option('--no-parts', 'divides charges no longer')
    .option('--remark <text>', 'why there is the rule')
    .addHelpText('after', RULE_EXAMPLE);
}

const RULE_EXAMPLE = `
Example, a node that two labs share:
  --resource-id node-7 --part "60% fund_org=MATH-200" --part "rest pi=bob@x.edu project=wheel fund_org=BIO-1"
What a part leaves out is paid by whom --pi, --project, … name, or else the tags.`;

function withScope(command: Command): Command {
  return command
    .addOption(periodOption('an open one (default: all open ones)'))
    .option('--with-reattributed', 'also charges for which a decision set who pays');
}

export interface RuleOrVersion {
  readonly ruleId: number;
  readonly version: number | null;
}

function ruleOrVersion(text: string): RuleOrVersion {
  const match = /^R?(\d{1,9})(?:\.(\d{1,9}))?$/i.exec(text.trim());
  if (match === null) throw new InvalidArgumentError('Write a number such as 3, or a version such as R3.2.');
  return { ruleId: Number(match[1]), version: match[2] === undefined ? null : Number(match[2]) };
}

function whole(text: string): number {
  const match = /^R?(\d{1,9})$/i.exec(text.trim());
  if (match === null || Number(match[1]) < 1) throw new InvalidArgumentError('Write a whole number from 1.');
  return Number(match[1]);
}

function dayOrNone(text: string): string {
  const day = text.trim();
  if (day !== '' && !DAY.test(day)) throw new InvalidArgumentError('Write a day as 2025-07-31.');
  return day;
}
