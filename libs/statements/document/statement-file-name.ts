import { createHash } from 'node:crypto';
import { type BillingPeriod, foldIdentifier } from '#kernel';

export interface StatementIdentity {
  readonly period: BillingPeriod;
  readonly piEmail: string;
  readonly projectId: string;
  readonly revision: number;
}

const MAX_PI = 80;
const MAX_PROJECT = 60;
/** Hexadecimal digits of the SHA-256 of what a name leaves out. */
const HASH_LENGTH = 12;

/**
 * The file name of a statement: `statement_2025-01_ada@example.edu_genome-atlas_r3.pdf`. One name for each (period, PI, project,
 * revision), also where upper and lower case are the same: whatever can't stand in a name on every file system and in a mail header is
 * left out, and then a hash of the whole tells the names apart. The PI is folded, because `A@x.edu` and `a@x.edu` are one (domain.md §12).
 */
export function statementFileName({ period, piEmail, projectId, revision }: StatementIdentity): string {
  const pi = foldIdentifier(piEmail);
  const piPart = slug(pi, MAX_PI);
  const projectPart = slug(projectId, MAX_PROJECT);
  // The first underscore after the @ ends the PI; one within the domain would move that border.
  const bordersClear = /^[^@]+@[^@_]+$/.test(piPart);
  const exact = piPart === pi && projectPart === projectId && bordersClear;
  // `~` stands in no slug, so no project can be named like another one's hash.
  const hash = exact
    ? ''
    : `~${createHash('sha256')
        .update(JSON.stringify([pi, projectId]))
        .digest('hex')
        .slice(0, HASH_LENGTH)}`;
  return `statement_${period}_${piPart}_${projectPart}${hash}_r${revision}.pdf`;
}

function slug(text: string, maxLength: number): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9@._+-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .slice(0, maxLength)
    .replace(/^[-._]+|[-._]+$/g, '');
  return plain === '' ? 'unnamed' : plain;
}
