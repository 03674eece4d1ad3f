import { type ReactElement, useLayoutEffect, useMemo, useRef, useState } from 'react';
import classes from './templates.module.css';

/** Of the style sheet. */
const LINE_HEIGHT_PX = 20;
const PADDING_PX = 10;

interface TemplateEditorProps {
  readonly label: string;
  readonly text: string;
  /** Null: it is only read. */
  readonly onChange: ((text: string) => void) | null;
  /** The line that fails, from 1, and why. */
  readonly problem: { readonly line: number; readonly reason: string } | null;
}

/** A text with the numbers of its lines. The tabulator key goes on to the next control, as everywhere. */
export function TemplateEditor({ label, text, onChange, problem }: TemplateEditorProps): ReactElement {
  const input = useRef<HTMLTextAreaElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const numbers = useMemo(() => Array.from({ length: text.split('\n').length }, (_, index) => index + 1).join('\n'), [text]);
  // A shorter text scrolls back by itself, and tells nobody.
  useLayoutEffect(() => setScrolled(input.current?.scrollTop ?? 0), [text]);
  const bandTop = problem === null ? 0 : PADDING_PX + (problem.line - 1) * LINE_HEIGHT_PX - scrolled;
  return (
    <div className={classes['editor']}>
      {problem !== null && <div className={classes['band']} style={{ top: bandTop }} title={problem.reason} data-line={problem.line} />}
      <div className={classes['gutter']} aria-hidden>
        <pre style={{ transform: `translateY(${-scrolled}px)` }}>{numbers}</pre>
      </div>
      <textarea
        ref={input}
        className={classes['input']}
        aria-label={label}
        aria-invalid={problem !== null}
        aria-readonly={onChange === null}
        readOnly={onChange === null}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        wrap="off"
        value={text}
        onChange={(event) => onChange?.(event.currentTarget.value)}
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
      />
    </div>
  );
}
