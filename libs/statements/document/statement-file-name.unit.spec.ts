import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billingPeriod, foldIdentifier } from '#kernel';
import { type StatementIdentity, statementFileName } from './statement-file-name.js';

const identity = (piEmail: string, projectId: string, revision = 1): StatementIdentity => ({
  period: billingPeriod('2025-01'),
  piEmail,
  projectId,
  revision,
});

describe('statementFileName', () => {
  it('spells out period, whole address, project and revision where they can stand in a name', () => {
    expect(statementFileName(identity('Ada.Lovelace@Example.edu', 'genome_atlas-2', 3))).toBe(
      'statement_2025-01_ada.lovelace@example.edu_genome_atlas-2_r3.pdf',
    );
  });

  it.each([
    ['a path', '../../etc/passwd'],
    ['500 characters', 'x'.repeat(500)],
    ['emoji', '🚀 Łódź'],
    ['a header', 'p"\r\nBcc: everyone@example.edu'],
    ['a lone surrogate', '\ud800'],
    ['nothing', ''],
    ['a device', 'CON '],
  ])('keeps the name harmless when the project is %s', (_, projectId) => {
    expect(statementFileName(identity('ada@example.edu', projectId))).toMatch(
      /^statement_2025-01_ada@example\.edu_[a-z0-9]([a-z0-9@._+-]{0,58}[a-z0-9@+])?~[0-9a-f]{12}_r1\.pdf$/,
    );
  });

  it('tells apart what would read alike', () => {
    const names = [
      identity('ada@example.edu', 'p/1'),
      identity('ada@example.edu', 'p:1'),
      identity('ada@example.edu', 'p-1'),
      identity('ada@example.edu', 'P-1'),
      identity('ada@example.edu', '1', 2),
      identity('ada@example.edu', '1', 1),
      identity('ada@example.edu_p', '1'),
      identity('ada@example.edu', 'p_1'),
      identity('ada@example.org', 'p_1'),
    ].map(statementFileName);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });

  it('gives each PI, project and revision a name of its own, for any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: fc.constantFrom('a', 'B', '_', '@', '.', '~', '-', '1', 'r'), maxLength: 8 }),
    );
    fc.assert(
      fc.property(text, text, text, text, (pi, project, otherPi, otherProject) => {
        const name = statementFileName(identity(pi, project));
        expect(name).toMatch(/^[a-zA-Z0-9@._+~-]{1,200}$/);
        const same = foldIdentifier(pi) === foldIdentifier(otherPi) && project === otherProject;
        expect(statementFileName(identity(otherPi, otherProject)) === name).toBe(same);
      }),
      { numRuns: 500 },
    );
  });
});
