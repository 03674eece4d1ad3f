import type { AmountsWording, MessageWording, ProjectWording } from './message-wording.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const FONT = "font-family:'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;";
const INK = 'color:#1a2330;';
const MUTED = 'color:#586374;';
const AMOUNT = 'text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;';
const CELL = `${FONT}font-size:14px;line-height:20px;padding:10px 0 10px 12px;border-bottom:1px solid #dde2e9;vertical-align:top;`;
const FIRST = 'padding-left:0;text-align:left;';

/** Only for clients that know `prefers-color-scheme`; all others keep the inline colours on a white ground. */
const DARK_MODE = `
@media (prefers-color-scheme: dark) {
  .page, .sheet { background-color: #12161c !important; }
  .ink { color: #eef1f5 !important; }
  .muted { color: #a8b2c0 !important; }
  .accent { color: #8fb8f2 !important; }
  .card { background-color: #1d2530 !important; }
  .line { border-color: #343e4b !important; }
}
@media (max-width: 520px) {
  .wide { display: none !important; }
  .inner { padding-left: 20px !important; padding-right: 20px !important; }
}`;

/**
 * The message as HTML: tables and inline styles, which are all that Outlook's word processor understands; classes only add the dark
 * scheme and the small screen. Everything that isn't written here is escaped.
 */
export function messageHtml(wording: MessageWording): string {
  const { total } = wording;
  const e = escapeHtml;
  return `<!DOCTYPE html>
<html lang="${e(wording.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${e(wording.organization)}: ${e(wording.period)}</title>
<style>:root { color-scheme: light dark; supported-color-schemes: light dark; }${DARK_MODE}</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#f3f6fa;">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all;">${e(total.dueLabel)} ${e(total.due)}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f3f6fa" style="background-color:#f3f6fa;">
<tr><td align="center" style="padding:24px 12px;">
<table role="presentation" class="sheet" width="640" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="width:100%;max-width:640px;background-color:#ffffff;border-top:4px solid #1d4f91;">
<tr><td class="inner" style="padding:28px 36px 32px 36px;">
${paragraph(e(wording.organization), `font-size:13px;line-height:18px;font-weight:600;${MUTED}padding-bottom:18px;`, 'muted')}
<h1 class="ink" style="margin:0 0 18px 0;${FONT}font-size:24px;line-height:30px;font-weight:600;${INK}">${e(wording.heading)}</h1>
${paragraph(e(wording.greeting), `font-size:15px;line-height:22px;${INK}padding-bottom:4px;`, 'ink')}
${paragraph(e(wording.opening), `font-size:15px;line-height:22px;${INK}padding-bottom:20px;`, 'ink')}
${totalCard(wording)}
${projectTable(wording)}
${paragraph(e(wording.attached), `font-size:14px;line-height:20px;${INK}padding-top:22px;`, 'ink')}
${wording.projects.map((project) => paragraph(fileLine(project), `font-size:13px;line-height:20px;${MUTED}word-break:break-all;`, 'muted')).join('\n')}
${paragraph(e(wording.questions), `font-size:14px;line-height:20px;${INK}padding-top:18px;`, 'ink')}
${wording.contactLines.map((line) => paragraph(e(line), `font-size:13px;line-height:20px;${MUTED}`, 'muted')).join('\n')}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

function fileLine({ fileName, revision, link }: ProjectWording): string {
  const name = escapeHtml(fileName);
  const shown = link === null ? name : `<a class="accent" href="${escapeHtml(link)}" style="color:#1d4f91;">${name}</a>`;
  return `${shown} (${escapeHtml(revision)})`;
}

/** `content` is HTML already. Padding instead of margins: Outlook adds its own to those. */
function paragraph(content: string, style: string, className: string): string {
  return `<div class="${className}" style="margin:0;${FONT}${style}">${content}</div>`;
}

function totalCard({ labels, total, discounted, savings }: MessageWording): string {
  const e = escapeHtml;
  const listLine = discounted
    ? `<div class="muted" style="${FONT}font-size:13px;line-height:20px;${MUTED}">${e(labels.listPrice)} <s>${e(total.list)}</s> &nbsp;·&nbsp; ${e(labels.discount)} ${e(total.discount)}</div>`
    : '';
  const savingsLine =
    savings === null
      ? ''
      : `<div class="accent" style="${FONT}font-size:13px;line-height:20px;color:#1d4f91;padding-top:4px;">${e(savings)}</div>`;
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td class="card" bgcolor="#f3f6fa" style="background-color:#f3f6fa;padding:16px 20px;border-radius:6px;">
<div class="ink" style="${FONT}font-size:13px;line-height:18px;font-weight:600;${INK}">${e(total.dueLabel)}</div>
<div class="accent" style="${FONT}font-size:30px;line-height:38px;font-weight:600;color:#1d4f91;">${e(total.due)}</div>
${listLine}${savingsLine}
</td></tr>
</table>`;
}

function projectTable(wording: MessageWording): string {
  const { discounted, labels, projects, total } = wording;
  const heading = (text: string, style: string, className = ''): string =>
    `<th scope="col" class="muted line ${className}" style="${CELL}font-size:12px;line-height:16px;font-weight:600;${MUTED}${style}">${escapeHtml(text)}</th>`;
  const headings = [
    heading(labels.project, FIRST),
    ...(discounted ? [heading(labels.listPrice, AMOUNT, 'wide'), heading(labels.discount, AMOUNT, 'wide')] : []),
    heading(labels.amount, AMOUNT),
  ];
  const rows = projects.map((project) => {
    const name = `${escapeHtml(project.projectId)}<br><span class="muted" style="font-size:12px;line-height:18px;${MUTED}">${escapeHtml(project.fundOrgs)}</span>`;
    return amountRow(name, project.amounts, discounted, 'font-weight:400;');
  });
  if (projects.length > 1) rows.push(amountRow(escapeHtml(labels.total), total, discounted, 'font-weight:600;'));
  return `<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;margin-top:20px;">
<thead><tr>${headings.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`;
}

/** `name` is HTML already. A credit keeps its label, because its amount is written without a sign. */
function amountRow(name: string, amounts: AmountsWording, discounted: boolean, weight: string): string {
  const cell = (text: string, className = ''): string =>
    `<td class="ink line ${className}" style="${CELL}${AMOUNT}${INK}${weight}">${text}</td>`;
  const due = escapeHtml(amounts.isCredit ? `${amounts.dueLabel} ${amounts.due}` : amounts.due);
  const cells = [...(discounted ? [cell(escapeHtml(amounts.list), 'wide'), cell(escapeHtml(amounts.discount), 'wide')] : []), cell(due)];
  return `<tr><td class="ink line" style="${CELL}${FIRST}${INK}${weight}word-break:break-word;">${name}</td>${cells.join('')}</tr>`;
}
