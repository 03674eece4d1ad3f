import type { AmountsWording, MessageWording } from './message-wording.js';

const LABEL_WIDTH = 16;

/** The message for readers of plain text: one block per project, because a wide table breaks where lines are folded. */
export function messageText(wording: MessageWording): string {
  const blocks = [
    wording.greeting,
    wording.opening,
    ...wording.projects.map((project) =>
      [project.projectId, row('Fund/org', project.fundOrgs), ...amountRows(project.amounts, wording.discounted)].join('\n'),
    ),
  ];
  if (wording.projects.length > 1) blocks.push(['Total', ...amountRows(wording.total, wording.discounted)].join('\n'));
  if (wording.savings !== null) blocks.push(wording.savings);
  const files = wording.projects.map(({ fileName, revision, link }) => `  ${fileName} (${revision})${link === null ? '' : `\n  ${link}`}`);
  blocks.push([wording.attached, ...files].join('\n'));
  blocks.push([wording.questions, ...wording.contactLines.map((line) => `  ${line}`)].join('\n'));
  blocks.push(wording.organization);
  return `${blocks.join('\n\n')}\n`;
}

function amountRows(amounts: AmountsWording, discounted: boolean): string[] {
  const due = row(amounts.dueLabel, amounts.due);
  return discounted ? [row('List price', amounts.list), row('Discount', amounts.discount), due] : [due];
}

function row(label: string, value: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${value}`;
}
