/** What `invoiceKey` makes of an id, in SQL. @param text SQL of the id as it was written */
export function invoiceKeySql(text: string): string {
  return `lower(normalize(btrim(${text}), NFC) collate "C")`;
}
