import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A value of a PDF as qpdf writes it in JSON: names begin with `/`, texts with `u:`, bytes with `b:`, references end in ` R`. */
export type PdfValue = string | number | boolean | null | PdfValue[] | PdfDictionary;
export interface PdfDictionary {
  [key: string]: PdfValue | undefined;
}

interface Written {
  readonly value?: PdfValue;
  readonly stream?: { readonly dict: PdfDictionary; readonly data: string };
}

/** The objects of a PDF, read by qpdf, which knows nothing of the program that wrote them. */
export class PdfObjects {
  private constructor(private readonly objects: Readonly<Record<string, Written>>) {}

  /** @throws if qpdf finds the file damaged, or is not there. */
  static read(pdf: Uint8Array): PdfObjects {
    const folder = mkdtempSync(join(tmpdir(), 'statement-'));
    try {
      const file = join(folder, 'statement.pdf');
      writeFileSync(file, pdf);
      const json = execFileSync('qpdf', ['--json', '--json-stream-data=inline', '--decode-level=generalized', file], {
        maxBuffer: 2 ** 30,
      });
      const { qpdf } = JSON.parse(json.toString('utf8')) as { qpdf: [unknown, Record<string, Written>] };
      return new PdfObjects(qpdf[1]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  get trailer(): PdfDictionary {
    return this.dictionary(this.objects['trailer']?.value ?? null);
  }

  get catalog(): PdfDictionary {
    return this.dictionary(this.trailer['/Root'] ?? null);
  }

  /** What a reference leads to; any other value as it is. */
  resolve(value: PdfValue | undefined): PdfValue {
    if (typeof value !== 'string' || !/^\d+ 0 R$/.test(value)) return value ?? null;
    const found = this.objects[`obj:${value}`];
    return found?.value ?? found?.stream?.dict ?? null;
  }

  dictionary(value: PdfValue | undefined): PdfDictionary {
    const found = this.resolve(value);
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? found : {};
  }

  array(value: PdfValue | undefined): PdfValue[] {
    const found = this.resolve(value);
    return Array.isArray(found) ? found : [];
  }

  /** The content of a stream, decompressed. */
  content(reference: PdfValue | undefined): Buffer {
    const data = this.objects[`obj:${typeof reference === 'string' ? reference : ''}`]?.stream?.data ?? '';
    return Buffer.from(data, 'base64');
  }

  /** The pages in order, each with its reference. */
  pages(): { readonly reference: string; readonly page: PdfDictionary }[] {
    const walk = (value: PdfValue | undefined): { reference: string; page: PdfDictionary }[] => {
      const node = this.dictionary(value);
      if (node['/Type'] === '/Page') return [{ reference: nameOf(value), page: node }];
      return this.array(node['/Kids']).flatMap(walk);
    };
    return walk(this.catalog['/Pages']);
  }
}

/** A name or reference as it is written; empty for anything else. */
export function nameOf(value: PdfValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A text as people read it. */
export function textOf(value: PdfValue | undefined): string {
  return typeof value === 'string' && value.startsWith('u:') ? value.slice(2) : '';
}
