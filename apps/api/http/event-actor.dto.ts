import { Choice, Text } from './fields.js';

/** Who did something, as events name them. */
export class EventActor {
  @Choice(['user', 'key', 'cli', 'system'], 'ActorKind') kind!: 'user' | 'key' | 'cli' | 'system';
  @Text({ description: 'Email of a user, id of a key, login name of an operator, name of a process.' }) id!: string;
}
