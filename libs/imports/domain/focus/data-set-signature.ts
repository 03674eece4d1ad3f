/** A file that is recognised as something else than FOCUS Cost and Usage: what it is, and what to do instead. */
export interface ForeignDataSet {
  readonly what: string;
  readonly remedy: string;
}

/** What a data set is known by. */
export interface DataSetSignature extends ForeignDataSet {
  /** Recognised if the header has at least `least` of these, compared without case, blanks, dots, dashes and underscores. */
  readonly columns: readonly string[];
  readonly least: number;
  /** Recognised by columns that begin like this, too; compared without case. */
  readonly prefixes?: readonly string[];
  /** Recognised, too, by a first line of one or two cells, if its first is one of these: some files have a page of text above their header. */
  readonly opensWith?: readonly string[];
}

/** @param foldedNames the header's names in its order, folded as `foldColumnName` does. */
export function isMetBy(signature: DataSetSignature, foldedNames: ReadonlySet<string>): boolean {
  const names = new Set([...foldedNames].map((name) => name.replace(/[\s._-]/g, '')));
  if (signature.columns.length > 0 && signature.columns.filter((name) => names.has(name)).length >= signature.least) return true;
  const [first = ''] = foldedNames;
  if (foldedNames.size <= 2 && signature.opensWith?.includes(first) === true) return true;
  return (signature.prefixes ?? []).some((prefix) => [...foldedNames].some((name) => name.startsWith(prefix)));
}
