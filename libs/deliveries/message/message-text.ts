import type { AmountsWording, MessageWording } from './message-wording.js';

/** The column of labels is as wide as the longest, and at least this. */
const LEAST_LABEL_WIDTH = 16;

/** The message for readers of plain text: one block per project, because a wide table breaks where lines are folded. */
export function messageText(wording: MessageWording): string {
  const { labels, projects, total } = wording;
  const shown = [labels.fundOrg, labels.listPrice, labels.discount, total.dueLabel, ...projects.map(({ amounts }) => amounts.dueLabel)];
  const width = Math.max(LEAST_LABEL_WIDTH, ...shown.map((label) => label.length + 2));
  const row = (label: string, value: string): string => `  ${label.padEnd(width)}${value}`;
  const amountRows = (amounts: AmountsWording): string[] => {
    const due = row(amounts.dueLabel, amounts.due);
    return wording.discounted ? [row(labels.listPrice, amounts.list), row(labels.discount, amounts.discount), due] : [due];
  };
  const blocks = [
    wording.greeting,
    wording.opening,
    ...projects.map((project) => [project.projectId, row(labels.fundOrg, project.fundOrgs), ...amountRows(project.amounts)].join('\n')),
  ];
  if (projects.length > 1) blocks.push([labels.total, ...amountRows(total)].join('\n'));
  if (wording.savings !== null) blocks.push(wording.savings);
  const files = projects.map(({ fileName, revision, link }) => `  ${fileName} (${revision})${link === null ? '' : `\n  ${link}`}`);
  blocks.push([wording.attached, ...files].join('\n'));
  blocks.push([wording.questions, ...wording.contactLines.map((line) => `  ${line}`)].join('\n'));
  blocks.push(wording.organization);
  return `${blocks.join('\n\n')}\n`;
}
