import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as glue from 'minijinja-js/dist/bundler/minijinja_js_bg.js';

/** Most memory the template engine may take; WebAssembly refuses to grow beyond it instead of filling the machine. */
const MEMORY_LIMIT_MIB = 256;
/** WebAssembly memory never shrinks, so an instance that grew beyond this is replaced after use. */
const MEMORY_KEPT_MIB = 64;
const PAGES_PER_MIB = 16;

/**
 * Most memory of JavaScript that one value may take which the engine hands to a function of ours. A list that holds itself twice, forty times over,
 * is small in the engine and endless outside.
 */
const HANDED_OVER_LIMIT_BYTES = 256 * 1024 * 1024;
/** About what an item of a list or an entry of a map takes. */
const ITEM_BYTES = 64;
const MAKES_AN_ITEM = /^__wbg_(?:new|set)_(?!wasm)/;
const MAKES_A_TEXT = '__wbindgen_string_new';

const MEMORY_SECTION = 5;
const WASM_HEADER_BYTES = 8;

let compiled: WebAssembly.Module | undefined;
let memory: WebAssembly.Memory | undefined;
let handedOverBytes = 0;

/** The engine broke down: out of memory, out of stack, or a fault of its own. The next call gets a fresh one. */
export class EngineBrokenError extends Error {}

/** A function of ours was called: what the engine handed over for it is complete. */
export function nextCall(): void {
  handedOverBytes = 0;
}

/**
 * Runs `use` with a fresh template environment. Whatever breaks the engine inside (memory used up, endless recursion)
 * costs only this call: the WebAssembly instance is thrown away and the next call gets another.
 * @throws EngineBrokenError in that case; errors that the engine reports itself pass through as they are.
 */
export function withEnvironment<T>(use: (environment: glue.Environment) => T): T {
  const running = memory ?? start();
  const environment = new glue.Environment();
  let result: T;
  nextCall();
  try {
    result = use(environment);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError || error instanceof TypeError) {
      environment.__destroy_into_raw();
      stop(running);
      throw new EngineBrokenError(error.message, { cause: error });
    }
    environment.free();
    throw error;
  }
  environment.free();
  if (running.buffer.byteLength > MEMORY_KEPT_MIB * 1024 * 1024) stop(running);
  return result;
}

function start(): WebAssembly.Memory {
  compiled ??= new WebAssembly.Module(withMemoryLimit(readEngine(), MEMORY_LIMIT_MIB * PAGES_PER_MIB));
  const instance = new WebAssembly.Instance(compiled, { './minijinja_js_bg.js': boundedGlue() });
  const exported = instance.exports['memory'];
  if (!(exported instanceof WebAssembly.Memory)) throw new Error('minijinja-js exports no memory; is its version the one in package.json?');
  glue.__wbg_set_wasm(instance.exports);
  memory = exported;
  return exported;
}

/** The glue makes values of JavaScript one call at a time; too many throw through the engine, which breaks that instance. */
function boundedGlue(): Record<string, unknown> {
  const bounded = ([name, work]: [string, unknown]): [string, unknown] => {
    if (typeof work !== 'function' || !(MAKES_AN_ITEM.test(name) || name === MAKES_A_TEXT)) return [name, work];
    const make = work as (...args: readonly number[]) => unknown;
    return [
      name,
      (first: number, second: number, third: number): unknown => {
        handedOverBytes += ITEM_BYTES + (name === MAKES_A_TEXT ? second : 0);
        if (handedOverBytes > HANDED_OVER_LIMIT_BYTES) throw new RangeError('a value is too large to be handed over');
        return make(first, second, third);
      },
    ];
  };
  return Object.fromEntries(Object.entries(glue).map(bounded));
}

function stop(running: WebAssembly.Memory): void {
  // The glue caches views of the memory and renews them only when the buffer below was detached; growing by nothing detaches it.
  running.grow(0);
  memory = undefined;
}

function readEngine(): Uint8Array {
  return readFileSync(createRequire(import.meta.url).resolve('minijinja-js/dist/bundler/minijinja_js_bg.wasm'));
}

/**
 * The module with a maximum in its memory section, which the published build leaves open (4 GiB).
 * Layout: WebAssembly core specification §5.5.8 (memory section) and §5.2.2 (LEB128).
 */
function withMemoryLimit(module: Uint8Array, maximumPages: number): Uint8Array<ArrayBuffer> {
  let at = WASM_HEADER_BYTES;
  while (at < module.length) {
    const sectionStart = at;
    const id = module[at];
    const size = readLeb(module, at + 1);
    const bodyEnd = size.next + size.value;
    if (id === MEMORY_SECTION) {
      const count = readLeb(module, size.next);
      const minimum = readLeb(module, count.next + 1);
      if (count.value !== 1) break;
      const body = [...writeLeb(1), 1, ...writeLeb(minimum.value), ...writeLeb(maximumPages)];
      const section = [MEMORY_SECTION, ...writeLeb(body.length), ...body];
      return Uint8Array.from(Buffer.concat([module.subarray(0, sectionStart), Uint8Array.from(section), module.subarray(bodyEnd)]));
    }
    at = bodyEnd;
  }
  throw new Error('minijinja-js has no memory section of its own; is its version the one in package.json?');
}

function readLeb(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  let shift = 0;
  let next = start;
  for (;;) {
    const byte = bytes[next] ?? 0;
    next += 1;
    value += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (byte < 0x80) return { value, next };
  }
}

function writeLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}
