/** The part of minijinja-js's glue module that carries no types of its own. */
declare module 'minijinja-js/dist/bundler/minijinja_js_bg.js' {
  export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
  export class Environment {
    free(): void;
    /** Lets go of the environment without touching the engine's memory; for when that memory is gone. */
    __destroy_into_raw(): number;
    addTemplate(name: string, source: string): void;
    renderTemplate(name: string, context: unknown): string;
    addFilter(name: string, filter: (...args: never[]) => unknown): void;
    addTest(name: string, test: (...args: never[]) => unknown): void;
    addGlobal(name: string, value: unknown): void;
    removeGlobal(name: string): void;
    enablePyCompat(): void;
    trimBlocks: boolean;
    lstripBlocks: boolean;
    keepTrailingNewline: boolean;
    fuel: number | undefined;
  }
}
