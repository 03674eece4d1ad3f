/**
 * Translates the data of an event from one schema version to the next. Events are never rewritten: those of an older program are read
 * through their upcasters, so that everything behind the log knows only the newest version of a type.
 */
export interface Upcaster {
  readonly type: string;
  /** Version it reads; it gives `from + 1`. */
  readonly from: number;
  /** Pure: may use nothing but the data. */
  upcast(data: object): object;
}

/** Which schema version of every event type is the newest, and how older ones become it. */
export class Upcasting {
  private readonly chains = new Map<string, Upcaster[]>();

  /** @throws Error if the upcasters of a type don't follow each other from version 1 without gap: a programming mistake that must not start. */
  constructor(upcasters: readonly Upcaster[] = []) {
    for (const upcaster of upcasters) {
      const chain = this.chains.get(upcaster.type) ?? [];
      if (upcaster.from !== chain.length + 1) {
        throw new Error(`the upcasters of ${upcaster.type} must follow each other: expected one from version ${chain.length + 1}`);
      }
      this.chains.set(upcaster.type, [...chain, upcaster]);
    }
  }

  currentVersion(type: string): number {
    return (this.chains.get(type)?.length ?? 0) + 1;
  }

  /** @throws Error for a version that only a newer program knows. */
  upcast(type: string, schemaVersion: number, data: object): object {
    const current = this.currentVersion(type);
    if (schemaVersion > current) {
      throw new Error(
        `the log holds ${type} in schema version ${schemaVersion}; this program knows versions up to ${current}: run the newer one`,
      );
    }
    if (schemaVersion === current) return data;
    return (this.chains.get(type) ?? []).slice(schemaVersion - 1).reduce((older, upcaster) => upcaster.upcast(older), data);
  }
}
