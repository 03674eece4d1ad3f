import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

const BUILT_CONSOLE = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../dist/apps/console' : '../console', import.meta.url));
const NOT_BUILT = 'The console has not been built. Run: npm run build:console\nThe API is at /api/v1, its description at /api/docs.\n';

/** Serves the built console: its files, and its page for every address that is the console's own to interpret. */
export function serveConsole(app: NestExpressApplication): void {
  app.useStaticAssets(BUILT_CONSOLE, {
    index: false,
    setHeaders: (response: Response, path: string) => {
      // Names in assets/ hold a digest of the content; everything else is asked for again.
      const kept = path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      response.setHeader('Cache-Control', kept);
    },
  });
  app.use((request: Request, response: Response, next: NextFunction) => {
    const isPage = ['GET', 'HEAD'].includes(request.method) && !/^\/(api|metrics)(\/|$)/.test(request.path) && extname(request.path) === '';
    if (!isPage) {
      next();
      return;
    }
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: BUILT_CONSOLE }, (error?: Error) => {
      if (error !== undefined && !response.headersSent) response.status(404).type('text/plain').send(NOT_BUILT);
    });
  });
}
