import 'reflect-metadata';
import type { JobCatalogue, JobName } from './job-catalogue.js';

const ON_JOB = Symbol('openchargeback:on-job');
const ON_EXHAUSTED = Symbol('openchargeback:on-exhausted');

/** What a handler gets besides its payload. */
export interface JobContext {
  /** Tells the queue how far the work is, for those who watch. */
  progress(progress: object): Promise<void>;
  /** 1 for the first run. */
  readonly attempt: number;
  /**
   * Aborted when the attempt is given up at its time limit. The next one may then run at the same time: whoever goes on must not write
   * or send anything that the next one writes or sends too.
   */
  readonly signal: AbortSignal;
}

type HandlerMethod<Name extends JobName> = (data: JobCatalogue[Name], context: JobContext) => Promise<unknown>;
type ExhaustedMethod<Name extends JobName> = (data: JobCatalogue[Name], error: unknown) => Promise<boolean>;

/** Marks the method that does a job. Exactly one method per job name, or the worker refuses to start. */
export function OnJob<Name extends JobName>(name: Name) {
  return <Method extends HandlerMethod<Name>>(target: object, _key: string | symbol, descriptor: TypedPropertyDescriptor<Method>): void => {
    remember(ON_JOB, name, target, descriptor);
  };
}

/**
 * Marks the method that may end a job whose attempts are used up with an outcome of its area ("the server refused the mail"). It answers
 * whether it did; false is a technical failure, which is recorded as `JobExhausted` like that of a job without such a method.
 */
export function OnJobExhausted<Name extends JobName>(name: Name) {
  return <Method extends ExhaustedMethod<Name>>(
    target: object,
    _key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    remember(ON_EXHAUSTED, name, target, descriptor);
  };
}

function remember(kind: symbol, name: JobName, target: object, descriptor: PropertyDescriptor): void {
  if (descriptor.value === undefined) return;
  const known = (Reflect.getOwnMetadata(kind, target.constructor) as [JobName, unknown][] | undefined) ?? [];
  Reflect.defineMetadata(kind, [...known, [name, descriptor.value]], target.constructor);
}

export type AnyHandler = (data: object, context: JobContext) => Promise<unknown>;
export type AnyExhausted = (data: object, error: unknown) => Promise<boolean>;

export function jobHandlersOf(instance: object): [JobName, AnyHandler][] {
  return methodsOf<AnyHandler>(ON_JOB, instance);
}

export function exhaustedHandlersOf(instance: object): [JobName, AnyExhausted][] {
  return methodsOf<AnyExhausted>(ON_EXHAUSTED, instance);
}

function methodsOf<Method extends (...parameters: never[]) => unknown>(kind: symbol, instance: object): [JobName, Method][] {
  const found = (Reflect.getMetadata(kind, instance.constructor) as [JobName, Method][] | undefined) ?? [];
  return found.map(([name, method]) => [name, method.bind(instance) as Method]);
}
