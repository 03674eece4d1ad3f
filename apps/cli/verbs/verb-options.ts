import { InvalidArgumentError, Option } from 'commander';
import { Decimal } from '#kernel';

const PERIOD_PATTERN = /^(19|20|21)\d{2}-(0[1-9]|1[0-2])$/;

/** `-p, --period`; a wrong month is wrong usage. */
export function periodOption(description: string): Option {
  return new Option('-p, --period <YYYY-MM>', description).argParser(periodArgument);
}

/** Checks a period as it is written. The libs check it again; this one keeps the exit code of wrong usage. */
export function periodArgument(text: string): string {
  if (!PERIOD_PATTERN.test(text.trim())) throw new InvalidArgumentError('Write a month as 2025-01.');
  return text.trim();
}

/** Checks an exact decimal as it is written, with the exit code of wrong usage. */
export function amountArgument(text: string): string {
  const amount = Decimal.tryParse(text.trim());
  if (amount === undefined) throw new InvalidArgumentError('Write an amount as -12.5 or 1000.');
  return amount.toString();
}

/** A whole number from 0 on, with the exit code of wrong usage. */
export function countArgument(text: string): number {
  const count = Number(text.trim().replaceAll(',', ''));
  if (text.trim() === '' || !Number.isSafeInteger(count) || count < 0) throw new InvalidArgumentError('Write a whole number such as 120.');
  return count;
}

/** `-f, --format`; `standard` is another name of `detail`. */
export function journalFormatOption(): Option {
  return new Option('-f, --format <format>', 'journal format')
    .choices(['default', 'detail', 'standard', 'summary', 'gl', 'template'])
    .default('default');
}

/** `--template`; it makes the format `template` unless `-f` says otherwise, which is refused. */
export function journalTemplateOption(): Option {
  return new Option('--template <name>', 'a template journal by this one, such as kuali_collector.txt (default: journal.template)').implies(
    {
      format: 'template',
    },
  );
}
