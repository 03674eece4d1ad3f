/** One addressee, no header tricks: no blanks, controls, commas or angle brackets, a dot in the domain. Length after RFC 5321. */
const EMAIL_PATTERN = /^[^\s@<>,;:"()[\]\\\p{Cc}]{1,64}@[^\s@<>,;:"()[\]\\\p{Cc}.]+(\.[^\s@<>,;:"()[\]\\\p{Cc}.]+)+$/u;

export function isEmailAddress(text: string): boolean {
  return text.length <= 254 && EMAIL_PATTERN.test(text);
}

/** `A@x.edu ` and `a@x.edu` are one PI: trimmed, composed and case-folded (domain.md §12). */
export function foldIdentifier(text: string): string {
  return text.trim().normalize('NFC').toLowerCase();
}
