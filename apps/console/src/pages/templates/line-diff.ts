/** A line of a comparison: in both texts, or in one of them. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
  /** From 1; null where that text has no such line. */
  readonly before: number | null;
  readonly after: number | null;
}

/** Above that, what lies between the first and the last difference is shown as one change: the search takes lines × lines steps. */
const MOST_STEPS = 4_000_000;

/** How one text became the other, line by line, with as few changes as possible. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [left, right] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < left.length - start && end < right.length - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  const between = changes(left.slice(start, left.length - end), right.slice(start, right.length - end));
  return numbered([...kinds('same', start), ...between, ...kinds('same', end)], left, right);
}

type Kind = DiffLine['kind'];

function kinds(kind: Kind, count: number): Kind[] {
  return Array.from({ length: count }, () => kind);
}

function numbered(steps: readonly Kind[], left: readonly string[], right: readonly string[]): DiffLine[] {
  let [before, after] = [0, 0];
  return steps.map((kind) => {
    if (kind !== 'added') before += 1;
    if (kind !== 'removed') after += 1;
    return {
      kind,
      text: (kind === 'added' ? right[after - 1] : left[before - 1]) ?? '',
      before: kind === 'added' ? null : before,
      after: kind === 'removed' ? null : after,
    };
  });
}

/** By the longest list of lines that both have in this order. */
function changes(left: readonly string[], right: readonly string[]): Kind[] {
  const width = right.length + 1;
  if ((left.length + 1) * width > MOST_STEPS) return [...kinds('removed', left.length), ...kinds('added', right.length)];
  const lengths = new Uint32Array((left.length + 1) * width);
  const common = (at: number, to: number): number => lengths[at * width + to] ?? 0;
  for (let at = left.length - 1; at >= 0; at--) {
    for (let to = right.length - 1; to >= 0; to--) {
      lengths[at * width + to] = left[at] === right[to] ? common(at + 1, to + 1) + 1 : Math.max(common(at + 1, to), common(at, to + 1));
    }
  }
  const steps: Kind[] = [];
  for (let at = 0, to = 0; at < left.length || to < right.length;) {
    const isSame = at < left.length && to < right.length && left[at] === right[to];
    const isRemoved = !isSame && at < left.length && (to === right.length || common(at + 1, to) >= common(at, to + 1));
    steps.push(isSame ? 'same' : isRemoved ? 'removed' : 'added');
    if (isSame || isRemoved) at += 1;
    if (!isRemoved) to += 1;
  }
  return steps;
}

/** Only what differs, with lines around it; null stands for lines that were left out. */
export function withContext(lines: readonly DiffLine[], around = 3): (DiffLine | null)[] {
  const near = lines.map((_, index) => lines.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== 'same'));
  return lines.flatMap((line, index) => {
    if (near[index] === true) return [line];
    return index === 0 || near[index - 1] === true ? [null] : [];
  });
}
