import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** The number of an object in a PDF. */
export type ObjectId = number;

/** What a document is called and by whom; texts in any script. */
export interface PdfInfo {
  readonly title: string;
  readonly author: string;
  readonly subject: string;
  readonly madeAt: Date;
  /** BCP 47. */
  readonly language: string;
  /** Whatever tells this document from others with the same title; goes into its id. */
  readonly identity: string;
}

/** So many small objects are packed and compressed together. */
const PACKED_OBJECTS = 150;

const CREATOR = 'OpenChargeback';

export function reference(id: ObjectId): string {
  return `${id} 0 R`;
}

/** A text as PDF writes it: as it is if ASCII, else UTF-16. */
export function pdfText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `(${text.replaceAll(/[\\()]/g, '\\$&')})`;
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  return `<${utf16.toString('hex')}>`;
}

/**
 * Writes the objects of a PDF 1.7 one after another and forgets them: of a document of any length it holds what was not yet
 * {@link take}n, and where each object lies (ISO 32000-1 §7.5). Small objects go into compressed object streams.
 */
export class PdfWriter {
  private readonly pending: Uint8Array[] = [];
  private offset = 0;
  /** Of each object: 1 and where it begins, or 2, the stream that it is packed in and its place there. */
  private readonly places: number[] = [0, 0, 65_535];
  private packed: { readonly id: ObjectId; readonly body: string }[] = [];

  constructor() {
    this.write('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n');
  }

  /** A number for an object that is written later. */
  reserve(): ObjectId {
    this.places.push(0, 0, 0);
    return this.places.length / 3 - 1;
  }

  /** Adds a small object, such as a dictionary. */
  object(body: string, id: ObjectId = this.reserve()): ObjectId {
    this.packed.push({ id, body });
    if (this.packed.length >= PACKED_OBJECTS) this.flushPacked();
    return id;
  }

  /** Adds a stream with compressed content; `entries` are those of its dictionary besides length and filter. */
  stream(entries: string, content: string | Uint8Array, id: ObjectId = this.reserve()): ObjectId {
    return this.compressedStream(entries, compressed(content), id);
  }

  /** As {@link stream}, for content that went through {@link compressed} before. */
  compressedStream(entries: string, content: Uint8Array, id: ObjectId = this.reserve()): ObjectId {
    return this.rawStream(`${entries}/Filter/FlateDecode`, content, id);
  }

  /** Adds a stream whose content is in the form that `entries` say. */
  rawStream(entries: string, content: Uint8Array, id: ObjectId = this.reserve()): ObjectId {
    this.place(id, 1, this.offset, 0);
    this.write(`${id} 0 obj\n<<${entries}/Length ${content.length}>>\nstream\n`);
    this.append(content);
    this.write('\nendstream\nendobj\n');
    return id;
  }

  /** What was written since the last time. */
  take(): Uint8Array {
    return Buffer.concat(this.pending.splice(0));
  }

  /** Ends the document: metadata (PDF/UA-1, ISO 14289-1 §5), catalog with `entries`, and the table of all objects. */
  end(entries: string, info: PdfInfo): void {
    const metadata = this.rawStream('/Type/Metadata/Subtype/XML', Buffer.from(xmp(info), 'utf8'));
    const catalog = this.object(
      `<</Type/Catalog${entries}/Lang ${pdfText(info.language)}/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>/Metadata ${reference(metadata)}>>`,
    );
    const made = pdfDate(info.madeAt);
    const infoId = this.object(
      `<</Title ${pdfText(info.title)}/Author ${pdfText(info.author)}/Subject ${pdfText(info.subject)}/Creator (${CREATOR})/Producer (${CREATOR})/CreationDate ${made}/ModDate ${made}>>`,
    );
    this.flushPacked();
    this.writeTable(catalog, infoId, info);
  }

  private writeTable(catalog: ObjectId, infoId: ObjectId, info: PdfInfo): void {
    const id = this.reserve();
    const start = this.offset;
    this.place(id, 1, start, 0);
    const count = this.places.length / 3;
    const table = Buffer.alloc(count * 7);
    for (let object = 0; object < count; object++) {
      table.writeUInt8(this.places[object * 3] ?? 0, object * 7);
      table.writeUInt32BE(this.places[object * 3 + 1] ?? 0, object * 7 + 1);
      table.writeUInt16BE(this.places[object * 3 + 2] ?? 0, object * 7 + 5);
    }
    const hash = createHash('sha256').update(JSON.stringify(info)).digest('hex').slice(0, 32);
    this.stream(`/Type/XRef/Size ${count}/W[1 4 2]/Root ${reference(catalog)}/Info ${reference(infoId)}/ID[<${hash}><${hash}>]`, table, id);
    this.write(`startxref\n${start}\n%%EOF\n`);
  }

  private flushPacked(): void {
    const packed = this.packed;
    if (packed.length === 0) return;
    this.packed = [];
    const stream = this.reserve();
    let index = '';
    let bodies = '';
    packed.forEach(({ id, body }, place) => {
      index += `${id} ${bodies.length} `;
      bodies += `${body}\n`;
      this.place(id, 2, stream, place);
    });
    this.stream(`/Type/ObjStm/N ${packed.length}/First ${index.length}`, index + bodies, stream);
  }

  private place(id: ObjectId, kind: 1 | 2, where: number, index: number): void {
    this.places[id * 3] = kind;
    this.places[id * 3 + 1] = where;
    this.places[id * 3 + 2] = index;
  }

  /** Characters up to U+00FF, each a byte. */
  private write(text: string): void {
    this.append(Buffer.from(text, 'latin1'));
  }

  private append(bytes: Uint8Array): void {
    this.pending.push(bytes);
    this.offset += bytes.length;
  }
}

/** Content as {@link PdfWriter.compressedStream} takes it, to be kept for several documents. */
export function compressed(content: string | Uint8Array): Uint8Array {
  return deflateSync(typeof content === 'string' ? Buffer.from(content, 'latin1') : content);
}

function pdfDate(date: Date): string {
  return `(D:${date.toISOString().replaceAll(/[-:T]|\.\d+Z$/g, '')}Z)`;
}

/** The part of XMP (ISO 16684-1) that PDF/UA-1 asks for. */
function xmp({ title, author, subject, madeAt, language }: PdfInfo): string {
  const made = madeAt.toISOString().replace(/\.\d+Z$/, 'Z');
  const words = (text: string): string => `<rdf:Alt><rdf:li xml:lang="x-default">${xmlText(text)}</rdf:li></rdf:Alt>`;
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format><dc:title>${words(title)}</dc:title><dc:description>${words(subject)}</dc:description><dc:creator><rdf:Seq><rdf:li>${xmlText(author)}</rdf:li></rdf:Seq></dc:creator><dc:language><rdf:Bag><rdf:li>${xmlText(language)}</rdf:li></rdf:Bag></dc:language></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><xmp:CreateDate>${made}</xmp:CreateDate><xmp:ModifyDate>${made}</xmp:ModifyDate><xmp:CreatorTool>${CREATOR}</xmp:CreatorTool><pdf:Producer>${CREATOR}</pdf:Producer></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`;
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
