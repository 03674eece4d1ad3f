#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { processTerminal } from '../output/terminal.js';
import { reportError } from '../report-error.js';
import { type DemoOptions, runDemo } from './run-demo.js';

const terminal = processTerminal();
const command = new Command('demo')
  .description('Bills two sample months on a server of its own, and keeps its console up to look around.')
  .option('--once', 'end when both months are billed')
  .option('--json [file]', 'the figures as JSON, to a file or to standard output')
  .option('--keep <folder>', 'where everything is put and kept (default: instance/demo)')
  .option('--worker-separate', 'server and worker as two processes')
  .exitOverride();

try {
  command.parse();
  process.exitCode = await runDemo(command.opts<DemoOptions>(), terminal);
} catch (error) {
  process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : reportError(error, terminal, false);
}
