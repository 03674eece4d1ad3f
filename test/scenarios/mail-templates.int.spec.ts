import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Mailroom } from '../support/mailroom.js';
import { SmtpSink } from '../support/smtp-sink.js';

/** Written as templates of the older program are: its names, its filters, a style sheet in the head. */
const OLDER = `<!DOCTYPE html>
<html>
<head>
    <style>
        body { font-family: 'Helvetica Neue', Arial; }
        .sum .total { color: #27ae60; }
        tr:nth-child(even) { background: #f8f9fa; }
        .amount { text-align: right; }
    </style>
</head>
<body>
    <h1>Charges - {{ period }}</h1>
    <div class="sum"><div class="total">\${{ "%.2f"|format(total_cost) }}</div>
    {% if total_discount > 0 %}
    <p>You saved \${{ "%.2f"|format(total_discount) }} of \${{ "%.2f"|format(total_list_cost) }} ({{ "%.0f"|format(discount_percent) }}%)</p>
    {% endif %}
    <p>{{ project_count }} project(s) of {{ pi_email }}</p></div>
    <table><tbody>
    {% for project_id, project in projects.items() %}
    <tr><td>{{ project_id }}</td><td>{{ project.fund_org or 'N/A' }}</td><td class="amount">\${{ "%.2f"|format(project.total_cost) }}</td></tr>
    {% endfor %}
    </tbody></table>
    <p>Write to {{ contact_email }}. {{ organization_name }}</p>
</body>
</html>
`;

describe('messages by templates of the office', () => {
  const before = process.cwd();
  let folder: string;
  let sink: SmtpSink;
  let room: Mailroom | undefined;

  beforeAll(async () => {
    // Templates lie in ./templates, as in the older program.
    folder = await mkdtemp(join(tmpdir(), 'office-'));
    await mkdir(join(folder, 'templates'));
    process.chdir(folder);
    sink = await SmtpSink.start();
  });
  afterEach(() => room?.stop());
  afterAll(async () => {
    process.chdir(before);
    await sink.stop();
    await rm(folder, { recursive: true });
  });

  const template = (name: string, text: string): Promise<void> => writeFile(join(folder, 'templates', name), text);
  const office = async (email: object): Promise<Mailroom> => {
    room = await Mailroom.start(sink.port, { email: { from_name: 'R&D Billing', reply_to: 'office@example.edu', ...email } });
    await room.statements([
      { pi: 'ada@example.edu', project: '<engine>' },
      { pi: 'ada@example.edu', project: 'loom' },
    ]);
    return room;
  };

  it('fills a template of the older program, escapes what comes from files, and brings its styles to the elements', async () => {
    await template('email_summary.html', OLDER);
    await template(
      'note.txt',
      '{% include "greeting.txt" %}\n\n{% for s in statements %}{{ s.project_id }}: {{ s.total_cost }}\n{% endfor %}',
    );
    await template('greeting.txt', 'Dear {{ pi_email }},');
    const { reviewer } = await office({ html_template: 'email_summary.html', text_template: 'note.txt' });
    const preview = await reviewer.get<{ html: string; text: string }>('/periods/2025-03/message-preview?piEmail=ada@example.edu');
    expect(preview.text).toBe('Dear ada@example.edu,\n<engine>: 12.50\nloom: 12.50\n');
    expect(preview.html).toContain('<div class="total" style="color:#27ae60">$25.00</div>');
    expect(preview.html).toContain('<td class="amount" style="text-align:right">$12.50</td>');
    expect(preview.html).toMatch(/<tr><td>&lt;engine&gt;<\/td>[^]*<tr style="background:#f8f9fa"><td>loom<\/td>/);
    expect(preview.html).toContain('2 project(s) of ada@example.edu');
    expect(preview.html).toContain('Write to office@example.edu. R&amp;D Billing');
    expect(preview.html).not.toContain('You saved');
    await room?.send();
    await room?.ended();
    const [mail] = await sink.parsed();
    expect(mail?.html?.trim()).toBe(preview.html.trim());
    expect(mail?.text?.trim()).toBe(preview.text.trim());
  });

  it('queues nothing while a template is wrong or missing, and says where', async () => {
    await template('broken.html', 'a\n{{ total_cost|nosuch }}\n');
    const { reviewer } = await office({ html_template: 'broken.html' });
    await expect(reviewer.post('/periods/2025-03/deliveries')).rejects.toMatchObject({
      status: 400,
      code: 'template.failed',
      message: expect.stringContaining('Template broken.html, line 2') as string,
    });
    await rm(join(folder, 'templates', 'broken.html'));
    await expect(reviewer.post('/periods/2025-03/deliveries')).rejects.toMatchObject({
      code: 'template.unknown',
      message: expect.stringContaining('Check email.html_template.') as string,
    });
    expect(await room?.log()).toEqual([]);
  });
});
