import type { Type } from '@nestjs/common';
import { StatementNotRendered, StatementRenderer } from '../infra/statement-renderer.js';

interface Running {
  get<Provider>(type: Type<Provider>): Provider;
}

/**
 * Makes the statements of a project fail as those do whose content can't be drawn; all others are drawn as ever.
 * @returns what makes them drawable again
 */
export function undrawable(program: Running, projectId: string): () => void {
  return beforeDrawing(program, projectId, () =>
    Promise.reject(new StatementNotRendered(`${projectId} has something that can't be drawn`)),
  );
}

/**
 * Holds the statements of a project up before they are drawn; all others are drawn as ever.
 * @returns what lets them go on
 */
export function heldUp(program: Running, projectId: string): () => void {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const restore = beforeDrawing(program, projectId, () => released);
  return () => {
    release();
    restore();
  };
}

function beforeDrawing(program: Running, projectId: string, step: () => Promise<void>): () => void {
  const renderer = program.get(StatementRenderer);
  const draw = renderer.stream.bind(renderer);
  renderer.stream = async function* (document) {
    if (document.projectId === projectId) await step();
    yield* draw(document);
  };
  return () => {
    renderer.stream = draw;
  };
}
