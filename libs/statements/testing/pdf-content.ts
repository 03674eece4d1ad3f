/** One operator of a content stream with what stands before it. */
export interface Operation {
  readonly operator: string;
  readonly operands: readonly string[];
}

const TOKEN = /<<(?:[^<>]|<[0-9A-Fa-f]*>|<<[^<>]*>>)*>>|<[0-9A-Fa-f\s]*>|\((?:\\.|[^\\()])*\)|\[[^\]]*\]|\/[^\s/<>[\]()]*|[^\s/<>[\]()]+/gs;
const OPERAND = /^[</([\d+.-]/;

/** The operators of a content stream (ISO 32000-1 §7.8.2), without inline images. */
export function operationsOf(content: string): Operation[] {
  const operations: Operation[] = [];
  let operands: string[] = [];
  for (const [token] of content.matchAll(TOKEN)) {
    if (OPERAND.test(token)) {
      operands.push(token);
      continue;
    }
    operations.push({ operator: token, operands });
    operands = [];
  }
  return operations;
}
