/** The parts of a month, in order; a disturbance falls into one of them. */
export const PHASES = ['import', 'review', 'redelivery', 'rendering', 'sending', 'journals', 'finalize'] as const;
export type Phase = (typeof PHASES)[number];

/** Told when a phase begins. */
export type PhaseListener = (phase: Phase) => void;
