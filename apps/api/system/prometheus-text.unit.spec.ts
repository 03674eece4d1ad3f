import { expect, it } from 'vitest';
import { prometheusText } from './prometheus-text.js';

it('writes metrics with help, type and labels, one line per value', () => {
  const text = prometheusText([
    { name: 'jobs', help: 'Jobs by state', type: 'gauge', samples: [{ labels: { queue: 'imports', state: 'waiting' }, value: 3 }] },
    { name: 'up_seconds_total', help: 'Time', type: 'counter', samples: [{ value: 0.25 }] },
  ]);
  expect(text).toBe(
    '# HELP jobs Jobs by state\n# TYPE jobs gauge\njobs{queue="imports",state="waiting"} 3\n' +
      '# HELP up_seconds_total Time\n# TYPE up_seconds_total counter\nup_seconds_total 0.25\n',
  );
});

it('escapes what would end a label or a line', () => {
  const text = prometheusText([
    { name: 'm', help: 'a\nb\\', type: 'gauge', samples: [{ labels: { l: 'say "x"\\\n' }, value: Number.NaN }] },
  ]);
  expect(text).toBe('# HELP m a\\nb\\\\\n# TYPE m gauge\nm{l="say \\"x\\"\\\\\\n"} NaN\n');
});

it('names infinities as Prometheus does, and keeps a metric without values', () => {
  const value = (number: number): string => prometheusText([{ name: 'm', help: '', type: 'gauge', samples: [{ value: number }] }]);
  expect([value(Infinity), value(-Infinity)].map((text) => text.split('\n')[2])).toEqual(['m +Inf', 'm -Inf']);
  expect(prometheusText([{ name: 'm', help: 'none', type: 'gauge', samples: [] }])).toBe('# HELP m none\n# TYPE m gauge\n');
});
