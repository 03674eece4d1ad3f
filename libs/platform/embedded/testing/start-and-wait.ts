import { startEmbeddedPostgres } from '#platform';

/** A process that starts the server, tells its owner's URL to its parent and then does nothing until it is killed. */
const [dataDir = '', settings = '{}'] = process.argv.slice(2);
const running = await startEmbeddedPostgres({
  dataDir,
  logger: { info: () => undefined, warn: () => undefined },
  settings: JSON.parse(settings) as Record<string, string>,
});
process.send?.(running.ownerUrl);
// Keeps this process until it is killed, and never longer than its parent.
process.once('disconnect', () => process.exit(1));
