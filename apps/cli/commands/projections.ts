import { type ProjectionState, ProjectionRunner } from '#event-store';
import { grouped, table } from '../output/table.js';
import type { CommandResult, Session } from '../session.js';

/** `projections list`. */
export async function listProjections(session: Session): Promise<CommandResult> {
  const states = await (await session.program()).get(ProjectionRunner).states();
  const rows = states.map((state) => [
    state.name,
    String(state.version),
    grouped(String(state.position)),
    grouped(String(state.lag)),
    standing(state),
  ]);
  const columns = [
    { title: 'NAME' },
    ...['VERSION', 'POSITION', 'EVENTS BEHIND'].map((title) => ({ title, align: 'right' as const })),
    { title: '' },
  ];
  return { data: { projections: states }, text: table(columns, rows) };
}

/** `projections rebuild [NAME]`. */
export async function rebuildProjections(session: Session, name: string | undefined): Promise<CommandResult> {
  const runner = (await session.program()).get(ProjectionRunner);
  const names = name === undefined ? runner.names : [name];
  session.ifInterrupted('The read models in use are as they were.');
  for (const one of names) {
    const progress = await session.progress(`Rebuilding ${one}`);
    try {
      await runner.rebuild(one, (seen, known) => {
        progress.update(seen / known, `${grouped(String(seen))} of ${grouped(String(known))} events`);
      });
    } finally {
      progress.end();
    }
  }
  return { data: { rebuilt: names }, text: `Rebuilt from the log: ${names.join(', ')}.` };
}

function standing({ lag, rebuilding }: ProjectionState): string {
  if (rebuilding !== null) return `version ${rebuilding.version} is being built, ${grouped(String(rebuilding.lag))} events to go`;
  return lag === 0 ? 'up to date' : 'behind';
}
