import type { ReactElement } from 'react';

/** The mark of the program: a statement with its sum. */
export function BrandMark({ size = 28 }: { readonly size?: number }): ReactElement {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden style={{ flexShrink: 0 }}>
      <rect width="32" height="32" rx="8" fill="var(--mantine-color-lagoon-8)" />
      <path d="M9 11.5h14M9 16h14M9 20.5h8" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" opacity=".55" />
      <circle cx="22.5" cy="20.5" r="3.6" fill="#fff" />
    </svg>
  );
}
